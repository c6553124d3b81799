"""Makes the change forms' font: Noto Sans CJK's Chinese face, every Han character of it.

Without layout tables, hints and the other scripts it is 7 MB; it holds all of GB 2312 and of the
Table of General Standard Characters, and of the rare ones what the face itself has.

    python -m tools.form_font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

from pathlib import Path

import click
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

PLACE = Path("admin_app/service_desk/papers/fonts/NotoSansCJKsc-Form.otf")
_FACE = "Noto Sans CJK SC"
_OTHERS = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x2010, 0x2040),
    range(0x3000, 0x3040),
    range(0xFF00, 0xFF5F),
    (0x2192, 0x25A1, 0x2611),
)
_DROPPED = ["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]


@click.command()
@click.argument("collection", type=click.Path(exists=True, path_type=Path))
def main(collection: Path) -> None:
    """Write the font anew from Noto's collection; takes a minute or two."""
    font = _face(collection)
    wanted = {code for code in font.getBestCmap() if _is_han(code)}
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += _DROPPED
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted.union(*_OTHERS) & set(font.getBestCmap()))
    subsetter.subset(font)
    font.save(PLACE)
    click.echo(f"{PLACE}: {len(wanted)} Han characters, {PLACE.stat().st_size / 1e6:.1f} MB")


def _face(collection: Path) -> TTFont:
    for number in range(len(TTCollection(collection, lazy=True))):
        font = TTFont(collection, fontNumber=number)
        if font["name"].getDebugName(1) == _FACE:
            return font
    raise click.ClickException(f"{collection} has no {_FACE}")


def _is_han(code: int) -> bool:
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000


if __name__ == "__main__":
    main()
