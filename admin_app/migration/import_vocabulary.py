"""Everything that can be said about an imported row: a closed catalogue, in both languages."""

from enum import Enum

from admin_app.hierarchy.register_vocabulary import Outcome
from admin_app.wording import Text


class RowCode(Enum):
    """Why a row of accounts, affiliations or history wasn't taken, or what was changed."""

    # Taken with a change
    CONTROL_CHARACTERS = "control_characters"
    ID_MISSING = "id_missing"
    ID_TYPE_UNKNOWN = "id_type_unknown"
    ID_MALFORMED = "id_malformed"
    ID_CHECK_WRONG = "id_check_wrong"
    CODE_MALFORMED = "code_malformed"
    CODE_CHECK_WRONG = "code_check_wrong"
    ORGANISATION_CODE_WRONG = "organisation_code_wrong"
    PASSWORD_MISSING = "password_missing"  # noqa: S105 - a word, not a password
    SCHEME_UNKNOWN = "scheme_unknown"
    HASH_MALFORMED = "hash_malformed"
    DATE_UNKNOWN = "date_unknown"
    DATE_INCOMPLETE = "date_incomplete"
    UNIT_MISSING = "unit_missing"
    UNIT_NOT_FOUND = "unit_not_found"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    UNIT_KIND_WRONG = "unit_kind_wrong"
    UNIT_CONTRADICTS = "unit_contradicts"
    UNIT_BY_INNER_CODE = "unit_by_inner_code"
    STAFF_EXISTS = "staff_exists"
    BOUND_ALREADY = "bound_already"
    TEXT_CUT = "text_cut"
    KIND_OTHER = "kind_other"

    # Not taken
    ROW_TOO_LONG = "row_too_long"
    NO_EXTERNAL_ID = "no_external_id"
    EXTERNAL_ID_TOO_LONG = "external_id_too_long"
    DUPLICATE_ROW = "duplicate_row"
    KIND_UNKNOWN = "kind_unknown"
    KIND_CHANGED = "kind_changed"
    USERNAME_MISSING = "username_missing"
    USERNAME_TOO_LONG = "username_too_long"
    USERNAME_TAKEN = "username_taken"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    DEPARTMENT_NOT_FOUND = "department_not_found"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_UNKNOWN = "account_unknown"
    UNIT_UNKNOWN = "unit_unknown"
    TITLE_MISSING = "title_missing"
    DATE_MALFORMED = "date_malformed"
    OTHER_ACCOUNT = "other_account"

    @property
    def outcome(self) -> Outcome:
        return Outcome.REFUSED if self in _REFUSALS else Outcome.CHANGED

    @property
    def text(self) -> Text:
        """The reason; ``{detail}`` is what the row says, or the row it collides with."""
        return _TEXTS[self]


_MEMBERS = list(RowCode)
_REFUSALS = frozenset(_MEMBERS[_MEMBERS.index(RowCode.ROW_TOO_LONG) :])

