"""Activations are accurate where the textbook formula overflows or cancels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sorix import support

EDGES = np.array([-1e4, -745.0, -40.0, -1.0, 0.0, 1.0, 40.0, 745.0, 1e4])


def exact_sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > -700 else math.exp(x)


def test_sigmoid_keeps_its_relative_accuracy():
    np.testing.assert_allclose(
        support.sigmoid(EDGES), [exact_sigmoid(x) for x in EDGES], rtol=1e-15
    )


def test_softplus_keeps_its_relative_accuracy():
    exact = [x + math.log1p(math.exp(-x)) if x > 0 else math.log1p(math.exp(x)) for x in EDGES]
    np.testing.assert_allclose(support.softplus(EDGES), exact, rtol=1e-15)


def test_silu_and_elu_do_not_overflow():
    np.testing.assert_allclose(support.silu(EDGES), EDGES * support.sigmoid(EDGES))
    np.testing.assert_allclose(support.elu(EDGES)[-4:], EDGES[-4:])


def test_relu_and_leaky_relu():
    np.testing.assert_array_equal(support.relu(EDGES), np.maximum(EDGES, 0))
    assert support.leaky_relu(-2.0) == -0.02


@pytest.mark.parametrize("axis", [0, 1, None])
def test_softmax_sums_to_one_and_matches_its_logarithm(axis):
    x = np.array([[1000.0, 0.0, -1000.0], [1.0, 2.0, 3.0]])
    p = support.softmax(x, axis=axis)
    np.testing.assert_allclose(np.sum(p, axis=axis), 1.0)
    log_p = support.log_softmax(x, axis=axis)
    np.testing.assert_allclose(np.exp(log_p), p, rtol=1e-14)
    assert np.all(np.isfinite(log_p))


def test_logsumexp_of_infinities():
    assert support.logsumexp(np.array([-np.inf, 0.0])) == 0.0
    assert support.logsumexp(np.array([np.inf, 0.0])) == np.inf
    found = support.logsumexp(np.array([[1.0, 1.0]]), axis=1, keepdims=True)
    np.testing.assert_allclose(found, [[1.0 + math.log(2.0)]])


@pytest.mark.parametrize(
    "function", [support.sigmoid, support.softplus, support.silu, support.relu, support.softmax]
)
def test_complex_steps_pass_through(function):
    x, h = np.array([-0.7, 0.3]), 1e-6
    step = np.imag(function(x + 1e-30j)) / 1e-30
    difference = (function(x + h) - function(x - h)) / (2 * h)
    np.testing.assert_allclose(step, difference, rtol=1e-8, atol=1e-9)
