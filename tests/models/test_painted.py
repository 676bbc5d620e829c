"""What a show paints is what the parity door gives, in bytes: every official fixture through both doors."""

import numpy as np
import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.benchmark import samples
from installation.benchmark.samples import pictures
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.generators.base import Place
from installation.generators.image import ImageToImage
from installation.library import Library
from installation.models import recipes
from installation.models.families import value_range
from installation.networks.rgba import RepaintsLabels
from tests.fakes import FakeSignals
from tests.models.official import CASES

SIZE = (128, 128)


def given(recipe, seed: int = 3) -> dict[str, np.ndarray]:
    drawn = np.random.RandomState(seed)
    made = {}
    for name, wanted in recipe.inputs.items():
        if name in ("noise", "stats"):
            made[name] = np.eye(1, wanted.shape[0], dtype=np.float32)[0] if name == "stats" else np.ones(wanted.shape)
        elif name == "transform":
            made[name] = np.eye(3)
        elif name == "classes":
            made[name] = np.eye(1, wanted.shape[1])
        else:
            made[name] = drawn.randn(*wanted.shape)
    return {name: np.ascontiguousarray(array, np.float32) for name, array in made.items()}


@pytest.mark.parametrize("name", CASES)
def test_bytes_are_the_networks_numbers_rounded(converted, name):
    card = converted(name)
    part, (low, high) = recipes.family_of(card).picture, value_range(card)
    numeric, painted = recipes.numeric(card, part, SIZE), recipes.painted(card, SIZE)
    inputs = given(numeric)
    shown = dict(inputs)
    if "image" in inputs:
        pixels = np.random.RandomState(4).randint(0, 256, (1, *SIZE, 3), dtype=np.uint8)
        inputs["image"] = np.ascontiguousarray(
            pixels.transpose(0, 3, 1, 2).astype(np.float32) / 255 * (high - low) + low
        )
        shown |= {"image": pixels, "strength": np.ones(1, np.float32)}
    numbers = np.array(load(numeric, "torch", "fp32").run(inputs)[part.output])
    levels = np.clip((numbers - low) / (high - low), 0, 1) * 255
    made = np.array(load(painted, "torch", "fp32").run(shown)[recipes.OUTPUT])
    assert made.dtype == np.uint8
    assert made.shape == (1, *numbers.shape[2:], 4)
    assert np.abs(made[0, :, :, :3] - levels[0].transpose(1, 2, 0)).max() < 0.51
    assert (made[..., 3] == 255).all()
    assert made[..., :3].std() > 5


def standing(tmp_path, name: str, layout, **options) -> ImageToImage:
    shapes, facts = layout
    folder = tmp_path / "models" / name
    folder.mkdir(parents=True, exist_ok=True)
    samples.write(name, Found("sample", shapes, facts), samples.draw(shapes, 2), folder)
    asked = {"model": name, "image": "webcam.frame", "look": "card", "drawn": False, "backend": "torch"}
    asked |= {"precision": "fp32", **options}
    generator = ImageToImage(asked, {}, Place(Library(tmp_path), ("webcam.frame",)))
    generator.prepare()
    return generator


def frame() -> np.ndarray:
    y, x = np.mgrid[0:64, 0:64]
    return np.stack([3 * x, 3 * y, 90 + 0 * x], 2).astype(np.uint8)


def test_the_look_of_a_show_is_the_cards_unless_it_says_otherwise(tmp_path):
    looks = {}
    for look in ("card", "eval", "batch"):
        generator = standing(tmp_path, "net", pictures.unet(5, 8), size=(64, 64), look=look)
        looks[look] = generator.render({"generator.strength": 1.0}, FakeSignals(1.0, webcam__frame=frame())).pixels
        generator.close()
    np.testing.assert_array_equal(looks["card"], looks["eval"])
    assert np.abs(looks["batch"].astype(int) - looks["eval"]).mean() > 3


def test_adain_mixes_the_pictures_of_its_folder(tmp_path):
    import cv2

    with pytest.raises(ModelError, match="has no style pictures"):
        standing(tmp_path, "any", pictures.adain(), size=(64, 64))
    folder = tmp_path / "models" / "any" / "styles"
    folder.mkdir()
    cv2.imwrite(str(folder / "Red sand.png"), np.full((40, 60, 3), (20, 30, 200), np.uint8))
    cv2.imwrite(str(folder / "noise.png"), np.random.RandomState(1).randint(0, 255, (50, 50, 3), dtype=np.uint8))
    generator = standing(tmp_path, "any", pictures.adain(), size=(64, 64))
    names = [param.name for param in ImageToImage.declare(generator.options, Library(tmp_path))]
    assert names == ["style.Red_sand", "style.noise", "alpha"]

    def painted(sand: float, noise: float, alpha: float = 1.0) -> np.ndarray:
        params = {"generator.style.Red_sand": sand, "generator.style.noise": noise, "generator.alpha": alpha}
        signals = FakeSignals(1.0, webcam__frame=frame())
        return generator.render({**params, "generator.strength": 1.0}, signals).pixels[..., :3].astype(int)

    one, other, both = painted(1, 0), painted(0, 1), painted(0.5, 0.5)
    apart = np.abs(one - other).mean()
    assert apart > 3
    assert 0 < np.abs(both - one).mean() < apart
    assert np.abs(painted(1, 0, alpha=0.0) - painted(0, 1, alpha=0.0)).max() <= 1  # no style is left in it
    generator.close()


class Labels(nn.Module):
    """Paints label n at level n / 4."""

    def forward(self, image):
        levels = torch.arange(image.shape[1], dtype=torch.float32).reshape(1, -1, 1, 1) / 4
        return (image * levels).sum(1, keepdim=True) * 2 - 1


def test_a_map_of_labels_becomes_one_channel_a_label():
    paints = RepaintsLabels(Labels(), channels=4, labels=3)
    numbers = torch.tensor([[0, 1], [2, 3]], dtype=torch.uint8).reshape(1, 2, 2, 1)
    made = paints(numbers, torch.ones(1))[0, :, :, 0].tolist()
    assert made == [[0, 64], [128, 0]]  # 3 is no label of this network: it is the channel of edges
    shown = paints(numbers, torch.zeros(1))[0, :, :, 0].tolist()
    assert shown == [[0, 128], [255, 255]]
