"""What derivatives of factorisations ask of matrices, and how they say that there is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.dispatch import primitive


@primitive
def has_no_inverse(x: Any) -> bool:
    """Whether ``np.linalg.inv(x)``, and so ``np.linalg.solve(x, b)``, raises ``LinAlgError``.

    Examples
    --------
    >>> import numpy as np
    >>> has_no_inverse(np.ones((2, 2))), has_no_inverse(np.eye(2))
    (True, False)
    """
    try:
        # It makes the same factors, and says by a sign of 0 that a pivot is exactly 0.
        sign, _ = np.linalg.slogdet(x)
    except np.linalg.LinAlgError:
        return True
    return bool(np.any(sign == 0))


@primitive
def has_no_cholesky(x: Any) -> bool:
    """Whether ``np.linalg.cholesky(x)`` raises ``LinAlgError``.

    Examples
    --------
    >>> import numpy as np
    >>> has_no_cholesky(-np.eye(2)), has_no_cholesky(np.eye(2))
    (True, False)
    """
    try:
        np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        return True
    return False


@primitive
def spans_all(u: Any) -> bool:
    """Whether the columns of an orthogonal matrix leave nothing outside their span.

    Examples
    --------
    >>> import numpy as np
    >>> spans_all(np.eye(3)), spans_all(np.eye(3)[:, :2])
    (True, False)
    """
    rows, columns = np.shape(u)[-2:]
    return bool(rows == columns)


@primitive
def solve_by_r(r: Any, b: Any) -> Any:
    """``np.linalg.solve(r, b)`` for a factor of ``np.linalg.qr``, or the transpose of one.

    Examples
    --------
    >>> import numpy as np
    >>> solve_by_r(np.diag([2.0, 4.0]), np.array([[2.0], [2.0]])).tolist()
    [[1.0], [0.5]]
    """
    rows, columns = np.shape(r)[-2:]
    if rows != columns:
        raise np.linalg.LinAlgError(
            "the derivative of np.linalg.qr is implemented only for matrices "
            "that have no fewer rows than columns"
        )
    pivots = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    noise = columns * np.finfo(pivots.dtype).eps * np.max(pivots, axis=-1, initial=0.0)
    if np.any(np.min(pivots, axis=-1, initial=np.inf) <= noise):
        raise np.linalg.LinAlgError(
            "np.linalg.qr has no derivative where the columns of its matrix are linearly dependent"
        )
    return np.linalg.solve(r, b)


@primitive
def cofactors(x: Any) -> Any:
    """The derivative of ``np.linalg.det`` by the entries of `x`, of singular matrices as well.

    Examples
    --------
    >>> import numpy as np
    >>> cofactors(np.array([[1.0, 2.0], [2.0, 4.0]])).round(12).tolist()
    [[4.0, -2.0], [-2.0, 1.0]]
    """
    if _is_well_conditioned(x):
        return np.expand_dims(np.linalg.det(x), (-2, -1)) * _transposed(np.linalg.inv(x))
    u, s, vh, sign = _turned(x)
    return sign * ((u * _products_of_others(s)[..., None, :]) @ vh)


@primitive
def cofactors_along(x: Any, g: Any) -> Any:
    """The derivative of ``cofactors(x)`` along `g`; also that of its inner product with `g`.

    Examples
    --------
    >>> import numpy as np
    >>> cofactors_along(np.zeros((2, 2)), np.array([[1.0, 2.0], [3.0, 4.0]])).round(12).tolist()
    [[4.0, -3.0], [-2.0, 1.0]]
    """
    if _is_well_conditioned(x):
        inverse = np.linalg.inv(x)
        by_g = inverse @ g
        trace = np.expand_dims(np.trace(by_g, axis1=-2, axis2=-1), (-2, -1))
        det = np.expand_dims(np.linalg.det(x), (-2, -1))
        return det * _transposed(trace * inverse - by_g @ inverse)
    u, s, vh, sign = _turned(x)
    inner = _transposed(u) @ g @ _transposed(vh)
    both = _products_of_others_in_pairs(s)
    diagonal = np.diagonal(inner, axis1=-2, axis2=-1)
    found = (both @ diagonal[..., None]) * np.eye(np.shape(s)[-1], dtype=s.dtype)
    return sign * (u @ (found - both * _transposed(inner)) @ vh)


_CONDITION = 1e4
"""Up to which condition number the cofactors are found from the inverse, a rounding apart."""


def _is_well_conditioned(x: Any) -> bool:
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.max(np.abs(x), axis=(-2, -1), initial=0.0)
        return bool(np.all(size * np.max(np.abs(inverse), axis=(-2, -1), initial=0.0) < _CONDITION))


def _turned(x: Any) -> tuple[Any, Any, Any, Any]:
    """The singular value decomposition, and the determinant of its two rotations."""
    u, s, vh = np.linalg.svd(x)
    sign = np.round(np.linalg.det(u) * np.linalg.det(vh))
    return u, s, vh, np.expand_dims(sign, (-2, -1))


def _products_of_others(s: Any) -> Any:
    """For each entry of the last axis the product of all but it."""
    n = np.shape(s)[-1]
    return np.prod(np.where(np.eye(n, dtype=bool), 1.0, s[..., None, :]), axis=-1)


def _products_of_others_in_pairs(s: Any) -> Any:
    """For each two different entries the product of all but these; 0 for an entry with itself."""
    n = np.shape(s)[-1]
    same = np.eye(n, dtype=bool)
    left_out = same[:, None, :] | same[None, :, :]
    found = np.prod(np.where(left_out, 1.0, s[..., None, None, :]), axis=-1)
    return np.where(same, 0.0, found)


def _transposed(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)
