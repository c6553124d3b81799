"""Pictures and documents as people upload them, and as somebody with bad intentions does."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_GPS, _LATITUDE, _LATITUDE_REF = 0x8825, 2, 1


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "white").save(written, form)
    return written.getvalue()


def with_position() -> bytes:
    """A photograph that says where it was taken, and by which telephone."""
    written, image = io.BytesIO(), Image.new("RGB", (40, 30), "white")
    exif = image.getexif()
    exif[0x010F] = "Telefon 9"
    exif.get_ifd(_GPS).update({_LATITUDE_REF: "N", _LATITUDE: (36.0, 40.0, 1.0)})
    image.save(written, "JPEG", exif=exif, comment=b"taken at home")
    return written.getvalue()


def heic() -> bytes:
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "white")).save(written)
    return written.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that claims to be 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
