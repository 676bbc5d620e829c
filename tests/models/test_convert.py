"""A checkpoint becomes a model: whole, checked, or not at all."""

import shutil

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from installation.checkpoints import card as cards
from installation.errors import ModelError
from installation.library import Library
from installation.models.convert import Asked, convert, describe, look, plain_name
from tests.models.official import CASES, FIXTURES

SAID = {
    "stylegan2": ("stylegan2", "64x64", 64, 0),
    "stylegan2-conditional": ("stylegan2", "64x64", 64, 5),
    "stylegan3-t": ("stylegan3", "64x64", 64, 0),
    "stylegan3-r": ("stylegan3", "64x64", 64, 0),
    "rosinality": ("stylegan2", "64x64", 64, 0),
    "biggan": ("biggan", "64x64", 12, 7),
    "cyclegan": ("cyclegan", "any", 0, 0),
    "pix2pix": ("pix2pix", "any", 0, 0),
    "pix2pixhd": ("pix2pixhd", "any", 0, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_file_is_without_its_tensors(name):
    told = describe(*look([CASES[name].path]))
    assert (told["family"], told["resolution"], told["latent"], told["classes"]) == SAID[name]
    assert len(told["tensors"]) > 10
    assert told["is"]


@pytest.mark.parametrize("name", CASES)
def test_a_converted_model_is_one_like_any_other(name, converted, home):
    card = converted(name)
    assert cards.load(name, Library(home)).weights == card.weights
    assert not card.missing()
    assert sorted(path.name for path in card.folder.iterdir()) == sorted(
        ["model.yaml", "weights.safetensors", *(["directions.safetensors"] if card.latent else [])]
    )
    assert card.layers
    assert "unknown" in card.author  # nobody is made up


def test_every_file_form_of_one_network_gives_the_same_weights(tmp_path):
    """A bare state, one under a usual key, the old container, half-written names, safetensors: one model."""
    state = torch.load(CASES["cyclegan"].path, weights_only=True)
    torch.save(state, tmp_path / "bare.pth")
    torch.save({"state_dict": state, "epoch": 3}, tmp_path / "nested.pth")
    torch.save(state, tmp_path / "old.bin", _use_new_zipfile_serialization=False)
    torch.save({f"module.{key}": value for key, value in state.items()}, tmp_path / "parallel.pt")
    save_file({key: value.contiguous() for key, value in state.items()}, tmp_path / "plain.safetensors")
    sums = set()
    for file in sorted(tmp_path.iterdir()):
        if file.is_file():
            card = convert(Asked([file], tmp_path))
            sums.add(card.weights[0].sha256)
            assert card.family == "cyclegan"
    assert len(sums) == 1


def test_the_content_decides_not_the_name(tmp_path):
    shutil.copy(CASES["biggan"].path, tmp_path / "picture.png")
    shutil.copy(CASES["biggan"].path.with_name("config.json"), tmp_path / "config.json")
    assert convert(Asked([tmp_path / "picture.png"], tmp_path)).family == "biggan"


def test_a_model_is_not_written_over_unless_asked(tmp_path, converted):
    file = CASES["cyclegan"].path
    convert(Asked([file], tmp_path, "mine"))
    with pytest.raises(ModelError, match="there is a model 'mine' already"):
        convert(Asked([file], tmp_path, "mine"))
    assert convert(Asked([CASES["pix2pix"].path], tmp_path, "mine", replace=True)).family == "pix2pix"


def broken(change) -> dict[str, torch.Tensor]:
    state = dict(torch.load(CASES["cyclegan"].path, weights_only=True))
    change(state)
    return state


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda s: s.pop("model.19.weight"), r"model\.19\.weight"),
        (lambda s: s.update({"model.23.weight": torch.zeros(3, 9, 7, 7)}), r"model\.23\.weight"),
        (lambda s: s["model.1.weight"].fill_(float("nan")), "not finite"),
        (lambda s: s.update({"model.99.extra": torch.zeros(3)}), r"model\.99\.extra"),
    ],
)
def test_a_broken_network_is_refused_by_name_and_nothing_is_written(tmp_path, change, wrong):
    torch.save(broken(change), tmp_path / "w.pth")
    with pytest.raises(ModelError, match=wrong) as caught:
        convert(Asked([tmp_path / "w.pth"], tmp_path, "mine"))
    assert "\n" not in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["w.pth"]


def test_what_no_family_knows_says_what_was_seen(tmp_path):
    torch.save({"net.0.weight": torch.zeros(3), "net.2.bias": torch.zeros(1)}, tmp_path / "w.pth")
    with pytest.raises(ModelError, match=r"no family we know .* net\.0\.weight, net\.2\.bias"):
        look([tmp_path / "w.pth"])


def test_directions_are_found_when_converting(converted):
    card = converted("stylegan2")
    stored = load_file(card.directions)
    assert any(name.startswith("sefa") for name in stored)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in stored.values())


@pytest.mark.parametrize(
    ("file", "name"),
    [("latest_net_G.pth", "latest-net-g"), ("Mein Bild (2).pkl", "mein-bild-2"), ("___.pt", "model")],
)
def test_a_models_name_out_of_a_files(tmp_path, file, name):
    assert plain_name(tmp_path / file) == name


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "x" * 99])
def test_a_name_that_is_a_path_is_refused(tmp_path, name):
    if name:
        with pytest.raises(ModelError, match="is no name for a model"):
            convert(Asked([CASES["cyclegan"].path], tmp_path, name))


def test_the_card_is_yaml_that_a_person_can_edit(converted):
    text = (converted("stylegan2-conditional").folder / "model.yaml").read_text()
    card = yaml.safe_load(text)
    assert card["classes"]["names"] == ["c0", "c1", "c2", "c3", "c4"]
    assert text.startswith("# Written by 'installation models convert'")


def test_the_fixtures_are_small():
    assert sum(path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file()) < 12e6
    assert np.all([case.path.is_file() for case in CASES.values()])
