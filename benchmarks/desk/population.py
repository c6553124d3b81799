"""A province's cases: most are over, what people write is drawn from a skewed vocabulary.

Everything is drawn from a fixed seed. Sentences share their commonest words, as real ones do: some
pairs of characters stand in every second case, most in a few.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Engine

from admin_app.identity.models import Person, StaffAccount
from admin_app.migration.models import LegacyAccount
from admin_app.service_desk.desk_models import CaseText
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.service_desk.search_rules import terms, text_key
from benchmarks.hierarchy.population import load as load_units
from benchmarks.loading import insert_rows

UNITS = 20_000
OPEN = 10_000  # of them, about
_SUPPORT = 40
_AT_ONCE = 20_000
_NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "".join(chr(0x4E00 + 37 * each) for each in range(420))
_COMMON = (
    "我的账号", "登录不上", "忘记密码", "请帮忙核实", "身份证号码", "单位名称", "以前注册过",
    "谢谢", "手机号换了", "材料已上传", "请尽快处理", "原来的账号", "提示密码错误", "绑定失败",
)  # fmt: skip
_KINDS = ("old_password", "several_accounts", "id_differs", "name_differs", "disputed")
_ENDED = ("approved", "refused", "withdrawn", "closed")
_ANSWERS = ("请上传本人身份证正反面的清晰照片", "已经核对过原来的登记", "资料齐全，正在办理")


@dataclass(slots=True)
class Row:
    """A case with all that it can be found by, before it is written."""

    id: int
    name: str
    username: str
    statement: str
    said: tuple[str, ...]
    is_open: bool


def draw(size: int) -> Iterator[Row]:
    rng = random.Random(20261102)
    words = _vocabulary(rng)
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(words))))
    for number in range(1, size + 1):
        rare = rng.choices(words, cum_weights=weights, k=4)
        said = tuple(
            f"{rng.choice(_ANSWERS)}，{rng.choices(words, cum_weights=weights)[0]}。"
            for _ in range(rng.randrange(3))
        )
        yield Row(
            number,
            _name(rng),
            f"u{rng.randrange(10**6):06d}n{number}",
            f"{rng.choice(_COMMON)}，{rare[0]}{rare[1]}，{rng.choice(_COMMON)}{rare[2]}{rare[3]}。",
            said,
            rng.random() < OPEN / size,
        )


def load(engine: Engine, size: int) -> None:
    """Write units, people, accounts, cases, what was said, and the index over it."""
    load_units(engine, UNITS)
    with engine.begin() as connection:
        _write_staff(connection)
        _prepare(connection)
        batch: list[Row] = []
        for row in draw(size):
            batch.append(row)
            if len(batch) == _AT_ONCE:
                _write(connection, batch)
                batch = []
        if batch:
            _write(connection, batch)
        _index(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(vacuum)


def key_of(number: int) -> bytes:
    """A blind index as long as a real one."""
    return number.to_bytes(32, "big")


def _vocabulary(rng: random.Random) -> list[str]:
    characters = [chr(0x4E00 + 7 * each) for each in range(2_400)]
    return ["".join(rng.choices(characters, k=rng.choice((2, 2, 3, 4)))) for _ in range(30_000)]


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))


def _write_staff(connection: Connection) -> None:
    insert_rows(
        connection,
        StaffAccount.__table__,  # type: ignore[arg-type]
        "id username name password_hash role active created_at",
        (
            (n, f"support{n}", f"演示支持{n}", "-", "platform_support", True, _NOW)
            for n in range(1, _SUPPORT + 1)
        ),
    )


def _prepare(connection: Connection) -> None:
    """Pairs are sorted once at the end, by the database."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE case_grams DROP CONSTRAINT pk_case_grams")
    else:
        connection.exec_driver_sql("PRAGMA cache_size = -2000000")  # KiB; else it writes all twice
        connection.exec_driver_sql("CREATE TABLE loaded_grams (gram BIGINT, case_id INTEGER)")


