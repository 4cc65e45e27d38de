"""On the tape, a program is what it is in plain Python, or refused."""

from __future__ import annotations

import contextlib
import copy
import functools
import math
import pickle

import numpy as np
import pytest

import sorix.errors
import sorix.func
from sorix.errors import (
    NotDifferentiableError,
    SorixError,
    UnsupportedCallError,
    UnsupportedFunctionError,
)
from sorix.func.eager import eager_value_and_grad
from tests.runtime.differences import gradient


def test_a_division_by_zero_that_a_program_handles_is_handled():
    def function(x):
        y = x
        with contextlib.suppress(ZeroDivisionError):
            y = x / (x - x)
        return y

    assert eager_value_and_grad(function, [0], False, (0.7,), {}) == (0.7, None, [1.0])
    with pytest.raises(NotDifferentiableError, match="divided by zero"):
        eager_value_and_grad(function, [0], False, (np.float64(0.7),), {})


def test_a_refusal_that_numpy_wraps_as_it_stores_an_element_is_found():
    def function(x):
        y = np.zeros(2)
        y[0] = x[0]
        return y[0] + np.i0(x[1])

    with pytest.raises(UnsupportedCallError, match="i0") as caught:
        sorix.func.grad(function)(np.array([1.0, 2.0]))
    assert "float() of a Tensor" in caught.value.__notes__[0]


def test_a_refusal_is_found_while_the_program_handles_an_exception_of_its_own():
    def function(x):
        try:
            return {}["missing"] * x
        except KeyError:
            return np.i0(x)

    with pytest.raises(UnsupportedCallError, match="i0") as caught:
        sorix.func.grad(function)(2.0)
    assert "does not take the call either" in caught.value.__notes__[0]


def on_the_tape(function, *args):
    value, _, (gradient, *_) = eager_value_and_grad(function, [0], False, args, {})
    return value, gradient


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * (1.0 // (x - 3.0)),
        lambda x: x * (1.0 % (x - 3.0)),
        lambda x: x * divmod(1.0, x - 3.0)[0],
        lambda x: x * 0.0 ** (x - 4.0),
        lambda x: x * (x - 3.0) ** -1.0,
        lambda x: x * (x * 1e200) ** 2.5,
    ],
)
def test_pythons_floats_raise_what_python_raises(function):
    with pytest.raises(ArithmeticError) as plain:
        function(3.0)
    with pytest.raises(plain.type, match=str(plain.value)[:12].replace("(", ".")):
        on_the_tape(function, 3.0)


@pytest.mark.parametrize("function", [lambda x: x * (1.0 // (x - x)), lambda x: x % (x - x)])
def test_numpys_numbers_are_refused_where_python_would_raise(function):
    with pytest.raises(NotDifferentiableError, match="divided by zero"):
        on_the_tape(function, np.float64(3.0))


TABLE = {("a", True): 2.0, ("a", False): 5.0, 3.0: 7.0}


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * TABLE["a", x > 1.0],
        lambda x: x * ((x > 1) - (x < 1)) + x * ((x > 1) + (x > 2)),
        lambda x: x * ~(x > 1) + x * -(x > 1),
        lambda x: x * (True is (x > 1)),
        lambda x: x * [5.0, 6.0][x > 1],
        lambda x: x * round(x) + round(x, 1) * x + math.floor(x) * x,
        lambda x: copy.deepcopy({"a": x})["a"] ** 2 * copy.copy([x])[0],
        lambda x: copy.deepcopy(x * 2) ** 2 * copy.copy(x),
        lambda x: x.real * x.conjugate() + x.imag,
        lambda x: (-x) ** 2 * abs(-x) + max(x, 2.0) * sum([x, x]),
    ],
)
@pytest.mark.parametrize("x", [3.0, 2.77])
def test_a_float_is_what_it_is_in_python(function, x):
    try:
        plain = function(x)
    except KeyError:
        return
    value, gradient = on_the_tape(function, x)
    slope = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6 if x != 3.0 else gradient
    assert type(value) is float and value == plain
    assert gradient == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * float(f"{x}"),
        lambda x: x * float(str(x)),
        lambda x: x * eval(repr([x]))[0],
        lambda x: x * pickle.loads(pickle.dumps(x)),
        lambda x: x * abs((-x) ** 0.5),
        lambda x: x if np.isscalar(x) else 2 * x,
    ],
)
def test_what_would_lose_a_derivative_is_refused(function):
    with pytest.raises(SorixError):
        on_the_tape(function, 3.0)


