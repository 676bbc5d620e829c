"""A painter that is trained: it learns, goes on as if nothing had been, and what is exported is what was trained."""

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from installation.checkpoints.card import read_card
from installation.models import recipes
from installation.models.families import FAMILIES
from installation.training import checkpoint, device
from installation.training.export import Words
from installation.training.image import losses
from installation.training.image.chain import QUANTILES, Chain, bars
from installation.training.image.trainer import ImageTrainer, Recipe

SIDE = 64
WORDS = Words("bands", "Bands", "CC0-1.0", "nobody", "drawn by a test")


def draw(count: int) -> torch.Tensor:
    """Land that is light and brown, sea that is dark and blue, by a wave that lies anywhere."""
    at = torch.arange(SIDE) / SIDE
    phase, turn = torch.rand(2, count, 1, 1) * 6.3
    height = torch.sin(6 * (at * turn.cos() + at[:, None] * turn.sin()) + phase)
    land = torch.sigmoid(8 * height)[:, None]
    brown, blue = (torch.tensor(c).reshape(1, 3, 1, 1) for c in ((0.6, 0.2, -0.2), (-0.9, -0.8, -0.3)))
    return torch.lerp(blue, brown, land)


def trainer(**changes) -> ImageTrainer:
    return ImageTrainer(draw, Recipe(batch=1, rate=1e-3, **changes), device.find("cpu", half=False), WORDS)


@pytest.fixture(scope="module")
def trained():
    made = trainer()
    history = [{name: float(value) for name, value in made.step(0.6).items()} for _ in range(30)]
    return made, history


def test_it_learns_which_colour_is_where(trained):
    made, history = trained
    first, last = (np.mean([row["coarse"] for row in rows]) for rows in (history[:3], history[-5:]))
    assert last < 0.5 * first
    assert made.seen == 30
    assert all(np.isfinite(list(row.values())).all() for row in history)


def test_the_average_follows(trained):
    made, _ = trained
    real = draw(4)
    grey = made.chain.grey(real)
    assert float((made.render(grey) - real).abs().mean()) < 0.35


def test_stopped_and_resumed_is_not_stopped_at_all(tmp_path):
    whole, part = trainer(), trainer()
    for _ in range(4):
        expected = whole.step(0.5)
    torch.manual_seed(0)
    part = trainer()
    for _ in range(2):
        part.step(0.5)
    checkpoint.save(tmp_path / "c", {"trainer": part.state(), "random": checkpoint.random_state(torch.device("cpu"))})
    again = trainer(seed=9)
    kept = checkpoint.load(tmp_path / "c")
    again.restore(kept["trainer"])
    checkpoint.restore_random(kept["random"])
    for _ in range(2):
        made = again.step(0.5)
    assert {name: float(value) for name, value in made.items()} == {name: float(v) for name, v in expected.items()}
    for name, tensor in whole.painter.state_dict().items():
        assert torch.equal(tensor, again.painter.state_dict()[name]), name


def test_what_is_exported_is_what_was_trained(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    made, _ = trained
    made.export(tmp_path / "model", "")
    card = read_card(tmp_path / "model" / "model.yaml", "bands")
    assert (card.family, card.title, card.licence) == ("resight", "Bands", "CC0-1.0")
    greys = [int(word) for word in str(card.preprocessing["greys"]).split()]
    assert len(greys) == QUANTILES
    assert greys == sorted(greys)
    assert greys == [round(float(grey) * 255) for grey in made.chain.greys]
    net = made.painter
    torch.manual_seed(2)
    grey = made.chain.grey(draw(1))
    with torch.no_grad():
        wanted = net.paint(net.soften(grey)).numpy()
    recipe = recipes.numeric(card, FAMILIES["resight"].picture, (SIDE, SIDE), margin=0)
    for backend, precision, most in (("torch", "fp32", 0.01), ("openvino", "fp32", 0.01), ("openvino", "bf16", 0.1)):
        program = load(recipe, backend, precision)
        painted = program.run({"image": (grey * 2 - 1).numpy()})["made"]
        assert np.abs(painted - wanted).max() < most, (backend, precision)  # its weights are kept in half precision
        program.close()


def test_the_sheet_and_the_film(trained):
    made, _ = trained
    sheet = made.sheet()
    assert sheet.shape == (5 * SIDE, 8 * SIDE, 3)
    assert np.array_equal(sheet, made.sheet())
    frames = made.frames()
    first, second = next(frames), next(frames)
    assert first.shape == (2 * SIDE, 2 * SIDE, 3)
    assert 0 < np.abs(first.astype(int) - second).mean() < 30


def test_a_judge_that_knows_all_is_held_back_and_one_that_knows_nothing_is_let_go():
    made = trainer()
    before = made.judging.leash.clone()
    far = torch.ones(1, 1, 8, 8) * 5
    assert float(losses.told_apart(far, -far)) == 0
    assert float(losses.told_apart(0 * far, 0 * far)) == 2
    made.step(0.5)
    assert (made.judging.leash < before).all()  # a fresh one knows nothing


def test_the_chain_makes_poor_of_rich():
    torch.manual_seed(0)
    pictures = draw(16)
    chain = Chain(pictures, trainer().network.soften, 6.0)
    assert chain.palest.mean() > pictures.amax((0, 2, 3)).mean()
    assert torch.allclose(chain.darkest, torch.tensor([-0.9, -0.8, -0.3]), atol=0.02)
    grey = chain.grey(pictures)
    lit = chain.lit(grey)
    assert lit.min() >= 0
    assert lit.max() <= 1
    assert (lit.mean((1, 2, 3)) - grey.mean((1, 2, 3))).abs().max() > 0.03
    sharp = chain.soft(lit)
    soft = chain.soft(lit, chain.softness(16, torch.device("cpu")))
    assert soft.shape == (16, 1, SIDE // 4, SIDE // 4)
    assert (soft.std((1, 2, 3)) <= sharp.std((1, 2, 3)) + 1e-4).all()
    laid = chain.laid(pictures)
    assert not torch.equal(laid[:2], pictures[:2])
    assert torch.equal(laid[2:], pictures[2:])
    cover = bars(8, SIDE, torch.device("cpu"))
    assert 0.02 < float(cover.mean()) < 0.9


def test_a_pan_and_back_is_steady():
    torch.manual_seed(0)
    picture = torch.rand(1, 3, 64, 64)
    for right, down in ((3, -5), (-7, 2), (0, 0)):
        moved = losses.panned(picture, right, down)
        assert float(losses.unsteady(picture, moved, right, down, 8)) == 0
    assert float(losses.unsteady(picture, losses.panned(picture, 3, 0), 2, 0, 8)) > 0.1


def test_without_an_eye_a_step_has_no_such_loss():
    assert "unlike" not in trainer().step(0.5)


def test_how_much_crawls_is_told_in_the_card(tmp_path):
    def larger(count: int) -> torch.Tensor:
        return torch.nn.functional.interpolate(draw(count), scale_factor=2.0, mode="bilinear")

    made = ImageTrainer(larger, Recipe(batch=1), device.find("cpu", half=False), WORDS)
    assert 0 <= made.crawling() < 0.05
    made.export(tmp_path, "")
    assert "pan of 4 pixels changes" in read_card(tmp_path / "model.yaml", "bands").notes
    assert trainer().crawling() is None  # 64 pixels are all border
