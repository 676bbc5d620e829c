from __future__ import annotations

import pytest

from installation.latent import STEPS
from installation.latent.step import LONGEST, Elapsed, Step


def test_elapsed_follows_no_leaps() -> None:
    elapsed = Elapsed()
    assert [elapsed(now) for now in (5.0, 5.5, 5.5, 4.0, 4.25, 1000.0)] == [0.0, 0.5, 0.0, 0.0, 0.25, LONGEST]


@pytest.mark.parametrize("kind", STEPS.kinds())
def test_every_step_is_declared_in_full(kind: str) -> None:
    step = STEPS.load(kind)
    assert issubclass(step, Step)
    assert step.params
    for param in step.params:
        assert param.help, param.name
        if param.live:
            assert param.low <= param.default <= param.high
