"""Fetches plotly.js's basic bundle, of the version that Plotly for Python draws for.

``check`` compares what is kept with the digests below; ``fetch`` takes the packages from the npm
registry, compares their integrity with what is written here, and keeps three files of them.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

import click
from plotly.offline import get_plotlyjs_version

FOLDER = Path("dashboards/assets/plotly")
VERSION = "4.1.1"


class Package(NamedTuple):
    """A package of the registry: its integrity (SHA-512, base64), and the files to keep."""

    name: str
    integrity: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "plotly.js-basic-dist-min",
        "1oNF8PeQx2hv/y7tqEVWKD3JGwn/MGEMQ8mL9HUwsaqG9FGy/OU5FHUHvzqbqxN4mnwZGI9abTiE775C4kkjMQ==",
        {
            "package/plotly-basic.min.js": "plotly-basic.min.js",
            "package/LICENSE": "LICENSE",
        },
    ),
    Package(
        "plotly.js",
        "fYLAOj091/+M4h1rmtVIkRIpdkz5/P9IdNUeB9wKmCUyvewuUdlCYR5ryqDWP7Cb36Dn4EvSrs6YKvRJ9ukNdQ==",
        {"package/dist/plotly-locale-zh-cn.js": "plotly-locale-zh-cn.js"},
    ),
)
# SHA-256 of each file kept.
KEPT = {
    "plotly-basic.min.js": "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba",
    "LICENSE": "8c45d9eaf50c2f72dd9c7ab9ef440788ba58a3538484b5c51c1f17d5128752e7",
    "plotly-locale-zh-cn.js": "55db6d56d01e8083b362d6dd11cb15f8bda74be17e69417c5d3bb97f60a97ca2",
}


@click.group()
def main() -> None:
    """Keep the charts' JavaScript as the registry has it, and of the right version."""


@main.command()
def fetch() -> None:
    """Take the files from the registry anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        for name, content in _files_of(package).items():
            (FOLDER / name).write_bytes(content)
            click.echo(f"{hashlib.sha256(content).hexdigest()}  {name}")


@main.command()
def check() -> None:
    """Fail if a file differs from what was fetched, or Plotly has gone on to another version."""
    drawn_for = get_plotlyjs_version()
    if drawn_for != VERSION:
        sys.exit(f"Plotly draws for plotly.js {drawn_for}, but {VERSION} is kept: see {__file__}")
    for name, digest in KEPT.items():
        if hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest:
            sys.exit(
                f"{FOLDER / name} is not as it was fetched: python -m tools.plotly_bundle fetch"
            )
    click.echo(f"plotly.js: {VERSION}, as fetched")


def _files_of(package: Package) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603 - a fixed command
            ["npm", "pack", "--silent", f"{package.name}@{VERSION}"],  # noqa: S607 - npm of the PATH
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != package.integrity:
            sys.exit(f"{package.name} {VERSION} is not what it was: SHA-512 {digest}")
        with tarfile.open(archive) as opened:
            return {name: _content(opened, inside) for inside, name in package.files.items()}


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        sys.exit(f"the package holds no file {name}")
    return file.read()


if __name__ == "__main__":
    main()
