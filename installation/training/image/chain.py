"""From a picture of the folder to what the network may see of it (Akten, Fiebrink, Grierson 2019, 2003.00902).

    picture (N, 3, S, S) in -1..1  ->  grey (N, 1, S, S) in 0..1  ->  soft (N, 1, S/4, S/4)

Only pictures of the wanted kind are needed: the input is made from them, and made so poor that a camera's is as good.
Each picture its own gain, offset, gamma and softness. On a few a bar or disc of the palest or darkest colour is laid: a
sheet of paper or a black sleeve then is a place of that colour, and not the snow of salt and pepper that a network
makes of what it never saw.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import torch
from torch import Tensor
from torch.nn import functional as F

from installation.networks.soft_grey import QUARTER

GREY = (0.299, 0.587, 0.114)  # ITU-R BT.601, as the camera's frames are made grey
GAMMA = 0.6  # opens the shadows: half of the earth is dark sea
GAIN, OFFSET, BEND = 0.2, 0.1, 0.2  # either way; BEND: of the logarithm of gamma
SOFTEST = 16.0  # pixels, a Gaussian's deviation: about as soft as 32 times smaller and back
TAPS = 11  # reach of what makes it softer, in quarter pixels
LAID = 8  # one picture of so many has bars laid on it
BARS = 3
EXTREME = 0.005  # share of the pixels that is called palest, and darkest
QUANTILES = 17

Soften = Callable[[Tensor], Tensor]


class Chain:
    """``examples`` (N, 3, S, S): from them come the palest and the darkest colour, and what greys there are.

    ``greys`` (QUANTILES,) 0..1, evenly spaced: a camera's are brought near these at run time.
    """

    def __init__(self, examples: Tensor, soften: Soften, blur: float) -> None:
        self._soften, self._blur = soften, blur
        pixels = examples.permute(1, 0, 2, 3).flatten(1)
        grey = self.grey(examples).flatten()
        order = grey.argsort()
        few = max(1, int(EXTREME * len(order)))
        self.darkest = pixels[:, order[:few]].mean(1)
        # Half way to white: a sheet of paper is paler than any place on earth.
        self.palest = (pixels[:, order[-few:]].mean(1) + 1) / 2
        self.greys = grey[order[torch.linspace(0, len(order) - 1, QUANTILES).long().to(order.device)]]

    @staticmethod
    def grey(picture: Tensor) -> Tensor:
        red, green, blue = (picture * 0.5 + 0.5).unbind(1)
        mixed = GREY[0] * red + GREY[1] * green + GREY[2] * blue
        return mixed.clamp(0, 1)[:, None] ** GAMMA

    def lit(self, grey: Tensor) -> Tensor:
        """As another lamp and another camera would have it."""
        chance = torch.rand(3, len(grey), 1, 1, 1, device=grey.device) * 2 - 1
        bent = grey ** (chance[0] * BEND).exp()
        return (bent * (1 + chance[1] * GAIN) + chance[2] * OFFSET).clamp(0, 1)

    def softness(self, count: int, device: torch.device) -> Tensor:
        """(count, 2 * TAPS + 1): a Gaussian for each picture, from next to nothing to all of SOFTEST."""
        whole = self._blur + (SOFTEST - self._blur) * torch.rand(count, 1, device=device) ** 1.5
        more = ((whole**2 - self._blur**2).clamp(min=0) / QUARTER**2).clamp(min=0.01)
        at = torch.arange(-TAPS, TAPS + 1, device=device)
        taps = torch.exp(-0.5 * at**2 / more)
        return taps / taps.sum(1, keepdim=True)

    def soft(self, grey: Tensor, softness: Tensor | None = None) -> Tensor:
        """What the network paints from; without ``softness``, as sharp as it ever is."""
        small = self._soften(grey)
        if softness is None:
            return small
        count = len(small)
        edge = min(TAPS, small.shape[2] - 1)
        taps = softness[:, TAPS - edge : TAPS + edge + 1]
        row = F.pad(small.transpose(0, 1), (edge, edge, edge, edge), mode="reflect")
        row = F.conv2d(row, taps[:, None, None, :].to(row.dtype), groups=count)
        return F.conv2d(row, taps[:, None, :, None].to(row.dtype), groups=count).transpose(0, 1)

    def laid(self, picture: Tensor) -> Tensor:
        """The first of the pictures with bars on them."""
        few = len(picture) // LAID
        if not few:
            return picture
        cover = bars(few, picture.shape[2], picture.device)
        pale = torch.rand(few, 1, 1, 1, device=picture.device) < 0.6
        colour = torch.where(pale, self.palest.reshape(1, 3, 1, 1), self.darkest.reshape(1, 3, 1, 1))
        return torch.cat([torch.lerp(picture[:few], colour, cover), picture[few:]])


def bars(count: int, side: int, device: torch.device) -> Tensor:
    """(count, 1, side, side) in 0..1: BARS each, from thin as a pencil to broad as a sheet, round at their ends."""
    chance = torch.rand(5, count, BARS, 1, 1, device=device)
    place = torch.arange(side, device=device) + 0.5
    x, y = place[None, :] - chance[0] * side, place[:, None] - chance[1] * side
    angle = chance[2] * pi
    along, aside = x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin()
    length, radius = chance[3] * side / 3, 2 * (side / 12) ** chance[4]
    distance = ((along.abs() - length).clamp(min=0) ** 2 + aside**2).sqrt()
    return ((radius - distance) / 1.5 + 0.5).clamp(0, 1).amax(1, keepdim=True)
