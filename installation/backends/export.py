"""A network as an ONNX graph, kept at ``<cache>/graphs/<content hash>.onnx``. One graph serves every graph backend.

torch's dynamo exporter, opset 20: the cleanest graph of the ways there are. Shapes are static, but for the sides whose
size may change. A network that came as an ONNX file is its own graph.
"""

from __future__ import annotations

import inspect
import logging
import os
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from installation.backends.recipe import Recipe
from installation.library import cache_dir

if TYPE_CHECKING:
    from torch import nn

log = logging.getLogger(__name__)

OPSET = 20


def exported(recipe: Recipe) -> Path:
    """The graph's file, exported when the cache has none for this network, these shapes and this torch."""
    if recipe.graph is not None:
        return recipe.graph
    path = cache_dir("graphs") / f"{graph_key(recipe)}.onnx"
    if not path.is_file():
        log.info("%s: exporting the graph, once", recipe.name)
        _export(recipe, path)
    return path


def graph_key(recipe: Recipe, *more: str) -> str:
    """A content hash of the graph, and of what else a cache of something made from it depends on."""
    return recipe.key(version("torch"), version("onnxscript"), str(OPSET), *more)


def _export(recipe: Recipe, path: Path) -> None:
    import torch

    module = recipe.build()
    examples = tuple(torch.zeros(given.shape, dtype=getattr(torch, given.dtype)) for given in recipe.inputs.values())
    with tempfile.TemporaryDirectory(prefix="export-", dir=path.parent) as folder, warnings.catch_warnings():
        # The exporter warns about its own future and about packages nobody asked for: nothing for whoever runs a show.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
        made = Path(folder) / path.name
        torch.onnx.export(
            module,
            examples,
            str(made),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(recipe.inputs),
            output_names=[recipe.output],
            dynamic_shapes=_changing(recipe, module),
            external_data=False,  # one file: a rename then is the whole of it
            verbose=False,
        )
        os.replace(made, path)


def _changing(recipe: Recipe, module: nn.Module) -> tuple[Any, ...] | None:
    """The sides whose size may change, as torch wants them: nested as the arguments of ``forward`` are."""
    from torch.export import Dim

    if not any(given.changes for given in recipe.inputs.values()):
        return None
    sides = [dict.fromkeys(given.changes, Dim.DYNAMIC) for given in recipe.inputs.values()]
    kinds = [parameter.kind for parameter in inspect.signature(module.forward).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        return tuple(sides)
    plain = kinds.index(inspect.Parameter.VAR_POSITIONAL)
    return (*sides[:plain], tuple(sides[plain:]))
