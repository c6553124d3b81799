"""Every kind of notice with its sentences, the states of a mail, and what can be refused."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text


class NoticeKind(Enum):
    """What somebody is told; the sentences' placeholders are the notice's values."""

    OFFICE_BEGAN = "office_began"
    OFFICE_WAITING = "office_waiting"
    OFFICE_ENDED = "office_ended"
    OFFICE_VOID = "office_void"
    APPLICATION_TO_DECIDE = "application_to_decide"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_DECLINED = "application_declined"
    CASE_MOVED = "case_moved"
    EVIDENCE_ASKED = "evidence_asked"
    CASE_WAITS = "case_waits"
    OFFICE_EXPIRING = "office_expiring"
    DEADLINE_NEAR = "deadline_near"
    ENTERPRISE_DEADLINE_NEAR = "enterprise_deadline_near"
    UNIT_DEADLINE_NEAR = "unit_deadline_near"
    UNIT_URGED = "unit_urged"
    UNIT_PUT_RIGHT = "unit_put_right"
    REPRESENTATION_ENDED = "representation_ended"
    ACCOUNT_BOUND = "account_bound"
    ACCOUNT_TAKEN_OVER = "account_taken_over"
    ACCOUNT_UNBOUND = "account_unbound"
    UNIT_FORM_FILED = "unit_form_filed"
    UNIT_FORM_MOVED = "unit_form_moved"
    UNIT_FORM_ASKED = "unit_form_asked"
    DESK_GIVEN = "desk_given"
    DESK_TAKEN = "desk_taken"
    DESK_ANSWERED = "desk_answered"
    DESK_TO_CONFIRM = "desk_to_confirm"
    DESK_LATE = "desk_late"

    @property
    def label(self) -> Text:
        return _LABELS[self]

    @property
    def sentence(self) -> Text:
        return _SENTENCES[self]

    @property
    def is_about_security(self) -> bool:
        """Told at once, at any hour, and never switched off."""
        return self in _SECURITY

    @property
    def is_for_staff(self) -> bool:
        """Told to members of support about their work; everything else is told to persons."""
        return self in _OF_THE_DESK

    @property
    def merits_sms(self) -> bool:
        """Worth a text message, which costs money and attention."""
        return self in _SECURITY | _TEXTED


class DeliveryState(Enum):
    """Where the mail or SMS of a notice stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


class EmailMalformed(DomainError):
    code = "email_malformed"
    text = Text(
        "邮箱地址的写法不对，请检查，例如 name@example.cn。",
        "That isn't an e-mail address; it looks like name@example.cn.",
    )


class AskedTooOften(DomainError):
    code = "asked_too_often"
    kind = ErrorKind.CONFLICT
    text = Text(
        "确认信息刚刚发过。请先查看邮箱（包括垃圾邮件）或手机短信，{minutes} 分钟后可以再发。",
        "A confirmation was sent just now. Look into your mailbox, its spam folder, or your text "
        "messages; another can be sent after {minutes} minutes.",
    )


class LinkOver(DomainError):
    code = "link_over"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这个确认链接已失效，或不是发给当前登录的人的。请在“邮件通知”里重新发送。",
        "This link is no longer valid, or was sent to somebody else. Send another from E-mail.",
    )


class MobileMalformed(DomainError):
    code = "mobile_malformed"
    text = Text(
        "手机号码的写法不对，应为 11 位数字，例如 13800000000。",
        "That isn't a mobile number of the mainland; it has 11 digits, like 13800000000.",
    )


class CodeWrong(DomainError):
    code = "code_wrong"
    text = Text("验证码不对，请核对短信后再填。", "That isn't the code; please look again.")


class CodeOver(DomainError):
    code = "code_over"
    kind = ErrorKind.CONFLICT
    text = Text(
        "验证码已失效，或填错次数太多。请重新发送。",
        "The code is no longer valid, or was wrong too often. Please send another.",
    )


