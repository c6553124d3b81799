"""Which articles there are, in which order, what is related, and whose desk each one is about."""

from typing import NamedTuple

from admin_app.migration.blockers import Desk
from admin_app.wording import Text


class Entry(NamedTuple):
    """An article's place in the help; without a desk both are told, each for its own part."""

    slug: str
    related: tuple[str, ...]
    desk: Desk | None = None


class Topic(NamedTuple):
    title: Text
    entries: tuple[Entry, ...]


TOPICS = (
    Topic(
        Text("注册与登录", "Registering and signing in"),
        (
            Entry("register", ("representatives", "foreigners", "binding"), Desk.PORTAL),
            Entry("representatives", ("enterprises", "binding", "administrators"), Desk.PORTAL),
            Entry("foreigners", ("passport", "register"), Desk.PORTAL),
            Entry("page-does-not-respond", ("old-password", "binding"), Desk.PLATFORM),
        ),
    ),
    Topic(
        Text("原账号和历史数据", "Your old account and its data"),
        (
            Entry("former-accounts", ("binding", "administrators", "secondary-units")),
            Entry("binding", ("old-password", "several-accounts", "id-differs"), Desk.PLATFORM),
            Entry("old-password", ("binding", "page-does-not-respond"), Desk.PLATFORM),
            Entry("several-accounts", ("binding", "id-differs"), Desk.PLATFORM),
            Entry("id-differs", ("several-accounts", "passport", "binding"), Desk.PLATFORM),
            Entry("passport", ("foreigners", "id-differs"), Desk.PLATFORM),
            Entry("disputed", ("binding", "id-differs"), Desk.PLATFORM),
        ),
    ),
    Topic(
        Text("单位、企业和管理员", "Units, enterprises and administrators"),
        (
            Entry("enterprises", ("representatives", "administrators")),
            Entry("administrators", ("secondary-units", "capacities", "register")),
            Entry("secondary-units", ("administrators", "capacities"), Desk.PLATFORM),
            Entry("apply", ("binding", "administrators"), Desk.PLATFORM),
            Entry("capacities", ("representatives", "administrators"), Desk.PLATFORM),
        ),
    ),
    Topic(
        Text("还没有解决", "Still stuck"),
        (Entry("contacts", ("register", "binding", "page-does-not-respond")),),
    ),
)

ENTRIES = {entry.slug: entry for topic in TOPICS for entry in topic.entries}
