"""Keeping the index of what cases are found by: in the transaction that changes what it tells of.

What was said is added and never changes. Names (the person's, the old account's) are one text a
case, written anew whenever the case moves on, and when the portal reports another name; cases
whose old account an import renames wait for the worker. Units' names have an index of their own.
Nothing here commits.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    delete,
    event,
    func,
    insert,
    inspect,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, Session

from admin_app.identity.models import Person
from admin_app.migration.models import LegacyAccount
from admin_app.service_desk.desk_models import CaseGram, CaseText, CaseToIndex
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.replies import REPLIES
from admin_app.service_desk.search_rules import terms, text_key

_AT_ONCE = 200  # cases of a step; writers wait for one on SQLite


def index_case(session: Session, case: Case) -> None:
    """A case is new: its statement and its names."""
    session.flush()
    _write(session.connection(), [(case.id, text_key(case.statement))])
    index_names(session, case)


def index_words(session: Session, case: Case, text: str, reply: str = "") -> None:
    """Something was said in a case; its names are looked at again."""
    _write(session.connection(), [(case.id, _words(text, reply))])
    index_names(session, case)


def index_names(session: Session, case: Case) -> None:
    """Write down whom a case is about, if that has changed."""
    session.flush()
    _write_names(session.connection(), [case.id])


def index_waiting(session: Session) -> Sequence[int]:
    """Index anew the next of those cases that wait for it, the newest first.

    Pairs that a case no longer has may stay: the texts have the last word.

    Returns:
        their numbers; none when all is done.
    """
    ids = session.scalars(
        select(CaseToIndex.case_id)
        .order_by(CaseToIndex.case_id.desc())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return ids
    connection = session.connection()
    # Deleted before it is read: what is said meanwhile is then kept twice rather than not at all.
    connection.execute(delete(CaseText).where(CaseText.case_id.in_(ids)))
    rows = select(Case.id, Case.statement).where(Case.id.in_(ids)).order_by(Case.id)
    said = select(CaseEntry.case_id, CaseEntry.text, CaseEntry.reply).where(
        CaseEntry.case_id.in_(ids)
    )
    texts = [(case_id, text_key(statement)) for case_id, statement in connection.execute(rows)]
    for case_id, text, reply in connection.execute(said.order_by(CaseEntry.id)):
        texts.append((case_id, _words(text, reply)))
    _write(connection, texts)
    _write_names(connection, ids)
    connection.execute(delete(CaseToIndex).where(CaseToIndex.case_id.in_(ids)))
    return ids


def _words(text: str, reply: str) -> str:
    canned = REPLIES.get(reply)
    return text_key(*((canned.text.zh,) if canned else ()), text)


def _write(
    connection: Connection, texts: Iterable[tuple[int, str]], *, about: bool = False
) -> None:
    """Write cases' texts, and the terms that aren't there yet."""
    kept = [(case_id, key) for case_id, key in texts if key]
    if not kept:
        return
    rows = [{"case_id": case_id, "about": about, "key": key} for case_id, key in kept]
    connection.execute(insert(CaseText), rows)
    # In the order of the key, so that no two writers wait for each other.
    pairs = sorted({(gram, case_id) for case_id, key in kept for gram in terms(key)})
    if not pairs:
        return
    if connection.dialect.name != "postgresql":
        values = [{"gram": gram, "case_id": case_id} for gram, case_id in pairs]
        connection.execute(sqlite.insert(CaseGram).on_conflict_do_nothing(), values)
        return
    # One statement: thousands of them would each be parsed and answered.
    grams, ids = zip(*pairs, strict=True)
    columns = (literal(list(grams), ARRAY(BigInteger)), literal(list(ids), ARRAY(Integer)))
    added = postgresql.insert(CaseGram).from_select(
        ["gram", "case_id"], select(*(func.unnest(each) for each in columns))
    )
    connection.execute(added.on_conflict_do_nothing())


def _write_names(connection: Connection, case_ids: Sequence[int]) -> None:
    """A name that is no longer borne leaves its pairs behind; the texts have the last word."""
    rows = connection.execute(
        select(
            Case.id,
            Case.uscc,
            Person.name,
            LegacyAccount.name,
            LegacyAccount.username,
            CaseText.key,
        )
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(LegacyAccount, LegacyAccount.id == Case.account_id)
        .outerjoin(CaseText, (CaseText.case_id == Case.id) & CaseText.about.is_(True))
        .where(Case.id.in_(case_ids))
    ).all()
    changed = []
    for case_id, *names, former in rows:
        key = text_key(*dict.fromkeys(name for name in names if name))
        if key != (former or ""):
            changed.append((case_id, key))
    if not changed:
        return
    ids = [case_id for case_id, _key in changed]
    connection.execute(delete(CaseText).where(CaseText.case_id.in_(ids), CaseText.about.is_(True)))
    _write(connection, changed, about=True)


@event.listens_for(Person, "after_update")
def _renamed(_mapper: Mapper[Any], connection: Connection, person: Person) -> None:
    """The portal's word is noted far below the desk; who is renamed has few cases."""
    if inspect(person).attrs.name.history.has_changes():
        ids = connection.scalars(select(Case.id).where(Case.person_id == person.id)).all()
        _write_names(connection, ids)
