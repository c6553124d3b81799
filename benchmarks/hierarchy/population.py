"""A skewed tree: few departments, many small companies, a few enormous universities.

Real registers look like that: one city has a third of all units, most units have no child, and
one unit in a thousand has hundreds. Everything is drawn from a fixed seed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, update

from admin_app.hierarchy.models import Sequence, Unit, UnitNameGram, UnitPeriod
from admin_app.hierarchy.rules import grams, name_key, path_under
from admin_app.identity.models import Person, Representation
from admin_app.identity.vocabulary import IdType
from benchmarks.loading import insert_rows

CITIES = 16
COUNTIES = 140
_NOW = datetime(2026, 3, 3, tzinfo=UTC)
_FIRST = "齐鲁泰岱沂蒙黄河渤海青莱潍淄滨德聊荷枣临济宁烟威日照东营"
_SECOND = "星辰科创智远恒通瑞丰华美博雅新宇联合长青明德正大安康金石天元"
_TRADES = ("生物", "材料", "海洋装备", "信息", "农业", "医药", "化工", "机械", "环保", "能源")
_BODIES = ("科技有限公司", "研究院有限公司", "技术有限公司", "股份有限公司")
_PARTS = ("学院", "研究所", "实验室", "中心", "系", "教研室", "课题组", "分院")
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(slots=True)
class Row:
    """A unit before it is written."""

    id: int
    parent_id: int | None
    path: str
    kind: str
    name: str
    uscc: str | None
    administrators: int


def draw(size: int) -> Iterator[Row]:
    """The tree, parents before children, drawn from a fixed seed."""
    rng = random.Random(20260303)
    top = Row(1, None, path_under("", 1), "department", "演示省科学技术厅", None, 0)
    yield top
    number = 1
    departments = [top]
    for index in range(CITIES + COUNTIES):
        number += 1
        above = top if index < CITIES else departments[1 + rng.randrange(CITIES)]
        row = _row(number, above, "department", f"演示第{index}科技局", None, 0)
        departments.append(row)
        yield row
    weights = [1 / (rank + 1) for rank in range(len(departments) - 1)]
    while number < size:
        department = rng.choices(departments[1:], weights)[0]
        number += 1
        first = _row(
            number,
            department,
            "first_level",
            _company(rng, number),
            _uscc(number),
            int(rng.random() < 0.7),
        )
        yield first
        below = min(_children(rng), size - number)
        family = [first]
        for _ in range(below):
            number += 1
            above = rng.choice(family[-40:]) if rng.random() < 0.5 else first
            if len(above.path) > 60:
                above = first
            row = _row(
                number, above, "secondary", _part(rng, number), None, int(rng.random() < 0.5)
            )
            family.append(row)
            yield row


def load(engine: Engine, size: int) -> None:
    """Write the tree, its periods, its search index, and one representative in two."""
    with engine.begin() as connection:
        connection.execute(
            insert(Person),
            [
                {
                    "id": 1, "name": "演示法人", "id_type": IdType.RESIDENT_ID, "id_sealed": b"-",
                    "id_index": b"-", "level": 2, "first_signed_in_at": _NOW,
                    "last_signed_in_at": _NOW,
                }
            ],
        )  # fmt: skip
        batch: list[Row] = []
        for row in draw(size):
            batch.append(row)
            if len(batch) == 20_000:
                _write(connection, batch)
                batch = []
        _write(connection, batch)
        connection.execute(update(Sequence).values(next_number=size + 1))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        vacuum = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.exec_driver_sql(vacuum)


def _write(connection: Connection, rows: list[Row]) -> None:
    if not rows:
        return
    insert_rows(
        connection,
        Unit.__table__,  # type: ignore[arg-type]
        "id parent_id path kind status name name_key uscc administrators version "
        "created_at updated_at",
        (
            (
                r.id,
                r.parent_id,
                r.path,
                r.kind,
                "active",
                r.name,
                name_key(r.name),
                r.uscc,
                r.administrators,
                1,
                _NOW,
                _NOW,
            )
            for r in rows
        ),
    )
    insert_rows(
        connection,
        UnitPeriod.__table__,  # type: ignore[arg-type]
        "unit_id parent_id name status since",
        ((r.id, r.parent_id, r.name, "active", _NOW) for r in rows),
    )
    insert_rows(
        connection,
        UnitNameGram.__table__,  # type: ignore[arg-type]
        "gram unit_id",
        ((gram, r.id) for r in rows for gram in grams(name_key(r.name))),
    )
    insert_rows(
        connection,
        Representation.__table__,  # type: ignore[arg-type]
        "person_id uscc enterprise_name since",
        ((1, r.uscc, r.name, _NOW) for r in rows if r.uscc and r.id % 2),
    )


def _row(
    number: int, above: Row, kind: str, name: str, uscc: str | None, administrators: int
) -> Row:
    path = path_under(above.path, number)
    return Row(number, above.id, path, kind, name, uscc, administrators)


def _children(rng: random.Random) -> int:
    chance = rng.random()
    if chance < 0.0005:
        return rng.randrange(2_000, 20_000)
    if chance < 0.01:
        return rng.randrange(50, 400)
    return rng.randrange(0, 4) if chance < 0.3 else 0


def _company(rng: random.Random, number: int) -> str:
    first = "".join(rng.sample(_FIRST, 2)) + "".join(rng.sample(_SECOND, 2))
    return f"演示{first}{rng.choice(_TRADES)}{rng.choice(_BODIES)}{number}"


def _part(rng: random.Random, number: int) -> str:
    return f"{''.join(rng.sample(_SECOND, 2))}{rng.choice(_TRADES)}{rng.choice(_PARTS)}{number}"


def _uscc(number: int) -> str:
    body = f"91990001{number:08d}0"
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]
