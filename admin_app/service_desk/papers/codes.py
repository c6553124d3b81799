"""The QR code of a form: its case's page, and nothing about anybody."""

import io

import segno


def matrix_of(link: str) -> list[list[bool]]:
    """The modules, row by row, without the quiet zone."""
    return [[bool(module) for module in row] for row in segno.make(link, error="m").matrix]


def picture_of(link: str) -> bytes:
    """The code as a PNG with its quiet zone."""
    written = io.BytesIO()
    segno.make(link, error="m").save(written, kind="png", scale=8, border=2)
    return written.getvalue()
