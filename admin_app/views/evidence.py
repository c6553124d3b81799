"""Sending a piece of evidence: pictures to look at, everything else only to be saved."""

from flask import Response

from admin_app.service_desk.models import Evidence

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def send_evidence(evidence: Evidence, content: bytes) -> Response:
    """What a PDF could do it does outside the browser and our address; nothing is kept in caches.

    The name is ours: what somebody called their file stays out of headers.
    """
    shown = evidence.media_type.startswith("image/")
    response = Response(content, mimetype=evidence.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers.set(
        "Content-Disposition",
        "inline" if shown else "attachment",
        filename=f"evidence-{evidence.id}.{_ENDINGS[evidence.media_type]}",
    )
    return response
