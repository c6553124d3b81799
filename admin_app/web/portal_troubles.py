"""What can go wrong between the console and the portal, in words for whoever is waiting."""

from admin_app.wording import Text


class PortalTrouble(Exception):
    """A sign-in that came to nothing; ``technical`` is for the log, the rest for the page."""

    status = 502
    code = "portal_trouble"
    title = Text("暂时无法登录", "Signing in isn't possible just now")
    sentence = Text("", "")

    def __init__(self, technical: str, next_page: str | None = None) -> None:
        self.technical = technical
        self.next_page = next_page
        super().__init__(technical)


class PortalUnreachable(PortalTrouble):
    status = 503
    code = "portal_unreachable"
    title = Text("省统一身份认证平台暂时没有响应", "The provincial portal isn't answering")
    sentence = Text(
        "这不是您的账号问题。请过几分钟再试；如果一直不行，请拨打下面的电话。",
        "Nothing is wrong with your account. Please try again in a few minutes; "
        "if it keeps failing, call the number below.",
    )


class PortalAnswerWrong(PortalTrouble):
    status = 502
    code = "portal_answer_wrong"
    title = Text(
        "省统一身份认证平台的答复无法核实", "The provincial portal's answer couldn't be verified"
    )
    sentence = Text(
        "为了您的账号安全，本次登录没有完成。请重新登录；如果再次出现，请拨打下面的电话。",
        "To keep your account safe this sign-in was not completed. Please sign in again; "
        "if it happens once more, call the number below.",
    )


class SignInStale(PortalTrouble):
    status = 400
    code = "sign_in_stale"
    title = Text("这次登录已经失效", "This sign-in is no longer valid")
    sentence = Text(
        "可能是等待时间过长、重复打开了登录页面，或浏览器禁用了 Cookie。请重新登录。",
        "It may have taken too long, been opened twice, or your browser refuses cookies. "
        "Please sign in again.",
    )


class SignInCancelled(PortalTrouble):
    status = 400
    code = "sign_in_cancelled"
    title = Text("您取消了登录", "You cancelled signing in")
    sentence = Text(
        "没有登录，也没有提交任何信息。需要时可以随时重新登录。",
        "You are not signed in and nothing was sent. You can sign in whenever you like.",
    )
