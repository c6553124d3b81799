"""Where somebody stands on the way in, step by step, and each of their enterprises: pure.

``steps`` answers for a person who is signed in, ``verdict`` for one enterprise the portal reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from admin_app.migration.blockers import Blocker, Owner
from admin_app.migration.rules import Outcome
from admin_app.wording import Text


class StepState(Enum):
    """The values are the classes that the page's list of steps knows."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"


class Way(Enum):
    """Where the link leads that does a step."""

    BIND = "bind"
    ASK = "ask"  # for a hand: a case
    FILED = "filed"  # the case there is
    APPLY = "apply"
    ENTERPRISES = "enterprises"  # at the portal


class Step(NamedTuple):
    """A step, and for the next one who must act, how long it usually takes, and where it is done.

    ``blocker`` is what holds it up, if something does.
    """

    title: Text
    state: StepState
    text: Text | None = None
    owner: Owner | None = None
    usually: Text | None = None
    way: Way | None = None
    blocker: Blocker | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a person's steps follow from.

    Args:
        outcome, blocker: what matching says of their own account.
        forgotten: the prompted account's old password is locked or forgotten.
        enterprises: how many the portal reports as theirs.
        named_by_unit: an old unit account names them, but the portal reports no enterprise.
        unit_password: the old password of a unit account is asked, for want of a personal one.
        belongs: they have an affiliation, or an office.
        applied: an application to a unit waits to be decided.
        another: what holds up one more account of theirs, though their own is bound.
        filed: a case about the blocker is on file.
    """

    outcome: Outcome
    blocker: Blocker | None = None
    forgotten: bool = False
    enterprises: int = 0
    named_by_unit: bool = False
    unit_password: bool = False
    belongs: bool = False
    applied: bool = False
    another: Blocker | None = None
    filed: bool = False

    @property
    def has_none(self) -> bool:
        """No account to bind: nothing to do but to belong somewhere (R38)."""
        return self.outcome is Outcome.NOTHING and not self.unit_password

    @property
    def should_apply(self) -> bool:
        """R37: the one hint under the avatar."""
        return self.has_none and not self.belongs and not self.applied


_APPLY = Text("请申请单位", "Apply to a unit")
_BEING_CHECKED = Text(
    "申请已提交，平台工作人员会核实并与您联系，请保持电话畅通。",
    "Your case is on file; the platform's staff will look into it and be in touch.",
)
_MINUTES = Text("几分钟", "a few minutes")


def steps(facts: PersonFacts) -> list[Step]:
    """Registered, verified, enterprise bound (representatives only), account bound, unit."""
    way = [
        Step(Text("已注册省平台账号", "Registered at the portal"), StepState.DONE),
        Step(Text("已完成中级实名认证", "Verified at intermediate level"), StepState.DONE),
    ]
    if facts.enterprises or facts.named_by_unit:
        way.append(_enterprise(facts))
    own = _account(facts)
    way.append(own)
    if facts.another is not None:
        way.append(_another(facts, facts.another))
    return [*way, _unit(facts, own)]


def _enterprise(facts: PersonFacts) -> Step:
    if facts.enterprises:
        return Step(Text("已做企业绑定", "Enterprise bound at the portal"), StepState.DONE)
    title = Text("在省平台做企业绑定", "Bind your enterprise at the portal")
    return _held(title, Blocker.ENTERPRISE_NOT_BOUND, Way.ENTERPRISES)


def _account(facts: PersonFacts) -> Step:
    title = Text("绑定原账号", "Bind your old account")
    if facts.outcome is Outcome.BLOCKED and facts.blocker is not None:
        held = _held(title, facts.blocker, Way.ASK)
        return held._replace(text=_BEING_CHECKED, way=Way.FILED) if facts.filed else held
    if facts.forgotten:
        return _held(title, Blocker.OLD_PASSWORD, Way.BIND)
    if facts.outcome is Outcome.PROMPT:
        text = Text(
            "我们找到了您的原账号。输入原来的密码，历史业务数据就归到您名下。",
            "We found your old account. Type its old password, and its history is yours.",
        )
        return Step(title, StepState.NEXT, text, Owner.PERSON, _MINUTES, Way.BIND)
    if facts.unit_password:
        text = Text(
            "您没有原个人账号，请输入原单位账号的密码来绑定单位的数据。",
            "You had no personal account: type the unit account's old password to bind its data.",
        )
        return Step(title, StepState.NEXT, text, Owner.PERSON, _MINUTES, Way.BIND)
    if facts.outcome is Outcome.BOUND:
        return Step(Text("已绑定原账号", "Old account bound"), StepState.DONE)
    return Step(
        Text("没有原账号，不需要绑定", "No old account: nothing to bind"),
        StepState.DONE,
        Text(
            "以前没有在科技云平台注册过的，这是正常的。",
            "That is as it should be if you never were on the science platform.",
        ),
    )


def _another(facts: PersonFacts, blocker: Blocker) -> Step:
    """What is bound stays bound; the rest is for staff."""
    held = _held(Text("另一个原账号", "Another old account"), blocker, Way.ASK)
    if facts.filed:
        return held._replace(text=_BEING_CHECKED, way=Way.FILED)
    text = Text(
        "又找到与您证件号码相同的原账号。已绑定的账号和单位不受影响；这个账号由平台核实后处理。",
        "One more old account has your ID number. What you have bound stays as it is; the "
        "platform has to check this one.",
    )
    return held._replace(text=text)


def _unit(facts: PersonFacts, own: Step) -> Step:
    if facts.belongs:
        return Step(Text("已有所属单位", "You belong to a unit"), StepState.DONE)
    if facts.applied:
        return Step(
            Text("等待单位答复", "Waiting for the unit's answer"),
            StepState.NEXT,
            Text("申请已提交，由单位管理员处理。", "Your application is with the unit."),
            Owner.UNIT,
            Text("取决于单位何时处理", "depends on the unit"),
            Way.APPLY,
        )
    if own.state is not StepState.DONE:
        return Step(
            Text("所属单位", "Your unit"),
            StepState.LATER,
            Text(
                "原来的隶属关系随原账号一起回来，不会改变。",
                "What you belonged to comes back with the account, unchanged.",
            ),
        )
    text = Text(
        "您还没有所属单位。找到单位，提交申请，由单位管理员同意。",
        "You don't belong to a unit yet. Find yours and apply; its administrator decides.",
    )
    return Step(_APPLY, StepState.NEXT, text, Owner.PERSON, _MINUTES, Way.APPLY)


def _held(title: Text, blocker: Blocker, way: Way) -> Step:
    advice = blocker.advice
    return Step(title, StepState.NEXT, advice.step, advice.owner, advice.usually, way, blocker)


class Verdict(Enum):
    """What has become of an enterprise's old account; the least good counts if it had several."""

    BOUND_NOW = "bound_now"
    BOUND_BEFORE = "bound_before"
    NO_OLD_ACCOUNT = "no_old_account"
    WAITS_FOR_UNIT_PASSWORD = "waits_for_unit_password"  # noqa: S105 - a word
    WAITS_FOR_OWN = "waits_for_own"
    SOMEBODY_ELSES = "somebody_elses"
    DISPUTED = "disputed"
    NOT_ON_PLATFORM = "not_on_platform"

    @property
    def label(self) -> Text:
        return _VERDICTS[self][0]

    @property
    def step(self) -> Text:
        return _VERDICTS[self][1]

    @property
    def tone(self) -> str:
        return _VERDICTS[self][2]


