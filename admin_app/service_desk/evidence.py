"""Evidence of a case: added by its person or the desk, read by both, whole and unchanged.

Rows come first and files last: whatever is refused leaves nothing behind, and a file whose
transaction fails in the very end is swept up by ``yihaotong tidy``. Nothing here commits.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.audit.act import Act
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission
from admin_app.sealing import SealError, open_content, seal_content
from admin_app.service_desk.case_vocabulary import CaseOver, CaseState, Side
from admin_app.service_desk.cases import own_case
from admin_app.service_desk.evidence_vocabulary import (
    FILES_MOST,
    EvidenceGone,
    EvidenceKind,
    EvidenceMissing,
    EvidenceNotKept,
    EvidenceTooMuch,
)
from admin_app.service_desk.filing import take_up
from admin_app.service_desk.form_vocabulary import CaseKind
from admin_app.service_desk.models import Case, CaseEntry, Evidence
from admin_app.service_desk.steps import lock_case, tell_of, write_entry
from admin_app.service_desk.storage import Storage, new_key
from admin_app.service_desk.uploads import Upload
from admin_app.wording import Text

_ASKED_AT_ONCE = 500


def attach_own(act: Act, storage: Storage, case_id: int, uploads: Sequence[Upload]) -> Case:
    """Add evidence to one's own case, or one's unit's.

    Raises:
        NotFound, CaseOver, EvidenceTooMuch, EvidenceNotKept
    """
    case = own_case(act.session, act.actor, case_id)
    if case.state is CaseState.WAITING:
        # What was asked for has come: files alone answer too.
        take_up(act, lock_case(act, case_id))
    return _attach(act, storage, case_id, uploads, Side.PERSON)


def attach_received(act: Act, storage: Storage, case_id: int, uploads: Sequence[Upload]) -> Case:
    """Add what came to the desk by mail or by e-mail (R43).

    Raises:
        Refused, NotFound, CaseOver, EvidenceTooMuch, EvidenceNotKept
    """
    require(act.actor, Permission.CASE_WORK)
    return _attach(act, storage, case_id, uploads, Side.DESK)


def read_own(act: Act, storage: Storage, evidence_id: int) -> tuple[Evidence, bytes]:
    """A piece of evidence of one's own case.

    Raises:
        NotFound, EvidenceGone
    """
    evidence = _evidence(act.session, evidence_id)
    own_case(act.session, act.actor, evidence.case_id)
    return evidence, _content(act, storage, evidence)


def read_at_desk(act: Act, storage: Storage, evidence_id: int) -> tuple[Evidence, bytes]:
    """A piece of evidence; who looked at it stands in the trail.

    Raises:
        NotFound, Refused, EvidenceGone
    """
    decision = require(act.actor, Permission.CASE_WORK)
    evidence = _evidence(act.session, evidence_id)
    content = _content(act, storage, evidence)
    case = act.session.get_one(Case, evidence.case_id)
    tell_of(act, case, Event.EVIDENCE_SEEN, decision)
    return evidence, content


def evidence_of(session: Session, case_id: int) -> Sequence[Evidence]:
    """All evidence of a case, the first first."""
    return session.scalars(
        select(Evidence).where(Evidence.case_id == case_id).order_by(Evidence.id).limit(FILES_MOST)
    ).all()


def missing_in(act: Act, cases: Sequence[Case]) -> dict[int, list[EvidenceKind]]:
    """What open cases have still to bring, by the case's number; asked in one go."""
    running = [each for each in cases if each.state.is_open]
    rows = act.session.execute(
        select(Evidence.case_id, Evidence.kind).where(
            Evidence.case_id.in_([each.id for each in running])
        )
    )
    brought: dict[int, set[EvidenceKind]] = {}
    for case_id, kind in rows:
        brought.setdefault(case_id, set()).add(kind)
    return {
        each.id: [k for k in required_for(act, each.kind) if k not in brought.get(each.id, ())]
        for each in running
    }


def required_for(act: Act, kind: CaseKind) -> list[EvidenceKind]:
    """What a case of a kind has to bring, as configured."""
    return [EvidenceKind(each) for each in act.limits.evidence.get(kind.value, ())]


