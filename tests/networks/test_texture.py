"""A cell of a texture: what it sees, what it does, and that nothing of it is lost on a backend."""

import numpy as np
import pytest
import torch

from installation.backends.choose import load
from installation.benchmark.samples import draw, pictures, write
from installation.checkpoints.found import Found
from installation.models import recipes
from installation.networks.texture import CHANNELS, Texture, wrapped

WIDTH, HEIGHT = 20, 16


@pytest.fixture(scope="module")
def tensors():
    shapes, _ = pictures.texture()
    return draw(shapes, 3)


@pytest.fixture(scope="module")
def net(tensors):
    return Texture.from_state(tensors)


def state(count: int = 1) -> torch.Tensor:
    return torch.randn(count, CHANNELS, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(2))


def turned(by: float = 0.0) -> torch.Tensor:
    angle = torch.full((1, 1, HEIGHT, WIDTH), by * 2 * torch.pi)
    return torch.cat([angle.cos(), angle.sin()], 1)


def test_it_has_as_many_parameters_as_in_the_paper(tensors):
    assert sum(tensor.numel() for tensor in tensors.values()) == 5868


def test_every_cell_does_what_the_formula_says(net, tensors):
    x = state()
    padded = wrapped(x)[0].numpy().astype(np.float64)
    made = net(x, turned())[0].numpy()
    near = {(i, j): padded[:, i : i + HEIGHT, j : j + WIDTH] for i in range(3) for j in range(3)}
    across = sum(w * (near[i, 2] - near[i, 0]) for i, w in enumerate((0.25, 0.5, 0.25)))
    down = sum(w * (near[2, j] - near[0, j]) for j, w in enumerate((0.25, 0.5, 0.25)))
    around = sum(near[at] * (0.25 if 1 in at else 0.125) for at in near if at != (1, 1))
    seen = np.stack([near[1, 1], across, down, around - 1.5 * near[1, 1]], 1).reshape(4 * CHANNELS, -1)
    weights = {name: tensor.numpy().astype(np.float64) for name, tensor in tensors.items()}
    hidden = np.maximum(weights["hidden.weight"] @ seen + weights["hidden.bias"][:, None], 0)
    wanted = (weights["out.weight"] @ hidden + weights["out.bias"][:, None]).reshape(made.shape)
    assert np.abs(made - wanted).max() < 1e-4


def test_the_canvas_has_no_borders(net):
    x = state()
    moved = net(x.roll((5, -3), (2, 3)), turned())
    assert torch.allclose(moved, net(x, turned()).roll((5, -3), (2, 3)), atol=1e-5)


def test_a_turned_canvas_is_a_turned_texture(net):
    x = state()
    quarter = torch.rot90(x, 1, (2, 3))  # anticlockwise
    turn = torch.rot90(turned(0.25), 1, (2, 3))
    assert torch.allclose(net(quarter, turn), torch.rot90(net(x, turned()), 1, (2, 3)), atol=1e-4)


def test_a_file_that_is_none(tensors):
    with pytest.raises(ValueError, match=r"hidden\.weight is \(96, 48\), wanted \(any, 64\)"):
        Texture.from_state(tensors, channels=16)
    with pytest.raises(ValueError, match="belong to no layer"):
        Texture.from_state({**tensors, "more": torch.zeros(1)})


@pytest.mark.parametrize(("backend", "precision", "most"), [("torch", "fp32", 1e-5), ("openvino", "fp32", 1e-4)])
def test_backends_agree(tmp_path, net, tensors, backend, precision, most):
    shapes, facts = pictures.texture()
    card = write("cells", Found("training", shapes, facts), tensors, tmp_path)
    assert (card.family, dict(card.network)) == ("texture", {"channels": 12})
    program = load(recipes.numeric(card, recipes.family_of(card).picture, (WIDTH, HEIGHT)), backend, precision)
    x, turn = state(), turned(0.1)
    made = program.run({"state": x.numpy(), "turn": turn.numpy()})["change"]
    wanted = net(x, turn).numpy()
    assert np.abs(made - wanted).max() / wanted.std() < most
    program.close()
