"""``yihaotong staff``: the local accounts of departments, managers and the platform (R19, R20)."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.cli.acting import act_of_command
from admin_app.cli.databases import open_database
from admin_app.cli.refusals import Refusal
from admin_app.cli.terminal import answer_json, json_option, say
from admin_app.database import transaction
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.rules import name_key
from admin_app.hierarchy.vocabulary import UnitKind
from admin_app.identity.models import StaffAccount
from admin_app.identity.queries import find_staff
from admin_app.identity.staff import add_staff, set_active, set_password
from admin_app.identity.vocabulary import StaffRole
from admin_app.service_desk.turns import set_duty
from admin_app.settings import load_settings
from admin_app.wording import Text

_ADDED = Text(
    "已新增本地账号“{username}”（{name}，{role}）。",
    "Added the staff account “{username}” ({name}, {role}).",
)
_NO_DEPARTMENT = Text(
    "没有名称或编号为“{department}”的主管部门。",
    "There is no competent department of the name or number “{department}”.",
)
_SEVERAL_DEPARTMENTS = Text(
    "名称为“{department}”的主管部门不止一个，请改用编号：{numbers}。",
    "Several competent departments are called “{department}”; give its number: {numbers}.",
)
_NO_ACCOUNT = Text(
    "没有用户名为“{username}”的本地账号。", "There is no staff account “{username}”."
)
_PASSWORD_SET = Text(
    "已重设“{username}”的密码，其登录已全部结束。",
    "“{username}” has a new password, and is signed out everywhere.",
)
_SHUT_OUT = Text(
    "已停用“{username}”，其登录已全部结束。",
    "“{username}” is disabled, and signed out everywhere.",
)
_LET_IN = Text("已恢复“{username}”。", "“{username}” may sign in again.")
_TURNS_SET = Text("已调整“{username}”的工单分派。", "The turns of “{username}” are changed.")
_PASSWORD = Text("密码", "Password")


@click.group("staff")
def staff_group() -> None:
    """Look after staff accounts."""


@staff_group.command()
@click.argument("username")
@click.option("--role", required=True, type=click.Choice([role.value for role in StaffRole]))
@click.option("--department", help="Name or number of the competent department.")
@click.option("--name", required=True, help="The person's name, as others will see it.")
@json_option
def add(username: str, role: str, department: str | None, name: str, as_json: bool) -> None:
    """Add a staff account; the password is asked for, or read from standard input."""
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        unit_id = _department(session, department) if department else None
        account = add_staff(
            act_of_command(session, settings), username, name, _password(), StaffRole(role), unit_id
        )
        session.flush()
        added = {"id": account.id, "username": account.username, "name": account.name, "role": role}
    if as_json:
        answer_json({**added, "department_id": unit_id})
    else:
        click.echo(say(_ADDED.format(**{**added, "role": StaffRole(role).label})))


@staff_group.command()
@click.argument("username")
def password(username: str) -> None:
    """Give an account a new password, asked for or read from standard input."""
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        act = act_of_command(session, settings)
        set_password(act, _account(session, username), _password())
    click.echo(say(_PASSWORD_SET.format(username=username)))


@staff_group.command()
@click.argument("username")
def disable(username: str) -> None:
    """Shut an account out, at once."""
    _let_in(username, active=False)
    click.echo(say(_SHUT_OUT.format(username=username)))


@staff_group.command()
@click.argument("username")
def enable(username: str) -> None:
    """Let a disabled account sign in again."""
    _let_in(username, active=True)
    click.echo(say(_LET_IN.format(username=username)))


@staff_group.command()
@click.argument("username")
@click.option("--department", multiple=True, help="Name or number of one to look after; repeat.")
@click.option("--everything", is_flag=True, help="Look after all departments.")
@click.option("--away/--back", default=None, help="Whether new cases pass them by.")
def turns(username: str, department: tuple[str, ...], everything: bool, away: bool | None) -> None:
    """Say whose cases a member of support is given in turn, and whether they are away."""
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        account = _account(session, username)
        ids = [_department(session, each) for each in department]
        wanted = ids if ids or everything else None
        set_duty(act_of_command(session, settings), account.id, wanted, away=away)
    click.echo(say(_TURNS_SET.format(username=username)))


def _let_in(username: str, *, active: bool) -> None:
    settings = load_settings()
    with open_database(settings) as sessions, transaction(sessions) as session:
        set_active(act_of_command(session, settings), _account(session, username), active=active)


def _account(session: Session, username: str) -> StaffAccount:
    account = find_staff(session, username)
    if account is None:
        raise Refusal(_NO_ACCOUNT, username=username)
    return account


def _department(session: Session, wanted: str) -> int:
    departments = select(Unit.id).where(Unit.kind == UnitKind.DEPARTMENT)
    matching = Unit.id == int(wanted) if wanted.isdecimal() else Unit.name_key == name_key(wanted)
    found = session.scalars(departments.where(matching)).all()
    if not found:
        raise Refusal(_NO_DEPARTMENT, department=wanted)
    if len(found) > 1:
        numbers = ", ".join(str(number) for number in found)
        raise Refusal(_SEVERAL_DEPARTMENTS, department=wanted, numbers=numbers)
    return found[0]


def _password() -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt(say(_PASSWORD), hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
