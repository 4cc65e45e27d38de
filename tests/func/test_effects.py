"""What a function prints is printed once by each transform of it, at first and at second order;
what it writes into the caller's arrays is there once it returns."""

# ruff: noqa: T201  (what they print is what is tested)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sorix
import sorix.func as F

Function = Callable[[float], float]


def leaves_a_loop(x):
    print("start", 1)
    for k in range(5):
        x = x * 1.5
        if x > 2.0:
            print("left at", k)
            return x * x
    return x


def returns_early(x):
    print("one")
    if x > 10:
        return x
    print("two")
    for _ in range(2):
        x = x * 1.1
        if x < 0:
            return 0.0
    return x**3


def counts_its_calls(x):
    calls = []

    def squared(y):
        calls.append(len(calls))
        print("call", calls)
        return y * y

    total = squared(x)
    for _ in range(4):
        total = total + squared(total * 0.3)
        if total > 2:
            return total
    return total


def consumes_a_generator(x):
    def terms():
        print("begin")
        for k in range(3):
            yield x * k
        print("end")

    total = x
    for term in terms():
        if term > 1:
            return total * term
        total = total + term * x
    return total


def handles_what_it_raises(x):
    try:
        print("try")
        if x > 0.5:
            raise ValueError("large")
        y = x * 2
    except ValueError as error:
        print("caught", error)
        y = x**2
    finally:
        print("finally")
    return y * x


def repeats_until(x):
    print("begin")
    while x < 3:
        print(f"x={x:.3f}")
        x = x * 1.3
    return x**3


def calls_itself(x):
    def scaled(y):
        print("f")
        return y if y > 3 else scaled(y * 1.5) * x

    return scaled(x)


TRANSFORMS: dict[str, Callable[[Function], Callable[[float], Any]]] = {
    "grad": F.grad,
    "value_and_grad": F.value_and_grad,
    "vjp": lambda f: lambda x: F.vjp(f, x)[1](1.0),
    "jvp": lambda f: lambda x: F.jvp(f, (x,), (1.0,)),
    "hvp": lambda f: lambda x: F.hvp(f, (x,), (1.0,)),
    "grad of grad": lambda f: F.grad(F.grad(f)),
    "jvp of grad": lambda f: lambda x: F.jvp(F.grad(f), (x,), (1.0,)),
}
FUNCTIONS = [
    leaves_a_loop,
    returns_early,
    counts_its_calls,
    consumes_a_generator,
    handles_what_it_raises,
    repeats_until,
    calls_itself,
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_each_effect_happens_once(
    function: Function, transform: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = TRANSFORMS[transform](function)
    for x in (0.7, 0.2):
        function(x)
        expected = capsys.readouterr().out
        for _ in range(2):
            moved(x)
            assert capsys.readouterr().out == expected


def writes_and_raises(a):
    a[0] = 2.0
    if a[1] > 0:
        raise ValueError("too large")
    return a[0] * a[1]


@pytest.mark.parametrize("moved", [sorix.compile(writes_and_raises), F.grad(writes_and_raises)])
def test_arrays_are_unchanged_where_an_exception_leaves(moved: Callable[..., Any]) -> None:
    a = np.array([0.3, 0.7])
    with pytest.raises(ValueError, match="too large"):
        moved(a)
    np.testing.assert_array_equal(a, [0.3, 0.7])
    moved(np.array([0.3, -0.7]))


class Limit(Exception):
    def __init__(self, value, factor=1.0):
        super().__init__("limit")
        self.value = value * factor


class Passing:
    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return False


def raises_through_a_context(x):
    with Passing():
        if x < 0.0:
            raise ValueError
        if x < 1.0:
            raise ValueError("small", 1.0)
    return x


def raises_again(x):
    try:
        if x < 0.0:
            raise KeyError
        if x < 1.0:
            raise KeyError("small")
    except KeyError:
        raise
    return x


def raises_again_by_name(x):
    try:
        if x < 0.0:
            raise KeyError
        if x < 1.0:
            raise KeyError("small", 2.0 * x)
    except KeyError as error:
        raise error
    return x


def raises_through_a_cleanup_in_a_loop(x):
    total = 0.0
    for _ in range(3):
        try:
            if x < 0.0:
                raise ValueError("negative", "number")
            if x < 1.0:
                raise ValueError("small")
        finally:
            total += x
    return total


def raises_what_needs_an_argument(x):
    with Passing():
        if x < 0.0:
            raise Limit(x, 2.0)
        if x < 1.0:
            raise Limit(x)
    return x


PASSED_ON = [
    raises_through_a_context,
    raises_again,
    raises_again_by_name,
    raises_through_a_cleanup_in_a_loop,
    raises_what_needs_an_argument,
]


@pytest.mark.parametrize("function", PASSED_ON, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [-0.3, 0.7])
def test_an_exception_passed_on_keeps_its_arguments(function: Function, x: float) -> None:
    with pytest.raises(Exception) as expected:
        function(x)
    with pytest.raises(type(expected.value)) as found:
        F.grad(function, fallback="error")(x)
    assert found.value.args == expected.value.args
    assert getattr(found.value, "value", None) == getattr(expected.value, "value", None)
