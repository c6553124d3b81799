"""The words of authority: verification levels, capacities, permissions, and why one is refused."""

from enum import Enum, IntEnum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class AssuranceLevel(IntEnum):
    """How well the portal has verified a person (初级 / 中级 / 高级); ordered."""

    NONE = 0
    BASIC = 1
    INTERMEDIATE = 2
    ADVANCED = 3

    @property
    def label(self) -> Text:
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    AssuranceLevel.NONE: Text("未实名认证", "not verified"),
    AssuranceLevel.BASIC: Text("初级实名认证", "basic verification"),
    AssuranceLevel.INTERMEDIATE: Text("中级实名认证", "intermediate verification"),
    AssuranceLevel.ADVANCED: Text("高级实名认证", "advanced verification"),
}


class UnitKind(Enum):
    """What a node of the one tree is."""

    DEPARTMENT = "department"
    FIRST_LEVEL = "first_level"
    SECONDARY = "secondary"

    @property
    def label(self) -> Text:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    UnitKind.DEPARTMENT: Text("主管部门", "competent department"),
    UnitKind.FIRST_LEVEL: Text("一级单位", "first-level unit"),
    UnitKind.SECONDARY: Text("二级单位", "secondary unit"),
}


class Capacity(Enum):
    """In which quality somebody acts; rights are computed for this one alone."""

    NATURAL_PERSON = "natural_person"
    LEGAL_REPRESENTATIVE = "legal_representative"
    UNIT_ADMINISTRATOR = "unit_administrator"
    DEPARTMENT_STAFF = "department_staff"
    PLATFORM_SUPPORT = "platform_support"
    MANAGER = "manager"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"

    @property
    def label(self) -> Text:
        return _CAPACITY_LABELS[self]

    @property
    def is_staff(self) -> bool:
        """Signs in with a local account rather than through the portal (R19, R20)."""
        return self in STAFF_CAPACITIES


STAFF_CAPACITIES = frozenset(
    {
        Capacity.DEPARTMENT_STAFF,
        Capacity.PLATFORM_SUPPORT,
        Capacity.MANAGER,
        Capacity.SECURITY_ADMINISTRATOR,
        Capacity.AUDITOR,
    }
)

_CAPACITY_LABELS = {
    Capacity.NATURAL_PERSON: Text("自然人", "natural person"),
    Capacity.LEGAL_REPRESENTATIVE: Text("法定代表人", "legal representative"),
    Capacity.UNIT_ADMINISTRATOR: Text("单位管理员", "unit administrator"),
    Capacity.DEPARTMENT_STAFF: Text("主管部门工作人员", "competent-department staff"),
    Capacity.PLATFORM_SUPPORT: Text("平台支持人员", "platform support"),
    Capacity.MANAGER: Text("管理者", "manager"),
    Capacity.SECURITY_ADMINISTRATOR: Text("安全管理员", "security administrator"),
    Capacity.AUDITOR: Text("审计员", "auditor"),
}


class Permission(Enum):
    """A verb on a subject."""

    UNIT_VIEW = "unit.view"
    UNIT_CREATE = "unit.create"  # the target is the parent-to-be
    UNIT_RENAME = "unit.rename"
    UNIT_MOVE = "unit.move"
    UNIT_ARCHIVE = "unit.archive"
    UNIT_RESTORE = "unit.restore"
    UNIT_URGE = "unit.urge"  # a department asks a unit to get on with moving in
    ADMINISTRATOR_APPOINT = "administrator.appoint"
    ADMINISTRATOR_REASSIGN = "administrator.reassign"
    ADMINISTRATOR_END = "administrator.end"
    FIGURES_VIEW = "figures.view"  # counts of a subtree, no personal data
    LEVER_VIEW = "lever.view"  # who holds others up; no personal data
    ACCOUNT_VIEW = "account.view"  # where legacy accounts stand, and why
    IDENTITY_REVEAL = "identity.reveal"
    MEMBER_DECIDE = "member.decide"  # accept or decline who applies to a unit
    ACCOUNT_UNBIND = "account.unbind"
    ACCOUNT_BIND = "account.bind"  # by hand, without the old password
    ACCOUNT_CORRECT = "account.correct"  # the ID number or name an old account is registered with
    ACCOUNT_MERGE = "account.merge"
    # What the desk does about units, on a change form only.
    UNIT_AMEND = "unit.amend"
    UNIT_RECODE = "unit.recode"
    UNIT_REGISTER = "unit.register"
    REPRESENTATIVE_END = "representative.end"
    ADMINISTRATOR_IMPOSE = "administrator.impose"  # over the heads of a unit
    FORM_FILE = "form.file"  # a unit's change form
    CASE_FILE = "case.file"  # on behalf of whoever called
    CASE_VIEW = "case.view"
    CASE_WORK = "case.work"  # take, ask, review, write
    CASE_DECIDE = "case.decide"  # approve, refuse, propose, confirm
    DATA_IMPORT = "data.import"  # registers and accounts from files
    STAFF_VIEW = "staff.view"
    AUDIT_VIEW = "audit.view"

    @property
    def label(self) -> Text:
        return _PERMISSION_LABELS[self]


