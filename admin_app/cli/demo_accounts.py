"""The old platform's accounts in the demo: at least one for each reason somebody can be stuck.

Whom they belonged to is told by the portal simulator's people; where an account differs from what
the portal reports, that difference is the story.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.audit.operations import record
from admin_app.audit.vocabulary import Event
from admin_app.hierarchy.models import Unit
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rows import Bearer, Record, add_account, add_affiliation, add_history
from admin_app.migration.vocabulary import AccountKind, RecordKind

OLD_PASSWORD = "old-pass-2019"  # noqa: S105 - the demo's, shown in the portal's sign-in list
UNIVERSITY = "演示大学"
NAMED_BY_ANOTHER = "演示一市东区海洋装备有限公司"


class Old(NamedTuple):
    """A personal account of the old platform: what it knew of somebody, and what they did."""

    sub: str
    unit: str | None = UNIVERSITY
    position: str = "教师"
    records: tuple[int, int, int] = (3, 2, 1)  # projects, papers, awards
    name: str = ""  # if not the portal's
    bearer: Bearer | None = None


_PERSONAL = (
    Old("demo-legal-1", position="校长", records=(12, 30, 4)),
    Old("demo-dean-1", position="科技处处长", records=(8, 21, 3)),
    Old("demo-director-1", "海洋学院", "科研秘书", (5, 9, 1)),
    Old("demo-legal-2", "演示星海科技有限公司", "总经理", (6, 2, 2)),
    Old("demo-legal-4", None, "", (2, 0, 0)),
    Old("demo-legal-5", "演示海洋装备有限公司", "董事长", (4, 1, 1)),
    Old("demo-teacher-1", "数学学院", records=(7, 15, 2)),
    Old("demo-teacher-2", "物理学院", records=(3, 11, 0)),
    Old("demo-newcomer-2", "物理学院", records=(1, 0, 0)),
    Old("demo-foreigner-1", "海洋学院", records=(2, 8, 1)),
    Old("demo-passport-1", "海洋学院", records=(1, 3, 0)),
    Old("demo-several-1", "数学学院", records=(4, 6, 0)),
    Old("demo-several-1", "演示农业科学院", "研究员", (2, 1, 1)),
    Old("demo-id-differs-1", "医学院", bearer=Bearer(IdType.RESIDENT_ID, "990007198302140162")),
    Old("demo-name-differs-1", "医学院", name="示例旧名寅"),
    Old("demo-foreigner-2", "医学院", bearer=Bearer(IdType.PASSPORT, "XX9900002")),
    Old("demo-disputed-1", "材料学院"),
    Old("demo-forgot-1", "材料学院", records=(9, 4, 2)),
    Old("demo-legal-7", "演示青禾农业有限公司", "总经理", name="示例旧名七"),
    Old("demo-lapsed-1", "化学化工学院", records=(2, 2, 0)),
    Old("", "物理学院", records=(1, 1, 0)),  # whoever hasn't registered yet
)
# Unit accounts: the enterprise, and whom the old account named as its representative.
_UNITS = (
    (UNIVERSITY, "demo-legal-1"),
    ("演示星海科技有限公司", "demo-legal-2"),
    ("演示蓝湾生物有限公司", "demo-legal-2"),
    ("演示农业科学院", "demo-legal-3"),
    ("演示尚未入库企业有限公司", "demo-legal-4"),
    ("演示海洋装备有限公司", "demo-legal-5"),
    (NAMED_BY_ANOTHER, "demo-legal-6"),
    ("演示青禾农业有限公司", "demo-legal-7"),
)
_ADMINISTRATORS = (UNIVERSITY, "演示星海科技有限公司", "演示海洋装备有限公司")
_SECONDARY = ("数学学院", "物理学院", "海洋学院", "化学化工学院", "医学院")
_KINDS = (
    (RecordKind.PROJECT, "示例科研项目", "主持人"),
    (RecordKind.PAPER, "示例论文", "作者"),
    (RecordKind.AWARD, "示例奖励", "完成人"),
)


def add_accounts(act: Act, cast: Mapping[str, Any]) -> None:
    """Import the old accounts, a month before anybody came."""
    then = replace(act, at=act.at - timedelta(days=30))
    known: dict[str, Any] = {row["sub"]: row for row in cast["people"]}
    known[""] = cast["not_registered"][0]
    codes = {row["name"]: row["uscc"] for row in cast["enterprises"]}
    for number, old in enumerate(_PERSONAL, 1):
        _add_personal(then, f"demo:p{number:03}", old, known[old.sub])
    for number, (name, sub) in enumerate(_UNITS, 1):
        unit = _unit(act, name)
        code = codes.get(name) or (unit.uscc if unit else None)
        account = add_account(
            then,
            AccountKind.UNIT,
            f"demo:u{number:03}",
            name,
            _bearer(known[sub]),
            unit=unit,
            uscc=code,
            password=OLD_PASSWORD,
            last_used_at=then.at - timedelta(days=20 * number),
        )
        _add_records(then, account, (5 * number, number, 1))
    for kind, names in (
        (AccountKind.UNIT_ADMINISTRATOR, _ADMINISTRATORS),
        (AccountKind.SECONDARY_UNIT, _SECONDARY),
    ):
        for number, name in enumerate(names, 1):
            number_there = f"demo:{kind.value}:{number:03}"
            add_account(
                then, kind, number_there, name, unit=_unit(act, name), password=OLD_PASSWORD
            )
    record(then, Event.ACCOUNTS_IMPORTED, subject="演示数据", taken=len(_PERSONAL) + len(_UNITS))
    act.session.flush()


def _add_personal(act: Act, external_id: str, old: Old, row: Mapping[str, Any]) -> None:
    unit = _unit(act, old.unit) if old.unit else None
    account = add_account(
        act,
        AccountKind.PERSONAL,
        external_id,
        old.name or row["name"],
        old.bearer or _bearer(row),
        unit=unit,
        password=OLD_PASSWORD,
        last_used_at=act.at - timedelta(days=90 + 11 * sum(old.records)),
    )
    if unit is not None:
        add_affiliation(act, account, unit, act.at - timedelta(days=2_000), old.position)
    _add_records(act, account, old.records)


def _add_records(act: Act, account: LegacyAccount, numbers: Sequence[int]) -> None:
    for (kind, title, role), number in zip(_KINDS, numbers, strict=True):
        add_history(
            act,
            account,
            kind,
            (
                Record(
                    f"{account.external_id}:{kind.value}:{each}",
                    f"{title}（{each + 1}）",
                    date(2015 + each % 9, 1 + each % 12, 1 + each % 28),
                    role,
                    "已验收" if kind is RecordKind.PROJECT else "已登记",
                )
                for each in range(number)
            ),
        )


def _bearer(row: Mapping[str, Any]) -> Bearer:
    return Bearer(IdType(row["id_type"]), row["id_number"])


def _unit(act: Act, name: str) -> Unit | None:
    """The unit of that name; the first, where several units have a part of that name."""
    return act.session.scalar(select(Unit).where(Unit.name == name).order_by(Unit.path).limit(1))