_TEXTS = {
    RowCode.CONTROL_CHARACTERS: Text(
        "名称中含有换行等不可见字符，已去除。",
        "Line breaks or other invisible characters in the name were removed.",
    ),
    RowCode.ID_MISSING: Text(
        "没有证件号码，本人登录后无法自动找到这个账号。",
        "There is no ID number, so the account can't be found when its owner signs in.",
    ),
    RowCode.ID_TYPE_UNKNOWN: Text(
        "不认识证件类型“{detail}”，按号码的形式判断。",
        "The ID type “{detail}” is not known; it was taken from the form of the number.",
    ),
    RowCode.ID_MALFORMED: Text(
        "证件号码的格式不对，没有导入号码，本人登录后无法自动找到这个账号。",
        "The ID number is malformed; taken without it, so that its owner can't be found by it.",
    ),
    RowCode.ID_CHECK_WRONG: Text(
        "证件号码的校验位不对，按原样导入并作了标记。",
        "The ID number's check digit is wrong; taken as it is, and marked.",
    ),
    RowCode.CODE_MALFORMED: Text(
        "统一社会信用代码“{detail}”格式不对，没有导入代码。",
        "The credit code “{detail}” is malformed; taken without it.",
    ),
    RowCode.CODE_CHECK_WRONG: Text(
        "统一社会信用代码“{detail}”的校验码不对，不用它查找单位。",
        "The check character of the credit code “{detail}” is wrong; no unit is looked up by it.",
    ),
    RowCode.ORGANISATION_CODE_WRONG: Text(
        "组织机构代码“{detail}”格式或校验码不对，不用它查找单位。",
        "The organisation code “{detail}” is wrong; no unit is looked up by it.",
    ),
    RowCode.PASSWORD_MISSING: Text(
        "没有原密码，本人无法用原密码绑定，需要人工核实。",
        "There is no old password; its owner has to ask for the account to be checked by hand.",
    ),
    RowCode.SCHEME_UNKNOWN: Text(
        "不认识密码算法“{detail}”，没有导入密码，需要人工核实。",
        "The password scheme “{detail}” is not known; taken without the password.",
    ),
    RowCode.HASH_MALFORMED: Text(
        "密码摘要不符合算法“{detail}”的格式，没有导入密码，需要人工核实。",
        "The password hash has not the form of “{detail}”; taken without the password.",
    ),
    RowCode.DATE_UNKNOWN: Text(
        "日期缺失或无法识别，没有导入日期。",
        "The date is missing or can't be read; taken without it.",
    ),
    RowCode.DATE_INCOMPLETE: Text(
        "日期“{detail}”不完整，按其第一天导入。",
        "The date “{detail}” is incomplete; its first day was taken.",
    ),
    RowCode.UNIT_MISSING: Text(
        "没有写明单位，账号导入后没有对应的单位。",
        "No unit is given; the account was taken without one.",
    ),
    RowCode.UNIT_NOT_FOUND: Text(
        "系统中没有单位“{detail}”，账号导入后没有对应的单位。",
        "There is no unit “{detail}”; the account was taken without one.",
    ),
    RowCode.UNIT_AMBIGUOUS: Text(
        "“{detail}”对应的单位不止一个，账号导入后没有对应的单位。",
        "Several units are meant by “{detail}”; the account was taken without one.",
    ),
    RowCode.UNIT_KIND_WRONG: Text(
        "“{detail}”不是这类账号所属的单位类型，账号导入后没有对应的单位。",
        "“{detail}” is not of the kind such accounts belong to; taken without a unit.",
    ),
    RowCode.UNIT_CONTRADICTS: Text(
        "信用代码与所写单位“{detail}”不是同一家，账号导入后没有对应的单位。",
        "The credit code and the unit given, “{detail}”, are not the same; taken without a unit.",
    ),
    RowCode.UNIT_BY_INNER_CODE: Text(
        "信用代码查不到，按其中的组织机构代码归到“{detail}”。",
        "The credit code is not known; the unit was found by its inner code: “{detail}”.",
    ),
    RowCode.STAFF_EXISTS: Text(
        "已有用户名为“{detail}”的本地账号，其密码和权限保持不变。",
        "There is a staff account “{detail}” already; its password and role stay as they are.",
    ),
    RowCode.BOUND_ALREADY: Text(
        "账号已被本人绑定，不再修改。", "The account has been bound by its owner; nothing changed."
    ),
    RowCode.TEXT_CUT: Text(
        "“{detail}”一栏太长，截短后导入。", "The column “{detail}” is too long and was cut."
    ),
    RowCode.KIND_OTHER: Text(
        "不认识业务类型“{detail}”，归入“其他业务”。",
        "The kind “{detail}” is not known; taken as other business.",
    ),
    RowCode.ROW_TOO_LONG: Text(
        "这一行的单元格比表头多，内容可能错位。",
        "The row has more cells than the header; its contents may be out of place.",
    ),
    RowCode.NO_EXTERNAL_ID: Text(
        "没有外部编号，再次导入时无法认出它。",
        "There is no external number, so that a later import could not recognise it.",
    ),
    RowCode.EXTERNAL_ID_TOO_LONG: Text(
        "外部编号超过 {detail} 个字符。", "The external number has more than {detail} characters."
    ),
    RowCode.DUPLICATE_ROW: Text(
        "与第 {detail} 行是同一条。", "It is the same one as in row {detail}."
    ),
    RowCode.KIND_UNKNOWN: Text(
        "不认识账号类型“{detail}”。", "The kind of account “{detail}” is not known."
    ),
    RowCode.KIND_CHANGED: Text(
        "这个账号以前导入为“{detail}”，类型不能改变。",
        "The account was imported as “{detail}”; its kind can't change.",
    ),
    RowCode.USERNAME_MISSING: Text("没有用户名。", "There is no user name."),
    RowCode.USERNAME_TOO_LONG: Text(
        "用户名超过 {detail} 个字符。", "The user name has more than {detail} characters."
    ),
    RowCode.USERNAME_TAKEN: Text(
        "用户名已属于编号为“{detail}”的账号。",
        "The user name belongs to the account with the number “{detail}”.",
    ),
    RowCode.NAME_MISSING: Text("没有姓名或名称。", "There is no name."),
    RowCode.NAME_TOO_LONG: Text(
        "名称超过 {detail} 个字。", "The name has more than {detail} characters."
    ),
    RowCode.DEPARTMENT_NOT_FOUND: Text(
        "找不到它的主管部门“{detail}”；主管部门和管理者账号必须属于一个主管部门。",
        "Its competent department “{detail}” was not found; such an account needs exactly one.",
    ),
    RowCode.ACCOUNT_MISSING: Text("没有写明是哪个账号。", "It doesn't say whose account."),
    RowCode.ACCOUNT_UNKNOWN: Text(
        "没有编号或用户名为“{detail}”的原账号。",
        "There is no legacy account with the number or user name “{detail}”.",
    ),
    RowCode.UNIT_UNKNOWN: Text(
        "系统中找不到单位“{detail}”，或者不止一个。",
        "The unit “{detail}” was not found, or there are several.",
    ),
    RowCode.TITLE_MISSING: Text("没有标题。", "There is no title."),
    RowCode.DATE_MALFORMED: Text(
        "日期“{detail}”缺失或无法识别。", "The date “{detail}” is missing or can't be read."
    ),
    RowCode.OTHER_ACCOUNT: Text(
        "它以前属于编号为“{detail}”的账号；历史数据和隶属关系不会改到别的账号名下。",
        "It belongs to the account “{detail}”; nothing is moved from one account to another.",
    ),
}