_VERDICTS: dict[Verdict, tuple[Text, Text, str]] = {
    Verdict.BOUND_NOW: (
        Text("本次已绑定", "bound now"),
        Text("单位的历史业务数据已归到您名下。", "The unit's history is with you now."),
        "good",
    ),
    Verdict.BOUND_BEFORE: (
        Text("以前已绑定", "bound before"),
        Text("不用再做什么。", "Nothing is left to do."),
        "good",
    ),
    Verdict.NO_OLD_ACCOUNT: (
        Text("没有原单位账号", "no old unit account"),
        Text("单位在平台上，不需要绑定。", "The unit is on the platform; nothing to bind."),
        "quiet",
    ),
    Verdict.WAITS_FOR_UNIT_PASSWORD: (
        Text("等您输入原单位账号密码", "waits for the unit's old password"),
        Text(
            "到“绑定原账号”输入任意一个原单位账号的密码。", "Type it under “Bind your old account”."
        ),
        "wait",
    ),
    Verdict.WAITS_FOR_OWN: (
        Text("等您本人的账号绑定", "waits for your own account"),
        Text(
            "您本人的原账号绑定成功后，这家单位自动绑定，不用再输密码。",
            "Once your own account is bound, this unit follows by itself, without a password.",
        ),
        "wait",
    ),
    Verdict.SOMEBODY_ELSES: (
        Text("目前绑定在他人名下", "bound to somebody else"),
        Text(
            "您本人的原账号绑定成功后自动转到您名下；一直没有变化的，请申请人工核实。",
            "It passes to you once your own account is bound; if it doesn't, ask us to check.",
        ),
        "bad",
    ),
    Verdict.DISPUTED: (
        Text("正在核实", "being checked"),
        Blocker.DISPUTED.advice.step,
        "bad",
    ),
    Verdict.NOT_ON_PLATFORM: (
        Text("不在科技云平台上", "not on the platform"),
        Blocker.ENTERPRISE_NOT_ON_PLATFORM.advice.step,
        "bad",
    ),
}


class UnitAccount(NamedTuple):
    """An enterprise's old account: whether it is bound to the person, or to another, since when."""

    is_theirs: bool = False
    is_somebody_elses: bool = False
    is_disputed: bool = False
    is_new: bool = False


def verdict(on_platform: bool, accounts: Sequence[UnitAccount], personal: Outcome) -> Verdict:
    """What has become of an enterprise that the portal reports as a person's."""
    if not on_platform:
        return Verdict.NOT_ON_PLATFORM
    if not accounts:
        return Verdict.NO_OLD_ACCOUNT
    return max((_verdict(each, personal) for each in accounts), key=_ORDER.index)


_ORDER = list(Verdict)


def _verdict(account: UnitAccount, personal: Outcome) -> Verdict:
    if account.is_theirs:
        return Verdict.BOUND_NOW if account.is_new else Verdict.BOUND_BEFORE
    if account.is_somebody_elses:
        return Verdict.SOMEBODY_ELSES
    if account.is_disputed:
        return Verdict.DISPUTED
    if personal is Outcome.NOTHING:
        return Verdict.WAITS_FOR_UNIT_PASSWORD
    return Verdict.WAITS_FOR_OWN
