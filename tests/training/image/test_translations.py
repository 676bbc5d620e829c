"""pix2pix and CycleGAN, trained: what the papers' own programs would save, and the house plays it."""

import numpy as np
import pytest
import torch

from installation.benchmark.plain.unet import PlainUNet
from installation.checkpoints.card import read_card
from installation.models import recipes
from installation.training import checkpoint, device
from installation.training.export import Words
from installation.training.image import pairs, unpaired
from installation.training.image.unet import TrainedUNet, levels_for

SIDE = 64
WORDS = Words("made", "Made", "CC0-1.0", "nobody", "drawn by a test")
CPU = device.find("cpu", half=False)


def discs(count: int) -> torch.Tensor:
    """(count, 1, SIDE, SIDE) in 0..1."""
    at = torch.arange(SIDE)
    x, y, r = torch.rand(3, count, 1, 1) * torch.tensor([40, 40, 8]).reshape(3, 1, 1, 1) + 12
    return ((r - ((at - x) ** 2 + (at[:, None] - y) ** 2).sqrt()) / 2 + 0.5).clamp(0, 1)[:, None]


def red(cover: torch.Tensor) -> torch.Tensor:
    colours = torch.tensor([[0.9, -0.7, -0.7], [-0.8, -0.6, 0.1]]).reshape(2, 1, 3, 1, 1)
    return torch.lerp(colours[1], colours[0], cover)


def draw_pairs(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    cover = discs(count)
    return cover * 2 - 1, red(cover)


def pairs_trainer(seed: int = 0) -> pairs.PairsTrainer:
    return pairs.PairsTrainer(draw_pairs, pairs.Recipe(batch=2, width=8, rate=2e-3, seed=seed), CPU, WORDS)


def unpaired_trainer(seed: int = 0) -> unpaired.UnpairedTrainer:
    recipe = unpaired.Recipe(batch=1, width=4, blocks=6, rate=1e-3, seed=seed)
    return unpaired.UnpairedTrainer(lambda n: red(discs(n)), lambda n: -red(discs(n)), recipe, CPU, WORDS)


TRAINERS = {"pairs": pairs_trainer, "unpaired": unpaired_trainer}


def test_a_trained_u_net_is_the_papers():
    torch.manual_seed(0)
    mine = TrainedUNet(1, levels_for(SIDE), 8).eval()
    theirs = PlainUNet.from_state(mine.state_dict())
    picture = torch.rand(1, 1, SIDE, SIDE)
    with torch.no_grad():
        assert torch.allclose(mine(picture), theirs(picture.clone()), atol=1e-6)
    assert [levels_for(side) for side in (64, 96, 256, 1024)] == [6, 5, 8, 8]


def test_pairs_are_learnt():
    trainer = pairs_trainer()
    losses = [float(trainer.step(0.0)["exact"]) for _ in range(30)]
    assert np.mean(losses[-5:]) < 0.4 * np.mean(losses[:3])


def test_the_way_there_and_back_is_learnt():
    trainer = unpaired_trainer()
    losses = [float(trainer.step(0.0)["cycle"]) for _ in range(16)]
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:3])


@pytest.mark.parametrize("kind", TRAINERS)
def test_stopped_and_resumed_is_not_stopped_at_all(kind, tmp_path):
    make = TRAINERS[kind]
    whole = make()
    for _ in range(4):
        wanted = whole.step(0.6)
    part = make()
    for _ in range(2):
        part.step(0.6)
    checkpoint.save(tmp_path / "c", {"trainer": part.state(), "random": checkpoint.random_state(torch.device("cpu"))})
    again, kept = make(7), checkpoint.load(tmp_path / "c")
    again.restore(kept["trainer"])
    checkpoint.restore_random(kept["random"])
    for _ in range(2):
        made = again.step(0.6)
    assert {name: float(loss) for name, loss in made.items()} == {name: float(loss) for name, loss in wanted.items()}


@pytest.mark.parametrize(("kind", "family"), [("pairs", "pix2pix"), ("unpaired", "cyclegan")])
def test_what_is_exported_plays(kind, family, tmp_path):
    trainer = TRAINERS[kind]()
    trainer.step(0.0)
    trainer.export(tmp_path, "")
    card = read_card(tmp_path / "model.yaml", "made")
    assert (card.family, card.author) == (family, "nobody")
    torch.manual_seed(1)
    given = draw_pairs(1)[0] if kind == "pairs" else red(discs(1))
    wanted = trainer.render(given)
    with torch.no_grad():
        painted = recipes.network(card)(given)
    assert wanted.std() > 1e-4
    assert (painted - wanted).abs().max() < 0.02 * float(wanted.abs().max())


@pytest.mark.parametrize(("kind", "rows"), [("pairs", 3), ("unpaired", 3)])
def test_sheets_and_films(kind, rows):
    trainer = TRAINERS[kind]()
    assert trainer.sheet().shape == (rows * SIDE, 8 * SIDE, 3)
    assert next(trainer.frames()).shape == (SIDE, 2 * SIDE, 3)


def test_judges_are_shown_old_pictures_too():
    trainer = unpaired_trainer()
    trainer._old[0] = 0.5
    new = torch.full((1, 3, SIDE, SIDE), -0.5)
    assert torch.equal(trainer._remembered(0, new), new)
    trainer.seen = unpaired.KEPT
    trainer._old[0] = 0.5
    shown = torch.cat([trainer._remembered(0, new) for _ in range(40)])[:, 0, 0, 0]
    assert 5 < int((shown > 0).sum()) < 40
