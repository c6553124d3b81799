"""A portal on a free port, and visitors with a browser's habits: cookies, forms, no jumping off."""

import re
import socket
import threading
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from werkzeug.serving import make_server

from portal_simulator import Settings, create_app
from portal_simulator.store import Store

CALLBACK = "http://localhost:8000/signin/callback"
HOOK = {"X-Portal-Test": "1"}


class Portal:
    def __init__(self, settings):
        self.settings = settings
        self.url = settings.issuer

    def discovered(self):
        return requests.get(f"{self.url}/.well-known/openid-configuration", timeout=5).json()

    def published_keys(self):
        return requests.get(self.discovered()["jwks_uri"], timeout=5).json()["keys"]

    def act(self, path, **form):
        """What a test does behind the scenes."""
        answer = requests.post(self.url + path, data=form, headers=HOOK, timeout=5)
        answer.raise_for_status()
        return answer.json()


class Visitor:
    """A browser that stops where it is sent away from the portal."""

    def __init__(self, portal):
        self.portal = portal
        self.session = requests.Session()

    def get(self, path, **parameters):
        return self._follow(self.session.get(self._at(path), params=parameters, **_ONCE))

    def post(self, path, **form):
        """Fills in the form on the page at this path, or borrows the token of another."""
        page = self.get(path)
        token = _token(page if page.ok else self.get("/faults"))
        data = {"csrf_token": token, **form}
        return self._follow(self.session.post(self._at(path), data=data, **_ONCE))

    def sign_in(self, sub, to="/"):
        token = _token(self.get("/signin"))
        return self._follow(
            self.session.post(
                self._at("/signin/ready-made"),
                params={"to": to},
                data={"csrf_token": token, "person": sub},
                **_ONCE,
            )
        )

    def _follow(self, answer):
        while answer.is_redirect and answer.headers["Location"].startswith("/"):
            answer = self.session.get(self._at(answer.headers["Location"]), **_ONCE)
        return answer

    def _at(self, path):
        return path if path.startswith("http") else self.portal.url + path


class Console(OAuth2Session):
    """A relying party as the console is one."""

    def __init__(self, portal, **options):
        settings = portal.settings
        defaults = {"scope": "openid profile phone", "redirect_uri": CALLBACK}
        super().__init__(
            settings.client_id,
            settings.client_secret,
            **{**defaults, "code_challenge_method": "S256", **options},
        )
        self.portal = portal
        self.verifier = generate_token(48)

    def asks(self, **parameters):
        url, _ = self.create_authorization_url(
            self.portal.url + "/authorize", code_verifier=self.verifier, **parameters
        )
        return url

    def code_for(self, sub, **parameters):
        """A person signs in; what comes back is the address that the portal sends them to."""
        visitor = Visitor(self.portal)
        page = visitor.get(self.asks(**parameters))
        to = parse_qs(urlsplit(page.url).query)["to"][0]
        return visitor.sign_in(sub, to).headers["Location"]

    def redeems(self, address, **options):
        return self.fetch_token(
            self.portal.url + "/token",
            authorization_response=address,
            **{"code_verifier": self.verifier, **options},
        )

    def tokens_for(self, sub, **parameters):
        return self.redeems(self.code_for(sub, **parameters))

    def told(self):
        return self.get(self.portal.url + "/userinfo")


def _token(page):
    return unescape(re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1])


_ONCE = {"allow_redirects": False, "timeout": 5}


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        port=port,
        issuer=f"http://127.0.0.1:{port}",
        database=tmp_path_factory.mktemp("portal") / "portal.sqlite3",
        slow_seconds=0.3,
    )
    server = make_server("127.0.0.1", port, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Portal(settings)
    server.shutdown()
    thread.join()


@pytest.fixture
def console(portal):
    return Console(portal)


@pytest.fixture
def visitor(portal):
    return Visitor(portal)


@pytest.fixture
def playing(portal):
    """Plays a fault and ends it whatever happens."""
    yield lambda fault: portal.act("/faults", fault=fault)
    portal.act("/faults", fault="none")


@pytest.fixture
def db(tmp_path):
    with Store(tmp_path / "rules.sqlite3").transaction() as connection:
        yield connection
