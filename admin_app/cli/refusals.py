"""What is known to go wrong, each in one line that says what to do; never a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from admin_app.cli.terminal import say
from admin_app.errors import DomainError
from admin_app.schema import SchemaNewer
from admin_app.settings import SettingsError
from admin_app.wording import Text

DATABASE_NEWER = Text(
    "数据库已由更新版本的一号通升级，当前版本不能使用。请安装该版本，或恢复升级前的备份。",
    "The database has been upgraded by a newer version of Yihaotong. "
    "Install that version, or restore the backup from before.",
)
DATABASE_BEHIND = Text(
    "数据库结构不是最新。请先运行 `yihaotong db upgrade`。",
    "The database's schema is not current. Run `yihaotong db upgrade` first.",
)
PORT_TAKEN = Text(
    "端口 {port} 已被占用（{host}）。请停止占用它的程序，或用环境变量 {variable} 换一个端口。",
    "Port {port} on {host} is taken. Stop what uses it, or choose another with {variable}.",
)
PORT_FORBIDDEN = Text(
    "不能在 {host} 上监听端口 {port}：{cause}。可用环境变量 {variable} 换一个端口。",
    "Can't listen on port {port} of {host}: {cause}. Choose another with {variable}.",
)
_FILE_FAILS = Text(
    "数据库文件打不开或不可写（{cause}）。请检查 YIHAOTONG_DATABASE_URL 所指的位置和权限。",
    "The database file can't be opened or written ({cause}). "
    "Check the place and its permissions: YIHAOTONG_DATABASE_URL.",
)
_SERVER_FAILS = Text(
    "PostgreSQL 没有应答（{cause}）。请检查服务是否已启动，以及 YIHAOTONG_DATABASE_URL。",
    "PostgreSQL doesn't answer ({cause}). Check that it runs, and YIHAOTONG_DATABASE_URL.",
)
_PLACE_FAILS = Text("无法读写 {place}：{cause}。", "Can't use {place}: {cause}.")


class Refusal(click.ClickException):
    """A sentence for whoever typed the command; exit code 1."""

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(say(text.format(**values) if values else text))

    def show(self, file: object = None) -> None:
        click.echo(f"yihaotong: {self.message}", err=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn known failures into refusals; what is not known still shows its trace."""
    try:
        yield
    except SettingsError as error:
        raise Refusal(Text(str(error), str(error))) from None
    except DomainError as error:
        raise Refusal(error.sentence) from None
    except SchemaNewer:
        raise Refusal(DATABASE_NEWER) from None
    except DBAPIError as error:
        raise _database_refusal(error) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise Refusal(_PLACE_FAILS, place=error.filename, cause=error.strerror) from None


def _database_refusal(error: DBAPIError) -> Exception:
    cause = str(error.orig).strip().splitlines()[0]
    if type(error.orig).__module__.startswith("sqlite3"):
        known = ("unable to open", "readonly", "not a database", "disk I/O", "is full", "is locked")
        return Refusal(_FILE_FAILS, cause=cause) if any(k in cause for k in known) else error
    # A connection that failed has no SQLSTATE of the server, or one of classes 08, 28, 3D, 57.
    state = getattr(error.orig, "sqlstate", None)
    if state is None or state[:2] in ("08", "28", "3D", "57"):
        return Refusal(_SERVER_FAILS, cause=cause)
    return error
