"""A linear judge that two groups of pictures have taught: above 0 a picture is more like the first, below the second.

Regularised least squares to +1 and -1 (Rifkin, Yeo, Poggio 2003), both groups with the same weight however many
pictures they hold. The regularisation is the one that does best on pictures kept back, a tenth at a time; ``told`` is
how well: of a kept-back picture of each group, how often the judge knows which is which. 1 always, 0.5 by chance.

``chance`` is what groups of so few pictures that do not differ reach once in twenty times: twice the deviation of this
share (Mann, Whitney 1947), 1.4 times as large here, where pictures kept back once teach the judges of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Double = NDArray[np.float64]

FOLDS = 10
STRENGTHS = 10.0 ** np.arange(-3, 3)  # of the regularisation, in a picture's mean share of all that varies
SPREAD = 2 * 1.4  # measured: groups of random numbers, of 12 to 100


@dataclass(frozen=True, slots=True)
class Judge:
    told: float
    chance: float
    weights: Double
    offset: float

    def __call__(self, features: Array) -> Double:
        """(N, numbers) to (N,)."""
        made: Double = features @ self.weights - self.offset
        return made


def taught(toward: Array, away: Array, weights: Array | None = None) -> Judge:
    """By (N, numbers) and (M, numbers), two of each at least; ``weights`` (N,) of the first group's."""
    features = np.concatenate([toward, away]).astype(np.float64)
    sign = np.repeat([1.0, -1.0], [len(toward), len(away)])
    weight = np.concatenate([np.ones(len(toward)) if weights is None else weights, np.ones(len(away))])
    deviation = features.std(0)
    # A channel that hardly ever answers would drown all others.
    scale = np.maximum(deviation, max(float(np.median(deviation)) / 4, 1e-6))
    rows = features / scale
    number = np.concatenate([np.arange(len(toward)), np.arange(len(away))])
    folds = min(FOLDS, len(toward), len(away))
    unseen = np.empty((len(STRENGTHS), len(rows)))
    for fold in range(folds):
        held = number % folds == fold
        for place, (centre, ways) in enumerate(_fitted(rows[~held], sign[~held], weight[~held])):
            unseen[place, held] = (rows[held] - centre) @ ways
    error = ((unseen - sign) ** 2) @ _shares(sign, weight)
    best = int(error.argmin())
    centre, ways = _fitted(rows, sign, weight)[best]
    first, second = unseen[best, sign > 0][:, None], unseen[best, sign < 0]
    told = float(((first > second) + 0.5 * (first == second)).mean())
    # Half-way between the groups where they have not been learnt: learnt by heart, they lie further apart.
    middle = float(centre @ ways) + (float(first.mean()) + float(second.mean())) / 2
    count = len(toward) * len(away)
    chance = 0.5 + SPREAD * ((len(rows) + 1) / (12 * count)) ** 0.5
    return Judge(told, chance, ways / scale, middle)


def _fitted(rows: Double, sign: Double, weight: Double) -> list[tuple[Double, Double]]:
    """Centre and weights at every strength. Solved among the pictures, which are fewer than their numbers."""
    share = _shares(sign, weight)
    centre = share @ rows
    root = np.sqrt(share)[:, None]
    spread = root * (rows - centre)
    values, axes = np.linalg.eigh(spread @ spread.T)
    turned = axes.T @ (root[:, 0] * sign)
    usual = max(float(values.mean()), 1e-12)
    return [(centre, spread.T @ (axes @ (turned / (values.clip(min=0) + k * usual)))) for k in STRENGTHS]


def _shares(sign: Double, weight: Double) -> Double:
    """That add up to a half in each group."""
    totals = np.where(sign > 0, weight[sign > 0].sum(), weight[sign < 0].sum())
    made: Double = weight / totals / 2
    return made
