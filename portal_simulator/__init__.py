"""A stand-in for the province's identity portal, for demonstrations and tests only.

It is an OpenID Connect provider of its own: a separate process with its own database, sharing no
code with the console, which knows it only by its issuer address.
"""

from portal_simulator.app import create_app
from portal_simulator.settings import Settings

__all__ = ["Settings", "create_app"]
