"""Writes the card of a converted model: what the file told, and a place for what only its owner knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from installation.checkpoints.found import Recognised
from installation.files import sha256_of

UNKNOWN = "unknown: ask whoever trained it"
HEAD = "# Written by 'installation models convert'. Yours to edit: title, licence, author, source, names of classes.\n"
TRAINED = "# Written by 'installation train'. Yours to edit: title, licence, author.\n"


def write(
    folder: Path,
    name: str,
    recognised: Recognised,
    files: Sequence[Path],
    weights: str,
    layers: Sequence[str] = (),
    directions: str = "",
    words: Mapping[str, str] | None = None,
) -> None:
    """``folder/model.yaml``. The weights must lie in the folder already. ``words``: title, licence, author, source and
    notes where somebody knows them."""
    file = folder / weights
    card: dict[str, Any] = {
        "title": name.replace("-", " ").replace("_", " ").capitalize(),
        "family": recognised.family,
        "licence": recognised.licence or UNKNOWN,
        "author": UNKNOWN,
        "source": f"converted from {', '.join(path.name for path in files)}",
        "notes": ". ".join(filter(None, (recognised.words, recognised.notes))),
    }
    card |= words or {}
    if recognised.resolution:
        card["resolution"] = "{}x{}".format(*recognised.resolution)
    if recognised.latent:
        card["latent"] = recognised.latent
    if recognised.classes:
        names = [f"{recognised.class_noun[0]}{number}" for number in range(recognised.classes)]
        card["classes"] = {"name": recognised.class_noun, "default": names[0], "names": names}
    if recognised.preprocessing:
        card["preprocessing"] = dict(recognised.preprocessing)
    card["network"] = dict(recognised.network)
    if layers:
        card["layers"] = list(layers)
    if directions:
        card["directions"] = directions
    card["weights"] = [{"file": weights, "sha256": sha256_of(file), "bytes": file.stat().st_size}]
    text = yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    (folder / "model.yaml").write_text((TRAINED if words else HEAD) + text, encoding="utf-8")
