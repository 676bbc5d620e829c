"""Pictures that are nearly the same: saved again, scaled, a film's next frame.

The difference hash: of a picture brought down to 9 x 8 greys, whether each is brighter than its right neighbour, as 64
bits. Fewer than BITS differ in pictures that look alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

BITS = 3  # that may differ; with one band more than that, one of the bands is equal
BANDS = 4
FLAT = 4  # of 64 bits: what has fewer set, or fewer not set, is an even tone that is like any other


def fingerprint(pixels: NDArray[np.uint8]) -> int:
    """64 bits of (H, W, 3)."""
    small = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(small[:, 1:] < small[:, :-1]).tobytes(), "big")


def alike(prints: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Number of a picture, and of the first one before it that it is like."""
    bands: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, print_ in enumerate(prints):
        if not FLAT <= print_.bit_count() <= 64 - FLAT:
            continue
        keys = [(band, print_ >> (64 // BANDS * band) & 0xFFFF) for band in range(BANDS)]
        before = sorted({other for key in keys for other in bands[key]})
        like = next((other for other in before if (print_ ^ prints[other]).bit_count() <= BITS), None)
        if like is not None:
            yield number, like
        else:  # only the first of a kind is compared with: a film's frames cost no more than one picture
            for key in keys:
                bands[key].append(number)
