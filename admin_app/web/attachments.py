"""Files to take away: their names in any language, in a header that holds ASCII alone."""

from urllib.parse import quote


def attachment(name: str) -> str:
    """The value of Content-Disposition (RFC 6266); a server refuses a name that isn't encoded."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
