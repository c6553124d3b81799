"""Two questions a supervisor asks: does the process live, and can it serve?"""

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from admin_app import schema
from admin_app.schema import SchemaState
from admin_app.web.database import database
from admin_app.web.gate import open_to_all

blueprint = Blueprint("health", __name__)


def fit(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    try:
        state = schema.check(database().engine)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if state is not SchemaState.CURRENT:
        return jsonify(status="unavailable", database="ok", schema=state.value), 503
    return jsonify(status="ok", database="ok", schema=state.value)
