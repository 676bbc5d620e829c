"""What a checkpoint file holds: tensor name -> shape as it stands in the file, and the plain values beside them."""

from __future__ import annotations

from typing import Any

Shapes = dict[str, tuple[int, ...]]
Layout = tuple[Shapes, dict[str, Any]]


def conv(name: str, out: int, into: int, side: int, bias: bool = True) -> Shapes:
    shapes: Shapes = {f"{name}.weight": (out, into, side, side)}
    if bias:
        shapes[f"{name}.bias"] = (out,)
    return shapes


def norm(name: str, channels: int, stored: bool = True) -> Shapes:
    """A normalisation with gain and bias; ``stored``: and the statistics of a batch norm."""
    shapes: Shapes = {f"{name}.weight": (channels,), f"{name}.bias": (channels,)}
    if stored:
        shapes |= {f"{name}.running_mean": (channels,), f"{name}.running_var": (channels,)}
    return shapes
