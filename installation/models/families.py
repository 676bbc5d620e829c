"""The families of networks the house can play: where each is defined, its graphs, and what goes into them.

A model is one or two graphs, its *parts*. One part makes the picture; a StyleGAN has its mapping network apart, since
everything artistic happens in between, and AdaIN its encoder of styles, which runs once a style and not once a frame.

Adding a family is a network, a recogniser in ``checkpoints/families/`` and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from installation.backends import onnx_graph
from installation.backends.onnx_ends import span
from installation.backends.recipe import Input
from installation.checkpoints.card import Card

Size = tuple[int, int]  # (width, height)
Inputs = dict[str, Input]


@dataclass(frozen=True, slots=True)
class Part:
    """``inputs(card, batch, size)``: what the graph takes, in order, all float32. ``module``: path in the network."""

    inputs: Callable[[Card, int, Size], Inputs]
    output: str
    module: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """``plays``: from a latent, from a picture, as its file has it, or from what it was itself. ``picture`` is the part
    whose output is one, in ``range``. ``kept``: of families whose file is the model itself, its name beside the card.
    """

    network: str  # "module:Class"; empty for a file that brings its own graph
    plays: Literal["latent", "image", "either", "itself"]
    picture: Part
    helper: Part | None = None  # the part that runs beside it: mapping, encode
    range: tuple[float, float] = (-1.0, 1.0)
    kept: str = ""


def numbers(*shape: int) -> Input:
    return Input(shape, "float32")


def _z(card: Card, batch: int, size: Size) -> Inputs:
    """z, and the classes where the model knows any."""
    inputs = {"z": numbers(batch, card.latent)}
    if count := class_count(card):
        inputs["classes"] = numbers(batch, count)
    return inputs


def _biggan(card: Card, batch: int, size: Size) -> Inputs:
    return {**_z(card, batch, size), "stats": numbers(int(card.network["n_stats"]))}


def _mapping(card: Card, batch: int, size: Size) -> Inputs:
    inputs = {"z": numbers(batch, card.latent)}
    if count := class_count(card):
        inputs["c"] = numbers(batch, count)
    return inputs


def _stylegan2(card: Card, batch: int, size: Size) -> Inputs:
    ws = numbers(batch, style_layers(card), int(card.network["w_dim"]))
    return {"ws": ws, "noise": numbers(noise_layers(card))}


def _stylegan3(card: Card, batch: int, size: Size) -> Inputs:
    return {"ws": numbers(batch, style_layers(card), int(card.network["w_dim"])), "transform": numbers(3, 3)}


def _image(card: Card, batch: int, size: Size) -> Inputs:
    width, height = size
    return {"image": numbers(batch, image_channels(card), height, width)}


def _texture(card: Card, batch: int, size: Size) -> Inputs:
    width, height = size
    state = numbers(batch, int(card.network["channels"]), height, width)
    return {"state": state, "turn": numbers(batch, 2, height, width)}


def _styled(card: Card, batch: int, size: Size) -> Inputs:
    return {**_image(card, batch, size), "styles": numbers(batch, class_count(card))}


def _adain(card: Card, batch: int, size: Size) -> Inputs:
    return {**_image(card, batch, size), "statistics": numbers(batch, ADAIN_STATISTICS), "alpha": numbers(1)}


def _style_picture(card: Card, batch: int, size: Size) -> Inputs:
    width, height = size
    return {"style": numbers(batch, 3, height, width)}


def _graph(card: Card, batch: int, size: Size) -> Inputs:
    return onnx_graph.inputs(card.network, batch, size)


def _program(card: Card, batch: int, size: Size) -> Inputs:
    """A TorchScript program takes one thing: numbers where its card says how many, else a picture."""
    return {"z": numbers(batch, card.latent)} if card.latent else _image(card, batch, size)


ADAIN_STATISTICS = 1024  # a mean and a deviation for each of the 512 channels of VGG's relu4_1

_STYLE = Part(_mapping, "w", "mapping")
FAMILIES: Mapping[str, Family] = {
    "stylegan2": Family("stylegan2:StyleGAN2", "latent", Part(_stylegan2, "made", "synthesis"), _STYLE),
    "stylegan3": Family("stylegan3:StyleGAN3", "latent", Part(_stylegan3, "made", "synthesis"), _STYLE),
    "biggan": Family("biggan:BigGAN", "latent", Part(_biggan, "made")),
    "dcgan": Family("dcgan:DCGAN", "latent", Part(_z, "made")),
    "pix2pix": Family("unet:UNet", "image", Part(_image, "made")),
    "cyclegan": Family("resnet_generator:ResNetGenerator", "image", Part(_image, "made")),
    "pix2pixhd": Family("pix2pixhd:Pix2PixHD", "image", Part(_image, "made")),
    "fast_style": Family("fast_style:FastStyle", "image", Part(_image, "made"), range=(0.0, 255.0)),
    "resight": Family("resight:ReSight", "image", Part(_image, "made")),
    "multistyle": Family("multistyle:MultiStyle", "image", Part(_styled, "made"), range=(0.0, 1.0)),
    "adain": Family("adain:AdaIN", "image", Part(_adain, "made", "transfer"),
                    Part(_style_picture, "statistics", "encode"), range=(0.0, 1.0)),
    "texture": Family("texture:Texture", "itself", Part(_texture, "change")),
    "onnx": Family("", "either", Part(_graph, "made"), kept="model.onnx"),
    "torchscript": Family("torchscript:TorchScript", "either", Part(_program, "made"), kept="model.pt"),
}  # fmt: skip


def playing(what: Literal["latent", "image"]) -> tuple[str, ...]:
    """The families that make pictures of latents, or of pictures."""
    return tuple(name for name, family in FAMILIES.items() if family.plays in (what, "either"))


def from_picture(card: Card) -> bool:
    return not card.latent


def value_range(card: Card) -> tuple[float, float]:
    """Of the network's pictures. A file that brings its own graph does not say; then the card does."""
    family = FAMILIES[card.family]
    return span(str(card.network["range"])) if family.kept else family.range


def class_count(card: Card) -> int:
    return len(card.classes.names) if card.classes else 0


def image_channels(card: Card) -> int:
    return int(card.network.get("in_channels", 3))


def has_w(card: Card) -> bool:
    """Whether the model has an intermediate latent, W (Karras 2019), with one row a layer."""
    return card.family in ("stylegan2", "stylegan3")


def style_layers(card: Card) -> int:
    """Rows of W+: how many layers take a style of their own."""
    if card.family == "stylegan3":
        return int(card.network["num_layers"]) + 2  # the input and the last 1x1 take one each
    return 2 * log2_resolution(card) - 2


def noise_layers(card: Card) -> int:
    """Convolutions of a StyleGAN2 that add noise: two a resolution, one at 4x4."""
    return 2 * log2_resolution(card) - 3


def log2_resolution(card: Card) -> int:
    return int(card.network["resolution"]).bit_length() - 1
