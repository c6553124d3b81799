"""A person's own affairs: registering, rising a level, binding enterprises."""

import functools
from collections.abc import Callable
from typing import TypeAlias

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal_simulator import enterprises, people
from portal_simulator.frame import in_language, sign_in, signed_in, transaction
from portal_simulator.identifiers import IdType
from portal_simulator.people import Level, Person
from portal_simulator.refusals import Refusal, Refused

blueprint = Blueprint("account", __name__)

Answer: TypeAlias = Response | str | tuple[str, int]


def own(view: Callable[[Person], Answer]) -> Callable[[], Answer]:
    """For pages that are somebody's own; others are asked to sign in."""

    @functools.wraps(view)
    def guarded() -> Answer:
        with transaction() as db:
            person = signed_in(db)
        return view(person) if person else redirect(url_for("pages.signin"))

    return guarded


@blueprint.get("/register")
def registration() -> str:
    return _registration_page()


@blueprint.post("/register")
def register() -> Answer:
    form = request.form
    try:
        with transaction() as db:
            person = people.register(
                db,
                name=form.get("name", ""),
                id_type=form.get("id_type", ""),
                id_number=form.get("id_number", ""),
                mobile=form.get("mobile", ""),
                password=form.get("password", ""),
            )
            sign_in(db, person)
    except Refused as refused:
        return _registration_page(refused.refusal), 422
    flash(in_language("注册成功。下一步：实名认证。", "Registered. Next: real-name verification."))
    return redirect(url_for("account.level"))


@blueprint.route("/registered", methods=["GET", "POST"])
def registered() -> str:
    """Somebody asks whether he is registered already (R25)."""
    answer = None
    if request.method == "POST":
        with transaction() as db:
            answer = people.is_registered(
                db, request.form.get("name", ""), request.form.get("id_number", "")
            )
    return render_template("registered.html", answer=answer)


@blueprint.get("/level")
@own
def level(person: Person) -> Answer:
    return _level_page(person)


@blueprint.post("/level")
@own
def rise(person: Person) -> Answer:
    try:
        with transaction() as db:
            risen = people.rise(db, person, request.form.get("method", ""))
    except Refused as refused:
        return _level_page(person, refused.refusal), 422
    label = people.LEVEL_LABELS[risen.level]
    flash(in_language(f"核验通过，您已是{label[0]}。", f"Verified. Your level is now: {label[1]}."))
    return redirect(url_for("account.level"))


@blueprint.get("/enterprises")
@own
def bindings(person: Person) -> Answer:
    return _enterprise_page(person)


@blueprint.post("/enterprises")
@own
def bind(person: Person) -> Answer:
    try:
        with transaction() as db:
            bound = enterprises.bind(
                db, person, request.form.get("uscc", ""), request.form.get("name", "")
            )
    except Refused as refused:
        return _enterprise_page(person, refused.refusal), 422
    flash(in_language(f"已绑定：{bound.name}", f"Bound: {bound.name}"))
    return redirect(url_for("account.bindings"))


@blueprint.post("/enterprises/unbind")
@own
def unbind(person: Person) -> Answer:
    with transaction() as db:
        if enterprises.unbind(db, person, request.form.get("uscc", "")):
            flash(in_language("已解除绑定。", "Unbound."))
    return redirect(url_for("account.bindings"))


def _registration_page(refusal: Refusal | None = None) -> str:
    return render_template("register.html", id_types=list(IdType), refusal=refusal)


def _level_page(person: Person, refusal: Refusal | None = None) -> str:
    return render_template(
        "level.html",
        person=person,
        levels=list(Level),
        methods=people.METHODS,
        failing=people.FAILING_METHOD,
        passport=person.id_type is IdType.PASSPORT,
        refusal=refusal,
    )


def _enterprise_page(person: Person, refusal: Refusal | None = None) -> str:
    with transaction() as db:
        return render_template(
            "enterprises.html",
            person=person,
            may_bind=person.level >= Level.INTERMEDIATE,
            bound=enterprises.of_person(db, person.sub),
            open_to=enterprises.open_to(db, person.sub),
            refusal=refusal,
        )
