"""Handing text messages to an HTTP interface, or to the log where none is configured."""

from collections.abc import Mapping

import requests

from admin_app.notices.letters import compose_text
from admin_app.notices.post import NotTaken
from admin_app.notices.sending import Outgoing
from admin_app.setting_kinds import SmsGateway

_SAID_MOST = 100  # of an answer
_NEVER = (400, 404, 422)  # what is wrong with this message, or its number
_READ_MOST = 64 * 1024


class SmsLog:
    """Prints text messages instead of sending them: for demos."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url

    def carry(self, outgoing: Outgoing) -> None:
        said = compose_text(outgoing, public_url=self._public_url)
        print(f"SMS to: {outgoing.address}\n{said}\n", flush=True)

    def close(self) -> None:
        pass


class HttpSms:
    """One request a message; what it is made of is configuration, for every carrier differs."""

    def __init__(self, gateway: SmsGateway, *, public_url: str) -> None:
        self._gateway, self._public_url = gateway, public_url
        self._session = requests.Session()

    def carry(self, outgoing: Outgoing) -> None:
        """
        Raises:
            NotTaken: for good where the interface says that this message never will be; ``down``
                where it can't be reached, fails, or doesn't let us in.
        """
        gateway = self._gateway
        values = {
            "number": outgoing.address,
            "text": compose_text(outgoing, public_url=self._public_url),
            "reference": outgoing.mail_id,
        }
        fields = {name: _filled(text, values) for name, text in gateway.parameters.items()}
        fields |= {name: each.get_secret_value() for name, each in gateway.secrets.items()}
        reference = {"reference": outgoing.mail_id}
        headers = {
            name: _filled(each.get_secret_value(), reference)
            for name, each in gateway.headers.items()
        }
        try:
            # Redirects would carry the secrets elsewhere.
            with self._session.request(
                "GET" if gateway.encoding == "query" else "POST",
                gateway.url,
                params=fields if gateway.encoding == "query" else None,
                data=fields if gateway.encoding == "form" else None,
                json=fields if gateway.encoding == "json" else None,
                headers=headers,
                timeout=gateway.timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
                said = answer.raw.read(_READ_MOST, decode_content=True).decode("utf-8", "replace")
        except (requests.RequestException, OSError) as error:
            # The class alone: what it says holds the address, and so what was sent.
            raise NotTaken(type(error).__name__, down=True) from None
        if status in _NEVER:
            raise NotTaken(f"{status} {said[:_SAID_MOST]}", for_good=True)
        if not 200 <= status < 300:
            raise NotTaken(f"{status} {said[:_SAID_MOST]}", down=True)
        if gateway.success not in said:
            raise NotTaken(f"{status} {said[:_SAID_MOST]}")

    def close(self) -> None:
        self._session.close()


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
