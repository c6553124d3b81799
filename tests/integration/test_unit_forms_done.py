"""What follows from a unit's change form: the portal stays the judge of whose a unit is."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.operations import appoint
from admin_app.delegation.queries import administrators_of
from admin_app.delegation.vocabulary import (
    AppointmentState,
)
from admin_app.identity.models import Representation
from admin_app.identity.queries import representative_of
from admin_app.identity.vocabulary import IdType
from admin_app.migration.arrivals import note_sign_in
from admin_app.migration.matching import accounts_of
from admin_app.migration.models import AccountBinding, LegacyAccount
from admin_app.migration.reconciliation import lines_of_unit
from admin_app.migration.reconciliation_rules import Verdict
from admin_app.migration.vocabulary import AccountKind, AccountState, Proof
from admin_app.service_desk.form_vocabulary import (
    FormKind,
)
from admin_app.service_desk.models import Nominee
from tests import builders
from tests.builders_desk import files_form, supporter
from tests.builders_forms import (
    OLD_CODE,
    decides,
    recoded,
    represented,
)
from tests.builders_migration import legacy_account
from tests.world import SEQUENCES, World, build_world, sign_in


@pytest.fixture
def world(session: Session) -> World:
    return build_world(session)


def test_nobody_represents_a_unit_whom_the_portal_has_not_reported(
    session: Session, world: World
) -> None:
    """新人 is named, has come, and yet gains nothing before the portal says so."""
    newcomer = sign_in(session, "新人")
    assert newcomer is not None
    story = represented(session, world)
    decides(session, story.case, supporter(session), supporter(session))
    current = select(Representation.id).where(Representation.person_id == newcomer.id)
    assert session.scalars(current).all() == []
    assert accounts_of(session, newcomer.id) == []
    again = sign_in(session, "新人", enterprises=(builders.enterprise(story.unit),), minutes=5)
    assert representative_of(session, story.unit) is again


def test_the_portal_is_believed_again_about_the_former_too(session: Session, world: World) -> None:
    """Signed in anew, with the enterprise still reported, they represent it as before."""
    story = represented(session, world)
    decides(session, story.case, supporter(session), supporter(session))
    former = sign_in(session, "校长", enterprises=(builders.enterprise(story.unit),), minutes=5)
    assert representative_of(session, story.unit) is former


def test_an_account_another_holds_passes_to_whom_the_portal_reports(
    session: Session, world: World
) -> None:
    """R56: disputed or bound under an outdated code, it had stayed with the former."""
    unit, rector = world["演示大学"], world.people["校长"]
    former = builders.person(session, "示例前任")
    account = legacy_account(session, "演示大学", kind=AccountKind.UNIT, unit=unit)
    account.uscc = OLD_CODE

    session.add(
        AccountBinding(
            account_id=account.id, person_id=former.id, proof=Proof.DESK, since=builders.NOON
        )
    )
    session.flush()
    assert [each.verdict for each in lines_of_unit(session, unit)] == [Verdict.HELD_BY_ANOTHER]
    case = files_form(
        session,
        world.rector,
        FormKind.REPRESENTATIVE_CHANGED,
        unit,
        candidate=builders.candidate("校长", SEQUENCES["校长"]),
    )
    decides(session, case, supporter(session), supporter(session))
    assert accounts_of(session, rector.id) == [account.id]
    assert account.state is AccountState.MIGRATED
    assert [each.verdict for each in lines_of_unit(session, unit)] == [Verdict.IN_ORDER]


def test_a_code_put_right_brings_the_unit_its_representative_and_their_account(
    session: Session, world: World
) -> None:
    """Reconciliation finds one unit by its code where it had guessed."""
    story = recoded(session, world)
    account = session.scalars(select(LegacyAccount)).one()
    decides(session, story.case, supporter(session), supporter(session))
    newcomer = story.people["新人"]
    note_sign_in(builders.act(session), newcomer)
    assert [each.verdict for each in lines_of_unit(session, story.unit)] == [Verdict.WAITING]
    assert account.unit_id == story.unit.id


def test_one_of_those_who_leave_stays_until_the_successor_comes(
    session: Session, world: World
) -> None:
    """So that there is always somebody: 新人 has never signed in."""
    unit = world["海洋学院"]
    appoint(
        builders.act(session, world.director),
        unit.id,
        builders.candidate("外人", SEQUENCES["外人"]),
    )
    leaving = tuple(each.id for each in administrators_of(session, unit))
    case = files_form(
        session,
        supporter(session),
        FormKind.ADMINISTRATOR_UNREACHABLE,
        unit,
        candidate=builders.candidate("新人", SEQUENCES["新人"]),
        ending=leaving,
    )
    decides(session, case, supporter(session), supporter(session))
    states = {each.name: each.state for each in administrators_of(session, unit)}
    assert states == {"院长": AppointmentState.CURRENT, "新人": AppointmentState.PENDING}
    sign_in(session, "新人", minutes=5)
    assert [each.name for each in administrators_of(session, unit)] == ["新人"]


def test_whom_a_form_names_is_kept_sealed(session: Session, world: World) -> None:
    represented(session, world)
    nominee = session.scalars(select(Nominee)).one()
    number = builders.id_number(SEQUENCES["新人"])
    assert builders.SEALER.open(nominee.id_sealed) == number
    assert nominee.id_index == builders.SEALER.index(IdType.RESIDENT_ID.value, number)
    assert number.encode() not in nominee.id_sealed
