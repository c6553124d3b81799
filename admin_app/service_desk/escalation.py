"""Cases that are late: made urgent and told to whoever has them, then to everybody at the desk.

The worker's duty; once for each case and level, as the system's own act. Nothing here commits.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import announce
from admin_app.audit.vocabulary import Event
from admin_app.rollups.rules import day_of
from admin_app.service_desk.bulk import lock_persons_of
from admin_app.service_desk.case_queries import overdue
from admin_app.service_desk.case_vocabulary import Priority, Side
from admin_app.service_desk.models import Case
from admin_app.service_desk.rules import is_overdue
from admin_app.service_desk.steps import lock_case, write_entry
from admin_app.service_desk.working_days import working_days_before

# Whom a late case has been told: nobody, whoever has it, everybody at the desk.
TO_ASSIGNEE, TO_EVERYBODY = 1, 2
AT_ONCE = 500
_AGAIN = timedelta(minutes=10)


def again(at: datetime) -> datetime:
    """When the duty is due once more: soon, for what there is more of than ``AT_ONCE``."""
    return at + _AGAIN


def escalate(act: Act) -> int:
    """Escalate what has become late since; the worst first.

    Returns:
        how many cases were.
    """
    today = day_of(act.at)
    long_ago = working_days_before(today, act.limits.case_escalation_days)
    done = 0
    for level, day in ((TO_EVERYBODY, long_ago), (TO_ASSIGNEE, today)):
        late = (
            select(Case.id)
            .where(Case.ended_at.is_(None), overdue(day), Case.escalated < level)
            .order_by(Case.due_on, Case.id)
            .limit(AT_ONCE - done)
        )
        cases = act.session.scalars(late).all()
        lock_persons_of(act, cases)
        for case_id in sorted(cases):
            done += _escalate(act, case_id, level, day)
    return done


def _escalate(act: Act, case_id: int, level: int, day: date) -> bool:
    case = lock_case(act, case_id)
    if not is_overdue(case.state, case.due_on, day) or case.escalated >= level:
        return False  # somebody was quicker
    case.escalated, case.priority = level, Priority.URGENT
    write_entry(act, case, Event.CASE_ESCALATED, Side.DESK, internal=True)
    announce(
        act,
        "desk.late",
        case_id=case.id,
        staff_id=case.assignee_id if level == TO_ASSIGNEE else None,
        level=level,
        due_on=case.due_on.isoformat(),
    )
    return True
