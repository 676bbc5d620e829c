from __future__ import annotations

import numpy as np
import pytest

from installation.latent import ganspace, sefa
from installation.latent.ganspace import EXACT, Components


def samples(n: int, deviations: list[float], size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Normal samples around a mean that is far off, and the axes they vary along."""
    random = np.random.RandomState(seed)
    axes = np.linalg.qr(random.randn(size, size))[0].T[: len(deviations)]
    return 20 + random.randn(n, len(deviations)) * deviations @ axes + 0.01 * random.randn(n, size), axes


def test_it_recovers_a_planted_covariance_from_batches() -> None:
    y, axes = samples(20_000, [5.0, 3.0, 1.0], 40)
    found = Components(40, 3)
    for start in range(0, len(y), 1700):  # batches that do not divide it
        found.add(y[start : start + 1700].astype(np.float32))
    for k, (name, direction) in enumerate(found.directions().items()):
        assert name == f"ganspace.{k}"
        assert abs(float(direction.vector @ axes[k])) == pytest.approx(1, abs=2e-3)
        assert direction.sigma == pytest.approx([5.0, 3.0, 1.0][k], rel=0.03)
        assert direction.vector[np.abs(direction.vector).argmax()] > 0


@pytest.mark.parametrize("batch", [1, 7, 500])
@pytest.mark.parametrize("held", [100, 10**9])
def test_batches_give_what_the_whole_gives(batch: int, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ganspace, "HELD", held)  # brought together after every batch, or at the end
    y = samples(500, [5.0, 3.0, 1.0], 12)[0].astype(np.float32)
    found = Components(12, 12)
    for start in range(0, 500, batch):
        found.add(y[start : start + batch])
    directions = found.directions()
    values = np.sort(np.linalg.eigvalsh(np.cov(y.T)))[::-1]
    np.testing.assert_allclose([d.sigma**2 for d in directions.values()], values, rtol=1e-4)


def test_a_long_activation_is_followed_by_its_strongest_alone() -> None:
    y, axes = samples(9000, [5.0, 3.0, 1.0], EXACT + 200)
    found = Components(EXACT + 200, 3)
    for start in range(0, len(y), 200):
        found.add(y[start : start + 200].astype(np.float32))
    for k, direction in enumerate(found.directions().values()):
        assert abs(float(direction.vector @ axes[k])) > 0.99
        assert direction.sigma == pytest.approx([5.0, 3.0, 1.0][k], rel=0.05)


def test_for_a_model_that_paints_from_z_it_gives_the_z_that_moves_the_activation() -> None:
    """For a linear layer y = A z + b that is A's right singular vectors, which is what SeFa says too."""
    random = np.random.RandomState(5)
    left, right = np.linalg.qr(random.randn(50, 8))[0], np.linalg.qr(random.randn(8, 8))[0]
    matrix = left * np.arange(8, 0, -1) @ right.T
    found = Components(50, 3, latent=8)
    for seed in range(40):
        z = np.random.RandomState(seed).randn(1000, 8)
        found.add((z @ matrix.T + 4).astype(np.float32), z.astype(np.float32))
    for k, (direction, wanted) in enumerate(
        zip(found.directions().values(), sefa.directions(matrix.astype(np.float32), 3).values(), strict=True)
    ):
        assert direction.vector.shape == (8,)
        assert abs(float(direction.vector @ wanted.vector)) == pytest.approx(1, abs=0.02), k
        assert direction.sigma == pytest.approx(1, abs=0.02)  # z is normal, along everything


def test_the_same_samples_give_the_same_bits() -> None:
    y = samples(600, [5.0, 3.0], 30)[0].astype(np.float32)
    runs = []
    for _ in range(2):
        found = Components(30, 2)
        found.add(y[:300])
        found.add(y[300:])
        runs.append(np.stack([d.vector for d in found.directions().values()]))
    np.testing.assert_array_equal(*runs)


def test_too_few_samples_are_refused() -> None:
    found = Components(30, 5)
    found.add(np.random.RandomState(0).randn(3, 30).astype(np.float32))
    with pytest.raises(ValueError, match="3 samples do not tell 5 directions apart"):
        found.directions()
