"""Pages as a file: a PDF of all of them, or a PNG each. Written page by page, and there whole or not at all.

Pictures in a PDF are JPEG of the highest quality without subsampled colour; pages of lines are CCITT group 4.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.errors import InstallationError
from installation.models.prints.paper import DPI, Page

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 95
SUFFIXES = (".pdf", ".png")
MIDDLE = 160  # of 0..255: what is darker is a line


def check(to: Path) -> None:
    """Before anything is painted. Raises InstallationError."""
    if to.suffix.lower() not in SUFFIXES:
        raise InstallationError(f"a page is a .pdf or a .png, not '{to.name}'", "write -o favourites.pdf")


def write(pages: Iterable[Page], to: Path, title: str, tell: Callable[[int], None] = lambda done: None) -> list[Path]:
    """The files written: one PDF; or NAME.png, NAME-2.png ... ``tell`` hears of every page."""
    check(to)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        return _pdf(pages, to, title, tell) if to.suffix.lower() == ".pdf" else _pngs(pages, to, tell)
    except OSError as error:
        raise InstallationError(f"{to} cannot be written: {error.strerror or error}", "name a place with -o") from error


def _pdf(pages: Iterable[Page], to: Path, title: str, tell: Callable[[int], None]) -> list[Path]:
    with _whole(to) as name:
        for number, page in enumerate(pages):
            more: dict[str, Any] = {"title": title} if number == 0 else {"append": True}
            how = {} if page.lines_only else {"quality": QUALITY, "subsampling": 0}
            _image(page).save(name, "PDF", resolution=DPI, **how, **more)
            tell(number + 1)
    return [to]


def _pngs(pages: Iterable[Page], to: Path, tell: Callable[[int], None]) -> list[Path]:
    made = []
    for number, page in enumerate(pages):
        path = to if number == 0 else to.with_name(f"{to.stem}-{number + 1}{to.suffix}")
        with _whole(path) as name:
            _image(page).save(name, "PNG", dpi=(DPI, DPI))
        made.append(path)
        tell(number + 1)
    return made


def _image(page: Page) -> Image:
    from PIL import Image

    image = Image.fromarray(page.pixels)
    return image.convert("L").point(lambda value: 255 * (value > MIDDLE), "1") if page.lines_only else image


@contextmanager
def _whole(to: Path) -> Iterator[str]:
    """A name beside the file, which takes its place when all has gone well."""
    handle, name = tempfile.mkstemp(prefix=f".{to.stem}-", suffix=to.suffix, dir=to.parent)
    os.close(handle)
    try:
        yield name
        os.chmod(name, 0o644)
        os.replace(name, to)
    finally:
        Path(name).unlink(missing_ok=True)
