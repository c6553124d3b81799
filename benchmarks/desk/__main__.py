"""Run with ``python -m benchmarks.desk``; prints Markdown: p50, p95, and how many times LIKE."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from sqlalchemy import ColumnElement, Engine, or_, select, true
from sqlalchemy.orm import Session

from admin_app.database import make_engine
from admin_app.hierarchy.queries import count_up_to, within
from admin_app.identity.models import Person
from admin_app.migration.models import LegacyAccount
from admin_app.policy.reach import EVERYWHERE
from admin_app.schema import upgrade
from admin_app.service_desk.case_queries import with_units
from admin_app.service_desk.case_search import about_number, search_cases
from admin_app.service_desk.models import Case, CaseEntry
from admin_app.views.columns import Sort
from admin_app.views.desk_filters import SORTS
from admin_app.views.paging import Pager, Rows
from benchmarks.desk.population import draw, key_of, load
from benchmarks.migration.__main__ import new_database

_WARM = 3
# What is typed, or what makes it up from somebody's case; where the list looks for it.
Typed = Callable[[random.Random, list[Any]], str]


@dataclass(frozen=True)
class Question:
    """Something looked for in the list: its first page, with the count, as the page shows it."""

    name: str
    typed: Typed
    only_open: bool = True
    pages: int = 1


def _fixed(*texts: str) -> Typed:
    return lambda rng, _rows: rng.choice(texts)


QUESTIONS = (
    Question("a person's name, open", lambda rng, rows: rng.choice(rows).name),
    Question("a person's name, all", lambda rng, rows: rng.choice(rows).name, False),
    Question("an old user name, all", lambda rng, rows: rng.choice(rows).username, False),
    Question("a case's number, all", lambda rng, rows: str(rng.choice(rows).id), False),
    Question(
        "two rare characters, all", lambda rng, rows: rng.choice(rows).statement[-3:-1], False
    ),
    Question("two common characters, open", _fixed("账号", "密码", "登录", "核实")),
    Question("two common characters, all", _fixed("账号", "密码", "登录", "核实"), False),
    Question("a common phrase, open", _fixed("忘记密码", "我的账号", "绑定失败")),
    Question("a common phrase, all", _fixed("忘记密码", "我的账号", "绑定失败"), False),
    Question("a common phrase, page 20, open", _fixed("忘记密码", "我的账号"), True, 20),
    Question("common pairs in no case, open", _fixed("密码密码", "账号码错", "码错误绑")),
    Question("common pairs in no case, all", _fixed("密码密码", "账号码错", "码错误绑"), False),
    Question("characters in no case, all", _fixed("龘龘", "鑫淼焱垚"), False),
    Question("a unit's name, all", _fixed("泰岱", "海洋装备"), False),
)


@click.command()
@click.option("--size", default=1_000_000, show_default=True, help="Cases.")
@click.option("--times", default=60, show_default=True, help="How often each is asked.")
@click.option("--likes", default=5, show_default=True, help="How often LIKE is asked.")
@click.option("--postgres", default="", help="Address of a PostgreSQL server to make one on.")
@click.option("--sqlite/--no-sqlite", default=True)
@click.option("--existing", default="", help="A database that was loaded before.")
def main(size: int, times: int, likes: int, postgres: str, sqlite: bool, existing: str) -> None:
    """Ask every question by the index and by LIKE, in the same run."""
    sample = random.Random(3).sample(list(draw(min(size, 20_000))), 300)
    if existing:
        _measure(existing, size, times, likes, sample, is_there=True)
        return
    if sqlite:
        with TemporaryDirectory() as folder:
            _measure(f"sqlite:///{Path(folder)}/desk.sqlite3", size, times, likes, sample)
    if postgres:
        with new_database(postgres) as url:
            _measure(url, size, times, likes, sample)


def _measure(
    url: str, size: int, times: int, likes: int, sample: list[Any], *, is_there: bool = False
) -> None:
    upgrade(url)
    engine = make_engine(url)
    began = time.perf_counter()
    if not is_there:
        load(engine, size)
    click.echo(f"\n### {engine.dialect.name}: {size:,} cases\n", nl=True)
    click.echo(f"loaded in {time.perf_counter() - began:.0f} s", err=True)
    click.echo("| question | p50 | p95 | LIKE p50 | LIKE p95 | LIKE ÷ index (p95) |")
    click.echo("|---|---:|---:|---:|---:|---:|")
    for question in QUESTIONS:
        own = _ask(engine, question, times, sample, _by_index)
        like = _ask(engine, question, likes, sample, _by_like)
        click.echo(
            f"| {question.name} | {own[0]:.1f} | {own[1]:.1f} | {like[0]:.0f} | {like[1]:.0f} "
            f"| {like[1] / own[1]:.0f} × |"
        )
    for name, ask in (("an ID number's blind index", _by_number), ("the list, unsearched", _all)):
        own = _ask(engine, Question(name, _fixed("x")), times, sample, ask)
        click.echo(f"| {name} | {own[0]:.1f} | {own[1]:.1f} | | | |")
    engine.dispose()


Way = Callable[[Session, Question, str], ColumnElement[bool]]


def _ask(
    engine: Engine, question: Question, times: int, sample: list[Any], way: Way
) -> tuple[float, float]:
    rng, taken = random.Random(11), []
    with Session(engine) as session:
        for turn in range(times + (_WARM if times > 10 else 1)):
            typed = question.typed(rng, sample)
            began = time.perf_counter()
            _list(session, way(session, question, typed), question)
            if turn >= (_WARM if times > 10 else 1):
                taken.append((time.perf_counter() - began) * 1000)
            session.expunge_all()
    return statistics.median(taken), sorted(taken)[min(int(len(taken) * 0.95), len(taken) - 1)]


def _list(session: Session, found: ColumnElement[bool], question: Question) -> None:
    """Count and page as ``views.base`` does."""
    sort: Sort = SORTS[0] if question.only_open else SORTS[2]
    statement = with_units(select(Case))
    if question.only_open:
        statement = statement.where(Case.ended_at.is_(None))
    count = count_up_to(session, statement.where(within(EVERYWHERE), found))
    scope = within(EVERYWHERE, searched=count.exact)
    pager = Pager("benchmark", "desk", sort, descending=sort.descending)
    rows, at = Rows(statement, (scope, found), few=count.exact), ""
    for _ in range(question.pages):
        page = pager.page(session, rows, pager.place(at), 25)
        if page.after is None:
            return
        at = page.after


def _by_index(session: Session, question: Question, typed: str) -> ColumnElement[bool]:
    return search_cases(session, EVERYWHERE, typed, only_open=question.only_open).where


def _by_like(_session: Session, _question: Question, typed: str) -> ColumnElement[bool]:
    """The same places, without an index."""

    def has(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.contains(typed, autoescape=True)
        return found

    return or_(
        has(Case.statement),
        select(CaseEntry.id).where(CaseEntry.case_id == Case.id, has(CaseEntry.text)).exists(),
        select(Person.id).where(Person.id == Case.person_id, has(Person.name)).exists(),
        select(LegacyAccount.id)
        .where(
            LegacyAccount.id == Case.account_id,
            or_(has(LegacyAccount.name), has(LegacyAccount.username)),
        )
        .exists(),
    )


def _by_number(_session: Session, _question: Question, _typed: str) -> ColumnElement[bool]:
    return about_number(key_of(random.randrange(2, 20_000)))


def _all(_session: Session, _question: Question, _typed: str) -> ColumnElement[bool]:
    return true()


if __name__ == "__main__":
    main()
