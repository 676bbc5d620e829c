from __future__ import annotations

import numpy as np
import pytest

from installation.latent import sefa


def planted(strengths: list[float], size: int = 24, rows: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A matrix whose strongest directions are known: their rows, and the matrix."""
    random = np.random.RandomState(seed)
    left = np.linalg.qr(random.randn(rows, size))[0]
    right = np.linalg.qr(random.randn(size, size))[0].T
    values = np.array(strengths + [0.1] * (size - len(strengths)))
    return right, ((left * values) @ right).astype(np.float32)


def test_it_finds_planted_directions_strongest_first() -> None:
    right, matrix = planted([9.0, 5.0, 3.0])
    found = sefa.directions(matrix, count=3)
    assert list(found) == ["sefa.0", "sefa.1", "sefa.2"]
    for direction, wanted in zip(found.values(), right, strict=False):
        assert direction.vector.dtype == np.float32
        assert abs(float(direction.vector @ wanted)) == pytest.approx(1, abs=1e-5)
        assert direction.vector[np.abs(direction.vector).argmax()] > 0
        assert direction.sigma == 1.0


def test_they_are_the_right_singular_vectors() -> None:
    matrix = np.random.RandomState(1).randn(300, 16).astype(np.float32)
    found = np.stack([d.vector for d in sefa.directions(matrix).values()])
    assert found.shape == (16, 16)  # no more than there are
    wanted = np.linalg.svd(matrix)[2]
    np.testing.assert_allclose(np.abs((found * wanted).sum(1)), 1, atol=1e-4)


def test_signs_do_not_depend_on_the_weights_signs() -> None:
    matrix = planted([9.0, 5.0])[1]
    one, other = sefa.directions(matrix, 2), sefa.directions(-matrix, 2)
    for name in one:
        np.testing.assert_allclose(one[name].vector, other[name].vector, atol=1e-6)


def test_sigma_is_the_deviation_of_the_samples_along_it() -> None:
    right, matrix = planted([9.0])
    samples = (np.random.RandomState(2).randn(5000, 24) + 3.0 * np.random.RandomState(3).randn(5000, 1) * right[0]) + 7
    sigma = sefa.directions(matrix, 1, samples.astype(np.float32))["sefa.0"].sigma
    assert sigma == pytest.approx(10**0.5, rel=0.05)


@pytest.mark.parametrize("bad", [np.zeros(5), np.full((4, 4), np.nan), np.zeros((2, 2, 2))])
def test_what_is_no_matrix_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="style matrix"):
        sefa.directions(bad.astype(np.float32))
