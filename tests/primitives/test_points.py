"""Derivatives at the points where a formula divides by zero or a function has a kink."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

import sorix.func
from sorix import support
from sorix.primitives import apply_adjoint, canonical, rule_of
from tests.primitives.reference_tape import apply, gradient


def bars(function, *args, y_bar=1.0, **options):
    args, options = canonical(function, args, options)
    y = function(*args, **options)
    wanted = [isinstance(x, float | np.ndarray | np.floating) for x in args]
    return apply_adjoint(rule_of(function), y_bar, y, args, options, wanted)


Z = np.float64(0.0)


@pytest.mark.parametrize(
    "function, args, expected",
    [
        (np.absolute, (Z,), (0,)),
        (np.maximum, (Z, Z), (0.5, 0.5)),
        (np.minimum, (Z, Z), (0.5, 0.5)),
        (np.fmax, (Z, np.float64("nan")), (1, 0)),
        (np.fmin, (np.float64("nan"), Z), (0, 1)),
        (np.hypot, (Z, Z), (0, 0)),
        (np.arctan2, (Z, Z), (0, 0)),
        (np.sinc, (Z,), (0,)),
        (np.logaddexp, (Z, np.float64(-np.inf)), (1, 0)),
        (np.logaddexp, (np.float64(-np.inf), np.float64(-np.inf)), (0, 0)),
        (np.logaddexp, (np.float64(-800.0), np.float64(800.0)), (0, 1)),
        (operator.pow, (Z, 2.0), (0, 0)),
        (operator.pow, (Z, 1), (1, None)),
        (operator.pow, (Z, 0), (None, None)),
        (operator.pow, (np.zeros(1), np.zeros(1)), (0, 0)),
        (operator.pow, (Z, np.float64(1.0)), (1, 0)),
        (operator.pow, (Z, np.float64(2.0)), (0, 0)),
        (support.relu, (Z,), (0,)),
        (support.sigmoid, (np.float64(-800.0),), (0,)),
        (support.softplus, (np.float64(800.0),), (1,)),
        (support.softplus, (np.float64(-800.0),), (0,)),
        (support.silu, (np.float64(-800.0),), (0,)),
        (support.elu, (np.float64(800.0),), (1,)),
        (np.clip, (Z, 0.0, 1.0), (1, 0, 0)),
        (np.clip, (np.float64(2.0), 1.0, 0.0), (0, 0, 1)),
        (np.tanh, (np.float64(800.0),), (0,)),
    ],
)
def test_a_scalar_derivative_at_a_special_point(function, args, expected):
    found = bars(function, *args)
    for bar, value in zip(found, expected, strict=False):
        assert bar is None if value is None else bar == value


@pytest.mark.parametrize(
    "function, x, options",
    [
        (np.linalg.norm, np.zeros(3), {}),
        (np.linalg.norm, np.zeros((2, 3)), {"axis": 1}),
        (np.linalg.norm, np.zeros(3), {"ord": 3}),
        (np.linalg.norm, np.zeros(3), {"ord": 1.5}),
        (np.std, np.ones(3), {}),
        (np.var, np.ones(3), {}),
    ],
)
def test_the_derivative_where_all_vanishes_is_zero(function, x, options):
    y_bar = np.ones(np.shape(function(x, **options)))
    (x_bar,) = bars(function, x, y_bar=y_bar, **options)
    np.testing.assert_array_equal(x_bar, np.zeros_like(x))


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors")
def test_the_cross_product_in_a_plane_is_a_number():
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 7.0])
    a_bar, b_bar = bars(np.cross, a, b, y_bar=np.array([1.0, 2.0]))
    np.testing.assert_array_equal(a_bar, [[7.0, -5.0], [14.0, -10.0]])
    np.testing.assert_array_equal(b_bar, [-10.0, 7.0])
    found = sorix.func.grad(lambda u, v: np.cross(u, v), argnums=(0, 1))(a[0], b)
    np.testing.assert_array_equal(found, [[7.0, -5.0], [-2.0, 1.0]])
    gradient = sorix.func.grad(lambda u, v: np.sum(np.cross(u, v)), argnums=(0, 1))
    for u, v in ((b, np.arange(3.0)), (np.arange(3.0), b)):
        u_bar, v_bar = gradient(u, v)
        space = [np.append(w, 0.0) if len(w) == 2 else w for w in (u, v)]
        ones = np.ones(3)
        np.testing.assert_array_equal(u_bar, np.cross(space[1], ones)[: len(u)])
        np.testing.assert_array_equal(v_bar, np.cross(ones, space[0])[: len(v)])


def test_extrema_share_ties_equally():
    x = np.array([1.0, 3.0, 3.0, 2.0])
    np.testing.assert_array_equal(bars(np.max, x)[0], [0, 0.5, 0.5, 0])
    np.testing.assert_array_equal(bars(np.min, -x)[0], [0, 0.5, 0.5, 0])


def test_an_infinite_cotangent_of_the_side_not_taken_leaves_no_nan():
    x = np.array([-1.0, 2.0])
    y_bar = np.array([np.inf, 1.0])
    for function, args in [
        (np.maximum, (x, 0.0)),
        (np.where, (x > 0, x, 0.0)),
        (np.clip, (x, 0.0, 9.0)),
    ]:
        found = bars(function, *args, y_bar=y_bar)
        x_bar = found[1] if function is np.where else found[0]
        np.testing.assert_array_equal(x_bar, [0.0, 1.0])
    np.testing.assert_array_equal(bars(support.relu, x, y_bar=y_bar)[0], [0.0, 1.0])


@pytest.mark.parametrize("n", [2, 3, np.float64(2.0), np.float64(3.0)])
def test_powers_keep_their_higher_derivatives_at_zero(n):
    def nth(function, order):
        return function if order == 0 else lambda x: gradient(nth(function, order - 1), [x])[0]

    values = [nth(lambda x: apply(operator.pow, x, n), k)(Z) for k in range(4)]
    assert values == [0, 0, 2.0 if n == 2 else 0, 6.0 if n == 3 else 0]


def test_products_with_zeros_keep_second_derivatives():
    x = np.array([0.0, 0.0, 5.0])

    def first(v):
        return gradient(lambda u: apply(np.prod, u), [v])[0][0]

    np.testing.assert_array_equal(gradient(first, [x])[0], [0.0, 5.0, 0.0])


def test_logsumexp_and_softmax_of_nothing_are_finite():
    x = np.array([-np.inf, -np.inf, 0.0])
    np.testing.assert_array_equal(bars(support.logsumexp, x)[0], [0.0, 0.0, 1.0])
    assert support.logsumexp(np.array([-np.inf, -np.inf])) == -np.inf


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_derivatives_of_sinc_are_those_of_its_series_near_zero(order):
    x = 1e-3
    series = sum(
        (-1) ** k
        * math.pi ** (2 * k)
        / math.factorial(2 * k + 1)
        * math.perm(2 * k, order)
        * x ** max(2 * k - order, 0)
        for k in range((order + 1) // 2, 12)
    )
    assert support.sinc_derivative(x, order=order) == pytest.approx(series, rel=1e-13)


@pytest.mark.parametrize(
    "function, args",
    [
        (np.tanh, (np.ones(3, np.float32),)),
        (np.exp2, (np.ones(3, np.float32),)),
        (np.divide, (np.ones(3, np.float32), np.ones((2, 1), np.float32))),
        (operator.pow, (np.ones(3, np.float32), 2)),
        (operator.pow, (np.ones(3, np.float32), 2.5)),
        (operator.pow, (2.0, np.ones(3, np.float32))),
        (operator.pow, (np.ones(3, np.float32), np.ones(3, np.float32))),
        (np.mean, (np.ones((2, 3), np.float32),)),
        (np.max, (np.ones((2, 3), np.float32),)),
        (np.std, (np.ones((2, 3), np.float32),)),
        (np.maximum, (np.ones(3, np.float32), 0.0)),
        (np.matmul, (np.ones((2, 3), np.float32), np.ones((3, 4), np.float32))),
        (np.linalg.norm, (np.ones(3, np.float32),)),
        (np.where, (np.array([True, False]), np.ones(2, np.float32), 0.0)),
        (support.sigmoid, (np.ones(3, np.float32),)),
        (support.relu, (np.ones(3, np.float32),)),
        (support.silu, (np.ones(3, np.float32),)),
        (support.elu, (np.ones(3, np.float32),)),
        (support.softplus, (np.ones(3, np.float32),)),
        (support.softmax, (np.ones((2, 3), np.float32),)),
        (support.log_softmax, (np.ones((2, 3), np.float32),)),
        (np.sinc, (np.ones(3, np.float32),)),
        (np.logaddexp, (np.ones(3, np.float32), np.ones(3, np.float32))),
        (np.hypot, (np.ones(3, np.float32), np.ones(3, np.float32))),
        (operator.getitem, (np.ones(3, np.float32), np.array([0, 0]))),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_single_precision_stays_single(function, args):
    y = function(*args)
    assert y.dtype == np.float32
    y_bar = np.ones(y.shape, np.float32)
    wanted = [getattr(x, "dtype", None) == np.float32 for x in args]
    found = apply_adjoint(rule_of(function), y_bar, y, args, {}, wanted)
    assert {bar.dtype.name for bar in found if bar is not None} == {"float32"}
