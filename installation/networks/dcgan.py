"""Conditional DCGAN generator: a normal vector and class weights in, a square picture out.

Radford, Metz, Chintala 2016 (1511.06434), with the class concatenated to z as in Mirza, Osindero 2014 (1411.1784).

    z (N, Z) ~ normal, classes (N, K) summing to 1  ->  (N, 3, R, R) in -1..1, R = 4 * 2^(number of upsamplings)

Checkpoint names: ``main.I.weight`` of ConvTranspose (in, out, 4, 4), the first from 1x1 to 4x4, every other stride 2
padding 1; after each but the last a batch norm ``main.I+1.*``. Dropout and activations have no tensors. Always eval.

Every layer is rewritten for inference, exactly: a 4x4 stride-2 transposed convolution leaves the fast path of CPU
backends, while its four output phases are each a 2x2 convolution of the same input. So: Conv2d 2x2, padding 1, to
4*out channels, pixel_shuffle, crop 1. Batch norm is folded into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BN_EPS = 1e-5


class ConditionalDCGAN(nn.Module):
    """``widths`` are the channels after every layer: (1024, 512, 256, 128, 64, 3) makes 128 x 128."""

    def __init__(self, inputs: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.inputs = inputs
        self.resolution = 4 * 2 ** (len(widths) - 1)
        # From 1x1 a transposed convolution is one matrix product.
        self.first = nn.Linear(inputs, widths[0] * 16)
        self.ups = nn.ModuleList(nn.Conv2d(wide, 4 * out, 2, padding=1) for wide, out in pairwise(widths))

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        x = torch.relu(self.first(torch.cat([z, classes], 1))).reshape(z.shape[0], -1, 4, 4)
        for up in self.ups[:-1]:
            x = torch.relu(_upsample(up, x))
        return torch.tanh(_upsample(self.ups[-1], x))

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor]) -> ConditionalDCGAN:
        layers = sorted(int(k.split(".")[1]) for k, v in state.items() if k.startswith("main.") and v.ndim == 4)
        if len(layers) < 2:
            raise ValueError(f"no DCGAN generator: wanted main.0.weight and so on, found {', '.join(list(state)[:4])}")
        kernels = [_tensor(state, f"main.{i}.weight") for i in layers]
        for index, kernel, before in zip(layers, kernels, [None, *kernels], strict=False):
            channels = kernel.shape[0] if before is None else before.shape[1]
            if kernel.shape[2:] != (4, 4) or kernel.shape[0] != channels:
                raise ValueError(f"main.{index}.weight is {tuple(kernel.shape)}, wanted ({channels}, any, 4, 4)")
        net = cls(kernels[0].shape[0], tuple(k.shape[1] for k in kernels))
        with torch.no_grad():
            for place, (index, kernel) in enumerate(zip(layers, kernels, strict=True)):
                last = place == len(layers) - 1
                out = kernel.shape[1]
                gain, bias = (torch.ones(out), torch.zeros(out)) if last else _norm(state, index + 1, out)
                kernel = kernel * gain[:, None, None]
                if place == 0:
                    net.first.weight.copy_(kernel.flatten(1).T)
                    net.first.bias.copy_(bias.repeat_interleave(16))
                else:
                    net.ups[place - 1].weight.copy_(phases(kernel))
                    net.ups[place - 1].bias.copy_(bias.repeat_interleave(4))
        return net.eval().requires_grad_(False)


def phases(kernel: Tensor) -> Tensor:
    """ConvTranspose2d weight (in, out, 4, 4) of stride 2, padding 1 -> Conv2d weight (4*out, in, 2, 2).

    Along one axis y[2m] = w[3] x[m-1] + w[1] x[m] and y[2m+1] = w[2] x[m] + w[0] x[m+1]. After the crop the odd phase
    of pixel_shuffle is y[2m], so the phases take taps (2, 0) and (3, 1).
    """
    taps = torch.tensor([[2, 0], [3, 1]])
    wide, out = kernel.shape[:2]
    split = kernel[:, :, taps[:, None, :, None], taps[None, :, None, :]]  # (in, out, phase y, phase x, 2, 2)
    return split.permute(1, 2, 3, 0, 4, 5).reshape(4 * out, wide, 2, 2)


def _upsample(conv: nn.Module, x: Tensor) -> Tensor:
    return F.pixel_shuffle(conv(x), 2)[:, :, 1:-1, 1:-1]


def _norm(state: Mapping[str, Tensor], index: int, channels: int) -> tuple[Tensor, Tensor]:
    """Batch norm on stored statistics as gain and bias a channel."""
    weight, bias, mean, var = (
        _tensor(state, f"main.{index}.{name}") for name in ("weight", "bias", "running_mean", "running_var")
    )
    if not weight.shape == bias.shape == mean.shape == var.shape == (channels,):
        raise ValueError(f"main.{index} is no batch norm of {channels} channels")
    gain = weight / torch.sqrt(var + BN_EPS)
    return gain, bias - mean * gain


def _tensor(state: Mapping[str, Tensor], name: str) -> Tensor:
    if name not in state:
        raise ValueError(f"{name} is missing")
    tensor = state[name].float()
    if not bool(torch.isfinite(tensor).all()):
        raise ValueError(f"{name} holds numbers that are not finite")
    return tensor
