"""Units without an administrator: how many, which, and what to do about each."""

from dataclasses import dataclass

from flask import Flask
from flask_admin import Admin

from admin_app.delegation.facts import facts_of_all
from admin_app.delegation.queries import awaited_at
from admin_app.hierarchy.models import Unit
from admin_app.hierarchy.queries import chains, count_up_to, tree_page, vacant
from admin_app.policy.rules import Decision, decide, reach
from admin_app.policy.vocabulary import Permission
from admin_app.views.base import PageView, expose
from admin_app.views.subjects import Step, last_shown, steps
from admin_app.web.database import current_session
from admin_app.web.gate import permits
from admin_app.web.identity import current_actor, now
from admin_app.web.navigation import MenuItem, Panel, add_panel, add_to_menu
from admin_app.wording import Text

PAGE = 50


@dataclass(frozen=True)
class Vacancy:
    """A unit nobody administers, where it stands, whether the visitor may appoint there, and who
    is appointed already and only has to sign in."""

    unit: Unit
    way: list[Step]
    appointing: Decision
    awaited: Text | None


class VacanciesView(PageView):
    needs = Permission.UNIT_VIEW

    @expose("/")
    def index(self) -> str:
        after = last_shown()
        scope = reach(current_actor(), Permission.UNIT_VIEW)
        session = current_session()
        page = tree_page(session, vacant(scope, after), PAGE)
        awaited = awaited_at(session, page.units, now())
        above, facts = chains(session, page.units), facts_of_all(session, page.units)
        return self.render(
            "units/vacancies.html",
            count=count_up_to(session, vacant(scope)),
            vacancies=[
                Vacancy(
                    unit,
                    steps(above[unit.id]),
                    decide(current_actor(), Permission.ADMINISTRATOR_APPOINT, facts[unit.id]),
                    _awaited(awaited.get(unit.id, [])),
                )
                for unit in page.units
            ],
            next_after=page.next_after,
            after=after,
        )


def _awaited(names: list[str]) -> Text | None:
    if not names:
        return None
    return Text(
        "已指定{names}，等待本人首次登录后生效。",
        "{names} appointed; waiting for the first sign-in.",
    ).format(names=Text("、".join(names), ", ".join(names)))


def panel() -> Panel | None:
    """The count on the start page; for managers the figure alone."""
    if not permits(Permission.FIGURES_VIEW):
        return None
    scope = reach(current_actor(), Permission.FIGURES_VIEW)
    count = count_up_to(current_session(), vacant(scope))
    return Panel(
        "panels/vacancies.html", {"count": count, "may_list": permits(Permission.UNIT_VIEW)}
    )


def register(app: Flask, admin: Admin) -> None:
    admin.add_view(VacanciesView(name="vacancies", endpoint="vacancies", url="/vacancies"))
    add_to_menu(app, MenuItem("vacancies.index", Text("缺管理员的单位", "Vacancies"), order=40))
    add_panel(app, panel, order=20)
