"""`jacrev`, `jacfwd` and `hessian`: shapes, structures, and agreement with differences."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
import pytest

import sorix
from sorix.errors import (
    NonScalarError,
    NotCompiledError,
    NotDifferentiableError,
    UnsupportedCallError,
)
from sorix.func import grad, hessian, hvp, jacfwd, jacrev, jvp, vjp

BOTH = pytest.mark.parametrize("jacobian", [jacrev, jacfwd])
X = np.array([0.5, -1.2, 2.0])
A = np.arange(6.0).reshape(2, 3) / 7.0 + 0.1


def differences(function, x, h=1e-3):
    """Five-point differences of an array by an array."""
    x = np.asarray(x, float)
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        near = function(x + step) - function(x - step)
        far = function(x + 2 * step) - function(x - 2 * step)
        columns.append((8 * near - far) / (12 * h))
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + x.shape)


def mixed(x):
    y = np.sin(x) * x[0]
    for k in range(1, len(x)):
        y[k] += y[k - 1] * x[k] ** 2
    return y


def products(a):
    return a.T @ np.tanh(a)


def total(a):
    return np.sum(np.exp(a) * a)


def spread(t):
    return np.array([np.cos(t), t**3])


# -- values and shapes ----------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    "function, x", [(mixed, X), (products, A), (total, A), (spread, np.array(0.3))]
)
def test_it_is_the_matrix_of_differences(jacobian, function, x):
    got = jacobian(function)(x)
    assert got.shape == np.shape(function(x)) + x.shape
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, differences(function, x), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("function, x", [(mixed, X), (products, A), (total, A)])
def test_rows_and_columns_agree(function, x):
    np.testing.assert_allclose(jacrev(function)(x), jacfwd(function)(x), rtol=1e-13, atol=1e-15)


@BOTH
def test_rows_are_pullbacks_and_columns_tangents(jacobian):
    got = jacobian(mixed)(X)
    _, pullback = vjp(mixed, X)
    for k, unit in enumerate(np.eye(3)):
        np.testing.assert_allclose(got[k], pullback(unit)[0], rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(got[:, k], jvp(mixed, (X,), (unit,))[1], rtol=1e-13, atol=1e-15)


@BOTH
@pytest.mark.parametrize(
    "x, kind", [(2.0, float), (np.float64(2.0), np.float64), (np.float32(2.0), np.float32)]
)
def test_a_number_by_a_number_is_a_number(jacobian, x, kind):
    got = jacobian(lambda t: t**3)(x)
    assert type(got) is kind
    assert got == 12.0


@BOTH
def test_single_precision_stays_single(jacobian):
    assert jacobian(mixed)(X.astype(np.float32)).dtype == np.float32


@BOTH
def test_a_function_of_two_precisions_has_the_wider_one(jacobian):
    assert jacobian(lambda x: np.float64(2.0) * x.astype(float))(np.ones(2, "f")).dtype == float


@BOTH
@pytest.mark.parametrize("function, shape", [(lambda x: x[:0], (0, 3)), (lambda x: x, (3, 3))])
def test_results_may_be_empty(jacobian, function, shape):
    assert jacobian(function)(X).shape == shape


@BOTH
def test_arguments_may_be_empty(jacobian):
    assert jacobian(lambda x: np.concatenate([x, np.ones(2)]))(np.zeros(0)).shape == (2, 0)


@BOTH
def test_a_constant_does_not_move(jacobian):
    got = jacobian(lambda x: (np.ones(2), 3, np.floor(x), int(x[0])))(X)
    assert [np.shape(part) for part in got] == [(2, 3), (3,), (3, 3), (3,)]
    assert not any(np.any(part) for part in got)


# -- structures -----------------------------------------------------------------------------


class Pair(NamedTuple):
    left: np.ndarray
    right: float


@dataclasses.dataclass
class Model:
    weights: np.ndarray
    bias: float


@BOTH
def test_structures_of_arguments_stand_in_structures_of_results(jacobian):
    def predict(model, x):
        y = model.weights @ x + model.bias
        return {"y": y, "pair": Pair(y**2, np.sum(y)), "name": "linear"}

    model = Model(A, 0.5)
    got = jacobian(predict, argnums=(0, 1))(model, X)
    assert got["name"] == "linear"
    by_model, by_x = got["y"]
    assert type(by_model) is Model
    assert by_model.weights.shape == (2, 2, 3)
    np.testing.assert_allclose(by_model.weights, np.einsum("ij,k->ijk", np.eye(2), X))
    np.testing.assert_array_equal(by_model.bias, np.ones(2))
    np.testing.assert_allclose(by_x, A)
    assert type(got["pair"]) is Pair
    np.testing.assert_allclose(got["pair"].left[1], 2 * (A @ X + 0.5)[:, None] * A)
    assert got["pair"].right[0].bias == 2.0


@BOTH
def test_lists_that_grow_and_long_lists(jacobian):
    def doubled(x):
        found = []
        while x < 10.0:
            found.append(x)
            x = x * 2
        return found

    assert jacobian(doubled)(2.0) == [1.0, 2.0, 4.0]
    numbers = [0.1 * k for k in range(30)]
    got = jacobian(lambda v: np.sum(np.array(v) ** 2) * np.ones(2))(numbers)
    np.testing.assert_allclose(got, [[0.2 * k] * 2 for k in range(30)])


@BOTH
def test_argnums_keywords_and_starred_arguments(jacobian):
    def scaled(x, *others, power=2):
        return x**power * others[0]

    got = jacobian(scaled, argnums=(1, 0))(X, 3.0, power=3)
    np.testing.assert_allclose(got[0], X**3)
    np.testing.assert_allclose(got[1], np.diag(9.0 * X**2))


@BOTH
def test_an_array_given_twice_is_two_arguments(jacobian):
    got = jacobian(lambda x, y: x * y, argnums=(0, 1))(X, X)
    np.testing.assert_allclose(got[0], np.diag(X))


# -- what a call leaves behind --------------------------------------------------------------


@BOTH
def test_arguments_stay_as_they_are(jacobian):
    def doubled(a):
        a *= 2.0
        return a

    x = X.copy()
    np.testing.assert_array_equal(jacobian(doubled)(x), 2 * np.eye(3))
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("transform", [jacrev, jacfwd, hessian])
def test_what_the_function_prints_is_printed_once(transform, capsys):
    def loud(x):
        print("called")  # noqa: T201
        return np.sum(x**2)

    transform(loud)(X)
    assert capsys.readouterr().out == "called\n"


def test_a_draw_is_made_once_or_refused():
    def noisy(x):
        return x * RNG.normal()

    state = RNG.bit_generator.state
    factor = RNG.normal()
    RNG.bit_generator.state = state
    np.testing.assert_array_equal(jacrev(noisy)(X), factor * np.eye(3))
    state = RNG.bit_generator.state
    with pytest.raises(UnsupportedCallError, match="may return something else"):
        jacfwd(noisy)(X)
    with pytest.raises(UnsupportedCallError, match="may return something else"):
        hessian(lambda x: np.sum(noisy(x)) ** 2)(X)
    assert RNG.bit_generator.state == state


RNG = np.random.default_rng(3)


@BOTH
def test_draws_from_a_seed_are_the_same_in_each_column(jacobian):
    got = jacobian(lambda x: x * np.random.default_rng(0).normal())(X)
    np.testing.assert_array_equal(got, np.random.default_rng(0).normal() * np.eye(3))


# -- second derivatives ---------------------------------------------------------------------


def potential(p):
    return np.sum(np.sin(p) * p[::-1] ** 2) + p[0] ** 2 * p[1]


def test_the_hessian_is_symmetric_and_its_columns_are_products():
    got = hessian(potential)(X)
    np.testing.assert_allclose(got, got.T, rtol=1e-13)
    for unit, column in zip(np.eye(3), got.T, strict=True):
        np.testing.assert_allclose(column, hvp(potential, (X,), (unit,)), rtol=1e-13)
    np.testing.assert_allclose(got, differences(grad(potential), X), rtol=1e-7, atol=1e-9)


def test_the_hessian_by_an_array_of_any_rank():
    got = hessian(total)(A)
    assert got.shape == (2, 3, 2, 3)
    diagonal = np.einsum("ijij->ij", got)
    np.testing.assert_allclose(diagonal, np.exp(A) * (A + 2), rtol=1e-13)


def test_the_hessian_by_structures():
    got = hessian(lambda p: p["a"] ** 2 * np.sum(p["b"] ** 3))({"a": 2.0, "b": X[:2]})
    assert got["a"]["a"] == pytest.approx(2 * np.sum(X[:2] ** 3))
    np.testing.assert_allclose(got["a"]["b"], 12 * X[:2] ** 2)
    np.testing.assert_allclose(got["b"]["a"], 12 * X[:2] ** 2)
    np.testing.assert_allclose(got["b"]["b"], np.diag(24 * X[:2]))
    by_two = hessian(lambda a, b, c: a**2 * b * c, argnums=(0, 1))(2.0, 3.0, 5.0)
    assert by_two == ((30.0, 20.0), (20.0, 0.0))
    assert hessian(lambda x: x**3)(2.0) == 12.0
    assert hessian(lambda a, b: a**2, argnums=(0, 1))(2.0, X)[1][0].shape == (3,)


@pytest.mark.parametrize(
    "second",
    [
        lambda f: jacfwd(grad(f)),
        lambda f: jacrev(grad(f)),
        lambda f: jacfwd(jacrev(f)),
        lambda f: jacrev(jacrev(f)),
        lambda f: jacrev(jacfwd(f)),
    ],
)
def test_it_is_composed_of_others(second):
    got = second(potential)(X)
    np.testing.assert_allclose(got, hessian(potential)(X), rtol=1e-12, atol=1e-13)


@BOTH
def test_the_jacobian_of_a_jacobian(jacobian):
    got = jacobian(jacobian(mixed))(X)
    assert got.shape == (3, 3, 3)
    np.testing.assert_allclose(got, differences(jacobian(mixed), X), rtol=1e-7, atol=1e-8)


def test_losses_of_jacobians_and_hessians():
    outside = jacrev(mixed)

    def loss(x):
        return np.sum(outside(x) ** 2) + np.sum(hessian(potential)(x)[0])

    for function in (loss, lambda x: np.sum(jacfwd(products)(x.reshape(1, 3)) ** 2)):
        want = differences(lambda x, f=function: np.array(f(x)), X)
        got = grad(function, fallback="error")(X)
        np.testing.assert_allclose(got, want, rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(jvp(function, (X,), (X,))[1], got @ X, rtol=1e-12)
        product = hvp(function, (X,), (X,))
        np.testing.assert_allclose(product, jacfwd(grad(function))(X) @ X, rtol=1e-10)


def test_inside_of_a_compiled_function():
    compiled = sorix.compile(lambda x: jacrev(mixed)(x) @ x, fallback="error")
    np.testing.assert_allclose(compiled(X), jacrev(mixed)(X) @ X, rtol=1e-13)


def test_by_several_arguments_inside():
    def loss(a, b):
        by_a, by_b = jacrev(lambda a, b: a * b**2, argnums=(0, 1))(a, b)
        second = hessian(lambda a, b: np.sum(a**2 * b), argnums=(0, 1))(a, b)
        return np.sum(by_a) + np.sum(by_b * by_a) + np.sum(second[1][0] * by_b)

    b = X + 3.0
    want = differences(lambda a: np.array(loss(a, b)), X)
    np.testing.assert_allclose(grad(loss, fallback="error")(X, b), want, rtol=1e-7)


def test_what_the_function_reads_is_live():
    scale = 2.0

    def scaled(x):
        return x**2 * scale

    outer = grad(lambda x: np.sum(jacrev(scaled)(x)))
    made_before = jacrev(scaled)
    through = grad(lambda x: np.sum(made_before(x)))
    for scale in (2.0, 3.0):
        np.testing.assert_allclose(outer(X), 2 * scale * np.ones(3))
        np.testing.assert_allclose(through(X), 2 * scale * np.ones(3))
        np.testing.assert_allclose(made_before(X), np.diag(2 * scale * X))


def _printing(x):
    print("called")  # noqa: T201
    return x * x


def _counting(x):
    calls = 0

    def counted(v):
        nonlocal calls
        calls += 1
        return v * v * calls

    return np.sum(jacrev(counted)(x))


def _filling(x):
    seen = {"last": 0.0}

    def filled(v):
        seen["last"] = np.sum(v)
        return v * v

    return np.sum(jacrev(filled)(x)) + seen["last"]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum(jacrev(_printing)(x)),
        lambda x: np.sum(jacrev(lambda v: v * RNG.normal())(x)),
        _counting,
        _filling,
    ],
)
def test_inside_a_function_whose_calls_are_noticed_is_refused(function):
    with pytest.raises(UnsupportedCallError, match="for each column"):
        grad(function, fallback="error")(X)


def test_inside_what_is_around_may_be_read():
    def loss(x):
        weights, count = [x, 2.0 * x], {"n": 3}
        model = Model(x, 0.5)
        return np.sum(jacrev(lambda v: v**2 * weights[1] * count["n"] * model.weights)(x))

    want = differences(lambda x: np.array(loss(x)), X)
    np.testing.assert_allclose(grad(loss, fallback="error")(X), want, rtol=1e-7)


# -- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, sentence",
    [
        (lambda: jacrev(mixed)(np.arange(3)), NotDifferentiableError, "an array of int64"),
        (lambda: jacfwd(mixed)([1, 2]), NotDifferentiableError, "a list of ints"),
        (lambda: jacrev(lambda x: None)(X), NotDifferentiableError, "is a return missing"),
        (lambda: jacfwd(lambda a: a.sort())(X), NotDifferentiableError, "is a return missing"),
        (lambda: jacrev(mixed)(sorix.tensor([1.0])), NotDifferentiableError, "given a tensor"),
        (lambda: jacrev(lambda x: np.i0(x))(X), UnsupportedCallError, "is not known"),
        (lambda: hessian(mixed)(X), NonScalarError, "one number"),
        (lambda: jacrev(mixed, argnums="x"), TypeError, "is not a position"),
        (lambda: jacrev(mixed, argnums=1)(X), ValueError, "argnums=1 does not fit"),
        (lambda: jacrev(mixed, argnum=0), TypeError, "did you mean argnums=?"),
        (lambda: jacrev(mixed).source, NotCompiledError, "has not been compiled yet"),
    ],
)
def test_what_has_no_jacobian_is_refused(call, error, sentence):
    with pytest.raises(error) as raised:
        call()
    assert sentence in str(raised.value)


@BOTH
def test_the_text_is_that_of_the_last_call(jacobian):
    made = jacobian(mixed)
    made(X)
    assert ("y_bar" in made.source) == (jacobian is jacrev)
    assert ("y_dot" in made.source) == (jacobian is jacfwd)
