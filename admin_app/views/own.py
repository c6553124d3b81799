"""Whose page it is: pages about oneself are for natural persons, for staff they aren't there."""

from admin_app.errors import NotFound
from admin_app.identity.models import Person
from admin_app.identity.queries import get_person
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
