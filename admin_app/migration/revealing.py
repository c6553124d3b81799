"""Showing a whole ID number: only to those whose work needs it, with a reason, and recorded."""

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.errors import NotFound
from admin_app.migration.models import LegacyAccount
from admin_app.policy.rules import require
from admin_app.policy.vocabulary import Permission


def reveal_id_number(act: Act, account_id: int) -> str:
    """The whole ID number that an old account was registered with.

    Raises:
        Refused, NotFound: no such account, or it has no number.
    """
    decision = require(act.actor, Permission.IDENTITY_REVEAL, None, act.reason)
    account = act.session.scalar(select(LegacyAccount).where(LegacyAccount.id == account_id))
    if account is None or account.id_sealed is None:
        raise NotFound
    record(
        act,
        Event.ID_NUMBER_REVEALED,
        unit_id=account.unit_id,
        subject=account.name,
        decision=decision,
        account_id=account.id,
    )
    return act.sealer.open(account.id_sealed)
