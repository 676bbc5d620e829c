"""The size of a GAN's picture: the model's own, or a canvas that a StyleGAN2 is stretched to (networks/canvas.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installation.errors import InstallationError
from installation.models.recipes import NO_SIZE as OWN

if TYPE_CHECKING:
    from installation.checkpoints.card import Card

__all__ = ["OWN", "wanted"]

CONSTANT = 4  # a side of what a StyleGAN2 begins with
WIDEST = 32


def wanted(card: Card, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """The ``canvas`` of networks/canvas.py, where it is not the model's own. Raises InstallationError."""
    own = card.resolution
    if size in (OWN, own):
        return {}
    if card.family != "stylegan2" or own is None:
        raise InstallationError(f"size: '{card.name}' is a {card.family}, which paints in one size", "leave it out")
    step = own[0] // CONSTANT
    columns, rows = (min(WIDEST, max(CONSTANT, round(side / step))) for side in size)
    if size != (columns * step, rows * step):
        raise InstallationError(
            f"size: '{card.name}' paints {own[0]}x{own[1]}, or more in steps of {step}, not {size[0]}x{size[1]}",
            f"write size: {columns * step}x{rows * step}",
        )
    return {"canvas": (columns, rows)}
