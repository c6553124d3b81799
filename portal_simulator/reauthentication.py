"""Remembers, without storing anything, when a request for a fresh sign-in was made.

`prompt=login` is satisfied once the person has signed in after the request came. The moment travels
through the sign-in page in a signature over the request, so nobody can claim an earlier one.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from itsdangerous import BadSignature, TimestampSigner

PARAMETER = "asked"


def stamped(secret: str, parameters: Mapping[str, str]) -> str:
    """The request as a query string, with the present moment signed into it."""
    stamp = _signer(secret).sign(_digest(parameters)).decode()
    return urlencode({**parameters, PARAMETER: stamp})


def asked_at(secret: str, parameters: Mapping[str, str]) -> int | None:
    try:
        value, moment = _signer(secret).unsign(
            parameters.get(PARAMETER, ""), max_age=3600, return_timestamp=True
        )
    except BadSignature:
        return None
    return int(moment.timestamp()) if value.decode() == _digest(parameters) else None


def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="reauthentication", digest_method=hashlib.sha256)


def _digest(parameters: Mapping[str, str]) -> str:
    rest = sorted((k, v) for k, v in parameters.items() if k not in (PARAMETER, "lang"))
    return hashlib.sha256(urlencode(rest).encode()).hexdigest()
