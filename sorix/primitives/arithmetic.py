"""Sums, products, quotients, powers and roots."""

from __future__ import annotations

import builtins
import math
import operator
from typing import Any

import numpy as np

from sorix.primitives.apply import added
from sorix.primitives.table import adjoint, elementwise, linear, tangent_of
from sorix.support import expand, real_number


@elementwise(np.add, operator.add)
def add(z: Any, x: Any, y: Any) -> Any:
    return 1, 1


@elementwise(np.subtract, operator.sub)
def subtract(z: Any, x: Any, y: Any) -> Any:
    return 1, -1


@elementwise(np.multiply, operator.mul)
def multiply(z: Any, x: Any, y: Any) -> Any:
    return y, x


@adjoint(np.divide, operator.truediv)
def divide(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    x_bar = z_bar / y
    return x_bar, lambda: -x_bar * z


@tangent_of(np.divide, operator.truediv)
def divide_tangent(dots: Any, z: Any, x: Any, y: Any) -> Any:
    x_dot, y_dot = dots
    if y_dot is None:
        return x_dot / y
    return -z * y_dot / y if x_dot is None else (x_dot - z * y_dot) / y


@elementwise(np.negative, operator.neg)
def negative(y: Any, x: Any) -> Any:
    return -1


@elementwise(np.positive, operator.pos, np.float64, np.float32, builtins.float, real_number)
def positive(y: Any, x: Any) -> Any:
    return 1


@elementwise(np.reciprocal)
def reciprocal(y: Any, x: Any) -> Any:
    return -y * y


@elementwise(np.square)
def square(y: Any, x: Any) -> Any:
    return 2 * x


@elementwise(np.power, np.float_power, operator.pow, math.pow, builtins.pow)
def power(z: Any, x: Any, y: Any) -> Any:
    return lambda: _power_in_base(z, x, y), lambda: _power_in_exponent(z, x, y)


def _power_in_base(z: Any, x: Any, y: Any) -> Any:
    if isinstance(y, int | float):
        return _power_rule(z, x, y)
    # At x = y = 0 the power is infinite, and 0 * inf no number; the derivative is 0.
    return y * x ** np.where((x == 0) & (y == 0), 1, y - 1)


def _power_rule(z: Any, x: Any, n: int | float) -> Any:
    """The derivative of ``x**n`` for an exponent known when the rule is applied."""
    if n == 0:
        return None
    if n == 1:
        return 1
    if n == 2:
        return 2 * x
    if n == -1:
        return -z * z
    return n * x ** (n - 1)


def _power_in_exponent(z: Any, x: Any, y: Any) -> Any:
    if isinstance(x, int | float) and x > 0:
        return None if x == 1 else z * math.log(x)
    # 0**y is constant for y > 0: its logarithm must not make 0 * inf of it.
    return z * np.log(np.where(x == 0, 1, x))


@elementwise(np.sqrt, math.sqrt)
def sqrt(y: Any, x: Any) -> Any:
    return 0.5 / y


@elementwise(np.cbrt, math.cbrt, oracle="fd5")
def cbrt(y: Any, x: Any) -> Any:
    return 1 / (3 * y * y)


@elementwise(np.hypot, oracle="fd5")
def hypot(z: Any, x: Any, y: Any) -> Any:
    # 0 at the origin, where no derivative exists.
    r = np.where(z == 0, 1.0, z)
    return x / r, y / r


@elementwise(np.remainder, operator.mod, oracle="fd5")
def remainder(z: Any, x: Any, y: Any) -> Any:
    return 1, lambda: -np.floor(x / y)


@elementwise(np.fmod, math.fmod, oracle="fd5")
def fmod(z: Any, x: Any, y: Any) -> Any:
    return 1, lambda: -np.trunc(x / y)


@elementwise(math.remainder, oracle="fd5")
def ieee_remainder(z: Any, x: Any, y: Any) -> Any:
    return 1, lambda: -np.rint(x / y)


@elementwise(np.nextafter, math.nextafter, oracle="fd5")
def nextafter(z: Any, x: Any, y: Any) -> Any:
    return 1, None


@elementwise(np.heaviside, wrt=(1,), oracle="exact")
def heaviside(z: Any, x: Any, y: Any) -> Any:
    return None, lambda: np.where(x == 0, 1.0, 0.0)


@adjoint(np.divmod, builtins.divmod, oracle="fd5")
def divmod_(z_bars: Any, zs: Any, x: Any, y: Any) -> Any:
    _, z_bar = z_bars
    return z_bar, lambda: -z_bar * np.floor(x / y)


@tangent_of(np.divmod, builtins.divmod)
def divmod_tangent(dots: Any, zs: Any, x: Any, y: Any) -> Any:
    x_dot, y_dot = dots
    return None, added(x_dot, None if y_dot is None else -y_dot * np.floor(x / y))


@adjoint(np.modf, math.modf, oracle="fd5")
def modf(y_bars: Any, ys: Any, x: Any) -> Any:
    return y_bars[0]


@tangent_of(np.modf, math.modf)
def modf_tangent(dots: Any, ys: Any, x: Any) -> Any:
    return dots[0], None


@adjoint(np.frexp, oracle="fd5")
def frexp(y_bars: Any, ys: Any, x: Any) -> Any:
    """The exponent is constant between powers of two."""
    return np.ldexp(y_bars[0], -ys[1])


@tangent_of(np.frexp)
def frexp_tangent(dots: Any, ys: Any, x: Any) -> Any:
    return np.ldexp(dots[0], -ys[1]), None


@adjoint(math.frexp, oracle="fd5")
def math_frexp(y_bars: Any, ys: Any, x: Any) -> Any:
    return y_bars[0] * 2.0 ** -ys[1]


@tangent_of(math.frexp)
def math_frexp_tangent(dots: Any, ys: Any, x: Any) -> Any:
    return dots[0] * 2.0 ** -ys[1], None


@linear(np.ldexp)
def ldexp(z_bar: Any, z: Any, x: Any, n: Any) -> Any:
    return np.ldexp(z_bar, n)


@elementwise(math.ldexp, oracle="fd5")
def math_ldexp(z: Any, x: Any, n: Any) -> Any:
    # ``2.0**n`` would raise where a program handles that the value does not fit.
    return np.ldexp(1.0, n), None


@linear(math.fsum)
def fsum(y_bar: Any, y: Any, xs: Any) -> Any:
    return (tuple(y_bar for _ in xs) if isinstance(xs, tuple | list) else expand(y_bar, xs),)


@tangent_of(math.fsum)
def fsum_tangent(dots: Any, y: Any, xs: Any) -> Any:
    if not isinstance(dots[0], tuple | list):
        return np.sum(dots[0])
    total = None
    for dot in dots[0]:
        total = added(total, dot)
    return total


@adjoint(math.hypot, oracle="fd5", wrt=(0, 1))
def math_hypot(z_bar: Any, z: Any, *xs: Any) -> Any:
    scaled = z_bar / np.where(z == 0, 1.0, z)
    return tuple(scaled * x for x in xs)


@tangent_of(math.hypot)
def math_hypot_tangent(dots: Any, z: Any, *xs: Any) -> Any:
    total = None
    for x, dot in zip(xs, dots, strict=True):
        total = total if dot is None else added(total, x * dot)
    return total / np.where(z == 0, 1.0, z)
