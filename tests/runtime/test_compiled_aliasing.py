"""Tensors changed in place inside compiled code: as on the tape, or refused; never different."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import AliasingError, CompileError, InternalCompilerError
from tests.runtime.engines import compiled, leaf

PROGRAMS = []


def program(function):
    PROGRAMS.append(function)
    return function


@program
def accumulate(x):
    total = (x * x).sum()
    for k in range(3):
        total += (x ** (k + 2)).sum()
    return total


@program
def another_name(x):
    y = x * 1.0
    z = y
    y *= 2
    return (z * z).sum()


@program
def view_taken_before(x):
    y = x * 1.0
    z = y[1:]
    y += z.sum()
    return (z * z * y[0]).sum()


@program
def view_that_is_written(x):
    y = x * 1.0
    v = y[1:3]
    v *= 2.0
    return (y**2).sum()


@program
def reshape_taken_before(x):
    y = x * 1.0
    z = y.reshape(2, 2)
    y *= y
    return (z * z).sum()


@program
def kept_in_a_list(x):
    y, kept = x * 1.0, []
    for _ in range(3):
        kept.append(y)
        y += 0.5
    return sum((k * k).sum() for k in kept)


@program
def kept_in_a_dict(x):
    y = x * 1.0
    kept = {"y": y}
    y += 0.5
    return (kept["y"] ** 2).sum()


def doubled(t):
    t *= 2
    return t


@program
def changed_by_a_callee(x):
    y = x * 1.0
    return (doubled(y) * y).sum()


@program
def chosen_by_a_branch(x):
    a, b = x * 1.0, x * 2.0
    y = a if x.sum() > 0 else b
    y *= 3.0
    return (a * b).sum()


@program
def detached_before(x):
    y = x * 1.0
    z = y.detach()
    y *= 2.0
    return (y * z).sum()


@program
def stored_into(x):
    y = x * 1.0
    y[1] = 5.0
    return (y * y).sum()


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_as_on_the_tape_or_refused(function):
    outcomes = []
    for engine in (lambda f: f, sorix.compile(fallback="error")):
        x = leaf([1.0, 2.0, 3.0, 4.0])
        try:
            result = engine(function)(x)
            outcomes.append([result.item(), sorix.grad(result, x)[0].data])
        except (CompileError, RuntimeError, TypeError) as error:
            outcomes.append(error)
    tape, compiled = outcomes
    assert not isinstance(compiled, InternalCompilerError)
    if isinstance(compiled, CompileError):
        return
    assert not isinstance(tape, Exception), f"the tape refuses: {tape}; compiled: {compiled}"
    np.testing.assert_allclose(compiled[0], tape[0], rtol=1e-13)
    np.testing.assert_allclose(compiled[1], tape[1], rtol=1e-13)


def test_sums_in_place_are_not_refused():
    x = leaf([1.0, 2.0])
    sorix.compile(fallback="error")(accumulate)(x)


def test_a_tensor_of_the_callers_is_changed_or_the_call_refused():
    def shift(t):
        t += 1.0
        return t.sum()

    t = sorix.tensor([1.0, 2.0])
    try:
        sorix.compile(fallback="error")(shift)(t)
    except CompileError:
        return
    assert t.tolist() == [2.0, 3.0]


def array_of_a_detached_tensor(x):
    u = x * 2.0
    v = u.detach().numpy()
    v[0] = 9.0
    return (u * x).sum()


def array_that_a_tensor_was_made_of(x):
    a = np.ones(2)
    t = sorix.from_numpy(a)
    a[0] = 5.0
    return (t * x).sum()


def array_that_is_a_tensor(x):
    a = np.ones(2)
    t = sorix.as_tensor(a)
    a[0] = 5.0
    return (t * x).sum()


@pytest.mark.parametrize(
    "loss", [array_of_a_detached_tensor, array_that_a_tensor_was_made_of, array_that_is_a_tensor]
)
def test_an_array_that_has_a_tensors_memory_is_not_written(loss):
    with pytest.raises(AliasingError):
        compiled(loss)(leaf([0.3, 0.7]))


def test_what_is_detached_has_as_many_dimensions_as_the_tensor():
    def penalty(w, x):
        between = (0.5 * x + 0.5 * (x.detach() * 2)) @ w
        (slope,) = sorix.grad(between.sum(), x, create_graph=True)
        return (slope**2).sum() + (between @ x.detach()).sum()

    found = []
    for function in (penalty, compiled(penalty)):
        w, x = leaf([[0.3, 0.7], [0.1, 0.2]]), leaf([[0.5, 0.1], [0.4, -0.2]])
        function(w, x).backward()
        found.append(w.grad.data)
    np.testing.assert_allclose(found[1], found[0])
