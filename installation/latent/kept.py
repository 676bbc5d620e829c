"""A latent that was kept beside a model, by its name, as steps take it: (layers, W) or (Z,)."""

from __future__ import annotations

from installation.errors import InstallationError, did_you_mean
from installation.latent.space import Array, Space


def kept(name: str, space: Space, address: str) -> Array:
    """``address`` is who asks, for the message. Raises InstallationError."""
    if name not in space.saved:
        hint = did_you_mean(name, space.saved) or f"keep one: installation models project {space.model} PICTURE"
        raise InstallationError(f"{address}: {space.model} has kept no latent '{name}'", hint)
    found = space.saved[name]
    if not space.fits(found):
        raise InstallationError(
            f"{address}: '{name}' is {found.shape}, the latent of {space.model} {space.centre.shape}",
            f"keep it again: installation models project {space.model} PICTURE --as {name}",
        )
    return space.rows(found) if space.has_w else found.reshape(-1)
