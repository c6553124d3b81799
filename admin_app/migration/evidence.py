"""What shows that somebody is stuck, in sentences that tell no more of them than needed."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.delegation.models import Appointment
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.id_numbers import mask_id_number
from admin_app.identity.models import Person, Representation
from admin_app.identity.names import mask_name
from admin_app.migration.blockers import Blocker
from admin_app.migration.diagnosis_rules import how_names_differ, how_numbers_differ
from admin_app.migration.matching import holders_of, identity_of
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rules import Match, Outcome, Standing
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.vocabulary import AssuranceLevel
from admin_app.sealing import Sealer
from admin_app.wording import Text

_NEVER_SEEN = Text(
    "省平台从未报告过这个证件号码的人登录本平台。",
    "The portal has never reported anybody with this ID number.",
)
_LEVEL = Text("省平台报告的实名等级是“{level}”。", "The portal reports “{level}”.")
_NO_ENTERPRISE = Text(
    "{name}已登录过，省平台没有报告任何企业。",
    "{name} has signed in, and the portal reported no enterprise.",
)
_OTHERS_ONLY = Text(
    "省平台为{name}报告了 {number} 家企业，其中没有这一家。",
    "The portal reports {number} enterprises for {name}, and not this one.",
)
_NOT_ON_PLATFORM = Text(
    "原账号登记的代码“{uscc}”在平台上没有对应的单位。",
    "There is no unit here for the old account's code “{uscc}”.",
)
_SEVERAL = Text(
    "有 {number} 个原个人账号登记了同一个证件号码。",
    "{number} old personal accounts bear one ID number.",
)
_ANOTHER = Text(
    "本人的原账号已绑定，不受影响；另有 {number} 个原个人账号登记了同一个证件号码，等平台核实。",
    "Their old account is bound and stays so; {number} more bear the same ID number and wait for "
    "the platform to check.",
)
_FREE_PASSPORT = Text(
    "原账号登记的证件是护照（{number}），省平台不能核验护照。",
    "The old account was registered with a passport ({number}), which the portal can't verify.",
)
_PASSWORD_GONE = Text(
    "原密码已经销毁（绑定曾被撤销），只能由平台人工核实。",
    "The old password no longer exists (a binding was undone); the platform has to check.",
)
_PASSWORD = Text(
    "原密码连续输错被暂停，或者本人表示忘记了原密码。",
    "The old password was wrong too often, or its owner says they have forgotten it.",
)
_BOUND_TO_ANOTHER = Text(
    "这个证件号码的原账号已绑定在另一个人名下。",
    "The old account with this number is bound to somebody else.",
)
_DISOWNED = Text(
    "本人登录时表示这个原账号不是自己的。",
    "Whoever signed in said that this old account isn't theirs.",
)
_ID_DIFFERS = Text(
    "有同名、出生日期相同的人登录过，证件号码不完全一致。",
    "Somebody of the same name and date of birth has signed in with another number.",
)
_BLOCKED = Text(
    "原单位账号在等法定代表人绑定本人的个人账号。",
    "The unit's account waits until its representative's own account is bound.",
)
_OFFICES = Text(
    "现任管理员 {current} 名，待生效的指定 {pending} 项。",
    "Administrators in office: {current}; pending appointments: {pending}.",
)
_AWAITED = Text("已指定{name}：{waiting}", "{name} is appointed: {waiting}")
_DONE = Text("已绑定，原密码已销毁。", "Bound; the old password has been destroyed.")


def evidence_about_match(
    sealer: Sealer, person: Person, found: Match, candidates: Sequence[LegacyAccount]
) -> tuple[Text, ...]:
    """Why matching somebody with the old accounts came out as it did."""
    if person.assurance_level < AssuranceLevel.INTERMEDIATE:
        return (_LEVEL.format(level=person.assurance_level.label),)
    if found.outcome is Outcome.NOTHING:
        text = Text(
            "平台上没有与本人对应的原个人账号，不需要绑定；没有单位的，请本人申请加入单位。",
            "There is no old personal account of theirs and nothing to bind; without a unit they "
            "may apply to one.",
        )
        return (text,)
    same = sum(a.id_index == person.id_index for a in candidates)
    if found.outcome is Outcome.BOUND and found.held:
        return (_ANOTHER.format(number=max(same - 1, len(found.held))),)
    if found.outcome is not Outcome.BLOCKED:
        return ()
    identity = identity_of(sealer, person)
    held: set[int | None] = {number for number, _ in found.held} or {found.account_id}
    accounts = [a for a in candidates if a.id in held]
    match found.blocker:
        case Blocker.SEVERAL_ACCOUNTS:
            return (_SEVERAL.format(number=max(same, len(accounts))),)
        case Blocker.NAME_DIFFERS:
            return tuple(how_names_differ(a.name, identity.name) for a in accounts)
        case Blocker.DISPUTED:
            disowned = any(a.hindrance is Blocker.DISPUTED for a in accounts)
            return (_DISOWNED if disowned else _BOUND_TO_ANOTHER,)
        case Blocker.OLD_PASSWORD:
            return (_PASSWORD_GONE,)
    return tuple(
        how_numbers_differ(
            a.id_type, sealer.open(a.id_sealed), identity.id_type, identity.id_number
        )
        for a in accounts
        if a.id_type is not None and a.id_sealed is not None
    )


def evidence_about_account(
    session: Session, sealer: Sealer, account: LegacyAccount, standing: Standing
) -> tuple[Text, ...]:
    """Why an account stands where it does."""
    person = _bearer(session, account)
    name = mask_name(person.name) if person else ""
    match standing.blocker:
        case None:
            bound = account.kind.is_bound and account.id in holders_of(session, [account.id])
            return (_DONE,) if bound else ()
        case Blocker.NOT_SIGNED_IN:
            return (_NEVER_SEEN,) if account.seen_level is None else ()
        case Blocker.VERIFICATION_TOO_LOW:
            level = AssuranceLevel(account.seen_level or 0)
            return (_LEVEL.format(level=level.label),)
        case Blocker.ENTERPRISE_NOT_BOUND:
            return (_NO_ENTERPRISE.format(name=name),)
        case Blocker.NOT_THEIR_ENTERPRISE:
            return (_OTHERS_ONLY.format(name=name, number=_represented_by(session, person)),)
        case Blocker.ENTERPRISE_NOT_ON_PLATFORM:
            return (_NOT_ON_PLATFORM.format(uscc=account.uscc or "—"),)
        case Blocker.BLOCKED_BY_REPRESENTATIVE:
            return (_BLOCKED,)
        case Blocker.SEVERAL_ACCOUNTS:
            return (_SEVERAL.format(number=_of_number(session, account)),)
        case Blocker.ID_DIFFERS:
            return _how_numbers_differ(session, sealer, account)
        case Blocker.NAME_DIFFERS if person is not None:
            return (how_names_differ(account.name, person.name),)
        case Blocker.OLD_PASSWORD:
            return (_PASSWORD if account.password_hash else _PASSWORD_GONE,)
        case Blocker.REGISTERED_BY_PASSPORT | Blocker.FOREIGNER_WITHOUT_CARD:
            number = sealer.open(account.id_sealed) if account.id_sealed else ""
            return (_FREE_PASSPORT.format(number=mask_id_number(number)),)
        case Blocker.DISPUTED:
            return (_DISOWNED,)
    return ()


def evidence_about_unit(session: Session, unit: Unit, standing: Standing) -> tuple[Text, ...]:
    """Who administers a unit, and who is awaited there."""
    if unit.kind is UnitKind.DEPARTMENT:
        return ()
    pending = session.scalars(
        select(Appointment)
        .where(Appointment.unit_id == unit.id, Appointment.state == AppointmentState.PENDING)
        .order_by(Appointment.id)
    ).all()
    offices = _OFFICES.format(current=unit.administrators, pending=len(pending))
    if standing.blocker is None:
        return (offices,)
    return (
        offices,
        *(
            _AWAITED.format(name=mask_name(each.name), waiting=each.waiting.label)
            for each in pending
            if each.waiting is not None
        ),
    )


def _how_numbers_differ(
    session: Session, sealer: Sealer, account: LegacyAccount
) -> tuple[Text, ...]:
    """From the number of whose sign-in held the account up; of old ones that isn't known."""
    person = session.get(Person, account.held_for_id) if account.held_for_id else None
    if person is None or account.id_type is None or account.id_sealed is None:
        return (_ID_DIFFERS,)
    portal = identity_of(sealer, person)
    old = sealer.open(account.id_sealed)
    how = how_numbers_differ(account.id_type, old, portal.id_type, portal.id_number)
    return (_ID_DIFFERS, how)


def _bearer(session: Session, account: LegacyAccount) -> Person | None:
    if account.id_index is None:
        return None
    return session.scalar(select(Person).where(Person.id_index == account.id_index))


def _represented_by(session: Session, person: Person | None) -> int:
    if person is None:
        return 0
    counted = select(func.count()).where(
        Representation.person_id == person.id, Representation.until.is_(None)
    )
    return session.scalar(counted) or 0


def _of_number(session: Session, account: LegacyAccount) -> int:
    counted = select(func.count()).where(
        LegacyAccount.id_index == account.id_index, LegacyAccount.kind == AccountKind.PERSONAL
    )
    return session.scalar(counted) or 0
