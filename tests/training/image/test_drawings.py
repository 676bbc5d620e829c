"""Pictures alone become a network of drawings, and a show draws the camera's picture for it."""

import cv2
import numpy as np
import pytest
import torch

from installation.checkpoints.card import read_card
from installation.generators.base import Place
from installation.generators.image import ImageToImage
from installation.library import Library
from installation.models.lines import drawing, lines
from installation.training import device
from installation.training.data.about import About
from installation.training.data.lined import Lined
from installation.training.export import Words
from installation.training.image.pairs import PairsTrainer, Recipe
from tests.fakes import FakeSignals

SIDE = 64


def discs(count: int = 6) -> torch.Tensor:
    rng = np.random.default_rng(3)
    held = Lined.held(SIDE)
    made = np.full((count, held, held, 3), 40, np.uint8)
    for picture in made:
        cv2.circle(picture, tuple(map(int, rng.integers(20, 50, 2))), int(rng.integers(10, 18)), (230, 150, 40), -1)
    return torch.from_numpy(made.transpose(0, 3, 1, 2).copy())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    torch.manual_seed(0)
    lined = Lined(discs(), About(), SIDE, "cpu", lambda done, total: None)
    words = Words("discs", "Discs", "CC0-1.0", "nobody", "drawn by a test")
    recipe = Recipe(batch=4, rate=2e-3, width=8)
    trainer = PairsTrainer(lined.draw, recipe, device.find("cpu", half=False), words, {"colour": "lines"})
    exact = [float(trainer.step(0.0)["exact"]) for _ in range(60)]
    assert np.mean(exact[-5:]) < 0.5 * np.mean(exact[:3])  # it learns to fill the discs in
    folder = tmp_path_factory.mktemp("home")
    with torch.no_grad():
        trainer.export(folder / "models" / "discs", "a few")
    return folder


def test_the_card_asks_for_lines(home):
    card = read_card(home / "models" / "discs" / "model.yaml", "discs")
    assert (card.family, card.network["in_channels"]) == ("pix2pix", 1)
    assert card.preprocessing["colour"] == "lines"
    assert card.notes.startswith("a few")


@pytest.mark.parametrize(("drawn", "made"), [(False, lines), (True, drawing)])
def test_a_show_gives_it_the_cameras_picture_drawn_or_a_drawing_as_it_is(home, drawn, made):
    options = {"model": "discs", "image": "webcam.frame", "size": (SIDE, SIDE), "look": "card", "drawn": drawn}
    place = Place(Library(home), ("webcam.frame",))
    generator = ImageToImage({**options, "backend": "torch", "precision": "fp32"}, {}, place)
    generator.prepare()
    frame = np.ascontiguousarray(discs()[0, :, :SIDE, :SIDE].permute(1, 2, 0).numpy())
    signals = FakeSignals(1.0, webcam__frame=frame)
    shown, painted = (
        generator.render({"generator.strength": strength, "generator.settle": 0.0}, signals).pixels
        for strength in (0.0, 1.0)
    )
    generator.close()
    wanted = made(frame)[..., 0].astype(int)
    assert wanted.std() > 20
    assert np.abs(shown[..., 0].astype(int) - wanted).max() <= 1
    assert np.abs(painted.astype(int) - shown).mean() > 10
