"""Sums of powers and of orthogonal polynomials, the coefficient of the lowest degree first.

Formulas: A. Gil, J. Segura and N. M. Temme, Numerical Methods for Special Functions (2007): the
recurrences in section 4.2, their sums by Clenshaw's method in section 3.7; derivatives and
integrals of the polynomials in DLMF, sections 18.9(iii) and 18.17(i).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of, trimmed, vector_of
from sorix.primitives.definitions.registry import defines

# -- values: by Clenshaw's recurrence from the highest degree down ---------------------------


def _beside(x: Any, c: Any, tensor: Any) -> tuple[Any, Any]:
    """Arguments and coefficients, of which each column is summed for all arguments."""
    x, c = array_of(x), vector_of(c)
    if tensor and np.ndim(c) > 1:
        c = np.reshape(c, np.shape(c) + (1,) * np.ndim(x))
    return x, c


def _zero(x: Any, c: Any) -> Any:
    return x * 0.0 if np.ndim(c) == 1 else x * 0.0 + c[0] * 0.0


@defines(np.polynomial.polynomial.polyval)
def polyval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    n = len(c)
    y = c[n - 1] + x * 0
    for k in range(2, n + 1):
        y = c[n - k] + y * x
    return y


@defines(np.polynomial.chebyshev.chebval)
def chebval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    b1 = b2 = _zero(x, c)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + 2 * x * b1 - b2, b1
    return c[0] + x * b1 - b2


@defines(np.polynomial.legendre.legval)
def legval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    b1 = b2 = _zero(x, c)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + (2 * k + 1) / (k + 1) * x * b1 - (k + 1) / (k + 2) * b2, b1
    return c[0] + x * b1 - 0.5 * b2


@defines(np.polynomial.hermite.hermval)
def hermval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    b1 = b2 = _zero(x, c)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + 2 * x * b1 - 2 * (k + 1) * b2, b1
    return c[0] + 2 * x * b1 - 2 * b2


@defines(np.polynomial.hermite_e.hermeval)
def hermeval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    b1 = b2 = _zero(x, c)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + x * b1 - (k + 1) * b2, b1
    return c[0] + x * b1 - b2


@defines(np.polynomial.laguerre.lagval)
def lagval(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = _beside(x, c, tensor)
    b1 = b2 = _zero(x, c)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + (2 * k + 1 - x) / (k + 1) * b1 - (k + 1) / (k + 2) * b2, b1
    return c[0] + (1 - x) * b1 - 0.5 * b2


# -- the polynomials themselves, one a column ------------------------------------------------


def _arguments(x: Any) -> Any:
    return vector_of(x) * 1.0


@defines(np.polynomial.polynomial.polyvander)
def polyvander(x: Any, deg: Any) -> Any:
    return _arguments(x)[..., None] ** np.arange(deg + 1)


@defines(np.polynomial.chebyshev.chebvander)
def chebvander(x: Any, deg: Any) -> Any:
    x = _arguments(x)
    columns = [x * 0.0 + 1.0, x]
    for _ in range(2, deg + 1):
        columns.append(2 * x * columns[-1] - columns[-2])
    return np.stack(columns[: deg + 1], axis=-1)


@defines(np.polynomial.legendre.legvander)
def legvander(x: Any, deg: Any) -> Any:
    x = _arguments(x)
    columns = [x * 0.0 + 1.0, x]
    for k in range(2, deg + 1):
        columns.append(((2 * k - 1) * x * columns[-1] - (k - 1) * columns[-2]) / k)
    return np.stack(columns[: deg + 1], axis=-1)


@defines(np.polynomial.hermite.hermvander)
def hermvander(x: Any, deg: Any) -> Any:
    x = _arguments(x)
    columns = [x * 0.0 + 1.0, 2 * x]
    for k in range(2, deg + 1):
        columns.append(2 * x * columns[-1] - 2 * (k - 1) * columns[-2])
    return np.stack(columns[: deg + 1], axis=-1)


@defines(np.polynomial.hermite_e.hermevander)
def hermevander(x: Any, deg: Any) -> Any:
    x = _arguments(x)
    columns = [x * 0.0 + 1.0, x]
    for k in range(2, deg + 1):
        columns.append(x * columns[-1] - (k - 1) * columns[-2])
    return np.stack(columns[: deg + 1], axis=-1)


@defines(np.polynomial.laguerre.lagvander)
def lagvander(x: Any, deg: Any) -> Any:
    x = _arguments(x)
    columns = [x * 0.0 + 1.0, 1 - x]
    for k in range(2, deg + 1):
        columns.append(((2 * k - 1 - x) * columns[-1] - (k - 1) * columns[-2]) / k)
    return np.stack(columns[: deg + 1], axis=-1)


# -- in two variables ------------------------------------------------------------------------


def _on_pairs(val: Any, x: Any, y: Any, c: Any) -> Any:
    """Of the sums over the first degree, one a column, the sums over the second."""
    return val(array_of(y), val(array_of(x), array_of(c)), tensor=False)


def _on_grid(val: Any, x: Any, y: Any, c: Any) -> Any:
    return val(array_of(y), val(array_of(x), array_of(c)))


@defines(np.polynomial.polynomial.polyval2d)
def polyval2d(x: Any, y: Any, c: Any) -> Any:
    return _on_pairs(polyval, x, y, c)


@defines(np.polynomial.chebyshev.chebval2d)
def chebval2d(x: Any, y: Any, c: Any) -> Any:
    return _on_pairs(chebval, x, y, c)


@defines(np.polynomial.legendre.legval2d)
def legval2d(x: Any, y: Any, c: Any) -> Any:
    return _on_pairs(legval, x, y, c)


@defines(np.polynomial.polynomial.polygrid2d)
def polygrid2d(x: Any, y: Any, c: Any) -> Any:
    return _on_grid(polyval, x, y, c)


@defines(np.polynomial.chebyshev.chebgrid2d)
def chebgrid2d(x: Any, y: Any, c: Any) -> Any:
    return _on_grid(chebval, x, y, c)


@defines(np.polynomial.legendre.leggrid2d)
def leggrid2d(x: Any, y: Any, c: Any) -> Any:
    return _on_grid(legval, x, y, c)


# -- coefficients from values, by least squares ----------------------------------------------


def _fit(columns: Any, y: Any, w: Any) -> Any:
    y, w = array_of(y), array_of(w)
    if w is not None:
        columns = columns * w[:, None]
        y = y * (w if np.ndim(y) == 1 else w[:, None])
    scale = np.sqrt(np.sum(columns * columns, axis=0))
    q, r = np.linalg.qr(columns / scale)
    found = np.linalg.solve(r, q.T @ y)
    return found / scale if np.ndim(y) == 1 else found / scale[:, None]


@defines(np.polynomial.polynomial.polyfit)
def polyfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(polyvander(x, deg), y, w)


@defines(np.polynomial.chebyshev.chebfit)
def chebfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(chebvander(x, deg), y, w)


@defines(np.polynomial.legendre.legfit)
def legfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(legvander(x, deg), y, w)


@defines(np.polynomial.hermite.hermfit)
def hermfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(hermvander(x, deg), y, w)


@defines(np.polynomial.hermite_e.hermefit)
def hermefit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(hermevander(x, deg), y, w)


@defines(np.polynomial.laguerre.lagfit)
def lagfit(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return _fit(lagvander(x, deg), y, w)


# -- derivatives and integrals: a matrix each, as both are linear in the coefficients ---------


def _derivative(c: Any, m: Any, scl: Any, matrix: Any) -> Any:
    c = vector_of(c) * 1.0
    for _ in range(m):
        c = scl * _applied(matrix, c)
    return c


def _applied(matrix: Any, c: Any) -> Any:
    """The matrix for as many coefficients as there are, times them; their dtype stays."""
    return np.tensordot(matrix(np.arange(len(c)) * 1.0).astype(c.dtype), c, 1)


def _shifted(weights: Any) -> Any:
    """The matrix that gives the degree below what is said for each."""
    n = len(weights)
    return np.eye(max(n - 1, 1), n, 1) * weights


def _all_below(degrees: Any, every: Any) -> Any:
    """Where a matrix has the degrees below each column's, `every` one of them or every second."""
    distance = degrees - degrees[: max(len(degrees) - 1, 1), None]
    return (distance > 0) & (every | (distance % 2 == 1))


