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

EPS = 1e-5
BLOCKS = 6
STRIDES = {"contract.1": 2, "contract.2": 2}
LAYERS = (
    *(f"contract.{i}" for i in range(3)),
    *(f"res.{i}.{j}" for i in range(BLOCKS) for j in range(2)),
    *(f"expand.{i}" for i in range(3)),
)


class MultiStyle(nn.Module):
    """``shapes``: convolution weight shapes in the order of LAYERS."""

    def __init__(self, styles: int, shapes: list[tuple[int, ...]]) -> None:
        super().__init__()
        self.styles = styles
        self.widths = [2 * shape[0] for shape in shapes]
        self.convs = nn.ModuleDict(
            {
                _key(name): nn.Conv2d(wide, out, side, STRIDES.get(name, 1), bias=False)
                for name, (out, wide, side, _) in zip(LAYERS, shapes, strict=True)
            }
        )
        self.table = nn.Parameter(torch.zeros(styles, sum(self.widths)))  # gains then biases, layer after layer

    def forward(self, image: Tensor, styles: Tensor) -> Tensor:
        norms = dict(zip(LAYERS, torch.split(styles @ self.table, self.widths, dim=1), strict=True))

        def layer(name: str, x: Tensor) -> Tensor:
            conv = self.convs[_key(name)]
            edge = conv.kernel_size[0] // 2
            x = conv(F.pad(x, (edge, edge, edge, edge), mode="reflect"))
            gain, bias = norms[name][:, :, None, None].chunk(2, 1)
            return F.instance_norm(x, eps=EPS) * gain + bias

        x = image
        for i in range(3):
            x = torch.relu(layer(f"contract.{i}", x))
        for i in range(BLOCKS):
            x = x + layer(f"res.{i}.1", torch.relu(layer(f"res.{i}.0", x)))
        for i in range(2):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = torch.relu(layer(f"expand.{i}", x))
        return torch.sigmoid(layer("expand.2", x))

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor]) -> MultiStyle:
        kernels = {name: _tensor(state, f"{name}.w", 4) for name in LAYERS}
        wide = 3
        for name, kernel in kernels.items():
            if kernel.shape[1] != wide or kernel.shape[2] != kernel.shape[3]:
                raise ValueError(f"{name}.w is {tuple(kernel.shape)}, wanted (any, {wide}, k, k)")
            wide = kernel.shape[0]
        styles = _tensor(state, "contract.0.norm.gamma", 2).shape[0]
        net = cls(styles, [tuple(kernel.shape) for kernel in kernels.values()])
        columns = []
        with torch.no_grad():
            for name, kernel in kernels.items():
                out = kernel.shape[0]
                net.convs[_key(name)].weight.copy_(kernel)
                for part in ("gamma", "beta"):
                    numbers = _tensor(state, f"{name}.norm.{part}", 2)
                    if numbers.shape != (styles, out):
                        raise ValueError(f"{name}.norm.{part} is {tuple(numbers.shape)}, wanted ({styles}, {out})")
                    columns.append(numbers)
            net.table.copy_(torch.cat(columns, 1))
        return net.eval().requires_grad_(False)


def _key(name: str) -> str:
    return name.replace(".", "_")  # a module's name may hold no dot


def _tensor(state: Mapping[str, Tensor], name: str, axes: int) -> Tensor:
    if name not in state:
        raise ValueError(f"{name} is missing")
    tensor = state[name].float()
    if tensor.ndim != axes:
        raise ValueError(f"{name} has {tensor.ndim} axes, wanted {axes}")
    if not bool(torch.isfinite(tensor).all()):
        raise ValueError(f"{name} holds numbers that are not finite")
    return tensor
