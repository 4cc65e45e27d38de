"""Functions of the standard library that the tape cannot call with tensors."""

from __future__ import annotations

import statistics

import pytest

import sorix.func
from tests.corpus.differences import differentiate, pack


def mean_and_median(v):
    return statistics.mean(v) * statistics.median(v) + statistics.fmean(v, v)


def spread(v):
    return statistics.pstdev(v) * statistics.stdev(v) + statistics.variance(v)


def other_means(v):
    return statistics.geometric_mean(v) * statistics.harmonic_mean(v) * statistics.pvariance(v)


@pytest.mark.parametrize("function", [mean_and_median, spread, other_means])
@pytest.mark.parametrize("point", [[0.3, 0.8, 0.1], [0.3, 0.8, 0.1, 0.5]])
def test_statistics(function, point):
    value, gradient = sorix.func.value_and_grad(function, fallback="error")(point)
    expected, _ = differentiate(lambda v: function(list(v)), pack(point), 1e-3)
    assert value == pytest.approx(function(point), rel=1e-13)
    assert pack(gradient) == pytest.approx(expected, rel=1e-8)
