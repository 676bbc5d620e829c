"""A texture that is trained: it comes nearer to its picture, goes on as if nothing had been, heals, and is exported."""

import numpy as np
import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.checkpoints.card import read_card
from installation.models import recipes
from installation.networks.texture import Texture
from installation.training import checkpoint, device
from installation.training.export import Words
from installation.training.texture.automata import Automata, colours
from installation.training.texture.likeness import Likeness
from installation.training.texture.showing import wounded
from installation.training.texture.trainer import Recipe, TextureTrainer

SIDE = 16
CPU = device.find("cpu", half=False)


class Eye(nn.Module):
    """Four layers of a fixed, random network: what VGG would see costs a download."""

    def __init__(self) -> None:
        super().__init__()
        made = torch.Generator().manual_seed(1)
        self.names = ("conv1_1", "conv2_1", "conv3_1", "conv4_1")
        for name in self.names:
            weight = torch.randn(8, 3, 3, 3, generator=made) / 5
            self.register_buffer(name, weight)

    def forward(self, picture: torch.Tensor, last: str) -> dict[str, torch.Tensor]:
        features = {}
        for level, name in enumerate(self.names):
            seen = nn.functional.avg_pool2d(picture, 2**level) if level else picture
            features[name] = torch.relu(nn.functional.conv2d(seen, getattr(self, name), padding=1))
        return features


def pictures(count: int = 2) -> torch.Tensor:
    """Warm and cold stripes, uint8."""
    wave = torch.sin(torch.arange(SIDE) * (2 * torch.pi / 8))
    warm = torch.stack([0.6 + 0.3 * wave, 0.4 + 0.2 * wave, 0.2 + 0 * wave])
    both = torch.stack([warm, warm.flip(0)])[:count]
    return (both[:, :, None].expand(-1, -1, SIDE, -1) * 255).to(torch.uint8)


def words(count: int) -> list[Words]:
    return [Words(name, name.title(), "CC0-1.0", "nobody", "drawn by a test") for name in ("warm", "cold")[:count]]


def trainer(count: int = 2, **changes) -> TextureTrainer:
    recipe = Recipe(**{"batch": 2, "pool": 8, "life": (6, 12), "rate": 5e-3} | changes)
    return TextureTrainer(pictures(count), recipe, CPU, words(count), Eye())


@pytest.fixture(scope="module")
def trained():
    made = trainer(1, pool=16, life=(12, 20))
    history = [{name: float(value) for name, value in made.step(i / 200).items()} for i in range(200)]
    return made, history


def test_it_comes_near_to_its_picture(trained):
    made, history = trained
    first, last = (np.median([row["unlike"] for row in rows]) for rows in (history[:10], history[-20:]))
    assert last < 0.2 * first
    assert made.seen == 400


def test_a_wound_heals_and_age_does_not_change_it(trained):
    made, _ = trained
    likeness = Likeness(Eye(), made.targets, CPU.autocast)
    chance = torch.Generator().manual_seed(5)

    def unlike(state: torch.Tensor) -> float:
        torch.manual_seed(0)
        return float(likeness(colours(state)).mean())

    with torch.no_grad():
        grown = made.automata.grow(torch.zeros(1, 12, SIDE, SIDE), 40, chance)
        old = made.automata.grow(grown, 300, chance)
        hurt = wounded(old, 0.35)
        healed = made.automata.grow(hurt, 60, chance)
    assert unlike(hurt) > 1.5 * unlike(old)
    assert unlike(healed) < 1.5 * unlike(old) + 0.05
    assert unlike(healed) < unlike(hurt)
    assert unlike(old) < 2 * unlike(grown) + 0.1


def test_several_are_trained_as_each_alone_would_be():
    """What one automaton does has no part in another's step."""
    automata = Automata(2)
    nn.init.normal_(automata.out_weight, std=0.1)
    state, fire = torch.randn(4, 12, SIDE, SIDE), torch.randint(2, (4, 1, SIDE, SIDE)).float()
    turn = torch.cat([torch.ones(2, 1, SIDE, SIDE), torch.zeros(2, 1, SIDE, SIDE)], 1)
    both = automata(state, fire)
    for k in (0, 1):
        alone = Texture.from_state(automata.one(k))
        part = slice(2 * k, 2 * k + 2)
        assert torch.allclose(both[part], state[part] + alone(state[part], turn) * fire[part], atol=1e-5)


def test_stopped_and_resumed_is_not_stopped_at_all(tmp_path):
    whole = trainer()
    for i in range(6):
        expected = whole.step(i / 6)
    part = trainer()
    for i in range(3):
        part.step(i / 6)
    checkpoint.save(tmp_path / "c", {"trainer": part.state(), "random": checkpoint.random_state(torch.device("cpu"))})
    again, kept = trainer(seed=9), checkpoint.load(tmp_path / "c")
    again.restore(kept["trainer"])
    checkpoint.restore_random(kept["random"])
    for i in range(3, 6):
        made = again.step(i / 6)
    assert {name: float(v) for name, v in made.items()} == {name: float(v) for name, v in expected.items()}
    for name, tensor in whole.automata.state_dict().items():
        assert torch.equal(tensor, again.automata.state_dict()[name]), name


def test_a_state_that_went_astray_does_not_come_back():
    made = trainer(1)
    made._pool[:] = 60.0
    made.step(0.0)
    assert int((made._pool.abs().amax((0, 2, 3, 4)) < 60).sum()) == 2  # the two that were chosen
    assert all(bool(p.isfinite().all()) for p in made.automata.parameters())


def test_what_is_exported_is_what_was_trained(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    made, _ = trained
    made.export(tmp_path, "")
    card = read_card(tmp_path / "warm" / "model.yaml", "warm")
    assert (card.family, card.title, card.licence) == ("texture", "Warm", "CC0-1.0")
    with torch.no_grad():
        state = made.automata.grow(torch.zeros(1, 12, SIDE, SIDE), 30)
        wanted = (made.automata(state, torch.ones(1, 1, SIDE, SIDE)) - state).numpy()
    turn = np.stack([np.ones((SIDE, SIDE)), np.zeros((SIDE, SIDE))])[None].astype(np.float32)
    recipe = recipes.numeric(card, recipes.family_of(card).picture, (SIDE, SIDE))
    for backend in ("torch", "openvino"):
        program = load(recipe, backend, "fp32")
        change = program.run({"state": state.numpy(), "turn": turn})["change"]
        assert np.abs(change - wanted).max() / wanted.std() < 0.02, backend  # its weights are kept in half precision
        program.close()


def test_several_models_lie_beside_each_other(tmp_path):
    made = trainer()
    made.step(0.0)
    made.export(tmp_path, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cold", "warm"]
    assert read_card(tmp_path / "cold" / "model.yaml", "cold").title == "Cold"
    assert all((tmp_path / name / "sheet.jpg").is_file() for name in ("cold", "warm"))


def test_the_sheet_and_the_film():
    made = trainer()
    made.step(0.0)
    before = torch.get_rng_state()
    with torch.no_grad():
        sheet = made.sheet()
        assert sheet.shape == (2 * SIDE, 7 * SIDE, 3)
        assert np.array_equal(sheet, made.sheet())
        assert np.array_equal(sheet[:SIDE, :SIDE], pictures()[0].permute(1, 2, 0).numpy())
        first = next(made.frames())
    assert first.shape == (SIDE, 2 * SIDE, 3)
    assert torch.equal(before, torch.get_rng_state())
