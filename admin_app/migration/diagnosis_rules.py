"""Why somebody is stuck: the chain from registering to administering, its first broken link, and
what to say to whoever calls. Pure functions."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from admin_app.identity.id_numbers import resident_id_18
from admin_app.identity.names import name_for_comparison
from admin_app.identity.vocabulary import IdType
from admin_app.migration.blockers import Blocker
from admin_app.migration.rules import (
    Difference,
    Standing,
    compare_names,
    compare_numbers,
    differing,
)
from admin_app.migration.vocabulary import AccountState
from admin_app.wording import Text


class Link(Enum):
    """The links of the chain, in their order."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    ENTERPRISE_BOUND = "enterprise_bound"
    SIGNED_IN = "signed_in"
    PERSONAL_ACCOUNT = "personal_account"
    UNIT_DATA = "unit_data"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Text:
        return _LINK_LABELS[self]


_LINK_LABELS = {
    Link.REGISTERED: Text("在省平台注册", "registered at the portal"),
    Link.VERIFIED: Text("中级实名认证", "verified"),
    Link.ENTERPRISE_BOUND: Text("企业绑定", "enterprise bound at the portal"),
    Link.SIGNED_IN: Text("登录本平台", "signed in here"),
    Link.PERSONAL_ACCOUNT: Text("绑定个人账号", "personal account bound"),
    Link.UNIT_DATA: Text("接收单位数据", "unit data brought along"),
    Link.ADMINISTRATOR: Text("单位管理员", "unit administrator"),
}


class LinkState(Enum):
    DONE = "done"
    WAITING = "waiting"  # nothing is wrong; it is somebody's turn
    BROKEN = "broken"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> Text:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    LinkState.DONE: Text("已完成", "done"),
    LinkState.WAITING: Text("等待办理", "waiting"),
    LinkState.BROKEN: Text("卡在这里", "broken"),
    LinkState.NOT_REACHED: Text("还没到这一步", "not reached"),
    LinkState.NOT_NEEDED: Text("不需要", "not needed"),
}

# Which link each blocker breaks.
_BREAKS = {
    Blocker.NOT_SIGNED_IN: Link.REGISTERED,
    Blocker.VERIFICATION_TOO_LOW: Link.VERIFIED,
    Blocker.FOREIGNER_WITHOUT_CARD: Link.VERIFIED,
    Blocker.ENTERPRISE_NOT_BOUND: Link.ENTERPRISE_BOUND,
    Blocker.NOT_THEIR_ENTERPRISE: Link.ENTERPRISE_BOUND,
    Blocker.ENTERPRISE_NOT_ON_PLATFORM: Link.UNIT_DATA,
    Blocker.BLOCKED_BY_REPRESENTATIVE: Link.PERSONAL_ACCOUNT,
    Blocker.SEVERAL_ACCOUNTS: Link.PERSONAL_ACCOUNT,
    Blocker.ID_DIFFERS: Link.PERSONAL_ACCOUNT,
    Blocker.NAME_DIFFERS: Link.PERSONAL_ACCOUNT,
    Blocker.OLD_PASSWORD: Link.PERSONAL_ACCOUNT,
    Blocker.REGISTERED_BY_PASSPORT: Link.PERSONAL_ACCOUNT,
    Blocker.DISPUTED: Link.PERSONAL_ACCOUNT,
    Blocker.UNIT_WITHOUT_ADMINISTRATOR: Link.ADMINISTRATOR,
    Blocker.APPOINTEE_NOT_REGISTERED: Link.ADMINISTRATOR,
    Blocker.APPOINTEE_NOT_VERIFIED: Link.ADMINISTRATOR,
}


class LinkResult(NamedTuple):
    link: Link
    state: LinkState


def chain(
    known: Mapping[Link, bool | None], standing: Standing, *, whole_unit: bool = False
) -> tuple[LinkResult, ...]:
    """The links as they stand.

    Args:
        known: whether each link is done; None, or not named: not needed here.
        standing: where the person, unit or account stands; its blocker breaks one link.
        whole_unit: a unit account has no personal link of its own that a password or a dispute
            could break; then it is the unit data.
    """
    broken = broken_link(standing, known, whole_unit=whole_unit)
    waiting = broken is None
    results = []
    for link in Link:
        done = known.get(link)
        if link is broken:
            state = LinkState.BROKEN
        elif done is None:
            state = LinkState.NOT_NEEDED
        elif done:
            state = LinkState.DONE
        elif waiting:
            state, waiting = LinkState.WAITING, False
        else:
            state = LinkState.NOT_REACHED
        results.append(LinkResult(link, state))
    return tuple(results)


