"""What ``installation models`` shows and does, as plain data."""

from __future__ import annotations

from typing import Any

from installation.checkpoints import card as cards
from installation.checkpoints import weights
from installation.checkpoints.fetch import Origin, Progress, fetch
from installation.errors import ModelError
from installation.library import Library


def list_models(library: Library) -> list[dict[str, Any]]:
    """One row a card: name, title, family, resolution, licence, present, bytes."""
    rows = []
    for name in library.models():
        card = cards.load(name, library)
        rows.append(
            {
                "name": name,
                "title": card.title,
                "family": card.family,
                "resolution": card.size_text,
                "licence": card.licence,
                "present": not card.missing(),
                "bytes": sum(weight.size for weight in card.weights),
            }
        )
    return rows


def get_model(name: str, library: Library, progress: Progress | None = None) -> None:
    """Bring a model's files into the cache and make its tensors ready. Does nothing the second time."""
    card = cards.load(name, library)
    fetch([weight for weight in card.weights if isinstance(weight, Origin)], progress)
    if missing := card.missing():
        raise ModelError(f"the model '{name}' lacks {missing[0]}, or it is not the file its card promises")
    weights.tensor_files(card)


def inspect_model(name: str, library: Library) -> dict[str, Any]:
    """The card, and ``tensors``: name, shape and dtype of each (none before the model is fetched)."""
    card = cards.load(name, library)
    present = not card.missing()
    classes = card.classes
    return {
        "name": name,
        "title": card.title,
        "family": card.family,
        "resolution": card.size_text,
        "latent": card.latent,
        "classes": f"{classes.name}: {', '.join(classes.names)}" if classes else "",
        "preprocessing": dict(card.preprocessing),
        "network": dict(card.network),
        "layers": ", ".join(card.layers),
        "directions": card.directions.name if card.directions else "",
        "inputs": dict(card.inputs),
        "outputs": dict(card.outputs),
        "licence": card.licence,
        "author": card.author,
        "source": card.source,
        "notes": card.notes,
        "weights": [_where(weight) for weight in card.weights],
        "present": present,
        "tensors": weights.table(card) if present else [],
    }


def _where(weight: Origin | cards.Beside) -> dict[str, Any]:
    if isinstance(weight, Origin):
        named = f"{weight.registry} {weight.package} {weight.version}: {weight.member}"
    else:
        named = weight.file.name
    return {"file": named, "sha256": weight.sha256, "bytes": weight.size, "path": str(weight.path())}