def _index(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "ALTER TABLE case_grams ADD CONSTRAINT pk_case_grams PRIMARY KEY (gram, case_id)"
        )
        return
    connection.exec_driver_sql(
        "INSERT INTO case_grams SELECT gram, case_id FROM loaded_grams ORDER BY gram, case_id"
    )
    connection.exec_driver_sql("DROP TABLE loaded_grams")


def _write(connection: Connection, rows: list[Row]) -> None:
    insert_rows(
        connection,
        Person.__table__,  # type: ignore[arg-type]
        "id name id_type id_sealed id_index level first_signed_in_at last_signed_in_at",
        (
            (r.id + 1, r.name, "resident_id", b"-", key_of(r.id + 1), 2, _NOW, _NOW)
            for r in rows
        ),
    )  # fmt: skip
    insert_rows(
        connection,
        LegacyAccount.__table__,  # type: ignore[arg-type]
        "id external_id kind username name id_type id_index id_check_wrong unit_id imported_at "
        "state stated_at",
        (
            (
                r.id, f"x{r.id}", "personal", r.username, r.name, "resident_id",
                key_of(r.id + 1), False, _unit(r.id), _NOW, "in_progress", _NOW,
            )
            for r in rows
        ),
    )  # fmt: skip
    insert_rows(
        connection,
        Case.__table__,  # type: ignore[arg-type]
        "id blocker state priority urgency escalated person_id account_id unit_id assignee_id "
        "statement filed_at filed_by due_on ended_at version",
        (_case(r) for r in rows),
    )
    insert_rows(
        connection,
        CaseEntry.__table__,  # type: ignore[arg-type]
        "case_id at side author is_internal event text reply",
        (
            (r.id, _NOW, "desk", "演示", bool(n % 2), "case.noted", text, "")
            for r in rows
            for n, text in enumerate(r.said)
        ),
    )
    texts = [
        (r.id, about, key)
        for r in rows
        for about, key in (
            (False, text_key(r.statement)),
            *((False, text_key(each)) for each in r.said),
            (True, text_key(r.name, r.username)),
        )
    ]
    insert_rows(
        connection,
        CaseText.__table__,  # type: ignore[arg-type]
        "case_id about key",
        iter([(case_id, about, key) for case_id, about, key in texts]),
    )
    found: dict[int, set[int]] = {}
    for case_id, _about, key in texts:
        found.setdefault(case_id, set()).update(terms(key))
    rows_of_pairs = ((gram, case_id) for case_id, grams in found.items() for gram in grams)
    if connection.dialect.name == "postgresql":
        raw: Any = connection.connection.cursor()
        with raw.copy("COPY case_grams FROM STDIN") as copy:
            for row in rows_of_pairs:
                copy.write_row(row)
    else:
        cursor: Any = connection.connection.cursor()
        cursor.executemany("INSERT INTO loaded_grams VALUES (?, ?)", rows_of_pairs)


def _unit(number: int) -> int:
    return 200 + number % (UNITS - 200)


def _case(row: Row) -> tuple[object, ...]:
    rng = random.Random(row.id)
    filed = _NOW - timedelta(hours=rng.randrange(24 if row.is_open else 24 * 900, 24 * 901))
    if row.is_open:
        filed = _NOW - timedelta(hours=rng.randrange(24 * 10))
    due: object = filed.date() + timedelta(days=3)
    assert isinstance(due, date)
    urgent = rng.random() < 0.05
    return (
        row.id,
        rng.choice(_KINDS),
        rng.choice(("filed", "waiting", "in_review")) if row.is_open else rng.choice(_ENDED),
        "urgent" if urgent else "normal",
        0 if urgent else 1,
        0,
        row.id + 1,
        row.id,
        _unit(row.id),
        rng.randrange(1, _SUPPORT + 1) if rng.random() < 0.8 else None,
        row.statement,
        filed,
        row.name,
        due.isoformat(),
        None if row.is_open else filed + timedelta(days=2),
        1,
    )
