"""StyleGAN2 as rosinality's PyTorch code saves it (``g_ema``, ``latent_avg``): the same network in other words.

    style.1..n            mapping.fc0..          conv1, to_rgb1                b4.conv1, b4.torgb
    input.input           b4.const               convs.2k, convs.2k+1          conv0, conv1 of side 8 * 2^k
    conv.modulation       affine                 to_rgbs.k                     its torgb
    noises.noise_i        noise_const            noise.weight, activate.bias   noise_strength, bias
    latent_avg            w_avg

A weight (1, out, in, k, k) is scaled by 1/sqrt(in k k) there before its demodulation: folded in here, but for the
colours, where our network does the same. There is no clamp. Both directions of a filter carry the gain of upsampling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from installation.checkpoints.families.style_parts import LICENCE, colours, one_filter, shape
from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

KIND = "rosinality's StyleGAN2"
FIRST, STYLE = "input.input", "style.1.weight"
LR_MULTIPLIER = 0.01
SAMPLES = 10_000  # whose mean stands in for a latent_avg that was not saved
SEED = 0
JUNK = ("ada_aug_p",)  # lies beside the network in a training's file
DEEPEST = 18  # convolutions up to 2048 x 2048
_STYLE = re.compile(r"style\.(\d{1,3})\.(weight|bias)")
_LAYER = re.compile(r"(conv1|convs\.\d{1,2}|to_rgb1|to_rgbs\.\d{1,2})\.(.+)")
_PARTS = {
    "conv.weight": "weight",
    "conv.modulation.weight": "affine.weight",
    "conv.modulation.bias": "affine.bias",
    "noise.weight": "noise_strength",
    "activate.bias": "bias",
    "bias": "bias",
}
_FILTERS = ("conv.blur.kernel", "upsample.kernel")
_NOISE = re.compile(r"noises\.noise_(\d{1,2})")


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    if FIRST not in shapes or STYLE not in shapes:
        return None
    _check(found)
    ups = sum(f"to_rgbs.{k}.conv.weight" in shapes for k in range(DEEPEST // 2))
    resolution = 4 * 2**ups
    w_dim = shape(found, KIND, "conv1.conv.modulation.weight", 2)[1]
    channels = shape(found, KIND, "to_rgb1.conv.weight", 5)[1]
    lost = [what for what, name in (("mean w", "latent_avg"), ("noise", "noises.noise_0")) if name not in shapes]
    return Recognised(
        family="stylegan2",
        words=f"StyleGAN2 (rosinality), {resolution}x{resolution} {colours(KIND, channels)}",
        network={
            "z_dim": shape(found, KIND, STYLE, 2)[1],
            "c_dim": 0,
            "w_dim": w_dim,
            "mapping_layers": sum(bool(_STYLE.fullmatch(name)) for name in shapes if name.endswith(".weight")),
            "lr_multiplier": LR_MULTIPLIER,
            "resolution": resolution,
            "channels": channels,
            "architecture": "skip",
        },
        rename=renamed,
        resolution=(resolution, resolution),
        latent=shapes[STYLE][1],
        licence=LICENCE,
        notes=f"its file lacks the {' and the '.join(lost)}: drawn with a fixed seed" if lost else "",
    )


def _check(found: Found) -> None:
    """The shapes that renaming relies on."""
    w_dim = shape(found, KIND, STYLE, 2)[0]
    for name, got in found.shapes.items():
        wanted = _wanted(name, w_dim)
        if wanted is None:
            continue
        shape(found, KIND, name, len(wanted))
        if any(want not in (None, side) for side, want in zip(got, wanted, strict=True)):
            raise ModelError(f"{KIND}, but its {name} is {got}", "another network of the same name?")


def _wanted(name: str, w_dim: int) -> tuple[int | None, ...] | None:
    if style := _STYLE.fullmatch(name):
        wide = None if name == STYLE else w_dim
        return (w_dim,) if style[2] == "bias" else (w_dim, wide)
    if name == FIRST:
        return (1, None, 4, 4)
    if _NOISE.fullmatch(name):
        return (1, 1, None, None)
    if name.endswith(".noise.weight"):
        return (1,)
    return (1, None, None, None, None) if name.endswith(".conv.weight") else None


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Our names; ModelError for a name that is not known."""
    import torch

    made: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name in JUNK:
            continue
        if name == FIRST:
            made["synthesis.b4.const"] = tensor.flatten(0, 1)
        elif name == "latent_avg":
            made["mapping.w_avg"] = tensor.flatten()
        elif style := _STYLE.fullmatch(name):
            made[f"mapping.fc{int(style[1]) - 1}.{style[2]}"] = tensor
        elif noise := _NOISE.fullmatch(name):
            made[f"{_conv(int(noise[1]))}.noise_const"] = tensor.flatten(0, 2)
        elif layer := _LAYER.fullmatch(name):
            _add_layer(made, name, layer[1], layer[2], tensor)
        else:
            raise ModelError(f"{KIND}, with a tensor nobody knows: {name}", "was it trained with changed code?")
    drawn = torch.Generator().manual_seed(SEED)
    for index in range(DEEPEST):
        conv, side = _conv(index), 2 ** ((index + 5) // 2)
        if f"{conv}.weight" in made and f"{conv}.noise_const" not in made:
            made[f"{conv}.noise_const"] = torch.randn(side, side, generator=drawn)
    if "mapping.w_avg" not in made:
        made["mapping.w_avg"] = _mean_w(tensors, drawn)
    return made


def _add_layer(made: dict[str, Tensor], name: str, layer: str, part: str, tensor: Tensor) -> None:
    if part in _FILTERS:
        one_filter(KIND, name, tensor, 4.0)
        return
    if part not in _PARTS:
        raise ModelError(f"{KIND}, with a tensor nobody knows: {name}", "was it trained with changed code?")
    kind, _, index = layer.partition(".")
    if kind in ("conv1", "convs"):
        ours = _conv(int(index) + 1 if index else 0)
    else:
        ours = f"synthesis.b{8 * 2 ** int(index) if index else 4}.torgb"
    if part == "conv.weight":
        tensor = tensor.flatten(0, 1)
        if kind.startswith("conv"):
            tensor = tensor.float() / tensor[0].numel() ** 0.5
    elif not part.startswith("conv"):  # numbers a channel, in several shapes
        tensor = tensor.flatten() if part != "noise.weight" else tensor.reshape(())
    made[f"{ours}.{_PARTS[part]}"] = tensor


def _conv(index: int) -> str:
    """Our name of the convolution with the noise ``noise_index``."""
    return f"synthesis.b{2 ** ((index + 5) // 2)}.conv{(index + 1) % 2}" if index else "synthesis.b4.conv1"


def _mean_w(tensors: Mapping[str, Tensor], drawn: torch.Generator) -> Tensor:
    """What latent_avg would have been: the mean w of many z."""
    import torch
    from torch.nn import functional as F

    x = torch.randn(SAMPLES, tensors[STYLE].shape[1], generator=drawn)
    x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)
    for layer in range(1, 1 + sum(bool(_STYLE.fullmatch(name)) for name in tensors) // 2):
        weight, bias = (_part(tensors, f"style.{layer}.{part}") for part in ("weight", "bias"))
        x = F.linear(x, weight * (LR_MULTIPLIER / weight.shape[1] ** 0.5), bias * LR_MULTIPLIER)
        x = F.leaky_relu(x, 0.2) * 2**0.5
    return x.mean(0)


def _part(tensors: Mapping[str, Tensor], name: str) -> Tensor:
    if name not in tensors:
        raise ModelError(f"{KIND}, but its {name} is missing", "is the file whole?")
    return tensors[name].float()
