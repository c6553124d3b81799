"""What can be configured, and from which environment variable each value comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal_simulator.faults import Fault

PEOPLE = Path(__file__).with_name("people.json")


class RefusedToStart(Exception):
    """The configuration forbids a start; the message is one line for the operator."""


@dataclass(frozen=True)
class Settings:
    environment: str = "demo"
    host: str = "127.0.0.1"
    port: int = 8100
    issuer: str = "http://localhost:8100"
    client_id: str = "yihaotong"
    client_secret: str = "demo-portal-secret"  # noqa: S105 - a published demonstration value
    redirect_uris: tuple[str, ...] = ("http://localhost:8000/signin/callback",)
    logout_uris: tuple[str, ...] = ("http://localhost:8000/",)
    database: Path = Path("var/portal.sqlite3")
    console_url: str = "http://localhost:8000/"
    hotline: str = "18951758659 / 18951758628"
    fault: Fault = Fault.NONE
    slow_seconds: float = 20
    people_file: Path = PEOPLE

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Settings":
        port = _port(env.get("PORTAL_PORT", str(cls.port)))
        return cls(
            environment=env.get("PORTAL_ENV", cls.environment),
            host=env.get("PORTAL_HOST", cls.host),
            port=port,
            issuer=_origin(env.get("PORTAL_ISSUER", f"http://localhost:{port}")),
            client_id=env.get("PORTAL_CLIENT_ID", cls.client_id),
            client_secret=env.get("PORTAL_CLIENT_SECRET", cls.client_secret),
            redirect_uris=_list(env.get("PORTAL_REDIRECT_URIS"), cls.redirect_uris),
            logout_uris=_list(env.get("PORTAL_LOGOUT_URIS"), cls.logout_uris),
            database=Path(env.get("PORTAL_DATABASE", str(cls.database))),
            console_url=env.get("PORTAL_CONSOLE_URL", cls.console_url),
            hotline=env.get("PORTAL_HOTLINE", cls.hotline),
            fault=_fault(env.get("PORTAL_FAULT", cls.fault)),
        )

    def refuse_production(self) -> None:
        # Anybody can sign in here as anybody: one click is enough.
        if self.environment.strip().lower() == "production":
            raise RefusedToStart(
                "PORTAL_ENV=production: the portal simulator is for demonstrations and tests only"
            )

    def client_origins(self) -> list[str]:
        """The origins a browser is sent to from here, for the Content-Security-Policy."""
        parts = [urlsplit(uri) for uri in (*self.redirect_uris, *self.logout_uris)]
        return sorted({f"{part.scheme}://{part.netloc}" for part in parts})


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise RefusedToStart(f"PORTAL_PORT is not a port number: {text!r}")
    return int(text)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    # The routes live at the root, so an issuer with a path would announce addresses that are 404.
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise RefusedToStart(f"PORTAL_ISSUER must be http(s)://host[:port]: {text!r}")
    return text.rstrip("/")


def _list(text: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split()) if text else default


def _fault(text: str) -> Fault:
    try:
        return Fault(text)
    except ValueError:
        known = ", ".join(Fault)
        raise RefusedToStart(f"PORTAL_FAULT is {text!r}; it can be {known}") from None
