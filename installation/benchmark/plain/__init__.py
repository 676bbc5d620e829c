"""Networks as their papers draw them, in plain torch: what our rewritten ones are measured against, and compared with.

This is what an artist has who runs a checkpoint in the program that it was trained by. A family that is not in here our
own module plays as its paper draws it, but for a small thing here and there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from installation.benchmark.plain.program import PlainProgram
from installation.checkpoints import weights
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.models import recipes

if TYPE_CHECKING:
    from torch import Tensor, nn

Build = Callable[[Mapping[str, "Tensor"], Mapping[str, Any]], "nn.Module"]


def _unet(state: Mapping[str, Tensor], network: Mapping[str, Any]) -> nn.Module:
    from installation.benchmark.plain.unet import PlainUNet

    return PlainUNet.from_state(state)


def _stylegan2(state: Mapping[str, Tensor], network: Mapping[str, Any]) -> nn.Module:
    from installation.benchmark.plain.stylegan2 import PlainSynthesis

    if network.get("architecture", "skip") != "skip":
        raise ModelError(f"no plain form is written of the architecture '{network['architecture']}'")
    return PlainSynthesis.from_state(state, network.get("conv_clamp"))


# family -> its plain form of a card's tensors and its ``network``
PLAIN: Mapping[str, Build] = {"pix2pix": _unet, "stylegan2": _stylegan2}


def load(card: Card) -> PlainProgram:
    """The part of a model that makes the picture, with the inputs and the output that our own has. ``card.family`` is
    one of PLAIN. Raises ModelError."""
    net = PLAIN[card.family](weights.state(card), card.network)
    return PlainProgram(net, recipes.family_of(card).picture.output)
