"""The words of the desk's day: what is done to many cases, saved views, searching, whose turn."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class Errand(Enum):
    """What can be done to many cases at once."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    RANK = "rank"
    ASK = "ask"
    TELL = "tell"
    CLOSE = "close"

    @property
    def label(self) -> Text:
        return _ERRAND_LABELS[self]


_ERRAND_LABELS = {
    Errand.TAKE: Text("接办", "take"),
    Errand.HAND_OVER: Text("转交", "hand over"),
    Errand.RANK: Text("调整优先级", "set the priority"),
    Errand.ASK: Text("请本人补充材料", "ask for evidence"),
    Errand.TELL: Text("给本人留言", "write to the person"),
    Errand.CLOSE: Text("归档", "close"),
}


class NothingChosen(DomainError):
    code = "desk_nothing_chosen"
    text = Text("请先勾选要办理的工单。", "Tick the cases first.")


class TooManyChosen(DomainError):
    code = "desk_too_many_chosen"
    text = Text("一次最多办理 {most} 件，请少选一些。", "At most {most} cases at once, please.")


class HeldByColleague(DomainError):
    code = "desk_held_by_colleague"
    kind = ErrorKind.CONFLICT
    text = Text(
        "在{name}手上；要接过来，请打开这份申请单独办理。",
        "In {name}'s hands; to take it over, open the case itself.",
    )


class AlreadyYours(DomainError):
    code = "desk_already_yours"
    kind = ErrorKind.CONFLICT
    text = Text("已经在您手上。", "Already in your hands.")


class ViewNameMissing(DomainError):
    code = "desk_view_name_missing"
    text = Text(
        "请给视图起一个名字，最多 40 个字。", "Give the view a name of up to 40 characters."
    )


class ViewNameTaken(DomainError):
    code = "desk_view_name_taken"
    kind = ErrorKind.CONFLICT
    text = Text("您已有一个叫“{name}”的视图。", "You have a view called “{name}” already.")


class TooManyViews(DomainError):
    code = "desk_too_many_views"
    kind = ErrorKind.CONFLICT
    text = Text(
        "最多保存 {most} 个视图，请先删除不用的。",
        "At most {most} views can be kept; remove one first.",
    )


class ViewTooLong(DomainError):
    code = "desk_view_too_long"
    text = Text("筛选条件太长，不能保存。", "These filters are too long to be kept.")


class IdNumberInSearch(DomainError):
    code = "desk_id_number_in_search"
    text = Text(
        "证件号码不能在这里查，请用“按证件号码查”。",
        "ID numbers aren't looked for here; use “By ID number”.",
    )


class NotADepartment(DomainError):
    code = "desk_not_a_department"
    text = Text(
        "没有唯一一个叫“{name}”的主管部门；同名的请填编号。",
        "There isn't exactly one department “{name}”; where names are equal, give its number.",
    )
