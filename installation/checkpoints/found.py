"""What lies between a foreign file and a model of ours, as plain data.

    file --foreign/--> Found --families/--> Recognised --models/convert--> models/NAME/{model.yaml, weights.safetensors}

``Found`` is what a reader saw, before anybody asked for a tensor. ``Recognised`` is what that is, in our words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """``shapes``: tensor name in the file -> shape, dots for nesting. ``facts``: plain values that lay beside them.

    Facts hold only what JSON holds: words, numbers, lists, tables. They are a stranger's words: look, never trust.
    """

    container: str  # "nvidia pickle", "torch zip", "torch legacy", "safetensors", "onnx", "torchscript"
    shapes: Mapping[str, Shape]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A family, the numbers its network is made from, and how to bring the file's tensors to our network's names."""

    family: str  # a row of models.FAMILIES
    words: str  # one line for people: "StyleGAN2-ADA, 256x256 RGB, 5 classes"
    network: Mapping[str, Any]  # arguments of the network's class; plain values, written into the card
    rename: Callable[[Mapping[str, Tensor]], dict[str, Tensor]]
    resolution: tuple[int, int] | None = None  # None: any size
    latent: int = 0  # length of z; 0: it paints from a picture
    classes: int = 0  # how many there are; their names are not in a checkpoint
    class_noun: str = "class"  # what a class is called in a show: generator.class.c3
    preprocessing: Mapping[str, str | int] = field(default_factory=dict)
    licence: str = ""  # what weights of this kind usually carry; the artist must know better
    notes: str = ""