def required_at_filing(act: Act, kind: CaseKind) -> list[EvidenceKind]:
    """What has to come with the form; the signed paper can only follow, for it bears its number."""
    return [each for each in required_for(act, kind) if each.comes_with_filing]


def require_evidence(act: Act, kind: CaseKind, brought: Collection[EvidenceKind]) -> None:
    """Before filing.

    Raises:
        EvidenceMissing: names what is still to come.
    """
    _require(required_at_filing(act, kind), brought)


def require_evidence_of(act: Act, case: Case) -> None:
    """Before approving: the signed form too, where it is asked for.

    Raises:
        EvidenceMissing
    """
    brought = {each.kind for each in evidence_of(act.session, case.id)}
    _require(required_for(act, case.kind), brought)


def _require(asked: Collection[EvidenceKind], brought: Collection[EvidenceKind]) -> None:
    missing = [each for each in asked if each not in brought]
    if missing:
        kinds = Text(
            "、".join(each.label.zh for each in missing),
            ", ".join(each.label.en for each in missing),
        )
        raise EvidenceMissing(field="evidence", kinds=kinds)


def sweep(session: Session, storage: Storage, before: datetime) -> Iterator[str]:
    """The keys of old files that no row knows: what a broken transaction left behind."""
    old = (key for key, stored_at in storage.stored() if stored_at < before)
    while keys := list(islice(old, _ASKED_AT_ONCE)):
        rows = select(Evidence.storage_key).where(Evidence.storage_key.in_(keys))
        known = set(session.scalars(rows))
        yield from (key for key in dict.fromkeys(keys) if key not in known)


def _attach(
    act: Act, storage: Storage, case_id: int, uploads: Sequence[Upload], side: Side
) -> Case:
    case = lock_case(act, case_id)
    if not case.state.is_open:
        raise CaseOver(state=case.state.label)
    there = select(func.count()).select_from(Evidence).where(Evidence.case_id == case.id)
    if (act.session.scalar(there) or 0) + len(uploads) > FILES_MOST:
        raise EvidenceTooMuch(field="evidence")
    files: list[tuple[str, bytes]] = []
    for upload in uploads:
        key, sealed = seal_content(upload.content)
        storage_key = new_key()
        files.append((storage_key, sealed))
        act.session.add(
            Evidence(
                case_id=case.id,
                kind=upload.kind,
                name=upload.name,
                media_type=upload.media_type,
                size=len(upload.content),
                digest=hashlib.sha256(upload.content).digest(),
                storage_key=storage_key,
                key_sealed=act.sealer.seal(key),
                at=act.at,
                side=side,
                author=act.actor.name,
            )
        )
    names = "、".join(each.name for each in uploads)
    write_entry(act, case, Event.EVIDENCE_ADDED, side, names, along=_comes_along(act, case))
    _store(storage, files)
    return case


def _comes_along(act: Act, case: Case) -> bool:
    """Whether files come with the form itself or with an answer, which is told already."""
    answered = select(CaseEntry.id).where(
        CaseEntry.case_id == case.id,
        CaseEntry.at == act.at,
        CaseEntry.event == Event.CASE_ANSWERED.value,
    )
    return case.filed_at == act.at or act.session.scalar(answered.limit(1)) is not None


def _store(storage: Storage, files: Sequence[tuple[str, bytes]]) -> None:
    """All of them, or none; what can't even be deleted is swept up later, for no row knows it.

    Raises:
        EvidenceNotKept
    """
    for number, (key, content) in enumerate(files):
        try:
            storage.put(key, content)
        except OSError as error:
            # The one that failed as well: a service may have kept it and not have said so.
            for done, _content in files[: number + 1]:
                with suppress(OSError):
                    storage.delete(done)
            raise EvidenceNotKept from error


def _evidence(session: Session, evidence_id: int) -> Evidence:
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    return evidence


def _content(act: Act, storage: Storage, evidence: Evidence) -> bytes:
    try:
        sealed = storage.get(evidence.storage_key)
        content = open_content(act.sealer.open(evidence.key_sealed), sealed or b"")
    except (OSError, SealError) as error:
        raise EvidenceGone from error
    if hashlib.sha256(content).digest() != evidence.digest:
        raise EvidenceGone
    return content
