"""Functions of `np.linalg` in terms of its factorisations."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of, size_of
from sorix.primitives.definitions.registry import defines


@defines(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    a, b = array_of(a), array_of(b)
    s = np.linalg.svd(a, compute_uv=False)
    if rcond is not None:
        _require_all(s, rcond)
    x = np.linalg.pinv(a) @ b
    rank = np.linalg.matrix_rank(a)
    misfit = b - a @ x
    squares = np.atleast_1d(np.sum(misfit * misfit, axis=0))
    m, n = np.shape(a)
    found = squares if rank == n and m > n else squares[:0]
    return x, found, rank, s


@defines(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None) -> Any:
    a = array_of(a)
    _require_all(np.linalg.svd(a, compute_uv=False), rcond)
    return np.linalg.pinv(a)


def _require_all(s: Any, rcond: Any) -> None:
    """Where singular values are left out that are more than rounding, the derivative is another."""
    share = s / s[..., :1]
    if np.any((share <= rcond) & (share > 1e-13)):
        raise np.linalg.LinAlgError(
            "the derivative of np.linalg.lstsq and np.linalg.pinv is implemented only where rcond"
            " leaves out no singular value"
        )


@defines(np.linalg.qr)
def qr(a: Any, mode: Any = "reduced") -> Any:
    a = array_of(a)
    if mode == "r":
        return np.linalg.qr(a)[1]
    if mode == "complete" and np.shape(a)[-1] == np.shape(a)[-2]:
        return np.linalg.qr(a)
    raise UnsupportedFunctionError(
        "np.linalg.qr has a definition only for mode='r', and mode='complete' of square matrices"
    )


@defines(np.linalg.cholesky)
def cholesky(a: Any, upper: Any = False) -> Any:
    turned = np.swapaxes(array_of(a), -2, -1)
    return np.swapaxes(np.linalg.cholesky(turned), -2, -1) if upper else np.linalg.cholesky(a)


@defines(np.linalg.eigh)
def eigh(a: Any, UPLO: Any = "L") -> Any:
    if UPLO not in ("L", "l"):
        raise UnsupportedFunctionError(
            "np.linalg.eigh has a definition only with UPLO='L': from the other triangle the"
            " vectors have other signs. Hint: np.linalg.eigh(np.swapaxes(a, -2, -1))"
        )
    return np.linalg.eigh(array_of(a))


@defines(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: Any = "L") -> Any:
    return np.linalg.eigvalsh(_lower_triangle_of(a, UPLO))


def _lower_triangle_of(a: Any, side: Any) -> Any:
    """A symmetric matrix with its lower triangle where NumPy reads it."""
    if side not in ("L", "U", "l", "u"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    a = array_of(a)
    return np.swapaxes(a, -2, -1) if side in ("U", "u") else a


@defines(np.linalg.tensorinv)
def tensorinv(a: Any, ind: Any = 2) -> Any:
    a = array_of(a)
    shape = np.shape(a)
    flat = np.reshape(a, (size_of(shape[:ind]), -1))
    return np.reshape(np.linalg.inv(flat), (*shape[ind:], *shape[:ind]))


@defines("linalg.svdvals")
def svdvals(x: Any) -> Any:
    return np.linalg.svd(array_of(x), compute_uv=False)


@defines(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    x = array_of(x)
    if p is None or p == 2:
        s = np.linalg.svd(x, compute_uv=False)
        return s[..., 0] / s[..., -1]
    return np.linalg.norm(x, p) * np.linalg.norm(np.linalg.inv(x), p)


@defines("linalg.matrix_norm")
def matrix_norm(x: Any, keepdims: Any = False, ord: Any = "fro") -> Any:
    return np.linalg.norm(array_of(x), ord, axis=(-2, -1), keepdims=keepdims)


@defines("matvec")
def matvec(x1: Any, x2: Any) -> Any:
    return (array_of(x1) @ array_of(x2)[..., None])[..., 0]


@defines("vecmat")
def vecmat(x1: Any, x2: Any) -> Any:
    return (array_of(x1)[..., None, :] @ array_of(x2))[..., 0, :]


@defines(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any) -> Any:
    a, b = array_of(a), array_of(b)
    flat = np.reshape(a, (np.size(b), -1))
    return np.reshape(np.linalg.solve(flat, np.ravel(b)), np.shape(a)[np.ndim(b) :])


@defines(np.cross)
def cross(
    a: Any, b: Any, axisa: Any = -1, axisb: Any = -1, axisc: Any = -1, axis: Any = None
) -> Any:
    """Of vectors in a plane among others, which lack the third component."""
    if axis is not None:
        axisa, axisb, axisc = axis, axis, axis
    a, b = np.moveaxis(array_of(a), axisa, -1), np.moveaxis(array_of(b), axisb, -1)
    flat_a, flat_b = np.shape(a)[-1] == 2, np.shape(b)[-1] == 2
    if flat_a and flat_b:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    if flat_a:
        a = np.concatenate((a, 0.0 * a[..., :1]), axis=-1)
    if flat_b:
        b = np.concatenate((b, 0.0 * b[..., :1]), axis=-1)
    return np.moveaxis(np.cross(a, b), -1, axisc)
