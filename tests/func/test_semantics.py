"""Small programs whose meaning in Python or NumPy is easily mistaken: right, or refused.

The oracle is the program itself, run by Python, and five-point differences of it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import sorix.func
from sorix.errors import FallbackWarning, UnsupportedSyntaxError
from tests.runtime.differences import assert_close, gradient

X = np.array([0.3, -0.7, 1.2, 2.0])
PROGRAMS = []


def program(function):
    PROGRAMS.append(function)
    return function


@program
def alias_then_rebind(x):
    y = x[1:3]
    z = y
    z = z * 2
    return np.sum(z * y)


@program
def write_through_a_view(x):
    y = x * 1.0
    v = y[1:3]
    v *= 2.0
    return np.sum(y**2)


@program
def write_through_a_reshape(x):
    y = (x * 1.0).reshape(2, 2)
    v = y.T
    v[0] = v[0] ** 2
    return np.sum(y**3)


@program
def write_in_branches(x):
    y = x.copy()
    s = 0.0
    for i in range(4):
        if y[i] > 0:
            y[i] *= y[i - 1]
            s += y[i]
        elif i > 2:
            continue
        else:
            y[i] -= s
    return s + np.sum(y**2)


@program
def overlapping_write(x):
    y = x.copy()
    y[1:] += y[:-1]
    y[:-1] = y[1:]
    return np.sum(y**2 * np.arange(4.0))


@program
def write_what_was_rebound(x):
    y = x
    for k in range(3):
        y = y + 1
        y[k] = y[k] * x[k]
    return np.sum(y**2)


@program
def write_the_argument(x):
    x *= 2
    x[0] = x[1]
    x += x
    return np.sum(x**2)


@program
def repeated_index_increment(x):
    """The last of the repeated ones wins: NumPy reads all before it writes."""
    y = np.zeros(4)
    y[[0, 0, 2]] += x[:3]
    y[x > 0] *= 2
    return np.sum(y * y * x)


@program
def repeated_index_store(x):
    y = np.zeros(4)
    y[np.array([1, 1, 2])] = x[:3] ** 2
    return np.sum(y * np.arange(4.0))


@program
def repeated_index_sum(x):
    y = np.zeros(4)
    np.add.at(y, [0, 0, 2], x[:3])
    return np.sum(y * y)


@program
def chained_comparison(x):
    inside = 0 < x[0] < 1 <= x[2] < 5
    return np.sum(x**2) if inside else np.sum(x)


@program
def comparisons_joined_by_words(x):
    a = np.sum(x**2) if 0 < x[0] and x[0] < 1 and 1 <= x[2] else 0.0
    return a + (x[3] and (x[0] and (x[1] or x[2]))) * 2


@program
def nested_conditional_expressions(x):
    y = x[1] if x[0] < 0 else (x[2] if x[1] > 0 else (x[3] if x[2] > 0 else x[0]))
    return y * y + (x[0] if x[1] > 0 else x[2])


@program
def fold_with_branches(x):
    import functools

    return functools.reduce(lambda a, b: a * b if b > 0 else (a - b if a > 0 else a), x)


@program
def key_function(x):
    a, b, c, d = x
    return max(a, b, c, d, key=lambda v: v * v if v < 0 else -v) * min(a, d, c * 2)


@program
def float_then_integer_of_one_name(x):
    t = x[0] ** 2
    total = t
    for k in range(4):
        t = k + 1
        total += t * x[k]
    return total


@program
def integer_then_float_of_one_name(x):
    t = 3
    total = 0.0
    for k in range(4):
        total += t * x[k]
        t = x[k] * k
    return total + t


@program
def array_then_number_of_one_name(x):
    t = x * 2
    total = np.sum(t)
    for k in range(4):
        t = x[k]
        total += t * t
    return total + t


@program
def simultaneous_assignment(x):
    a, b = x[0], x[1]
    for _ in range(5):
        a, b = b, a * b + np.sin(a)
    return a + b


@program
def growing_list(x):
    found = [x[0], x[1]]
    for k in range(4):
        found.append(found[-1] * found[-2] + x[k])
    return found[-1] + found.pop() * found[0]


@program
def closure_that_appends(x):
    found = []

    def push(v):
        found.append(v * v)

    for v in x:
        push(v)
    return sum(found)


@program
def loop_left_early(x):
    s, i = 1.0, 0
    while True:
        s = s * np.cos(x[i % 4])
        i += 1
        if i > 7:
            break
        if s < -5:
            return s * 2
    return s * i


@program
def variable_of_the_loop_afterwards(x):
    for k, v in enumerate(x):
        if v > 1:
            break
    return v * k * np.sum(x)


@program
def default_that_is_shared(x):
    def add(v, into=[0.0]):
        return into[0] + v

    return add(x[0]) + add(x[1]) ** 2


@program
def shadowed_name(x):
    sum = x[0] * 2
    squares = [sum * x for x in (x[1], x[2])]
    return sum + squares[0] * squares[1] + np.sum(x)


@program
def integer_arithmetic(x):
    n = 7 // 2 + 7 % 4 - (-7 // 2)
    return x[n % 4] * n + x[-1] ** n + int(2.7) * x[1]


@program
def powers(x):
    return np.sum(2.0**x + np.abs(x) ** x + x**2 + x**-1 + (-x) ** 3)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_value_and_gradient(function):
    through = sorix.func.value_and_grad(function, fallback="error")
    argument = X.copy()
    value, got = through(argument)
    np.testing.assert_array_equal(argument, X)
    np.testing.assert_allclose(value, function(X.copy()), rtol=1e-14)
    assert_close(got, gradient(lambda v: float(function(v.copy())), X), 1e-8)


def _of_kind(x, kind):
    if kind == "square":
        return x * x
    raise ValueError(kind)


@pytest.mark.parametrize("transform", [sorix.func.grad, sorix.func.value_and_grad])
def test_a_function_that_always_raises_raises_that(transform):
    with pytest.raises(ValueError, match="cube"):
        transform(_of_kind, fallback="error")(2.0, "cube")
    with pytest.raises(ValueError, match="cube"):
        sorix.func.jvp(_of_kind, (2.0, "cube"), (1.0, None))
    with pytest.raises(ValueError, match="cube"):
        sorix.func.hvp(_of_kind, (2.0, "cube"), (1.0, None))


def _or_one(x):
    try:
        return math.exp(x)
    except Exception:
        return x


@pytest.mark.parametrize("transform", ["jvp", "vjp"])
def test_what_the_program_handles_is_refused_where_generated_code_raises_it(transform):
    rest = ((1.0,),) if transform == "jvp" else ()
    given = ((1e4,),) if transform == "jvp" else (1e4,)
    with pytest.raises(UnsupportedSyntaxError, match="which the function handles by itself"):
        getattr(sorix.func, transform)(_or_one, *given, *rest)


def _where_it_splits(x, n):
    try:
        np.reshape(x, (n, -1))
        count = np.size(x + np.ones(2 * n))
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2) * count


def _gradient_where_it_splits(x, n):
    return np.sum(sorix.func.grad(_where_it_splits)(x, n))


def test_what_only_may_fail_is_computed_by_all_derivatives():
    x, n = np.array([2.0, 3.0, 4.0, 5.0]), 2
    np.testing.assert_array_equal(sorix.func.grad(_where_it_splits)(x, n), 8 * x)
    np.testing.assert_array_equal(sorix.func.grad(_gradient_where_it_splits)(x, n), [8.0] * 4)
    with pytest.warns(FallbackWarning, match="which the function handles by itself"):
        np.testing.assert_array_equal(sorix.func.grad(_where_it_splits)(x[:3], n), 3 * x[:3] ** 2)
    asked = [
        lambda k, m: sorix.func.grad(_where_it_splits, fallback="error")(x[:k], m),
        lambda k, m: sorix.func.grad(_gradient_where_it_splits, fallback="error")(x[:k], m),
        lambda k, m: sorix.func.jvp(_where_it_splits, (x[:k], m), (x[:k], None)),
        lambda k, m: sorix.func.hvp(_where_it_splits, (x[:k], m), (x[:k], None)),
    ]
    for derivative in asked:
        derivative(4, 2)
        for misfit in ((3, 2), (4, 4)):
            with pytest.raises(UnsupportedSyntaxError, match="which the function handles"):
                derivative(*misfit)


def _grown(x, n):
    if x[0] > 3.0:
        return np.sum(x * x)
    np.reshape(x, (n, -1))
    return _grown(x * 1.5, n) * x[1]


def _in_a_recursion(x, n):
    try:
        _grown(x, n)
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2)


def _in_segments(x, n):
    y = x
    try:
        for _ in sorix.checkpoint(range(6)):
            np.reshape(y, (n, -1))
            y = np.sin(y) * x
    except ValueError:
        return np.sum(x**3)
    return np.sum(y)


@pytest.mark.parametrize("function", [_in_a_recursion, _in_segments])
def test_what_may_fail_in_a_function_that_is_called_is_computed(function):
    x = np.array([0.3, 0.7, 1.1, 0.9])
    gradient = sorix.func.grad(function, fallback="error")
    gradient(x, 2)
    sorix.func.hvp(function, (x, 2), (x, None))
    with pytest.raises(UnsupportedSyntaxError, match="which the function handles"):
        gradient(x, 3)
    with pytest.raises(UnsupportedSyntaxError, match="which the function handles"):
        sorix.func.jvp(function, (x, 3), (x, None))
    with pytest.raises(UnsupportedSyntaxError, match="which the function handles"):
        sorix.func.hvp(function, (x, 3), (x, None))


def _times_what_is_found(x):
    found = None
    for v in x:
        if v > 5.0:
            found = v
    try:
        return x[0] * found
    except TypeError:
        return 2 * x[1]


def test_what_none_raises_is_refused_where_the_program_handles_it():
    gradient = sorix.func.grad(_times_what_is_found, fallback="error")
    np.testing.assert_array_equal(gradient(np.array([2.0, 6.0])), [6.0, 2.0])
    with pytest.raises(UnsupportedSyntaxError, match="which the function handles by itself"):
        gradient(np.array([2.0, 3.0]))


def _at_what_is_found(x):
    place = None
    for i, v in enumerate(x):
        if v > 5.0:
            place = i
    y = x[place]
    y = y * y
    return np.sum(y)


def test_an_index_that_is_none_is_no_element_and_changes_no_argument():
    gradient = sorix.func.grad(_at_what_is_found, fallback="error")
    np.testing.assert_array_equal(gradient(np.array([2.0, 6.0])), [0.0, 12.0])
    x = np.array([2.0, 3.0])
    with pytest.raises(AttributeError, match="NoneType"):
        gradient(x)
    np.testing.assert_array_equal(x, [2.0, 3.0])


def _guarded(x, y):
    with np.errstate(divide="raise"):
        try:
            return np.sum(x / y)
        except FloatingPointError:
            return np.sum(x)


def test_errors_that_the_function_asks_numpy_for_are_raised_in_derivatives():
    x = np.array([1.0, 2.0])
    with pytest.warns(FallbackWarning):
        assert sorix.func.value_and_grad(_guarded)(x, np.zeros(2))[0] == 3.0
    with pytest.raises(UnsupportedSyntaxError):
        sorix.func.jvp(_guarded, (x, np.zeros(2)), (x, None))
