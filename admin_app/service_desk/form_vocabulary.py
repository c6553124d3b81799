"""The words of change forms about units: what each asks for, and why one isn't taken."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.migration.blockers import Blocker
from admin_app.wording import Text


class FormKind(Enum):
    """What a unit's change form 信息变更表 is about."""

    UNIT_RENAMED = "unit_renamed"
    USCC_CHANGED = "uscc_changed"
    REPRESENTATIVE_CHANGED = "representative_changed"
    UNIT_MISSING = "unit_missing"
    ADMINISTRATOR_UNREACHABLE = "administrator_unreachable"

    @property
    def label(self) -> Text:
        return _LABELS[self]

    @property
    def step(self) -> Text:
        """What it is for, to whoever is about to fill it in."""
        return _STEPS[self]

    @property
    def names_somebody(self) -> bool:
        """Whether somebody is named, by name and exact ID number."""
        return self in (FormKind.REPRESENTATIVE_CHANGED, FormKind.ADMINISTRATOR_UNREACHABLE)

    @property
    def is_of_first_level(self) -> bool:
        """Whether only units with a credit code have such a form."""
        return self is not FormKind.ADMINISTRATOR_UNREACHABLE


_LABELS = {
    FormKind.UNIT_RENAMED: Text("单位更名", "unit renamed"),
    FormKind.USCC_CHANGED: Text("统一社会信用代码有误或已变更", "credit code wrong or changed"),
    FormKind.REPRESENTATIVE_CHANGED: Text("法定代表人已变更", "legal representative changed"),
    FormKind.UNIT_MISSING: Text("平台上没有本单位", "unit missing from the platform"),
    FormKind.ADMINISTRATOR_UNREACHABLE: Text(
        "管理员联系不上，无人可以变更", "administrator nobody can reassign"
    ),
}

_STEPS = {
    FormKind.UNIT_RENAMED: Text(
        "单位在登记机关改了名称，平台上还是旧名称。",
        "The register has a new name, and the platform still shows the former one.",
    ),
    FormKind.USCC_CHANGED: Text(
        "平台上的代码登记错了，或换发了新代码。代码决定省平台报告谁代表本单位，所以由两名工作人员办理。",
        "The code here is wrong, or a new one was issued. By the code the portal reports who "
        "represents the unit, so two members of staff decide.",
    ),
    FormKind.REPRESENTATIVE_CHANGED: Text(
        "平台或原账号登记的还是前任法定代表人。通过后，前任不再代表本单位；现任在省平台完成“企业绑定”后登录，自动接续。",
        "The platform or an old account still has the former representative. Once approved they no "
        "longer represent the unit; the present one binds the enterprise at the portal, signs in "
        "and takes over.",
    ),
    FormKind.UNIT_MISSING: Text(
        "先在平台上查找过，确实没有这家单位。通过后由平台登记，省平台报告的法定代表人登录即可管理。",
        "You have looked, and the unit isn't there. Once approved it is registered, and whoever "
        "the portal reports as its legal representative signs in and looks after it.",
    ),
    FormKind.ADMINISTRATOR_UNREACHABLE: Text(
        "现任管理员和法定代表人都联系不上，单位里没有人能指定新的管理员。由两名工作人员核实后代为指定。",
        "Neither the administrator nor the legal representative can be reached, and nobody in the "
        "unit can appoint another. Two members of staff look into it and appoint one.",
    ),
}


# What a case can be about.
CaseKind = Blocker | FormKind
CASE_KINDS: tuple[CaseKind, ...] = (*FormKind, *Blocker)


def case_kind(value: str) -> CaseKind:
    """The kind that is written so.

    Raises:
        ValueError: none is.
    """
    forms = {each.value: each for each in FormKind}
    return forms.get(value) or Blocker(value)


class FormNotFor(DomainError):
    code = "form_not_for_this_unit"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”是{kind}，不适用这种变更表。",
        "“{unit}” is a {kind}; there is no such form for it.",
    )


class UnitArchived(DomainError):
    code = "form_unit_archived"
    kind = ErrorKind.CONFLICT
    text = Text(
        "“{unit}”已停用，要先由主管部门恢复使用。",
        "“{unit}” is archived; its department has to restore it first.",
    )


class AlreadySo(DomainError):
    code = "already_so"
    kind = ErrorKind.CONFLICT
    text = Text(
        "平台上已经是这样，不需要变更：{what}。",
        "It is so already and needs no change: {what}.",
    )


class UnitOnFile(DomainError):
    """The same thing has been asked for about the unit; ``number`` is the case's."""

    code = "unit_on_file"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这件事已经有人提交过（第 {number} 号申请），平台正在处理，无需重复提交。",
        "This is on file already (case {number}), and the platform is working on it.",
    )

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number=number)


class DepartmentMissing(DomainError):
    code = "form_department_missing"
    text = Text("请选择单位所在地的主管部门。", "Please choose the department the unit belongs to.")


class NotReported(DomainError):
    code = "form_not_reported"
    kind = ErrorKind.CONFLICT
    text = Text(
        "省平台没有报告您是这家单位的法定代表人。请法定代表人先在省平台完成“企业绑定”，再登录填写。",
        "The portal doesn't report you as this unit's legal representative. They bind the "
        "enterprise at the portal first, then sign in and file.",
    )


class NotInOffice(DomainError):
    code = "form_not_in_office"
    kind = ErrorKind.CONFLICT
    text = Text(
        "要卸任的人已不是“{unit}”的管理员，请重新选择。",
        "Whoever was to leave office no longer administers “{unit}”. Please choose again.",
    )


class ChangedSinceFiled(DomainError):
    """What the form was filed against is no longer so; nothing has been done."""

    code = "changed_since_filed"
    kind = ErrorKind.CONFLICT
    text = Text(
        "提交之后情况有了变化：{what}。请核对；变更表不再合适的，请不予通过并请对方重新填写。",
        "Things have changed since the form was filed: {what}. Please check; if it no longer "
        "fits, refuse it and have it filed again.",
    )
