"""Whose page it is: pages about oneself are for natural persons, for staff they aren't there.

But for notices: members of support have them too.
"""

from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.identity.queries import get_person
from admin_app.policy.actor import Actor
from admin_app.policy.rules import decide
from admin_app.policy.vocabulary import Permission
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor


def own_person() -> Person:
    """The person who visits.

    Raises:
        NotFound: staff, who have local accounts and nothing here.
    """
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return get_person(current_session(), person_id)


def is_told(actor: Actor) -> bool:
    """Whether somebody has notices: every person, and who works on cases."""
    return actor.person_id is not None or bool(decide(actor, Permission.CASE_WORK))


def told_actor() -> Actor:
    """Whoever visits, if they have notices.

    Raises:
        NotFound: other staff, who are told nothing.
    """
    actor = current_actor()
    if not is_told(actor):
        raise NotFound
    return actor
