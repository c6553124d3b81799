"""How texts are written down to be searched, and what never is: pure."""

import re
import unicodedata

from admin_app.hierarchy.rules import grams, name_key

# What looks like the number of an ID card (15 or 18 digits), a residence card, or a passport.
_ID_NUMBER = re.compile(
    r"(?<![0-9a-z])(?:\d{14,}x|\d{15,}|[a-z]{3}\d{12}|[a-z]{1,2}\d{7,9})(?![0-9a-z])"
)
_PLAIN = re.compile(r"[0-9a-z]{4,}")
_FOUR = 1 << 42  # beyond every pair
_BREAK = "\n"  # no pair of characters reaches across, and nobody can type it into a search


def text_key(*texts: str) -> str:
    """Texts as they are searched: width, case and white space don't count; without ID numbers."""
    return _BREAK.join(key for text in texts if (key := _key(text)))


def terms(key: str) -> set[int]:
    """What a key is looked up by, as numbers: its pairs of neighbouring characters.

    Pairs of digits stand in every second case. So letters and digits count by fours besides,
    whose numbers are the larger.
    """
    pairs = {pair for part in key.split(_BREAK) for pair in grams(part)}
    fours = {
        _FOUR | sum(ord(each) << 7 * at for at, each in enumerate(run[start : start + 4]))
        for run in _PLAIN.findall(key)
        for start in range(len(run) - 3)
    }
    return pairs | fours


def has_id_number(text: str) -> bool:
    """Whether something in a text looks like the number of an identity document."""
    return _ID_NUMBER.search(_without_gaps(text)) is not None


def _key(text: str) -> str:
    kept = _ID_NUMBER.sub(_BREAK, _without_gaps(text))
    return _BREAK.join(part for each in kept.split(_BREAK) if (part := name_key(each)))


def _without_gaps(text: str) -> str:
    """Digits written in groups belong together; NUL can't be kept and is never meant."""
    folded = unicodedata.normalize("NFKC", text.replace("\x00", "")).casefold()
    return re.sub(r"(?<=\d)[ \t-]+(?=[\dx])", "", folded)
