"""The closed list of reasons why somebody is stuck: whose desk, who must act, and the next step.

The catalogue is the specification; design and guide name no other reasons.
"""

from enum import Enum
from typing import NamedTuple

from admin_app.wording import Text


class Desk(Enum):
    """Two desks, which must never be mixed up: sending somebody to the wrong one costs a day."""

    PORTAL = "portal"
    PLATFORM = "platform"
    UNIT = "unit"

    @property
    def label(self) -> Text:
        return _DESK_LABELS[self]


_DESK_LABELS = {
    Desk.PORTAL: Text("省统一身份认证平台", "the provincial portal"),
    Desk.PLATFORM: Text("科技云平台", "the science platform"),
    Desk.UNIT: Text("本单位", "the unit itself"),
}


class Owner(Enum):
    """Who must act."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    UNIT = "unit"
    STAFF = "staff"

    @property
    def label(self) -> Text:
        return _OWNER_LABELS[self]


_OWNER_LABELS = {
    Owner.PERSON: Text("本人", "the person"),
    Owner.REPRESENTATIVE: Text("法定代表人", "the legal representative"),
    Owner.UNIT: Text("单位或上级单位的负责人", "whoever is in charge of the unit or above it"),
    Owner.STAFF: Text("平台工作人员", "the platform's staff"),
}


class Advice(NamedTuple):
    """What is told of a blocker; ``usually`` is how long it takes, ``article`` is in the help."""

    label: Text
    desk: Desk
    owner: Owner
    step: Text
    usually: Text
    article: str


class Blocker(Enum):
    NOT_SIGNED_IN = "not_signed_in"
    VERIFICATION_TOO_LOW = "verification_too_low"
    ENTERPRISE_NOT_BOUND = "enterprise_not_bound"
    ENTERPRISE_NOT_ON_PLATFORM = "enterprise_not_on_platform"
    NOT_THEIR_ENTERPRISE = "not_their_enterprise"
    BLOCKED_BY_REPRESENTATIVE = "blocked_by_representative"
    SEVERAL_ACCOUNTS = "several_accounts"
    ID_DIFFERS = "id_differs"
    NAME_DIFFERS = "name_differs"
    OLD_PASSWORD = "old_password"  # noqa: S105 - a word, not a password
    REGISTERED_BY_PASSPORT = "registered_by_passport"
    FOREIGNER_WITHOUT_CARD = "foreigner_without_card"
    DISPUTED = "disputed"
    UNIT_WITHOUT_ADMINISTRATOR = "unit_without_administrator"
    APPOINTEE_NOT_REGISTERED = "appointee_not_registered"
    APPOINTEE_NOT_VERIFIED = "appointee_not_verified"

    @property
    def advice(self) -> Advice:
        return _ADVICE[self]

    @property
    def label(self) -> Text:
        return _ADVICE[self].label


_MINUTES = Text("几分钟", "a few minutes")
_AT_THE_PORTAL = Text("当天即可完成", "done the same day")
_TWO_DAYS = Text("两到三个工作日", "two to three working days")
_DEPENDS = Text("取决于对方何时办理", "depends on when they act")

_ADVICE = {
    Blocker.NOT_SIGNED_IN: Advice(
        Text("本人尚未登录", "not signed in yet"),
        Desk.PORTAL,
        Owner.PERSON,
        Text(
            "本人在省统一身份认证平台注册并完成中级实名认证，再回来点“自然人与法人登录”。",
            "Register at the provincial portal, reach intermediate verification, come back and "
            "sign in.",
        ),
        _AT_THE_PORTAL,
        "register",
    ),
    Blocker.VERIFICATION_TOO_LOW: Advice(
        Text("实名认证未达到中级", "verification too low"),
        Desk.PORTAL,
        Owner.PERSON,
        Text(
            "本人在省统一身份认证平台完成中级实名认证，再重新登录。",
            "Reach intermediate verification at the provincial portal, then sign in again.",
        ),
        _AT_THE_PORTAL,
        "register",
    ),
    Blocker.ENTERPRISE_NOT_BOUND: Advice(
        Text("法定代表人未做企业绑定", "enterprise not bound at the portal"),
        Desk.PORTAL,
        Owner.REPRESENTATIVE,
        Text(
            "法定代表人在省统一身份认证平台点“企业绑定”，绑定本单位，再重新登录。",
            "The legal representative binds the enterprise at the portal, then signs in again.",
        ),
        _AT_THE_PORTAL,
        "representatives",
    ),
    Blocker.ENTERPRISE_NOT_ON_PLATFORM: Advice(
        Text("单位尚未在科技云平台登记", "enterprise not on the platform"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "先核对这家单位以前是否在平台注册过；没有注册过，请联系平台登记。",
            "Check whether the unit was ever on the platform; if not, ask the platform to "
            "register it.",
        ),
        _TWO_DAYS,
        "enterprises",
    ),
    Blocker.NOT_THEIR_ENTERPRISE: Advice(
        Text("省平台未报告为该单位法定代表人", "not reported as this person's enterprise"),
        Desk.PORTAL,
        Owner.REPRESENTATIVE,
        Text(
            "请核对营业执照上的法定代表人；已经变更的，由现任法定代表人登录接续。",
            "Compare with the business licence; if the representative has changed, the present "
            "one signs in and takes over.",
        ),
        _AT_THE_PORTAL,
        "enterprises",
    ),
    Blocker.BLOCKED_BY_REPRESENTATIVE: Advice(
        Text("被法定代表人卡住", "blocked by its legal representative"),
        Desk.PLATFORM,
        Owner.REPRESENTATIVE,
        Text(
            "单位数据要等法定代表人的个人账号绑定成功。请先解决法定代表人本人的问题。",
            "The unit's data waits until its legal representative's own account is bound. Solve "
            "that first.",
        ),
        _DEPENDS,
        "representatives",
    ),
    Blocker.SEVERAL_ACCOUNTS: Advice(
        Text("存在多个原账号", "several legacy accounts"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "您有多个原账号，需要平台核实后合并。请在线申请人工核实，或拨打平台电话。",
            "You have several old accounts, which the platform has to check and merge. Ask for "
            "that here, or call the platform.",
        ),
        _TWO_DAYS,
        "several-accounts",
    ),
    Blocker.ID_DIFFERS: Advice(
        Text("证件号码对不上", "ID number differs"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "原账号登记的证件号码与省平台不一致，请在线申请人工核实，或拨打平台电话。",
            "The old account's ID number differs from the portal's. Ask for it to be checked "
            "here, or call the platform.",
        ),
        _TWO_DAYS,
        "id-differs",
    ),
    Blocker.NAME_DIFFERS: Advice(
        Text("姓名对不上", "name differs"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "原账号登记的姓名与省平台不一致，请在线申请人工核实，或拨打平台电话。",
            "The old account's name differs from the portal's. Ask for it to be checked here, or "
            "call the platform.",
        ),
        _TWO_DAYS,
        "id-differs",
    ),
    Blocker.OLD_PASSWORD: Advice(
        Text("原密码错误、锁定或忘记", "old password wrong, locked or forgotten"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "记得原密码的，稍后再试；忘记的，填写信息变更表申请人工核实。",
            "If you remember the old password, try again later; otherwise file a change form.",
        ),
        _TWO_DAYS,
        "old-password",
    ),
    Blocker.REGISTERED_BY_PASSPORT: Advice(
        Text("原账号用护照注册", "registered by passport"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "填写个人信息变更表，附身份证（或外国人永久居留身份证）和护照复印件，申请人工核实。",
            "File a personal change form with copies of the ID card and of the passport.",
        ),
        _TWO_DAYS,
        "passport",
    ),
    Blocker.FOREIGNER_WITHOUT_CARD: Advice(
        Text("外籍人员没有永久居留身份证", "foreigner without a permanent-residence ID card"),
        Desk.PORTAL,
        Owner.PERSON,
        Text(
            "省平台不支持护照认证。请使用外国人永久居留身份证认证；没有的请拨打省平台电话咨询。",
            "The portal can't verify passports. Use a foreign permanent-residence ID card, or "
            "call the portal's desk.",
        ),
        _DEPENDS,
        "foreigners",
    ),
    Blocker.DISPUTED: Advice(
        Text("绑定有争议", "bound to the wrong person (disputed)"),
        Desk.PLATFORM,
        Owner.STAFF,
        Text(
            "平台正在核实这个原账号属于谁，请保持电话畅通，不要重复操作。",
            "The platform is finding out whose account this is. Please wait for its call.",
        ),
        _TWO_DAYS,
        "disputed",
    ),
    Blocker.UNIT_WITHOUT_ADMINISTRATOR: Advice(
        Text("单位没有管理员", "unit without an administrator"),
        Desk.UNIT,
        Owner.UNIT,
        Text(
            "由本单位法定代表人或上级单位的负责人登录，重新指定管理员。",
            "The unit's legal representative, or whoever is in charge above it, appoints an "
            "administrator.",
        ),
        _MINUTES,
        "administrators",
    ),
    Blocker.APPOINTEE_NOT_REGISTERED: Advice(
        Text("被指定的人尚未登录", "appointee not registered"),
        Desk.PORTAL,
        Owner.PERSON,
        Text(
            "请被指定的人在省平台注册并完成中级实名认证，再登录一次，即自动生效。",
            "The appointee registers at the portal, reaches intermediate verification and signs "
            "in once.",
        ),
        _AT_THE_PORTAL,
        "administrators",
    ),
    Blocker.APPOINTEE_NOT_VERIFIED: Advice(
        Text("被指定的人实名认证不足", "appointee not verified"),
        Desk.PORTAL,
        Owner.PERSON,
        Text(
            "请被指定的人在省平台完成中级实名认证，再登录一次，即自动生效。",
            "The appointee reaches intermediate verification at the portal and signs in once.",
        ),
        _AT_THE_PORTAL,
        "administrators",
    ),
}
