"""The child's side: ``python -m installation.checkpoints.foreign.child '{request}'``.

The request is a table: path, into (where tensors are written; none: only looked), parent, memory, seconds, file. It
gives up network, memory, time and disk before it opens the file. Its answer is one JSON table on stdout: what was
found, or ``refused`` and a hint. How it ends otherwise is for the parent to explain.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from installation.confine import Limits, cut_network, die_with_parent, limit
from installation.errors import ModelError


def main() -> None:
    request = json.loads(sys.argv[1])
    cut_network()  # where the system forbids it, nothing that is read could use one all the same
    die_with_parent(request["parent"])
    limit(Limits(request["memory"], request["seconds"], request["file"]))
    try:
        answer = _found(Path(request["path"]), request["into"])
    except ModelError as error:
        answer = {"refused": error.message, "hint": error.hint}
    except MemoryError:
        answer = {"refused": "it asks for more memory than a file of its size needs", "hint": ""}
    except RecursionError:
        answer = {"refused": "it is nested deeper than any checkpoint", "hint": ""}
    except OSError as error:
        answer = {"refused": error.strerror or "it cannot be read", "hint": ""}
    json.dump(answer, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # what a file made us build need not be taken apart again


def _found(path: Path, into: str | None) -> dict[str, Any]:
    from installation.checkpoints.foreign.reading import read  # here: under the limits

    if into is None:
        found = read(path)
    else:
        with open(into, "wb") as out:
            found = read(path, out)
    shapes = {name: tensor.shape for name, tensor in found.tensors.items()}
    return {"container": found.container, "shapes": shapes, "facts": found.facts}


if __name__ == "__main__":
    main()