_PERMISSION_LABELS = {
    Permission.UNIT_VIEW: Text("查看单位", "see a unit"),
    Permission.UNIT_CREATE: Text("新增下级单位", "create a unit below"),
    Permission.UNIT_RENAME: Text("更改单位名称", "rename a unit"),
    Permission.UNIT_MOVE: Text("移动单位", "move a unit"),
    Permission.UNIT_ARCHIVE: Text("停用单位", "archive a unit"),
    Permission.UNIT_RESTORE: Text("恢复单位", "restore a unit"),
    Permission.UNIT_URGE: Text("督办单位", "urge a unit"),
    Permission.ADMINISTRATOR_APPOINT: Text("指定单位管理员", "appoint a unit's administrator"),
    Permission.ADMINISTRATOR_REASSIGN: Text("变更单位管理员", "reassign a unit's administrator"),
    Permission.ADMINISTRATOR_END: Text("解除单位管理员", "end a unit administrator's office"),
    Permission.FIGURES_VIEW: Text("查看统计数字", "see figures"),
    Permission.LEVER_VIEW: Text("查看谁卡住了别人", "see who holds others up"),
    Permission.ACCOUNT_VIEW: Text("查看迁移进度", "see how accounts migrate"),
    Permission.IDENTITY_REVEAL: Text("查看完整证件号码", "see a whole ID number"),
    Permission.MEMBER_DECIDE: Text("处理加入单位的申请", "decide who joins a unit"),
    Permission.ACCOUNT_UNBIND: Text("撤销绑定", "undo a binding"),
    Permission.ACCOUNT_BIND: Text("人工绑定原账号", "bind an old account by hand"),
    Permission.ACCOUNT_CORRECT: Text(
        "更正原账号的证件号码或姓名", "correct an old account's ID number or name"
    ),
    Permission.ACCOUNT_MERGE: Text("合并原账号", "merge old accounts"),
    Permission.UNIT_AMEND: Text("按信息变更表更改单位名称", "rename a unit on a change form"),
    Permission.UNIT_RECODE: Text("更正统一社会信用代码", "correct a unit's credit code"),
    Permission.UNIT_REGISTER: Text("按信息变更表登记单位", "register a unit on a change form"),
    Permission.REPRESENTATIVE_END: Text(
        "结束原法定代表人的身份", "end a former legal representative's capacity"
    ),
    Permission.ADMINISTRATOR_IMPOSE: Text(
        "越过单位指定管理员", "appoint an administrator over the heads of a unit"
    ),
    Permission.FORM_FILE: Text("为单位填写信息变更表", "file a change form for a unit"),
    Permission.CASE_FILE: Text("代为申请人工核实", "file a case for somebody"),
    Permission.CASE_VIEW: Text("查看人工核实申请", "see cases"),
    Permission.CASE_WORK: Text("办理人工核实申请", "work on cases"),
    Permission.CASE_DECIDE: Text("审定人工核实申请", "decide cases"),
    Permission.DATA_IMPORT: Text("导入单位和原账号", "import units and old accounts"),
    Permission.STAFF_VIEW: Text("查看本地账号", "see staff accounts"),
    Permission.AUDIT_VIEW: Text("查看审计日志", "see the audit log"),
}


