"""The one place where errors become pages: plain words, a way on, and never a trace."""

from dataclasses import dataclass

from flask import Flask, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from admin_app.errors import DomainError, ErrorKind
from admin_app.web import gate
from admin_app.web.constraints import broken_rule
from admin_app.web.identity import current_visitor
from admin_app.web.kept import Kept, kept
from admin_app.web.language import say
from admin_app.web.logs import log, log_error, reference
from admin_app.web.transaction import undo
from admin_app.wording import Text


@dataclass(frozen=True)
class Words:
    """A page's heading and what to do now."""

    title: Text
    advice: Text


_TITLES = {
    ErrorKind.OUT_OF_REACH: Text("没有找到", "Nothing here"),
    ErrorKind.REFUSED: Text("现在还不能办理", "Not possible as things are"),
    ErrorKind.CONFLICT: Text("情况已有变化", "Things have changed"),
    ErrorKind.INVALID: Text("请核对填写的内容", "Please check what you typed"),
}

_BY_STATUS = {
    400: Words(
        Text("请求无法识别", "That request made no sense"),
        Text("请返回上一页重新操作。", "Please go back and try again."),
    ),
    401: Words(
        Text("请先登录", "Please sign in"),
        Text("登录已过期或尚未登录。", "Your sign-in has expired, or you haven't signed in."),
    ),
    403: Words(
        Text("不能访问", "Not allowed"),
        Text("您不能访问这个页面。", "You can't open this page."),
    ),
    404: Words(
        Text("没有找到", "Nothing here"),
        Text("页面不存在，或不在您的管理范围内。", "There is no such page, or it isn't for you."),
    ),
    405: Words(
        Text("操作方式不对", "That can't be done this way"),
        Text("请返回上一页，用页面上的按钮操作。", "Please go back and use the page's buttons."),
    ),
    413: Words(
        Text("内容太大", "Too large"),
        Text("提交的内容超过了限制，请减少后重试。", "Please send less at a time."),
    ),
    429: Words(
        Text("操作太频繁", "Too many requests"),
        Text("请稍等几分钟再试。", "Please wait a few minutes and try again."),
    ),
    503: Words(
        Text("系统繁忙", "Busy"),
        Text(
            "系统暂时无法响应，您的操作没有生效，请稍后再试。",
            "The system can't answer just now. Nothing was changed; please try again shortly.",
        ),
    ),
}

_EXPIRED = Words(
    Text("页面已过期", "This page has expired"),
    Text("页面已过期，请返回刷新后再试。", "Please go back, refresh the page, and try again."),
)

_EXPIRED_BUT_KEPT = Words(
    Text("页面已过期", "This page has expired"),
    Text(
        "页面已过期，您填写的内容没有提交，还在下面。请回到表单，填回去后再提交。",
        "What you typed wasn't sent; it stands below. Go back to the form, put it in again, and "
        "send it.",
    ),
)
_SIGNED_OUT_BUT_KEPT = Words(
    Text("请先登录", "Please sign in"),
    Text(
        "登录已过期，您填写的内容没有提交，还在下面。重新登录后回到表单，填回去再提交。",
        "Your sign-in has expired. What you typed wasn't sent; it stands below. Sign in again, "
        "put it into the form, and send it.",
    ),
)

_UNEXPECTED = Words(
    Text("系统出错了", "Something went wrong"),
    Text(
        "这不是您的问题，您的操作没有生效。请稍后再试；如仍不行，请拨打平台电话并告知下面的编号。",
        "This is our fault, and nothing was changed. Please try again later; if it still fails, "
        "call the platform and quote the number below.",
    ),
)


def fit(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(OperationalError, _database_unavailable)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(gate.TypedAndSignedOut, _signed_out)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    undo()
    words = Words(_TITLES[error.kind], error.sentence)
    offers = gate.capacities_that_could() if error.kind is ErrorKind.REFUSED else []
    return _answer(error.kind.value, words, code=error.code, offers=offers)


def _integrity_error(error: IntegrityError) -> ResponseReturnValue:
    rule = broken_rule(error)
    return _domain_error(rule) if rule else _unexpected(error)


def _database_unavailable(error: OperationalError) -> ResponseReturnValue:
    log_error(error)
    return _answer(503, _BY_STATUS[503], bare=True)


def _expired(_error: CSRFError) -> ResponseReturnValue:
    typed = kept()
    words = _EXPIRED
    if typed is not None:
        words = _EXPIRED_BUT_KEPT if current_visitor() else _SIGNED_OUT_BUT_KEPT
    return _answer(400, words, code="page_expired", typed=typed)


def _signed_out(error: gate.TypedAndSignedOut) -> ResponseReturnValue:
    return _answer(401, _SIGNED_OUT_BUT_KEPT, code="signed_out", typed=error.typed)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    undo()
    if error.code >= 500 and error.code != 503:
        return _answer(error.code, _UNEXPECTED, bare=True)
    status = error.code if error.code in _BY_STATUS else 400
    return _answer(error.code, _BY_STATUS[status])


def _unexpected(error: Exception) -> ResponseReturnValue:
    log_error(error)
    return _answer(500, _UNEXPECTED, code="unexpected", bare=True)


def _answer(
    status: int,
    words: Words,
    *,
    code: str = "",
    offers: object = (),
    bare: bool = False,
    typed: Kept | None = None,
) -> ResponseReturnValue:
    """``bare``: the page asks the database nothing, for it may be what failed."""
    g.bare = bare
    if not bare and status < 500:
        log().info("refused", status=status, code=code)
    if gate.wants_fragment():
        return jsonify(code=code, message=say(words.advice), reference=reference()), status
    page = render_template(
        "error.html",
        status=status,
        words=words,
        offers=offers,
        reference=reference(),
        typed=typed,
    )
    return page, status
