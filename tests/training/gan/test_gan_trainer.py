"""Learns a handful of pictures, goes on as if nothing had happened, and exports what it has learnt."""

import numpy as np
import pytest
import torch

from installation.checkpoints.card import read_card
from installation.models.render import render
from installation.training.gan import losses
from installation.training.gan.augment import augmented
from installation.training.gan.discriminator import Discriminator
from installation.training.gan.generator import Generator, doubled, widths
from installation.training.gan.growth import FADE, GROWTH, size
from tests.training.small import pictures, trainer


def away(gan) -> float:
    """Root mean square difference of the mean painted picture to the mean real one."""
    torch.manual_seed(9)
    with torch.no_grad():
        painted, _ = gan._painted(32, 32, 1.0)
    return float((painted.mean(0) - pictures().mean(0)).square().mean().sqrt())


def test_it_learns_a_handful_of_pictures():
    gan = trainer(batch=8)
    before = away(gan)
    for number in range(60):
        told = gan.step(number / 60)
    assert away(gan) < before / 2.5
    assert gan.seen == 480
    assert {"discriminator", "generator", "apart"} <= set(told)
    assert all(torch.isfinite(value) for value in told.values())


def test_the_penalty_of_every_eighth_step_and_path_length_are_told():
    gan = trainer(path=2.0)
    told = [set(gan.step(0.5)) for _ in range(9)]
    assert ["steepness" in each for each in told] == [number % 8 == 0 for number in range(9)]
    assert ["path" in each for each in told] == [number % 4 == 0 for number in range(9)]


def test_it_grows_by_fours_each_side_faded_in():
    assert size(0.0, 256) == (32, 32, 1.0)
    assert size(GROWTH[32], 256) == (128, 32, 0.0)
    assert size(GROWTH[32] + FADE / 2, 256) == (128, 32, pytest.approx(0.5))
    assert size(GROWTH[128] + FADE, 256) == (256, 128, 1.0)
    assert size(1.0, 256) == (256, 128, 1.0)
    assert size(0.5, 64) == (64, 32, 1.0)


def test_a_new_side_begins_as_the_one_before():
    """Faded in by nothing, the picture is that of the lesser side, doubled; and so is the verdict."""
    torch.manual_seed(1)
    net, judge = Generator(64, 256), Discriminator(64, 256)
    ws = torch.randn(2, net.num_ws, net.w_dim)
    with torch.no_grad():
        small, large = net.synthesis(ws, 32), net.synthesis(ws, 64, 0.0, 32)
        assert torch.allclose(large, doubled(small), atol=1e-5)
        even = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
        assert torch.allclose(judge(even, 0.0, 32), judge(small), atol=1e-5)
        assert not torch.allclose(judge(even, 1.0, 32), judge(small), atol=1e-3)


@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_the_exported_model_is_the_trained_network(backend, tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path / "cache"))
    gan = trainer(resolution=64)
    for number in range(3):
        gan.step(number / 3)
    gan.painter.load_state_dict({name: tensor.half().float() for name, tensor in gan.painter.state_dict().items()})
    gan.export(tmp_path / "tiny", "")
    card = read_card(tmp_path / "tiny" / "model.yaml", "tiny")
    assert (card.family, card.resolution, card.licence, card.author) == ("stylegan2", (64, 64), "CC0-1.0", "nobody")
    z = torch.randn(2, 128, generator=torch.Generator().manual_seed(2))
    made = render(card, {"z": z.numpy()}, backend, "fp32")["image"]
    with torch.no_grad():
        ws = gan.painter.mapping(z)[:, None].expand(-1, gan.painter.num_ws, -1)
        wanted = gan.painter.synthesis(ws, 64).numpy()
    assert np.abs(made - wanted).max() < 1e-4 * wanted.std()


def test_the_sheet_and_the_film_are_pictures_of_the_right_size():
    gan = trainer()
    assert gan.sheet().shape == (4 * 32, 8 * 32, 3)
    first = next(gan.frames())
    assert (first.shape, first.dtype) == ((32, 32, 3), np.uint8)


def test_widths_are_what_processors_take_whole():
    assert widths(256, 6144, 192) == {4: 192, 8: 192, 16: 192, 32: 192, 64: 96, 128: 32, 256: 32}
    assert set(widths(1024, 2048, 192).values()) == {192, 128, 64, 32}


def test_what_is_augmented_keeps_its_gradient_and_is_never_twice_the_same():
    image = pictures(4).clone().requires_grad_()
    torch.manual_seed(3)
    seen = augmented(image)
    assert seen.shape == image.shape
    assert not torch.allclose(seen[0], seen[1], atol=0.05)
    empty = (seen == 0).all(1).float().mean((1, 2))
    assert ((empty > 0.05) & (empty < 0.6)).all()  # a square is cut out, the rest is there
    seen.square().sum().backward()
    assert (image.grad.abs().sum((1, 2, 3)) > 0).all()


def test_losses_by_hand():
    real, painted = torch.tensor([[2.0], [0.0]]), torch.tensor([[0.0], [0.0]])
    wanted = (np.log1p(np.exp(-2.0)) + np.log(2)) / 2
    assert losses.told_apart(real, painted) == pytest.approx(wanted, abs=1e-6)
    assert losses.believed(painted, real) == pytest.approx(wanted, abs=1e-6)
    image = torch.ones(3, 1, 2, 2, requires_grad=True)
    assert float(losses.steepness((image**2).sum((1, 2, 3)), image).detach()) == pytest.approx(
        16
    )  # four gradients of 2