class Ground(Enum):
    """Why a decision came out as it did."""

    OWN_UNIT = "own_unit"
    OFFICE_ABOVE = "office_above"
    EVERYWHERE = "everywhere"
    NOT_IN_THIS_CAPACITY = "not_in_this_capacity"
    OUT_OF_REACH = "out_of_reach"
    VERIFICATION_TOO_LOW = "verification_too_low"
    NOT_BELOW_OWN_UNIT = "not_below_own_unit"
    OWN_UNIT_FROM_ABOVE = "own_unit_from_above"
    DEPARTMENTS_HAVE_STAFF = "departments_have_staff"
    UNIT_CAN_ACT_ITSELF = "unit_can_act_itself"
    REASON_MISSING = "reason_missing"
    SECOND_PERSON_MISSING = "second_person_missing"
    SAME_PERSON_TWICE = "same_person_twice"
    ABOUT_ONESELF = "about_oneself"
    OF_THE_SAME_UNIT = "of_the_same_unit"

    @property
    def text(self) -> Text:
        return _GROUND_TEXTS[self]


_GROUND_TEXTS = {
    Ground.OWN_UNIT: Text("您是“{unit}”的{capacity}。", "You are {capacity} of “{unit}”."),
    Ground.OFFICE_ABOVE: Text(
        "您是上级单位“{unit}”的{capacity}。",
        "You are {capacity} of “{unit}”, which stands above this unit.",
    ),
    Ground.EVERYWHERE: Text(
        "您以{capacity}身份负责全部单位。", "As {capacity} you cover every unit."
    ),
    Ground.NOT_IN_THIS_CAPACITY: Text(
        "以{capacity}身份不能办理这一事项。如果您还有其他身份，请先在页面上方切换。",
        "This can't be done as {capacity}. If you also act in another capacity, "
        "switch at the top of the page.",
    ),
    Ground.OUT_OF_REACH: Text("这不在您的管理范围内。", "This lies outside what you look after."),
    Ground.VERIFICATION_TOO_LOW: Text(
        "需要先在省统一身份认证平台完成中级实名认证。",
        "Intermediate verification at the provincial portal comes first.",
    ),
    Ground.NOT_BELOW_OWN_UNIT: Text(
        "您与本单位其他管理员权限相同，只能管理下级单位；本单位的事项请由法定代表人或上级单位管理员办理。",
        "You hold the same rights as the unit's other administrators and look after the units "
        "below; for your own unit, ask its legal representative or an administrator above.",
    ),
    Ground.OWN_UNIT_FROM_ABOVE: Text(
        "自己所在的单位不能由自己更名、移动或停用，请由上级单位办理；一级单位请由主管部门办理。",
        "Nobody renames, moves or archives the unit they act from. The unit above does it; "
        "for a first-level unit, its department.",
    ),
    Ground.DEPARTMENTS_HAVE_STAFF: Text(
        "主管部门不设单位管理员，由本地账号的工作人员负责。",
        "Departments have no unit administrators; their staff have local accounts.",
    ),
    Ground.UNIT_CAN_ACT_ITSELF: Text(
        "该单位有自己的法定代表人或管理员可以办理，主管部门不代为办理。请提醒他们办理。",
        "The unit has a legal representative or administrators of its own who can do this; "
        "the department doesn't act in their place. Please remind them.",
    ),
    Ground.SECOND_PERSON_MISSING: Text(
        "这件事要由两名工作人员办理：一人提出，另一人复核。",
        "This takes two members of staff: one proposes, another confirms.",
    ),
    Ground.SAME_PERSON_TWICE: Text(
        "这是您自己提出的，须由另一名工作人员复核。",
        "You proposed this yourself; another member of staff has to confirm it.",
    ),
    Ground.ABOUT_ONESELF: Text(
        "这件事涉及您本人，或与您同名的人，请由另一名工作人员办理。",
        "This is about yourself, or somebody of your name; another member of staff must do it.",
    ),
    Ground.OF_THE_SAME_UNIT: Text(
        "当事人与您在同一单位任职，请由其他工作人员办理。",
        "The person concerned holds office in the same unit as you; somebody else must do it.",
    ),
    Ground.REASON_MISSING: Text(
        "办理这一事项必须写明理由。",
        "A reason must be given for this.",
    ),
}


class Refused(DomainError):
    """Within reach, but not allowed; the sentence is the decision's own reason."""

    code = "refused"
    kind = ErrorKind.REFUSED

    def __init__(self, ground: Ground, sentence: Text) -> None:
        self.text = sentence
        self.ground = ground
        # Said beside the field, where a form has one.
        super().__init__(field="reason" if ground is Ground.REASON_MISSING else None)
