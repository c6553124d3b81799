"""What the portal reports, the platform knows and old unit accounts hold: a verdict for each line.

Pure functions.
"""

from dataclasses import dataclass
from enum import Enum

from admin_app.wording import Text


class FoundBy(Enum):
    """How a reported enterprise was recognised on the platform, surest first."""

    CODE = "code"
    ORGANISATION_CODE = "organisation_code"
    FORMER_NAME = "former_name"
    NOTHING = "nothing"

    @property
    def label(self) -> Text:
        return _FOUND_LABELS[self]


_FOUND_LABELS = {
    FoundBy.CODE: Text("统一社会信用代码", "credit code"),
    FoundBy.ORGANISATION_CODE: Text("组织机构代码", "organisation code"),
    FoundBy.FORMER_NAME: Text("单位名称或曾用名", "present or former name"),
    FoundBy.NOTHING: Text("未找到", "not found"),
}


class Verdict(Enum):
    IN_ORDER = "in_order"
    WAITING = "waiting"
    NOTHING_TO_BRING = "nothing_to_bring"
    HELD_BY_ANOTHER = "held_by_another"
    PROBABLY_THE_SAME = "probably_the_same"
    NOT_ON_PLATFORM = "not_on_platform"
    NOT_REPORTED = "not_reported"
    REPORTED_FOR_ANOTHER = "reported_for_another"

    @property
    def label(self) -> Text:
        return _VERDICTS[self][0]

    @property
    def step(self) -> Text:
        return _VERDICTS[self][1]

    @property
    def is_fine(self) -> bool:
        return self in (Verdict.IN_ORDER, Verdict.NOTHING_TO_BRING)


_VERDICTS = {
    Verdict.IN_ORDER: (
        Text("三方一致", "in order"),
        Text("不需要办理。", "Nothing to do."),
    ),
    Verdict.WAITING: (
        Text("等法定代表人绑定", "waiting for the representative"),
        Text(
            "法定代表人登录，先绑定个人账号，单位数据随后自动过来。",
            "The representative signs in and binds their own account; the data then comes along.",
        ),
    ),
    Verdict.NOTHING_TO_BRING: (
        Text("一致，没有原单位账号", "in order, never had an account"),
        Text(
            "没有需要接收的数据；确有原账号的，请平台核对它登记的代码。",
            "There is no data to bring; if there was an account, have its code checked.",
        ),
    ),
    Verdict.HELD_BY_ANOTHER: (
        Text("原单位账号在他人名下", "the account is somebody else's"),
        Text(
            "现任法定代表人重新登录一次即可接续；仍不行的，请平台核实。",
            "The present representative signs in once more and takes over; if not, the platform "
            "has to look into it.",
        ),
    ),
    Verdict.PROBABLY_THE_SAME: (
        Text("可能是同一单位，代码不同", "probably the same, under another code"),
        Text(
            "请平台核对两个代码；确为同一单位的，更正平台上的代码后重新登录。",
            "The platform compares the two codes; if they are one unit, the code here is "
            "corrected, and the representative signs in again.",
        ),
    ),
    Verdict.NOT_ON_PLATFORM: (
        Text("单位不在平台上", "not on the platform"),
        Text(
            "先核对以前是否在平台注册过；没有的，请主管部门登记这家单位。",
            "Find out whether it was ever on the platform; if not, its department registers it.",
        ),
    ),
    Verdict.NOT_REPORTED: (
        Text("省平台没有报告法定代表人", "the portal reports no representative"),
        Text(
            "法定代表人在省平台完成“企业绑定”，再登录一次。",
            "The representative binds the enterprise at the portal and signs in again.",
        ),
    ),
    Verdict.REPORTED_FOR_ANOTHER: (
        Text("省平台报告的是另一位法定代表人", "the portal reports another representative"),
        Text(
            "法定代表人已变更的，由现任登录接续；没有变更的，请本人在省平台核对。",
            "If the representative has changed, the present one signs in; otherwise it has to be "
            "put right at the portal.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known of one enterprise.

    Args:
        reported: the portal reports it for whom the line is about (for a unit: for anybody).
        reported_for_another: it reports it, but for somebody else.
        found_by: how it was recognised on the platform.
        accounts, bound, held_by_another: its old unit accounts; those bound to whom the portal
            reports; those bound to somebody else.
    """

    reported: bool
    reported_for_another: bool = False
    found_by: FoundBy = FoundBy.CODE
    accounts: int = 0
    bound: int = 0
    held_by_another: int = 0


def verdict(facts: LineFacts) -> Verdict:
    """How the three sources agree."""
    if facts.found_by is FoundBy.NOTHING:
        return Verdict.NOT_ON_PLATFORM
    if facts.reported_for_another:
        return Verdict.REPORTED_FOR_ANOTHER
    if not facts.reported:
        return Verdict.NOT_REPORTED
    if facts.found_by is not FoundBy.CODE:
        return Verdict.PROBABLY_THE_SAME
    if facts.held_by_another:
        return Verdict.HELD_BY_ANOTHER
    if facts.bound < facts.accounts:
        return Verdict.WAITING
    return Verdict.IN_ORDER if facts.accounts else Verdict.NOTHING_TO_BRING
