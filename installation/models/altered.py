"""How a show alters a network before it is made ready: layers that it bends, a second model that it blends in.

Each is one more input of the graph, so both are live: ``blend`` (1,) in front of the network's own inputs, 0 the card's
own model and 1 the other; ``bend_LAYER`` (3,) behind them, scale, rotate and threshold (networks/bend.py, blend.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installation.backends.recipe import Input
from installation.checkpoints.card import Card
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import nn

BLEND = "blend"


def dial(layer: str) -> str:
    """The input that bends a layer."""
    return f"bend_{layer}"


@dataclass(frozen=True, slots=True)
class Altered:
    """``bent``: names of layers; ``blend``: a model of the same family and shape."""

    bent: tuple[str, ...] = ()
    blend: Card | None = None

    def inputs(self, plain: Mapping[str, Input]) -> dict[str, Input]:
        """A network's inputs with those that alter it, in the order it takes them."""
        before = {BLEND: Input((1,), "float32")} if self.blend else {}
        return {**before, **plain, **{dial(name): Input((3,), "float32") for name in self.bent}}

    def build(self, build: Callable[[Card], nn.Module], card: Card) -> nn.Module:
        """The altered network. Raises ModelError when the two are not of one shape, or a layer is not there."""
        from installation.networks.bend import Bent
        from installation.networks.blend import Blend

        try:
            net = build(card)
            net = Blend(net, build(self.blend)) if self.blend else net
            return Bent(net, self.bent) if self.bent else net
        except ValueError as error:
            other = f" and '{self.blend.name}'" if self.blend else ""
            raise ModelError(f"'{card.name}'{other}: {error}") from error

    def parts(self) -> tuple[str, ...]:
        """All of it that decides what is computed."""
        return (*self.bent, *(weight.sha256 for weight in (self.blend.weights if self.blend else ())))


AS_IT_IS = Altered()
