"""A texture in a show: it grows, is wounded where a hand is, heals, and lives by the clock, not by the frame rate."""

import numpy as np
import pytest
import torch

from installation.errors import InstallationError, ModelError
from installation.generators.base import Place
from installation.generators.texture import LivingTexture
from installation.library import Library
from installation.models import recipes
from installation.training.export import Words, export
from tests.fakes import FakeSignals

SIZE = (48, 32)
COLOUR = (0.4, -0.1, -0.3)  # that every cell of this texture comes to, as numbers of a state
WORDS = Words("calm", "Calm", "CC0-1.0", "nobody", "drawn by a test")


def calm() -> dict[str, torch.Tensor]:
    """Every step a fifth of the way to COLOUR; blue also flows along what red's gradient across is."""
    hidden, out = torch.zeros(26, 48), torch.zeros(12, 26)
    for channel in range(12):
        for sign, row in ((1, channel), (-1, channel + 12)):
            hidden[row, 4 * channel] = sign
            out[channel, row] = -0.2 * sign
    for sign, row in ((1, 24), (-1, 25)):
        hidden[row, 1] = sign  # across, of the first channel
        out[2, row] = 0.2 * sign
    bias = torch.zeros(12)
    bias[:3] = torch.tensor(COLOUR) * 0.2
    return {"hidden.weight": hidden, "hidden.bias": torch.zeros(26), "out.weight": out, "out.bias": bias}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    export(home / "models" / "calm", calm(), {}, WORDS, np.zeros((8, 8, 3), np.uint8))
    return Library(home)


def texture(library, **options) -> LivingTexture:
    usual = {param.name: param.default for param in LivingTexture.params if not param.live}
    asked = usual | {"model": "calm", "size": SIZE, "backend": "torch", "precision": "fp32", "age": 120} | options
    made = LivingTexture(asked, {}, Place(library, ("hands.left.palm.x",)))
    made.prepare()
    made.warm_up()
    return made


def params(**given: float) -> dict[str, float]:
    usual = {f"generator.{param.name}": param.default for param in LivingTexture.params if param.live}
    return usual | {f"generator.{name.replace('__', '.')}": value for name, value in given.items()}


def shown(made: LivingTexture, now: float, **given: float) -> np.ndarray:
    signals = FakeSignals(now)
    signals.now = now
    return made.render(params(**given), signals).pixels


def lived(made: LivingTexture, since: float, seconds: float, fps: int = 30, **given: float) -> np.ndarray:
    for frame in range(round(seconds * fps)):
        pixels = shown(made, since + (frame + 1) / fps, **given)
    return pixels


def test_it_has_grown_before_the_first_picture(library):
    pixels = shown(texture(library), 1.0)
    assert pixels.shape == (32, 48, 4)
    assert pixels.flags.c_contiguous
    wanted = np.array(COLOUR) * 255 + 127.5
    assert np.abs(pixels[..., :3] - wanted).max() < 3
    assert (pixels[..., 3] == 255).all()
    seed = shown(texture(library, age=0), 1.0)
    assert np.abs(seed[..., :3].astype(int) - 128).max() <= 1


def test_a_hand_wounds_it_where_it_is_and_it_heals(library):
    made = texture(library)
    before = shown(made, 1.0, speed=0)
    hurt = shown(made, 1.1, speed=0, left__x=0.25, left__y=0.625, left__radius=0.25)
    away = np.abs(hurt[..., 0].astype(int) - before[..., 0]) > 30
    down, across = np.nonzero(away)
    assert (across.mean(), down.mean()) == pytest.approx((11.5, 11.5), abs=0.6)  # of 48 and 32, y from below
    assert away.sum() == pytest.approx(np.pi * 8**2, rel=0.05)  # a quarter of the height, round
    soon, late = lived(made, 1.1, 0.2), lived(made, 1.3, 1.5)
    apart = [np.abs(p[..., 0].astype(int) - before[..., 0]).max() for p in (hurt, soon, late)]
    assert apart[0] > apart[1] > apart[2]
    assert apart[2] <= 2


