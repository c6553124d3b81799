"""Signing in and out at the portal, its front page and its help."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal_simulator import enterprises, people, ready_made, sessions
from portal_simulator.frame import provider, sign_in, signed_in, transaction
from portal_simulator.provider import now
from portal_simulator.refusals import Refusal, Refused

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    with transaction() as db:
        person = signed_in(db)
        if person is None:
            return render_template("welcome.html")
        bound = enterprises.of_person(db, person.sub)
    return render_template("home.html", person=person, enterprises=bound)


@blueprint.get("/signin")
def signin() -> str:
    return _sign_in_page()


@blueprint.post("/signin")
def signin_with_password() -> Response | tuple[str, int]:
    try:
        with transaction() as db:
            person = people.with_password(
                db, request.form.get("account", ""), request.form.get("password", "")
            )
            sign_in(db, person)
    except Refused as refused:
        return _sign_in_page(refused.refusal), 422
    return redirect(_onward())


@blueprint.post("/signin/ready-made")
def signin_ready_made() -> Response:
    with transaction() as db:
        chosen = people.get(db, request.form.get("person", ""))
        # One click is for the people of the file; whoever registered has a password.
        if chosen is None or chosen.shows is None:
            abort(404)
        sign_in(db, chosen)
    return redirect(_onward())


@blueprint.post("/signout")
def signout() -> str:
    with transaction() as db:
        sessions.end(db, session.pop("sid", ""), now())
    return render_template("signed_out.html")


@blueprint.get("/help")
def help_page() -> str:
    return render_template("help.html")


def _sign_in_page(refusal: Refusal | None = None) -> str:
    with transaction() as db:
        ready = [
            (person, enterprises.of_person(db, person.sub)) for person in people.ready_made(db)
        ]
    return render_template(
        "sign_in.html",
        ready=ready,
        not_registered=ready_made.not_registered(provider().settings.people_file),
        to=_onward(),
        for_console=_onward().startswith(url_for("endpoints.authorize") + "?"),
        refusal=refusal,
    )


def _onward() -> str:
    """Only to the interrupted authorization; an address from a query leads nowhere else."""
    to = request.values.get("to", "")
    return to if to.startswith(url_for("endpoints.authorize") + "?") else url_for("pages.home")
