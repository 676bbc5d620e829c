"""Pages as files, read back: their number, their size in points, what is on them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PdfParser import PdfParser

from installation.errors import InstallationError
from installation.models.prints import written
from installation.models.prints.paper import PAPERS, Page


def page(grey: int, name: str = "a4", lines_only: bool = False) -> Page:
    made = Page(PAPERS[name], lines_only)
    made.fill(50.0, 60.0, 70.0, 80.0, (grey, grey, grey))
    return made


def boxes(path: Path) -> list[list[float]]:
    """The size of every page, in points."""
    with PdfParser(str(path)) as pdf:
        return [[float(number) for number in pdf.read_indirect(ref)[b"MediaBox"]] for ref in pdf.pages]


def test_a_pdf_has_every_page_in_its_size(tmp_path: Path) -> None:
    told: list[int] = []
    pages = [page(0), page(100, "a3"), page(0, lines_only=True)]
    assert written.write(iter(pages), tmp_path / "new" / "a.pdf", "Küste", told.append) == [tmp_path / "new" / "a.pdf"]
    assert told == [1, 2, 3]
    found = boxes(tmp_path / "new" / "a.pdf")
    for box, (width, height) in zip(found, [(210, 297), (297, 420), (210, 297)], strict=True):
        np.testing.assert_allclose(box, [0, 0, width / 25.4 * 72, height / 25.4 * 72], atol=0.25)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.pdf"]  # nothing half done is left


def test_the_picture_in_a_pdf_is_the_page(tmp_path: Path) -> None:
    made = page(120)
    written.write([made], tmp_path / "a.pdf", "t")
    data = (tmp_path / "a.pdf").read_bytes()
    start = data.index(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(data[start:])) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == made.pixels.shape
    assert np.abs(pixels.astype(int) - made.pixels).max() <= 12
    assert np.abs(pixels.astype(int) - made.pixels).mean() < 0.1


def test_a_png_a_page_with_its_resolution(tmp_path: Path) -> None:
    paths = written.write([page(0), page(9)], tmp_path / "a.png", "t")
    assert paths == [tmp_path / "a.png", tmp_path / "a-2.png"]
    with Image.open(paths[1]) as image:
        assert image.size == (2480, 3508)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert np.array_equal(np.asarray(image), page(9).pixels)


def test_a_page_of_lines_is_black_and_white(tmp_path: Path) -> None:
    (path,) = written.write([page(150, lines_only=True)], tmp_path / "a.png", "t")
    with Image.open(path) as image:
        assert image.mode == "1"
        assert not np.asarray(image)[800, 700]
        assert np.asarray(image)[10, 10]


def test_what_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")

    def broken():
        yield page(0)
        raise InstallationError("out of paint")

    with pytest.raises(InstallationError, match="out of paint"):
        written.write(broken(), tmp_path / "a.pdf", "t")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    assert (tmp_path / "a.pdf").read_bytes() == b"old"


def test_other_suffixes_and_places_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match=r"a page is a \.pdf or a \.png, not 'a.jpg'"):
        written.write([page(0)], tmp_path / "a.jpg", "t")
    (tmp_path / "file").write_text("")
    with pytest.raises(InstallationError, match="cannot be written"):
        written.write([page(0)], tmp_path / "file" / "a.pdf", "t")
