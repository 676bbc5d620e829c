"""What the recognisers of StyleGAN 2, in its two spellings, and 3 share."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.checkpoints.found import Found, Shape
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

COLOURS = {1: "grey", 3: "RGB", 4: "RGBA"}
LICENCE = "unknown: ask whoever trained it; NVIDIA's own weights and code are licensed for research and evaluation only"
TAPS = (1.0, 3.0, 3.0, 1.0)
CLOSE = 1e-4  # of a filter's largest number
_FC = re.compile(r"mapping\.fc(\d{1,3})\.weight")


def shape(found: Found, kind: str, name: str, rank: int) -> Shape:
    """The shape of a tensor that ``kind`` always has."""
    if name not in found.shapes:
        raise ModelError(f"{kind}, but its {name} is missing", "is the file whole, and a generator?")
    got = found.shapes[name]
    if len(got) != rank or 0 in got:
        raise ModelError(f"{kind}, but its {name} is {got}, wanted {rank} sides", "another network of the same name?")
    return got


def mapping_numbers(found: Found, kind: str, styled: str) -> dict[str, int]:
    """The mapping network's numbers, from NVIDIA's names. ``styled``: a layer of the synthesis that takes a style."""
    w_dim = shape(found, kind, f"{styled}.affine.weight", 2)[1]
    labelled = "mapping.embed.weight" in found.shapes
    embed, c_dim = shape(found, kind, "mapping.embed.weight", 2) if labelled else (0, 0)
    z_dim = shape(found, kind, "mapping.fc0.weight", 2)[1] - embed
    if z_dim < 1:
        raise ModelError(f"{kind} that paints from labels alone, without z", "known are those that take a z")
    layers = sum(bool(_FC.fullmatch(name)) for name in found.shapes)
    return {"z_dim": z_dim, "c_dim": c_dim, "w_dim": w_dim, "mapping_layers": layers}


def colours(kind: str, channels: int) -> str:
    if channels not in COLOURS:
        raise ModelError(f"{kind} that paints {channels} channels", "known are 1 (grey), 3 (RGB) and 4 (RGBA)")
    return COLOURS[channels]


def one_filter(kind: str, name: str, tensor: Tensor, total: float) -> None:
    """Raises unless it is [1, 3, 3, 1] both ways, which our network has built in, with this sum."""
    import torch

    taps = torch.tensor(TAPS, dtype=torch.float64)
    wanted = torch.outer(taps, taps) * (total / sum(TAPS) ** 2)
    if tensor.shape != wanted.shape or not bool((tensor.double() - wanted).abs().max() <= CLOSE * wanted.max()):
        raise ModelError(f"{kind}, but its {name} is not [1, 3, 3, 1]", "known is that filter alone")


def number(value: Any, what: str) -> float:
    """A stranger's number, positive and finite."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value > 0):
        raise ModelError(f"its {what} is {str(value)[:40]}, wanted a number above 0")
    return value


def table(facts: Any, *path: str) -> Mapping[str, Any]:
    """The table at that place of the facts, empty where there is none."""
    for key in path:
        facts = facts.get(key) if isinstance(facts, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}
