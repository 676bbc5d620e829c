"""gan: paints from a latent. Steps make the latent; the model's card says how long it is and what can be steered.

kind: gan
model: omniart-eyes
size: 448x256                               StyleGAN2: a canvas wider or higher than it was trained on
colour: {green: 0.5, blue: 0.5}             one live weight a class; only the ratios count
latent: [walk, {truncate: {psi: 0.7}}]      in order; without steps it is the mean picture
noise: {all: 1, 3: 0.5}                     StyleGAN2: strength of the stored noise, of every layer and of one
transform: {x: 0.1, y: 0, turn: 0.25}       StyleGAN3: the picture moved and turned inside the network
statistics: correct                         BigGAN: batch statistics as meant, not as the official code mixes them
bend: [{b64_conv1: {scale: 1.4}}]           layers whose activations are changed (generators/bending.py)
blend: other-model                          a model of the same shape, mixed in weight by weight; live: blend_amount
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from installation.checkpoints import card as cards
from installation.checkpoints.card import Card
from installation.errors import InstallationError
from installation.generators import bending, canvas, models
from installation.generators.base import Generator
from installation.latent import STEPS, transform
from installation.latent.chain import Chain
from installation.latent.favourites import Favourites
from installation.library import Library
from installation.models import latents
from installation.models.altered import BLEND, Altered, dial
from installation.models.families import FAMILIES, noise_layers
from installation.models.latents import Latents
from installation.params import Param
from installation.tables import Table
from installation.types import Image, Params, Program, Signals, Unit

if TYPE_CHECKING:
    from installation.types import Vector

WARM_UP = 3  # runs until a backend has allocated all it will
LOUDEST = 3.0  # of noise

TRANSFORM = (
    Param("transform.x", "float", 0.0, -1.0, 1.0, unit="sides", help="the picture moved right", live=True),
    Param("transform.y", "float", 0.0, -1.0, 1.0, unit="sides", help="the picture moved down", live=True),
    Param("transform.turn", "float", 0.0, -1.0, 1.0, unit="turns", help="the picture turned anticlockwise", live=True),
)


class Gan(Generator):
    """A latent-input model."""

    params: ClassVar[tuple[Param, ...]] = (
        models.MODEL,
        Param("size", "size", canvas.OWN, help="StyleGAN2: a wider or higher canvas; left out, the model's own"),
        models.BACKEND,
        models.PRECISION,
        Param("statistics", "choice", "compat", choices=("compat", "correct"), help="BigGAN: as published or as meant"),
        Param("blend", "text", "", help="a second model of the same shape; then blend_amount mixes it in"),
    )
    steps: ClassVar[Mapping[str, Table]] = {"latent": STEPS, "bend": bending.LAYERS}

    @classmethod
    def declare(cls, options: Mapping[str, Any], library: Library) -> tuple[Param, ...]:
        card = _card(options, library)
        other = _blended(card, options, library)
        amount = Param("blend_amount", "float", 0.0, 0.0, 1.0, help="0 the model, 1 the one blended in", live=True)
        return (
            *models.class_params(card.classes),
            *(_noise_params(card) if card.family == "stylegan2" else ()),
            *(TRANSFORM if card.family == "stylegan3" else ()),
            *((amount,) if other else ()),
        )

    @classmethod
    def check(cls, options: Mapping[str, Any], steps: Mapping[str, Sequence[Unit]], library: Library) -> None:
        card = _card(options, library)
        canvas.wanted(card, options["size"])
        Chain(steps.get("latent", ()), latents.declared(card, Favourites(library.favourites(card.name))))
        bending.bent(steps.get("bend", ()), card)

    @classmethod
    def needs(cls, options: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(name for name in (options["model"], options.get("blend")) if name)

    def prepare(self) -> None:
        card = self._card = _card(self.options, self.place.library)
        blend = _blended(card, self.options, self.place.library)
        self._bent = bending.bent(self.steps_asked.get("bend", ()), card)
        favourites = Favourites(self.place.library.favourites(card.name))
        self._latents = Latents(card, self.options["backend"], blend, favourites)
        units = self.steps_asked.get("latent", ())
        self._chain = Chain(units, self._latents.space)
        self._psis = [f"generator.latent.{unit.name}.psi" for unit in units if unit.kind == "truncate"]
        self._program: Program = models.program(
            card,
            self.options["backend"],
            self.options["precision"],
            altered=Altered(self._bent, blend),
            **canvas.wanted(card, self.options["size"]),
        )
        self._rest = latents.at_rest(card)
        self._made = 0

    def warm_up(self) -> None:
        given = latents.inputs(self._card, self._latents.space.centre, latents.default_classes(self._card))
        unbent = {dial(name): np.array([1, 0, 0], np.float32) for name in self._bent}
        for _ in range(WARM_UP):
            self._program.run({**self._rest, **given, **unbent, **self._mixed(0.0)})

    def render(self, params: Params, signals: Signals) -> Image:
        classes = models.mixture(self._card.classes, params) if self._card.classes else np.zeros((1, 0), np.float32)
        amount = params.get("generator.blend_amount", 0.0)
        self._latents.steer(classes, amount)
        given = {
            **latents.inputs(self._card, self._chain(params, signals), classes),
            **{name: self._live(name, params) for name in self._rest},
            **bending.dials(self._bent, params),
            **self._mixed(amount),
        }
        models.finite(given)
        # A copy: the program writes over its output while the stage may still hold this picture.
        pixels = self._program.run(given)[models.OUTPUT][0].copy()
        self._made += 1
        return Image(pixels, self.captured_at(signals), self._made)

    @property
    def detail(self) -> str:
        return self._program.detail

    def close(self) -> None:
        self._program.close()
        self._latents.close()

    def _mixed(self, amount: float) -> dict[str, Vector]:
        return {BLEND: np.array([amount], np.float32)} if self.options["blend"] else {}

    def _live(self, name: str, params: Params) -> Vector:
        """An input beside the latent, as its sliders have it."""
        if name == "noise":
            each = [params[f"generator.noise.{layer}"] for layer in range(noise_layers(self._card))]
            return np.array(each, np.float32) * np.float32(params["generator.noise.all"])
        if name == "transform":
            return transform.moved(*(params[f"generator.{param.name}"] for param in TRANSFORM))
        psi = math.prod(params[address] for address in self._psis)
        return latents.statistics(self._card, psi, self.options["statistics"])


def _noise_params(card: Card) -> tuple[Param, ...]:
    every = Param("noise.all", "float", 1.0, 0.0, LOUDEST, help="strength of the stored noise; 0 none", live=True)
    return every, *(
        Param(f"noise.{layer}", "float", 1.0, 0.0, LOUDEST, help=f"of layer {layer}, 0 the coarsest", live=True)
        for layer in range(noise_layers(card))
    )


def _card(options: Mapping[str, Any], library: Library) -> Card:
    card = models.playable(options["model"], library, "latent", "gan")
    if options.get("statistics", "compat") != "compat" and card.family != "biggan":
        raise InstallationError(
            f"statistics: '{card.name}' is a {card.family}; only a BigGAN stores some", "leave it out"
        )
    return card


def _blended(card: Card, options: Mapping[str, Any], library: Library) -> Card | None:
    """The model blended in. That weights are of one shape is seen when they are loaded."""
    if not options.get("blend"):
        return None
    if not FAMILIES[card.family].network:
        raise InstallationError(f"blend: '{card.name}' is a {card.family} file, which cannot be blended")
    other = cards.load(options["blend"], library)
    if (other.family, dict(other.network), other.latent) != (card.family, dict(card.network), card.latent):
        raise InstallationError(
            f"blend: '{other.name}' and '{card.name}' are networks of different shapes",
            "blend a model that was trained on from the other",
        )
    return other
