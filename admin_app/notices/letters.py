"""What a mail or an SMS says, in the reader's language: mail as plain text and HTML. Pure."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from markupsafe import Markup, escape

from admin_app.notices.queries import sentence_of
from admin_app.notices.sending import Outgoing
from admin_app.wording import Text

_CONFIRM = Text("请确认您的邮箱", "Please confirm your e-mail address")
_CONFIRM_WHY = Text(
    "有人在一号通留下了这个邮箱。是您本人的话，请登录后打开下面的链接确认，一天内有效；不是的话，不用理会，"
    "我们不会再发。",
    "Somebody gave this address at Yihaotong. If it was you, sign in and open the link within a "
    "day; if not, do nothing, and no more mail will come.",
)
_DIGEST = Text("您有 {n} 条新通知", "{n} new notices for you")
_GREETING = Text("您好：", "Hello,")
_OPEN = Text("查看", "Open")
_FOOT = Text(
    "这封邮件由一号通自动发送，请不要回复。不想再收到，请登录后在“邮件通知”里关闭。我们不会在邮件里要您的密码。",
    "Yihaotong sent this by itself; please don't reply. To get no more, sign in and open E-mail. "
    "We never ask for your password by mail.",
)
_CODE = Text(
    "【一号通】验证码 {code}，30 分钟内有效，用于确认通知手机号。不是您本人操作，请不要理会。",
    "[Yihaotong] {code} is your code to confirm this number, valid for 30 minutes. "
    "If you didn't ask for it, do nothing.",
)
_SHORT = Text(
    "【一号通】{what}。详情请登录 {where} 查看。我们不会在短信里要您的密码。",
    "[Yihaotong] {what}. Sign in at {where} to read more. We never ask for your password by SMS.",
)
_NAME = "一号通 Yihaotong"


def compose(mail: Outgoing, *, sender: str, public_url: str) -> EmailMessage:
    """The mail as it goes out; the same one each time it is tried."""

    def say(text: Text) -> str:
        return text.in_language(mail.language)

    entries = [
        (say(sentence_of(notice)), f"{public_url}/notices/{notice.id}/open")
        for notice in mail.notices
    ]
    if mail.link is not None:
        subject = say(_CONFIRM)
        entries = [(say(_CONFIRM_WHY), f"{public_url}/notices/mail/confirm/{mail.link}")]
    elif len(mail.notices) == 1:
        subject = say(mail.notices[0].kind.label)
    else:
        subject = say(_DIGEST.format(n=len(mail.notices)))
    message = EmailMessage()
    user, _, host = parseaddr(sender)[1].rpartition("@")
    message["From"] = Address(_NAME, user, host)
    message["To"] = mail.address
    message["Subject"] = subject
    message["Message-ID"] = f"<{mail.mail_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_plain([say(_GREETING)], entries, say(_FOOT)))
    message.add_alternative(
        _html(mail.language, say(_GREETING), entries, say(_OPEN), say(_FOOT)), subtype="html"
    )
    return message


def compose_text(sms: Outgoing, *, public_url: str) -> str:
    """A short text: what kind of thing happened, and where to read more; never about whom."""
    if sms.link is not None:
        said = _CODE.format(code=sms.link)
    elif len(sms.notices) == 1:
        said = _SHORT.format(what=sms.notices[0].kind.label, where=public_url)
    else:
        said = _SHORT.format(what=_DIGEST.format(n=len(sms.notices)), where=public_url)
    return said.in_language(sms.language)


def _plain(head: list[str], entries: list[tuple[str, str]], foot: str) -> str:
    said = [f"{sentence}\n{address}" for sentence, address in entries]
    return "\n\n".join([*head, *said, f"-- \n{foot}"]) + "\n"


def _html(
    language: str, greeting: str, entries: list[tuple[str, str]], label: str, foot: str
) -> str:
    tag = "en" if language.startswith("en") else "zh-Hans"
    said = Markup("").join(
        Markup('<p>{}<br><a href="{}">{}</a></p>').format(sentence, address, label)
        for sentence, address in entries
    )
    page = Markup(
        '<!doctype html><html lang="{}"><body><p>{}</p>{}<hr><p><small>{}</small></p></body></html>'
    )
    return str(page.format(tag, greeting, said, escape(foot)))
