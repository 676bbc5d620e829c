"""BigGAN-deep and DCGAN checkpoints."""

from __future__ import annotations

from itertools import pairwise

from installation.benchmark.samples.layout import Layout, Shapes, norm

STATISTICS = 51  # batch statistics that BigGAN's authors stored, one a truncation


def biggan(resolution: int = 128, width: int = 64, classes: int = 100, z: int = 128) -> Layout:
    """pytorch-pretrained-BigGAN's layout: two blocks a resolution, attention before the last but one doubling."""
    up = {128: [16, 16, 8, 4, 2, 1], 64: [16, 8, 4, 2, 1]}[resolution]
    layers: list[tuple[bool, int, int]] = []
    for before, after in pairwise(up):
        layers += [(False, before, before), (True, before, after)]
    attention = len(layers) - 2
    config = {
        "attention_layer_position": attention, "channel_width": width, "class_embed_dim": z, "eps": 1e-4,
        "layers": [list(layer) for layer in layers], "n_stats": STATISTICS, "num_classes": classes,
        "output_dim": resolution, "z_dim": z,
    }  # fmt: skip
    shapes: Shapes = {"embeddings.weight": (z, classes)}
    shapes |= _spectral("generator.gen_z", (16 * up[0] * width, 2 * z))
    index = 0
    for number, (_, before, after) in enumerate(layers):
        if number == attention:
            shapes |= _attention(f"generator.layers.{index}", width * before)
            index += 1
        shapes |= _block(f"generator.layers.{index}", width * before, width * after, 2 * z)
        index += 1
    shapes |= {"generator.bn.weight": (width,), "generator.bn.bias": (width,)} | _stored("generator.bn", width)
    return shapes | _spectral("generator.conv_to_rgb", (width, width, 3, 3)), {"config": config}


def _block(name: str, into: int, out: int, cond: int) -> Shapes:
    inner = into // 4
    shapes: Shapes = {}
    for number, (before, after, side) in enumerate(
        [(into, inner, 1), (inner, inner, 3), (inner, inner, 3), (inner, out, 1)]
    ):
        shapes |= _stored(f"{name}.bn_{number}", before)
        for part in ("scale", "offset"):
            shapes |= _spectral(f"{name}.bn_{number}.{part}", (before, cond), bias=False)
        shapes |= _spectral(f"{name}.conv_{number}", (after, before, side, side))
    return shapes


def _attention(name: str, channels: int) -> Shapes:
    narrow = {"theta": channels // 8, "phi": channels // 8, "g": channels // 2}
    shapes: Shapes = {f"{name}.gamma": (1,)}
    for part, out in narrow.items():
        shapes |= _spectral(f"{name}.snconv1x1_{part}", (out, channels, 1, 1), bias=False)
    return shapes | _spectral(f"{name}.snconv1x1_o_conv", (channels, channels // 2, 1, 1), bias=False)


def _spectral(name: str, shape: tuple[int, ...], bias: bool = True) -> Shapes:
    columns = 1
    for side in shape[1:]:
        columns *= side
    shapes: Shapes = {f"{name}.weight_orig": shape, f"{name}.weight_u": (shape[0],), f"{name}.weight_v": (columns,)}
    return shapes | ({f"{name}.bias": (shape[0],)} if bias else {})


def _stored(name: str, channels: int) -> Shapes:
    return {f"{name}.running_means": (STATISTICS, channels), f"{name}.running_vars": (STATISTICS, channels)}


def dcgan(resolution: int = 64, width: int = 64, z: int = 100) -> Layout:
    """The layout of torch's own example."""
    count = resolution.bit_length() - 3  # layers that double; the first makes 4x4
    widths = [z, *(width * 2 ** (count - 1 - i) for i in range(count)), 3]
    shapes: Shapes = {}
    for layer in range(count + 1):
        shapes[f"main.{3 * layer}.weight"] = (widths[layer], widths[layer + 1], 4, 4)
        if layer < count:
            shapes |= norm(f"main.{3 * layer + 1}", widths[layer + 1])
    return shapes, {}
