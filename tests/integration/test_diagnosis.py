"""Why somebody is stuck: each blocker with its broken link, its evidence and what to say."""

import json

import pytest
from sqlalchemy.orm import Session

from admin_app.delegation.arrival import arrive
from admin_app.delegation.facts import facts_of
from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.operations import rename_unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.claims import ReportedEnterprise
from admin_app.identity.models import Person
from admin_app.identity.vocabulary import IdType
from admin_app.migration.arrivals import note_refused, note_sign_in
from admin_app.migration.blockers import Blocker, Desk
from admin_app.migration.diagnosis import (
    Diagnosis,
    diagnose_account,
    diagnose_person,
    diagnose_unit,
)
from admin_app.migration.diagnosis_rules import Link, LinkState
from admin_app.migration.finding import find_by_number, find_by_uscc, find_by_username
from admin_app.migration.models import LegacyAccount
from admin_app.migration.operations import bind, disown, forget
from admin_app.migration.reconciliation import lines_of_person, lines_of_unit
from admin_app.migration.reconciliation_rules import FoundBy, Verdict
from admin_app.migration.revealing import reveal_id_number
from admin_app.migration.vocabulary import AccountKind, AccountState, NobodyFound
from admin_app.policy.actor import Actor, Office
from admin_app.policy.reach import EVERYWHERE, Reach
from admin_app.policy.rules import reach
from admin_app.policy.vocabulary import AssuranceLevel, Capacity, Permission, Refused
from tests import builders
from tests.builders_migration import PASSWORD, legacy_account
from tests.integration.test_binding import SUPPORT, binds, comes
from tests.world import World, build_world, sign_in

SEALER = builders.SEALER


def of_person(session: Session, person: Person, reach: Reach = EVERYWHERE) -> Diagnosis:
    return diagnose_person(session, SEALER, reach, person)


def of_account(session: Session, account: LegacyAccount) -> Diagnosis:
    return diagnose_account(session, SEALER, EVERYWHERE, account)


def of_unit(session: Session, unit: Unit) -> Diagnosis:
    return diagnose_unit(session, SEALER, unit)


def requires(found: Diagnosis, blocker: Blocker, link: Link, *evidence: str) -> None:
    """The blocker, the first broken link, the evidence; and that it is said, in both languages."""
    assert found.blocker is blocker
    assert found.first_broken is link
    told = "".join(text.zh for text in found.evidence)
    for part in evidence:
        assert part in told
    assert (found.cause or blocker).label.zh in found.say.zh
    assert (found.cause or blocker).label.en in found.say.en
    assert "{" not in found.say.zh + found.say.en + told
    assert json.dumps(found.as_json())


def state_of(found: Diagnosis, link: Link) -> LinkState:
    return next(each.state for each in found.links if each.link is link)


def enterprise_with_account(session: Session, number: str | None = None) -> LegacyAccount:
    unit = builders.unit(session, builders.root(session), kind=UnitKind.FIRST_LEVEL)
    return legacy_account(session, unit.name, number, kind=AccountKind.UNIT, unit=unit)


