"""Network bending: a trained network's inner pictures are changed while it paints.

Broad, Leymarie, Grierson 2021, "Network Bending: Expressive Manipulation of Deep Generative Models". Nothing is
trained: between two layers the activations are thinned out, turned or made louder, and the layers after that paint
from what they are given.

    net(*inputs, *dials) -> what the network returns, one dial for every name, in that order

A dial is float32 (3,), (scale, rotate, threshold), applied to that layer's output from the right:

    threshold   activations x with |x| < threshold become 0; 0 leaves all
    rotate      in turns, anticlockwise on the screen, around the middle; the corners are filled by mirroring
    scale       a factor on the activations

(1, 0, 0) gives the unbent picture bit for bit. A bent layer costs one bilinear sampling of its maps a frame, dial or
no dial, for a graph has no branches: name only the layers that a show bends.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from installation.networks.turning import turned

UNBENT = (1.0, 0.0, 0.0)


class Bent(nn.Module):
    """``net.layers``: public name -> path of the submodule whose output, (N, C, H, W) or a tuple led by it, is bent.

    Raises ValueError for a name that the network does not have.
    """

    def __init__(self, net: nn.Module, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names
        if unknown := [name for name in names if name not in net.layers]:
            raise ValueError(f"no layer {unknown[0]}; there are {', '.join(net.layers)}")
        if len(set(names)) < len(names):
            raise ValueError(f"a layer is bent once, not twice: {', '.join(names)}")
        # Modules of its own, so that no hook is ever seen by who else runs the network; the numbers stay shared.
        numbers = [*net.parameters(), *net.buffers()]
        self.net = copy.deepcopy(net, {id(tensor): tensor for tensor in numbers})
        self._paths = [self.net.layers[name] for name in names]

    def forward(self, *inputs_then_dials: Tensor) -> Any:
        split = len(inputs_then_dials) - len(self.names)
        inputs, dials = inputs_then_dials[:split], inputs_then_dials[split:]
        # Hooked for this call only: a hook that stays would hold this call's tensors, and be copied along.
        hooks = [
            self.net.get_submodule(path).register_forward_hook(_hook(dial))
            for path, dial in zip(self._paths, dials, strict=True)
        ]
        try:
            return self.net(*inputs)
        finally:
            for hook in hooks:
                hook.remove()


def bend(x: Tensor, dial: Tensor) -> Tensor:
    """Activations (N, C, H, W) through a dial (scale, rotate, threshold)."""
    scale, turns, threshold = dial.to(x.dtype).unbind()
    x = torch.where(x.abs() < threshold, torch.zeros_like(x), x)
    # The select, not the sampling, makes a turn of 0 exact: sampling at the pixels' own places rounds.
    return torch.where(turns == 0, x, turned(x, dial, 1)) * scale


def _hook(dial: Tensor) -> Any:
    def hook(_module: nn.Module, _inputs: Any, output: Any) -> Any:
        if isinstance(output, tuple):
            return (bend(output[0], dial), *output[1:])
        return bend(output, dial)

    return hook
