"""The words of identity, and what can be wrong with a name, a number or a sign-in."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.policy.vocabulary import AssuranceLevel as AssuranceLevel
from admin_app.policy.vocabulary import Capacity
from admin_app.wording import Text


class IdType(Enum):
    """The identity documents the platform knows; the portal verifies all but passports (R44)."""

    RESIDENT_ID = "resident_id"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    PASSPORT = "passport"

    @property
    def label(self) -> Text:
        return _ID_TYPE_LABELS[self]


_ID_TYPE_LABELS = {
    IdType.RESIDENT_ID: Text("居民身份证", "resident ID card"),
    IdType.FOREIGN_PERMANENT_RESIDENCE: Text(
        "外国人永久居留身份证", "foreign permanent-residence ID card"
    ),
    IdType.PASSPORT: Text("护照", "passport"),
}


class Channel(Enum):
    """How somebody is told besides in the console."""

    MAIL = "mail"
    SMS = "sms"


class StaffRole(Enum):
    """What a local account is for; each is a capacity of its own."""

    DEPARTMENT_STAFF = "department_staff"
    PLATFORM_SUPPORT = "platform_support"
    MANAGER = "manager"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"

    @property
    def capacity(self) -> Capacity:
        return Capacity(self.value)

    @property
    def label(self) -> Text:
        return self.capacity.label

    @property
    def needs_department(self) -> bool:
        return self in (StaffRole.DEPARTMENT_STAFF, StaffRole.MANAGER)


class PersonNameMissing(DomainError):
    code = "person_name_missing"
    text = Text("请填写姓名。", "Please give the name.")


class PersonNameTooLong(DomainError):
    code = "person_name_too_long"
    text = Text(
        "姓名最多 {most} 个字，请核对是否多填了内容。",
        "A name has at most {most} characters; please check what was typed.",
    )


class IdNumberMalformed(DomainError):
    code = "id_number_malformed"
    text = Text(
        "{id_type}号码的格式不对，请对照证件逐位核对。",
        "This is not the form of a {id_type} number; please compare it with the card.",
    )


class IdNumberCheckWrong(DomainError):
    code = "id_number_check_wrong"
    text = Text(
        "证件号码的校验位不对，可能有一位写错，请对照证件逐位核对。",
        "The number's check digit is wrong: one character is probably mistyped.",
    )


class PassportNotVerifiable(DomainError):
    code = "passport_not_verifiable"
    text = Text(
        "省统一身份认证平台不支持护照认证，请使用居民身份证或外国人永久居留身份证。",
        "The provincial portal can't verify passports. Please use a resident ID card or a foreign "
        "permanent-residence ID card.",
    )


class VerificationTooLow(DomainError):
    """R10, R22: below intermediate verification nobody enters."""

    code = "verification_too_low"
    kind = ErrorKind.REFUSED
    text = Text(
        "您目前是“{level}”，完成中级实名认证后即可进入。",
        "You are at “{level}”. Once you have intermediate verification you can come in.",
    )


class PortalNonsense(DomainError):
    """What the portal sent lacks something or can't be understood."""

    code = "portal_nonsense"
    text = Text(
        "省统一身份认证平台返回的信息不完整，暂时无法登录。",
        "The provincial portal's answer was incomplete, so signing in isn't possible just now.",
    )

    def __init__(self, what: str) -> None:
        self.what = what  # for the log; names of claims, never their values
        super().__init__()


class SignInFailed(DomainError):
    """Wrong user name or password: the answer never says which."""

    code = "sign_in_failed"
    text = Text(
        "用户名或密码不正确。本入口只供主管部门和管理者使用。原个人账号、原单位账号、原单位管理员账号和"
        "原二级单位账号都已停用，密码正确也不能登录：个人和单位的法定代表人请从“自然人与法人登录”进入，"
        "登录后绑定原账号；单位管理员由法定代表人或上级单位重新指定。",
        "The user name or password is not right. This entry is for departments and managers. Old "
        "personal, unit, unit-administrator and secondary-unit accounts are no longer used, not "
        "even with the right password: individuals and legal representatives sign in through the "
        "provincial portal and bind their old account there; unit administrators are appointed "
        "anew by the legal representative or the unit above.",
    )


class SignInThrottled(DomainError):
    code = "sign_in_throttled"
    text = Text(
        "尝试次数过多，请在 {minutes} 分钟后再试。",
        "Too many attempts. Please try again in {minutes} minutes.",
    )


class UsernameMalformed(DomainError):
    code = "username_malformed"
    text = Text(
        "用户名为 2 至 100 个字，只能用文字、数字和 . _ - @。",
        "A user name has 2 to 100 letters, digits or . _ - @.",
    )


class UsernameTaken(DomainError):
    code = "username_taken"
    kind = ErrorKind.CONFLICT
    text = Text("用户名“{username}”已被使用。", "The user name “{username}” is already in use.")


class PasswordTooWeak(DomainError):
    code = "password_too_weak"
    text = Text(
        "密码至少 {least} 位，且不能与用户名相同。",
        "A password needs at least {least} characters and must differ from the user name.",
    )


class DepartmentNeeded(DomainError):
    code = "department_needed"
    text = Text(
        "“{role}”必须属于一个主管部门。", "The role “{role}” belongs to a competent department."
    )
