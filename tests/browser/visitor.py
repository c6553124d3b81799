"""Somebody with a browser: what they do in a few words, and a watch over what the page does."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from tests.browser.servers import Servers
from tests.browser.town import PASSWORD, PEOPLE

SIGN_IN = "自然人与法人登录"
_REFUSED_PAGE = "Failed to load resource: the server responded with a status of"

# Called with a name for the device; the context's options are Playwright's.
Visit = Callable[..., "Visitor"]


class Visitor:
    """A browser of its own; ``page`` is Playwright's, for whatever has no word here."""

    def __init__(self, context: BrowserContext, servers: Servers) -> None:
        self.context = context
        self.servers = servers
        self.complaints: list[str] = []
        self.clicks = 0
        self._own = {urlsplit(each).netloc for each in (servers.console, servers.portal)}
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    def open(self, address: str) -> Response | None:
        """Type an address of the console."""
        return self.page.goto(self.servers.console + address)

    def click(self, label: str, within: Locator | None = None) -> None:
        """Press the one link or button with this label."""
        place = within or self.page.get_by_role("main")
        link = place.get_by_role("link", name=label, exact=True)
        button = place.get_by_role("button", name=label, exact=True)
        link.or_(button).click()
        self.clicks += 1

    def sign_in(self, name: str, *, at: str = "/") -> None:
        """From the home page by the one button (R08), and by one click at the portal."""
        self.open(at)
        self.click(SIGN_IN)
        self.choose(name)

    def choose(self, name: str) -> None:
        """Be one of the ready-made people on the portal's sign-in page."""
        self.page.get_by_role("button", name=name).click()

    def sign_in_locally(self, username: str, password: str = PASSWORD) -> None:
        """By the entry for departments and managers (R19, R20)."""
        self.open("/signin/staff")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.click("登录")

    def bind(self, password: str) -> None:
        """Type an old password on the binding page, agree, and press."""
        self.open("/binding/")
        self.page.get_by_label("的密码").fill(password)
        self.page.get_by_role("checkbox").check()
        self.click("这是我，绑定")

    def open_unit(self, name: str) -> Response | None:
        return self.open(self.servers.page_of(name))

    def name_somebody(self, name: str, id_number: str | None = None) -> None:
        """Fill in whom to appoint."""
        self.page.get_by_label("姓名").fill(name)
        self.page.get_by_label("证件号码").fill(id_number or PEOPLE[name]["id_number"])

    def switch_to(self, unit: str) -> None:
        """Choose another capacity in the header."""
        header = self.page.get_by_role("banner")
        header.locator("summary").click()
        header.get_by_role("button", name=unit).click()

    def sign_out(self) -> None:
        header = self.page.get_by_role("banner")
        header.locator("summary").click()
        header.get_by_role("button", name="退出登录").click()

    def sees(self, *sentences: str) -> None:
        """Each is on the page, and not hidden."""
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).filter(visible=True).first).to_be_visible()

    def sees_no(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).filter(visible=True)).to_have_count(0)

    def is_at(self, heading: str) -> None:
        """The page has this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def acts_as(self, role: str, unit: str) -> None:
        """The header says in which capacity one acts."""
        summary = self.page.get_by_role("banner").locator("summary")
        expect(summary).to_contain_text(role)
        expect(summary).to_contain_text(unit)

    def section(self, heading: str) -> Locator:
        """The card with this heading."""
        return self.page.get_by_role("region", name=heading, exact=True)

    def leave(self) -> None:
        """Close the browser; fails if a page complained or asked anybody else for anything."""
        self.context.close()
        assert self.complaints == []

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc not in self._own:
            self.complaints.append(f"asked another host: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status} for a part of a page: {response.url}")

    def _note_message(self, message: ConsoleMessage) -> None:
        # A page that is refused is shown all the same; parts of pages are noted above.
        if message.type == "error" and not message.text.startswith(_REFUSED_PAGE):
            self.complaints.append(f"console: {message.text}")
