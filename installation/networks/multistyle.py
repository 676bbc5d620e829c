"""Style transfer in many styles at once: a picture and style weights in, the picture in that blend of styles out.

The feed-forward network of Johnson, Alahi, Fei-Fei 2016 (1603.08155) with conditional instance normalisation: Dumoulin,
Shlens, Kudlur 2017 (1610.07629); this narrow form (32 wide, six residual blocks) ran on telephones. Any size whose
sides are multiples of 4.

    image (N, 3, H, W) in 0..1, styles (N, S) summing to 1  ->  (N, 3, H, W) in 0..1

A style is a gain and a bias for every channel of every normalisation, so a blend of styles is a blend of those: one
matrix product for the whole network. Checkpoint names: ``LAYER.w`` (out, in, k, k), ``LAYER.norm.gamma`` and
``.beta`` (S, out) for LAYER in contract.0-2, res.0-5.0-1, expand.0-2.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.networks.state import State

EPS = 1e-5
BLOCKS = 6
STRIDES = {"contract.1": 2, "contract.2": 2}
LAYERS = (
    *(f"contract.{i}" for i in range(3)),
    *(f"res.{i}.{j}" for i in range(BLOCKS) for j in range(2)),
    *(f"expand.{i}" for i in range(3)),
)
# The second half of a block is added to what went in; the last layer ends in a sigmoid.
LINEAR = {*(f"res.{i}.1" for i in range(BLOCKS)), "expand.2"}


class Layer(nn.Module):
    """Reflection padding, convolution, instance normalisation with ``numbers`` (N, 2 * out): gains, then biases."""

    def __init__(self, wide: int, out: int, side: int, stride: int, relu: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(wide, out, side, stride, bias=False)
        self.relu = relu

    def forward(self, x: Tensor, numbers: Tensor) -> Tensor:
        edge = self.conv.kernel_size[0] // 2
        x = self.conv(F.pad(x, (edge, edge, edge, edge), mode="reflect"))
        gain, bias = numbers[:, :, None, None].chunk(2, 1)
        x = F.instance_norm(x, eps=EPS) * gain + bias
        return torch.relu(x) if self.relu else x


class MultiStyle(nn.Module):
    """``shapes``: convolution weight shapes in the order of LAYERS."""

    def __init__(self, styles: int, shapes: list[tuple[int, ...]]) -> None:
        super().__init__()
        self.styles = styles
        self.widths = [2 * shape[0] for shape in shapes]
        self.parts = nn.ModuleDict(
            {
                _key(name): Layer(wide, out, side, STRIDES.get(name, 1), relu=name not in LINEAR)
                for name, (out, wide, side, _) in zip(LAYERS, shapes, strict=True)
            }
        )
        self.table = nn.Parameter(torch.zeros(styles, sum(self.widths)))  # gains then biases, layer after layer
        self.layers = {_key(name): f"parts.{_key(name)}" for name in LAYERS[:-1]}

    def forward(self, image: Tensor, styles: Tensor) -> Tensor:
        numbers = dict(zip(LAYERS, torch.split(styles @ self.table, self.widths, dim=1), strict=True))

        def layer(name: str, x: Tensor) -> Tensor:
            made: Tensor = self.parts[_key(name)](x, numbers[name])
            return made

        x = image
        for i in range(3):
            x = layer(f"contract.{i}", x)
        for i in range(BLOCKS):
            x = x + layer(f"res.{i}.1", layer(f"res.{i}.0", x))
        for i in range(2):
            x = layer(f"expand.{i}", F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return torch.sigmoid(layer("expand.2", x))

    @classmethod
    def from_state(cls, tensors: Mapping[str, Tensor]) -> MultiStyle:
        """Everything there is to know is in the tensors. Raises ValueError."""
        state = State(tensors)
        kernels = {}
        wide = 3
        for name in LAYERS:
            kernels[name] = kernel = state.take(f"{name}.w")
            if kernel.ndim != 4:
                raise ValueError(f"{name}.w has {kernel.ndim} axes, wanted 4")
            if kernel.shape[1] != wide or kernel.shape[2] != kernel.shape[3]:
                raise ValueError(f"{name}.w is {tuple(kernel.shape)}, wanted (any, {wide}, k, k)")
            wide = kernel.shape[0]
        styles = state.take(f"{LAYERS[0]}.norm.gamma", (None, None)).shape[0]
        net = cls(styles, [tuple(kernel.shape) for kernel in kernels.values()])
        columns = []
        with torch.no_grad():
            for name, kernel in kernels.items():
                net.parts[_key(name)].conv.weight.copy_(kernel)
                shape = (styles, kernel.shape[0])
                columns += [state.take(f"{name}.norm.{part}", shape) for part in ("gamma", "beta")]
            net.table.copy_(torch.cat(columns, 1))
        state.finish()
        return net.eval().requires_grad_(False)


def _key(name: str) -> str:
    return name.replace(".", "_")  # a module's name may hold no dot
