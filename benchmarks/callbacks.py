"""How long the dashboard's callbacks take in the server: ``python -m benchmarks.callbacks``.

Each is asked for as the browser asks, through the whole console: session, token, right and place,
figures, chart and answer. Prints Markdown: p50 and p95 in milliseconds by the clock, and how much
of the middle one was waited for in the database.
"""

import json
import secrets
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import click
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from admin_app.application import create_app
from admin_app.audit.act import PLATFORM, Act
from admin_app.database import make_engine, make_sessions, transaction
from admin_app.identity.models import StaffAccount
from admin_app.identity.sessions import open_session
from admin_app.identity.vocabulary import StaffRole
from admin_app.rollups.vocabulary import Narrowed
from admin_app.settings import Settings
from benchmarks.lists import watched
from benchmarks.migration.population import NOW, SEALER
from benchmarks.rollups.reading import places_of
from benchmarks.rollups.tree import Tree, draw
from dashboards import reading
from dashboards.panels import PANELS

_PAGE, _CALLBACK = "/dashboard/", "/dashboard/_dash-update-component"
_COMPARED = (NOW - timedelta(days=30)).date()
_WARMING = 3
Search = str


@click.command()
@click.option("--existing", required=True, help="A database that benchmarks.rollups has loaded.")
@click.option("--units", default=1_000_000, show_default=True, help="So many it was loaded with.")
@click.option("--times", default=60, show_default=True, help="Each callback is asked for.")
@click.option("--kind", default="natural_persons", show_default=True)
def main(existing: str, units: int, times: int, kind: str) -> None:
    """A member of support looks at places of every kind."""
    app = create_app(Settings(environment="demo", database_url=existing))
    vars(reading)["now"] = lambda: NOW  # the day up to which the accounts have their history
    tree = Tree()
    for _ in draw(units, tree):
        pass
    engine = make_engine(existing)
    with Session(engine) as session:
        places = dict(places_of(session, tree))
    client = _support(app, existing)
    token = _token(client)
    click.echo(f"\n### {engine.dialect.name}, {kind}, period of 30 days and a year\n")
    click.echo("| callback | " + " | ".join(places) + " |")
    click.echo("|---|" + "---:|" * len(places))
    for name in PANELS:
        for days in (30, 365) if name in ("burnup", "cases") else (30,):
            cells = []
            for wanted in places.values():
                searches = [_search(at, kind, days) for at in wanted]
                cells.append(_asked(client, token, name, searches, times))
            click.echo(f"| {name}, {days} | " + " | ".join(cells) + " |")
    engine.dispose()


def _support(app: Flask, url: str) -> FlaskClient:
    """A member of support, whose reach is everything, signed in."""
    at = datetime.now(UTC)
    with transaction(make_sessions(make_engine(url))) as session:
        account = StaffAccount(
            username=f"bench-{secrets.token_hex(4)}",
            name="示例",
            password_hash="none",  # noqa: S106 - nobody signs in with it
            role=StaffRole.PLATFORM_SUPPORT,
            created_at=at,
        )
        session.add(account)
        session.flush()
        signed_in, token = open_session(
            Act(session, PLATFORM, at, SEALER),
            account,
            address="192.0.2.1",
            user_agent="benchmark",
            id_token=None,
            idle=timedelta(hours=8),
            lasts=timedelta(hours=8),
        )
        signed_in.capacity_key = ""
    client = app.test_client()
    client.set_cookie("yihaotong", token)
    return client


def _token(client: FlaskClient) -> str:
    assert client.get(_PAGE).status_code == 200
    cookie = client.get_cookie("yihaotong_figures", path=_PAGE)
    assert cookie is not None
    return cookie.decoded_value


def _search(at: Narrowed, kind: str, days: int) -> Search:
    last = reading.today()
    said: dict[str, object] = {
        "unit": at.place.unit_id,
        "region": at.region,
        "kind": kind,
        "first": last - timedelta(days=days - 1),
        "compare": _COMPARED,
    }
    return "?" + "&".join(f"{name}={value}" for name, value in said.items() if value)


def _asked(client: FlaskClient, token: str, panel: str, searches: list[Search], times: int) -> str:
    """p50 / p95 [in the database], in turn at the places."""
    taken, waited = [], []
    warming = len(searches) + _WARMING  # each place once: what was never read comes from the disk
    for search in islice(cycle(searches), warming + times):
        body, headers = json.dumps(_body(panel, search)), {"X-CSRFToken": token}
        with watched() as spent:
            began = time.perf_counter()
            answer = client.post(
                _CALLBACK, data=body, content_type="application/json", headers=headers
            )
            taken.append((time.perf_counter() - began) * 1000)
        waited.append(sum(spent))
        assert answer.status_code == 200, answer.text
        assert "is-troubled" not in answer.text, answer.text
    taken, waited = taken[warming:], waited[warming:]
    late = sorted(taken)[int(len(taken) * 0.95)]
    return f"{statistics.median(taken):.0f} / {late:.0f} [{statistics.median(waited):.1f}]"


def _body(panel: str, search: Search) -> dict[str, Any]:
    """What the browser sends for one chart."""
    outputs = list(_outputs(panel))
    return {
        "output": f"..{'...'.join('.'.join(each) for each in outputs)}..",
        "outputs": [{"id": name, "property": of} for name, of in outputs],
        "inputs": [
            {"id": "address", "property": "search", "value": search},
            {"id": "look", "property": "data", "value": {"dark": False, "narrow": False}},
            {"id": "tick", "property": "data", "value": 0},
        ],
        "changedPropIds": ["address.search"],
        "state": [],
    }


def _outputs(panel: str) -> Iterator[tuple[str, str]]:
    yield f"finding-{panel}", "children"
    yield f"note-{panel}", "children"
    if PANELS[panel].is_cards:
        yield f"cards-{panel}", "children"
    yield f"shown-{panel}", "data"
    yield f"time-{panel}", "children"
    yield f"panel-{panel}", "className"


if __name__ == "__main__":
    main()
