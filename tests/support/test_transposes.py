"""Transposes pair up with the functions they are of, and helpers compute what they say."""

from __future__ import annotations

import numpy as np
import pytest

from sorix import support

RNG = np.random.default_rng(6)
A, V = RNG.normal(size=(3, 4)), RNG.normal(size=7)


@pytest.mark.parametrize(
    "forward, transpose",
    [
        (lambda x: np.tile(x, (2, 1, 3)), lambda y, x: support.untile(y, x, (2, 1, 3))),
        (lambda x: np.repeat(x, 2), lambda y, x: support.unrepeat(y, x, 2)),
        (lambda x: np.repeat(x, [0, 2, 1], 0), lambda y, x: support.unrepeat(y, x, [0, 2, 1], 0)),
        (lambda x: np.pad(x, ((1, 0), (2, 3))), lambda y, x: support.unpad(y, x, ((1, 0), (2, 3)))),
        (
            lambda x: np.pad(x, 5, mode="reflect"),
            lambda y, x: support.unpad(y, x, 5, mode="reflect"),
        ),
        (
            lambda x: np.diff(x, n=2, axis=1),
            lambda y, x: support.diff_transpose(y, x, n=2, axis=1),
        ),
        (
            lambda x: np.gradient(x, 0.5, axis=1, edge_order=2),
            lambda y, x: support.gradient_transpose(y, x, 0.5, axis=1, edge_order=2),
        ),
        (
            lambda x: support.shift(x, axis=1, by=2),
            lambda y, x: support.shift(y, axis=1, by=-2),
        ),
    ],
)
def test_the_transpose_has_the_same_inner_product(forward, transpose):
    y_bar = RNG.normal(size=forward(A).shape)
    x_bar = transpose(y_bar, A)
    assert x_bar.shape == A.shape
    np.testing.assert_allclose(np.sum(y_bar * forward(A)), np.sum(x_bar * A), rtol=1e-12)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("n, m", [(7, 3), (7, 4), (3, 7), (4, 7), (5, 5), (1, 4)])
def test_the_transpose_of_a_convolution(n, m, mode):
    a, v = RNG.normal(size=n), RNG.normal(size=m)
    y = np.convolve(a, v, mode=mode)
    y_bar = RNG.normal(size=y.shape)
    a_bar = support.convolve_transpose(y_bar, v, a, mode=mode)
    np.testing.assert_allclose(np.sum(y_bar * y), np.sum(a_bar * a), rtol=1e-12)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_recurrence_runs_both_ways(axis):
    b = RNG.normal(size=A.shape)
    forward = support.linear_recurrence(A, b, axis=axis)
    backward = np.flip(
        support.linear_recurrence(np.flip(A, axis), np.flip(b, axis), axis=axis, reverse=True), axis
    )
    np.testing.assert_allclose(forward, backward)
    shifted = support.shift(forward, axis=axis)
    np.testing.assert_allclose(forward, A * shifted + b)


def test_a_shift_by_more_than_the_length_leaves_only_the_fill():
    assert support.shift(np.ones(2), by=3, fill=5.0).tolist() == [5.0, 5.0]
    assert support.shift(np.ones(2), by=-2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_the_product_of_others_times_the_entry_is_the_product(axis):
    found = support.product_of_others(A, axis=axis) * A
    expected = np.broadcast_to(np.prod(A, axis=axis, keepdims=True), A.shape)
    np.testing.assert_allclose(found, expected)


def test_the_product_of_others_is_exact_at_zeros():
    assert support.product_of_others(np.array([0.0, 2.0, 0.0])).tolist() == [0.0, 0.0, 0.0]
    assert support.product_of_others(np.array([3.0, 0.0, 2.0])).tolist() == [0.0, 6.0, 0.0]


def test_makers_take_the_dtype_and_size_of_their_argument():
    x = np.ones((2, 3), np.float32)
    assert support.eye_like(x).dtype == np.float32
    assert support.eye_along(x, axis=1).shape == (3, 3)
    assert support.ones_along(x, axis=1).tolist() == [1.0, 1.0, 1.0]
    assert support.steps_along(x, axis=-1).tolist() == [0, 1, 2]


def test_the_transpose_of_differences_of_too_few_elements_is_zero():
    for x, n, axis in ((np.zeros((0, 3)), 1, 0), (np.zeros(3), 5, -1)):
        x_bar = support.diff_transpose(np.diff(x, n, axis), x, n=n, axis=axis)
        assert x_bar.shape == x.shape and not x_bar.any()


@pytest.mark.parametrize("x", [0.5, np.array(0.5), np.float64(0.5)])
def test_a_number_is_taken_for_an_array_of_one_element(x):
    assert support.unrepeat(np.ones(2), x, 2, axis=0) == 2.0
    assert support.convolve_transpose(np.ones(2), np.array([1.0, 2.0]), x) == 3.0
    assert support.product_of_others(x, axis=0) == 1.0
    np.testing.assert_array_equal(support.shift(x, axis=-1, fill=1.0), [1.0])
    np.testing.assert_array_equal(support.linear_recurrence(x, x, axis=0), [0.5])
    assert support.scatter(np.ones(1), x, None) == 1.0
