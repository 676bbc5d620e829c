"""StyleGAN2 as NVIDIA's PyTorch code names it: the ADA repository, the StyleGAN3 repository, and state dicts of both.

What shapes do not tell is read from the layers' own values, which are what the official code computes with; where
there are none, a repository's default stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.checkpoints.families.style_parts import (
    LICENCE,
    colours,
    mapping_numbers,
    number,
    one_filter,
    shape,
    table,
)
from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

KIND = "a StyleGAN2"
FIRST = "synthesis.b4.const"
SIDES = tuple(2**n for n in range(2, 12))
LR_MULTIPLIER = 0.01  # of a mapping network that says nothing else
CONV_CLAMP = 256.0  # the StyleGAN3 repository's default, and what both training scripts set
_CONV = re.compile(r"(synthesis\.b(\d{1,4})\.conv[01])\.weight")
_FILTER = re.compile(r"synthesis\.b\d{1,4}\.(?:(?:conv[01]|skip)\.)?resample_filter")


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    if FIRST not in shapes:
        return None
    resolution = max(side for side in SIDES if side == 4 or f"synthesis.b{side}.conv1.weight" in shapes)
    mapped = mapping_numbers(found, KIND, "synthesis.b4.conv1")
    channels = shape(found, KIND, f"synthesis.b{resolution}.torgb.weight", 4)[0]
    architecture = _architecture(shapes, resolution)
    network = {
        **mapped,
        "lr_multiplier": _lr_multiplier(found.facts),
        "resolution": resolution,
        "channels": channels,
        "architecture": architecture,
    }
    clamps = _clamps(found.facts)
    notes = "" if found.facts.get("network") else "it does not say what its layers are clamped to: 256, as is usual"
    return Recognised(
        family="stylegan2",
        words=", ".join(
            [
                "StyleGAN2" if architecture == "skip" else f"StyleGAN2 ({architecture})",
                f"{resolution}x{resolution} {colours(KIND, channels)}",
                *([f"{mapped['c_dim']} classes"] if mapped["c_dim"] else []),
            ]
        ),
        network=network | clamps,
        rename=renamed,
        resolution=(resolution, resolution),
        latent=mapped["z_dim"],
        classes=mapped["c_dim"],
        licence=LICENCE,
        notes=notes,
    )


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The names are ours already. The filters go, once seen to be the usual one; layers without noise get silence."""
    import torch

    kept = {}
    for name, tensor in tensors.items():
        if _FILTER.fullmatch(name):
            one_filter(KIND, name, tensor, 1.0)
        else:
            kept[name] = tensor
    for name in tensors:
        conv = _CONV.fullmatch(name)
        if conv and int(conv[2]) in SIDES and f"{conv[1]}.noise_strength" not in tensors:
            side = int(conv[2])
            kept.setdefault(f"{conv[1]}.noise_const", torch.zeros(side, side))
            kept[f"{conv[1]}.noise_strength"] = torch.zeros(())
    return kept


def _architecture(shapes: Mapping[str, Any], resolution: int) -> str:
    if any(name.endswith(".skip.weight") for name in shapes):
        return "resnet"
    return "skip" if resolution == 4 or "synthesis.b4.torgb.weight" in shapes else "orig"


def _lr_multiplier(facts: Mapping[str, Any]) -> float:
    mapping = table(facts, "network", "mapping")
    first = table(mapping, "fc0", "state")
    _leaky(first, "mapping network")
    told = first.get("bias_gain", table(mapping, "init_kwargs").get("lr_multiplier", LR_MULTIPLIER))
    return number(told, "lr_multiplier")


def _clamps(facts: Mapping[str, Any]) -> dict[str, float]:
    """conv_clamp and skip_clamp, where there are any."""
    synthesis = table(facts, "network", "synthesis")
    blocks = [block for name, block in synthesis.items() if re.fullmatch(r"b\d{1,4}", name)]
    states = [table(block, part, "state") for block in blocks for part in ("conv0", "conv1", "torgb")]
    for state in states:
        _leaky(state, "convolutions")
    convs = [state["conv_clamp"] for state in states if "conv_clamp" in state] or [_default_clamp(facts)]
    skips = [state.get("conv_clamp") for block in blocks if (state := table(block, "skip", "state"))]
    clamps = {}
    for key, each in (("conv_clamp", convs), ("skip_clamp", skips)):
        if any(value != each[0] for value in each):
            raise ModelError(f"{KIND} whose layers are clamped to different numbers", "known is one number for all")
        if each and each[0] is not None:
            clamps[key] = number(each[0], "conv_clamp")
    return clamps


def _default_clamp(facts: Mapping[str, Any]) -> Any:
    """For layers that do not tell: the constructor's words, else a default. Those of ADA are nested, and clamp not."""
    made = table(facts, "network", "init_kwargs")
    if "synthesis_kwargs" in made:
        return table(made, "synthesis_kwargs").get("conv_clamp")
    return made.get("conv_clamp", CONV_CLAMP)


def _leaky(state: Mapping[str, Any], what: str) -> None:
    if state.get("activation", "lrelu") != "lrelu":
        raise ModelError(f"{KIND} whose {what} use '{str(state['activation'])[:40]}'", "known is lrelu alone")
