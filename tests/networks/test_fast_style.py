"""Against a plain network of PyTorch's examples' layout, at several sizes and widths; then OpenVINO against both."""

import numpy as np
import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks.fast_style import FastStyle


class Conv(nn.Module):
    def __init__(self, wide, out, side, stride=1, grow=1):
        super().__init__()
        self.pad = nn.ReflectionPad2d(side // 2)
        self.grow = grow
        self.conv2d = nn.Conv2d(wide, out, side, stride)

    def forward(self, x):
        if self.grow > 1:
            x = nn.functional.interpolate(x, mode="nearest", scale_factor=self.grow)
        return self.conv2d(self.pad(x))


class Residual(nn.Module):
    def __init__(self, wide):
        super().__init__()
        self.conv1, self.conv2 = Conv(wide, wide, 3), Conv(wide, wide, 3)
        self.in1, self.in2 = nn.InstanceNorm2d(wide, affine=True), nn.InstanceNorm2d(wide, affine=True)

    def forward(self, x):
        return self.in2(self.conv2(torch.relu(self.in1(self.conv1(x))))) + x


class Plain(nn.Module):
    """As published, with nothing rewritten; weights of a seed, an output that uses all of 0..255."""

    def __init__(self, widths=(32, 64, 128), blocks=5, seed=1):
        super().__init__()
        a, b, c = widths
        self.conv1, self.conv2, self.conv3 = Conv(3, a, 9), Conv(a, b, 3, 2), Conv(b, c, 3, 2)
        for i in range(1, blocks + 1):
            self.add_module(f"res{i}", Residual(c))
        self.deconv1, self.deconv2, self.deconv3 = Conv(c, b, 3, grow=2), Conv(b, a, 3, grow=2), Conv(a, 3, 9)
        for i, wide in enumerate((a, b, c, b, a), 1):
            self.add_module(f"in{i}", nn.InstanceNorm2d(wide, affine=True))
        self.blocks = blocks
        made = torch.Generator().manual_seed(seed)
        for name, tensor in self.named_parameters():
            if tensor.ndim == 4:
                tensor.data = torch.randn(tensor.shape, generator=made) / tensor[0].numel() ** 0.5
            else:
                tensor.data = torch.randn(tensor.shape, generator=made) * 0.3 + (".weight" in name)
        self.deconv3.conv2d.weight.data *= 50
        self.deconv3.conv2d.bias.data += 120
        self.eval().requires_grad_(False)

    def forward(self, x):
        for i in (1, 2, 3):
            x = torch.relu(getattr(self, f"in{i}")(getattr(self, f"conv{i}")(x)))
        for i in range(1, self.blocks + 1):
            x = getattr(self, f"res{i}")(x)
        for i in (1, 2):
            x = torch.relu(getattr(self, f"in{i + 3}")(getattr(self, f"deconv{i}")(x)))
        return self.deconv3(x)


def picture(height: int, width: int, seed: int = 2, count: int = 1) -> torch.Tensor:
    """Soft shapes and some grain, 0..255."""
    made = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 5, 5, generator=made)
    smooth = nn.functional.interpolate(coarse, (height, width), mode="bilinear")
    return (smooth * 0.9 + torch.rand(count, 3, height, width, generator=made) * 0.1) * 255


@pytest.mark.parametrize(
    ("widths", "blocks", "height", "width"),
    [((32, 64, 128), 5, 64, 64), ((16, 32, 64), 5, 48, 80), ((8, 12, 20), 2, 36, 52), ((8, 16, 32), 0, 37, 50)],
)
def test_it_is_the_plain_network(widths, blocks, height, width):
    plain = Plain(widths, blocks)
    net = FastStyle.from_state(plain.state_dict())
    image = picture(height, width, count=2)
    expected, made = plain(image), net(image)
    assert expected.std() > 20
    assert made.shape == expected.shape  # sides that are no multiples of 4 come out as the next ones
    assert float((made - expected).abs().max()) < 2e-3


def test_openvino_agrees(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    plain = Plain((16, 32, 64), 3)
    image = picture(64, 96)
    recipe = Recipe(
        "fast", {"image": Input((1, 3, 64, 96), "float32")}, "picture", ("fast test",),
        lambda: FastStyle.from_state(plain.state_dict()),
    )  # fmt: skip
    expected = plain(image).numpy()
    made = load(recipe, "openvino", "fp32").run({"image": image.numpy()})["picture"]
    assert np.abs(made - expected).max() < 1e-4 * expected.std()


def test_every_layer_has_an_output_to_bend():
    net = FastStyle.from_state(Plain((8, 12, 20), 2).state_dict())
    seen = {}
    for name, path in net.layers.items():
        net.get_submodule(path).register_forward_hook(lambda _m, _i, out, name=name: seen.update({name: out.shape}))
    net(picture(32, 32))
    assert {name: tuple(shape[1:]) for name, shape in seen.items()} == {
        "down1": (8, 32, 32), "down2": (12, 16, 16), "down3": (20, 8, 8), "block1": (20, 8, 8), "block2": (20, 8, 8),
        "up1": (12, 16, 16), "up2": (8, 32, 32),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"res2.in2.bias": None}, r"res2\.in2\.bias is missing"),
        ({"deconv1.conv2d.weight": torch.zeros(12, 20, 5, 5)}, r"deconv1.* is \(12, 20, 5, 5\), wanted \(12, 20, 3, 3"),
        ({"deconv3.conv2d.weight": torch.zeros(1, 8, 9, 9)}, r"deconv3.* is \(1, 8, 9, 9\), wanted \(3, 8, 9, 9\)"),
        ({"in3.weight": torch.full((20,), float("nan"))}, r"in3\.weight holds numbers that are not finite"),
        ({"in1.running_mean": torch.zeros(8)}, r"1 tensors belong to no layer of it: in1\.running_mean"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    state = {**Plain((8, 12, 20), 2).state_dict(), **change}
    with pytest.raises(ValueError, match=message):
        FastStyle.from_state({name: tensor for name, tensor in state.items() if tensor is not None})
