"""The words of cases: their states, who moves them, what is done in the end, what is refused."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class CaseState(Enum):
    """Refused by the desk, withdrawn by the person: two endings, never merged."""

    FILED = "filed"
    WAITING = "waiting"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"

    @property
    def label(self) -> Text:
        return _STATE_LABELS[self]

    @property
    def is_open(self) -> bool:
        return self in (CaseState.FILED, CaseState.WAITING, CaseState.IN_REVIEW)


_STATE_LABELS = {
    CaseState.FILED: Text("已提交", "filed"),
    CaseState.WAITING: Text("待补充材料", "waiting for evidence"),
    CaseState.IN_REVIEW: Text("核实中", "in review"),
    CaseState.APPROVED: Text("已通过", "approved"),
    CaseState.REFUSED: Text("未通过", "refused"),
    CaseState.WITHDRAWN: Text("已撤回", "withdrawn"),
    CaseState.CLOSED: Text("已归档", "closed"),
}


class Side(Enum):
    """On whose side somebody moves a case."""

    PERSON = "person"
    DESK = "desk"

    @property
    def label(self) -> Text:
        return _SIDE_LABELS[self]


_SIDE_LABELS = {Side.PERSON: Text("本人", "the person"), Side.DESK: Text("平台", "the platform")}


class Move(Enum):
    """What takes a case from one state to another."""

    REVIEW = "review"
    ASK = "ask"
    ANSWER = "answer"
    HAND_IN = "hand_in"  # an answer, while nobody has the case in hand
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CLOSE = "close"


class Priority(Enum):
    NORMAL = "normal"
    URGENT = "urgent"

    @property
    def label(self) -> Text:
        return _PRIORITY_LABELS[self]


_PRIORITY_LABELS = {
    Priority.NORMAL: Text("一般", "normal"),
    Priority.URGENT: Text("紧急", "urgent"),
}


class Deed(Enum):
    """What approving a case does."""

    BIND = "bind"
    CORRECT = "correct"
    MERGE = "merge"
    UNBIND = "unbind"
    REBIND = "rebind"
    RENAME = "rename"
    RECODE = "recode"
    MAKE_WAY = "make_way"
    REGISTER = "register"
    IMPOSE = "impose"

    @property
    def label(self) -> Text:
        return _DEED_LABELS[self]

    @property
    def takes_two(self) -> bool:
        """One proposes, another confirms: something is taken from somebody, or joined for good."""
        return self not in _BY_ONE


# Nothing is taken from anybody, and nobody gains what the portal or a password doesn't vouch for.
_BY_ONE = frozenset({Deed.BIND, Deed.RENAME, Deed.REGISTER})

_DEED_LABELS = {
    Deed.BIND: Text("为本人绑定这个原账号", "bind this old account to the person"),
    Deed.CORRECT: Text(
        "把原账号的姓名和证件号码更正为省平台核验的",
        "correct the old account's name and ID number to those the portal has verified",
    ),
    Deed.MERGE: Text("把这些原账号都绑定到本人名下", "bind all these old accounts to the person"),
    Deed.UNBIND: Text("撤销这项绑定", "undo this binding"),
    Deed.REBIND: Text(
        "撤销他人的绑定，改绑到本人名下",
        "undo somebody else's binding and bind the account to this person",
    ),
    Deed.RENAME: Text("把单位改为申请的名称", "give the unit the name asked for"),
    Deed.RECODE: Text(
        "把统一社会信用代码改为申请的代码", "give the unit the credit code asked for"
    ),
    Deed.MAKE_WAY: Text(
        "结束前任法定代表人的身份，由省平台报告的现任接续",
        "end the former representative's capacity, so that the one the portal reports takes over",
    ),
    Deed.REGISTER: Text(
        "把单位登记在所选的主管部门之下", "register the unit under the department chosen"
    ),
    Deed.IMPOSE: Text("按申请为单位指定管理员", "appoint the administrator asked for"),
}


class Outcome(Enum):
    """How a proposal came out; taken back by whoever made it, declined by the second person."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class AlreadyOnFile(DomainError):
    code = "already_on_file"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您已就此提交过申请，平台正在处理，无需重复提交。",
        "This is on file already and the platform is working on it.",
    )


class NothingToFile(DomainError):
    code = "nothing_to_file"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您现在没有这个问题，不需要申请人工核实。请回到首页查看目前的进度。",
        "You don't have this problem just now. The start page says where you stand.",
    )


class StatementTooLong(DomainError):
    code = "statement_too_long"
    text = Text("情况说明最多 {most} 个字。", "At most {most} characters, please.")


class NothingSaid(DomainError):
    code = "nothing_said"
    text = Text("请先写下要说的内容。", "Please write something first.")


class CaseOver(DomainError):
    code = "case_over"
    kind = ErrorKind.CONFLICT
    text = Text("这份申请已经结束：{state}。", "This case is over already: {state}.")


class NotInThisState(DomainError):
    code = "case_not_in_this_state"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这份申请现在的状态是“{state}”，不能这样办理。",
        "The case is “{state}” now; this can't be done as things are.",
    )


class CaseChanged(DomainError):
    code = "case_changed"
    kind = ErrorKind.CONFLICT
    text = Text(
        "您打开页面之后，这份申请有了变化。请看过最新内容再办理，您写的还在。",
        "The case has changed since you opened it. Please look again; what you wrote is kept.",
    )


class NotYourCase(DomainError):
    code = "not_your_case"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这份申请不在您手上，请先接办。", "This case isn't in your hands; please take it first."
    )


class NoSuchColleague(DomainError):
    code = "no_such_colleague"
    text = Text("请选择一名在用的平台支持人员。", "Please choose an active member of support.")


class PersonNotHere(DomainError):
    code = "case_person_not_here"
    kind = ErrorKind.CONFLICT
    text = Text(
        "当事人还没有以中级实名认证登录过，要等本人登录之后才能办理。",
        "The person hasn't signed in with intermediate verification yet; that has to come first.",
    )


class TakesTwoPeople(DomainError):
    code = "takes_two_people"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这件事要由两名工作人员办理，请先提出办理意见，由另一人复核。",
        "This takes two people: propose it, and another member of staff confirms.",
    )


class NothingProposed(DomainError):
    code = "nothing_proposed"
    kind = ErrorKind.CONFLICT
    text = Text("现在没有待复核的办理意见。", "Nothing waits to be confirmed.")


class AlreadyProposed(DomainError):
    code = "already_proposed"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这份申请有办理意见等待复核，先处理它。", "A proposal waits for a second person already."
    )
