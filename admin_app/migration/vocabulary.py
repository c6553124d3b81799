"""The words of moving in: kinds of legacy accounts, where each stands, and how binding fails."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class AccountKind(Enum):
    """What a legacy account was. All but the last two never sign in again (R02, R03, R47, R49)."""

    PERSONAL = "personal"
    UNIT = "unit"
    UNIT_ADMINISTRATOR = "unit_administrator"
    SECONDARY_UNIT = "secondary_unit"
    DEPARTMENT = "department"
    MANAGER = "manager"

    @property
    def label(self) -> Text:
        return _KIND_LABELS[self]

    @property
    def lives_on(self) -> bool:
        """Departments and managers keep their user names and passwords (R19, R20)."""
        return self in (AccountKind.DEPARTMENT, AccountKind.MANAGER)

    @property
    def is_bound(self) -> bool:
        """Migrates by being bound; administrators' accounts are replaced by appointments."""
        return self in (AccountKind.PERSONAL, AccountKind.UNIT)


_KIND_LABELS = {
    AccountKind.PERSONAL: Text("原个人账号", "personal account"),
    AccountKind.UNIT: Text("原单位账号", "unit account"),
    AccountKind.UNIT_ADMINISTRATOR: Text("原单位管理员账号", "unit-administrator account"),
    AccountKind.SECONDARY_UNIT: Text("原二级单位账号", "secondary-unit account"),
    AccountKind.DEPARTMENT: Text("主管部门账号", "department account"),
    AccountKind.MANAGER: Text("管理者账号", "manager account"),
}


class AccountState(Enum):
    """Where a legacy account stands; every account is in exactly one."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    STUCK = "stuck"
    MIGRATED = "migrated"

    @property
    def label(self) -> Text:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    AccountState.NOT_STARTED: Text("未开始", "not started"),
    AccountState.IN_PROGRESS: Text("进行中", "in progress"),
    AccountState.STUCK: Text("卡住", "stuck"),
    AccountState.MIGRATED: Text("已迁移", "migrated"),
}


class RecordKind(Enum):
    """The kinds of business history."""

    PROJECT = "project"
    ACHIEVEMENT = "achievement"
    AWARD = "award"
    PAPER = "paper"
    PATENT = "patent"
    REVIEW = "review"
    OTHER = "other"

    @property
    def label(self) -> Text:
        return _RECORD_LABELS[self]


_RECORD_LABELS = {
    RecordKind.PROJECT: Text("科研项目", "projects"),
    RecordKind.ACHIEVEMENT: Text("科技成果", "achievements"),
    RecordKind.AWARD: Text("科技奖励", "awards"),
    RecordKind.PAPER: Text("论文著作", "papers"),
    RecordKind.PATENT: Text("专利", "patents"),
    RecordKind.REVIEW: Text("评审记录", "reviews"),
    RecordKind.OTHER: Text("其他业务", "other"),
}


class BindingEnding(Enum):
    """How a binding came to an end."""

    SUCCEEDED = "succeeded"  # another legal representative took over the unit's account
    UNDONE = "undone"  # by the service desk: it was wrong

    @property
    def label(self) -> Text:
        return _ENDING_LABELS[self]


_ENDING_LABELS = {
    BindingEnding.SUCCEEDED: Text("由新任法定代表人接续", "taken over by the new representative"),
    BindingEnding.UNDONE: Text("由服务台撤销", "undone by the service desk"),
}


class Proof(Enum):
    """What showed that a legacy account is somebody's."""

    OLD_PASSWORD = "old_password"  # noqa: S105 - a word, not a password
    PERSONAL_ACCOUNT = "personal_account"  # the representative's own account had been proven
    UNIT_PASSWORD = "unit_password"  # noqa: S105 - that of one of the representative's accounts
    SUCCESSION = "succession"
    DESK = "desk"

    @property
    def label(self) -> Text:
        return _PROOF_LABELS[self]


_PROOF_LABELS = {
    Proof.OLD_PASSWORD: Text("原密码", "the old password"),
    Proof.PERSONAL_ACCOUNT: Text("本人的个人账号已绑定", "one's own account had been bound"),
    Proof.UNIT_PASSWORD: Text("原单位账号密码", "a unit account's old password"),
    Proof.SUCCESSION: Text("接任法定代表人", "succeeding as legal representative"),
    Proof.DESK: Text("平台人工核实", "checked by the platform's staff"),
}


class NothingToBind(DomainError):
    code = "nothing_to_bind"
    kind = ErrorKind.CONFLICT
    text = Text(
        "现在没有可以由您绑定的原账号。请回到首页查看您目前的进度和下一步。",
        "There is no old account for you to bind just now. The start page says where you stand.",
    )


class OldPasswordWrong(DomainError):
    """R42."""

    code = "old_password_wrong"
    text = Text(
        "原密码不正确，还可以再试 {left} 次。请输入原科技云平台的密码，不是省平台的密码。",
        "The old password is not right; {left} tries are left. It is the science platform's old "
        "password, not the provincial portal's.",
    )


class BindingLocked(DomainError):
    code = "binding_locked"
    kind = ErrorKind.CONFLICT
    text = Text(
        "原密码输错次数过多，请在 {minutes} 分钟后再试；忘记了原密码，可以申请人工核实。",
        "Too many wrong passwords. Try again in {minutes} minutes; if you have forgotten it, ask "
        "for it to be checked by hand.",
    )


class OldPasswordGone(DomainError):
    """A binding was undone; its password had been destroyed, so only the desk can bind again."""

    code = "old_password_gone"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这个原账号的密码已经销毁，请联系平台人工核实后绑定。",
        "This account's old password no longer exists; the platform has to check and bind it.",
    )


class BoundToSomebodyElse(DomainError):
    """Two people for one account: the second gets a case."""

    code = "bound_to_somebody_else"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这个原账号刚刚已被他人绑定。已为您登记，平台会核实到底是谁的账号，请不要重复操作。",
        "This old account has just been bound by somebody else. We have opened a case and will "
        "find out whose it is.",
    )


class NotTheirAccount(DomainError):
    code = "not_their_account"
    kind = ErrorKind.CONFLICT
    text = Text(
        "原账号登记的证件号码或姓名与省平台不一致，不能直接绑定，请先更正。",
        "The old account's ID number or name isn't what the portal reports; correct that first.",
    )


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    kind = ErrorKind.CONFLICT
    text = Text(
        "原账号登记的信息与省平台已经一致，不需要更正。",
        "The old account says what the portal says already; there is nothing to correct.",
    )


class ConsentMissing(DomainError):
    code = "consent_missing"
    text = Text(
        "请先勾选同意使用您的证件号码核对原账号。",
        "Please agree first that your ID number is compared with the old account's.",
    )


class BindingOver(DomainError):
    code = "binding_over"
    kind = ErrorKind.CONFLICT
    text = Text("这项绑定已经结束。", "This binding has already ended.")


class NobodyFound(DomainError):
    """Not there, or outside the reader's reach; the two are never told apart."""

    code = "nobody_found"
    text = Text(
        "没有找到，或不在您的管理范围内。请核对姓名、证件号码、统一社会信用代码或原用户名。",
        "Nothing was found, or it lies outside what you look after. Please check the name, the "
        "number, the code or the user name.",
    )
