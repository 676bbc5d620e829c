"""Directions of a model's latent space, kept beside its card: what its latents vary along most (GANSpace, by sampling),
and what changes its styles most (SeFa, out of the weights alone).

    W models   principal components of sampled w
    z models   principal components of the first layer's activations, as the z that moves them

Classes, where there are any, are drawn evenly: a direction should hold for all of them. The same seed gives the same
file. Directions that an artist has put into the file by hand stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from installation.backends.choose import load
from installation.checkpoints.card import Card
from installation.errors import ModelError
from installation.latent import sefa, stored
from installation.latent.ganspace import Components
from installation.latent.space import Direction
from installation.models import recipes
from installation.models.families import class_count, from_picture, has_w
from installation.models.latents import at_rest, directions_file

if TYPE_CHECKING:
    from torch import Tensor, nn

Array = NDArray[np.float32]
Progress = Callable[[int, int], None]

BATCH = 100
MOST_SAMPLES = 1_000_000
SIGMA_SAMPLES = 1000  # w that say how wide W is along a direction


def found_in_weights(net: nn.Module) -> dict[str, Direction]:
    """SeFa's directions of a network, in deviations of its own latents. Nothing is rendered."""
    samples = None
    if hasattr(net, "mapping"):
        rows = []
        for z, classes in _drawn(SIGMA_SAMPLES, 0, net.mapping.z_dim, net.mapping.c_dim):
            rows.append(_through(net.mapping, [z, classes] if classes.shape[1] else [z]))
        samples = np.concatenate(rows)
    return sefa.directions(net.style_matrix().numpy(), samples=samples)


def find(card: Card, samples: int, count: int, seed: int, backend: str, progress: Progress) -> Path:
    """Writes ``directions.safetensors`` and returns its path. Raises ModelError."""
    if from_picture(card):
        raise ModelError(f"the model '{card.name}' paints from pictures and has no latent to find directions in")
    if not 2 <= samples <= MOST_SAMPLES:
        raise ModelError(f"{samples} samples: wanted 2..{MOST_SAMPLES}")
    path = directions_file(card)
    kept = {
        name: direction
        for name, direction in stored.read_directions(path).items()
        if not name.startswith(("sefa.", "ganspace."))
    }
    recipes.present(card)
    net = recipes.network(card) if recipes.family_of(card).network else None
    if not getattr(net, "layers", None):
        raise ModelError(f"the model '{card.name}' is a {card.family} file, which cannot be looked into")
    look = _sampled_w(card, backend) if has_w(card) else _first_layer(card, net)
    components: Components | None = None
    done = 0
    for z, classes in _drawn(samples, seed, card.latent, class_count(card)):
        y = look(z, classes)
        components = components or Components(y.shape[1], count, 0 if has_w(card) else card.latent)
        components.add(y, None if has_w(card) else z)
        done = min(done + len(z), samples)
        progress(done, samples)
    assert components
    try:
        directions = {**found_in_weights(net), **components.directions(), **kept}
    except ValueError as error:
        raise ModelError(f"'{card.name}': {error}", "take more --samples, or ask for a smaller --count") from error
    stored.write_directions(path, directions)
    return path


def _drawn(samples: int, seed: int, size: int, classes: int) -> Iterator[tuple[Array, Array]]:
    """Batches of z and one-hot classes; the last is as large as the others, so that one graph does for all."""
    random = np.random.RandomState(seed)
    for _ in range(-(-samples // BATCH)):
        z = random.randn(BATCH, size).astype(np.float32)
        chosen = random.randint(0, max(classes, 1), BATCH)
        yield z, np.eye(classes, dtype=np.float32)[chosen] if classes else np.zeros((BATCH, 0), np.float32)


def _sampled_w(card: Card, backend: str) -> Callable[[Array, Array], Array]:
    part = recipes.family_of(card).helper
    assert part
    program = load(recipes.numeric(card, part, batch=BATCH), backend, "fp32")

    def look(z: Array, classes: Array) -> Array:
        given = {"z": z, "c": classes} if class_count(card) else {"z": z}
        return np.array(program.run(given)[part.output], np.float32)

    return look


class _Reached(Exception):
    """The first layer has answered; what comes after it need not run."""

    def __init__(self, output: Any) -> None:
        super().__init__()
        self.output = output


def _first_layer(card: Card, net: nn.Module) -> Callable[[Array, Array], Array]:
    rest, order = at_rest(card), list(recipes.family_of(card).picture.inputs(card, 1, recipes.NO_SIZE))

    def stop(module: nn.Module, given: Any, output: Any) -> None:
        raise _Reached(output[0] if isinstance(output, tuple) else output)

    def look(z: Array, classes: Array) -> Array:
        given = {**rest, "z": z, "classes": classes}
        hook = net.get_submodule(next(iter(net.layers.values()))).register_forward_hook(stop)
        try:
            return _through(net, [given[name] for name in order])
        finally:
            hook.remove()

    return look


def _through(net: nn.Module, given: list[Array]) -> Array:
    import torch

    with torch.inference_mode():
        try:
            made: Tensor = net(*map(torch.from_numpy, given))
        except _Reached as reached:
            made = reached.output
    return made.reshape(len(made), -1).numpy()
