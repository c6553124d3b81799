"""The words of appointing, and every way an appointment can be refused."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class AppointmentState(Enum):
    """Where an appointment is in its life: pending → current → ended, or pending → void."""

    PENDING = "pending"  # waits for the person's first sign-in
    CURRENT = "current"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> Text:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    AppointmentState.PENDING: Text("待生效", "pending"),
    AppointmentState.CURRENT: Text("在任", "in office"),
    AppointmentState.ENDED: Text("已卸任", "ended"),
    AppointmentState.WITHDRAWN: Text("已撤回", "withdrawn"),
    AppointmentState.EXPIRED: Text("已过期", "expired"),
}


class Ending(Enum):
    """Why an office came to its end."""

    ENDED = "ended"
    REASSIGNED = "reassigned"
    RESIGNED = "resigned"
    LAPSED = "lapsed"  # verification fell below intermediate; comes back with it
    UNIT_ARCHIVED = "unit_archived"

    @property
    def label(self) -> Text:
        return _ENDING_LABELS[self]


_ENDING_LABELS = {
    Ending.ENDED: Text("被解除", "ended by somebody with authority"),
    Ending.REASSIGNED: Text("变更为他人", "reassigned to somebody else"),
    Ending.RESIGNED: Text("本人辞任", "resigned"),
    Ending.LAPSED: Text("实名等级不足", "verification lapsed"),
    Ending.UNIT_ARCHIVED: Text("单位停用", "unit archived"),
}


class Waiting(Enum):
    """What a pending appointment waits for."""

    FIRST_SIGN_IN = "first_sign_in"
    VERIFICATION = "verification"
    NAME_DIFFERS = "name_differs"
    UNIT_FULL = "unit_full"
    UNIT_ARCHIVED = "unit_archived"

    @property
    def label(self) -> Text:
        return _WAITING_LABELS[self]


_WAITING_LABELS = {
    Waiting.FIRST_SIGN_IN: Text(
        "等待本人从“自然人与法人登录”首次登录，登录后自动生效。",
        "Waiting for the person to sign in through the portal; it takes effect by itself.",
    ),
    Waiting.VERIFICATION: Text(
        "本人已登录过，但未达到中级实名认证；完成认证并再次登录后自动生效。",
        "The person has come, but without intermediate verification; it takes effect at the next "
        "sign-in after that.",
    ),
    Waiting.NAME_DIFFERS: Text(
        "证件号码相同的人已登录，但姓名与您填写的不一致。请核对后撤回并重新指定。",
        "Somebody with this ID number signed in, but under another name. "
        "Check, withdraw, and appoint again.",
    ),
    Waiting.UNIT_FULL: Text(
        "本人已登录，但该单位管理员已满。解除一名后，本人再次登录即生效。",
        "The person has come, but the unit has all the administrators it may have. "
        "Once one is ended, it takes effect at the next sign-in.",
    ),
    Waiting.UNIT_ARCHIVED: Text(
        "该单位已停用，恢复后本人再次登录即生效。",
        "The unit is archived; it takes effect at a sign-in after the unit is restored.",
    ),
}


class UnitFull(DomainError):
    code = "unit_full"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”已有 {most} 名管理员（含待生效），达到上限。请先解除或变更其中一名。",
        "“{unit}” already has {most} administrators, pending ones included. "
        "End or reassign one first.",
    )


class AlreadyAdministrator(DomainError):
    code = "already_administrator"
    kind = ErrorKind.CONFLICT
    text = Text("{name}已经是“{unit}”的管理员。", "{name} already administers “{unit}”.")


class AlreadyPending(DomainError):
    code = "already_pending"
    kind = ErrorKind.CONFLICT
    text = Text(
        "已为此人在“{unit}”办理过指定，正在等待本人登录生效，无需重复办理。",
        "This person is already appointed at “{unit}” and only has to sign in.",
    )


class NameAndNumberDiffer(DomainError):
    code = "name_and_number_differ"
    text = Text(
        "姓名与证件号码对不上，请向本人核对后重新填写。",
        "This name and this ID number don't belong together; please check with the person.",
    )


class AppointmentOver(DomainError):
    """Somebody was faster; the sentence tells what happened."""

    code = "appointment_over"
    kind = ErrorKind.CONFLICT
    text = Text(
        "{name}的任职已有变化：{what}（办理人：{by}）。请看过现在的情况，再决定是否办理。",
        "{name}'s office has changed meanwhile: {what} (by {by}). "
        "Look at how things stand before you go on.",
    )


class NotPending(DomainError):
    code = "appointment_not_pending"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这项指定已不在待生效状态（现为：{state}）。",
        "This appointment is no longer pending (it is now: {state}).",
    )


class LastAdministrator(DomainError):
    """Ending the last one needs a confirmation; the page says who can act afterwards."""

    code = "last_administrator"
    kind = ErrorKind.CONFLICT
    text = Text(
        "{name}是“{unit}”的最后一名管理员。请确认后再解除。",
        "{name} is the last administrator of “{unit}”. Please confirm.",
    )


class UnitNotInUse(DomainError):
    code = "unit_not_in_use"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”已停用，不能指定管理员。", "“{unit}” is archived and takes no administrators."
    )


class ReplacedBySamePerson(DomainError):
    code = "replaced_by_same_person"
    text = Text("接任的人与现任是同一人。", "The successor is the person already in office.")


class SuccessorPending(DomainError):
    code = "successor_pending"
    kind = ErrorKind.CONFLICT
    text = Text(
        "已指定{successor}接替{name}，正在等待本人登录生效。要换人，请先撤回那项指定。",
        "{successor} is already to take over from {name} and only has to sign in. "
        "To name somebody else, withdraw that first.",
    )
