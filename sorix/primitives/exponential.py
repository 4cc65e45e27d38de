"""Exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.primitives.table import elementwise
from sorix.support import polygamma, sigmoid

LN2, LN10 = math.log(2.0), math.log(10.0)


@elementwise(np.exp, math.exp)
def exp(y: Any, x: Any) -> Any:
    return y


@elementwise(np.expm1, math.expm1)
def expm1(y: Any, x: Any) -> Any:
    return y + 1


@elementwise(np.exp2, math.exp2)
def exp2(y: Any, x: Any) -> Any:
    return y * LN2


@elementwise(np.log)
def log(y: Any, x: Any) -> Any:
    return 1 / x


@elementwise(np.log2, math.log2)
def log2(y: Any, x: Any) -> Any:
    return 1 / (x * LN2)


@elementwise(np.log10, math.log10)
def log10(y: Any, x: Any) -> Any:
    return 1 / (x * LN10)


@elementwise(np.log1p, math.log1p)
def log1p(y: Any, x: Any) -> Any:
    return 1 / (1 + x)


@elementwise(math.log, wrt=(0, 1))
def math_log(y: Any, x: Any, *base: Any) -> Any:
    if not base:
        return 1 / x
    scale = 1 / np.log(base[0])
    return scale / x, lambda: -y * scale / base[0]


@elementwise(math.erf, oracle="fd5")
def erf(y: Any, x: Any) -> Any:
    return 2.0 / math.sqrt(math.pi) * np.exp(-x * x)


@elementwise(math.erfc, oracle="fd5")
def erfc(y: Any, x: Any) -> Any:
    return -2.0 / math.sqrt(math.pi) * np.exp(-x * x)


@elementwise(math.lgamma, oracle="fd5")
def lgamma(y: Any, x: Any) -> Any:
    return polygamma(x)


@elementwise(math.gamma, oracle="fd5")
def gamma(y: Any, x: Any) -> Any:
    return y * polygamma(x)


@elementwise(polygamma, oracle="fd5")
def polygamma_rule(y: Any, x: Any, order: int = 0) -> Any:
    return polygamma(x, order=order + 1)


@elementwise(np.logaddexp, oracle="fd5")
def logaddexp(z: Any, x: Any, y: Any) -> Any:
    # Only where both are -inf is z; there x - y would be no number.
    empty = z == -np.inf
    return (
        lambda: sigmoid(x - np.where(empty, 0.0, y)),
        lambda: sigmoid(y - np.where(empty, 0.0, x)),
    )


@elementwise(np.logaddexp2, oracle="fd5")
def logaddexp2(z: Any, x: Any, y: Any) -> Any:
    empty = z == -np.inf
    return (
        lambda: sigmoid(LN2 * (x - np.where(empty, 0.0, y))),
        lambda: sigmoid(LN2 * (y - np.where(empty, 0.0, x))),
    )