def test_not_signed_in(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    found = of_account(session, account)
    requires(found, Blocker.NOT_SIGNED_IN, Link.REGISTERED, "从未报告")
    assert found.blocker is not None
    assert found.blocker.advice.desk is Desk.PORTAL
    assert state_of(found, Link.PERSONAL_ACCOUNT) is LinkState.NOT_REACHED
    assert state_of(found, Link.ENTERPRISE_BOUND) is LinkState.NOT_NEEDED


def test_verification_too_low(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    note_refused(builders.act(session), builders.identity("示例甲", 1, level=AssuranceLevel.BASIC))
    found = of_account(session, account)
    requires(found, Blocker.VERIFICATION_TOO_LOW, Link.VERIFIED, "初级实名认证")
    assert state_of(found, Link.REGISTERED) is LinkState.DONE


def test_enterprise_not_bound_at_the_portal(session: Session) -> None:
    account = enterprise_with_account(session, builders.id_number(1))
    comes(session)
    found = of_account(session, account)
    requires(found, Blocker.ENTERPRISE_NOT_BOUND, Link.ENTERPRISE_BOUND, "示**已登录过")
    assert state_of(found, Link.SIGNED_IN) is LinkState.DONE


def test_not_reported_as_this_persons_enterprise(session: Session) -> None:
    account = enterprise_with_account(session, builders.id_number(1))
    root = session.get_one(Unit, account.unit_id).parent
    assert root is not None
    other = builders.unit(session, root, kind=UnitKind.FIRST_LEVEL)
    person = comes(session, "示例甲", 1, other)
    found = of_account(session, account)
    requires(found, Blocker.NOT_THEIR_ENTERPRISE, Link.ENTERPRISE_BOUND, "1 家企业")
    verdicts = [line.verdict for line in of_person(session, person).lines]
    assert verdicts == [Verdict.NOTHING_TO_BRING, Verdict.NOT_REPORTED]


def test_enterprise_not_on_the_platform(session: Session) -> None:
    builders.root(session)
    account = legacy_account(session, "示例公司", kind=AccountKind.UNIT)
    account.uscc = builders.uscc(77)
    found = of_account(session, account)
    requires(found, Blocker.ENTERPRISE_NOT_ON_PLATFORM, Link.UNIT_DATA, builders.uscc(77))
    by_code = find_by_uscc(session, SEALER, EVERYWHERE, builders.uscc(77))
    assert by_code.blocker is Blocker.ENTERPRISE_NOT_ON_PLATFORM


def test_blocked_by_its_representative_and_why(session: Session) -> None:
    """Trap 1: the unit's own page names the representative's reason, and its desk."""
    account = enterprise_with_account(session)
    unit = session.get_one(Unit, account.unit_id)
    legacy_account(session, "别的名字", number=builders.id_number(1))
    person = comes(session, "示例甲", 1, unit)
    found = of_unit(session, unit)
    requires(found, Blocker.BLOCKED_BY_REPRESENTATIVE, Link.PERSONAL_ACCOUNT, "姓名")
    assert found.cause is Blocker.NAME_DIFFERS
    assert state_of(found, Link.ENTERPRISE_BOUND) is LinkState.DONE
    assert state_of(found, Link.UNIT_DATA) is LinkState.NOT_REACHED
    requires(of_person(session, person), Blocker.NAME_DIFFERS, Link.PERSONAL_ACCOUNT)


def test_several_accounts(session: Session) -> None:
    accounts = [legacy_account(session, number=builders.id_number(1)) for _ in range(2)]
    person = comes(session)
    requires(
        of_account(session, accounts[0]),
        Blocker.SEVERAL_ACCOUNTS,
        Link.PERSONAL_ACCOUNT,
        "2 个原个人账号",
    )
    found = of_person(session, person)
    requires(found, Blocker.SEVERAL_ACCOUNTS, Link.PERSONAL_ACCOUNT, "2 个原个人账号")
    assert [each.account.id for each in found.accounts] == [each.id for each in accounts]


def test_another_account_of_somebody_who_has_bound_theirs(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    binds(session, person, account)
    another = legacy_account(session, number=builders.id_number(1))
    comes(session, minutes=5)
    found = of_person(session, person)
    assert found.standing.state is AccountState.MIGRATED
    assert "另有 1 个" in "".join(text.zh for text in found.evidence)
    requires(of_account(session, another), Blocker.SEVERAL_ACCOUNTS, Link.PERSONAL_ACCOUNT)


def test_id_number_differs_and_by_how_much(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(2))
    person = comes(session)
    found = of_person(session, person)
    requires(found, Blocker.ID_DIFFERS, Link.PERSONAL_ACCOUNT, "相差 2 位", "可以解释")
    by_username = find_by_username(session, SEALER, EVERYWHERE, account.username)
    requires(by_username, Blocker.ID_DIFFERS, Link.PERSONAL_ACCOUNT, "相差 2 位", "可以解释")
    told = json.dumps(found.as_json(), ensure_ascii=False)
    assert builders.id_number(1) not in told
    assert builders.id_number(2) not in told
    assert "990***********" in told


def test_name_differs(session: Session) -> None:
    account = legacy_account(session, "示例丙", builders.id_number(1))
    comes(session)
    found = of_account(session, account)
    requires(found, Blocker.NAME_DIFFERS, Link.PERSONAL_ACCOUNT, "相差 1 个字", "可以解释")


def test_old_password_forgotten(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    forget(builders.act(session), person.id, account.id)
    requires(of_account(session, account), Blocker.OLD_PASSWORD, Link.PERSONAL_ACCOUNT, "忘记")
    requires(of_person(session, person), Blocker.OLD_PASSWORD, Link.PERSONAL_ACCOUNT)


def test_registered_by_passport(session: Session) -> None:
    account = legacy_account(session, "Sample", "E1234567", id_type=IdType.PASSPORT)
    found = of_account(session, account)
    requires(found, Blocker.REGISTERED_BY_PASSPORT, Link.PERSONAL_ACCOUNT, "E*****67")


def test_foreigner_without_a_card(session: Session) -> None:
    account = legacy_account(session, "Sample", "E1234567", id_type=IdType.PASSPORT)
    account.seen_level = AssuranceLevel.BASIC
    found = of_account(session, account)
    requires(found, Blocker.FOREIGNER_WITHOUT_CARD, Link.VERIFIED, "护照")


def test_disputed(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    disown(builders.act(session), person.id, account.id)
    requires(of_account(session, account), Blocker.DISPUTED, Link.PERSONAL_ACCOUNT, "不是自己")
    requires(of_person(session, person), Blocker.DISPUTED, Link.PERSONAL_ACCOUNT, "不是自己")


def test_unit_without_an_administrator(session: Session) -> None:
    account = enterprise_with_account(session)
    unit = session.get_one(Unit, account.unit_id)
    person = comes(session, "示例甲", 1, unit)
    binds(session, person, account)
    found = of_unit(session, unit)
    requires(found, Blocker.UNIT_WITHOUT_ADMINISTRATOR, Link.ADMINISTRATOR, "现任管理员 0 名")
    assert state_of(found, Link.UNIT_DATA) is LinkState.DONE
    requires(of_person(session, person), Blocker.UNIT_WITHOUT_ADMINISTRATOR, Link.ADMINISTRATOR)


def test_appointee_not_registered(session: Session) -> None:
    world = build_world(session)
    college = world["物理学院"]
    appoint(builders.act(session, world.rector), college.id, builders.candidate("新人", 106))
    found = of_unit(session, college)
    requires(found, Blocker.APPOINTEE_NOT_REGISTERED, Link.ADMINISTRATOR, "已指定新*")
    old = legacy_account(session, "旧", kind=AccountKind.SECONDARY_UNIT, unit=college)
    requires(of_account(session, old), Blocker.APPOINTEE_NOT_REGISTERED, Link.ADMINISTRATOR)


def test_appointee_not_verified(session: Session) -> None:
    world = build_world(session)
    college = world["物理学院"]
    sign_in(session, "新人")
    sign_in(session, "新人", level=AssuranceLevel.BASIC, minutes=2)
    act = builders.act(session, world.rector, minutes=3)
    appoint(act, college.id, builders.candidate("新人", 106))
    found = of_unit(session, college)
    requires(found, Blocker.APPOINTEE_NOT_VERIFIED, Link.ADMINISTRATOR)


def test_somebody_in_order_has_nothing_broken(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    person = comes(session)
    waiting = of_person(session, person)
    assert waiting.standing.state is AccountState.IN_PROGRESS
    assert state_of(waiting, Link.PERSONAL_ACCOUNT) is LinkState.WAITING
    binds(session, person, account)
    for found in (of_person(session, person), of_account(session, account)):
        assert found.standing.state is AccountState.MIGRATED
        assert found.first_broken is None
        assert "已经办好" in found.say.zh
    assert "不需要绑定" in of_person(session, comes(session, "新来", 9)).evidence[0].zh


@pytest.mark.parametrize("kind", [AccountKind.DEPARTMENT, AccountKind.MANAGER])
def test_departments_are_told_that_nothing_changes(session: Session, kind: AccountKind) -> None:
    """R19, R20: and never to sign in through the portal."""
    found = of_account(session, legacy_account(session, "示例局", kind=kind))
    assert "主管部门与管理者登录" in found.say.zh
    assert "自然人与法人登录" not in found.say.zh


@pytest.fixture
def world(session: Session) -> World:
    """校长 and 邻居 have old accounts at their universities; so does somebody of no unit."""
    world = build_world(session)
    for name, sequence, unit in (
        ("校长", 101, "海洋学院"),
        ("邻居", 104, "邻居学院"),
        ("无单位", 330, None),
    ):
        place = world[unit] if unit else None
        legacy_account(session, name, builders.id_number(sequence), unit=place)
    for name in ("校长", "邻居"):
        note_sign_in(builders.act(session), world.people[name])
    return world


@pytest.mark.parametrize(
    ("actor", "found"),
    [
        ("rector", {"校长"}),
        ("dean", {"校长"}),
        ("neighbour", {"邻居"}),
        ("bureau", {"校长"}),
        ("support", {"校长", "邻居", "无单位"}),
    ],
)
def test_each_role_finds_those_within_its_reach(
    session: Session, world: World, actor: str, found: set[str]
) -> None:
    who = {
        "rector": world.rector,
        "dean": world.dean,
        "neighbour": world.neighbour,
        "bureau": world.staff(),
        "support": SUPPORT,
    }[actor]
    scope = reach(who, Permission.ACCOUNT_VIEW)
    seen = set()
    for name, sequence in (("校长", 101), ("邻居", 104), ("无单位", 330)):
        number = builders.id_number(sequence)
        try:
            diagnosis = find_by_number(session, SEALER, scope, name, IdType.RESIDENT_ID, number)
        except NobodyFound:
            continue
        seen.add(name)
        for line in diagnosis.lines:
            assert line.unit is None or scope.covers(line.unit.path)
        for each in diagnosis.accounts:
            by_name = find_by_username(session, SEALER, scope, each.account.username)
            assert by_name.title == each.account.name
    assert seen == found


def test_what_lies_elsewhere_is_left_out_of_what_is_shown(session: Session, world: World) -> None:
    """The person belongs here too: they are shown, their other unit isn't."""
    legacy_account(session, "校长", builders.id_number(101), unit=world["邻居学院"])
    note_sign_in(builders.act(session, minutes=2), world.people["校长"])
    scope = Reach(world["海洋学院"].path)
    found = find_by_number(
        session, SEALER, scope, "校长", IdType.RESIDENT_ID, builders.id_number(101)
    )
    assert found.blocker is Blocker.SEVERAL_ACCOUNTS
    assert [each.account.unit_id for each in found.accounts] == [world["海洋学院"].id]
    assert found.lines == ()


def test_a_number_is_revealed_to_support_with_a_reason_alone(session: Session) -> None:
    account = legacy_account(session, number=builders.id_number(1))
    with_reason = builders.act(session, SUPPORT, reason="核对")
    assert reveal_id_number(with_reason, account.id) == builders.id_number(1)
    staff = Actor("科员", Capacity.DEPARTMENT_STAFF, staff_id=1)
    for act in (builders.act(session, SUPPORT), builders.act(session, staff, reason="核对")):
        with pytest.raises(Refused):
            reveal_id_number(act, account.id)


def test_each_source_against_the_others(session: Session) -> None:
    """R53, R54: enterprise by enterprise, with a verdict for each."""
    root = builders.root(session)
    first = UnitKind.FIRST_LEVEL
    bound, without, by_code, by_name = (
        builders.unit(session, root, name, first)
        for name in ("甲公司", "乙公司", "丙公司", "丁公司")
    )
    theirs = legacy_account(session, "甲公司", kind=AccountKind.UNIT, unit=bound)
    old = legacy_account(session, "丙公司", kind=AccountKind.UNIT, unit=by_code)
    elsewhere = builders.uscc(8_001)
    old.organisation_code = elsewhere[8:17]
    act = builders.act(session, staff_of(root), reason="更名")
    rename_unit(act, facts_of, by_name.id, "丁集团", by_name.version)
    reported = (
        builders.enterprise(bound),
        builders.enterprise(without),
        ReportedEnterprise(uscc=elsewhere, name="丙有限公司"),
        ReportedEnterprise(uscc=builders.uscc(8_002), name="丁公司"),
        ReportedEnterprise(uscc=builders.uscc(8_003), name="戊公司"),
    )
    act = builders.act(session)
    person = arrive(act, builders.identity("示例甲", 1, enterprises=reported)).person
    assert person is not None
    note_sign_in(act, person)
    assert lines_of_unit(session, bound)[0].verdict is Verdict.WAITING
    outcome = bind(builders.act(session), person.id, theirs.id, PASSWORD, consented=True)
    assert outcome.error is None
    lines = {line.reported_name: line for line in lines_of_person(session, EVERYWHERE, person)}
    assert {name: (line.verdict, line.found_by) for name, line in lines.items()} == {
        "甲公司": (Verdict.IN_ORDER, FoundBy.CODE),
        "乙公司": (Verdict.NOTHING_TO_BRING, FoundBy.CODE),
        "丙有限公司": (Verdict.PROBABLY_THE_SAME, FoundBy.ORGANISATION_CODE),
        "丁公司": (Verdict.PROBABLY_THE_SAME, FoundBy.FORMER_NAME),
        "戊公司": (Verdict.NOT_ON_PLATFORM, FoundBy.NOTHING),
    }
    assert lines["丁公司"].unit == by_name
    within = lines_of_person(session, Reach(bound.path), person)
    assert [line.unit for line in within] == [bound]


def test_a_unit_nobody_is_reported_for_and_one_of_another_representative(session: Session) -> None:
    account = enterprise_with_account(session, builders.id_number(1))
    unit = session.get_one(Unit, account.unit_id)
    assert lines_of_unit(session, unit)[0].verdict is Verdict.NOT_REPORTED
    named = comes(session)
    comes(session, "示例乙", 2, unit, minutes=1)
    (line,) = lines_of_person(session, EVERYWHERE, named)
    assert line.verdict is Verdict.REPORTED_FOR_ANOTHER


def staff_of(root: Unit) -> Actor:
    office = Office(root.id, root.path, root.name)
    return Actor("科员", Capacity.DEPARTMENT_STAFF, office=office, staff_id=1)