_SECURITY = frozenset(
    {
        NoticeKind.ACCOUNT_TAKEN_OVER,
        NoticeKind.ACCOUNT_UNBOUND,
        NoticeKind.UNIT_PUT_RIGHT,
        NoticeKind.REPRESENTATION_ENDED,
    }
)

_OF_THE_DESK = frozenset(
    {
        NoticeKind.DESK_GIVEN,
        NoticeKind.DESK_TAKEN,
        NoticeKind.DESK_ANSWERED,
        NoticeKind.DESK_TO_CONFIRM,
        NoticeKind.DESK_LATE,
    }
)

_TEXTED = frozenset(
    {
        NoticeKind.OFFICE_BEGAN,
        NoticeKind.OFFICE_WAITING,
        NoticeKind.OFFICE_EXPIRING,
        NoticeKind.EVIDENCE_ASKED,
        NoticeKind.CASE_WAITS,
        NoticeKind.DEADLINE_NEAR,
        NoticeKind.ENTERPRISE_DEADLINE_NEAR,
        NoticeKind.UNIT_DEADLINE_NEAR,
        NoticeKind.UNIT_FORM_ASKED,
    }
)

_LABELS = {
    NoticeKind.OFFICE_BEGAN: Text("被指定为单位管理员", "Appointed as unit administrator"),
    NoticeKind.OFFICE_WAITING: Text("有一项指定待生效", "An appointment waits for you"),
    NoticeKind.OFFICE_ENDED: Text("不再担任单位管理员", "An office of yours ended"),
    NoticeKind.OFFICE_VOID: Text("待生效的指定已取消", "A waiting appointment is off"),
    NoticeKind.APPLICATION_TO_DECIDE: Text("有人申请加入单位", "Somebody applies to your unit"),
    NoticeKind.APPLICATION_ACCEPTED: Text("加入单位的申请已通过", "Application accepted"),
    NoticeKind.APPLICATION_DECLINED: Text("加入单位的申请未通过", "Application declined"),
    NoticeKind.CASE_MOVED: Text("人工核实有进展", "Your case moved"),
    NoticeKind.EVIDENCE_ASKED: Text("请补充材料", "Please add evidence"),
    NoticeKind.CASE_WAITS: Text("人工核实在等您答复", "A case waits for your answer"),
    NoticeKind.OFFICE_EXPIRING: Text("一项指定即将失效", "An appointment is about to expire"),
    NoticeKind.DEADLINE_NEAR: Text("迁移截止日快到了", "The deadline for moving is near"),
    NoticeKind.ENTERPRISE_DEADLINE_NEAR: Text(
        "截止日快到了，您代表的单位还没有迁移完",
        "The deadline is near; an enterprise of yours hasn't moved",
    ),
    NoticeKind.UNIT_DEADLINE_NEAR: Text(
        "截止日快到了，还有单位没有管理员", "The deadline is near; units lack administrators"
    ),
    NoticeKind.UNIT_URGED: Text("主管部门督办", "Urged by a department"),
    NoticeKind.UNIT_PUT_RIGHT: Text(
        "平台按变更表办理了本单位的事项", "The platform changed something about your unit"
    ),
    NoticeKind.REPRESENTATION_ENDED: Text("不再代表单位", "You no longer represent a unit"),
    NoticeKind.ACCOUNT_BOUND: Text("原账号已绑定", "Legacy account bound"),
    NoticeKind.ACCOUNT_TAKEN_OVER: Text("单位账号已由他人接续", "Unit account taken over"),
    NoticeKind.ACCOUNT_UNBOUND: Text("原账号的绑定已撤销", "A binding was undone"),
    NoticeKind.UNIT_FORM_FILED: Text(
        "平台代本单位提交了信息变更表", "A change form was filed for your unit"
    ),
    NoticeKind.UNIT_FORM_MOVED: Text("本单位的信息变更表有进展", "Your unit's change form moved"),
    NoticeKind.UNIT_FORM_ASKED: Text(
        "请为本单位的信息变更表补充材料", "Your unit's change form needs evidence"
    ),
    NoticeKind.DESK_GIVEN: Text("有工单转到您手上", "A case is in your hands"),
    NoticeKind.DESK_TAKEN: Text("同事接手了您的工单", "A colleague took over a case of yours"),
    NoticeKind.DESK_ANSWERED: Text("您的工单收到了答复或材料", "An answer or evidence came in"),
    NoticeKind.DESK_TO_CONFIRM: Text("有办理意见等待复核", "A proposal waits to be confirmed"),
    NoticeKind.DESK_LATE: Text("有工单超期", "A case is late"),
}

