"""Two checkpoints of one network, mixed live: a network whose every weight lies between theirs.

Wang, Liu, Huang et al. 2018 (1811.10515) mix networks so; Pinkney, Adler 2020 (2010.05334) do it layer by layer. It
paints well when one checkpoint was trained on from the other; two that share nothing give mush in the middle.

    blend(amount (1,), *inputs) -> what the network returns; amount 0 is a, 1 is b, outside of 0..1 leads past them

Exact at both ends, and in between the network built from a * (1 - amount) + b * amount of all parameters and buffers
as ours hold them, with batch norm and spectral norm already folded in. A network that derives something from its
weights (StyleGAN 2's demodulation) must do so in ``forward``.

The weights are mixed in the graph, once a frame. The other way, each layer run with both weights and the results mixed,
costs about as much with OpenVINO in bf16 and twice as much in float32, and is not the same behind a demodulation.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

PLAIN = (int, float, str, bool, tuple, type(None))
SHOWN = 3


class Blend(nn.Module):
    """Raises ValueError when the two are not the same network but for their numbers."""

    def __init__(self, a: nn.Module, b: nn.Module) -> None:
        super().__init__()
        _same(a, b)
        self.a, self.b = a, b
        layers = getattr(a, "layers", None)  # a part may call its submodules so, which is no table of names
        self.layers = {name: f"a.{path}" for name, path in layers.items()} if isinstance(layers, dict) else {}
        other = _numbers(b)
        # What is equal stays a constant: a filter, or the layers that a fine-tuning left frozen, cost nothing.
        self._mixed = [name for name, tensor in _numbers(a).items() if not torch.equal(tensor, other[name])]

    def forward(self, amount: Tensor, *inputs: Tensor) -> Any:
        ours, theirs, rest = _numbers(self.a), _numbers(self.b), 1 - amount
        # Two products: a + (b - a) * amount is not b at 1. (shape) for the numbers that have no axes.
        mixed = {name: (ours[name] * rest + theirs[name] * amount).reshape(ours[name].shape) for name in self._mixed}
        return torch.func.functional_call(self.a, mixed, inputs)


def _numbers(net: nn.Module) -> dict[str, Tensor]:
    return {**dict(net.named_parameters()), **dict(net.named_buffers())}


def _same(a: nn.Module, b: nn.Module) -> None:
    shapes, others = ({name: tuple(t.shape) for name, t in _numbers(net).items()} for net in (a, b))
    if one_sided := sorted(shapes.keys() ^ others.keys()):
        raise ValueError(f"two networks that differ in {', '.join(one_sided[:SHOWN])} cannot be blended")
    for name, shape in shapes.items():
        if shape != others[name]:
            raise ValueError(f"{name} is {shape} in one and {others[name]} in the other: they cannot be blended")
    # What is no tensor is taken from a: a gain or a clamp of b's own would be lost.
    for (name, left), (_, right) in zip(a.named_modules(), b.named_modules(), strict=True):
        where, other = name or "the whole", vars(right)
        if type(left) is not type(right):
            raise ValueError(f"{where} is a {type(left).__name__} in one and a {type(right).__name__} in the other")
        for key, value in vars(left).items():
            if isinstance(value, PLAIN) and value != other.get(key):
                raise ValueError(f"{where}: {key} is {value} in one and {other.get(key)} in the other")
