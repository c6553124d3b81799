"""The addresses of OpenID Connect: discovery, keys, authorize, token, userinfo, end of session."""

import time
from typing import Any, TypeAlias

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from portal_simulator import claims, faults, keys, reauthentication
from portal_simulator.client import SCOPES
from portal_simulator.faults import Fault
from portal_simulator.frame import portal_session, provider, transaction
from portal_simulator.provider import now
from portal_simulator.sessions import PortalSession

blueprint = Blueprint("endpoints", __name__)

Answer: TypeAlias = AnyResponse | str | tuple[str, int]


@blueprint.get("/.well-known/openid-configuration")
def discovery() -> Response:
    issuer = provider().settings.issuer

    def at(endpoint: str) -> str:
        return issuer + url_for(f"endpoints.{endpoint}")

    return jsonify(
        issuer=issuer,
        authorization_endpoint=at("authorize"),
        token_endpoint=at("token"),
        userinfo_endpoint=at("userinfo"),
        jwks_uri=at("jwks"),
        end_session_endpoint=at("end_session"),
        scopes_supported=list(SCOPES),
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[keys.ALGORITHM],
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post"],
        code_challenge_methods_supported=["S256"],
        prompt_values_supported=["none", "login", "select_account"],
        claims_supported=[*claims.NAMES, "auth_time", "nonce", "at_hash", "sid"],
        ui_locales_supported=["zh-CN", "en"],
        claims_parameter_supported=False,
        request_parameter_supported=False,
        request_uri_parameter_supported=False,
    )


@blueprint.get("/jwks")
def jwks() -> Response:
    with transaction() as db:
        return jsonify(keys.published(db, now()))


@blueprint.route("/authorize", methods=["GET", "POST"])
def authorize() -> Answer:
    parameters = request.values.to_dict()
    secret = str(current_app.secret_key)
    with transaction() as db:
        current = portal_session(db)
    try:
        if _must_sign_in_again(current, parameters, secret):
            current = None
        grant = provider().get_consent_grant(end_user=current)
    except OAuth2Error as error:
        return _refused(error)
    except ValueError:
        # Authlib quotes the request in its error and then finds the quotation not to be ASCII.
        return _refused(InvalidRequestError())
    if current is None:
        query = reauthentication.stamped(secret, parameters)
        return redirect(url_for("pages.signin", to=f"{url_for('endpoints.authorize')}?{query}"))
    answer: AnyResponse = provider().create_authorization_response(grant_user=current, grant=grant)
    return answer


@blueprint.post("/token")
def token() -> Answer:
    with transaction() as db:
        fault = faults.current(db)
    if fault is Fault.SLOW:
        time.sleep(provider().settings.slow_seconds)
    if fault is Fault.NONSENSE:
        return render_template("nonsense.html")
    answer: AnyResponse = provider().create_token_response()
    return answer


@blueprint.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Answer:
    answer: AnyResponse = provider().create_endpoint_response("userinfo")
    return answer


@blueprint.route("/logout", methods=["GET", "POST"])
def end_session() -> Answer:
    try:
        asked = provider().validate_endpoint_request("end_session")
    except OAuth2Error as error:
        return _refused(error)
    if asked.needs_confirmation:
        return render_template("sign_out.html")
    if asked.id_token_claims.get("sid") == session.get("sid"):
        session.pop("sid", None)
    answer: AnyResponse | None = provider().create_endpoint_response("end_session", asked)
    return answer or render_template("signed_out.html")


def _must_sign_in_again(
    current: PortalSession | None, parameters: dict[str, str], secret: str
) -> bool:
    if current is None:
        return True
    asked = reauthentication.asked_at(secret, parameters)
    if asked is not None and current.auth_time >= asked:
        return False
    max_age = parameters.get("max_age", "")
    too_old = max_age.isdigit() and now() - current.auth_time >= int(max_age)
    wanted = {"login", "select_account"} & set(parameters.get("prompt", "").split())
    return too_old or bool(wanted)


def _refused(error: Any) -> Answer:
    """Back to the client if its address is known to be its own; otherwise a page, never a jump."""
    if error.redirect_uri:
        answer: AnyResponse = provider().handle_error_response(None, error)
        return answer
    return render_template("refused.html", error=error), 400
