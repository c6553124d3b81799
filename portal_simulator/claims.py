"""What the portal tells about a person: the claims of the userinfo endpoint."""

import sqlite3
from typing import Any

from portal_simulator import enterprises
from portal_simulator.people import Person


def of(db: sqlite3.Connection, person: Person) -> dict[str, Any]:
    """All of it for the scope `openid`, as provincial portals do."""
    return {
        "sub": person.sub,
        "name": person.name,
        "id_type": person.id_type.value,
        "id_number": person.id_number,
        "assurance_level": person.level.claim,
        "enterprises": [
            {"uscc": enterprise.uscc, "name": enterprise.name}
            for enterprise in enterprises.of_person(db, person.sub)
        ],
        "phone_number": f"+86{person.mobile}",
    }


NAMES = (
    "sub",
    "name",
    "id_type",
    "id_number",
    "assurance_level",
    "enterprises",
    "phone_number",
)
