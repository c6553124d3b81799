"""Binding enterprises to their legal representatives, and letting go of them again."""

import sqlite3
from dataclasses import dataclass

from portal_simulator import identifiers
from portal_simulator.people import Level, Person
from portal_simulator.refusals import Refusal, Refused


@dataclass(frozen=True)
class Enterprise:
    uscc: str
    name: str


def bind(db: sqlite3.Connection, person: Person, uscc: str, name: str) -> Enterprise:
    """The order is fixed: intermediate verification first, then the binding (R24).

    A code that the register does not hold is believed, since the simulator has no national
    register; the person then counts as its legal representative from now on.
    """
    enterprise = Enterprise(identifiers.normalised(uscc), name.strip())
    if person.level < Level.INTERMEDIATE:
        raise Refused(Refusal.LEVEL_TOO_LOW_TO_BIND)
    if not identifiers.is_uscc(enterprise.uscc):
        raise Refused(Refusal.USCC_WRONG)
    if not enterprise.name:
        raise Refused(Refusal.ENTERPRISE_NAME_MISSING)
    if holder := _holder(db, enterprise.uscc):
        mine = holder == person.sub
        raise Refused(Refusal.ALREADY_BOUND if mine else Refusal.ENTERPRISE_TAKEN)
    _check_register(db, person, enterprise)
    enter(db, enterprise, person.sub)
    record_binding(db, enterprise, person.sub)
    return enterprise


def unbind(db: sqlite3.Connection, person: Person, uscc: str) -> bool:
    """Only one's own; the register keeps the enterprise."""
    done = db.execute("delete from binding where uscc = ? and sub = ?", (uscc, person.sub))
    return done.rowcount == 1


def of_person(db: sqlite3.Connection, sub: str) -> list[Enterprise]:
    rows = db.execute(
        "select uscc, name from binding join enterprise using (uscc) where sub = ? order by uscc",
        (sub,),
    )
    return [Enterprise(row["uscc"], row["name"]) for row in rows]


def open_to(db: sqlite3.Connection, sub: str) -> list[Enterprise]:
    """Registered under this legal representative, and bound by nobody yet."""
    rows = db.execute(
        "select uscc, name from enterprise where legal_representative = ?"
        " and uscc not in (select uscc from binding) order by uscc",
        (sub,),
    )
    return [Enterprise(row["uscc"], row["name"]) for row in rows]


def enter(db: sqlite3.Connection, enterprise: Enterprise, legal_representative: str | None) -> None:
    db.execute(
        "insert or ignore into enterprise values (?, ?, ?)",
        (enterprise.uscc, enterprise.name, legal_representative),
    )


def record_binding(db: sqlite3.Connection, enterprise: Enterprise, sub: str) -> None:
    db.execute("insert into binding values (?, ?)", (enterprise.uscc, sub))


def _holder(db: sqlite3.Connection, uscc: str) -> str | None:
    row = db.execute("select sub from binding where uscc = ?", (uscc,)).fetchone()
    return row["sub"] if row else None


def _check_register(db: sqlite3.Connection, person: Person, enterprise: Enterprise) -> None:
    entry = db.execute("select * from enterprise where uscc = ?", (enterprise.uscc,)).fetchone()
    if entry is None:
        return
    if entry["name"] != enterprise.name:
        raise Refused(Refusal.ENTERPRISE_NAME_DIFFERS)
    if entry["legal_representative"] not in (None, person.sub):
        raise Refused(Refusal.NOT_LEGAL_REPRESENTATIVE)