def _of_chebyshev(degrees: Any) -> Any:
    rows = degrees[: max(len(degrees) - 1, 1), None]
    return np.where(_all_below(degrees, False), degrees * np.where(rows > 0, 2.0, 1.0), 0.0)


def _of_legendre(degrees: Any) -> Any:
    rows = degrees[: max(len(degrees) - 1, 1), None]
    return np.where(_all_below(degrees, False), 2.0 * rows + 1.0, 0.0)


def _of_hermite(degrees: Any) -> Any:
    return _shifted(2.0 * degrees)


def _of_laguerre(degrees: Any) -> Any:
    return np.where(_all_below(degrees, True), -1.0, 0.0)


@defines(np.polynomial.polynomial.polyder)
def polyder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _shifted)


@defines(np.polynomial.chebyshev.chebder)
def chebder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _of_chebyshev)


@defines(np.polynomial.legendre.legder)
def legder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _of_legendre)


@defines(np.polynomial.hermite.hermder)
def hermder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _of_hermite)


@defines(np.polynomial.hermite_e.hermeder)
def hermeder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _shifted)


@defines(np.polynomial.laguerre.lagder)
def lagder(c: Any, m: Any = 1, scl: Any = 1) -> Any:
    return _derivative(c, m, scl, _of_laguerre)


