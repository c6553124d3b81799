"""What somebody uploads is looked at, never believed: type by content, pictures drawn anew.

A picture is decoded and written afresh, so that nothing is left of it but pixels: no position, no
second file behind the first. A PDF is kept as it is, and never shown from our own address.
"""

import io
import unicodedata
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from admin_app.service_desk.evidence_vocabulary import (
    FILE_BYTES_MOST,
    PIXELS_MOST,
    EvidenceDamaged,
    EvidenceEmpty,
    EvidenceKind,
    EvidenceNotTaken,
    EvidenceTooLarge,
)

pillow_heif.register_heif_opener()

_NAME_MOST = 100
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
# A ZIP archive is read from its end, wherever its beginning lies.
_END_OF_ZIP, _ZIP_TAIL = b"PK\x05\x06", 70_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file fit to be kept; ``name`` is for people to read and never a path."""

    kind: EvidenceKind
    name: str
    media_type: str
    content: bytes


def receive(kind: EvidenceKind, name: str, content: bytes) -> Upload:
    """Look at a file and make it fit to be kept.

    Raises:
        EvidenceEmpty, EvidenceTooLarge, EvidenceNotTaken, EvidenceDamaged
    """
    name = shown_name(name)
    if not content:
        raise EvidenceEmpty(name=name)
    if len(content) > FILE_BYTES_MOST:
        raise EvidenceTooLarge(name=name)
    if content.startswith(b"%PDF-"):
        _require_plain_pdf(name, content)
        return Upload(kind, name, "application/pdf", content)
    form = _form_of(content)
    if form is None:
        raise EvidenceNotTaken(name=name)
    media_type, drawn = _drawn_anew(name, form, content)
    return Upload(kind, name, media_type, drawn)


def shown_name(name: str) -> str:
    """The last part of a path, without what can't be read."""
    last = name.replace("\\", "/").rpartition("/")[2]
    readable = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return readable[:_NAME_MOST] or "—"


def _form_of(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "HEIF"
    return None


def _drawn_anew(name: str, form: str, content: bytes) -> tuple[str, bytes]:
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as opened:
            # Before a single pixel is decoded.
            if opened.width * opened.height > PIXELS_MOST:
                raise EvidenceTooLarge(name=name)
            upright = ImageOps.exif_transpose(opened)
            keeps = form == "PNG" and upright.has_transparency_data
            pixels = upright.convert("RGBA" if keeps else "RGB")
    except Image.DecompressionBombError:
        raise EvidenceTooLarge(name=name) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise EvidenceDamaged(name=name) from error
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    written = io.BytesIO()
    if form == "PNG":
        bare.save(written, "PNG")
        return "image/png", written.getvalue()
    bare.save(written, "JPEG", quality=88)
    return "image/jpeg", written.getvalue()


def _require_plain_pdf(name: str, content: bytes) -> None:
    """Ends as a PDF does, and is no archive at the same time."""
    if b"%%EOF" not in content[-2048:]:
        raise EvidenceDamaged(name=name)
    if _END_OF_ZIP in content[-_ZIP_TAIL:]:
        raise EvidenceNotTaken(name=name)
