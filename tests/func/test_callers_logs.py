"""What a program appends to a list of the caller's is appended once by each transform of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import sorix
import sorix.func as F

LOG: list[Any] = []
X = np.array([0.3, 1.2, 0.7])


def each_step(x):
    total = 0.0
    for k in range(len(x)):
        total = total + np.sin(x[k]) * x[0]
        if total > 0.1:
            LOG.append((k, float(total), "step"))
    return total


def what_nobody_reads(x):
    cubes = np.sum(x**3)
    LOG.append(cubes)
    return np.sum(x**2)


def calls_itself(x):
    def scaled(v):
        LOG.append(float(v))
        return v * v if v > 2 else scaled(v * 1.5) + v

    return scaled(x[0])


def calls_what_is_checkpointed(x):
    def step(v):
        LOG.append(float(v))
        return np.sin(v) * v

    return sorix.checkpoint(step)(x[0]) + sorix.checkpoint(step)(x[1])


def raises_in_between(x):
    try:
        LOG.append(float(x[0]))
        if x[1] > 1:
            raise ValueError("large")
    except ValueError as error:
        LOG.append(str(error))
    return np.sum(x**2)


def takes_a_step_of_its_own(x):
    moved = x - 0.1 * F.grad(what_nobody_reads)(x)
    return np.sum(moved**2)


FUNCTIONS = [
    each_step,
    what_nobody_reads,
    calls_itself,
    calls_what_is_checkpointed,
    raises_in_between,
    takes_a_step_of_its_own,
]
TRANSFORMS: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "grad": lambda f: F.grad(f, fallback="error"),
    "value_and_grad": lambda f: F.value_and_grad(f, fallback="error"),
    "jvp": lambda f: lambda x: F.jvp(f, (x,), (x,)),
    "hvp": lambda f: lambda x: F.hvp(f, (x,), (x,)),
    "second": lambda f: F.grad(lambda x: np.sum(F.grad(f)(x))),
}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_each_is_appended_once(function: Callable[..., Any], transform: str) -> None:
    moved = TRANSFORMS[transform](function)
    for x in (X, 0.5 * X, X):
        LOG.clear()
        function(x)
        expected = list(LOG)
        LOG.clear()
        moved(x)
        assert LOG == expected
        assert list(map(type, LOG)) == list(map(type, expected))


def test_a_field_and_a_variable_around() -> None:
    seen: list[float] = []

    class Model:
        def __init__(self) -> None:
            self.history: list[float] = []

        def loss(self, x):
            self.history.append(float(x[0]))
            seen.append(float(x[1]))
            return np.sum(x**2)

    model = Model()
    gradient = F.grad(lambda x: model.loss(x) * 2, fallback="error")
    for k in range(3):
        gradient(k * X)
    assert model.history == [0.0, 0.3, 0.6]
    assert seen == [0.0, 1.2, 2.4]


def test_a_compiled_call_on_tensors_appends_to_the_callers_list() -> None:
    history: list[float] = []

    @sorix.compile(fallback="error")
    def loss(x):
        total = (x**2).sum()
        history.append(total.item())
        return total

    x = sorix.tensor([1.0, 2.0], requires_grad=True)
    loss(x).backward()
    assert history == [5.0]
    (bar,) = sorix.grad(loss(x), x, create_graph=True)
    bar.sum().backward()
    assert history == [5.0, 5.0]


def test_a_list_that_is_read_is_not_appended_to() -> None:
    def counted(x):
        LOG.append(float(x[0]))
        return np.sum(x**2) * len(LOG)

    with pytest.raises(sorix.errors.UnsupportedSyntaxError, match="and one is read"):
        F.grad(counted, fallback="error")(X)
