"""What can happen and what can be refused is documented where people will look for it."""

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from admin_app.audit.vocabulary import Event
from admin_app.cli import COMMANDS, main
from admin_app.cli.settings_page import entries
from admin_app.delegation.vocabulary import Waiting
from admin_app.errors import DomainError, NotFound
from admin_app.policy.vocabulary import Ground, Permission, Refused
from admin_app.web import errors, portal_troubles
from admin_app.web.portal_troubles import PortalTrouble
from admin_app.wording import Text

DOCS = Path(__file__).parents[2] / "docs"
MODULES_WITH_RULES = (
    "admin_app.hierarchy.vocabulary",
    "admin_app.identity.vocabulary",
    "admin_app.delegation.vocabulary",
    "admin_app.migration.vocabulary",
    "admin_app.service_desk.vocabulary",
    "admin_app.service_desk.case_vocabulary",
    "admin_app.service_desk.desk_vocabulary",
    "admin_app.service_desk.evidence_vocabulary",
    "admin_app.rollups.vocabulary",
    "admin_app.views.unit_forms",
)
GRANTED = {Ground.OWN_UNIT, Ground.OFFICE_ABOVE, Ground.EVERYWHERE}
# Only whoever adds a staff account in a terminal can meet these.
FOR_OPERATORS = {"username_malformed", "username_taken", "password_too_weak", "department_needed"}


def document(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rules() -> list[type[DomainError]]:
    """Every rule of the console that somebody can break; a register's rows have their own page."""
    found = {
        item
        for module in MODULES_WITH_RULES
        for item in vars(import_module(module)).values()
        if isinstance(item, type) and issubclass(item, DomainError) and item.__module__ == module
    }
    return sorted(found | {NotFound}, key=lambda rule: rule.code)


def commands(group: click.Group, name: str) -> list[str]:
    """Every command under a group, in full."""
    context = click.Context(group)
    names = []
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        full = f"{name} {each}"
        names += commands(command, full) if isinstance(command, click.Group) else [full]
    return names


def is_told(sentence: str, page: str) -> bool:
    """Whether the sentence stands in the page, whatever its placeholders were filled with."""
    parts = re.split(r"\{\w+\}", sentence)
    return re.search("[^|\n]*?".join(map(re.escape, parts)), page) is not None


def refusals_met_by_people() -> list[tuple[str, Text]]:
    broken = [
        (rule.code, rule.text)
        for rule in rules()
        if rule.code not in FOR_OPERATORS and rule is not Refused
    ]
    grounds = [(g.value, g.text) for g in Ground if g not in GRANTED]
    troubles = [
        (f"{each.code}-{part}", text)
        for each in vars(portal_troubles).values()
        if isinstance(each, type) and issubclass(each, PortalTrouble) and each is not PortalTrouble
        for part, text in (("title", each.title), ("sentence", each.sentence))
    ]
    pages = [
        (f"page-{status}", words.advice)
        for status, words in (
            *errors._BY_STATUS.items(),
            ("expired", errors._EXPIRED),
            ("unexpected", errors._UNEXPECTED),
        )
    ]
    waiting = [(each.value, each.label) for each in Waiting]
    return [*broken, *grounds, *troubles, *pages, *waiting]


@pytest.mark.parametrize(
    "sentence", [pytest.param(text.zh, id=name) for name, text in refusals_met_by_people()]
)
def test_the_users_guide_explains_every_refusal_a_person_can_meet(sentence: str) -> None:
    assert is_told(sentence, document("user-guide.zh.md"))


def test_what_the_users_guide_quotes_stands_on_a_page() -> None:
    """A label that was renamed would send people looking for a button that isn't there."""
    root = DOCS.parent
    code = (each for part in ("admin_app", "dashboards") for each in (root / part).rglob("*.py"))
    files = [*(root / "templates").rglob("*.html"), *code]
    pages = "\n".join(file.read_text(encoding="utf-8") for file in files)
    quoted = re.findall("“([^“”]+)”", document("user-guide.zh.md"))
    # Those with a made-up name, a gap or an inner quotation are examples, not labels.
    labels = {label for label in quoted if not re.search("[‘×…]|某", label)}
    assert len(labels) > 50
    assert sorted(label for label in labels if label not in pages) == []


@pytest.mark.parametrize("code", sorted(FOR_OPERATORS))
def test_the_operators_page_explains_every_refusal_of_a_staff_account(code: str) -> None:
    (rule,) = [rule for rule in rules() if rule.code == code]
    assert is_told(rule.text.en, document("operating.md"))


@pytest.mark.parametrize("event", list(Event), ids=lambda event: event.value)
def test_every_event_of_the_trail_is_documented(event: Event) -> None:
    assert f"| `{event.value}` |" in document("operating.md")


def test_no_event_is_documented_that_does_not_exist() -> None:
    told = re.findall(r"^\| `(\w+\.\w+)` \|", document("operating.md"), re.MULTILINE)
    assert set(told) == {event.value for event in Event}


@pytest.mark.parametrize("permission", list(Permission), ids=lambda each: each.value)
def test_every_permission_is_documented(permission: Permission) -> None:
    assert f"`{permission.value}`" in document("permissions.md")


def test_every_setting_is_documented() -> None:
    page = document("settings.md")
    assert [e.variable for e in entries() if f"| `{e.variable}` |" not in page] == []


def test_a_setting_named_in_a_page_exists() -> None:
    known = {entry.variable for entry in entries()} | {"YIHAOTONG_CLAIMS", "YIHAOTONG_CONTACTS"}
    named = {
        name.rstrip("_")
        for page in DOCS.glob("*.md")
        for name in re.findall(r"YIHAOTONG_[A-Z0-9_]*[A-Z0-9]_*", page.read_text(encoding="utf-8"))
        if not name.startswith("YIHAOTONG_TEST_")
    }
    prefixes = {"YIHAOTONG_PORTAL"}  # a family of settings, named as such
    assert named - known - prefixes == set()


def test_every_command_and_each_of_its_options_is_documented() -> None:
    assert COMMANDS
    page = document("operating.md")
    rows = dict(re.findall(r"^\| `(yihaotong [\w ]+)` \|(.*)$", page, re.MULTILINE))
    group = main
    assert sorted(rows) == sorted(commands(group, "yihaotong"))
    for name, row in rows.items():
        options = set(re.findall(r"`(--[\w-]+)`", row))
        assert options == _options_of(group, name), name


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _options_of(group: click.Group, name: str) -> set[str]:
    command: click.Command | None = group
    for part in name.split()[1:]:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), part)
    assert command is not None
    return {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
