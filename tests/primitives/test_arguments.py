"""What NumPy raises of arguments that do not fit, compiled code raises, too."""

from __future__ import annotations

import numpy as np
import pytest

import sorix

X, M, NONE = np.array([0.6, 0.2, 0.9]), np.ones((2, 3)), np.ones((0, 3))

CALLS = [
    (lambda m: np.vander(m, 3), M),
    (lambda x: np.flip(x, axis=1), X),
    (lambda m: np.flip(m, axis=(0, -2)), M),
    (lambda x: np.rot90(x), X),
    (lambda m: np.rot90(m, axes=(0, 2)), M),
    (lambda m: np.moveaxis(m, 0, 2), M),
    (lambda m: np.rollaxis(m, 2), M),
    (lambda m: np.split(m, 1, axis=2), M),
    (lambda q: np.cov(q), np.ones((2, 2, 2))),
    (lambda x: np.insert(x, 0, 1.0, axis=1), X),
    (lambda x: np.insert(x, 5, 1.0), X),
    (lambda x: np.delete(x, 0, axis=1), X),
    (lambda f: np.apply_along_axis(np.sum, 1, f), NONE),
    (lambda x: np.apply_along_axis(np.sum, 1, x), X),
    (lambda m: np.logaddexp.reduce(m, axis=2), M),
    (lambda m: np.logaddexp.reduce(m, axis=(0, 0)), M),
    (lambda m: np.arctan2.reduce(m, axis=(0, 1)), M),
    (lambda f: np.arctan2.reduce(f), NONE),
    (lambda m: np.logaddexp.accumulate(m, axis=2), M),
    (lambda x: np.logaddexp.accumulate(x[0]), X),
    (lambda x: np.histogram(x * np.nan, 2), X),
    (lambda x: np.histogram(x, 2, range=(1.0, 0.0)), X),
    (lambda x: np.histogram(x, [0.0, 1.0, 0.5]), X),
]


@pytest.mark.parametrize("call, x", CALLS)
def test_a_misfit_raises_the_class_that_numpy_raises(call, x):
    with pytest.raises(Exception) as of_numpy:
        call(x)
    with pytest.raises(of_numpy.type):
        sorix.compile(call, fallback="error")(x)


def test_a_program_may_raise_an_error_of_numpys():
    def checked(x):
        if x.ndim == 1:
            raise np.exceptions.AxisError(1, 1)
        return x

    with pytest.raises(np.exceptions.AxisError):
        sorix.compile(checked, fallback="error")(X)
