"""What people of the town brought along: a bound account with its history, applications."""

from dataclasses import replace
from datetime import date

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.identity.models import Person
from admin_app.migration.models import (
    AccountBinding,
    Affiliation,
    BusinessRecord,
    Consent,
    HistoryTally,
    LegacyAccount,
)
from admin_app.migration.receipts import add_digests, record_digest
from admin_app.migration.standings import restate
from admin_app.migration.steps import begin
from admin_app.migration.vocabulary import AccountKind, AccountState, Proof, RecordKind
from admin_app.policy.actor import Actor
from admin_app.policy.vocabulary import Capacity
from admin_app.service_desk.applications import file_application

TITLES = ("示例近海观测项目", "示例潮汐预报方法研究", "示例浮标数据共享平台")


def moves_in(act: Act, person: Person, unit: Unit) -> None:
    """Somebody's old account is bound: three records, and an affiliation with a unit."""
    session = act.session
    account = LegacyAccount(
        external_id="town:1",
        kind=AccountKind.PERSONAL,
        username="shili-old",
        name=person.name,
        id_type=person.id_type,
        id_sealed=person.id_sealed,
        id_index=person.id_index,
        imported_at=act.at,
        state=AccountState.MIGRATED,
        stated_at=act.at,
        seen_level=person.level,
        seen_at=act.at,
    )
    session.add(account)
    session.flush()
    digest, project = bytes(32), RecordKind.PROJECT
    for number, title in enumerate(TITLES):
        day, external_id = date(2019 + number, 3, 4), f"P-{number}"
        session.add(
            BusinessRecord(
                kind=project,
                external_id=external_id,
                account_id=account.id,
                title=title,
                happened_on=day,
            )
        )
        one = record_digest(project.value, external_id, title, day.isoformat())
        digest = add_digests(digest, one)
    session.add_all(
        [
            HistoryTally(account_id=account.id, kind=project, number=len(TITLES), digest=digest),
            Affiliation(account_id=account.id, unit_id=unit.id, since=act.at),
            Consent(person_id=person.id, wording="2026-11", at=act.at),
            AccountBinding(
                account_id=account.id, person_id=person.id, proof=Proof.OLD_PASSWORD, since=act.at
            ),
        ]
    )
    session.flush()


def is_bound_to_the_wrong_one(act: Act, account: LegacyAccount, wrong: Person) -> None:
    """Somebody's old account is another's, as by a mistake of the portal or of the desk."""
    begin(act, wrong, account, Proof.DESK)
    restate(act, [account])


def applies(act: Act, person: Person, unit: Unit) -> None:
    """Somebody asks to belong to a unit."""
    actor = Actor(person.name, Capacity.NATURAL_PERSON, person.assurance_level, person_id=person.id)
    file_application(replace(act, actor=actor, reason="示例理由"), unit.id)
