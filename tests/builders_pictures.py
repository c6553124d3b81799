"""Pictures and documents as people upload them, and as somebody with bad intentions does."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, PngImagePlugin

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


def with_position_as(form: str) -> bytes:
    """The same in a format of telephones or of screenshots, with a note in words beside it."""
    written, image = io.BytesIO(), Image.new("RGB", (64, 64), "white")
    exif = image.getexif()
    exif[0x010F] = "Telefon 9"
    exif.get_ifd(_GPS).update({_LATITUDE_REF: "N", _LATITUDE: (36.0, 40.0, 1.0)})
    if form == "PNG":
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "taken at home")
        image.save(written, "PNG", exif=exif, pnginfo=note)
    else:
        pillow_heif.from_pillow(image).save(written, exif=exif.tobytes())
    return written.getvalue()


def bomb_in_words() -> bytes:
    """A small PNG with a note of a few kilobytes that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    megabyte = b"x" * (1024 * 1024)
    packed = b"".join(packer.compress(megabyte) for _ in range(1024)) + packer.flush()
    whole = picture("PNG")
    end = whole.index(b"IDAT") - 4
    return whole[:end] + _chunk(b"zTXt", b"Comment\0\0" + packed) + whole[end:]


def bomb_in_pixels() -> bytes:
    """A PNG of 40 by 30 pixels whose data unpack to a hundred megabytes."""
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000_000, 9)
    parts = _chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that claims to be 900 million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = _chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
