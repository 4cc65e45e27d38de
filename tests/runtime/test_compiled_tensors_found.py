"""A tensor is seen wherever a call is given it: in a list that the run grows, by keyword."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from tests.runtime.engines import compiled, leaf


def grown_while_it_runs(x):
    kept, total, k = [], 0.0, 0
    while total < 1.5:
        kept.append(x[k] * 2.0)
        total += float(x[k])
        k += 1
    return np.sum(np.stack(kept) ** 2)


def by_keyword(x):
    return np.sum(np.dot(np.eye(3), b=x) ** 2)


@pytest.mark.parametrize("function", [grown_while_it_runs, by_keyword], ids=lambda f: f.__name__)
def test_its_derivative_is_the_tapes(function):
    found = []
    for engine in (function, compiled(function)):
        x = leaf([1.0, 2.0, 3.0])
        result = engine(x)
        found.append([result.item(), sorix.grad(result, x)[0].data])
    np.testing.assert_allclose(found[1][0], found[0][0], rtol=1e-13)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-13)
