"""Maps of labels as pix2pixHD takes them: numbers become one channel a label, instances become their edges.

Wang et al. 2018 (1711.11585), section 3.3: the edges tell one car of a row from the next, which labels cannot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.errors import ModelError


def one_hot(label: NDArray[Any], channels: int, instance: NDArray[Any] | None = None) -> NDArray[np.float32]:
    """label (N, 1, H, W) numbers from 0, instance the same shape -> (N, channels, H, W) of 0 and 1.

    ``channels`` are all that the network takes. With ``instance`` the last of them is the map of edges, so the labels
    go to ``channels - 2``; a network that was trained with edges and gets none sees one flat thing a label. Raises
    ModelError for numbers that the network has no channel for.
    """
    numbers = _numbers("label", label)
    known = channels if instance is None else channels - 1
    if numbers.min() < 0 or numbers.max() >= known:
        wrong = numbers.min() if numbers.min() < 0 else numbers.max()
        raise ModelError(
            f"the map has label {wrong}; this network knows 0..{known - 1}", "give unknown areas a known one"
        )
    made = np.zeros((len(numbers), channels, *numbers.shape[2:]), np.float32)
    np.put_along_axis(made, numbers, 1, axis=1)
    if instance is not None:
        if np.shape(instance) != numbers.shape:
            raise ModelError(f"instance is {np.shape(instance)}, and label {numbers.shape}", "both maps want one size")
        made[:, -1:] = edges(_numbers("instance", instance))
    return made


def edges(instance: NDArray[Any]) -> NDArray[np.float32]:
    """(N, 1, H, W) -> the same, 1 where a neighbour left, right, above or below belongs to another instance."""
    across = instance[..., :, 1:] != instance[..., :, :-1]
    along = instance[..., 1:, :] != instance[..., :-1, :]
    made = np.zeros(instance.shape, bool)
    made[..., :, 1:] |= across
    made[..., :, :-1] |= across
    made[..., 1:, :] |= along
    made[..., :-1, :] |= along
    return made.astype(np.float32)


def _numbers(name: str, given: NDArray[Any]) -> NDArray[np.int64]:
    array = np.asarray(given)
    if array.ndim != 4 or array.shape[1] != 1 or not array.size:
        raise ModelError(f"{name} is {array.shape}, wanted (N, 1, height, width)")
    whole = array.astype(np.int64) if np.isfinite(array).all() else np.zeros_like(array, np.int64)
    if not np.array_equal(whole, array):
        raise ModelError(f"{name} must hold whole numbers, one a pixel")
    return whole
