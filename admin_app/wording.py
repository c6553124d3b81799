"""A sentence in both languages, chosen when it is shown."""

from typing import NamedTuple


class Text(NamedTuple):
    """What a person reads, in Chinese and in English.

    Placeholders are those of ``str.format``; both languages take the same ones.
    """

    zh: str
    en: str

    def format(self, **values: object) -> "Text":
        """Fill in the placeholders; a value that is itself a ``Text`` follows the language."""
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def in_language(self, language: str) -> str:
        """The sentence for a language tag; everything but English reads Chinese."""
        return self.en if language.startswith("en") else self.zh
