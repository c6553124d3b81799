"""The words of applying to a unit, and of what departments urge."""

from datetime import date
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


class Asked(Enum):
    """What a department asks of a unit."""

    GET_THROUGH = "get_through"  # its legal representative signs in and binds
    APPOINT = "appoint"  # its secondary units get administrators

    @property
    def label(self) -> Text:
        return _ASKED_LABELS[self]


_ASKED_LABELS = {
    Asked.GET_THROUGH: Text(
        "请法定代表人尽快登录并绑定本单位的原账号",
        "the legal representative is asked to sign in and bind the unit's old account",
    ),
    Asked.APPOINT: Text(
        "请尽快为二级单位指定管理员",
        "the unit is asked to appoint administrators for its secondary units",
    ),
}


def day_in_words(day: date) -> Text:
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day:%-d %b %Y}")


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


class AlreadyUrged(DomainError):
    code = "already_urged"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”已由{department}在{day}督办过，{again}起才能再次督办。",
        "“{unit}” was urged by {department} on {day}; it can be urged again from {again}.",
    )


class NothingToUrge(DomainError):
    code = "nothing_to_urge"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”没有这件要督办的事，可能刚刚办好了。",
        "There is nothing of the kind to urge “{unit}” about; it may have just been done.",
    )
