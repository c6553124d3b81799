"""What is there before anybody comes: units of the rehearsal's own, and the old accounts."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select

from admin_app.audit.act import Act
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rows import add_unit
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.vocabulary import IdType
from admin_app.migration.models import LegacyAccount
from admin_app.migration.rehearsal.script import Player, Script, Story
from admin_app.migration.rows import Bearer, Record, add_account, add_affiliation, add_history
from admin_app.migration.vocabulary import AccountKind, RecordKind

PASSWORD = "rehearsal-old-pass"  # noqa: S105 - that of made-up accounts
_WITHOUT_ACCOUNT = (Story.NO_ACCOUNT, Story.REPRESENTS_WITHOUT_ACCOUNT)
_PARTS = ("研发中心", "技术部")


@dataclass
class Stage:
    """The department of a rehearsal, and its enterprises by the number of who represents them."""

    department: Unit
    enterprises: dict[int, Unit] = field(default_factory=dict)
    parts: dict[int, Unit] = field(default_factory=dict)


def department_of(act: Act, seed: int) -> Unit | None:
    """The department that a rehearsal with this seed left, if it was kept."""
    return act.session.scalar(select(Unit).where(Unit.name == _department(seed)).limit(1))


def set_up(act: Act, script: Script, root: Unit, show: Callable[[], None]) -> Stage:
    """Units and old accounts as they were the day before the first arrival."""
    rng = random.Random(script.seed + 1)  # noqa: S311 - see the script
    department = add_unit(act, root, UnitKind.DEPARTMENT, _department(script.seed), None)
    stage = Stage(department)
    for player in script.cast:
        if player.story.represents:
            _add_enterprise(act, script.seed, stage, player)
    units = list(stage.enterprises.values())
    for player in script.cast:
        if player.story not in _WITHOUT_ACCOUNT:
            _add_accounts(act, rng, script.seed, player, rng.choice(units) if units else None)
        show()
    act.session.flush()
    return stage


def prefix(seed: int) -> str:
    """How the numbers of a rehearsal's accounts begin."""
    return f"rehearsal{seed}:"


def _department(seed: int) -> str:
    return f"演练{seed}市科学技术局"


def _add_enterprise(act: Act, seed: int, stage: Stage, player: Player) -> None:
    name, unit = f"演练第{player.number + 1}企业有限公司", None
    if player.story is not Story.REPRESENTS_UNKNOWN:
        code = player.enterprise
        unit = add_unit(act, stage.department, UnitKind.FIRST_LEVEL, name, code)
        parts = [add_unit(act, unit, UnitKind.SECONDARY, part, None) for part in _PARTS]
        stage.enterprises[player.number], stage.parts[player.number] = unit, parts[0]
        for number, (kind, where) in enumerate(
            (
                (AccountKind.UNIT_ADMINISTRATOR, unit),
                (AccountKind.SECONDARY_UNIT, parts[0]),
                (AccountKind.SECONDARY_UNIT, parts[1]),
            )
        ):
            external_id = f"{prefix(seed)}a{player.number}-{number}"
            add_account(act, kind, external_id, where.name, unit=where)
    add_account(
        act,
        AccountKind.UNIT,
        f"{prefix(seed)}u{player.number}",
        name,
        Bearer(player.id_type, player.id_number),
        unit=unit,
        uscc=player.enterprise,
        password=PASSWORD,
    )


def _add_accounts(
    act: Act, rng: random.Random, seed: int, player: Player, unit: Unit | None
) -> None:
    """One personal account, or two; what it knew of its holder may differ from the portal's."""
    name, bearer = player.name, Bearer(player.id_type, player.id_number)
    match player.story:
        case Story.NAME_DIFFERS | Story.REPRESENTS_STUCK:
            name = f"旧名{player.name[2:]}"
        case Story.ID_DIFFERS:
            digit = "8" if player.id_number[2] != "8" else "7"
            bearer = replace_digit(bearer, 2, digit)
        case Story.HAS_CARD:
            bearer = Bearer(IdType.PASSPORT, f"YL{seed % 100:02}{player.number:06}")
    for number in range(2 if player.story is Story.SEVERAL else 1):
        account = add_account(
            act,
            AccountKind.PERSONAL,
            f"{prefix(seed)}p{player.number}-{number}",
            name,
            bearer,
            unit=unit,
            password=PASSWORD,
            last_used_at=act.at - timedelta(days=rng.randint(1, 2_000)),
        )
        if unit is not None:
            add_affiliation(act, account, unit, act.at - timedelta(days=rng.randint(100, 4_000)))
        _add_history(act, rng, account)


def replace_digit(bearer: Bearer, place: int, digit: str) -> Bearer:
    """The bearer with one digit of the number mistyped."""
    number = bearer.id_number
    return bearer._replace(id_number=number[:place] + digit + number[place + 1 :])


def _add_history(act: Act, rng: random.Random, account: LegacyAccount) -> None:
    for kind in (RecordKind.PROJECT, RecordKind.PAPER):
        number = min(int(rng.expovariate(0.7)), 20)
        add_history(
            act,
            account,
            kind,
            [
                Record(
                    f"{account.external_id}:{each}",
                    f"演练{kind.label.zh}（{each + 1}）",
                    date(2012 + rng.randrange(12), 1 + rng.randrange(12), 1),
                )
                for each in range(number)
            ],
        )


def the_day_before(act: Act, days: int) -> Act:
    """When the accounts were imported: the rehearsal ends on the day before ``act.at``."""
    midnight = act.at.replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(act, at=midnight - timedelta(days=days + 1))
