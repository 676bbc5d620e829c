"""StyleGAN3's activation: a leaky relu at a higher rate, so that what it makes above the signal's band is cut away.

Karras et al. 2021 (2106.12423), 3.2: insert zeros by ``up``, FIR, leaky relu, clamp, FIR, keep each ``down``-th.

    x (N, C, stop - start, stop - start)  ->  (N, C, out, out)

The picture at the higher rate is never put together. Zero insertion makes of it up x up pictures at the input's rate
that know nothing of each other, its phases, and a decimating FIR is a sum over phases: all is plain depthwise
convolution of stride 1. For a CPU in bf16 that is the form that is fast: transposed and strided depthwise convolutions
are a reference loop there, ten and more times slower, and products with banded matrices multiply mostly zeros.

Along an axis, with ``lo`` zeros before the zero-inserted x and filters f and g:

    mid[j] = sum_i x[i] up f[j + len(f) - 1 - lo - i up]        y[o] = sum_k mid[o down + k] g[len(g) - 1 - k]

``lo`` may be negative: rows of x outside start .. stop are not read, and whoever makes x may spare them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.2
GAIN = 2**0.5  # behind the leaky relu; in front of it, in the filter, it is the same


@dataclass(frozen=True, slots=True)
class Resampling:
    """Sides of the input and the output, the two factors, and the zeros (or, negative, the crop) before the input."""

    size: int
    out: int
    up: int
    down: int
    lo: int


class FilteredLrelu(nn.Module):
    """``up_filter`` (taps,), ``down_filter`` (taps,) or (taps, taps), as a checkpoint stores them."""

    def __init__(
        self, channels: int, how: Resampling, up_filter: Tensor, down_filter: Tensor, clamp: float | None
    ) -> None:
        super().__init__()
        self.out, self.up, self.clamp = how.out, how.up, clamp
        self.split = how.up // how.down  # phases of the output along an axis
        self.radial = down_filter.ndim == 2
        places = _down_places(down_filter.shape[0], how)
        firsts, kernels = _up_kernels(up_filter, how)
        # A phase makes as many rows as the output's phases read of it, and reads x from its first to its end for them.
        rows = [-(-how.out // self.split) + len(taps) - 1 for taps in places[0]]
        ends = [first + made + len(k) - 1 for first, made, k in zip(firsts, rows, kernels, strict=True)]
        self.start, self.stop = max(min(firsts), 0), min(max(ends), how.size)
        self.edges: list[tuple[int, int]] = []
        for a, (first, end) in enumerate(zip(firsts, ends, strict=True)):
            # A phase that reads less than the others gets zero taps: cheaper than a crop, which is a copy.
            kernel = F.pad(kernels[a], (max(first - self.start, 0), max(self.stop - end, 0)))
            self.edges.append((max(self.start - first, 0), max(end - self.stop, 0)))
            self._keep(f"up_y{a}", kernel[:, None], channels)
            self._keep(f"up_x{a}", kernel[None] * GAIN, channels)
        flipped = F.pad(down_filter.flip(*range(down_filter.ndim)), (0, 1) * down_filter.ndim)
        for b, of_output in enumerate(places):
            for a, taps in enumerate(of_output):
                if not self.radial:
                    self._keep(f"down_y{b}{a}", flipped[taps][:, None], channels)
                    self._keep(f"down_x{b}{a}", flipped[taps][None], channels)
                    continue
                for bx, of_column in enumerate(places):
                    for ax, along in enumerate(of_column):
                        self._keep(f"down{b}{a}{bx}{ax}", flipped[taps][:, along], channels)

    def forward(self, x: Tensor) -> Tensor:
        ups = range(self.up)
        rows = [self._raised(x, a, 0) for a in ups]
        mids = [[self._active(self._raised(row, a, 1)) for a in ups] for row in rows]
        return self._joined(self._radial(mids) if self.radial else self._separable(mids))

    def _raised(self, x: Tensor, phase: int, axis: int) -> Tensor:
        before, after = self.edges[phase]
        both = min(before, after)
        if before != after:
            rest = (before - both, after - both)
            x = F.pad(x, (0, 0, *rest) if axis == 0 else rest)
        name, padding = ("up_y", (both, 0)) if axis == 0 else ("up_x", (0, both))
        return F.conv2d(x, getattr(self, f"{name}{phase}"), padding=padding, groups=x.shape[1])

    def _active(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(x, SLOPE)
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)

    def _separable(self, mids: list[list[Tensor]]) -> list[Tensor]:
        outs = range(self.split)
        rows = [[self._lowered([(mid[a], f"down_x{b}{a}") for a in range(self.up)]) for b in outs] for mid in mids]
        return [self._lowered([(rows[a][bx], f"down_y{by}{a}") for a in range(self.up)]) for by in outs for bx in outs]

    def _radial(self, mids: list[list[Tensor]]) -> list[Tensor]:
        ups, outs = range(self.up), range(self.split)
        return [
            self._lowered([(mids[ay][ax], f"down{by}{ay}{bx}{ax}") for ay in ups for ax in ups])
            for by in outs
            for bx in outs
        ]

    def _lowered(self, terms: list[tuple[Tensor, str]]) -> Tensor:
        return reduce(torch.add, [F.conv2d(x, getattr(self, name), groups=x.shape[1]) for x, name in terms])

    def _joined(self, phases: list[Tensor]) -> Tensor:
        """The output's phases, row by row, between each other. Channels last within: the order that backends fuse."""
        if self.split == 1:
            return phases[0]
        count, channels, rows, columns = phases[0].shape
        x = torch.cat(phases, 1).reshape(count, self.split, self.split, channels, rows, columns)
        x = x.permute(0, 3, 4, 1, 5, 2).reshape(count, channels, rows * self.split, columns * self.split)
        return x[:, :, : self.out, : self.out]

    def _keep(self, name: str, kernel: Tensor, channels: int) -> None:
        self.register_buffer(name, kernel.repeat(channels, 1, 1, 1).contiguous())


def _up_kernels(taps: Tensor, how: Resampling) -> tuple[list[int], list[Tensor]]:
    """For each phase: the first row of x that its row 0 reads, and its taps from there on."""
    firsts, kernels = [], []
    for phase in range(how.up):
        whole, part = divmod(phase + len(taps) - 1 - how.lo, how.up)
        kernels.append(taps[part :: how.up].flip(0) * how.up)
        firsts.append(whole - len(kernels[-1]) + 1)
    return firsts, kernels


def _down_places(taps: int, how: Resampling) -> list[list[Tensor]]:
    """[phase of the output][phase read]: indices into the flipped filter; ``taps`` stands for a zero.

    Row o of phase b reads mid row (o split + b) down + k: row o + t of phase a, where t up + a = b down + k.
    """
    starts = [b * how.down for b in range(how.up // how.down)]
    counts = [1 + max(0, *((start + taps - 1 - a) // how.up for start in starts)) for a in range(how.up)]
    places = [[torch.arange(counts[a]) * how.up + a - start for a in range(how.up)] for start in starts]
    return [[torch.where((k >= 0) & (k < taps), k, taps) for k in row] for row in places]