def test_exceptions_say_what_they_say_in_python():
    def function(x):
        raise ValueError(f"bad {x} {x!r} {[x * 2.0]}")

    with pytest.raises(ValueError, match=r"bad 1.3 1.3 \[2.6\]"):
        on_the_tape(function, 1.3)

    def element(x):
        raise ValueError(f"{x[0]} {x[0]!r} {x}")

    with pytest.raises(ValueError, match=r"1.0 np.float64\(1.0\) \[1. 2.\]"):
        on_the_tape(element, np.array([1.0, 2.0]))


def test_items_keep_their_derivative():
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    _, gradient = on_the_tape(lambda x: x.item(1, 0) * x.item(3) * x.item((0, 1)), x)
    assert gradient.tolist() == [[0.0, 15.0], [10.0, 6.0]]


def writes_a_factor(x):
    c = np.ones(2)
    y = x * c + c * x
    c[0] = 5.0
    return y.sum()


def writes_an_index(x):
    i = np.array([0, 1])
    y = x[i]
    i[0] = 1
    return y.sum()


def writes_a_computed_index(x):
    i = np.argsort(x)
    y = x[i] * np.array([1.0, 3.0])
    i[0] = 1
    return y.sum()


def writes_an_array_in_a_list(x):
    w = [np.ones(2), np.ones(2)]
    y = np.stack([x * w[0], w[1]])
    w[0][0] = w[1][0] = 7.0
    return (y * y).sum()


def writes_a_condition(x):
    c = x < 1.5
    y = np.where(c, x, 2 * x)
    c[:] = True
    return y.sum()


@pytest.mark.parametrize(
    "function",
    [
        writes_a_factor,
        writes_an_index,
        writes_a_computed_index,
        writes_an_array_in_a_list,
        writes_a_condition,
    ],
)
def test_constants_may_be_written_after_they_were_used(function):
    x = np.array([1.0, 2.0])
    value, gradient = on_the_tape(function, x)
    slopes = [(function(x + e) - function(x - e)) / 2e-6 for e in 1e-6 * np.eye(2)]
    assert value == function(x)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6)


def test_a_copy_of_an_array_keeps_its_derivative():
    def function(x):
        y = copy.deepcopy({"a": x})["a"]
        y[0] = 5.0 * x[1]
        return (x * y).sum()

    assert on_the_tape(function, np.array([1.0, 2.0]))[1].tolist() == [10.0, 9.0]


class Matrix(np.ndarray):
    pass


def test_constants_with_operators_of_their_own_are_refused():
    other = np.eye(2).view(Matrix)
    with pytest.raises(UnsupportedFunctionError, match="of class"):
        on_the_tape(lambda x: (x * other).sum(), np.ones((2, 2)))
    with pytest.raises(UnsupportedFunctionError, match="of class"):
        on_the_tape(lambda x: (other * x).sum(), np.ones((2, 2)))


def test_a_text_is_as_long_as_in_python():
    def function(x):
        return x * len(repr([x])) + x * len(f"{x:.3f} {x} {x!r} {x!s}")

    value, gradient = on_the_tape(function, 1.5)
    assert value == function(1.5) and gradient == function(1.5) / 1.5


def _squares(x, known):
    if x not in known:
        known[x] = x * x
    return known[x]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * {3.0: 7.0}.get(x, 1.0),
        lambda x: len({x, 3.0}) * x,
        lambda x: functools.cache(lambda v: v * v)(x),
        lambda x: _squares(x, {}),
    ],
)
def test_a_number_that_moves_is_no_key(function):
    """What keeps it would give the tensor to whoever asks next, and the derivative to nobody."""
    with pytest.raises(sorix.errors.NoGradientError, match="is put, or looked for, in a dict"):
        eager_value_and_grad(function, (0,), False, (3.0,), {})


