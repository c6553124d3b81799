"""The words of the tree, and every way a change to it can be refused."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.policy.vocabulary import UnitKind as UnitKind
from admin_app.wording import Text


class UnitStatus(Enum):
    """Whether a unit is in use; archived units keep their history and can be restored."""

    ACTIVE = "active"
    ARCHIVED = "archived"

    @property
    def label(self) -> Text:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    UnitStatus.ACTIVE: Text("在用", "in use"),
    UnitStatus.ARCHIVED: Text("已停用", "archived"),
}


class NameMissing(DomainError):
    code = "unit_name_missing"
    text = Text("请填写单位名称。", "Please give the unit a name.")


class NameTooLong(DomainError):
    code = "unit_name_too_long"
    text = Text("单位名称最多 {most} 个字。", "A unit's name has at most {most} characters.")


class NameTaken(DomainError):
    code = "unit_name_taken"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{parent}”下已有名为“{name}”的单位。请换一个名称，或直接使用已有的单位。",
        "There is already a unit called “{name}” under “{parent}”. "
        "Choose another name, or use the unit that is there.",
    )


class CodeMalformed(DomainError):
    code = "uscc_malformed"
    text = Text(
        "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z），您填写的是“{value}”。",
        "A unified social credit code has 18 digits or capital letters (never I, O, S, V, Z); "
        "you typed “{value}”.",
    )


class CodeCheckWrong(DomainError):
    code = "uscc_check_wrong"
    text = Text(
        "统一社会信用代码“{value}”的校验码不对，请对照营业执照或法人证书逐位核对。",
        "The check character of “{value}” is wrong; please compare it with the licence.",
    )


class CodeTaken(DomainError):
    code = "uscc_taken"
    kind = ErrorKind.CONFLICT
    text = Text(
        "统一社会信用代码“{value}”已登记在另一单位名下。如有疑问，请联系平台。",
        "The credit code “{value}” is already registered for another unit. "
        "If that is wrong, please call the platform.",
    )


class CodeMissing(DomainError):
    code = "uscc_missing"
    text = Text(
        "一级单位必须填写统一社会信用代码。",
        "A first-level unit needs its unified social credit code.",
    )


class CodeNotBorne(DomainError):
    code = "uscc_not_borne"
    text = Text(
        "“{name}”不是一级单位，没有自己的统一社会信用代码。",
        "“{name}” isn't a first-level unit and has no credit code of its own.",
    )


class KindMisplaced(DomainError):
    code = "unit_kind_misplaced"
    text = Text("{kind}不能设在{parent_kind}之下。", "A {kind} can't stand under a {parent_kind}.")


class TooDeep(DomainError):
    code = "unit_too_deep"
    text = Text(
        "单位层级最多 {most} 级，请选择更靠上的上级单位。",
        "The tree has at most {most} levels. Choose a unit further up.",
    )


class ParentArchived(DomainError):
    code = "unit_parent_archived"
    kind = ErrorKind.CONFLICT
    text = Text(
        "上级单位“{parent}”已停用，请先恢复它，或选择其他上级单位。",
        "The unit above, “{parent}”, is archived. Restore it first, or choose another.",
    )


class MoveIntoItself(DomainError):
    code = "unit_move_into_itself"
    text = Text(
        "不能把“{name}”移动到它自己或它的下级单位之下。请选择其他上级单位。",
        "“{name}” can't be moved under itself or a unit below it. Choose another unit above.",
    )


class MoveChangesNothing(DomainError):
    code = "unit_move_changes_nothing"
    text = Text("“{name}”已经在该单位之下。", "“{name}” already stands there.")


class StillHasUnits(DomainError):
    code = "unit_still_has_units"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{name}”之下还有 {count} 个在用单位，请先停用或移走它们。",
        "“{name}” still has {count} units in use below it. Archive or move them first.",
    )


class AlreadyArchived(DomainError):
    code = "unit_already_archived"
    kind = ErrorKind.CONFLICT
    text = Text("“{name}”已经停用。", "“{name}” is already archived.")


class NotArchived(DomainError):
    code = "unit_not_archived"
    kind = ErrorKind.CONFLICT
    text = Text("“{name}”没有停用，无需恢复。", "“{name}” is in use and needs no restoring.")


class RootStays(DomainError):
    code = "unit_root_stays"
    text = Text(
        "最上级的主管部门不能移动或停用。", "The topmost department can't be moved or archived."
    )


class ChangedMeanwhile(DomainError):
    """Somebody else changed the unit since the form was opened; ``unit`` is how it is now."""

    code = "unit_changed_meanwhile"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您填写期间，“{name}”已被他人修改。请核对现在的内容，再决定是否仍按您填写的保存。",
        "“{name}” was changed by somebody else while you were typing. "
        "Compare with how it is now, then decide whether to save yours.",
    )


class SearchTooShort(DomainError):
    code = "search_too_short"
    text = Text(
        "请至少输入两个字，或统一社会信用代码的前四位。",
        "Type at least two characters, or the first four of a credit code.",
    )
