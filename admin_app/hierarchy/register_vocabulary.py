"""Everything that can be said about a row of a register: a closed catalogue, in both languages."""

from enum import Enum

from admin_app.errors import DomainError
from admin_app.wording import Text


class Outcome(Enum):
    """What is reported of a row: taken with a change, or not taken."""

    CHANGED = "changed"
    REFUSED = "refused"

    @property
    def label(self) -> Text:
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS = {
    Outcome.CHANGED: Text("改动后导入", "taken with a change"),
    Outcome.REFUSED: Text("未导入", "not taken"),
}


class RowCode(Enum):
    """Why a row wasn't taken, or what was changed when it was."""

    # Taken with a change
    NAME_FROM_ENGLISH = "name_from_english"
    CONTROL_CHARACTERS = "control_characters"
    SEVERAL_PARENTS = "several_parents"
    CLOSED = "closed"
    OPEN_BELOW = "open_below"
    STATUS_UNKNOWN = "status_unknown"
    KIND_UNKNOWN = "kind_unknown"
    CODE_MISSING = "code_missing"

    # Not taken
    ROW_TOO_LONG = "row_too_long"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NO_EXTERNAL_ID = "no_external_id"
    EXTERNAL_ID_TOO_LONG = "external_id_too_long"
    NOT_WANTED = "not_wanted"
    CODE_MALFORMED = "code_malformed"
    CODE_CHECK_WRONG = "code_check_wrong"
    CODE_DUPLICATE = "code_duplicate"
    CODE_TAKEN = "code_taken"
    DUPLICATE_EXTERNAL_ID = "duplicate_external_id"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_REFUSED = "parent_refused"
    PARENT_ARCHIVED = "parent_archived"
    CYCLE = "cycle"
    TOO_DEEP = "too_deep"
    KIND_MISPLACED = "kind_misplaced"
    DUPLICATE_NAME = "duplicate_name"
    NAME_TAKEN = "name_taken"

    @property
    def outcome(self) -> Outcome:
        return Outcome.CHANGED if self in _CHANGES else Outcome.REFUSED

    @property
    def text(self) -> Text:
        """The reason; ``{detail}`` is what the row says, or the row it collides with."""
        return _TEXTS[self]


_CHANGES = frozenset(
    {
        RowCode.NAME_FROM_ENGLISH,
        RowCode.CONTROL_CHARACTERS,
        RowCode.SEVERAL_PARENTS,
        RowCode.CLOSED,
        RowCode.OPEN_BELOW,
        RowCode.STATUS_UNKNOWN,
        RowCode.KIND_UNKNOWN,
        RowCode.CODE_MISSING,
    }
)