def test_a_diagonal_that_einsum_shows_is_written_through():
    def function(x):
        a = x.copy()
        np.einsum("ii->i", a)[:] = 2.0
        return (a @ a).sum()

    x = np.arange(9.0).reshape(3, 3)
    value, _, (gradient,) = eager_value_and_grad(function, (0,), False, (x,), {})
    assert value == function(x)
    np.testing.assert_array_equal(np.diag(gradient), np.zeros(3))
    assert np.count_nonzero(gradient) == 6


class Row:
    """A sequence with operators of its own, which NumPy makes an array of without asking it."""

    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, k):
        return self.items[k]

    def __mul__(self, other):
        return self.items[0] * other

    def __rmul__(self, other):
        return sum(self.items) * other

    def __rmod__(self, other):
        return other + self.items[0]

    def __rmatmul__(self, other):
        return np.sum(other) * self.items[0]

    def __gt__(self, other):
        return True


class Scale:
    """No sequence: a number beside it is Python's, an array beside it computes by elements."""

    def __init__(self, rate):
        self.rate = rate

    def __mul__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return other * self.rate

    def __rmatmul__(self, other):
        return np.sum(other * self.rate)

    def __lt__(self, other):
        return other > 0.5


class AskedRow(Row):
    __array_ufunc__ = None


class PreferredScale(Scale):
    __array_priority__ = 2.0


class DeferringScale(Scale):
    __array_priority__ = -2.0


NOT_ASKED = {
    "a number times a sequence": lambda x: np.max(x[0] * Row(x[1], x[2])),
    "a number modulo a sequence": lambda x: np.max(x[0] % Row(x[1], x[2])),
    "a number below a sequence": lambda x: x[0] * np.sum(x[0] < Row(x[1], x[2])),
    "a number equal to a sequence": lambda x: x[0] * np.sum(x[0] == Row(x[0], x[2])),
    "an array times a sequence": lambda x: np.max(x[:2] * Row(x[1], x[2])),
    "an array times an object": lambda x: np.max(x * Scale(2.0)),
    "an array of less priority": lambda x: np.max(x * DeferringScale(2.0)),
    "an array above an object": lambda x: np.sum(x[x > Scale(2.0)]),
    "an array equal to an object": lambda x: np.sum(x[x != Scale(2.0)]),
    "a matrix product": lambda x: np.max(x[:2] @ Row(x[1], x[2])),
    "a matrix product with an object": lambda x: np.max(x @ Scale(2.0)),
}


@pytest.mark.parametrize("name", NOT_ASKED)
def test_an_object_that_numpy_does_not_ask_is_not_asked(name):
    with pytest.raises(UnsupportedFunctionError, match="an operator is applied to"):
        on_the_tape(NOT_ASKED[name], np.array([0.7, -0.4, 1.3]))


def test_an_object_beside_an_array_that_changes_in_place_is_not_asked():
    def function(x):
        y = x * 1.0
        y *= AskedRow(2.0, 3.0)
        return np.sum(y)

    with pytest.raises(UnsupportedFunctionError, match="in place"):
        on_the_tape(function, np.array([0.7, -0.4]))


ASKED = {
    "a sequence first": (lambda x: np.max(Row(x[1], x[2]) * x[0]), -0.28),
    "a number times an object": (lambda x: x[0] * Scale(x[1]), -0.28),
    "a number above an object": (lambda x: x[0] if x[0] > Scale(2.0) else x[1], 0.7),
    "a number without a matrix product": (lambda x: x[0] @ Row(x[1], x[2]), -0.28),
    "a class without ufuncs": (lambda x: np.sum(x * AskedRow(x[1], x[2])), 1.44),
    "a number beside it": (lambda x: x[0] * AskedRow(x[1], x[2]), 0.63),
    "a class of higher priority": (lambda x: np.sum(x * PreferredScale(2.0)), 3.2),
    "a number beside a class of any": (lambda x: x[0] * DeferringScale(2.0), 1.4),
    "a constant": (lambda x: 2.0 * Row(x[1], x[2]), 1.8),
}


