"""Long jobs: their kinds and states with labels, and what can be refused."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class JobKind(Enum):
    """What a long job does."""

    LIST_EXPORT = "list_export"
    UNITS_IMPORT = "units_import"
    ACCOUNTS_IMPORT = "accounts_import"
    AFFILIATIONS_IMPORT = "affiliations_import"
    HISTORY_IMPORT = "history_import"

    @property
    def label(self) -> Text:
        return _KINDS[self]

    @property
    def is_import(self) -> bool:
        return self is not JobKind.LIST_EXPORT


class JobState(Enum):
    """Where a long job stands; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Text:
        return _STATES[self]

    @property
    def is_over(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


# The step of a job that holds SQLite's one write lock: nobody can write how far it is, or a wish.
SILENT = Text(
    "进度在导入完成后更新，导入期间不能取消",
    "How far it is shows when it is done; until then it can't be cancelled",
)


class FileRole(Enum):
    """What a file of a job is: what was brought, or what came of it."""

    UPLOAD = "upload"
    RESULT = "result"


class TooManyJobs(DomainError):
    code = "too_many_jobs"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您已有 {most} 个后台任务没有完成。请等其中一个完成，或取消一个，再提交新的。",
        "{most} jobs of yours aren't finished. Wait for one of them, or cancel one, first.",
    )


class JobOver(DomainError):
    code = "job_over"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这个任务已经结束（{state}），不能再取消。",
        "This job is over ({state}) and can't be cancelled.",
    )


class JobFileGone(DomainError):
    code = "job_file_gone"
    kind = ErrorKind.CONFLICT
    text = Text(
        "文件已超过保留期或无法读取，请重新提交任务。",
        "The file is past its time or can't be read; please start the job again.",
    )


class NothingToImport(DomainError):
    code = "nothing_to_import"
    kind = ErrorKind.CONFLICT
    text = Text(
        "试运行的结果里没有要写入的行，不能正式导入。请按试运行给出的原因改好文件，再重新提交。",
        "The trial found no row to write, so there is nothing to import. Correct the file as the "
        "trial says, and hand it in again.",
    )


class JobAuthorityGone(DomainError):
    """Whoever asked may no longer do so: their job gives nothing."""

    code = "job_authority_gone"
    kind = ErrorKind.REFUSED
    text = Text(
        "提交任务时的身份或权限已经没有了，任务没有执行。",
        "The capacity or right this was asked for with is gone; nothing was done.",
    )


class JobBroken(DomainError):
    """Something of ours went wrong, or the worker died again and again."""

    code = "job_broken"
    text = Text(
        "系统出错，任务没有完成，没有留下任何改动。请再试一次；仍不成功，请联系平台技术支持。",
        "Something went wrong on our side; nothing was changed. Try again, and if it fails "
        "again, call the platform's desk.",
    )


_KINDS = {
    JobKind.LIST_EXPORT: Text("导出表格", "export of a list"),
    JobKind.UNITS_IMPORT: Text("导入单位", "import of units"),
    JobKind.ACCOUNTS_IMPORT: Text("导入原账号", "import of old accounts"),
    JobKind.AFFILIATIONS_IMPORT: Text("导入隶属关系", "import of affiliations"),
    JobKind.HISTORY_IMPORT: Text("导入历史业务数据", "import of business history"),
}

_STATES = {
    JobState.WAITING: Text("排队中", "waiting"),
    JobState.RUNNING: Text("进行中", "running"),
    JobState.DONE: Text("已完成", "done"),
    JobState.FAILED: Text("未完成", "failed"),
    JobState.CANCELLED: Text("已取消", "cancelled"),
}
