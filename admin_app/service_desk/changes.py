"""The change form 信息变更表 on line: what it asks to change, checked before it is filed."""

from collections.abc import Collection, Sequence

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.migration.models import Consent
from admin_app.migration.operations import CONSENT_WORDING
from admin_app.migration.progress import Hold
from admin_app.migration.vocabulary import ConsentMissing
from admin_app.service_desk.cases import file_own_case
from admin_app.service_desk.evidence import attach_own, require_evidence
from admin_app.service_desk.models import Case
from admin_app.service_desk.storage import Storage
from admin_app.service_desk.uploads import Upload


def file_change(
    act: Act,
    person_id: int,
    hold: Hold,
    statement: str,
    *,
    account_ids: Collection[int] | None = None,
    consented: bool,
    uploads: Sequence[Upload] = (),
    storage: Storage | None = None,
) -> Case:
    """File the form in one's own name; what concerns old accounts needs one's consent (PIPL).

    Raises:
        ConsentMissing, NothingToFile, StatementTooLong, AlreadyOnFile, EvidenceMissing,
        EvidenceTooMuch
    """
    if hold.account_id is not None and not consented:
        raise ConsentMissing(field="consented")
    require_evidence(act, hold.blocker, {each.kind for each in uploads})
    case = file_own_case(act, person_id, hold, statement, account_ids)
    if hold.account_id is not None:
        act.session.add(Consent(person_id=person_id, wording=CONSENT_WORDING, at=act.at))
        record(
            act,
            Event.CONSENT_GIVEN,
            person_id=person_id,
            subject=act.actor.name,
            wording=CONSENT_WORDING,
        )
    if uploads and storage is not None:
        attach_own(act, storage, case.id, uploads)
    return case
