"""Everything that can happen and is recorded: the catalogue is the specification."""

from enum import Enum

from admin_app.wording import Text


class Event(Enum):
    """An event of the audit trail; its label is a sentence fragment in both languages."""

    UNIT_CREATED = "unit.created"
    UNIT_RENAMED = "unit.renamed"
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
    STAFF_ADDED = "staff.added"
    STAFF_PASSWORD_SET = "staff.password_set"  # noqa: S105 - the name of an event
    STAFF_SHUT_OUT = "staff.shut_out"
    STAFF_LET_IN_AGAIN = "staff.let_in_again"

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS = {
    Event.UNIT_CREATED: Text("新增单位", "unit created"),
    Event.UNIT_RENAMED: Text("更改单位名称", "unit renamed"),
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
        "门户报告为法定代表人", "portal reports a legal representative"
    ),
    Event.REPRESENTATION_ENDED: Text(
        "门户不再报告为法定代表人", "portal no longer reports a legal representative"
    ),
    Event.STAFF_ADDED: Text("新增本地账号", "staff account added"),
    Event.STAFF_PASSWORD_SET: Text("重设本地账号密码", "staff account's password set"),
    Event.STAFF_SHUT_OUT: Text("停用本地账号", "staff account disabled"),
    Event.STAFF_LET_IN_AGAIN: Text("恢复本地账号", "staff account enabled again"),
}
