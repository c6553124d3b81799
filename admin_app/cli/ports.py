"""Whether a port is free, asked before a server starts: its own answer would be a trace."""

import errno
import socket

from admin_app.cli.refusals import PORT_FORBIDDEN, PORT_TAKEN, Refusal


def require_free(host: str, port: int, variable: str) -> None:
    """Raises Refusal: something else listens there, or we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = PORT_TAKEN if error.errno == errno.EADDRINUSE else PORT_FORBIDDEN
            cause = error.strerror or str(error)
            raise Refusal(text, host=host, port=port, variable=variable, cause=cause) from None
