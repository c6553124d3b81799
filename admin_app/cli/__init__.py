"""``yihaotong``: what operators do from a terminal. A command loads only what it needs."""

from importlib import import_module

import click

from admin_app.cli.refusals import refusals

COMMANDS = {
    "db": "admin_app.cli.databases:database_group",
    "demo": "admin_app.cli.demo:demo",
    "diagnose": "admin_app.cli.diagnose:diagnose",
    "import": "admin_app.cli.imports:import_group",
    "keys": "admin_app.cli.keys:keys_group",
    "permissions": "admin_app.cli.permissions:permissions_group",
    "rollups": "admin_app.cli.rollups:rollups_group",
    "serve": "admin_app.cli.serve:serve",
    "settings": "admin_app.cli.settings_page:settings",
    "snapshot": "admin_app.cli.snapshot:snapshot",
    "simulate": "admin_app.cli.simulate:simulate",
    "staff": "admin_app.cli.staff:staff_group",
    "status": "admin_app.cli.status:status",
    "tidy": "admin_app.cli.tidy:tidy",
    "units": "admin_app.cli.units:units_group",
    "worker": "admin_app.cli.worker:worker",
}


class Commands(click.Group):
    """Finds commands by name, and turns what is known to go wrong into one plain line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        with refusals():
            return super().invoke(ctx)


@click.group(cls=Commands)
def main() -> None:
    """Yihaotong 一号通: the console's commands.

    What is configured: see `yihaotong settings`. Errors are one line; the exit code is then 1.
    """