def _integral(c: Any, m: Any, k: Any, lbnd: Any, scl: Any, matrix: Any, val: Any) -> Any:
    """From `lbnd` on, where the i-th integral is ``k[i]``."""
    c = vector_of(c) * 1.0
    constants = k if isinstance(k, list | tuple) else [k]
    for i in range(m):
        c = scl * _applied(matrix, c)
        first = (constants[i] if i < len(constants) else 0.0) - val(lbnd, c)
        c = np.concatenate((c[:1] + first, c[1:]))
    return c


def _raised(up: Any, down: Any) -> Any:
    """The matrix that gives the degrees above and below what is said for each."""
    n = len(up)
    return np.eye(n + 1, n, -1) * up + np.eye(n + 1, n, 1) * down


def _powers_raised(degrees: Any) -> Any:
    return _raised(1.0 / (degrees + 1.0), 0.0)


def _chebyshev_raised(degrees: Any) -> Any:
    up = np.where(degrees > 0, 0.5 / (degrees + 1.0), 1.0)
    return _raised(up, np.where(degrees > 1, -0.5 / np.maximum(degrees - 1.0, 1.0), 0.0))


def _legendre_raised(degrees: Any) -> Any:
    up = 1.0 / (2.0 * degrees + 1.0)
    return _raised(up, -up)


def _hermite_raised(degrees: Any) -> Any:
    return _raised(0.5 / (degrees + 1.0), 0.0)


def _laguerre_raised(degrees: Any) -> Any:
    n = len(degrees)
    return np.eye(n + 1, n) - np.eye(n + 1, n, -1)


@defines(np.polynomial.polynomial.polyint)
def polyint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _powers_raised, polyval)


@defines(np.polynomial.chebyshev.chebint)
def chebint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _chebyshev_raised, chebval)


@defines(np.polynomial.legendre.legint)
def legint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _legendre_raised, legval)


@defines(np.polynomial.hermite.hermint)
def hermint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _hermite_raised, hermval)


@defines(np.polynomial.hermite_e.hermeint)
def hermeint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _powers_raised, hermeval)


@defines(np.polynomial.laguerre.lagint)
def lagint(c: Any, m: Any = 1, k: Any = (), lbnd: Any = 0, scl: Any = 1) -> Any:
    return _integral(c, m, k, lbnd, scl, _laguerre_raised, lagval)


# -- arithmetic ------------------------------------------------------------------------------


@defines(
    np.polynomial.polynomial.polyadd,
    np.polynomial.chebyshev.chebadd,
    np.polynomial.legendre.legadd,
    np.polynomial.hermite.hermadd,
    np.polynomial.hermite_e.hermeadd,
    np.polynomial.laguerre.lagadd,
)
def added(c1: Any, c2: Any) -> Any:
    return trimmed(np.polyadd(vector_of(c1)[::-1], vector_of(c2)[::-1]))[::-1]


@defines(
    np.polynomial.polynomial.polysub,
    np.polynomial.chebyshev.chebsub,
    np.polynomial.legendre.legsub,
    np.polynomial.hermite.hermsub,
    np.polynomial.hermite_e.hermesub,
    np.polynomial.laguerre.lagsub,
)
def subtracted(c1: Any, c2: Any) -> Any:
    return trimmed(np.polysub(vector_of(c1)[::-1], vector_of(c2)[::-1]))[::-1]


def _without_last_zeros(c: Any) -> Any:
    return trimmed(vector_of(c)[::-1])[::-1]


@defines(np.polynomial.polynomial.polymul)
def polymul(c1: Any, c2: Any) -> Any:
    return np.convolve(_without_last_zeros(c1), _without_last_zeros(c2))


@defines(np.polynomial.polynomial.polypow)
def polypow(c: Any, pow: Any, maxpower: Any = None) -> Any:
    c = _without_last_zeros(c)
    product = np.ones(1)
    for _ in range(pow):
        product = np.convolve(product, c)
    return product


@defines(np.polynomial.polynomial.polyfromroots)
def polyfromroots(roots: Any) -> Any:
    return np.poly(roots)[::-1]
