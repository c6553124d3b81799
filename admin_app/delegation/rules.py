"""What decides whether somebody may take office: pure functions."""

from admin_app.delegation.vocabulary import Waiting
from admin_app.policy.vocabulary import AssuranceLevel


def waits_for(
    *, level: AssuranceLevel | None, name_matches: bool, unit_in_use: bool, room: bool
) -> Waiting | None:
    """What stands between somebody and the office they are appointed to; None: nothing.

    ``level`` is None for somebody who has never signed in. Nobody below intermediate
    verification holds an office (R51).
    """
    if level is None:
        return Waiting.FIRST_SIGN_IN
    if level < AssuranceLevel.INTERMEDIATE:
        return Waiting.VERIFICATION
    if not name_matches:
        return Waiting.NAME_DIFFERS
    if not unit_in_use:
        return Waiting.UNIT_ARCHIVED
    return None if room else Waiting.UNIT_FULL


def has_room(*, current: int, pending: int, limit: int) -> bool:
    """Whether one more administrator may be appointed: pending ones have their place kept."""
    return current + pending < limit
