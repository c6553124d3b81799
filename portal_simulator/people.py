"""People at the portal: they register themselves, sign in, and rise from level to level."""

import re
import sqlite3
import uuid
from dataclasses import dataclass, replace
from enum import IntEnum

from werkzeug.security import check_password_hash, generate_password_hash

from portal_simulator import identifiers
from portal_simulator.identifiers import IdType
from portal_simulator.refusals import Refusal, Refused


class Level(IntEnum):
    NONE = 0
    BASIC = 1
    INTERMEDIATE = 2
    ADVANCED = 3

    @property
    def claim(self) -> str:
        return self.name.lower()


LEVEL_LABELS: dict[Level, tuple[str, str]] = {
    Level.NONE: ("未实名", "Not verified"),
    Level.BASIC: ("初级实名", "Basic"),
    Level.INTERMEDIATE: ("中级实名", "Intermediate"),
    Level.ADVANCED: ("高级实名", "Advanced"),
}

# What a real portal asks for, by the level that it leads to.
METHODS: dict[Level, dict[str, tuple[str, str]]] = {
    Level.BASIC: {
        "mobile": (
            "手机三要素：姓名、证件号码与手机号实名信息一致，并回填短信验证码",
            "Mobile: name, ID number and the number's registered owner agree, with an SMS code",
        ),
    },
    Level.INTERMEDIATE: {
        "face": (
            "人脸识别：与公安人口库照片比对，并完成眨眼、转头",
            "Face check against the police register, blinking and turning the head",
        ),
        "bank_card": (
            "银行卡四要素：姓名、证件号码、卡号、银行预留手机号一致",
            "Bank card: name, ID number, card number and the bank's mobile number agree",
        ),
    },
    Level.ADVANCED: {
        "counter": (
            "政务服务窗口：本人持证件原件当面核验",
            "Service counter: in person with the original document",
        ),
        "certificate": (
            "数字证书：用本人的 CA 证书签名",
            "Digital certificate: a signature with the person's own certificate",
        ),
    },
}
FAILING_METHOD = "fails"


@dataclass(frozen=True)
class Person:
    sub: str
    name: str
    id_type: IdType
    id_number: str
    level: Level
    mobile: str
    shows: tuple[str, str] | None = None

    @property
    def next_level(self) -> Level | None:
        return Level(self.level + 1) if self.level < Level.ADVANCED else None


def register(
    db: sqlite3.Connection, *, name: str, id_type: str, id_number: str, mobile: str, password: str
) -> Person:
    """A person registers himself, at level none; nobody registers for another (R06)."""
    name, number, mobile = name.strip(), identifiers.normalised(id_number), mobile.strip()
    if not name:
        raise Refused(Refusal.NAME_MISSING)
    if id_type not in list(IdType) or not identifiers.is_id_number(IdType(id_type), number):
        raise Refused(Refusal.ID_NUMBER_WRONG)
    if _find(db, "id_number", number):
        raise Refused(Refusal.ID_NUMBER_TAKEN)
    if re.fullmatch(r"1[0-9]{10}", mobile) is None:
        raise Refused(Refusal.MOBILE_WRONG)
    if _find(db, "mobile", mobile):
        raise Refused(Refusal.MOBILE_TAKEN)
    if len(password) < 8:
        raise Refused(Refusal.PASSWORD_SHORT)
    person = Person(f"p-{uuid.uuid4().hex}", name, IdType(id_type), number, Level.NONE, mobile)
    add(db, person, generate_password_hash(password))
    return person


def add(db: sqlite3.Connection, person: Person, password_hash: str) -> bool:
    """False if the subject, the ID number or the mobile number is already there."""
    shows_zh, shows_en = person.shows or (None, None)
    return (
        db.execute(
            "insert or ignore into person values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                person.sub,
                person.name,
                person.id_type,
                person.id_number,
                person.level.claim,
                person.mobile,
                password_hash,
                shows_zh,
                shows_en,
            ),
        ).rowcount
        == 1
    )


def with_password(db: sqlite3.Connection, account: str, password: str) -> Person:
    """The account is the mobile number or the ID number."""
    account = identifiers.normalised(account)
    row = _find(db, "mobile", account) or _find(db, "id_number", account)
    if row is None or not check_password_hash(row["password_hash"], password):
        raise Refused(Refusal.SIGN_IN_WRONG)
    return _person(row)


def rise(db: sqlite3.Connection, person: Person, method: str) -> Person:
    """From one level to the next by one of the ways which a real portal would ask for."""
    level = person.next_level
    if level is None:
        raise Refused(Refusal.LEVEL_HIGHEST)
    if person.id_type is IdType.PASSPORT and level > Level.BASIC:
        raise Refused(Refusal.PASSPORT_NOT_SUPPORTED)
    if method == FAILING_METHOD:
        raise Refused(Refusal.VERIFICATION_FAILED)
    if method not in METHODS[level]:
        raise Refused(Refusal.METHOD_UNKNOWN)
    db.execute("update person set level = ? where sub = ?", (level.claim, person.sub))
    return replace(person, level=level)


def get(db: sqlite3.Connection, sub: str) -> Person | None:
    row = _find(db, "sub", sub)
    return _person(row) if row else None


def is_registered(db: sqlite3.Connection, name: str, id_number: str) -> bool:
    """Both must agree, so that a number alone does not tell whether somebody is registered."""
    row = _find(db, "id_number", identifiers.normalised(id_number))
    return row is not None and row["name"] == name.strip()


def ready_made(db: sqlite3.Connection) -> list[Person]:
    rows = db.execute("select * from person where shows_zh is not null order by rowid")
    return [_person(row) for row in rows]


def _find(db: sqlite3.Connection, column: str, value: str) -> sqlite3.Row | None:
    # The column is one of three literals in this module, never a visitor's text.
    found: sqlite3.Row | None = db.execute(
        f"select * from person where {column} = ?",  # noqa: S608
        (value,),
    ).fetchone()
    return found


def _person(row: sqlite3.Row) -> Person:
    return Person(
        row["sub"],
        row["name"],
        IdType(row["id_type"]),
        row["id_number"],
        Level[row["level"].upper()],
        row["mobile"],
        (row["shows_zh"], row["shows_en"]) if row["shows_zh"] else None,
    )