_TEXTS = {
    RowCode.NAME_FROM_ENGLISH: Text(
        "没有中文名称，以英文名称代替。", "There is no Chinese name; the English one is used."
    ),
    RowCode.CONTROL_CHARACTERS: Text(
        "名称中含有换行等不可见字符，已去除。",
        "Line breaks or other invisible characters in the name were removed.",
    ),
    RowCode.SEVERAL_PARENTS: Text(
        "有多个上级单位，归到其中第一个查得到的：{detail}。",
        "Several parents are given; the first one that is known was used: {detail}.",
    ),
    RowCode.CLOSED: Text(
        "状态为“{detail}”，导入为已停用。", "The status is “{detail}”; taken as archived."
    ),
    RowCode.OPEN_BELOW: Text(
        "已停用，但下面还有在用的单位，因此按在用导入。",
        "It is closed but has units in use below it, so it is taken as in use.",
    ),
    RowCode.STATUS_UNKNOWN: Text(
        "不认识状态“{detail}”，按在用导入。",
        "The status “{detail}” is not known; taken as in use.",
    ),
    RowCode.KIND_UNKNOWN: Text(
        "不认识单位类型“{detail}”，按所在位置确定。",
        "The kind “{detail}” is not known; it follows from the place in the tree.",
    ),
    RowCode.CODE_MISSING: Text(
        "一级单位没有统一社会信用代码；补上之前，法定代表人无法与它对应。",
        "A first-level unit without a credit code; until it has one, "
        "no legal representative can be matched with it.",
    ),
    RowCode.ROW_TOO_LONG: Text(
        "这一行的单元格比表头多，内容可能错位。",
        "The row has more cells than the header; its contents may be out of place.",
    ),
    RowCode.NAME_MISSING: Text(
        "中英文名称都没有。", "There is neither a Chinese nor an English name."
    ),
    RowCode.NAME_TOO_LONG: Text(
        "名称超过 {detail} 个字。", "The name has more than {detail} characters."
    ),
    RowCode.NO_EXTERNAL_ID: Text(
        "没有外部编号，也没有统一社会信用代码，再次导入时无法认出它。",
        "There is neither an external number nor a credit code, "
        "so that a later import could not recognise it.",
    ),
    RowCode.EXTERNAL_ID_TOO_LONG: Text(
        "外部编号太长（连同来源最多 {detail} 个字符）。",
        "The external number is too long (at most {detail} characters with its source).",
    ),
    RowCode.NOT_WANTED: Text(
        "状态为“{detail}”，对照表规定不导入。",
        "The status is “{detail}”, which the mapping says not to take.",
    ),
    RowCode.CODE_MALFORMED: Text(
        "统一社会信用代码“{detail}”不是 18 位数字或大写字母（不含 I、O、S、V、Z）。",
        "The credit code “{detail}” is not 18 digits or capital letters (never I, O, S, V, Z).",
    ),
    RowCode.CODE_CHECK_WRONG: Text(
        "统一社会信用代码“{detail}”的校验码不对。",
        "The check character of the credit code “{detail}” is wrong.",
    ),
    RowCode.CODE_DUPLICATE: Text(
        "统一社会信用代码与第 {detail} 行相同。", "The credit code is the same as in row {detail}."
    ),
    RowCode.CODE_TAKEN: Text(
        "统一社会信用代码已登记在“{detail}”名下。",
        "The credit code is already registered for “{detail}”.",
    ),
    RowCode.DUPLICATE_EXTERNAL_ID: Text(
        "外部编号与第 {detail} 行相同。", "The external number is the same as in row {detail}."
    ),
    RowCode.PARENT_UNKNOWN: Text(
        "上级单位“{detail}”既不在文件中，也不在系统中。",
        "The parent “{detail}” is neither in the file nor in the tree.",
    ),
    RowCode.PARENT_REFUSED: Text(
        "它的上级单位（第 {detail} 行）未导入。", "The unit above it (row {detail}) was not taken."
    ),
    RowCode.PARENT_ARCHIVED: Text(
        "上级单位“{detail}”已停用。", "The unit above it, “{detail}”, is archived."
    ),
    RowCode.CYCLE: Text(
        "上级关系首尾相接，成了一个环。", "The parents form a circle: it would stand below itself."
    ),
    RowCode.TOO_DEEP: Text(
        "单位层级超过 {detail} 级。", "It would stand more than {detail} levels down."
    ),
    RowCode.KIND_MISPLACED: Text(
        "这一类型的单位不能设在那里，或其下级单位与类型不符。",
        "A unit of this kind can't stand there, or the units below it can't stand under it.",
    ),
    RowCode.DUPLICATE_NAME: Text(
        "与第 {detail} 行同名，且上级单位相同。",
        "It has the same name and the same parent as row {detail}.",
    ),
    RowCode.NAME_TAKEN: Text(
        "同一上级单位下已有名为“{detail}”的单位。",
        "There is already a unit called “{detail}” under the same parent.",
    ),
}


class TreeEmpty(DomainError):
    """Units are imported below a department, and there is none yet."""

    code = "register_tree_empty"
    text = Text(
        "还没有最上级主管部门。请先用 yihaotong units root 名称 新建，再导入。",
        "There is no topmost department yet. Create it with: yihaotong units root NAME; "
        "then import again.",
    )


class PlaceMissing(DomainError):
    code = "register_place_missing"
    text = Text("没有编号为 {unit_id} 的单位。", "There is no unit with the number {unit_id}.")


class SourceMalformed(DomainError):
    code = "register_source_malformed"
    text = Text(
        "来源名只能用小写字母、数字、- 和 _，最多 20 个字符，且不能是 uscc。",
        "A source's name has at most 20 small letters, digits, - and _, and isn't “uscc”.",
    )
