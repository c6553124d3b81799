"""Behind the scenes: playing faults, rotating keys, starting over."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from portal_simulator import faults, keys, ready_made
from portal_simulator.faults import Fault
from portal_simulator.frame import in_language, is_test_hook, provider, transaction
from portal_simulator.provider import now

blueprint = Blueprint("backstage", __name__)


@blueprint.get("/faults")
def show() -> str:
    with transaction() as db:
        return render_template(
            "backstage.html",
            current=faults.current(db),
            labels=faults.LABELS,
            published=keys.published(db, now())["keys"],
        )


@blueprint.post("/faults")
def play() -> AnyResponse:
    name = request.form.get("fault", "")
    if name not in list(Fault):
        abort(400)
    with transaction() as db:
        faults.play(db, Fault(name))
    return _done("已切换故障情形。", "The fault is set.")


@blueprint.post("/keys/rotate")
def rotate() -> AnyResponse:
    with transaction() as db:
        keys.rotate(db, now())
    return _done("已换用新的签名密钥。", "A new key signs from now on.")


@blueprint.post("/keys/drop")
def drop() -> AnyResponse:
    with transaction() as db:
        keys.drop_retired(db)
    return _done("旧密钥已撤下。", "Retired keys are no longer published.")


@blueprint.post("/start-over")
def start_over() -> AnyResponse:
    with transaction() as db:
        ready_made.reload(db, provider().settings.people_file)
    return _done("已恢复初始人员与单位。", "The ready-made people are as they were.")


def _done(zh: str, en: str) -> AnyResponse:
    if is_test_hook():
        return _plain()
    flash(in_language(zh, en))
    return redirect(url_for("backstage.show"))


def _plain() -> Response:
    with transaction() as db:
        return jsonify(fault=faults.current(db), keys=keys.published(db, now())["keys"])
