"""What the start page says to whoever signs in: new offices, own offices, what comes next."""

from flask import Flask
from flask_admin import Admin

from admin_app.delegation.queries import appointments_of
from admin_app.delegation.vocabulary import AppointmentState
from admin_app.identity.queries import representations_of
from admin_app.policy.vocabulary import Capacity
from admin_app.web.database import current_session
from admin_app.web.identity import current_actor
from admin_app.web.navigation import Panel, add_panel


def new_offices() -> Panel | None:
    """Offices the person hasn't been told of yet: where, by whom, and what they can do."""
    person_id = current_actor().person_id
    if person_id is None:
        return None
    news = [
        appointment
        for appointment in appointments_of(current_session(), person_id)
        if appointment.state is AppointmentState.CURRENT and appointment.told_at is None
    ]
    return Panel("panels/new_offices.html", {"news": news}) if news else None


def own_offices() -> Panel | None:
    """What the person holds: enterprises represented, units administered; or what to do if none."""
    actor = current_actor()
    if actor.person_id is None:
        return None
    current = [
        appointment
        for appointment in appointments_of(current_session(), actor.person_id)
        if appointment.state is AppointmentState.CURRENT
    ]
    return Panel(
        "panels/own_offices.html",
        {
            "appointments": current,
            "representations": representations_of(current_session(), actor.person_id),
        },
    )


def office() -> Panel | None:
    """Where the visitor acts: their unit, and what they can do from there."""
    actor = current_actor()
    if actor.office is None or actor.capacity is Capacity.MANAGER:
        return None
    return Panel("panels/office.html", {"actor": actor})


def register(app: Flask, _admin: Admin) -> None:
    add_panel(app, new_offices, order=10)
    add_panel(app, office, order=30)
    add_panel(app, own_offices, order=40)
