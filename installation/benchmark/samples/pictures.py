"""Checkpoints of the networks that turn pictures into pictures."""

from __future__ import annotations

from installation.benchmark.samples.layout import Layout, Shapes, conv, norm


def unet(downs: int = 8, width: int = 64) -> Layout:
    """pix2pix's U-Net with batch norm: every level nested in the one above it."""
    widths = [min(width * 2**level, 8 * width) for level in range(downs)]
    shapes: Shapes = {"model.model.0.weight": (widths[0], 3, 4, 4)}
    name = "model"
    for level in range(1, downs):
        name = f"{name}.model.{1 if level == 1 else 3}"
        before, here, innermost = widths[level - 1], widths[level], level == downs - 1
        shapes[f"{name}.model.1.weight"] = (here, before, 4, 4)
        up = 3 if innermost else 5
        if not innermost:
            shapes |= norm(f"{name}.model.2", here)
        shapes[f"{name}.model.{up}.weight"] = (here if innermost else 2 * here, before, 4, 4)
        shapes |= norm(f"{name}.model.{up + 1}", before)
    return shapes | {"model.model.3.weight": (2 * widths[0], 3, 4, 4), "model.model.3.bias": (3,)}, {}


def resnet(width: int = 64, blocks: int = 9, downs: int = 2) -> Layout:
    """CycleGAN's generator, instance norm without gains; with other numbers pix2pixHD's global one."""
    shapes = conv("model.1", width, 3, 7)
    at, wide = 4, width
    for _ in range(downs):
        shapes |= conv(f"model.{at}", 2 * wide, wide, 3)
        at, wide = at + 3, 2 * wide
    for _ in range(blocks):
        shapes |= conv(f"model.{at}.conv_block.1", wide, wide, 3) | conv(f"model.{at}.conv_block.5", wide, wide, 3)
        at += 1
    for _ in range(downs):
        shapes |= {f"model.{at}.weight": (wide, wide // 2, 3, 3), f"model.{at}.bias": (wide // 2,)}
        at, wide = at + 3, wide // 2
    return shapes | conv(f"model.{at + 1}", 3, wide, 7), {}


def fast_style(width: int = 32) -> Layout:
    """torch's own example: three down, five residual blocks, three up, instance norm with gains."""
    shapes: Shapes = {}
    plan = [("1", width, 3, 9), ("2", 2 * width, width, 3), ("3", 4 * width, 2 * width, 3)]
    for number, out, into, side in plan:
        shapes |= conv(f"conv{number}.conv2d", out, into, side) | norm(f"in{number}", out, stored=False)
    for block in range(1, 6):
        for half in (1, 2):
            shapes |= conv(f"res{block}.conv{half}.conv2d", 4 * width, 4 * width, 3)
            shapes |= norm(f"res{block}.in{half}", 4 * width, stored=False)
    for number, out, into in (("1", 2 * width, 4 * width), ("2", width, 2 * width)):
        shapes |= conv(f"deconv{number}.conv2d", out, into, 3) | norm(f"in{int(number) + 3}", out, stored=False)
    return shapes | conv("deconv3.conv2d", 3, width, 9), {}


def multistyle(width: int = 32, styles: int = 26) -> Layout:
    """Magenta's conditional instance normalisation, as the house's own card has it."""
    shapes: Shapes = {}
    layers = [("contract.0", width, 3, 9), ("contract.1", 2 * width, width, 3), ("contract.2", 4 * width, 2 * width, 3)]
    layers += [(f"res.{i}.{j}", 4 * width, 4 * width, 3) for i in range(6) for j in range(2)]
    layers += [("expand.0", 2 * width, 4 * width, 3), ("expand.1", width, 2 * width, 3), ("expand.2", 3, width, 9)]
    for name, out, into, side in layers:
        shapes[f"{name}.w"] = (out, into, side, side)
        shapes |= {f"{name}.norm.gamma": (styles, out), f"{name}.norm.beta": (styles, out)}
    return shapes, {}


def resight(widths: tuple[int, ...] = (16, 32, 64, 128, 192), deep: int = 3) -> Layout:
    """What ``installation train image`` makes: from a soft grey quarter to the whole picture."""
    whole, half, quarter, eighth, least = widths
    shapes = conv("stem", quarter, 9, 3) | conv("down8", eighth, quarter, 3) | conv("down16", least, eighth, 3)
    blocks = [("enter4", quarter), ("enter8", eighth), *((f"middle.{i}", least) for i in range(deep))]
    blocks += [("leave8", eighth), ("leave4", quarter), ("leave2", half)]
    for name, wide in blocks:
        shapes |= conv(f"{name}.conv0", wide, wide, 3) | conv(f"{name}.conv1", wide, wide, 3)
    for name, out, into in (("up8", eighth, least), ("up4", quarter, eighth), ("up2", half, quarter)):
        shapes |= conv(f"{name}.conv", out, into, 1)
    shapes |= conv("up1.conv", whole, half, 1) | conv("leave1", whole, whole, 3) | conv("out", 3, whole, 3)
    return shapes, {}


def texture(channels: int = 12, hidden: int = 96) -> Layout:
    """What ``installation train texture`` makes: a cell's two layers."""
    shapes: Shapes = {"hidden.weight": (hidden, 4 * channels), "hidden.bias": (hidden,)}
    return shapes | {"out.weight": (channels, hidden), "out.bias": (channels,)}, {}


def adain() -> Layout:
    """decoder.pth and vgg_normalised.pth: VGG-19 up to relu4_1, and its mirror image."""
    encoder = [(0, 3, 3, 1), (2, 64, 3, 3), (5, 64, 64, 3), (9, 128, 64, 3), (12, 128, 128, 3), (16, 256, 128, 3)]
    encoder += [(19, 256, 256, 3), (22, 256, 256, 3), (25, 256, 256, 3), (29, 512, 256, 3)]
    decoder = [(1, 256, 512), (5, 256, 256), (8, 256, 256), (11, 256, 256), (14, 128, 256), (18, 128, 128)]
    decoder += [(21, 64, 128), (25, 64, 64), (28, 3, 64)]
    shapes: Shapes = {}
    for index, out, into, side in encoder:
        shapes |= conv(f"vgg_normalised.{index}", out, into, side)
    for index, out, into in decoder:
        shapes |= conv(f"decoder.{index}", out, into, 3)
    return shapes, {}
