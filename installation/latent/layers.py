"""Which layers of a W model a step works on, as a show writes it: ``0-3``, ``8-``, ``-3``, ``4``, ``0-3, 8-``, ``all``.

Counted from 0, the coarsest: 0-3 hold pose and shape, the middle ones features, the last ones colour and texture.
Ends are included.
"""

from __future__ import annotations

import re

from installation.errors import InstallationError
from installation.latent.space import Space

ALL = "all"
_PART = re.compile(r"\s*(?:(\d{1,3})\s*(-)?\s*(\d{1,3})?|-\s*(\d{1,3}))\s*")


def parse(text: str, count: int, address: str) -> list[int]:
    """Layers in rising order, none twice. Raises InstallationError, with the address of what was written."""
    if text.strip() == ALL:
        return list(range(count))
    chosen: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if not found or (found[3] and not found[2]):
            raise InstallationError(f"{address} cannot be '{text}'", "write layers such as 0-3, 8-, 4 or all")
        first = int(found[1] or 0)
        last = int(found[3] or found[4] or (count - 1 if found[2] else first))
        # 8- on a model of 6 layers names none: said as the same mistake as naming a layer that is not there.
        if max(first, last) >= count:
            raise InstallationError(
                f"{address} is '{text}', and the model has the layers 0-{count - 1}", "write layers such as 0-3 or all"
            )
        if first > last:
            raise InstallationError(f"{address} is '{text}', which ends before it begins", f"write {last}-{first}")
        chosen.update(range(first, last + 1))
    return sorted(chosen)


def of_space(text: str, space: Space, address: str) -> list[int]:
    """The same for a step that works in z as well, where a latent is one row and only ``all`` makes sense."""
    if not space.has_w and text.strip() != ALL:
        raise InstallationError(f"{address}: {space.model} paints from z, which has no layers", "leave it out")
    return parse(text, space.layers, address)
