"""Texts that a spreadsheet must not take for formulas, in whatever file they leave the console."""

_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def without_formula(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_BEGINS) else text
