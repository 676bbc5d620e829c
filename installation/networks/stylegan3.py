"""StyleGAN3, T (translation) and R (also rotation): a picture whose details move with it, not with the pixels.

Karras et al. 2021 (2106.12423).

    mapping     z (N, z_dim) [, c (N, c_dim)]                    ->  w (N, w_dim)
    synthesis   ws (N, num_layers + 2, w_dim), transform (3, 3)  ->  (N, channels, R, R) in about -1..1

``transform`` moves the whole picture: see ``latent/transform.py`` for how to make one of a shift and a turn.
Truncation is done outside, with ``mapping.w_avg``.

Checkpoint names are the official ones (``synthesis.input.freqs``, ``synthesis.L3_36_512.affine.weight``). Sides and
channels are in the names, filters among the tensors; rates follow from the numbers that ``plan`` takes. Raises
ValueError when the tensors are not those of the network that the numbers tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log2
from typing import Any, Self

import torch
from torch import Tensor, nn

from installation.networks.filtered_layer import FilteredLayer, FilteredToRGB
from installation.networks.fourier_input import FourierInput
from installation.networks.state import State
from installation.networks.style_mapping import MappingNetwork

NAME = re.compile(r"synthesis\.(L(\d+)_(\d+)_(\d+))\.weight")


@dataclass(frozen=True, slots=True)
class Stage:
    """What a layer makes: its side, its rate in samples a picture's side, whether its band is the whole of it."""

    size: int
    rate: int
    critical: bool


def plan(
    resolution: int,
    num_layers: int = 14,
    num_critical: int = 2,
    first_cutoff: float = 2.0,
    first_stopband: float = 2**2.1,
    last_stopband_rel: float = 2**0.3,
    margin_size: int = 10,
) -> list[Stage]:
    """The layers and the last 1x1 convolution (appendix C of the paper): bands grow geometrically to half the side."""
    if not 0 <= num_critical < num_layers or min(resolution, first_cutoff, first_stopband, last_stopband_rel) <= 0:
        raise ValueError(f"no StyleGAN3 has {num_layers} layers, {num_critical} of them critical, at {resolution}")
    made = []
    for i in range(num_layers + 1):
        along = min(i / (num_layers - num_critical), 1)
        stopband = first_stopband * (resolution / 2 * last_stopband_rel / first_stopband) ** along
        rate = 2 ** ceil(log2(min(stopband * 2, resolution)))
        size = resolution if i >= num_layers - 1 else rate + 2 * margin_size
        made.append(Stage(size, rate, i >= num_layers - num_critical))
    return made


class Synthesis(nn.Module):
    def __init__(self, waves: FourierInput, convs: list[FilteredLayer], torgb: FilteredToRGB) -> None:
        super().__init__()
        self.input, self.convs, self.torgb = waves, nn.ModuleList(convs), torgb

    def forward(self, ws: Tensor, transform: Tensor) -> Tensor:
        x = self.input(ws[:, 0], transform)
        for i, conv in enumerate(self.convs):
            x = conv(x, ws[:, i + 1])
        return self.torgb(x, ws[:, len(self.convs) + 1])


class StyleGAN3(nn.Module):
    """``transform``: what the checkpoint holds as its own movement, no movement in all that have not been edited."""

    transform: Tensor

    def __init__(self, mapping: MappingNetwork, synthesis: Synthesis, resolution: int, transform: Tensor) -> None:
        super().__init__()
        self.mapping, self.synthesis, self.resolution = mapping, synthesis, resolution
        self.z_dim, self.c_dim, self.w_dim = mapping.z_dim, mapping.c_dim, mapping.w_dim
        self.num_ws = len(synthesis.convs) + 2
        self.channels = synthesis.torgb.weight.shape[0]
        self.layers = {"input": "synthesis.input"}
        self.layers |= {f"L{i}": f"synthesis.convs.{i}" for i in range(len(synthesis.convs))}
        self.register_buffer("transform", transform)

    def forward(self, ws: Tensor, transform: Tensor) -> Tensor:
        return self.synthesis(ws, transform)

    def style_matrix(self) -> Tensor:
        """(rows, w_dim): how w becomes the styles of all convolutions, one under the other."""
        return torch.cat([conv.affine.weight[: conv.wide] for conv in self.synthesis.convs])

    @classmethod
    def from_state(
        cls,
        state: Mapping[str, Tensor],
        *,
        z_dim: int,
        w_dim: int,
        resolution: int,
        c_dim: int = 0,
        channels: int = 3,
        mapping_layers: int = 2,
        lr_multiplier: float = 0.01,
        output_scale: float = 0.25,
        conv_clamp: float | None = 256,
        conv_kernel: int = 3,
        filter_size: int = 6,
        lrelu_upsampling: int = 2,
        use_radial_filters: bool = False,
        **numbers: Any,
    ) -> Self:
        """``numbers`` are those of ``plan``. A number left out is what the official code takes for it."""
        stages = plan(resolution, **numbers)
        held, names = State(state), _names(state, stages)
        with torch.no_grad():
            mapping = MappingNetwork.from_state(
                held, z_dim=z_dim, c_dim=c_dim, w_dim=w_dim, layers=mapping_layers, lr_multiplier=lr_multiplier
            )
            first = stages[0]
            bandwidth = float(numbers.get("first_cutoff", 2.0))
            waves = FourierInput.from_state(
                held, "synthesis.input", w_dim=w_dim, size=first.size, rate=first.rate, bandwidth=bandwidth
            )
            transform = held.take("synthesis.input.transform", (3, 3))
            wide, before, convs = waves.wide, first, []
            for name, stage in zip(names[:-1], stages[:-1], strict=True):
                conv = FilteredLayer.from_state(
                    held,
                    f"synthesis.{name}",
                    wide=wide,
                    w_dim=w_dim,
                    kernel=conv_kernel,
                    sides=(before.size, stage.size),
                    rates=(before.rate, stage.rate),
                    taps=filter_size,
                    oversampling=lrelu_upsampling,
                    radial=use_radial_filters and not stage.critical,
                    clamp=conv_clamp,
                )
                convs.append(conv)
                wide, before = conv.out, stage
            torgb = FilteredToRGB.from_state(
                held, f"synthesis.{names[-1]}", wide, w_dim, channels, conv_clamp, output_scale
            )
        held.finish()
        return cls(mapping, Synthesis(waves, convs, torgb), resolution, transform).eval().requires_grad_(False)


def _names(state: Mapping[str, Tensor], stages: list[Stage]) -> list[str]:
    """The layers' names in order. Their sides must be those of the plan: from another plan, rates would be wrong."""
    found = {int(m[2]): (m[1], int(m[3])) for m in map(NAME.fullmatch, state) if m}
    if sorted(found) != list(range(len(stages))):
        raise ValueError(f"{len(found)} synthesis layers, wanted {len(stages)}")
    for i, stage in enumerate(stages):
        if found[i][1] != stage.size:
            raise ValueError(f"synthesis.{found[i][0]} has the side {found[i][1]}, wanted {stage.size}")
    return [found[i][0] for i in range(len(stages))]
