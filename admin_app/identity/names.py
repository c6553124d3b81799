"""People's names: as they are stored, compared, and shown in part."""

import unicodedata

from admin_app.identity.vocabulary import PersonNameMissing, PersonNameTooLong

NAME_MOST = 100

# The dots that keyboards and registers put inside the names of minorities and foreigners, in the
# form they have after NFKC: · • ‧ ∙ ⋅ ・ ● ꞏ and the full stop.
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・●ꞏ.", "·"))
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}


def clean_person_name(text: str) -> str:
    """A name as it is stored: no surrounding or doubled white space, nothing invisible.

    Raises:
        PersonNameMissing, PersonNameTooLong
    """
    visible = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) != "Cf"
    )
    name = " ".join(visible.split())
    if not any(character.isalpha() for character in name):
        raise PersonNameMissing(field="name")
    if len(name) > NAME_MOST:
        raise PersonNameTooLong(field="name", most=NAME_MOST)
    return name


def name_for_comparison(name: str) -> str:
    """The form in which names are compared: width, spaces, case and kind of dot don't count.

    Nothing more is evened out: a different character is a different name.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = (c for c in folded if not c.isspace() and unicodedata.category(c) not in _INVISIBLE)
    # Once more: an accent that stood after a space now belongs to the letter before it.
    return unicodedata.normalize("NFKC", "".join(seen)).translate(_DOTS)


def same_name(a: str, b: str) -> bool:
    """Whether two spellings are one name."""
    return name_for_comparison(a) == name_for_comparison(b)


def mask_name(name: str) -> str:
    """A name as strangers may see it: the first character, the rest as stars."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def username_key(username: str) -> str:
    """The form in which user names are stored: width and case don't count."""
    return unicodedata.normalize("NFKC", username).strip().casefold()
