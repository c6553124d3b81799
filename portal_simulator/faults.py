"""The ways in which the portal can be made to fail, so that its outages can be played."""

import sqlite3
from enum import StrEnum

from portal_simulator import store


class Fault(StrEnum):
    NONE = "none"
    SLOW = "slow"
    DOWN = "down"
    NONSENSE = "nonsense"
    WRONG_ISSUER = "wrong-issuer"
    BAD_SIGNATURE = "bad-signature"


LABELS: dict[Fault, tuple[str, str]] = {
    Fault.NONE: ("正常运行", "Works as it should"),
    Fault.SLOW: ("令牌端点迟缓（20 秒）", "The token endpoint is slow (20 seconds)"),
    Fault.DOWN: ("整个门户不可用（503）", "The whole portal is unavailable (503)"),
    Fault.NONSENSE: ("令牌端点返回网页而非 JSON", "The token endpoint answers HTML, not JSON"),
    Fault.WRONG_ISSUER: ("ID 令牌的签发者不符", "The ID token names another issuer"),
    Fault.BAD_SIGNATURE: ("ID 令牌的签名无效", "The ID token is badly signed"),
}

_NAME = "fault"


def current(db: sqlite3.Connection) -> Fault:
    return Fault(store.recall(db, _NAME) or Fault.NONE)


def play(db: sqlite3.Connection, fault: Fault) -> None:
    store.remember(db, _NAME, fault)
