"""Files that bring their own graph: ONNX on the graph backends, TorchScript on torch, both with our ends on them."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from installation.errors import InstallationError, ModelError
from installation.generators.base import Place
from installation.generators.gan import Gan
from installation.generators.image import ImageToImage
from installation.library import Library
from installation.models import recipes
from installation.models.convert import Asked, convert
from installation.models.render import render
from tests.fakes import FakeSignals


class Negative(nn.Module):
    """A picture in 0..1 to its negative, a little smoothed, so that a wrong layout would show."""

    def __init__(self) -> None:
        super().__init__()
        self.smooth = nn.AvgPool2d(3, 1, 1, count_include_pad=False)

    def forward(self, image):
        return torch.sigmoid(4 * (0.5 - self.smooth(image)))


class Painter(nn.Module):
    """Eight numbers to 16 x 16."""

    def __init__(self) -> None:
        super().__init__()
        self.spread = nn.Linear(8, 3 * 16 * 16)
        made = torch.Generator().manual_seed(5)
        self.spread.weight.data = torch.randn(self.spread.weight.shape, generator=made) * 0.3
        self.spread.bias.data.zero_()

    def forward(self, z):
        return torch.tanh(self.spread(z)).reshape(-1, 3, 16, 16)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))


def as_onnx(net: nn.Module, example: torch.Tensor, path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's, about its own future
        torch.onnx.export(
            net.eval(), (example,), str(path), dynamo=True, opset_version=18, external_data=False, verbose=False,
            input_names=["x"], output_names=["y"],
        )  # fmt: skip


@pytest.fixture
def negative(tmp_path, cache):
    as_onnx(Negative(), torch.zeros(1, 3, 32, 48), tmp_path / "neg.onnx")
    return convert(Asked([tmp_path / "neg.onnx"], tmp_path, "negative"))


@pytest.fixture
def painter(tmp_path, cache):
    as_onnx(Painter(), torch.zeros(1, 8), tmp_path / "paint.onnx")
    return convert(Asked([tmp_path / "paint.onnx"], tmp_path, "painter"))


def test_an_onnx_picture_network_gives_its_own_numbers(negative):
    picture = np.random.RandomState(1).rand(1, 3, 32, 48).astype(np.float32)
    made = render(negative, {"image": picture}, "openvino", "fp32")["image"]
    with torch.no_grad():
        wanted = Negative()(torch.from_numpy(picture)).numpy()
    assert np.abs(made - wanted).max() < 1e-5


def test_an_onnx_latent_network_too(painter):
    assert (painter.latent, painter.resolution) == (8, (16, 16))
    z = np.random.RandomState(2).randn(3, 8).astype(np.float32)
    with torch.no_grad():
        wanted = Painter()(torch.from_numpy(z)).numpy()
    assert np.abs(render(painter, {"z": z[:1]}, "openvino", "fp32")["image"] - wanted[:1]).max() < 1e-5


def test_torch_says_that_it_runs_no_onnx(painter):
    with pytest.raises(ModelError, match="torch does not run this network"):
        render(painter, {"z": np.zeros((1, 8), np.float32)}, "torch", "fp32")


OPTIONS = {"backend": "auto", "precision": "fp32"}


def test_a_show_plays_an_onnx_picture_network(negative, tmp_path):
    place = Place(Library(tmp_path), ("webcam.frame",))
    options = {
        **OPTIONS,
        "model": "negative",
        "image": "webcam.frame",
        "size": (48, 32),
        "look": "card",
        "drawn": False,
    }
    generator = ImageToImage(options, {}, place)
    generator.prepare()
    generator.warm_up()
    frame = np.full((32, 48, 3), 255, np.uint8)
    image = generator.render({"generator.strength": 1.0}, FakeSignals(1.0, webcam__frame=frame))
    assert image.pixels.shape == (32, 48, 4)
    assert abs(int(image.pixels[5, 5, 0]) - round(255 / (1 + np.e**2))) <= 1
    half = generator.render({"generator.strength": 0.0}, FakeSignals(2.0, webcam__frame=frame))
    assert (half.pixels[..., :3] == 255).all()
    generator.close()


def test_a_show_plays_an_onnx_latent_network(painter, tmp_path):
    options = {**OPTIONS, "model": "painter", "size": (0, 0), "statistics": "compat", "blend": ""}
    generator = Gan(options, {}, Place(Library(tmp_path)))
    generator.prepare()
    generator.warm_up()
    image = generator.render({}, FakeSignals(1.0))
    assert image.pixels.shape == (16, 16, 4)
    assert (image.pixels[..., :3] == 128).all()  # z = 0 is tanh(0)
    generator.close()


def test_the_wrong_generator_names_the_right_one(painter, negative, tmp_path):
    library = Library(tmp_path)
    with pytest.raises(InstallationError, match="paints from a latent") as caught:
        ImageToImage.declare({**OPTIONS, "model": "painter", "size": (16, 16)}, library)
    assert caught.value.hint == "write kind: gan"
    with pytest.raises(InstallationError, match="paints from a picture") as caught:
        Gan.declare({**OPTIONS, "model": "negative"}, library)
    assert caught.value.hint == "write kind: image"


@pytest.fixture
def script(tmp_path, cache):
    path = tmp_path / "net.pt"
    torch.jit.save(torch.jit.trace(Negative().eval(), torch.zeros(1, 3, 32, 48)), str(path))
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_only_by_explicit_trust(script, tmp_path):
    with pytest.raises(ModelError, match="it is TorchScript: a program") as caught:
        convert(Asked([script], tmp_path, "net"))
    assert "--trust" in caught.value.hint
    card = convert(Asked([script], tmp_path, "net", trust=True))
    picture = np.random.RandomState(1).rand(1, 3, 32, 48).astype(np.float32)
    made = render(card, {"image": picture}, "torch", "fp32")["image"]
    with torch.no_grad():
        wanted = Negative()(torch.from_numpy(picture)).numpy()
    assert np.abs(made - wanted).max() < 1e-5


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_on_a_graph_backend_says_where_it_runs(script, tmp_path):
    card = convert(Asked([script], tmp_path, "net", trust=True))
    with pytest.raises(ModelError, match="openvino does not run this network") as caught:
        render(card, {"image": np.zeros((1, 3, 32, 48), np.float32)}, "openvino", "fp32")
    assert caught.value.hint == "write backend: torch"


def test_a_files_program_is_pinned_by_its_hash(painter):
    file = painter.weights[0].path()
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=r"lacks model\.onnx"):
        recipes.painted(painter)
