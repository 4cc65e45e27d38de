"""Broadcasting taken back, for every kind of number."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sorix import support

SHAPES = [(), (1,), (3,), (1, 3), (4, 1), (4, 3), (1, 1), (2, 1, 3), (2, 4, 3)]
PAIRS = [
    (x, y)
    for x, y in itertools.product(SHAPES, SHAPES)
    if len(x) <= len(y) and np.broadcast_shapes(x, y) == y
]


@pytest.mark.parametrize("small, wide", PAIRS)
def test_unbroadcast_is_the_transpose_of_broadcasting(small, wide):
    rng = np.random.default_rng(1)
    x, y_bar = rng.normal(size=small), rng.normal(size=wide)
    x_bar = support.unbroadcast(y_bar, x)
    assert np.shape(x_bar) == small
    np.testing.assert_allclose(np.sum(x_bar * x), np.sum(y_bar * np.broadcast_to(x, wide)))


@pytest.mark.parametrize("small, wide", PAIRS)
def test_broadcast_like_is_what_numpy_does(small, wide):
    x = np.random.default_rng(1).normal(size=small)
    np.testing.assert_array_equal(
        support.broadcast_like(x, np.zeros(wide)), np.broadcast_to(x, wide)
    )


@pytest.mark.parametrize("x", [2.0, 2, np.float64(2.0)])
def test_a_number_gets_a_number_back(x):
    for found in (support.unbroadcast(np.ones((2, 3)), x), support.expand(np.float64(6.0), x)):
        assert found == 6.0
        assert isinstance(found, float)


def test_a_cotangent_that_is_still_narrow_is_widened():
    np.testing.assert_array_equal(support.unbroadcast(2.0, np.zeros((2, 3))), np.full((2, 3), 2.0))
    np.testing.assert_array_equal(
        support.unbroadcast(np.ones((4, 1)), np.zeros((1, 3))), np.full((1, 3), 4.0)
    )


def test_equal_shapes_cost_no_copy():
    x = np.ones((2, 3))
    assert support.unbroadcast(x, np.zeros((2, 3))) is x
    assert support.broadcast_like(x, np.zeros((2, 3))) is x
    assert support.reshape_like(x, np.zeros((2, 3))) is x


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (1,), (-1, 0)])
def test_expand_is_the_transpose_of_sum(axis, keepdims):
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 3, 4))
    y = np.sum(x, axis=axis, keepdims=keepdims)
    y_bar = rng.normal(size=np.shape(y))
    x_bar = support.expand(y_bar, x, axis=axis, keepdims=keepdims)
    assert x_bar.shape == x.shape
    np.testing.assert_allclose(np.sum(x_bar * x), np.sum(y_bar * y))


def test_spread_values_are_in_fresh_memory():
    y_bar = np.ones((1, 3))
    for found in (
        support.expand(y_bar, np.ones((2, 3)), axis=0, keepdims=True),
        support.broadcast_like(y_bar, np.ones((2, 3))),
    ):
        found[...] = 0.0
        assert y_bar.tolist() == [[1.0, 1.0, 1.0]]


def test_a_python_number_takes_the_dtype_of_the_array_it_meets():
    x = np.ones(3, np.float32)
    assert support.expand(1.0, x).dtype == np.float32
    assert support.broadcast_like(2, x).dtype == np.float32
    assert support.expand(1.0, np.ones(3, int)).dtype == np.float64


@pytest.mark.parametrize(
    "x, expected",
    [
        (3, 0.0),
        (None, 0.0),
        (True, 0.0),
        ([1.0, [2.0]], [0.0, [0.0]]),
        ((1.0, None), (0.0, 0.0)),
    ],
)
def test_zeros_of_python_values(x, expected):
    assert support.zeros_like(x) == expected


def test_zeros_of_arrays_can_carry_a_derivative():
    assert support.zeros_like(np.ones(2, np.float32)).dtype == np.float32
    assert support.zeros_like(np.ones(2, int)).dtype == np.float64
    assert type(support.zeros_like(np.float32(1))) is np.float32
    assert support.zeros_like(np.array(1.0)).shape == ()


def test_casting_and_dtypes_of_numbers():
    assert support.cast(1.5, np.int64) == 1
    assert support.cast(np.ones(2), "float32").dtype == np.float32
    assert support.dtype_of(1) == np.int64
    assert support.dtype_of(np.float32(1)) == np.float32
    assert support.item(2.5) == 2.5