def test_two_hands_make_two_wounds(library):
    made = texture(library)
    before = shown(made, 1.0, speed=0)
    where = {"left__x": 0.2, "left__radius": 0.1, "right__x": 0.8, "right__radius": 0.1}
    away = shown(made, 1.1, speed=0, **where)[16, :, 0].astype(int) - before[16, :, 0]
    assert np.abs(away[[9, 38]]).min() > 30
    assert np.abs(away[24]) <= 1


def test_a_weak_wound_withers_at_any_frame_rate(library):
    left = []
    for fps in (30, 120):
        made = texture(library)
        shown(made, 1.0, speed=0)
        lived(made, 1.0, 0.5, fps, speed=0, left__radius=0.2, strength=0.02)
        left.append(float(made._state[0, 0, 16, 24]))
    assert left[0] == pytest.approx(0.4 * 0.98**30, rel=0.03)
    assert left[1] == pytest.approx(left[0], rel=0.01)


def test_it_lives_by_the_clock(library):
    for fps in (30, 120):
        made = texture(library, age=0)
        steps = []
        made._step = lambda steps=steps: steps.append(1)
        shown(made, 1.0)
        lived(made, 1.0, 2.0, fps, speed=45)
        assert len(steps) in (89, 90), fps


def test_where_the_machine_is_too_slow_it_lives_slower(library):
    made = texture(library, age=0, most=3)
    steps = []
    made._step = lambda: steps.append(1)
    shown(made, 1.0)
    shown(made, 9.0, speed=240)
    assert len(steps) == 3
    shown(made, 9.0, speed=240)  # what was left behind is not made up for
    assert len(steps) == 3


def test_the_same_seed_lives_the_same_life(library):
    once, again, other = (lived(texture(library, seed=seed, age=3), 1.0, 0.3, left__radius=0.3) for seed in (5, 5, 6))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_its_direction_turns_and_whirls(library):
    made = texture(library)
    made._state[0, 0, :, :24] = 0
    changes = {}
    for name, given in {"plain": (0.0, 0.0), "turned": (0.25, 0.0), "whirled": (0.0, 1.0)}.items():
        made._direct(*given)
        changes[name] = made._program.run({"state": made._state, "turn": made._turn})["change"][0, 2].copy()
    edge = changes["plain"][:, 23:25]
    assert np.abs(edge).min() > 0.04  # blue is made where red changes from left to right
    assert np.abs(changes["turned"][:, 23:25]).max() < 0.01  # nothing changes from top to bottom
    middle, border = changes["whirled"][15, 23], changes["whirled"][0, 23]
    assert middle == pytest.approx(edge[15, 0], rel=0.02)
    assert border == pytest.approx(-edge[0, 0], rel=0.05)  # half a turn at half a height from the middle


def test_one_that_went_astray_says_so(library):
    made = texture(library)
    made._state[0, 0, 3, 3] = np.nan
    with pytest.raises(ModelError, match="'calm' has gone astray"):
        lived(made, 1.0, 0.2)


def test_what_is_no_texture_is_refused(library):
    with pytest.raises(InstallationError, match="which 'texture' cannot play"):
        texture(library, model="multistyle")


def test_other_doors_say_where_it_plays(library):
    from installation.checkpoints import card as cards
    from installation.models.render import render

    card = cards.load("calm", library)
    with pytest.raises(ModelError, match="'calm' is a texture") as caught:
        recipes.painted(card, SIZE)
    assert caught.value.hint == "in a show: kind: texture"
    state = np.zeros((1, 12, 8, 8), np.float32)
    turn = np.stack([np.ones((8, 8)), np.zeros((8, 8))])[None]
    made = render(card, {"state": state, "turn": turn}, "torch", "fp32")["change"]
    assert np.allclose(made[0, :3, 0, 0], np.array(COLOUR) * 0.2, atol=1e-3)
