"""The pages. Each module registers its own; Flask-Admin lives here and nowhere else."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from admin_app.views import (
    account_list,
    administration_list,
    applications,
    appointing,
    audit_list,
    binding,
    binding_panels,
    cases,
    change_forms,
    desk_bulk,
    desk_case,
    desk_list,
    desk_turns,
    desk_views,
    diagnosis,
    enterprise_list,
    help,
    home,
    importing,
    jobs,
    mail,
    members,
    my_data,
    my_history,
    notices,
    panels,
    papers,
    person_list,
    reconciliation,
    search,
    sessions,
    signin,
    sms,
    staff_list,
    tree,
    unit,
    unit_forms,
    unit_list,
    urging,
    vacancies,
)

# In no particular order: the menu sorts by what each page says of itself.
_MODULES = (
    signin,
    sessions,
    help,
    staff_list,
    audit_list,
    panels,
    search,
    tree,
    unit_list,
    urging,
    unit,
    unit_forms,
    appointing,
    vacancies,
    binding_panels,
    binding,
    cases,
    change_forms,
    desk_list,
    desk_case,
    desk_bulk,
    desk_views,
    desk_turns,
    papers,
    applications,
    members,
    my_history,
    my_data,
    notices,
    mail,
    sms,
    jobs,
    importing,
    diagnosis,
    account_list,
    administration_list,
    person_list,
    enterprise_list,
    reconciliation,
)


def register(app: Flask) -> None:
    """Put every page into Flask-Admin's frame, with a look that is ours alone."""
    # No folder of templates: Flask-Admin's own can't be shown even by mistake.
    admin = Admin(
        app,
        name="一号通",
        theme=Theme(folder="none", base_template="layout.html"),
        index_view=home.view(),
    )
    home.register(app, admin)
    for module in _MODULES:
        module.register(app, admin)
