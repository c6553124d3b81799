"""``python -m admin_app.cli`` is ``yihaotong``."""

from admin_app.cli import main

main(prog_name="yihaotong")