_SENTENCES = {
    NoticeKind.OFFICE_BEGAN: Text(
        "您已成为“{unit}”的管理员，由{by}指定。",
        "You are now an administrator of {unit}, appointed by {by}.",
    ),
    NoticeKind.OFFICE_WAITING: Text(
        "{by}指定您管理“{unit}”。指定还没有生效，首页会说明还差哪一步。",
        "{by} appointed you to administer {unit}. It hasn't taken effect yet; "
        "the start page says what is missing.",
    ),
    NoticeKind.OFFICE_ENDED: Text(
        "您不再是“{unit}”的管理员（{ending}）。",
        "You are no longer an administrator of {unit} ({ending}).",
    ),
    NoticeKind.OFFICE_VOID: Text(
        "指定您管理“{unit}”的事已取消（{ending}）。",
        "Your waiting appointment at {unit} is off ({ending}).",
    ),
    NoticeKind.APPLICATION_TO_DECIDE: Text(
        "有人申请加入“{unit}”，等您决定。",
        "Somebody applies to belong to {unit} and waits for your decision.",
    ),
    NoticeKind.APPLICATION_ACCEPTED: Text("您已加入“{unit}”。", "You now belong to {unit}."),
    NoticeKind.APPLICATION_DECLINED: Text(
        "您加入“{unit}”的申请没有通过，原因请看申请页面。",
        "Your application to {unit} was declined; the page of your applications says why.",
    ),
    NoticeKind.CASE_MOVED: Text(
        "您申请的人工核实有了进展，请查看。", "There is news about a case of yours."
    ),
    NoticeKind.EVIDENCE_ASKED: Text(
        "您申请的人工核实需要您补充材料或说明，请尽快办理。在您答复之前，我们无法继续。",
        "A case of yours needs more evidence or an answer from you; we can't go on without it.",
    ),
    NoticeKind.CASE_WAITS: Text(
        "您申请的人工核实已经等您答复 {days} 天。请补充材料或说明，我们才能继续。",
        "A case of yours has waited for your answer for {days} days; we can go on once you answer.",
    ),
    NoticeKind.OFFICE_EXPIRING: Text(
        "管理“{unit}”的一项指定还没有生效，{days} 天内不办就会失效。首页会说明还差哪一步。",
        "An appointment at {unit} hasn't taken effect and expires within {days} days. "
        "The start page says what is missing.",
    ),
    NoticeKind.DEADLINE_NEAR: Text(
        "您的原账号还没有迁移完，截止日是 {deadline}，还有 {days} 天。首页会告诉您下一步。",
        "Your old account hasn't moved yet. The deadline is {deadline}, {days} days from now; "
        "the start page says what to do next.",
    ),
    NoticeKind.ENTERPRISE_DEADLINE_NEAR: Text(
        "您代表的“{unit}”还没有迁移完，截止日是 {deadline}，还有 {days} 天。首页会告诉您下一步；"
        "您代表多家单位的，请逐家查看。",
        "{unit}, which you represent, hasn't moved yet, and perhaps others of yours. The deadline "
        "is {deadline}, {days} days from now; the start page says what to do next.",
    ),
    NoticeKind.UNIT_DEADLINE_NEAR: Text(
        "“{unit}”等由您负责的单位还没有管理员，截止日是 {deadline}，还有 {days} 天。请尽快指定。",
        "{unit}, and perhaps others you look after, has no administrator. The deadline is "
        "{deadline}, {days} days from now; please appoint somebody.",
    ),
    NoticeKind.UNIT_URGED: Text(
        "{department}请“{unit}”尽快办理，详情请看首页。",
        "{department} asks {unit} to act; the start page says what about.",
    ),
    NoticeKind.UNIT_PUT_RIGHT: Text(
        "平台已按信息变更表为“{unit}”办理：{form}。如果不是本单位的意思，请马上联系平台。",
        "The platform has acted on a change form about {unit}: {form}. If your unit didn't ask "
        "for it, call the platform at once.",
    ),
    NoticeKind.REPRESENTATION_ENDED: Text(
        "平台已按信息变更表结束您对“{unit}”的法定代表人身份。如有疑问，请马上联系平台。",
        "On a change form, the platform has ended your capacity as legal representative of "
        "{unit}. If that looks wrong, call the platform at once.",
    ),
    NoticeKind.ACCOUNT_BOUND: Text(
        "原账号“{account}”已绑定到您名下。如果不是您本人办理，请马上联系平台。",
        "The legacy account {account} is now bound to you. If that wasn't you, call the "
        "platform at once.",
    ),
    NoticeKind.ACCOUNT_TAKEN_OVER: Text(
        "您名下的单位账号“{account}”已由新的法定代表人接续。如有疑问，请马上联系平台。",
        "The unit account {account} has passed from you to the new legal representative. "
        "If that looks wrong, call the platform at once.",
    ),
    NoticeKind.ACCOUNT_UNBOUND: Text(
        "平台已撤销原账号“{account}”与您的绑定。如有疑问，请马上联系平台。",
        "The platform has undone your binding of the legacy account {account}. "
        "If that looks wrong, call the platform at once.",
    ),
    NoticeKind.UNIT_FORM_FILED: Text(
        "平台工作人员代“{unit}”提交了信息变更表：{form}。请核对；如果不是本单位的意思，请马上联系平台。",
        "The platform's staff filed a change form for {unit}: {form}. Please check it; if your "
        "unit didn't ask for it, call the platform at once.",
    ),
    NoticeKind.UNIT_FORM_MOVED: Text(
        "“{unit}”的信息变更表（{form}）有了进展，请查看。",
        "There is news about a change form of {unit}: {form}.",
    ),
    NoticeKind.UNIT_FORM_ASKED: Text(
        "“{unit}”的信息变更表（{form}）需要补充材料或说明，请尽快办理。在答复之前，我们无法继续。",
        "A change form of {unit} ({form}) needs more evidence or an answer from your unit; we "
        "can't go on without it.",
    ),
    NoticeKind.DESK_GIVEN: Text(
        "工单 {case}（{about}）已到您手上，应在 {due_on} 前办结。",
        "Case {case} ({about}) is in your hands now; it is due on {due_on}.",
    ),
    NoticeKind.DESK_TAKEN: Text(
        "工单 {case}（{about}）原在您手上，现由{by}接手，您不用再办。",
        "Case {case} ({about}), which you held, was taken over by {by}; you needn't see to it "
        "any more.",
    ),
    NoticeKind.DESK_ANSWERED: Text(
        "您手上的工单 {case}（{about}）收到了答复或材料，请查看。",
        "An answer or evidence came in on your case {case} ({about}).",
    ),
    NoticeKind.DESK_TO_CONFIRM: Text(
        "{by}就工单 {case}（{about}）提出了办理意见，等另一名工作人员复核。",
        "{by} proposed how to decide case {case} ({about}); another member of staff has to "
        "confirm it.",
    ),
    NoticeKind.DESK_LATE: Text(
        "工单 {case}（{about}）应在 {due_on} 前办结，现已超期，请尽快办理。",
        "Case {case} ({about}) was due on {due_on} and is late; please see to it.",
    ),
}
