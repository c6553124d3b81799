"""Asking the dashboard as its own script does, and as somebody who forges what it sends."""

import json
from typing import Any

from werkzeug.test import TestResponse

from dashboards.panels import PANELS
from tests.web.stage import Visitor

CALLBACK = "/dashboard/_dash-update-component"
LOOK = {"dark": False, "narrow": False}


def body_for(panel: str, search: object, look: object = None) -> dict[str, Any]:
    """What the browser sends for one chart."""
    cards = [f"cards-{panel}.children"] if PANELS[panel].is_cards else []
    outputs = [
        f"finding-{panel}.children",
        f"note-{panel}.children",
        *cards,
        f"shown-{panel}.data",
        f"time-{panel}.children",
        f"panel-{panel}.className",
    ]
    return {
        "output": f"..{'...'.join(outputs)}..",
        "outputs": [dict(zip(("id", "property"), o.split("."), strict=True)) for o in outputs],
        "inputs": [
            {"id": "address", "property": "search", "value": search},
            {"id": "look", "property": "data", "value": LOOK if look is None else look},
            {"id": "tick", "property": "data", "value": 0},
        ],
        "changedPropIds": ["address.search"],
        "state": [],
    }


def token_of(visitor: Visitor) -> str:
    """The token that the page hands out, if it lets the visitor in."""
    visitor.get("/dashboard/")
    cookie = visitor.client.get_cookie("yihaotong_figures", path="/dashboard/")
    return cookie.decoded_value if cookie else ""


def ask(visitor: Visitor, body: object, token: str | None = None) -> TestResponse:
    """Send a callback, by default with the token that the page gave."""
    found = token_of(visitor) if token is None else token
    data = body if isinstance(body, str) else json.dumps(body)
    return visitor.client.post(
        CALLBACK,
        data=data,
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": found,
        },
    )


def shown(response: TestResponse, panel: str) -> dict[str, Any]:
    """The panel's properties, by their short names."""
    assert response.status_code == 200, response.text
    found = response.get_json()["response"]
    return {
        "finding": found[f"finding-{panel}"]["children"],
        "note": found[f"note-{panel}"]["children"],
        "table": found[f"shown-{panel}"]["data"]["table"],
        "figure": found[f"shown-{panel}"]["data"]["figure"],
        "tone": found[f"panel-{panel}"]["className"],
    }
