"""Every reason for which the portal refuses an act, with its sentence in both languages."""

from enum import Enum


class Refusal(Enum):
    """(form field, Chinese, English); `{hotline}` is the registration hotline."""

    NAME_MISSING = ("name", "请填写姓名。", "Enter the name.")
    ID_NUMBER_WRONG = (
        "id_number",
        "证件号码与所选证件类型不符，或校验位有误。",
        "The number does not fit the chosen ID type, or its check character is wrong.",
    )
    ID_NUMBER_TAKEN = (
        "id_number",
        "身份证号信息重复：该证件号码已在本门户注册，不能再次注册。如不是您本人注册的，请查看使用帮助或拨打"
        "注册咨询热线 {hotline}。",
        "This ID number is already registered at the portal and cannot be registered again. If it "
        "was not you, see the help page or call the registration hotline, {hotline}.",
    )
    MOBILE_WRONG = ("mobile", "请填写 11 位手机号码。", "Enter a mobile number of 11 digits.")
    MOBILE_TAKEN = (
        "mobile",
        "该手机号码已被其他账号使用。",
        "Another account already uses this mobile number.",
    )
    PASSWORD_SHORT = (
        "password",
        "密码至少 8 位。",
        "The password needs at least 8 characters.",
    )
    SIGN_IN_WRONG = ("account", "账号或密码不正确。", "The account or the password is not right.")
    LEVEL_HIGHEST = ("method", "您已是高级实名认证。", "You are verified at the highest level.")
    METHOD_UNKNOWN = ("method", "请选择一种核验方式。", "Choose a way of verification.")
    PASSPORT_NOT_SUPPORTED = (
        "method",
        "不支持护照认证：护照账号只能停留在初级。持外国人永久居留身份证的，请用该证件注册；其他情况请拨打"
        "注册咨询热线 {hotline}。",
        "Passports cannot be verified: an account with a passport stays at basic. Holders of a "
        "foreign permanent resident ID card register with that card; otherwise call the "
        "registration hotline, {hotline}.",
    )
    VERIFICATION_FAILED = (
        "method",
        "无法实名认证：核验未通过，级别保持不变。请查看使用帮助或拨打注册咨询热线 {hotline}。",
        "The verification failed and the level stays as it is. See the help page or call the "
        "registration hotline, {hotline}.",
    )
    LEVEL_TOO_LOW_TO_BIND = (
        "uscc",
        "请先完成中级实名认证，再办理企业绑定。",
        "Reach intermediate real-name verification first, then bind the enterprise.",
    )
    USCC_WRONG = (
        "uscc",
        "统一社会信用代码应为 18 位，请检查校验位。",
        "A unified social credit code has 18 characters; check its check characters.",
    )
    ENTERPRISE_NAME_MISSING = ("name", "请填写单位名称。", "Enter the name of the enterprise.")
    ENTERPRISE_NAME_DIFFERS = (
        "name",
        "单位名称与该统一社会信用代码的登记信息不一致。",
        "The name differs from the one registered under this code.",
    )
    NOT_LEGAL_REPRESENTATIVE = (
        "uscc",
        "您不是该单位登记的法定代表人，须由法定代表人本人办理企业绑定。",
        "You are not its registered legal representative, who alone can bind it.",
    )
    ENTERPRISE_TAKEN = (
        "uscc",
        "该单位已由其他账号绑定，须先由对方解除绑定。",
        "Another account has bound this enterprise and must unbind it first.",
    )
    ALREADY_BOUND = ("uscc", "您已绑定该单位。", "You have already bound this enterprise.")

    @property
    def field(self) -> str:
        return self.value[0]

    @property
    def sentences(self) -> tuple[str, str]:
        return self.value[1], self.value[2]


class Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
