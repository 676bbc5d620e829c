"""A StyleGAN2 on a canvas wider and higher than its own."""

import pytest
import torch

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks import canvas
from installation.networks.stylegan2 import StyleGAN2
from tests.networks import plain_stylegan2 as plain
from tests.networks.test_stylegan2 import difference, network, styles

WIDE = (7, 5)  # of a picture of 32: 56 by 40


def test_the_constant_is_stretched_and_keeps_its_corners():
    const = torch.arange(16.0).reshape(1, 4, 4)
    made = canvas.stretched(const, (7, 4))
    assert made.shape == (1, 4, 7)
    assert torch.allclose(made[:, :, [0, 2, 4, 6]], const, atol=1e-5)
    assert canvas.stretched(const, canvas.OWN) is const


@pytest.mark.parametrize("size", [(3, 4), (4, 33)])
def test_a_canvas_may_not_be_smaller_than_its_own_or_without_end(size):
    with pytest.raises(ValueError, match=r"wanted 4\.\.32"):
        canvas.stretched(torch.zeros(1, 4, 4), size)


def test_noise_is_continued_by_its_mirror_image():
    noise = torch.rand(8, 8, generator=torch.Generator().manual_seed(1))
    made = canvas.continued(noise, (7, 8))
    assert made.shape == (16, 14)
    assert torch.equal(made[:8, :8], noise)
    assert torch.equal(made[:8, 8:], noise.flip(1)[:, :6])
    assert torch.equal(made[8:], made[:8].flip(0))
    assert torch.equal(canvas.continued(noise, canvas.OWN), noise)


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_a_picture_without_places_looks_the_same_on_a_wider_canvas(architecture):
    """Where nothing tells one place from another, the middle of a wide canvas is the middle of the model's own."""
    state = plain.random_state(architecture=architecture)
    state["synthesis.b4.const"] = state["synthesis.b4.const"].mean((1, 2), keepdim=True).expand(-1, 4, 4)
    ws, _ = styles(1)
    still = torch.zeros(7)
    pictures = [
        StyleGAN2.from_state(state, **network(architecture=architecture), canvas=size).synthesis(ws, still)
        for size in ((16, 16), (20, 17))
    ]
    assert [tuple(picture.shape[2:]) for picture in pictures] == [(128, 128), (136, 160)]
    own = pictures[0][:, :, 60:68, 60:68]
    wide = pictures[1][:, :, 64:72, 76:84]
    assert difference(wide, own) < 1e-3


def test_its_own_canvas_is_the_network_as_it_is():
    state = plain.random_state()
    ws, noise = styles()
    assert torch.equal(
        StyleGAN2.from_state(state, **network(), canvas=canvas.OWN).synthesis(ws, noise),
        StyleGAN2.from_state(state, **network()).synthesis(ws, noise),
    )


def test_openvino_paints_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    net = StyleGAN2.from_state(plain.random_state(), **network(), canvas=WIDE)
    ws, noise = styles(1)
    wanted = net.synthesis(ws, noise)
    assert wanted.shape == (1, 3, 40, 56)
    inputs = {"ws": Input((1, 8, 20), "float32"), "noise": Input((7,), "float32")}
    program = load(Recipe("wide", inputs, "made", ("wide", "test"), lambda: net.synthesis), "openvino", "fp32")
    made = torch.from_numpy(program.run({"ws": ws.numpy(), "noise": noise.numpy()})["made"].copy())
    assert difference(made, wanted) < 1e-4
    program.close()
