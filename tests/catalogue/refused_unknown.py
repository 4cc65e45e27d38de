"""Values of which too little is known: their dtype, their rank, their class."""

import collections
import time

import numpy as np

import sorix
from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])
_RNG = np.random.default_rng(0)


def _vector_or_matrix(x):
    return x if np.sum(x) > 0.1 else np.outer(x, x)


@refused(X)
def rank_that_a_branch_decides(x):
    y = _vector_or_matrix(x)
    return np.sum(np.dot(y, y))


@refused(X)
def joins_what_has_an_unknown_rank(x):
    y = _vector_or_matrix(x)
    return np.sum(np.r_[y, y])


@refused(X)
def dtype_that_numpy_decides(x):
    y = x * np.trim_zeros(np.arange(4))
    return np.prod(y) + np.max(y)


@refused(X)
def dtype_made_of_a_text(x):
    return np.sum(x.astype(f"f{4 if x[0] > 1 else 8}"))


@refused(0.6)
def dtype_that_a_branch_decides(x):
    return np.sum(np.ones(4, dtype=np.float64 if x > 0 else np.float32)) * x


@refused(0.6)
def class_of_what_the_run_makes(x):
    now = time.gmtime()
    return x * (1 if isinstance(now, float) else 2)


@refused(0.6)
def class_that_a_branch_decides(x):
    factor = 1 if x > 0.3 else 2.0
    return x * (1 if type(factor) is float else 2)


@refused(0.6)
def formatted_number_is_matched(x):
    match f"{x:.1f}":
        case [whole, tenths]:
            return x * whole * tenths
    return x


@refused(0.6)
def default_under_a_key_of_the_run(x):
    found = collections.defaultdict(float)
    found["a"] = x
    return found["a" if x > 0.3 else "b"]


@refused(0.6)
def draws_in_what_is_computed_again(x):
    return sorix.checkpoint(lambda v: v * v + 0 * _RNG.random())(x)
