"""What tells that NumPy refuses a matrix agrees with NumPy."""

import numpy as np
import pytest

from sorix.support import cofactors, has_no_cholesky, has_no_inverse, solve_by_r

MATRICES = [
    np.eye(3),
    np.ones((2, 2)),
    np.zeros((2, 2)),
    -np.eye(2),
    np.array([[1.0, 2.0], [2.0, 4.0]]),
    np.array([[0.0, 1.0], [1.0, 0.0]]),
    np.array([[np.nan, 1.0], [1.0, 2.0]]),
    np.array([[np.inf, 1.0], [1.0, 2.0]]),
    np.array([[1, 2], [3, 4]]),
    np.ones((2, 3)),
    np.ones(3),
    np.zeros((0, 0)),
    np.stack([np.eye(2), np.ones((2, 2))]),
    np.stack([np.eye(2), 2 * np.eye(2)]).astype(np.float32),
    np.full((3, 3), 0.1) + np.diag([1e-17, 0.0, 0.0]),
]


def _refused(function, *args):
    try:
        function(*args)
    except np.linalg.LinAlgError:
        return True
    return False


@pytest.mark.parametrize("matrix", MATRICES, ids=range(len(MATRICES)))
def test_matrices_are_refused_as_numpy_refuses_them(matrix):
    with np.errstate(all="ignore"):
        assert has_no_inverse(matrix) == _refused(np.linalg.inv, matrix)
        assert has_no_cholesky(matrix) == _refused(np.linalg.cholesky, matrix)


def test_singular_is_what_solve_calls_singular():
    rng = np.random.default_rng(0)
    for _ in range(50):
        matrix = rng.integers(-1, 2, (3, 3)).astype(float)
        assert has_no_inverse(matrix) == _refused(np.linalg.solve, matrix, np.ones(3))


def test_cofactors_are_minors_with_signs():
    rng = np.random.default_rng(1)
    for matrix in (rng.normal(size=(4, 4)), np.outer([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])):
        n = len(matrix)
        # What rounding leaves of minors that cancel depends on the LAPACK at hand.
        tolerance = 4 * np.finfo(float).eps * np.linalg.norm(matrix) ** (n - 1)
        for i in range(n):
            for k in range(n):
                minor = np.delete(np.delete(matrix, i, 0), k, 1)
                expected = (-1) ** (i + k) * np.linalg.det(minor)
                assert abs(cofactors(matrix)[i, k] - expected) < tolerance


@pytest.mark.parametrize("r", [np.diag([1.0, 0.0]), np.diag([1.0, 1e-17]), np.ones((2, 3))])
def test_a_factor_without_an_inverse_is_refused_in_words(r):
    with pytest.raises(np.linalg.LinAlgError, match="derivative"):
        solve_by_r(r, np.ones((2, 1)))
