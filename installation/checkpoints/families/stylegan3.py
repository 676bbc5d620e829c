"""StyleGAN3, T and R, as NVIDIA's PyTorch code names it, and state dicts of it.

Sides and channels are in the layers' names. What neither names nor shapes tell (bands, clamp, oversampling) is read
from the values that lie beside the tensors; where there are none, the official code's defaults stand in. Numbers that
do not belong to the tensors are refused later, by the network: the sides would not be those in the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from installation.checkpoints.families.style_parts import LICENCE, colours, mapping_numbers, number, shape, table
from installation.checkpoints.found import Found, Recognised
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

KIND = "a StyleGAN3"
FIRST = "synthesis.input.freqs"
MOST_LAYERS = 99
WHOLE = {"num_critical": 2, "margin_size": 10, "filter_size": 6, "lrelu_upsampling": 2}
REAL = {"first_cutoff": 2.0, "first_stopband": 2**2.1, "last_stopband_rel": 2**0.3, "output_scale": 0.25}
CONV_CLAMP = 256
LR_MULTIPLIER = 0.01
_LAYER = re.compile(r"synthesis\.(L(\d{1,2})_(\d{1,5})_\d{1,5})\.weight")


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    if FIRST not in shapes:
        return None
    layers = {int(match[2]): match for match in map(_LAYER.fullmatch, shapes) if match}
    if len(layers) < 2 or sorted(layers) != list(range(len(layers))):
        raise ModelError(f"{KIND}, but layers of it are missing: there are {len(layers)}", "is the file whole?")
    first, last = (f"synthesis.{layers[i][1]}" for i in (0, len(layers) - 1))
    resolution = int(layers[len(layers) - 1][3])
    mapped = mapping_numbers(found, KIND, "synthesis.input")
    channels = shape(found, KIND, f"{last}.weight", 4)[0]
    radial = len(shapes.get(f"{first}.down_filter", ())) == 2
    network = {
        **mapped,
        "lr_multiplier": _lr_multiplier(found.facts),
        "resolution": resolution,
        "channels": channels,
        "num_layers": len(layers) - 1,
        "conv_kernel": shape(found, KIND, f"{first}.weight", 4)[2],
        "use_radial_filters": radial,
        "conv_clamp": _clamp(found.facts),
        **_numbers(found.facts),
    }
    kind = f"StyleGAN3-{'R' if radial else 'T'}"
    classes = [f"{mapped['c_dim']} classes"] if mapped["c_dim"] else []
    told = bool(_made_with(found.facts))
    return Recognised(
        family="stylegan3",
        words=", ".join([kind, f"{resolution}x{resolution} {colours(KIND, channels)}", *classes]),
        network=network,
        rename=renamed,
        resolution=(resolution, resolution),
        latent=mapped["z_dim"],
        classes=mapped["c_dim"],
        licence=LICENCE,
        notes="" if told else "it does not say its bands, nor what its layers are clamped to: taken as is usual",
    )


def renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The names are ours already, and all of them are needed: filters and waves are not designed anew."""
    return dict(tensors)


def _numbers(facts: Mapping[str, Any]) -> dict[str, float]:
    told = _made_with(facts)
    numbers: dict[str, float] = {key: number(told.get(key, usual), key) for key, usual in REAL.items()}
    for key, usual in WHOLE.items():
        value = told.get(key, usual)
        least = 1 if key in ("filter_size", "lrelu_upsampling") else 0
        if type(value) is not int or not least <= value <= MOST_LAYERS:
            raise ModelError(f"its {key} is {str(value)[:40]}, wanted a whole number from {least} to {MOST_LAYERS}")
        numbers[key] = value
    return numbers


def _made_with(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The synthesis network's numbers: its own values, before its constructor's words, before the whole network's."""
    synthesis = table(facts, "network", "synthesis")
    return {**table(facts, "network", "init_kwargs"), **table(synthesis, "init_kwargs"), **table(synthesis, "state")}


def _clamp(facts: Mapping[str, Any]) -> float | None:
    synthesis = table(facts, "network", "synthesis")
    usual = _made_with(facts).get("conv_clamp", CONV_CLAMP)
    states = [table(synthesis, name, "state") for name in synthesis if re.fullmatch(r"L\d{1,2}_\d+_\d+", name)]
    clamps = [state.get("conv_clamp", usual) for state in states] or [usual]
    if any(clamp != clamps[0] for clamp in clamps):
        raise ModelError(f"{KIND} whose layers are clamped to different numbers", "known is one number for all")
    return None if clamps[0] is None else number(clamps[0], "conv_clamp")


def _lr_multiplier(facts: Mapping[str, Any]) -> float:
    mapping = table(facts, "network", "mapping")
    usual = table(mapping, "init_kwargs").get("lr_multiplier", LR_MULTIPLIER)
    return number(table(mapping, "fc0", "state").get("bias_gain", usual), "lr_multiplier")
