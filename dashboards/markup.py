"""Attributes of elements whose names Python cannot write: ``data_panel`` is ``data-panel``."""

from typing import Any


def attributes(**values: str) -> Any:
    """Attributes of the page's own script and of screen readers."""
    return {name.replace("_", "-"): value for name, value in values.items()}
