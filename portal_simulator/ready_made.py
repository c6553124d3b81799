"""Loads the ready-made people and enterprises of people.json, once each.

Loading again adds the rows that are new in the file and leaves what was played with as it is.
"""

import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.security import generate_password_hash

from portal_simulator import enterprises, identifiers, people
from portal_simulator.enterprises import Enterprise
from portal_simulator.identifiers import IdType
from portal_simulator.people import Level, Person
from portal_simulator.settings import RefusedToStart


def load(db: sqlite3.Connection, path: Path) -> None:
    data = read(path)
    # The file's passwords are public and mostly the same: hashing each once keeps the start quick.
    hashed = cache(generate_password_hash)
    for row in data["enterprises"]:
        enterprises.enter(db, Enterprise(row["uscc"], row["name"]), row.get("legal_representative"))
    for row in data["people"]:
        if people.get(db, row["sub"]):
            continue
        if people.add(db, _person(row), hashed(row["password"])):
            _bind(db, row)


def reload(db: sqlite3.Connection, path: Path) -> None:
    """Everything that was played is forgotten; keys and faults stay."""
    for table in ("person", "enterprise"):
        db.execute(f"delete from {table}")  # noqa: S608 - two literals
    load(db, path)


def not_registered(path: Path) -> list[dict[str, str]]:
    people_to_come: list[dict[str, str]] = read(path)["not_registered"]
    return people_to_come


def read(path: Path) -> dict[str, Any]:
    """Rows are written by hand, so a wrong one is named instead of failing somewhere later."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if problems := [*_enterprise_problems(data), *_people_problems(data)]:
        raise RefusedToStart(f"{path.name}: " + "; ".join(problems))
    return data


def _person(row: dict[str, Any]) -> Person:
    return Person(
        row["sub"],
        row["name"],
        IdType(row["id_type"]),
        row["id_number"],
        Level[row["level"].upper()],
        row["mobile"],
        (row["shows"]["zh"], row["shows"]["en"]),
    )


def _bind(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    for bound in row["enterprises"]:
        enterprise = Enterprise(bound["uscc"], bound["name"])
        enterprises.enter(db, enterprise, row["sub"])
        enterprises.record_binding(db, enterprise, row["sub"])


def _enterprise_problems(data: dict[str, Any]) -> list[str]:
    rows = [*data["enterprises"], *(e for row in data["people"] for e in row["enterprises"])]
    return [
        f"{r['name']}: wrong uscc {r['uscc']}" for r in rows if not identifiers.is_uscc(r["uscc"])
    ]


def _people_problems(data: dict[str, Any]) -> list[str]:
    rows = [*data["people"], *data["not_registered"]]
    problems = [
        f"{row['name']}: wrong ID number {row['id_number']}"
        for row in rows
        if not identifiers.is_id_number(IdType(row["id_type"]), row["id_number"])
    ]
    for field in ("sub", "id_number", "mobile"):
        values = [row[field] for row in data["people"]]
        problems += [
            f"{field} {v} twice" for v in sorted({v for v in values if values.count(v) > 1})
        ]
    return problems
