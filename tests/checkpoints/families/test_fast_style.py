"""A file as people have it, through the confined reader, into the network."""

import pytest
import torch
from safetensors.torch import load_file

from installation.checkpoints import foreign
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.fast_style import FastStyle


def state(widths=(8, 16, 32), blocks=2) -> dict[str, torch.Tensor]:
    a, b, c = widths
    made = torch.Generator().manual_seed(4)
    convs = {"conv1": (a, 3, 9), "conv2": (b, a, 3), "conv3": (c, b, 3)}
    norms = {"in1": a, "in2": b, "in3": c, "in4": b, "in5": a}
    for i in range(1, blocks + 1):
        convs |= {f"res{i}.conv{j}": (c, c, 3) for j in (1, 2)}
        norms |= {f"res{i}.in{j}": c for j in (1, 2)}
    convs |= {"deconv1": (b, c, 3), "deconv2": (a, b, 3), "deconv3": (3, a, 9)}
    shapes = {f"{n}.conv2d.weight": (out, wide, k, k) for n, (out, wide, k) in convs.items()}
    shapes |= {f"{n}.conv2d.bias": (out,) for n, (out, _, _) in convs.items()}
    shapes |= {f"{n}.{part}": (wide,) for n, wide in norms.items() for part in ("weight", "bias")}
    return {name: torch.randn(shape, generator=made) * 0.1 for name, shape in shapes.items()}


def with_statistics(tensors):
    """As torch saved instance normalisation before 0.4."""
    old = {n.replace(".weight", ".running_mean"): t for n, t in tensors.items() if t.ndim == 1 and ".weight" in n}
    return tensors | old | {n.replace("_mean", "_var"): t for n, t in old.items()}


@pytest.mark.parametrize("wrapped", ["bare", "statistics", "parallel"])
def test_a_file_becomes_the_network(tmp_path, wrapped):
    tensors = state()
    saved = with_statistics(tensors) if wrapped == "statistics" else tensors
    if wrapped == "parallel":
        saved = {"state_dict": {f"module.{name}": tensor for name, tensor in tensors.items()}, "epoch": 2}
    torch.save(saved, tmp_path / "mosaic.pth")
    found = foreign.read(tmp_path / "mosaic.pth", tmp_path / "plain.safetensors")
    recognised = recognise(found)
    assert (recognised.family, recognised.words) == ("fast_style", "fast neural style, 8/16/32 channels, 2 blocks")
    assert recognised.resolution is None
    assert recognised.preprocessing == {"colour": "rgb", "range": "0..255", "fit": "cover", "multiple": 4}
    net = FastStyle.from_state(recognised.rename(load_file(tmp_path / "plain.safetensors")), **recognised.network)
    picture = torch.rand(1, 3, 16, 16) * 255
    assert torch.equal(net(picture), FastStyle.from_state(tensors)(picture))


def test_another_network_of_the_same_names_is_told_what_is_different():
    shapes = {name: tuple(tensor.shape) for name, tensor in state().items()}
    with pytest.raises(ModelError, match=r"its conv1\.conv2d\.weight is \(8, 1, 9, 9\)"):
        recognise(Found("torch zip", shapes | {"conv1.conv2d.weight": (8, 1, 9, 9)}))
    del shapes["conv2.conv2d.weight"]
    with pytest.raises(ModelError, match=r"its conv2\.conv2d\.weight is missing"):
        recognise(Found("torch zip", shapes))
