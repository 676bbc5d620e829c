"""Cards: the house's own are whole, and everything wrong with one is said at once with its place."""

import hashlib

import pytest

from installation.checkpoints import card as cards
from installation.checkpoints.fetch import Origin
from installation.errors import InstallationError, Mistakes
from installation.library import Library


@pytest.mark.parametrize("name", Library().models())
def test_every_card_of_the_house_resolves(name):
    card = cards.load(name, Library())
    assert card.title
    assert card.licence
    assert card.weights
    assert all(len(weight.sha256) == 64 for weight in card.weights)
    if card.classes:
        assert card.classes.default in card.classes.names
        assert all(word.isidentifier() for word in (card.classes.name, *card.classes.names))


def test_the_painted_eyes():
    card = cards.load("omniart-eyes", Library())
    assert (card.family, card.resolution, card.latent, card.size_text) == ("dcgan", (128, 128), 100, "128x128")
    assert card.classes.name == "colour"
    assert len(card.classes.names) == 8
    (origin,) = card.weights
    assert isinstance(origin, Origin)
    assert (origin.package, origin.version, origin.size) == ("omniart-eye-generator", "0.1", 51691195)


def test_an_unknown_model_has_a_near_miss():
    with pytest.raises(InstallationError, match="there is no model 'omniart-eye'") as caught:
        cards.load("omniart-eye", Library())
    assert caught.value.hint == "did you mean 'omniart-eyes'?"


def test_a_family_that_a_generator_cannot_play():
    card = cards.load("multistyle", Library())
    assert cards.of_family(card, ("multistyle",), "image") is card
    with pytest.raises(InstallationError, match="the model 'multistyle' is a multistyle, which 'gan' cannot play"):
        cards.of_family(card, ("dcgan",), "gan")


def test_every_mistake_of_a_card_is_told_with_its_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.yaml"
    path.write_text(
        "title: 3\n"
        "famly: dcgan\n"
        "licence: MIT\n"
        "author: a\n"
        "source: s\n"
        "resolution: large\n"
        "latent: -1\n"
        "classes: {name: colour, default: read, names: [red, blue]}\n"
        "inputs: {z: [1]}\n"
        "weights:\n"
        "  - {file: ../w.safetensors, sha256: x}\n"
        "  - {registry: pypi, package: p, version: '1', member: /w, sha256: x}\n"
    )
    with pytest.raises(Mistakes) as caught:
        cards.read_card(path, "mine")
    told = {f"{m.line}:{m.column}: {m.message}" for m in caught.value.mistakes}
    assert told == {
        "1:8: title must be text",
        "2:1: a card has no 'famly' here",
        "1:1: 'family' is missing",
        "6:13: resolution must be a size",
        "7:9: latent must be a whole number",
        "8:34: 'read' is not one of names",
        "9:13: inputs.z must be a word or a whole number",
        "11:12: file must be a name beside the card, without a path",
        "12:5: 'p 1: /w' names no file inside a package",
    }
    assert "did you mean 'family'?" in str(caught.value)


def test_missing_weights_are_named_until_they_are_right(tmp_path):
    (tmp_path / "model.yaml").write_text(
        "title: t\nfamily: dcgan\nlicence: l\nauthor: a\nsource: s\n"
        f"weights: [{{file: w.safetensors, sha256: {hashlib.sha256(b'right').hexdigest()}}}]\n"
    )
    card = cards.read_card(tmp_path / "model.yaml", "mine")
    assert card.missing() == ["w.safetensors"]
    (tmp_path / "w.safetensors").write_bytes(b"wrong")
    assert card.missing() == ["w.safetensors"]
    (tmp_path / "w.safetensors").write_bytes(b"right")
    assert card.missing() == []


def test_what_a_converter_writes_comes_back(tmp_path):
    (tmp_path / "model.yaml").write_text(
        "title: t\nfamily: stylegan2\nlicence: l\nauthor: a\nsource: s\nlatent: 64\n"
        "network: {resolution: 64, conv_clamp: null, widths: [8, 4], mapping: {layers: 8}}\n"
        "layers: [b4, b8]\ndirections: directions.safetensors\n"
        f"weights: [{{file: w.safetensors, sha256: {'0' * 64}}}]\n"
    )
    card = cards.read_card(tmp_path / "model.yaml", "mine")
    assert card.network == {"resolution": 64, "conv_clamp": None, "widths": [8, 4], "mapping": {"layers": 8}}
    assert card.layers == ("b4", "b8")
    assert card.directions == tmp_path / "directions.safetensors"
    assert card.folder == tmp_path


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("network: 3", "network must be a table"), ("directions: ../d", "directions must be a name beside the card")],
)
def test_a_converters_card_edited_badly(tmp_path, line, wrong):
    (tmp_path / "model.yaml").write_text(
        f"title: t\nfamily: dcgan\nlicence: l\nauthor: a\nsource: s\n{line}\n"
        f"weights: [{{file: w.safetensors, sha256: {'0' * 64}}}]\n"
    )
    with pytest.raises(Mistakes, match=wrong):
        cards.read_card(tmp_path / "model.yaml", "mine")
