"""AdaIN: a picture in, the same picture in the manner of any other picture, or of several at once, out.

Huang, Belongie 2017 (1703.06868): VGG-19 (its weights normalised) up to relu4_1, the features given the style's mean
and standard deviation channel by channel, and a decoder that mirrors VGG. Two parts:

    encode    style (N, 3, H, W) RGB in 0..1  ->  statistics (N, 1024): 512 means, then 512 standard deviations
    transfer  image (N, 3, H, W) RGB in 0..1, statistics (N, 1024) or (1, 1024), alpha (1,)
              ->  (N, 3, H', W') about 0..1, not clamped; H', W' = H, W up to multiples of 8, both above 8

``alpha`` 0 keeps the picture's own features, 1 gives them the style's whole manner. Several styles are mixed by mixing
their statistics, weights summing to 1: the normalised features times deviation plus mean are linear in the two, so
that is the mixture of the features itself, exactly, as published, and it costs nothing a frame.

Checkpoint names: ``vgg.I.weight``, ``.bias`` for I in VGG, ``decoder.I.*`` for I in DECODER: places in two sequences.
Rewritten, exactly: VGG's first convolution, 1x1, only brings pixels to the range VGG knows; it goes into the second.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.state import State

EPS = 1e-5
FEATURES = 512
# Places of the 3x3 convolutions -> (in, out, whether a 2x2 pooling or a nearest x2 comes before it).
VGG = {
    2: (3, 64, False), 5: (64, 64, False), 9: (64, 128, True), 12: (128, 128, False), 16: (128, 256, True),
    19: (256, 256, False), 22: (256, 256, False), 25: (256, 256, False), 29: (256, 512, True),
}  # fmt: skip
DECODER = {
    1: (512, 256, False), 5: (256, 256, True), 8: (256, 256, False), 11: (256, 256, False), 14: (256, 128, False),
    18: (128, 128, True), 21: (128, 64, False), 25: (64, 64, True), 28: (64, 3, False),
}  # fmt: skip


class Layer(nn.Module):
    """Pooling or growth where there is one, reflection padding, 3x3 convolution; then ReLU where there is one."""

    def __init__(self, wide: int, out: int, pool: bool = False, grow: bool = False, relu: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(wide, out, 3)
        self.pool, self.grow, self.relu = pool, grow, relu

    def forward(self, x: Tensor) -> Tensor:
        if self.pool:
            x = F.max_pool2d(x, 2, ceil_mode=True)
        if self.grow:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        x = self.conv(F.pad(x, (1, 1, 1, 1), mode="reflect"))
        return torch.relu(x) if self.relu else x


class Encode(nn.Module):
    def __init__(self, vgg: nn.Module) -> None:
        super().__init__()
        self.vgg = vgg

    def forward(self, style: Tensor) -> Tensor:
        x = self.vgg(style).float()  # squares of features leave the range of half
        mean = x.mean((2, 3))
        apart = x - mean[:, :, None, None]
        variance = (apart * apart).sum((2, 3)) / (x.shape[2] * x.shape[3] - 1)
        return torch.cat([mean, torch.sqrt(variance + EPS)], 1)


class Restyle(nn.Module):
    """Features with the style's mean and standard deviation in place of their own."""

    def forward(self, x: Tensor, statistics: Tensor, alpha: Tensor) -> Tensor:
        # Instance normalisation divides by n, the paper's variance by n - 1: the rest of the factor goes into the gain.
        share = 1 - 1 / (x.shape[2] * x.shape[3])
        mean, deviation = statistics[:, :, None, None].chunk(2, 1)
        made = F.instance_norm(x, eps=EPS * share) * (deviation * share**0.5) + mean
        return torch.lerp(x.float(), made.float(), alpha)


class Transfer(nn.Module):
    def __init__(self, vgg: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.vgg, self.restyle, self.decoder = vgg, Restyle(), decoder
        self.layers = {
            **{f"encoder{i + 1}": f"vgg.{i}" for i in range(len(VGG))},
            "features": "restyle",
            **{f"decoder{i + 1}": f"decoder.{i}" for i in range(len(DECODER) - 1)},
        }

    def forward(self, image: Tensor, statistics: Tensor, alpha: Tensor) -> Tensor:
        made: Tensor = self.decoder(self.restyle(self.vgg(image), statistics, alpha))
        return made


class AdaIN(nn.Module):
    """The two parts; VGG is in both."""

    def __init__(self) -> None:
        super().__init__()
        vgg = nn.Sequential(*(Layer(wide, out, pool=half) for wide, out, half in VGG.values()))
        last = max(DECODER)
        decoder = (Layer(wide, out, grow=twice, relu=i != last) for i, (wide, out, twice) in DECODER.items())
        self.encode = Encode(vgg)
        self.transfer = Transfer(vgg, nn.Sequential(*decoder))
        self.layers = {name: f"transfer.{path}" for name, path in self.transfer.layers.items()}

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor]) -> AdaIN:
        """Raises ValueError."""
        state = State(tensors)
        net = cls()
        with torch.no_grad():
            for part, module, places in (("vgg", net.transfer.vgg, VGG), ("decoder", net.transfer.decoder, DECODER)):
                for layer, (i, (wide, out, _)) in zip(module, places.items(), strict=True):
                    layer.conv.weight.copy_(state.take(f"{part}.{i}.weight", (out, wide, 3, 3)))
                    layer.conv.bias.copy_(state.take(f"{part}.{i}.bias", (out,)))
            mixing, offset = state.take("vgg.0.weight", (3, 3, 1, 1))[:, :, 0, 0], state.take("vgg.0.bias", (3,))
            first = net.transfer.vgg[0].conv
            # Padding by reflection commutes with a 1x1 convolution; its offset comes through every tap.
            first.bias.add_(first.weight.sum((2, 3)) @ offset)
            first.weight.copy_(torch.einsum("omyx,mi->oiyx", first.weight, mixing))
        state.finish()
        return net.eval().requires_grad_(False)
