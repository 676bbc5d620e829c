from __future__ import annotations

import numpy as np
import pytest

from installation.latent.projection import projection


@pytest.mark.parametrize(("size", "inputs"), [(512, 12), (128, 128), (16, 1), (2, 1)])
def test_columns_are_orthonormal(size: int, inputs: int) -> None:
    matrix = projection(size, inputs, 7)
    assert (matrix.shape, matrix.dtype) == ((size, inputs), np.float32)
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(inputs), atol=1e-6)


def test_rows_are_orthonormal_where_there_are_fewer_of_them() -> None:
    matrix = projection(4, 30, 7)
    assert matrix.shape == (4, 30)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(4), atol=1e-6)


def test_lengths_and_angles_survive() -> None:
    a, b = np.random.RandomState(1).randn(2, 12).astype(np.float32)
    up = projection(512, 12, 0)
    assert (up @ a) @ (up @ b) == pytest.approx(float(a @ b), abs=1e-5)


def test_a_seed_is_a_matrix_made_once_and_not_to_be_changed() -> None:
    assert projection(64, 5, 3) is projection(64, 5, 3)
    assert not np.allclose(projection(64, 5, 3), projection(64, 5, 4))
    with pytest.raises(ValueError, match="read-only"):
        projection(64, 5, 3)[0, 0] = 1.0


def test_it_is_the_gram_schmidt_basis_of_the_seeded_numbers() -> None:
    """The signs that LAPACK happened to choose do not show: Gram and Schmidt's basis has a positive diagonal."""
    numbers = np.random.RandomState(5).randn(40, 6)
    basis: list[np.ndarray] = []
    for column in numbers.T:
        rest = column - sum((b * (b @ column) for b in basis), np.zeros(40))
        basis.append(rest / np.linalg.norm(rest))
    np.testing.assert_allclose(projection(40, 6, 5), np.stack(basis, axis=1), atol=1e-6)
