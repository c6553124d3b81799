"""Where evidence is kept: one interface, and behind it a folder or a bucket.

What is stored has been encrypted before, and its key is a random word of ours, never a name that
somebody chose.
"""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from admin_app.setting_kinds import Bucket

_KEY = re.compile(r"[0-9a-f]{40}")


class Storage(Protocol):
    """Keeps bytes under keys; each verb raises ``OSError`` when what is behind it fails."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it wholly, or not at all."""
        ...

    def get(self, key: str) -> bytes | None: ...

    def delete(self, key: str) -> None:
        """What isn't there is gone already."""
        ...

    def stored(self) -> Iterator[tuple[str, datetime]]:
        """Every key in order, and when it was stored; read piece by piece."""
        ...


def storage_in(folder: str, bucket: Bucket) -> Storage:
    """The storage that is configured: the bucket if one is named, else the folder."""
    if not bucket.name:
        return FolderStorage(Path(folder))
    # Its library is large, and only there where a bucket is used.
    from admin_app.service_desk.bucket_storage import BucketStorage

    return BucketStorage(bucket)


def new_key() -> str:
    return secrets.token_hex(20)


def place_of(key: str) -> str:
    """Where a key's content lies, below the folder or the prefix: spread over 256 places.

    Raises:
        ValueError: it is no key of ours.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of ours")
    return f"{key[:2]}/{key}"


def is_key(word: str) -> bool:
    return _KEY.fullmatch(word) is not None


class FolderStorage:
    """Files in a folder that no web server serves; a file is there wholly or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        place = self._folder / place_of(key)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = _half(place)
        try:
            with os.fdopen(
                os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(place)
        except OSError:
            half.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes | None:
        try:
            return (self._folder / place_of(key)).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        place = self._folder / place_of(key)
        place.unlink(missing_ok=True)
        _half(place).unlink(missing_ok=True)  # left by whoever was killed while writing

    def stored(self) -> Iterator[tuple[str, datetime]]:
        for part in sorted(self._folder.glob("*")):
            for file in sorted(part.glob("*")):
                if is_key(file.stem):
                    try:
                        yield file.stem, datetime.fromtimestamp(file.stat().st_mtime, UTC)
                    except FileNotFoundError:
                        continue  # deleted meanwhile


def _half(place: Path) -> Path:
    return place.with_suffix(".part")
