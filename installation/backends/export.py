"""A network as an ONNX graph, kept at ``<cache>/graphs/<content hash>.onnx``. One graph serves every graph backend.

torch's dynamo exporter, opset 20, static shapes: the cleanest graph of the ways there are.
"""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

from installation.backends.recipe import Recipe
from installation.library import cache_dir

log = logging.getLogger(__name__)

OPSET = 20


def exported(recipe: Recipe) -> Path:
    """The graph's file, exported when the cache has none for this network, these shapes and this torch."""
    path = cache_dir("graphs") / f"{recipe.key(version('torch'), version('onnxscript'), str(OPSET))}.onnx"
    if not path.is_file():
        log.info("%s: exporting the graph, once", recipe.name)
        _export(recipe, path)
    return path


def _export(recipe: Recipe, path: Path) -> None:
    import torch

    examples = tuple(torch.zeros(given.shape, dtype=getattr(torch, given.dtype)) for given in recipe.inputs.values())
    with tempfile.TemporaryDirectory(prefix="export-", dir=path.parent) as folder, warnings.catch_warnings():
        # The exporter warns about its own future and about packages nobody asked for: nothing for whoever runs a show.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
        made = Path(folder) / path.name
        torch.onnx.export(
            recipe.build(),
            examples,
            str(made),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(recipe.inputs),
            output_names=[recipe.output],
            external_data=False,  # one file: a rename then is the whole of it
            verbose=False,
        )
        os.replace(made, path)
