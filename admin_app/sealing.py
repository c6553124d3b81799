"""ID numbers at rest: encrypted with AES-256-GCM, found through a keyed blind index.

The ciphertext names its key by number, so that keys can be replaced one after the other. The
index is an HMAC-SHA-256: equal numbers give equal indexes, and nobody without the key can try
numbers out.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_FINGERPRINT_BYTES = 4


class SealError(Exception):
    """A key of the wrong size, or a ciphertext none of the keys opens."""


class Sealer:
    """Encrypts, opens and indexes short texts.

    Args:
        keys: 32 bytes each in base64, newest first; the first one encrypts.
        index_key: 32 bytes in base64.
    """

    def __init__(self, keys: Sequence[str], index_key: str) -> None:
        decoded = [_decode(key) for key in keys]
        self._newest = _fingerprint(decoded[0])
        self._ciphers = {_fingerprint(key): AESGCM(key) for key in decoded}
        self._index_key = _decode(index_key)

    def seal(self, text: str) -> bytes:
        """Encrypt with the newest key: fingerprint, nonce, ciphertext."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._ciphers[self._newest].encrypt(nonce, text.encode(), self._newest)
        return self._newest + nonce + body

    def open(self, sealed: bytes) -> str:
        """Decrypt what ``seal`` made.

        Raises:
            SealError: no key fits, or the bytes were changed.
        """
        fingerprint, rest = sealed[:_FINGERPRINT_BYTES], sealed[_FINGERPRINT_BYTES:]
        cipher = self._ciphers.get(fingerprint)
        if cipher is None:
            raise SealError("encrypted with a key that is not configured")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], fingerprint).decode()
        except InvalidTag:
            raise SealError("the stored value was changed") from None

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key encrypted this."""
        return sealed.startswith(self._newest)

    def index(self, *parts: str) -> bytes:
        """The blind index of a value given in parts, such as ID type and number."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self._index_key, message, hashlib.sha256).digest()


def seal_content(content: bytes) -> tuple[str, bytes]:
    """Encrypt a file with a key of its own, which the caller seals: keys in base64, ciphertext.

    When the sealer's keys change, only the small key is sealed anew; the file stays as it is.
    """
    key, nonce = os.urandom(32), os.urandom(_NONCE_BYTES)
    return base64.b64encode(key).decode(), nonce + AESGCM(key).encrypt(nonce, content, None)


def open_content(key: str, sealed: bytes) -> bytes:
    """Decrypt what ``seal_content`` made.

    Raises:
        SealError: it isn't there, isn't this key's, or was changed.
    """
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_decode(key)).decrypt(nonce, body, None)
    except (InvalidTag, ValueError):
        raise SealError("the stored file was changed") from None


def _decode(key: str) -> bytes:
    try:
        raw = base64.b64decode(key, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32:
        raise SealError("a key must be 32 bytes in base64")
    return raw


def _fingerprint(key: bytes) -> bytes:
    return hashlib.sha256(b"yihaotong key" + key).digest()[:_FINGERPRINT_BYTES]
