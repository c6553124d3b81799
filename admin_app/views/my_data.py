"""My units, my appointments, and everything that is stored about me (PIPL art. 45)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, Response
from flask_admin import Admin

from admin_app.audit.models import AuditEntry
from admin_app.audit.queries import entries_about_person
from admin_app.delegation.queries import appointments_of
from admin_app.identity.models import NoticeAddress, Person
from admin_app.identity.queries import (
    person_id_number_masked,
    representations_of,
    subjects_of,
)
from admin_app.identity.sessions import sessions_of
from admin_app.identity.vocabulary import Channel
from admin_app.migration.queries import (
    affiliations_of_person,
    bindings_of,
    consents_of,
    tallies_of,
)
from admin_app.notices.queries import address_of
from admin_app.service_desk.queries import applications_of
from admin_app.views.base import PageView, expose
from admin_app.views.own import own_person
from admin_app.views.unit import capacity_label, event_label
from admin_app.web.attachments import attachment
from admin_app.web.database import current_session
from admin_app.web.gate import Access
from admin_app.web.identity import current_actor, idle_limit, now, sealer
from admin_app.web.language import say
from admin_app.web.navigation import Panel, add_panel
from admin_app.wording import Text

ENTRIES_SHOWN = 50
UNITS_SHOWN = 5  # on the start page
TITLE = Text("我的资料", "My data")


class MyDataView(PageView):
    needs = Access.SIGNED_IN

    @expose("/")
    def index(self) -> str:
        session, person = current_session(), own_person()
        about = _about(person)
        return self.render(
            "mine/data.html",
            person=person,
            about=about,
            email=_opened(about["address"]),
            entries=entries_about_person(session, person.id, limit=ENTRIES_SHOWN),
            entries_shown=ENTRIES_SHOWN,
            event_label=event_label,
            capacity_label=capacity_label,
        )

    @expose("/export/")
    def export(self) -> Response:
        person = own_person()
        entries = entries_about_person(current_session(), person.id, limit=ENTRIES_SHOWN)
        written = json.dumps(_written(person, entries), ensure_ascii=False, indent=2)
        response = Response(written, mimetype="application/json; charset=utf-8")
        response.headers.set("Content-Disposition", attachment(f"{say(TITLE)}-{now():%Y%m%d}.json"))
        return response


def _about(person: Person) -> dict[str, Any]:
    """What is stored about somebody, as rows."""
    session = current_session()
    bindings = bindings_of(session, person.id)
    return {
        "id_number": person_id_number_masked(sealer(), person),
        "subjects": subjects_of(session, person.id),
        "representations": representations_of(session, person.id),
        "bindings": bindings,
        "tallies": tallies_of(session, [binding.account_id for binding in bindings]),
        "affiliations": affiliations_of_person(session, person.id),
        "appointments": appointments_of(session, person.id),
        "applications": applications_of(session, person.id),
        "consents": consents_of(session, person.id),
        "address": address_of(session, current_actor()),
        "number": address_of(session, current_actor(), Channel.SMS),
        "sessions": len(sessions_of(session, current_actor(), now=now(), idle=idle_limit())),
    }


def _written(person: Person, entries: Sequence[AuditEntry]) -> dict[str, Any]:
    """The same in values that JSON knows; the ID number masked here too."""
    about = _about(person)
    return {
        "written_at": _moment(now()),
        "name": person.name,
        "id_type": person.id_type.value,
        "id_number": about["id_number"],
        "verification_level": person.assurance_level.name.lower(),
        "first_signed_in_at": _moment(person.first_signed_in_at),
        "last_signed_in_at": _moment(person.last_signed_in_at),
        "open_sign_ins": about["sessions"],
        "portal_subjects": [
            {"portal": each.issuer, "number": each.subject, "since": _moment(each.created_at)}
            for each in about["subjects"]
        ],
        "enterprises": [
            {
                "uscc": each.uscc,
                "name": each.enterprise_name,
                "since": _moment(each.since),
                "on_platform": unit is not None,
            }
            for each, unit in about["representations"]
        ],
        "accounts": [
            {
                "number": each.account.external_id,
                "kind": each.account.kind.value,
                "username": each.account.username,
                "name": each.account.name,
                "bound_since": _moment(each.since),
                "proof": each.proof.value,
            }
            for each in about["bindings"]
        ],
        "history": {kind.value: number for kind, number in about["tallies"].items()},
        "units": [
            {"unit": each.unit.name, "position": each.position, "since": _moment(each.since)}
            for each in about["affiliations"]
        ],
        "appointments": [
            {
                "unit": each.unit.name,
                "state": each.state.value,
                "appointed_by": each.appointed_by,
                "since": _moment(each.since),
                "until": _moment(each.until),
            }
            for each in about["appointments"]
        ],
        "applications": [
            {
                "unit": each.unit.name,
                "reason": each.reason,
                "state": each.state.value,
                "filed_at": _moment(each.filed_at),
                "answer": each.decision_reason,
            }
            for each in about["applications"]
        ],
        "consents": [
            {"wording": each.wording, "at": _moment(each.at)} for each in about["consents"]
        ],
        "notices_mailed_to": _opened(about["address"]),
        "notices_texted_to": _opened(about["number"]),
        "latest_entries": [
            {
                "at": _moment(each.at),
                "event": each.event,
                "by": each.actor_name,
                "reason": each.reason,
            }
            for each in entries
        ],
    }


def _opened(address: NoticeAddress | None) -> str | None:
    return sealer().open(address.address_sealed) if address else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def panel() -> Panel | None:
    """Where a person belongs, and the ways to their own pages; staff have none."""
    person_id = current_actor().person_id
    if person_id is None:
        return None
    held = affiliations_of_person(current_session(), person_id)
    names = list(dict.fromkeys(each.unit.name for each in held))
    return Panel("panels/own_things.html", {"units": names[:UNITS_SHOWN]})


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(MyDataView(name="my_data", endpoint="my_data", url="/me"))
    add_panel(app, panel, order=50)
