"""A small province in which people move in, or don't, through the real services: for properties."""

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.delegation.operations import appoint
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import Person, Representation
from admin_app.identity.vocabulary import IdType
from admin_app.migration.arrivals import note_refused
from admin_app.migration.blockers import Blocker
from admin_app.migration.matching import match_of
from admin_app.migration.models import AccountBinding, LegacyAccount
from admin_app.migration.operations import bind, disown, unbind
from admin_app.migration.rules import Outcome
from admin_app.migration.standings import administration_of
from admin_app.migration.vocabulary import AccountKind
from admin_app.policy.actor import Actor, Office
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from tests import builders
from tests.builders_migration import PASSWORD, legacy_account
from tests.integration.test_binding import SUPPORT, comes

NAMES = ("示例甲", "示例乙")
PEOPLE = 4
MOVES = ("comes", "too_low", "binds", "wrong", "disowns", "unbinds", "appoints")

moves = st.lists(
    st.tuples(
        st.sampled_from(MOVES),
        st.integers(1, PEOPLE),
        st.sets(st.integers(0, 2), max_size=2),
    ),
    max_size=14,
)
accounts = st.lists(
    st.tuples(
        st.sampled_from(list(AccountKind)),
        st.integers(0, PEOPLE),  # 0: no number
        st.sampled_from(NAMES),
        st.sampled_from((IdType.RESIDENT_ID, IdType.RESIDENT_ID, IdType.PASSPORT)),
        st.integers(-1, 5),  # -1: no unit
    ),
    max_size=10,
)


class Town:
    """Two bureaus, three enterprises, two colleges, a laboratory; people move in or don't."""

    def __init__(self, session: Session) -> None:
        self.session = session
        root = builders.root(session)
        self.bureaus = [builders.unit(session, root, kind=UnitKind.DEPARTMENT) for _ in range(2)]
        first = UnitKind.FIRST_LEVEL
        self.units = [
            builders.unit(session, self.bureaus[number // 2], kind=first) for number in range(3)
        ]
        self.units += [builders.unit(session, self.units[0]) for _ in range(2)]
        self.units.append(builders.unit(session, self.units[3]))
        self.minutes = 0

    def has(
        self, kind: AccountKind, sequence: int, name: str, id_type: IdType, unit: int
    ) -> LegacyAccount:
        place = self.units[unit] if unit >= 0 else None
        if kind is AccountKind.UNIT and unit > 2:
            place = self.units[0]
        number = None
        if sequence:
            passport = id_type is IdType.PASSPORT
            number = f"E{sequence:08}" if passport else builders.id_number(sequence)
        return legacy_account(self.session, name, number, kind=kind, id_type=id_type, unit=place)

    def move(self, what: str, sequence: int, enterprises: set[int]) -> None:
        self.minutes += 1
        name = NAMES[sequence % 2]
        if what == "comes":
            units = [self.units[number] for number in sorted(enterprises)]
            comes(self.session, name, sequence, *units, minutes=self.minutes)
            return
        if what == "too_low":
            identity = builders.identity(name, sequence, level=AssuranceLevel.BASIC)
            note_refused(builders.act(self.session, minutes=self.minutes), identity)
            return
        index = builders.SEALER.index(IdType.RESIDENT_ID.value, builders.id_number(sequence))
        person = self.session.scalar(select(Person).where(Person.id_index == index))
        if what == "appoints":
            self._appoint(sequence)
        elif person is not None:
            self._does(what, person)

    def _does(self, what: str, person: Person) -> None:
        act = builders.act(self.session, minutes=self.minutes)
        found = match_of(self.session, builders.SEALER, person)
        if what == "unbinds":
            binding = self.session.scalar(
                select(AccountBinding).where(
                    AccountBinding.person_id == person.id, AccountBinding.until.is_(None)
                )
            )
            if binding is not None:
                support = builders.act(
                    self.session,
                    SUPPORT,
                    reason="绑错了",
                    minutes=self.minutes,
                    involved=builders.PROPOSED,
                )
                unbind(support, binding.id)
        elif found.outcome is Outcome.PROMPT and found.account_id is not None:
            if what == "disowns":
                disown(act, person.id, found.account_id)
            else:
                password = PASSWORD if what == "binds" else "?"
                bind(act, person.id, found.account_id, password, consented=True)

    def _appoint(self, sequence: int) -> None:
        """The bureau's staff names somebody where nobody within can; else nothing happens."""
        unit = self.units[2]
        represented = select(Representation.id).where(
            Representation.uscc == unit.uscc, Representation.until.is_(None)
        )
        if self.session.scalar(represented) or unit.administrators:
            return
        bureau = self.bureaus[1]
        staff = Actor(
            "科员",
            Capacity.DEPARTMENT_STAFF,
            office=Office(bureau.id, bureau.path, bureau.name),
            staff_id=1,
        )
        awaited = enterprise_pending(self.session, unit)
        if not awaited:
            name = NAMES[sequence % 2]
            act = builders.act(self.session, staff, reason="无人", minutes=self.minutes)
            appoint(act, unit.id, builders.candidate(name, sequence))


def enterprise_pending(session: Session, unit: Unit) -> bool:
    return administration_of(session, unit).blocker in (
        Blocker.APPOINTEE_NOT_REGISTERED,
        Blocker.APPOINTEE_NOT_VERIFIED,
    )
