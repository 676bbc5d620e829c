"""Two files told apart by what is in them, whatever they are called."""

import pytest

from installation.checkpoints.families import recognise
from installation.checkpoints.found import Found
from installation.errors import ModelError
from installation.networks.adain import DECODER, VGG


def shapes(places) -> dict[str, tuple[int, ...]]:
    made = {f"{i}.weight": (out, wide, 3, 3) for i, (wide, out, _) in places.items()}
    return made | {f"{i}.bias": (out,) for i, (_, out, _) in places.items()}


# The whole of VGG, as the file has it: relu4_1 is module 30.
WHOLE = {**VGG, 32: (512, 512, False), 51: (512, 512, False)}
ENCODER = {"0.weight": (3, 3, 1, 1), "0.bias": (3,), **shapes(WHOLE)}
MIRROR = shapes(DECODER)


def together(**files) -> Found:
    return Found("torch zip", {f"{stem}.{name}": shape for stem, file in files.items() for name, shape in file.items()})


@pytest.mark.parametrize(("vgg", "decoder"), [("vgg_normalised", "decoder"), ("a", "decoder_iter_160000.pth")])
def test_both_files_are_one_model(vgg, decoder):
    recognised = recognise(together(**{vgg: ENCODER, decoder: MIRROR}))
    assert recognised.family == "adain"
    assert recognised.preprocessing["range"] == "0..1"
    given = {name: name for name in together(**{vgg: ENCODER, decoder: MIRROR}).shapes}
    renamed = recognised.rename(given)
    assert renamed["vgg.0.weight"] == f"{vgg}.0.weight"
    assert renamed["decoder.28.bias"] == f"{decoder}.28.bias"
    used = {f"vgg.{i}.{part}" for i in (0, *VGG) for part in ("weight", "bias")}
    assert set(renamed) == used | {f"decoder.{i}.{part}" for i in DECODER for part in ("weight", "bias")}


def test_the_order_of_files_does_not_matter():
    one, other = together(a=ENCODER, b=MIRROR), together(b=MIRROR, a=ENCODER)
    given = {name: name for name in one.shapes}
    assert recognise(one).rename(given) == recognise(other).rename(given)


def test_what_belongs_to_neither_is_left_for_the_network_to_refuse():
    found = together(a=ENCODER, b=MIRROR, optimizer={"0.step": ()})
    assert "optimizer.0.step" in recognise(found).rename({name: name for name in found.shapes})


def test_one_file_alone_is_told_which_is_missing():
    with pytest.raises(ModelError, match="decoder of AdaIN, without the VGG") as caught:
        recognise(Found("torch zip", MIRROR))
    assert "convert decoder.pth vgg_normalised.pth" in caught.value.hint
    with pytest.raises(ModelError, match="VGG that encodes pictures for AdaIN, without the decoder"):
        recognise(Found("torch legacy", ENCODER))