@pytest.mark.parametrize("name", ASKED)
def test_an_object_that_numpy_asks_is_asked(name):
    function, expected = ASKED[name]
    x = np.array([0.7, -0.4, 1.3])
    assert function(x) == pytest.approx(expected)
    assert on_the_tape(function, x)[0] == pytest.approx(expected)


def test_a_float_asks_the_object_beside_it():
    assert on_the_tape(lambda x: x * Row(x, 2.0), 0.5) == (1.25, 3.0)
    assert on_the_tape(lambda x: x if x < Row(x, 2.0) else 0.0, 0.7) == (0.7, 1.0)


def test_an_object_without_the_operator_is_a_type_error_beside_an_array():
    with pytest.raises(TypeError, match="unsupported operand type"):
        on_the_tape(lambda x: np.sum(x * object()), np.array([0.7, -0.4]))


def test_an_array_times_a_float_of_the_callers_is_taken():
    def function(x, rate):
        return np.sum(x * rate) + np.sum(rate * x) + (x % rate)[0]

    value, _, found = eager_value_and_grad(function, [0, 1], False, (np.array([0.7, 2.0]), 1.5), {})
    assert value == pytest.approx(8.8)
    np.testing.assert_allclose(found[0], [4.0, 3.0])
    assert found[1] == pytest.approx(5.4)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x[1] if x[0] == (0.3,) else x[2],
        lambda x: x[1] if x[0] != [x[0]] else x[2],
        lambda x: np.sum(x * np.sum(x[0] < [1.0, 0.1, x[0]])),
        lambda x: np.sum(x * (x == [x[0], 0.0, 0.0, 5.0])),
    ],
)
def test_a_number_beside_a_list_is_compared_with_each_item(function):
    x = np.array([0.3, -0.7, 1.2, 2.0])
    value, _, (found,) = eager_value_and_grad(function, (0,), False, (x,), {})
    assert value == function(x)
    assert np.allclose(found, gradient(function, x), atol=1e-9)


def test_a_list_changes_an_array_in_place():
    def function(x):
        a = x * 1.0
        b = a
        a *= [1.0, 2.0]
        return np.sum(b * b)

    x = np.array([0.3, -0.7])
    _, _, (found,) = eager_value_and_grad(function, (0,), False, (x,), {})
    assert np.allclose(found, [0.6, -5.6])


def test_a_number_and_a_list_are_refused():
    with pytest.raises(UnsupportedFunctionError, match="make an array of it"):
        eager_value_and_grad(lambda x: np.sum(x[0] + (1.0, 2.0)), (0,), False, (np.ones(2),), {})


def _row(m):
    m = np.tanh(m.T)
    m[0] -= 0.4
    part = m.reshape(-1)
    part[:] -= 1.03
    return np.sum(m)


def _view_of_a_row(m):
    m = np.tanh(m.T)
    row = m[0]
    row -= 1.0
    part = m.ravel()
    part *= 2.0
    return np.sum(m)


def _whole(m):
    other = m * 2.0
    m = np.tanh(m.T)
    m += other
    m[1:] *= m[:2]
    part = m.reshape(-1)
    part[0] = 5.0
    return np.sum(m)


@pytest.mark.parametrize("function", [_row, _view_of_a_row, _whole])
def test_what_is_changed_in_place_keeps_its_order_in_memory(function):
    m = np.random.default_rng(5).uniform(-1.0, 1.0, (3, 3))
    value, _, (found,) = eager_value_and_grad(function, (0,), False, (m,), {})
    assert np.isclose(value, function(m), rtol=1e-14)
    assert np.allclose(found, gradient(function, m), atol=1e-8)
