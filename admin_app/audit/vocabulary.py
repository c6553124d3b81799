"""Everything that can happen and is recorded: the catalogue is the specification."""

from enum import Enum

from admin_app.wording import Text


class Event(Enum):
    """An event of the audit trail; its label is a sentence fragment in both languages."""

    UNIT_CREATED = "unit.created"
    UNIT_RENAMED = "unit.renamed"
    UNIT_RECODED = "unit.recoded"
    UNIT_MOVED = "unit.moved"
    UNIT_ARCHIVED = "unit.archived"
    UNIT_RESTORED = "unit.restored"
    UNITS_IMPORTED = "units.imported"

    ADMINISTRATOR_APPOINTED = "administrator.appointed"
    ADMINISTRATOR_PENDING = "administrator.pending"
    ADMINISTRATOR_TOOK_OFFICE = "administrator.took_office"
    ADMINISTRATOR_REASSIGNED = "administrator.reassigned"
    ADMINISTRATOR_ENDED = "administrator.ended"
    ADMINISTRATOR_RESIGNED = "administrator.resigned"
    ADMINISTRATOR_LAPSED = "administrator.lapsed"
    APPOINTMENT_WITHDRAWN = "appointment.withdrawn"
    APPOINTMENT_EXPIRED = "appointment.expired"
    APPOINTMENT_HELD_UP = "appointment.held_up"

    SIGNED_IN = "session.signed_in"
    SIGN_IN_REFUSED = "session.refused"
    SIGNED_OUT = "session.signed_out"
    SESSION_ENDED = "session.ended"
    PERSON_REGISTERED = "person.registered"
    PERSON_CHANGED = "person.changed"
    LEVEL_CHANGED = "person.level_changed"
    REPRESENTATION_BEGAN = "representation.began"
    REPRESENTATION_ENDED = "representation.ended"
    REPRESENTATION_ENDED_BY_DESK = "representation.ended_by_desk"
    STAFF_ADDED = "staff.added"
    STAFF_PASSWORD_SET = "staff.password_set"  # noqa: S105 - the name of an event
    STAFF_SHUT_OUT = "staff.shut_out"
    STAFF_LET_IN_AGAIN = "staff.let_in_again"

    ACCOUNTS_IMPORTED = "accounts.imported"
    AFFILIATIONS_IMPORTED = "affiliations.imported"
    HISTORY_IMPORTED = "history.imported"
    CONSENT_GIVEN = "consent.given"
    ACCOUNT_BOUND = "account.bound"
    ACCOUNT_BINDING_REFUSED = "account.binding_refused"
    ACCOUNT_LOCKED = "account.locked"
    ACCOUNT_DISOWNED = "account.disowned"
    ACCOUNT_TAKEN_OVER = "account.taken_over"
    ACCOUNT_UNBOUND = "account.unbound"
    ACCOUNT_CORRECTED = "account.corrected"
    ID_NUMBER_REVEALED = "id_number.revealed"
    KEYS_ROTATED = "keys.rotated"
    APPLICATION_FILED = "application.filed"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATION_ACCEPTED = "application.accepted"
    APPLICATION_DECLINED = "application.declined"
    CASE_FILED = "case.filed"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_TAKEN = "case.taken"
    CASE_HANDED_OVER = "case.handed_over"
    CASE_RANKED = "case.ranked"
    CASE_REVIEWED = "case.reviewed"
    CASE_EVIDENCE_ASKED = "case.evidence_asked"
    CASE_ANSWERED = "case.answered"
    CASE_MESSAGE_SENT = "case.message_sent"
    CASE_NOTED = "case.noted"
    CASE_PROPOSED = "case.proposed"
    CASE_PROPOSAL_DECLINED = "case.proposal_declined"
    CASE_APPROVED = "case.approved"
    CASE_REFUSED = "case.refused"
    CASE_CLOSED = "case.closed"
    CASE_ASSIGNED = "case.assigned"
    CASE_ESCALATED = "case.escalated"
    CASE_JOINED = "case.joined"
    DESK_MEMBER_CHANGED = "desk_member.changed"
    DESK_VIEW_SAVED = "desk_view.saved"
    DESK_VIEW_REMOVED = "desk_view.removed"
    CASE_FORM_TAKEN = "case.form_taken"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_SEEN = "evidence.seen"
    UNIT_URGED = "unit.urged"
    URGING_ACKNOWLEDGED = "urging.acknowledged"
    MAIL_ADDRESS_CONFIRMED = "mail_address.confirmed"
    MAIL_ADDRESS_REMOVED = "mail_address.removed"
    MOBILE_NUMBER_CONFIRMED = "mobile_number.confirmed"
    MOBILE_NUMBER_REMOVED = "mobile_number.removed"
    LIST_EXPORTED = "list.exported"
    RESULT_TAKEN = "result.taken"
    IMPORT_ASKED = "import.asked"
    JOB_CANCELLED = "job.cancelled"

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS = {
    Event.UNIT_CREATED: Text("新增单位", "unit created"),
    Event.UNIT_RENAMED: Text("更改单位名称", "unit renamed"),
    Event.UNIT_RECODED: Text("更正统一社会信用代码", "credit code corrected"),
    Event.UNIT_MOVED: Text("移动单位", "unit moved"),
    Event.UNIT_ARCHIVED: Text("停用单位", "unit archived"),
    Event.UNIT_RESTORED: Text("恢复单位", "unit restored"),
    Event.UNITS_IMPORTED: Text("导入单位名录", "unit register imported"),
    Event.ADMINISTRATOR_APPOINTED: Text("指定管理员", "administrator appointed"),
    Event.ADMINISTRATOR_PENDING: Text(
        "指定管理员（待本人登录生效）", "administrator appointed, pending sign-in"
    ),
    Event.ADMINISTRATOR_TOOK_OFFICE: Text("管理员到任", "administrator took office"),
    Event.ADMINISTRATOR_REASSIGNED: Text("变更管理员", "administrator reassigned"),
    Event.ADMINISTRATOR_ENDED: Text("解除管理员", "administrator's office ended"),
    Event.ADMINISTRATOR_RESIGNED: Text("管理员辞任", "administrator resigned"),
    Event.ADMINISTRATOR_LAPSED: Text(
        "管理员因实名等级不足暂停任职", "administrator's office lapsed with the verification level"
    ),
    Event.APPOINTMENT_WITHDRAWN: Text("撤回待生效的指定", "pending appointment withdrawn"),
    Event.APPOINTMENT_EXPIRED: Text("待生效的指定已过期", "pending appointment expired"),
    Event.APPOINTMENT_HELD_UP: Text(
        "待生效的指定未能生效", "pending appointment could not take effect"
    ),
    Event.SIGNED_IN: Text("登录", "signed in"),
    Event.SIGN_IN_REFUSED: Text("登录被拒绝", "sign-in refused"),
    Event.SIGNED_OUT: Text("退出", "signed out"),
    Event.SESSION_ENDED: Text("结束登录会话", "session ended"),
    Event.PERSON_REGISTERED: Text("自然人首次登录", "natural person signed in first"),
    Event.PERSON_CHANGED: Text("自然人信息变化", "natural person's particulars changed"),
    Event.LEVEL_CHANGED: Text("实名认证等级变化", "verification level changed"),
    Event.REPRESENTATION_BEGAN: Text(
        "省平台报告为法定代表人", "portal reports a legal representative"
    ),
    Event.REPRESENTATION_ENDED: Text(
        "省平台不再报告为法定代表人", "portal no longer reports a legal representative"
    ),
    Event.REPRESENTATION_ENDED_BY_DESK: Text(
        "平台结束原法定代表人的身份", "former representative's capacity ended by the platform"
    ),
    Event.STAFF_ADDED: Text("新增本地账号", "staff account added"),
    Event.STAFF_PASSWORD_SET: Text("重设本地账号密码", "staff account's password set"),
    Event.STAFF_SHUT_OUT: Text("停用本地账号", "staff account disabled"),
    Event.STAFF_LET_IN_AGAIN: Text("恢复本地账号", "staff account enabled again"),
    Event.ACCOUNTS_IMPORTED: Text("导入原账号", "legacy accounts imported"),
    Event.AFFILIATIONS_IMPORTED: Text("导入隶属关系", "affiliations imported"),
    Event.HISTORY_IMPORTED: Text("导入历史业务数据", "business history imported"),
    Event.CONSENT_GIVEN: Text("同意核对证件号码", "agreed that the ID number is compared"),
    Event.ACCOUNT_BOUND: Text("绑定原账号", "legacy account bound"),
    Event.ACCOUNT_BINDING_REFUSED: Text("绑定未成功", "binding refused"),
    Event.ACCOUNT_LOCKED: Text("绑定因输错次数过多暂停", "binding locked after wrong passwords"),
    Event.ACCOUNT_DISOWNED: Text("本人表示不是自己的账号", "person says the account isn't theirs"),
    Event.ACCOUNT_TAKEN_OVER: Text("接续单位账号", "unit account taken over"),
    Event.ACCOUNT_UNBOUND: Text("撤销绑定", "binding undone"),
    Event.ACCOUNT_CORRECTED: Text("更正原账号登记信息", "legacy account corrected"),
    Event.ID_NUMBER_REVEALED: Text("查看完整证件号码", "ID number revealed"),
    Event.KEYS_ROTATED: Text("更换加密密钥", "encryption keys rotated"),
    Event.APPLICATION_FILED: Text("申请加入单位", "applied to a unit"),
    Event.APPLICATION_WITHDRAWN: Text("撤回加入单位的申请", "application to a unit withdrawn"),
    Event.APPLICATION_ACCEPTED: Text("同意加入单位", "application accepted"),
    Event.APPLICATION_DECLINED: Text("未同意加入单位", "application declined"),
    Event.CASE_FILED: Text("申请人工核实", "case filed"),
    Event.CASE_WITHDRAWN: Text("撤回人工核实申请", "case withdrawn"),
    Event.CASE_TAKEN: Text("接办人工核实申请", "case taken"),
    Event.CASE_HANDED_OVER: Text("转交人工核实申请", "case handed over"),
    Event.CASE_RANKED: Text("调整优先级", "priority changed"),
    Event.CASE_REVIEWED: Text("开始核实", "case under review"),
    Event.CASE_EVIDENCE_ASKED: Text("请本人补充材料", "evidence asked for"),
    Event.CASE_ANSWERED: Text("本人答复", "case answered by the person"),
    Event.CASE_MESSAGE_SENT: Text("给本人留言", "wrote to the person"),
    Event.CASE_NOTED: Text("内部备注", "internal note"),
    Event.CASE_PROPOSED: Text("提出办理意见，待复核", "proposed, waiting for a second person"),
    Event.CASE_PROPOSAL_DECLINED: Text("复核未通过", "second person declined"),
    Event.CASE_APPROVED: Text("人工核实通过", "case approved"),
    Event.CASE_REFUSED: Text("人工核实未通过", "case refused"),
    Event.CASE_CLOSED: Text("人工核实归档", "case closed"),
    Event.CASE_ASSIGNED: Text("按轮次分派", "case given to whose turn it was"),
    Event.CASE_ESCALATED: Text("超期升级", "overdue case escalated"),
    Event.CASE_JOINED: Text("并入已有的申请", "joined to the case on file"),
    Event.DESK_MEMBER_CHANGED: Text("调整工单分派", "turns at the desk changed"),
    Event.DESK_VIEW_SAVED: Text("保存工单视图", "view of the desk saved"),
    Event.DESK_VIEW_REMOVED: Text("删除工单视图", "view of the desk removed"),
    Event.CASE_FORM_TAKEN: Text("下载信息变更表", "change form downloaded"),
    Event.EVIDENCE_ADDED: Text("添加材料", "evidence added"),
    Event.EVIDENCE_SEEN: Text("查看材料", "evidence looked at"),
    Event.UNIT_URGED: Text("督办单位", "unit urged"),
    Event.URGING_ACKNOWLEDGED: Text("知悉督办", "urging acknowledged"),
    Event.MAIL_ADDRESS_CONFIRMED: Text("确认通知邮箱", "e-mail address confirmed"),
    Event.MAIL_ADDRESS_REMOVED: Text("删除通知邮箱", "e-mail address removed"),
    Event.MOBILE_NUMBER_CONFIRMED: Text("确认通知手机号", "mobile number confirmed"),
    Event.MOBILE_NUMBER_REMOVED: Text("删除通知手机号", "mobile number removed"),
    Event.LIST_EXPORTED: Text("导出表格", "list exported"),
    Event.RESULT_TAKEN: Text("下载任务的结果文件", "a job's result downloaded"),
    Event.IMPORT_ASKED: Text("提交导入文件", "file handed in for import"),
    Event.JOB_CANCELLED: Text("取消后台任务", "job cancelled"),
}
