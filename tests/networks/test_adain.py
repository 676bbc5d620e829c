"""Against a plain pair of sequences in the published layout: VGG to relu4_1 and its mirror, random weights."""

import functools

import numpy as np
import pytest
import torch
from torch import nn

from installation.backends.choose import load
from installation.backends.recipe import Input, Recipe
from installation.networks.adain import AdaIN

ENCODER = "1x1 64 64 pool 128 128 pool 256 256 256 256 pool 512"
MIRROR = "256 up 256 256 256 128 up 128 64 up 64 3"


def sequence(words: str, wide: int, last_relu: bool) -> nn.Sequential:
    modules: list[nn.Module] = []
    for word in words.split():
        if word == "1x1":
            modules.append(nn.Conv2d(3, 3, 1))
        elif word == "pool":
            modules.append(nn.MaxPool2d(2, 2, 0, ceil_mode=True))
        elif word == "up":
            modules.append(nn.Upsample(scale_factor=2, mode="nearest"))
        else:
            modules += [nn.ReflectionPad2d(1), nn.Conv2d(wide, int(word), 3), nn.ReLU()]
            wide = int(word)
    return nn.Sequential(*(modules if last_relu else modules[:-1]))


@functools.cache
def plain() -> tuple[nn.Sequential, nn.Sequential]:
    made = torch.Generator().manual_seed(5)
    pair = sequence(ENCODER, 3, True), sequence(MIRROR, 512, False)
    for net in pair:
        for tensor in net.parameters():
            spread = (2 / tensor[0].numel()) ** 0.5 if tensor.ndim == 4 else 0.1
            tensor.data = torch.randn(tensor.shape, generator=made) * spread
        net.eval().requires_grad_(False)
    # As VGG wants it: blue, green, red in 0..255 without the mean picture.
    pair[0][0].weight.data = torch.eye(3).flip(0)[:, :, None, None] * 255
    pair[0][0].bias.data = -torch.tensor([104.0, 117.0, 124.0])
    return pair


def state() -> dict[str, torch.Tensor]:
    vgg, decoder = plain()
    return {f"vgg.{k}": v for k, v in vgg.state_dict().items()} | {
        f"decoder.{k}": v for k, v in decoder.state_dict().items()
    }


@functools.cache
def net() -> AdaIN:
    return AdaIN.from_state(state())


def picture(height: int, width: int, seed: int, count: int = 1) -> torch.Tensor:
    made = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 6, 6, generator=made)
    return nn.functional.interpolate(coarse, (height, width), mode="bicubic").clamp(0, 1)


def moments(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    flat = x.flatten(2)
    return flat.mean(2)[:, :, None, None], (flat.var(2) + 1e-5).sqrt()[:, :, None, None]


def published(image, styles, shares, alpha):
    """Each style's features on their own, then mixed, then alpha, then the decoder."""
    vgg, decoder = plain()
    content = vgg(image)
    mean, deviation = moments(content)
    mixed = torch.zeros_like(content)
    for style, share in zip(styles, shares, strict=True):
        style_mean, style_deviation = moments(vgg(style))
        mixed += share * ((content - mean) / deviation * style_deviation + style_mean)
    return decoder(alpha * mixed + (1 - alpha) * content)


def test_the_statistics_are_mean_then_unbiased_deviation():
    style = picture(40, 56, 1)
    mean, deviation = moments(plain()[0](style))
    made = net().encode(style)
    assert made.shape == (1, 1024)
    assert float((made[:, :512] - mean[:, :, 0, 0]).abs().max()) < 1e-5 * float(mean.std())
    assert float((made[:, 512:] - deviation[:, :, 0, 0]).abs().max()) < 1e-5 * float(deviation.mean())


@pytest.mark.parametrize(
    ("height", "width", "alpha"), [(64, 64, 1.0), (40, 72, 0.35), (37, 50, 1.0), (9, 20, 1.0), (32, 32, 0.0)]
)
def test_it_is_the_published_transfer(height, width, alpha):
    image, style = picture(height, width, 2), picture(48, 40, 3)
    expected = published(image, [style], [1.0], alpha)
    made = net().transfer(image, net().encode(style), torch.tensor([alpha]))
    assert made.shape == expected.shape
    assert float((made - expected).abs().max()) < 2e-5 * float(expected.std())


def test_mixed_statistics_are_mixed_features():
    image = picture(48, 48, 2, count=2)
    styles, shares = [picture(32, 48, seed) for seed in (3, 4, 5)], (0.5, 0.2, 0.3)
    expected = published(image, styles, shares, 0.8)
    statistics = sum(share * net().encode(style) for share, style in zip(shares, styles, strict=True))
    made = net().transfer(image, statistics, torch.tensor([0.8]))
    assert float((made - expected).abs().max()) < 2e-5 * float(expected.std())


def test_openvino_agrees_on_both_parts(tmp_path, monkeypatch):
    monkeypatch.setenv("INSTALLATION_CACHE", str(tmp_path))
    image, style = picture(48, 64, 2), picture(32, 32, 3)
    alpha = torch.tensor([0.7])
    encode = Recipe("encode", {"style": Input((1, 3, 32, 32), "float32")}, "made", ("1",), lambda: net().encode)
    statistics = net().encode(style)
    found = load(encode, "openvino", "fp32").run({"style": style.numpy()})["made"]
    assert np.abs(found - statistics.numpy()).max() < 1e-4 * float(statistics.std())
    shapes = {"image": (1, 3, 48, 64), "statistics": (1, 1024), "alpha": (1,)}
    inputs = {name: Input(shape, "float32") for name, shape in shapes.items()}
    transfer = Recipe("transfer", inputs, "made", ("2",), lambda: net().transfer)
    given = {"image": image.numpy(), "statistics": statistics.numpy(), "alpha": alpha.numpy()}
    expected = net().transfer(image, statistics, alpha).numpy()
    made = load(transfer, "openvino", "fp32").run(given)["made"]
    assert np.abs(made - expected).max() < 1e-4 * expected.std()


def test_every_layer_gives_a_picture_of_features():
    seen = {}
    hooks = [
        net().get_submodule(path).register_forward_hook(lambda _m, _i, out, name=name: seen.update({name: out.shape}))
        for name, path in net().layers.items()
    ]
    net().transfer(picture(32, 32, 1), torch.ones(1, 1024), torch.ones(1))
    for hook in hooks:
        hook.remove()
    assert list(seen) == [*(f"encoder{i}" for i in range(1, 10)), "features", *(f"decoder{i}" for i in range(1, 9))]
    assert tuple(seen["features"]) == (1, 512, 4, 4)
    assert tuple(seen["decoder8"]) == (1, 64, 32, 32)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decoder.28.bias": None}, r"decoder\.28\.bias is missing"),
        ({"vgg.29.weight": torch.zeros(512, 256, 1, 1)}, r"vgg\.29\.weight is .*, wanted \(512, 256, 3, 3\)"),
        ({"vgg.32.weight": torch.zeros(1)}, r"belong to no layer of it: vgg\.32\.weight"),
    ],
)
def test_another_networks_tensors_are_refused(change, message):
    changed = {name: tensor for name, tensor in {**state(), **change}.items() if tensor is not None}
    with pytest.raises(ValueError, match=message):
        AdaIN.from_state(changed)
