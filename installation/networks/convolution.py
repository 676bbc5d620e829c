"""A convolution out of a checkpoint with the normalisation after it: folded into it where that can be done.

    look "eval"    batch norm on the statistics stored in training: a gain and a bias, folded away
    look "batch"   batch norm on the statistics of the picture itself, as scripts do that never call ``eval()``. Each
                   picture of a batch has its own, which is what such a script gives for one picture at a time

Instance norm (Ulyanov, Vedaldi, Lempitsky 2016, 1607.08022) always takes the picture's own statistics. Those take a
bias away again, so none is added before them: in bf16 it would only cost digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.state import State

EPS = 1e-5
LOOKS = ("eval", "batch")


class OwnStatistics(nn.Module):
    """Every channel of every picture to mean 0 and variance 1, then a gain and a bias a channel if there are any."""

    def __init__(self, gain: Tensor | None = None, bias: Tensor | None = None) -> None:
        super().__init__()
        self.register_buffer("gain", gain)
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        return F.instance_norm(x, weight=self.gain, bias=self.bias, eps=EPS)


@dataclass(frozen=True)
class Norm:
    """After a convolution: ``kernel * gain``, ``bias * gain + shift``, then ``module``, which may do nothing."""

    gain: Tensor
    shift: Tensor
    module: nn.Module

    @property
    def folded(self) -> bool:
        return isinstance(self.module, nn.Identity)


class Layers:
    """Takes norms and biases out of a state. All layers of a network are alike: the first ones named tell the kind.

    Batch norm has statistics; instance norm has none, and a gain and a bias only in networks that differ from the
    official ones; where nothing follows convolutions without biases there is no norm at all.
    """

    def __init__(self, state: State, look: str, norm: str, conv: str) -> None:
        if look not in LOOKS:
            raise ValueError(f"look is {look}, wanted one of {', '.join(LOOKS)}")
        self.state, self.look = state, look
        self.biased = f"{conv}.bias" in state
        if f"{norm}.running_mean" in state:
            self.kind = "batch"
        else:
            self.kind = "affine" if f"{norm}.weight" in state else "instance" if self.biased else "none"

    def norm(self, name: str, channels: int) -> Norm:
        one, zero = torch.ones(channels), torch.zeros(channels)
        if self.kind == "instance":
            return Norm(one, zero, OwnStatistics())
        if self.kind == "none":
            return Norm(one, zero, nn.Identity())
        weight, bias = (self.state.take(f"{name}.{part}", (channels,)) for part in ("weight", "bias"))
        if self.kind == "affine":
            return Norm(one, zero, OwnStatistics(weight, bias))
        mean, var = (self.state.take(f"{name}.{part}", (channels,)) for part in ("running_mean", "running_var"))
        if self.look == "batch":
            return Norm(one, zero, OwnStatistics(weight, bias))
        gain = weight / torch.sqrt(var + EPS)
        return Norm(gain, bias - mean * gain, nn.Identity())

    def bias(self, name: str, channels: int) -> Tensor:
        return self.state.take(f"{name}.bias", (channels,)) if self.biased else torch.zeros(channels)


def transposed(kernel: Tensor, bias: Tensor, norm: Norm) -> nn.ConvTranspose2d:
    """Of a weight (in, out, 3, 3): exactly twice the size."""
    wide, out, *size = kernel.shape
    conv = nn.utils.skip_init(
        nn.ConvTranspose2d, wide, out, tuple(size), stride=2, padding=1, output_padding=1, bias=norm.folded
    )
    with torch.no_grad():
        conv.weight.copy_(kernel * norm.gain[:, None, None])
        if norm.folded:
            conv.bias.copy_(bias * norm.gain + norm.shift)
    return conv


def convolution(kernel: Tensor, bias: Tensor, norm: Norm | None = None, stride: int = 1, padding: int = 0) -> nn.Conv2d:
    """Of a weight (out, in, k, k), where every channel of the norm may have several in a row."""
    out, wide, *size = kernel.shape
    if norm:
        repeats = out // len(norm.gain)
        gain = norm.gain.repeat_interleave(repeats)
        kernel = kernel * gain[:, None, None, None]
        bias = bias * gain + norm.shift.repeat_interleave(repeats)
    felt = norm is None or norm.folded
    conv = nn.utils.skip_init(nn.Conv2d, wide, out, tuple(size), stride, padding, bias=felt)
    with torch.no_grad():
        conv.weight.copy_(kernel)
        if felt:
            conv.bias.copy_(bias)
    return conv