def broken_link(
    standing: Standing, known: Mapping[Link, bool | None], *, whole_unit: bool = False
) -> Link | None:
    """The link that a standing's blocker breaks."""
    if standing.blocker is None:
        return None
    link = _BREAKS[standing.blocker]
    own = standing.blocker is not Blocker.BLOCKED_BY_REPRESENTATIVE
    if whole_unit and own and link is Link.PERSONAL_ACCOUNT:
        return Link.UNIT_DATA
    if link is Link.REGISTERED and known.get(Link.REGISTERED):
        # Known to the portal by other ways than signing in here.
        undone = (each for each in (Link.ENTERPRISE_BOUND, Link.SIGNED_IN) if not known.get(each))
        return next(undone, Link.SIGNED_IN)
    return link


def behind(standings: list[Standing]) -> Standing:
    """Of several standings the one that is told: the first stuck one, then the first not done."""
    for state in (AccountState.STUCK, AccountState.NOT_STARTED, AccountState.IN_PROGRESS):
        for standing in standings:
            if standing.state is state:
                return standing
    return Standing(AccountState.MIGRATED)


def how_numbers_differ(one_type: IdType, one: str, other_type: IdType, other: str) -> Text:
    """Evidence about two ID numbers that tells neither of them."""
    kind = compare_numbers(one_type, one, other_type, other)
    if one_type is not other_type:
        return Text(
            "原账号登记的是{one}，省平台报告的是{other}（{kind}）。",
            "The old account has a {one}, the portal reports a {other} ({kind}).",
        ).format(one=one_type.label, other=other_type.label, kind=kind.label)
    if one_type is IdType.RESIDENT_ID:
        one, other = resident_id_18(one), resident_id_18(other)
    if len(one) != len(other):
        return Text(
            "原账号登记的证件号码是 {one} 位，省平台是 {other} 位（{kind}）。",
            "The old account's ID number has {one} characters, the portal's {other} ({kind}).",
        ).format(one=len(one), other=len(other), kind=kind.label)
    number = differing(one, other)
    if not number:
        return Text(
            "原账号登记的证件号码与省平台一致。",
            "The old account's ID number is the portal's.",
        )
    return Text(
        "原账号登记的证件号码与省平台相差 {number} 位（{kind}）。",
        "The old account's ID number differs from the portal's in {number} characters ({kind}).",
    ).format(number=number, kind=kind.label)


def how_names_differ(one: str, other: str) -> Text:
    """Evidence about two names that tells neither of them."""
    kind = compare_names(one, other)
    a, b = name_for_comparison(one), name_for_comparison(other)
    if kind is Difference.NONE:
        return Text("原账号登记的姓名与省平台一致。", "The old account's name is the portal's.")
    if len(a) == len(b):
        return Text(
            "原账号登记的姓名与省平台相差 {number} 个字（{kind}）。",
            "The old account's name differs from the portal's in {number} characters ({kind}).",
        ).format(number=differing(a, b), kind=kind.label)
    return Text(
        "原账号登记的姓名是 {one} 个字，省平台是 {other} 个字（{kind}）。",
        "The old account's name has {one} characters, the portal's {other} ({kind}).",
    ).format(one=len(a), other=len(b), kind=kind.label)


def sentence(subject: Text, standing: Standing, cause: Blocker | None = None) -> Text:
    """What to say to whoever calls: where it stands, why, and what happens next."""
    blocker = standing.blocker
    if blocker is None:
        return _FINE[standing.state].format(subject=subject)
    advice = blocker.advice
    if cause is not None:
        return Text(
            "您好，{subject}要等法定代表人本人的账号办好，而他（她）本人现在的情况是：{cause}。"
            "{step}办好之后单位数据会自动过来。",
            "Hello. {subject} waits for its legal representative's own account, which is held up: "
            "{cause}. {step} The unit's data then comes by itself.",
        ).format(subject=subject, cause=cause.label, step=cause.advice.step)
    return Text(
        "您好，{subject}现在的情况是：{label}。{step}这件事由{owner}办理，{usually}；"
        "有疑问请找{desk}。",
        "Hello. {subject}: {label}. {step} It is for {owner} to do ({usually}); for questions "
        "there is {desk}.",
    ).format(
        subject=subject,
        label=advice.label,
        step=advice.step,
        owner=advice.owner.label,
        usually=advice.usually,
        desk=advice.desk.label,
    )


_FINE = {
    AccountState.MIGRATED: Text(
        "您好，{subject}已经办好，直接从“自然人与法人登录”进入即可，不需要再做什么。",
        "Hello. {subject} is done: just sign in through the portal; nothing else is needed.",
    ),
    AccountState.IN_PROGRESS: Text(
        "您好，{subject}没有问题，登录后按页面提示输入原密码完成绑定即可，几分钟就好。",
        "Hello. {subject} is fine: sign in and give the old password when the page asks for it. "
        "It takes a few minutes.",
    ),
    AccountState.NOT_STARTED: Text(
        "您好，{subject}还没有开始办理，请从“自然人与法人登录”登录一次。",
        "Hello. {subject} hasn't been started yet; please sign in once through the portal.",
    ),
    AccountState.STUCK: Text("{subject}", "{subject}"),
}
