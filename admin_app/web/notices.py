"""What the next page says about what was just done."""

from flask import flash

from admin_app.web.language import say
from admin_app.wording import Text


def tell(text: Text, tone: str = "good") -> None:
    """Show a sentence on the next page; tones: good, wait, bad."""
    flash(say(text), tone)
