"""DCGAN generator: a normal vector, and class weights where it knows any, to a square picture.

Radford, Metz, Chintala 2016 (1511.06434); with classes concatenated to z as in Mirza, Osindero 2014 (1411.1784).

    z (N, Z) ~ normal [, classes (N, K) summing to 1]  ->  (N, channels, R, R) in -1..1, R = 4 * 2^(upsamplings)

Checkpoint names: ``main.I.weight`` of ConvTranspose (in, out, 4, 4), the first from 1x1 to 4x4, every other stride 2
padding 1, with ``main.I.bias`` or without; after each but the last a batch norm ``main.I+1.*``, or none. Dropout and
activations have no tensors. The order is that of I. Always eval.

Every layer is rewritten for inference, exactly: from 1x1 a transposed convolution is one matrix product, the others
become ordinary convolutions (subpixel.py). Batch norm is folded in.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn

from installation.networks.state import State
from installation.networks.subpixel import phases, upsample

BN_EPS = 1e-5
SHOWN = 4


class First(nn.Linear):
    """From z to 4x4."""

    def forward(self, z: Tensor) -> Tensor:
        return torch.relu(super().forward(z)).reshape(z.shape[0], -1, 4, 4)


class Up(nn.Conv2d):
    """To twice the side."""

    def __init__(self, wide: int, out: int) -> None:
        super().__init__(wide, 4 * out, 2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(upsample(super().forward, x))


class DCGAN(nn.Module):
    """``widths`` are the channels after every layer: (1024, 512, 256, 128, 64, 3) makes 128 x 128."""

    def __init__(self, inputs: int, widths: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.z_dim, self.classes = inputs - classes, classes
        self.resolution, self.channels = 4 * 2 ** (len(widths) - 1), widths[-1]
        self.first = First(inputs, widths[0] * 16)
        self.ups = nn.ModuleList(Up(wide, out) for wide, out in pairwise(widths[:-1]))
        self.last = nn.Conv2d(widths[-2], 4 * widths[-1], 2, padding=1)
        paths = ["first", *(f"ups.{index}" for index in range(len(self.ups)))]
        self.layers = {f"b{4 * 2**index}": path for index, path in enumerate(paths)}

    def forward(self, z: Tensor, classes: Tensor | None = None) -> Tensor:
        x = self.first(z if classes is None else torch.cat([z, classes], 1))
        for up in self.ups:
            x = up(x)
        return torch.tanh(upsample(self.last, x))

    def style_matrix(self) -> Tensor:
        """(rows, z_dim): what z goes through first."""
        return self.first.weight[:, : self.z_dim].detach()

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor], *, classes: int = 0) -> Self:
        """``classes``: how many of the inputs, the last ones, are class weights. No shape tells."""
        tensors = State(state)
        indices = _indices(state)
        if len(indices) < 2:
            raise ValueError(
                f"no DCGAN generator: wanted main.0.weight and so on, found {', '.join(list(state)[:SHOWN])}"
            )
        folded: list[tuple[Tensor, Tensor]] = []
        for index in indices:
            wide = folded[-1][0].shape[1] if folded else None
            folded.append(_folded(tensors, index, wide, index == indices[-1]))
        tensors.finish()
        inputs = folded[0][0].shape[0]
        if not 0 <= classes < inputs:
            raise ValueError(f"{classes} classes among {inputs} inputs leave no z")
        net = cls(inputs, tuple(kernel.shape[1] for kernel, _ in folded), classes)
        with torch.no_grad():
            kernel, bias = folded[0]
            net.first.weight.copy_(kernel.flatten(1).T)
            net.first.bias.copy_(bias.repeat_interleave(16))
            for layer, (kernel, bias) in zip([*net.ups, net.last], folded[1:], strict=True):
                layer.weight.copy_(phases(kernel))
                layer.bias.copy_(bias.repeat_interleave(4))
        return net.eval().requires_grad_(False)


def _indices(state: Mapping[str, Tensor]) -> list[int]:
    names = [name.split(".") for name, tensor in state.items() if tensor.ndim == 4]
    return sorted(int(parts[1]) for parts in names if len(parts) == 3 and parts[0] == "main" and parts[1].isdecimal())


def _folded(tensors: State, index: int, wide: int | None, last: bool) -> tuple[Tensor, Tensor]:
    """Kernel and bias of a layer with the batch norm behind it."""
    kernel = tensors.take(f"main.{index}.weight", (wide, None, 4, 4))
    out = kernel.shape[1]
    bias = tensors.take(f"main.{index}.bias", (out,)) if f"main.{index}.bias" in tensors else torch.zeros(out)
    norm = f"main.{index + 1}"
    if last or not any(name.startswith(f"{norm}.") for name in tensors.names()):
        return kernel, bias
    weight, shift, mean, var = (
        tensors.take(f"{norm}.{name}", (out,)) for name in ("weight", "bias", "running_mean", "running_var")
    )
    if f"{norm}.num_batches_tracked" in tensors:
        tensors.take(f"{norm}.num_batches_tracked")
    gain = weight * torch.rsqrt(var + BN_EPS)
    return kernel * gain[:, None, None], (bias - mean) * gain + shift
