"""In and out: through the portal or a staff account, and from one capacity to another."""

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin

from admin_app.delegation.arrival import arrive
from admin_app.errors import NotFound
from admin_app.identity.claims import read_identity
from admin_app.identity.sessions import choose_capacity, end_session, id_token_of
from admin_app.identity.staff import check_staff_password
from admin_app.identity.vocabulary import IdType, PortalNonsense, SignInThrottled
from admin_app.migration.arrivals import note_refused
from admin_app.service_desk.opening import note_arrival
from admin_app.settings import Settings
from admin_app.web import portal
from admin_app.web.addresses import safe_next
from admin_app.web.forms import Form, read_form
from admin_app.web.gate import open_to_all, signed_in
from admin_app.web.identity import (
    current_visitor,
    forget,
    make_act,
    platform_act,
    sealer,
    sign_in,
)
from admin_app.web.logs import log, reference
from admin_app.web.notices import tell
from admin_app.web.portal_troubles import PortalAnswerWrong, PortalTrouble
from admin_app.web.transaction import finish_early, keep, undo, writes
from admin_app.wording import Text

blueprint = Blueprint("signin", __name__)

_SECOND_FACTOR = Text(
    "此账号需要二次验证，请联系平台协助登录。",
    "This account needs a second factor; please call the platform to sign in.",
)


def register(app: Flask, _admin: Admin) -> None:
    app.register_blueprint(blueprint)
    app.register_error_handler(PortalTrouble, _trouble_page)


@blueprint.get("/signin")
@open_to_all
def start() -> ResponseReturnValue:
    """Off to the portal (R08); ``account=other`` for somebody else than the portal remembers."""
    next_page = safe_next(request.args.get("next"))
    return portal.begin(next_page, another_account=request.args.get("account") == "other")


@blueprint.get("/signin/callback")
@writes
@open_to_all
def callback() -> ResponseReturnValue:
    """Back from the portal: in, or told which step is missing (R10, R22)."""
    # The portal is asked before the database is: nobody waits for both at once.
    answer = portal.finish()
    settings = _settings()
    try:
        identity = read_identity(settings.portal_issuer, answer.claims, settings.claims)
        arrival = arrive(platform_act(), identity)
    except PortalNonsense as error:
        raise PortalAnswerWrong(f"claims missing or odd: {error.what}", answer.next) from error
    if arrival.person is None:
        note_refused(platform_act(), identity)
        keep()
        page = render_template(
            "signin/too_low.html",
            level=identity.level,
            refusal=arrival.refused,
            by_passport=identity.id_type is IdType.PASSPORT,
            next=answer.next,
        )
        return page, 403
    note_arrival(platform_act(), arrival.person)
    # Somebody with a new office first reads what it is (the start page says so).
    wanted = None if arrival.taken else answer.next
    response = redirect(wanted or url_for("home.index"))
    sign_in(arrival.person, answer.id_token, response)
    return response


@blueprint.get("/signin/staff")
@open_to_all
def staff() -> ResponseReturnValue:
    """The entry of departments and managers (R19, R20)."""
    form = Form({"username": "", "next": safe_next(request.args.get("next")) or ""})
    return render_template("signin/staff.html", form=form)


@blueprint.post("/signin/staff")
@open_to_all
def staff_submit() -> ResponseReturnValue:
    form = read_form("username", "next")
    outcome = check_staff_password(
        platform_act(), form["username"], request.form.get("password", ""), _address()
    )
    keep()  # a failure is counted although the answer is a refusal
    if outcome.error is not None:
        form.general = outcome.error.sentence
        status = 429 if isinstance(outcome.error, SignInThrottled) else 422
        return render_template("signin/staff.html", form=form), status
    if outcome.account is None or outcome.needs_second_factor:
        form.general = _SECOND_FACTOR
        return render_template("signin/staff.html", form=form), 403
    response = redirect(safe_next(form["next"]) or url_for("home.index"))
    sign_in(outcome.account, None, response)
    return response


@blueprint.post("/signout")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """Out of the console, and of the portal if it offers that."""
    visitor = current_visitor()
    onward = None
    if visitor is not None:
        id_token = id_token_of(sealer(), visitor.signed_in)
        end_session(make_act(), visitor.signed_in.id, signing_out=True)
        finish_early()
        if id_token is not None:
            onward = portal.sign_out_address(id_token)
    response = redirect(onward or url_for("home.index"))
    forget(response)
    tell(Text("您已退出。", "You are signed out."))
    return response


@blueprint.post("/capacity")
@signed_in
def switch_capacity() -> ResponseReturnValue:
    """Act in another of one's capacities from now on."""
    visitor = current_visitor()
    key = request.form.get("key", "")
    if visitor is None or key not in {choice.key for choice in visitor.capacities}:
        raise NotFound
    choose_capacity(make_act(), visitor.signed_in, key)
    return redirect(safe_next(request.form.get("next")) or url_for("home.index"))


def _trouble_page(trouble: PortalTrouble) -> ResponseReturnValue:
    undo()
    log().warning("portal", code=trouble.code, technical=trouble.technical)
    page = render_template("signin/trouble.html", trouble=trouble, reference=reference())
    return page, trouble.status


def _address() -> str:
    return request.remote_addr or ""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["yihaotong.settings"]
    return settings
