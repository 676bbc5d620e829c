"""An op that comes as somebody's own package: a plain class, found through the entry point ``installation.ops``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installation.mapping.expression import ExpressionError, parse

Play = Callable[..., list[Any]]

CODE = """
from installation.mapping.arguments import Operand
from installation.params import Param

class Steps:
    params = (Param("count", "int", 4, 2, 100, help="steps"), Operand("shift", 0.0, help="moved by"))

    def __init__(self, count, shift):
        self.count = count
        self.shift = shift

    def __call__(self, value, dt):
        return None if value is None else round((value + self.shift()) * self.count) / self.count

    def reset(self):
        pass
"""
ROWS = "[installation.ops]\nsteps = foreign_steps:Steps\nghost = foreign_steps:Ghost\nsmooth = foreign_steps:Steps\n"


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foreign_steps.py").write_text(CODE)
    info = tmp_path / "foreign_steps-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign-steps\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ROWS)
    monkeypatch.syspath_prepend(tmp_path)


def test_it_works_like_one_of_the_house(play: Play) -> None:
    assert play("s.x | steps", seconds=0, x=lambda t: 0.4) == [0.5]
    assert play("s.x | steps 10 s.y | mul 2", seconds=0, x=lambda t: 0.31, y=lambda t: 0.2) == [1.0]


def test_its_arguments_are_checked_and_it_is_suggested() -> None:
    with pytest.raises(ExpressionError, match="steps: count is 1, outside its range") as caught:
        parse("s.x | steps 1")
    assert caught.value.column == 12
    with pytest.raises(ExpressionError) as caught:
        parse("s.x | stepps")
    assert caught.value.suggestion == "did you mean 'steps'?"


def test_a_row_that_cannot_be_imported_says_whose_it_is() -> None:
    with pytest.raises(ExpressionError, match="foreign_steps:Ghost") as caught:
        parse("s.x | ghost")
    assert caught.value.column == 6


def test_the_houses_own_name_wins(play: Play) -> None:
    assert play("s.x | smooth 0s", seconds=0, x=lambda t: 0.4) == [0.4]
