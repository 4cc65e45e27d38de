"""``np.poly1d`` and ``np.polynomial.Polynomial``: coefficients that can be called."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import Coefficients, array_of, trimmed, vector_of
from sorix.primitives.definitions.registry import defines

_POLY1D: Any = np.poly1d
_POLYNOMIAL: Any = np.polynomial.Polynomial


class Polynomial1d(Coefficients, _POLY1D):  # type: ignore[misc]
    """The highest power first; leading zeros are kept, which only `coeffs` and `order` show."""

    def __init__(self, c: Any) -> None:
        self.kept = c

    @property
    def coeffs(self) -> Any:
        return trimmed(self.kept)

    @property
    def c(self) -> Any:
        return self.coeffs

    @property
    def coef(self) -> Any:
        return self.coeffs

    @property
    def coefficients(self) -> Any:
        return self.coeffs

    @property
    def order(self) -> Any:
        return len(self.coeffs) - 1

    @property
    def o(self) -> Any:
        return self.order

    def __len__(self) -> Any:
        return self.order

    def __call__(self, val: Any) -> Any:
        return np.polyval(self.kept, val)

    def __getitem__(self, power: Any) -> Any:
        n = len(self.kept)
        return self.kept[n - 1 - power] if 0 <= power < n else 0.0

    def __neg__(self) -> Any:
        return Polynomial1d(-self.kept)

    def __add__(self, other: Any) -> Any:
        return Polynomial1d(np.polyadd(self.kept, _coefficients(other)))

    def __radd__(self, other: Any) -> Any:
        return Polynomial1d(np.polyadd(_coefficients(other), self.kept))

    def __sub__(self, other: Any) -> Any:
        return Polynomial1d(np.polysub(self.kept, _coefficients(other)))

    def __rsub__(self, other: Any) -> Any:
        return Polynomial1d(np.polysub(_coefficients(other), self.kept))

    def __mul__(self, other: Any) -> Any:
        return Polynomial1d(np.convolve(self.kept, _coefficients(other)))

    def __rmul__(self, other: Any) -> Any:
        return Polynomial1d(np.convolve(_coefficients(other), self.kept))

    def __pow__(self, exponent: Any) -> Any:
        product = Polynomial1d(np.ones(1))
        for _ in range(exponent):
            product = product * self
        return product

    def __truediv__(self, other: Any) -> Any:
        if np.ndim(other) > 0:
            raise UnsupportedFunctionError("np.poly1d is divided by numbers only")
        return Polynomial1d(self.kept / other)

    def deriv(self, m: Any = 1) -> Any:
        return Polynomial1d(np.polyder(self.kept, m))

    def integ(self, m: Any = 1, k: Any = None) -> Any:
        return Polynomial1d(np.polyint(self.kept, m, k))

    def __str__(self) -> str:
        raise UnsupportedFunctionError("the text of a polynomial is not followed")

    def __repr__(self) -> str:
        raise UnsupportedFunctionError("the text of a polynomial is not followed")


def _coefficients(other: Any) -> Any:
    return other.kept if isinstance(other, Polynomial1d) else vector_of(other)


@defines(np.poly1d)
def poly1d(c_or_r: Any, r: Any = False, variable: Any = None) -> Any:
    if isinstance(c_or_r, Polynomial1d):
        return Polynomial1d(c_or_r.kept)
    return Polynomial1d(np.poly(c_or_r) if r else vector_of(c_or_r))


# -- np.polynomial --------------------------------------------------------------------------


class PowerSeries(_POLYNOMIAL):  # type: ignore[misc]
    """The lowest power first, of an argument that is mapped from `domain` to `window`.

    Zeros among the last are kept, which only `coef` and `degree` show: they show those that are
    `given`, and none that arithmetic has left.
    """

    def __init__(self, kept: Any, domain: Any, window: Any, given: Any = False) -> None:
        self.kept = kept
        self.domain = domain
        self.window = window
        self.given = given

    @property
    def coef(self) -> Any:
        return self.kept if self.given else trimmed(self.kept[::-1])[::-1]

    def mapparms(self) -> Any:
        """The offset and the scale of the map."""
        length = self.domain[1] - self.domain[0]
        a, b = self.window[0], self.window[1]
        return (self.domain[1] * a - self.domain[0] * b) / length, (b - a) / length

    def degree(self) -> Any:
        return len(self.coef) - 1

    def __len__(self) -> Any:
        return len(self.coef)

    def __call__(self, arg: Any) -> Any:
        offset, scale = self.mapparms()
        return np.polynomial.polynomial.polyval(offset + scale * array_of(arg), self.kept)

    def __neg__(self) -> Any:
        return PowerSeries(-self.kept, self.domain, self.window, self.given)

    def __add__(self, other: Any) -> Any:
        total = np.polyadd(self.kept[::-1], self.beside(other)[::-1])
        return PowerSeries(total[::-1], self.domain, self.window)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        return self + -1.0 * other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        return PowerSeries(np.convolve(self.kept, self.beside(other)), self.domain, self.window)

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __truediv__(self, other: Any) -> Any:
        return PowerSeries(self.kept / other, self.domain, self.window)

    def __pow__(self, other: Any) -> Any:
        product = PowerSeries(np.ones(1), self.domain, self.window)
        for _ in range(other):
            product = product * self
        return product

    def beside(self, other: Any) -> Any:
        """The coefficients of another series, or of a constant."""
        if not isinstance(other, PowerSeries):
            return vector_of(other)
        if np.any(np.abs(other.domain - self.domain) > 1e-12):
            raise TypeError("Domains differ")
        return other.kept

    def deriv(self, m: Any = 1) -> Any:
        _, scale = self.mapparms()
        found = np.polyder(self.kept[::-1], m)[::-1] * scale**m
        return PowerSeries(found, self.domain, self.window, self.given)

    def integ(self, m: Any = 1) -> Any:
        """From where the mapped argument is zero."""
        _, scale = self.mapparms()
        found = np.polyint(self.kept[::-1], m)[::-1] / scale**m
        return PowerSeries(found, self.domain, self.window, self.given)

    def convert(self) -> Any:
        """The same function with coefficients of the argument itself."""
        offset, scale = self.mapparms()
        n = len(self.kept)
        found = self.kept[n - 1 :]
        for k in range(2, n + 1):
            found = np.convolve(found, np.stack((offset, scale)))
            found = np.concatenate((found[:1] + self.kept[n - k], found[1:]))
        return PowerSeries(found, np.array([-1.0, 1.0]), np.array([-1.0, 1.0]))

    def __str__(self) -> str:
        raise UnsupportedFunctionError("the text of a polynomial is not followed")

    def __repr__(self) -> str:
        raise UnsupportedFunctionError("the text of a polynomial is not followed")


@defines(np.polynomial.Polynomial)
def polynomial(coef: Any, domain: Any = None, window: Any = None, symbol: Any = "x") -> Any:
    return PowerSeries(vector_of(coef), _bounds(domain), _bounds(window), True)


def _bounds(given: Any) -> Any:
    return np.array([-1.0, 1.0]) if given is None else array_of(given)


@defines(np.polynomial.Polynomial.fit)
def polynomial_fit(
    x: Any, y: Any, deg: Any, domain: Any = None, w: Any = None, window: Any = None
) -> Any:
    x = array_of(x)
    if isinstance(domain, list | tuple) and len(domain) == 0:
        domain = np.array([-1.0, 1.0])
    elif domain is None:
        domain = np.stack((np.min(x), np.max(x)))
    made = PowerSeries(np.zeros(1), array_of(domain), _bounds(window))
    offset, scale = made.mapparms()
    found = np.polyfit(offset + scale * x, y, deg, w=w)
    return PowerSeries(found[::-1], made.domain, made.window, True)
