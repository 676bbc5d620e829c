"""Random crops of large pictures, made on the device: any place, size, turn and mirror image.

Of flat pictures a crop always lies inside, whatever its turn. Of a map of the whole globe it is what is seen from
straight above (``globe.py``), over the date line too. All chance comes from torch's global generator of the device.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import torch
from torch import Tensor

from installation.errors import InstallationError
from installation.training.data.globe import evened, gnomonic
from installation.training.data.places import Places
from installation.training.data.pyramid import Pyramid
from installation.training.data.spec import CropSpec
from installation.training.data.tone import toned

AT_ONCE = {"cpu": 1 << 16}  # pixels drawn in one go: what is computed on the way should stay in the cache ...
AT_ONCE_ELSE = 1 << 22  # ... and takes some 200 bytes of each


class Crops:
    """``pictures`` uint8 (3, H, W) of any size, ``mask`` uint8 (H, W) white where land is. Raises InstallationError."""

    def __init__(
        self,
        pictures: Sequence[Tensor],
        spec: CropSpec,
        size: int,
        device: torch.device | str = "cpu",
        mask: Tensor | None = None,
    ) -> None:
        if not pictures:
            raise InstallationError("there is no picture to make crops of")
        self.spec = spec
        self.size = size
        self._device = torch.device(device)
        self._globe = spec.projection == "equirectangular"
        ready = [toned(picture.cpu(), spec.white, spec.gamma, spec.saturation) for picture in pictures]
        self.places = Places(ready, spec, mask, self._device)
        if self._globe:
            ready = [evened(picture) for picture in ready]
        self._pyramid = Pyramid(ready, self._globe, self._device)

    def draw(self, count: int, size: int | None = None) -> Tensor:
        """float32 (count, 3, size, size) in -1..1. Of the same seed, the same places whatever ``size``."""
        size = size or self.size
        picture, x, y = self.places.draw(count)
        chance = torch.rand(3, count, device=self._device)
        low, high = self.spec.across
        across = low * (high / low) ** chance[0]  # as often from 12 to 15 degrees as from 20 to 25
        turn = (2 * chance[1] - 1) * self.spec.turn * (pi / 180)
        mirror = torch.where(chance[2] < 0.5, -1.0, 1.0) if self.spec.flip else torch.ones_like(across)
        part = max(1, AT_ONCE.get(self._device.type, AT_ONCE_ELSE) // (size * size))
        drawn = [
            self._view(size, *(value[first : first + part] for value in (picture, x, y, across, turn, mirror)))
            for first in range(0, count, part)
        ]
        return (drawn[0] if len(drawn) == 1 else torch.cat(drawn)).mul_(2 / 255).sub_(1)

    def _view(
        self, size: int, picture: Tensor, x: Tensor, y: Tensor, across: Tensor, turn: Tensor, mirror: Tensor
    ) -> Tensor:
        height, width = self._pyramid.sizes[picture].unbind(1)
        if self._globe:
            # A tangent plane's half side is the tangent of half the angle.
            right, down = _square(size, (across * (pi / 360)).tan(), turn, mirror)
            longitude, latitude = (x - 0.5) * (2 * pi), (0.5 - y) * pi
            return self._pyramid.read(
                picture, *gnomonic(right, down, longitude, latitude), across / 180 * height / size
            )
        shorter = torch.minimum(height, width)
        reach = turn.cos().abs() + turn.sin().abs()  # a turned square needs so much more room
        side = torch.minimum(across, 1 / reach) * shorter
        right, down = _square(size, side / 2, turn, mirror)
        middle_x = x * (width - reach * side) + reach * side / 2
        middle_y = y * (height - reach * side) + reach * side / 2
        right = (right + middle_x.view(-1, 1, 1)) / width.view(-1, 1, 1)
        down = (down + middle_y.view(-1, 1, 1)) / height.view(-1, 1, 1)
        return self._pyramid.read(picture, right, down, side / size)


def _square(size: int, half: Tensor, turn: Tensor, mirror: Tensor) -> tuple[Tensor, Tensor]:
    """How far right and down of the middle its pixels lie, (n, size, size), in squares whose half side is ``half``."""
    steps = (torch.arange(size, device=half.device) + 0.5) * (2 / size) - 1
    half, mirror = half.view(-1, 1, 1), mirror.view(-1, 1, 1)
    cos, sin = turn.cos().view(-1, 1, 1) * half, turn.sin().view(-1, 1, 1) * half
    x, y = steps.view(1, 1, -1) * mirror, steps.view(1, -1, 1)
    return x * cos - y * sin, x * sin + y * cos
