"""What lies on the desk in the demo: cases filed in the weeks before, worked on, decided, late.

Through the real services, of those who got stuck while the province rehearsed.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from PIL import Image
from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.identity.models import Person, StaffAccount
from admin_app.migration.blockers import Owner
from admin_app.migration.models import LegacyAccount
from admin_app.migration.progress import Hold, holds_of
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import AssuranceLevel, Capacity
from admin_app.service_desk import deciding, desk
from admin_app.service_desk.cases import file_own_case
from admin_app.service_desk.evidence import attach_received, required_for
from admin_app.service_desk.models import Case
from admin_app.service_desk.parties import matter_of
from admin_app.service_desk.storage import Storage
from admin_app.service_desk.uploads import receive

CASES = 60
_PEOPLE_MOST = 400
_STATEMENT = "演示申请：请平台核实。"
_CHECKED = "演示：已与当事人核对。"
_MISSING = "演示：照片看不清，请重新拍一张。"
_REFUSED = "演示：材料与登记的不是同一个人。"


def work_at_the_desk(act: Act, usernames: tuple[str, str], storage: Storage) -> int:
    """Let some of the stuck file cases, and two members of support get on with most of them.

    Returns:
        how many there are.
    """
    first, second = (_support(act, each) for each in usernames)
    number = 0
    for person, hold, since in islice(_stuck(act), CASES):
        # From yesterday back to five weeks ago, but after they got stuck.
        filed_at = max(act.at - timedelta(days=1 + number * 7 % 36), since + timedelta(hours=5))
        if filed_at < act.at:
            case = file(act, person, hold, filed_at)
            Course(act, case, first, second, storage).run(number)
            number += 1
    return number


def _support(act: Act, username: str) -> Actor:
    found = select(StaffAccount).where(StaffAccount.username == username)
    staff = act.session.scalars(found).one()
    return Actor(staff.name, Capacity.PLATFORM_SUPPORT, staff_id=staff.id)


def file(act: Act, person: Person, hold: Hold, at: datetime) -> Case:
    """The person's own case, filed at a time."""
    actor = Actor(
        person.name, Capacity.NATURAL_PERSON, AssuranceLevel(person.level), None, person.id
    )
    return file_own_case(replace(act, actor=actor, at=at), person.id, hold, _STATEMENT)


def _stuck(act: Act) -> Iterator[tuple[Person, Hold, datetime]]:
    """Who is stuck by what the desk could put right, and since when."""
    held = (
        select(Person, LegacyAccount.stated_at)
        .join(LegacyAccount, LegacyAccount.held_for_id == Person.id)
        .where(LegacyAccount.blocker.is_not(None))
        .order_by(Person.id)
        .limit(_PEOPLE_MOST)
    )
    for person, since in act.session.execute(held).unique().all():
        for hold in holds_of(act.session, act.sealer, person):
            if hold.account_id is not None and hold.blocker.advice.owner is Owner.STAFF:
                yield person, hold, since
                break


class Over(Exception):
    """The next step would lie in the future."""


@dataclass
class Course:
    """How a case goes on, a step every day or every few."""

    act: Act
    case: Case
    first: Actor
    second: Actor
    storage: Storage
    steps: int = 0

    def run(self, number: int) -> None:
        """Of what is new every sixth is nobody's yet; of what is old most is decided."""
        is_old = self.act.at - self.case.filed_at > timedelta(days=9)
        fate = number % 6 if not is_old else 3 if number % 4 == 3 else 4
        if is_old and number % 8 == 1:
            fate = 1  # left lying
        try:
            self._go(fate)
        except Over:
            return

    def _go(self, fate: int) -> None:
        case = self.case
        if fate == 0:
            return
        desk.take(self._then(self.first), case.id, case.version)
        desk.review(self._then(self.first), case.id, case.version)
        if fate == 2:
            desk.ask(self._then(self.first), case.id, case.version, _MISSING)
        elif fate == 3:
            desk.refuse(self._then(self.first, _REFUSED), case.id, case.version)
        elif fate > 3:
            self._approve()

    def _approve(self) -> None:
        case, act = self.case, self._then(self.first, _CHECKED)
        if (deed := matter_of(act.session, case).deed) is None:
            return
        photograph = io.BytesIO()
        Image.new("RGB", (640, 400), "white").save(photograph, "JPEG")
        needed = required_for(act, case.kind)
        sent = [receive(each, "演示材料.jpg", photograph.getvalue()) for each in needed]
        attach_received(act, self.storage, case.id, sent)
        if not deed.takes_two:
            deciding.approve(act, case.id, case.version)
            return
        deciding.propose(act, case.id, case.version)
        deciding.confirm(self._then(self.second, _CHECKED), case.id, case.version)

    def _then(self, actor: Actor, reason: str = "") -> Act:
        self.steps += 1
        at = self.case.filed_at + timedelta(hours=9) * self.steps
        if at >= self.act.at:
            raise Over
        return replace(self.act, actor=actor, at=at, reason=reason)
