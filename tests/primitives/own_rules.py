"""Functions of a user's, at the top of a module, with rules of their own; see `test_own_rules`."""

from __future__ import annotations

import numpy as np

from sorix.primitives import primitive


@primitive
def log_i0(x):
    return np.log(np.i0(x))


@primitive
def i1_over_i0(x):
    angle = np.pi * (np.arange(64) + 0.5) / 64
    weight = np.exp(np.multiply.outer(x, np.cos(angle) - 1.0))
    return np.sum(weight * np.cos(angle), -1) / np.sum(weight, -1)


@primitive
def shifted(x):
    return np.concatenate([x[1:], x[:1]])


@primitive
def shifted_back(x):
    return np.concatenate([x[-1:], x[:-1]])


@primitive
def solved(a, b):
    return np.linalg.solve(a, b)


@primitive
def itself(x):
    return x


@primitive
def scaled(x, factor=2.0):
    return x * factor


@primitive
def product(x, y):
    return x * y


@primitive
def doubled(x):
    return 2.0 * x
