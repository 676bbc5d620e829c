"""Networks of every family at sizes people use, with random weights: for measuring, and for comparing backends.

A sample is a checkpoint as its family's own program would write it, so it takes the whole way of an artist's file:
recognised by its names, renamed, checked, written as a model with a card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from installation.benchmark.samples import biggan, pictures, stylegan
from installation.benchmark.samples.layout import Layout
from installation.checkpoints.card import Card, read_card
from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.models import written
from installation.models.families import Size

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "weights.safetensors"


@dataclass(frozen=True, slots=True)
class Sample:
    """``size`` for networks that take pictures of any."""

    layout: Callable[[], Layout]
    size: Size = (0, 0)


SAMPLES: Mapping[str, Sample] = {
    "stylegan2-256": Sample(stylegan.stylegan2),
    "stylegan2-256-light": Sample(partial(stylegan.stylegan2, base=8192, most=256)),
    "stylegan3-t-256-light": Sample(partial(stylegan.stylegan3, base=8192, most=256)),
    "biggan-deep-128": Sample(biggan.biggan),
    "dcgan-64": Sample(biggan.dcgan),
    "pix2pix-unet-256": Sample(pictures.unet, (256, 256)),
    "cyclegan-256": Sample(pictures.resnet, (256, 256)),
    "pix2pixhd-256": Sample(partial(pictures.resnet, 32, 9, 4), (256, 256)),
    "fast-style-256": Sample(pictures.fast_style, (256, 256)),
    "multistyle-256": Sample(pictures.multistyle, (256, 256)),
    "resight-256": Sample(pictures.resight, (256, 256)),
    "texture-256": Sample(pictures.texture, (256, 256)),
    "adain-256": Sample(pictures.adain, (256, 256)),
}


def card(name: str, folder: Path, seed: int = 0) -> Card:
    """The sample as a model in ``folder``."""
    shapes, facts = SAMPLES[name].layout()
    return write(name, Found("sample", shapes, facts), draw(shapes, seed), folder)


def write(name: str, found: Found, tensors: Mapping[str, Tensor], folder: Path) -> Card:
    """Any checkpoint's tensors as a model in ``folder``. Raises ModelError."""
    from safetensors.torch import save_file

    recognised = recognise(found)
    state = {key: tensor.contiguous() for key, tensor in recognised.rename(tensors).items()}
    save_file(state, folder / WEIGHTS)
    written.write(folder, name, recognised, [Path(name)], WEIGHTS)
    return read_card(folder / "model.yaml", name)


def draw(shapes: Mapping[str, tuple[int, ...]], seed: int) -> dict[str, Tensor]:
    """Weights of the size training starts from, so that signals neither die nor explode on their way."""
    import torch

    made = torch.Generator().manual_seed(seed)
    tensors: dict[str, Tensor] = {}
    for name, shape in shapes.items():
        last = name.rpartition(".")[2]
        normal = torch.randn(shape, generator=made)
        if last in ("running_var", "running_vars", "magnitude_ema", "gamma"):
            tensors[name] = 1 + 0.1 * normal.abs()
        elif last == "weight" and len(shape) == 1:  # the gain of a normalisation
            tensors[name] = 1 + 0.1 * normal
        elif last in ("bias", "running_mean", "running_means", "beta", "noise_strength"):
            tensors[name] = 0.1 * normal
        elif "synthesis." in name or "mapping." in name:  # scaled when it runs (Karras 2018, section 4.1)
            tensors[name] = normal / 0.01 if name.startswith("mapping.fc") else normal
        elif len(shape) >= 2:
            fan_in = normal[0].numel()
            tensors[name] = normal * (2 / fan_in) ** 0.5
        else:
            tensors[name] = normal
        if name.endswith("affine.bias"):
            tensors[name] = torch.ones(shape)
        elif last == "resample_filter":  # no weight: every StyleGAN2 has this one
            taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
            tensors[name] = taps.outer(taps) / 64
        elif last in ("up_filter", "down_filter"):
            tensors[name] = _low_pass(shape)
        elif last == "transform":
            tensors[name] = torch.eye(3)
    _normalise(tensors)
    return tensors


def _low_pass(shape: tuple[int, ...]) -> Tensor:
    """Any will do to measure; StyleGAN3's own are Kaiser windows of a sinc."""
    import torch

    line = torch.hamming_window(shape[0], periodic=False)
    taps = line if len(shape) == 1 else line.outer(line)
    return taps / taps.sum()


def _normalise(tensors: dict[str, Tensor]) -> None:
    """The stored vectors of a spectral norm, as training leaves them: two steps of the power iteration."""
    for name in [name for name in tensors if name.endswith(".weight_orig")]:
        matrix, base = tensors[name].flatten(1), name.removesuffix("_orig")
        v = tensors[f"{base}_v"]
        for _ in range(2):
            u = matrix @ v / (matrix @ v).norm()
            v = matrix.T @ u / (matrix.T @ u).norm()
        tensors[f"{base}_u"], tensors[f"{base}_v"] = u, v
