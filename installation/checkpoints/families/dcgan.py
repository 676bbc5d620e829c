"""DCGAN-like generators (Radford, Metz, Chintala 2016), whatever their layers are called.

Many people wrote one, few with the same names. So names are only used for order: the 4x4 kernels must make a chain, out
of one into the next, in the order of the file or in that of their names, and the i-th batch norm is that behind the
i-th of them.

No shape tells how many of the inputs are classes. A config.json beside the file, or the training's own arguments, may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from installation.checkpoints.found import Found, Recognised, Shape
from installation.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 3  # layers; two would make 8x8
STEP = 3  # from layer to layer in our names, as convolution, norm and activation are numbered in a sequence
NORM = ("weight", "bias", "running_mean", "running_var")
JUNK = "num_batches_tracked"
CLASSES = ("classes", "num_classes", "n_classes", "nclasses")
USUAL_Z = 100


def recognise(found: Found) -> Recognised | None:
    shapes = found.shapes
    kernels = [name for name, shape in shapes.items() if len(shape) == 4]
    if len(kernels) < LEAST or any(shapes[name][2:] != (4, 4) for name in kernels):
        return None
    orders = (kernels, sorted(kernels, key=_natural))
    if any(_chained(shapes, order, into=1, out=0) and shapes[order[-1]][0] == 1 for order in orders):
        raise ModelError("it is a discriminator, which judges pictures and makes none", "convert the generator: netG")
    ordered = next((order for order in orders if _chained(shapes, order, into=0, out=1)), None)
    if ordered is None or shapes[ordered[-1]][1] not in (1, 3):
        return None
    names = _names(shapes, ordered)
    inputs, channels = shapes[ordered[0]][0], shapes[ordered[-1]][1]
    classes = _classes(found.facts, inputs)
    side = 4 * 2 ** (len(ordered) - 1)

    def rename(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return {names.get(name, name): tensor for name, tensor in tensors.items() if not name.endswith(JUNK)}

    return Recognised(
        family="dcgan",
        words=f"DCGAN, {side}x{side} {'RGB' if channels == 3 else 'grey'}, {_known(inputs, classes)}",
        network={"classes": classes},
        rename=rename,
        resolution=(side, side),
        latent=inputs - classes,
        classes=classes,
        notes="" if classes or inputs <= USUAL_Z else _advice(inputs),
    )


def _chained(shapes: Mapping[str, Shape], names: list[str], into: int, out: int) -> bool:
    return all(shapes[after][into] == shapes[before][out] for before, after in pairwise(names))


def _natural(name: str) -> list[tuple[int, str]]:
    """layer2 before layer10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _names(shapes: Mapping[str, Shape], kernels: list[str]) -> dict[str, str]:
    """Name in the file -> our name."""
    names: dict[str, str] = {}
    layers = [name.removesuffix("weight") for name in kernels]
    norms = _norms(shapes, layers)
    if len(norms) not in (0, len(layers) - 1):
        raise ModelError(
            f"it is a DCGAN of {len(layers)} layers with {len(norms)} batch norms",
            "known are those with one behind each layer but the last, and those with none",
        )
    for index, layer in enumerate(layers):
        names |= {f"{layer}{part}": f"main.{STEP * index}.{part}" for part in ("weight", "bias")}
    for index, norm in enumerate(norms):
        names |= {f"{norm}{part}": f"main.{STEP * index + 1}.{part}" for part in NORM}
    strange = [name for name in shapes if name not in names and not name.endswith(JUNK)]
    if strange:
        raise ModelError(
            f"it is a DCGAN with layers that we do not know: {', '.join(strange[:3])}",
            "known are transposed convolutions, batch norms, and classes that are put behind z as they are",
        )
    return names


def _norms(shapes: Mapping[str, Shape], layers: list[str]) -> list[str]:
    """Prefixes of the batch norms, the i-th as wide as the i-th layer, in the file's order or in that of the names."""
    found = [name.removesuffix("running_mean") for name in shapes if name.endswith("running_mean")]
    widths = [shapes[f"{layer}weight"][1:2] for layer in layers]

    def fits(norms: Iterable[str]) -> bool:
        return all(shapes[f"{norm}running_mean"] == width for norm, width in zip(norms, widths, strict=False))

    return next((order for order in (found, sorted(found, key=_natural)) if fits(order)), found)


def _classes(facts: Mapping[str, Any], inputs: int) -> int:
    tables = [table for table in (facts.get("config"), facts.get("args")) if isinstance(table, Mapping)]
    for table in tables:
        for count in (table.get(key) for key in CLASSES):
            if isinstance(count, int) and not isinstance(count, bool) and 0 < count < inputs:
                return count
    return 0


def _known(inputs: int, classes: int) -> str:
    return f"{inputs - classes} inputs and {classes} classes" if classes else f"{inputs} inputs"


def _advice(inputs: int) -> str:
    return (
        f"if the last of its {inputs} inputs are classes, put a config.json with their number beside the file, "
        'such as {"classes": 8}, and convert it again'
    )
