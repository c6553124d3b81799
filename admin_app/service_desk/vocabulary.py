"""The words of applying to a unit."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class ApplicationState(Enum):
    """Withdrawn by the applicant, declined by the unit: two endings, never merged."""

    FILED = "filed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        return _APPLICATION_LABELS[self]


_APPLICATION_LABELS = {
    ApplicationState.FILED: Text("待单位处理", "waiting for the unit"),
    ApplicationState.ACCEPTED: Text("已加入", "accepted"),
    ApplicationState.DECLINED: Text("未通过", "declined"),
    ApplicationState.WITHDRAWN: Text("已撤回", "withdrawn"),
}


class ReasonMissing(DomainError):
    code = "application_reason_missing"
    text = Text("请写明理由。", "Please give a reason.")


class AlreadyApplied(DomainError):
    code = "already_applied"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您已申请加入“{unit}”，请等待单位处理。",
        "You have already applied to “{unit}”; please wait for its answer.",
    )


class AlreadyMember(DomainError):
    code = "already_member"
    kind = ErrorKind.CONFLICT
    text = Text("您已经是“{unit}”的成员。", "You already belong to “{unit}”.")


class NotAUnitToJoin(DomainError):
    code = "not_a_unit_to_join"
    text = Text(
        "“{unit}”不能申请加入：它是主管部门，或已停用。",
        "“{unit}” can't be joined: it is a department, or no longer in use.",
    )


class ApplicationDecided(DomainError):
    code = "application_decided"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这份申请已经处理过了：{state}。", "This application has been dealt with already: {state}."
    )
