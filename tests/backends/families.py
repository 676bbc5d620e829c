"""Recipes of whole networks with random weights, one a family, small enough to build in seconds.

A row is a name and what makes the recipe; every test over GRAPHS takes a new row as it is.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from installation.backends.recipe import Input, Recipe
from installation.benchmark.samples import biggan, draw, pictures, stylegan, write
from installation.benchmark.samples.layout import Layout
from installation.checkpoints.found import Found
from installation.library import cache_dir
from installation.models import recipes
from installation.networks.multistyle import LAYERS, MultiStyle
from installation.networks.rgba import PaintsRGBA, RepaintsRGBA


def multistyle(most: tuple[int, ...] = ()) -> Recipe:
    def build() -> nn.Module:
        made = torch.Generator().manual_seed(4)
        wide, state, channels = 8, {}, 3
        widths = {"contract.0": wide, "contract.1": 2 * wide, "expand.0": 2 * wide, "expand.1": wide, "expand.2": 3}
        for name in LAYERS:
            out, side = widths.get(name, 4 * wide), 9 if name in ("contract.0", "expand.2") else 3
            kernel = torch.randn(out, channels, side, side, generator=made)
            state[f"{name}.w"] = kernel / (channels * side * side) ** 0.5
            state[f"{name}.norm.gamma"] = 1 + 0.1 * torch.randn(2, out, generator=made)
            state[f"{name}.norm.beta"] = 0.1 * torch.randn(2, out, generator=made)
            channels = out
        return RepaintsRGBA(MultiStyle.from_state(state), 0.0, 1.0).eval()

    inputs = {
        "image": Input((1, 48, 64, 3), "uint8", most),
        "styles": Input((1, 2), "float32"),
        "strength": Input((1,), "float32"),
    }
    return Recipe("multistyle", inputs, "rgba", ("multistyle 1",), build)


class Sine(nn.Module):
    """What a StyleGAN3 begins with: positions times frequencies, a sine, then convolutions in half."""

    def __init__(self) -> None:
        super().__init__()
        made = torch.Generator().manual_seed(5)
        self.register_buffer("frequencies", torch.randn(2, 16, generator=made) * 40)
        self.register_buffer("kernel", torch.randn(3, 16, 3, 3, generator=made) / 12)

    def forward(self, transform):
        line = torch.linspace(-0.5, 0.5, 32)
        grid = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).reshape(-1, 2)
        waves = torch.sin(grid @ transform @ self.frequencies * 2 * torch.pi).T.reshape(1, 16, 32, 32)
        return nn.functional.conv2d(waves, self.kernel, padding=1)


def sine() -> Recipe:
    def build() -> nn.Module:
        return PaintsRGBA(Sine(), -1.0, 1.0).eval()

    return Recipe("sine", {"transform": Input((2, 2), "float32")}, "rgba", ("sine 1",), build)


def sampled(name: str, layout: Callable[[], Layout], size: tuple[int, int] = (0, 0)) -> Recipe:
    """A checkpoint of random weights, taken the way an artist's own file goes, as its show would run it."""
    shapes, facts = layout()
    folder = cache_dir("samples", name)
    card = write(name, Found("sample", shapes, facts), draw(shapes, 1), folder)
    return recipes.painted(card, size)


def texture() -> Recipe:
    """Its inside: the picture is made outside of a graph."""
    shapes, facts = pictures.texture()
    folder = cache_dir("samples", "texture")
    card = write("texture", Found("sample", shapes, facts), draw(shapes, 1), folder)
    return recipes.numeric(card, recipes.family_of(card).picture, (64, 48))


GRAPHS: dict[str, Callable[[], Recipe]] = {
    "sine": sine,
    "multistyle": multistyle,
    "stylegan2": partial(sampled, "stylegan2", partial(stylegan.stylegan2, resolution=32, base=512, most=64, w=64)),
    "stylegan3-t": partial(sampled, "stylegan3-t", partial(stylegan.stylegan3, 32, 256, 16, 32)),
    "stylegan3-r": partial(sampled, "stylegan3-r", partial(stylegan.stylegan3, 32, 256, 16, 32, True)),
    "biggan": partial(sampled, "biggan", partial(biggan.biggan, resolution=64, width=8, classes=5, z=16)),
    "dcgan": partial(sampled, "dcgan", partial(biggan.dcgan, resolution=32, width=8)),
    "pix2pix": partial(sampled, "pix2pix", partial(pictures.unet, downs=5, width=8), (64, 64)),
    "cyclegan": partial(sampled, "cyclegan", partial(pictures.resnet, width=8, blocks=2), (64, 64)),
    "pix2pixhd": partial(sampled, "pix2pixhd", partial(pictures.resnet, width=8, blocks=2, downs=4), (64, 64)),
    "fast_style": partial(sampled, "fast_style", partial(pictures.fast_style, width=8), (64, 64)),
    "resight": partial(sampled, "resight", partial(pictures.resight, (8, 8, 16, 16, 16), 1), (64, 64)),
    "texture": texture,
    "adain": partial(sampled, "adain", pictures.adain, (64, 64)),
}
