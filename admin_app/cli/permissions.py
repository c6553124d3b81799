"""``yihaotong permissions``: the table of rights, for reading and as ``docs/permissions.md``."""

import click
from rich.table import Table

from admin_app.cli.authority import explain_unit
from admin_app.cli.terminal import answer_json, console, json_option, say
from admin_app.policy.table import TABLE, Condition, Right, Scope
from admin_app.policy.vocabulary import Capacity, Permission
from admin_app.wording import Text

_SCOPES = {
    Scope.AT_AND_BELOW: Text("本单位及以下", "own unit and below"),
    Scope.BELOW: Text("仅下级", "below only"),
    Scope.EVERYWHERE: Text("全部", "everywhere"),
}
_CONDITIONS = {
    Condition.VERIFIED: Text("本人已中级实名认证", "the actor has intermediate verification"),
    Condition.NOT_A_DEPARTMENT: Text(
        "对象不是主管部门（部门由本地账号的工作人员负责）",
        "the unit is not a department (those have staff instead)",
    ),
    Condition.NOBODY_WITHIN_APPOINTS: Text(
        "单位内没有人能指定（没有法定代表人，上级单位也没有负责人）",
        "nobody within may appoint (no legal representative, nobody in office above)",
    ),
    Condition.NOBODY_WITHIN_CREATES: Text(
        "单位内没有人能新增（没有法定代表人、管理员，上级单位也没有负责人）",
        "nobody within may create (no legal representative or administrator, "
        "nobody in office above)",
    ),
    Condition.NOBODY_WITHIN_SHAPES: Text(
        "上级单位没有负责人（主管部门除外）", "nobody but departments holds office above"
    ),
    Condition.REASON: Text("写明理由", "a reason is given"),
    Condition.IMPARTIAL: Text(
        "不是当事人，也不与当事人同单位任职", "neither the subject nor of the subject's unit"
    ),
    Condition.TWO_PEOPLE: Text("已由另一名工作人员提出", "another member of staff has proposed it"),
}
_NO = Text("否", "no")
_HEADER = """# Who may do what

Made from `admin_app/policy/table.py` by `make docs`; change it there, and have the change reviewed
here. Everybody acts in one capacity at a time, and rights are those of that capacity alone. What
has no ✅ is denied. A right reaches from the office somebody acts from; the numbers are the
conditions below.

"""


@click.group("permissions")
def permissions_group() -> None:
    """Who may do what, and why."""


@permissions_group.command()
@click.option("--capacity", type=click.Choice([c.value for c in Capacity]), help="Only this one.")
@click.option("--unit", type=click.IntRange(1), help="Who may appoint at this unit, and why.")
@click.option("--markdown", is_flag=True, help="Print docs/permissions.md.")
@json_option
def explain(capacity: str | None, unit: int | None, markdown: bool, as_json: bool) -> None:
    """Print the table of rights, or who may appoint a unit's administrators and why."""
    if unit is not None:
        explain_unit(unit, as_json=as_json)
    elif markdown:
        click.echo(permissions_page(), nl=False)
    elif as_json:
        answer_json(_rows(capacity))
    else:
        _print_table([Capacity(capacity)] if capacity else list(Capacity))


def permissions_page() -> str:
    """The permission table as a document for review."""
    capacities = list(Capacity)
    lines = [
        "| | " + " | ".join(f"{c.label.zh}<br>{c.label.en}" for c in capacities) + " |",
        "|---" * (len(capacities) + 1) + "|",
    ]
    for permission in Permission:
        cells = " | ".join(_cell(TABLE[permission].get(c)) for c in capacities)
        name = f"{permission.label.zh}<br>{permission.label.en}<br>`{permission.value}`"
        lines.append(f"| {name} | {cells} |")
    lines += ["", "Conditions:", ""]
    lines += [f"{n}. {_CONDITIONS[c].zh} · {_CONDITIONS[c].en}" for n, c in _numbered()]
    return _HEADER + "\n".join(lines) + "\n"


def _numbered() -> list[tuple[int, Condition]]:
    return list(enumerate(Condition, start=1))


def _cell(right: Right | None) -> str:
    if right is None:
        return "❌"
    scope = _SCOPES[right.scope]
    numbers = ", ".join(str(n) for n, c in _numbered() if c in right.conditions)
    return f"✅ {scope.zh}<br>{scope.en}" + (f"<br>({numbers})" if numbers else "")


def _rows(capacity: str | None) -> list[dict[str, object]]:
    return [
        {
            "permission": permission.value,
            "capacity": holder.value,
            "scope": right.scope.value,
            "conditions": [condition.value for condition in right.conditions],
        }
        for permission, rights in TABLE.items()
        for holder, right in rights.items()
        if capacity in (None, holder.value)
    ]


def _print_table(capacities: list[Capacity]) -> None:
    if len(capacities) == 1:  # room for the conditions in full
        table = Table("", say(capacities[0].label))
        for permission in Permission:
            right = TABLE[permission].get(capacities[0])
            table.add_row(say(permission.label), _in_full(right))
    else:
        table = Table("", *(say(capacity.label) for capacity in capacities))
        for permission in Permission:
            rights = (TABLE[permission].get(capacity) for capacity in capacities)
            table.add_row(say(permission.label), *(_in_short(right) for right in rights))
    console().print(table)


def _in_short(right: Right | None) -> str:
    return say(_SCOPES[right.scope]) + ("*" * bool(right.conditions)) if right else "—"


def _in_full(right: Right | None) -> str:
    if right is None:
        return say(_NO)
    return "\n".join(
        [say(_SCOPES[right.scope]), *(f"· {say(_CONDITIONS[c])}" for c in right.conditions)]
    )
