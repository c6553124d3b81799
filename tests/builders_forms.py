"""A story for each kind of change form about a unit: filed in the small world, and its effect."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.audit.models import AuditEntry, OutboxMessage
from admin_app.delegation.models import Appointment
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import (
    AppointmentState,
    Ending,
)
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import (
    UnitKind,
)
from admin_app.identity.models import Person, Representation
from admin_app.identity.queries import representative_of
from admin_app.migration.models import AccountCorrection, Affiliation, LegacyAccount
from admin_app.migration.reconciliation import lines_of_unit
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk import deciding
from admin_app.service_desk.form_vocabulary import (
    FormKind,
)
from admin_app.service_desk.models import Case
from tests import builders
from tests.builders_desk import by_staff, files_form, in_review
from tests.builders_migration import history, legacy_account
from tests.world import SEQUENCES, World, sign_in

KINDS = list(FormKind)
OLD_CODE, NEW_CODE, NOWHERE_YET = builders.uscc(7_000_001), builders.uscc(7_000_002), 7_000_003


@dataclass
class Story:
    """A case of one kind, filed by whom it concerns, and what it is to bring about."""

    world: World
    case: Case
    shows: Callable[[], None]
    unit: Unit
    people: dict[str, Person] = field(default_factory=dict)


def renamed(session: Session, world: World) -> Story:
    unit = world["演示大学"]
    case = files_form(session, world.rector, FormKind.UNIT_RENAMED, unit, name="演示海洋大学")

    def shows() -> None:
        assert unit.name == "演示海洋大学"
        assert trail(session, "unit.renamed").details["former"] == "演示大学"

    return Story(world, case, shows, unit)


def recoded(session: Session, world: World) -> Story:
    """新人 is reported by the right code, 校长 by the wrong one; the account follows the code."""
    unit = world["演示大学"]
    account = legacy_account(session, "演示大学", kind=AccountKind.UNIT, unit=unit)
    history(session, account, 2)
    case = files_form(session, world.rector, FormKind.USCC_CHANGED, unit, uscc=NEW_CODE)
    enterprise = replace(builders.enterprise(unit), uscc=NEW_CODE)
    newcomer = sign_in(session, "新人", enterprises=(enterprise,))
    assert newcomer is not None

    def shows() -> None:
        assert (unit.uscc, account.uscc) == (NEW_CODE, NEW_CODE)
        assert representative_of(session, unit) is newcomer
        assert [line.uscc for line in lines_of_unit(session, unit)] == [NEW_CODE]
        assert trail(session, "unit.recoded").details["uscc"] == NEW_CODE

    return Story(world, case, shows, unit, {"新人": newcomer})


def represented(session: Session, world: World) -> Story:
    """校长 represented the university, and the old account names 校长 too; 新人 does now."""
    unit, former = world["演示大学"], world.people["校长"]
    number = builders.id_number(SEQUENCES["校长"])
    account = legacy_account(session, "演示大学", number, kind=AccountKind.UNIT, unit=unit)
    case = files_form(
        session,
        world.director,
        FormKind.REPRESENTATIVE_CHANGED,
        unit,
        candidate=builders.candidate("新人", SEQUENCES["新人"]),
    )

    def shows() -> None:
        assert representative_of(session, unit) is None
        assert account.id_index is None
        kept = session.scalars(select(AccountCorrection)).one()
        assert (kept.account_id, kept.person_id) == (account.id, None)
        assert kept.id_sealed is not None
        assert builders.SEALER.open(kept.id_sealed) == number
        told = session.scalars(select(OutboxMessage.payload).where(_TOLD_OF_AN_END)).one()
        assert told["person_id"] == former.id

    return Story(world, case, shows, unit, {"校长": former})


_TOLD_OF_AN_END = OutboxMessage.topic == "representation.ended"


def missing(session: Session, world: World) -> Story:
    """外人 represents an enterprise that the platform lacks, and its old account found no unit."""
    code = builders.uscc(NOWHERE_YET)
    enterprise = replace(builders.enterprise(world["演示大学"]), uscc=code, name="示例新公司")
    person = sign_in(session, "外人", enterprises=(enterprise,))
    assert person is not None
    account = legacy_account(session, "示例新公司", kind=AccountKind.UNIT)
    account.uscc = code
    department = world["济南市科技局"]
    case = files_form(
        session,
        world.outsider,
        FormKind.UNIT_MISSING,
        department,
        name="示例新公司",
        uscc=code,
    )

    def shows() -> None:
        unit = session.scalars(select(Unit).where(Unit.uscc == code)).one()
        assert (unit.name, unit.kind) == ("示例新公司", UnitKind.FIRST_LEVEL)
        assert unit.parent_id == department.id
        assert representative_of(session, unit) is person
        assert account.unit_id == unit.id
        assert case.unit_id == unit.id

    return Story(world, case, shows, department, {"外人": person})


def unreachable(session: Session, world: World) -> Story:
    """外人 is a member of 海洋学院, whose 院长 nobody reaches."""
    unit = world["海洋学院"]
    former = administrators_of(session, unit)[0]
    person = world.people["外人"]
    belongs(session, person, unit)
    case = files_form(
        session,
        world.outsider,
        FormKind.ADMINISTRATOR_UNREACHABLE,
        unit,
        candidate=builders.candidate("外人", SEQUENCES["外人"]),
        ending=(former.id,),
    )

    def shows() -> None:
        current = administrators_of(session, unit)
        assert [each.name for each in current] == ["外人"]
        assert current[0].appointed_as == Capacity.PLATFORM_SUPPORT.value
        assert (former.state, former.ending) == (AppointmentState.ENDED, Ending.REASSIGNED)
        assert unit.administrators == 1

    return Story(world, case, shows, unit, {"外人": person, "院长": world.people["院长"]})


STORIES: dict[FormKind, Callable[[Session, World], Story]] = {
    FormKind.UNIT_RENAMED: renamed,
    FormKind.USCC_CHANGED: recoded,
    FormKind.REPRESENTATIVE_CHANGED: represented,
    FormKind.UNIT_MISSING: missing,
    FormKind.ADMINISTRATOR_UNREACHABLE: unreachable,
}
BY_ONE = [FormKind.UNIT_RENAMED, FormKind.UNIT_MISSING]
BY_TWO = [kind for kind in KINDS if kind not in BY_ONE]


def belongs(session: Session, person: Person, unit: Unit) -> None:

    session.add(Affiliation(person_id=person.id, unit_id=unit.id, since=builders.NOON))
    session.flush()


def trail(session: Session, event: str) -> AuditEntry:
    return session.scalars(select(AuditEntry).where(AuditEntry.event == event)).one()


def decides(session: Session, case: Case, one: Actor, other: Actor) -> None:
    """As many people as it takes."""
    in_review(session, case, one)
    if case.form in BY_ONE:
        deciding.approve(by_staff(session, one), case.id, case.version)
    else:
        deciding.propose(by_staff(session, one), case.id, case.version)
        deciding.confirm(by_staff(session, other), case.id, case.version)


def everything(session: Session) -> object:
    """What the deeds of forms change, to be compared."""
    session.flush()
    return [
        session.execute(select(*columns).order_by(columns[0])).all()
        for columns in (
            (Unit.id, Unit.name, Unit.uscc, Unit.administrators),
            (Representation.id, Representation.person_id, Representation.until),
            (Appointment.id, Appointment.state),
            (LegacyAccount.id, LegacyAccount.uscc, LegacyAccount.id_index, LegacyAccount.unit_id),
        )
    ]
