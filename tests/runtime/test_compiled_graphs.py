"""What `sorix.grad` frees, and what it keeps: the tape and compiled code say the same."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import CompileError, FallbackWarning, GraphFreedError, GraphUsedAgainError
from tests.runtime.engines import agree, compiled, leaf

START = [0.3, 0.7]


def forgotten(x):
    u = np.sin(x) * x
    (du,) = sorix.grad(u.sum(), x)
    return (du**2).sum() + (u**2).sum()


def twice(x):
    u = np.sin(x) * x
    (du,) = sorix.grad(u.sum(), x)
    (again,) = sorix.grad(u.sum(), x)
    return (du * again * x).sum()


def beside(x):
    y = x * x
    u = np.sin(y)
    (du,) = sorix.grad(u.sum(), y)
    return (du * u).sum()


def freed_though_differentiable(x):
    u = np.sin(x * x)
    (du,) = sorix.grad(u.sum(), x, create_graph=True, retain_graph=False)
    return (du * u).sum()


def freed_by_the_second(x):
    (du,) = sorix.grad(np.sin(x * x).sum(), x, create_graph=True)
    (ddu,) = sorix.grad(du.sum(), x)
    return (ddu * du).sum()


def freed_in_a_loop(x):
    total = 0.0
    for _ in range(3):
        u = np.sin(x) * x
        (du,) = sorix.grad(u.sum(), x)
        total = total + (u * du).sum()
    return total


@pytest.mark.parametrize(
    "loss",
    [forgotten, twice, beside, freed_though_differentiable, freed_by_the_second, freed_in_a_loop],
)
def test_a_graph_that_was_freed_is_not_differentiated_again(loss):
    with pytest.raises(GraphFreedError) as raised:
        loss(leaf(START)).backward()
    assert not isinstance(raised.value, CompileError)
    with pytest.raises(GraphUsedAgainError) as refused:
        compiled(loss)(leaf(START))
    assert "sorix.grad(" in refused.value.source_line
    assert "create_graph=True" in refused.value.hint and "retain_graph=True" in refused.value.hint
    with pytest.warns(FallbackWarning), pytest.raises(GraphFreedError):
        sorix.compile(loss)(leaf(START)).backward()


def constant_beside_its_argument(x):
    (du,) = sorix.grad((np.sin(x) * x).sum(), x)
    return (du * x).sum()


def kept(x):
    u = np.sin(x) * x
    (du,) = sorix.grad(u.sum(), x, retain_graph=True)
    (again,) = sorix.grad(u.sum(), x, retain_graph=True)
    return (du * again * x).sum() + (u**2).sum()


def sums_save_nothing(x):
    y = x + 1.0
    (du,) = sorix.grad(y.sum(), x)
    return (du * y).sum() + (y * y).sum()


def what_made_the_input_is_kept(x):
    y = np.cos(x)
    (du,) = sorix.grad(np.sin(y).sum(), y)
    return (du * y).sum()


def another_branch_is_kept(x):
    y, z = x * x, np.cos(x)
    (du,) = sorix.grad((np.sin(y) * z).sum(), y)
    return (du * z).sum()


def descent(x):
    y = x * 1.0
    for _ in range(3):
        (slope,) = sorix.grad((np.sin(y) * y).sum(), y)
        y = y - 0.1 * slope
    return (y * y).sum()


@pytest.mark.parametrize(
    "loss",
    [
        constant_beside_its_argument,
        kept,
        sums_save_nothing,
        what_made_the_input_is_kept,
        another_branch_is_kept,
        descent,
    ],
)
def test_what_is_kept_is_differentiated_alike(loss):
    agree(loss, leaf(START))


def test_the_input_of_a_gradient_may_lead_to_another_input():
    x = leaf(START)
    y = x * x
    dx, dy = sorix.grad(np.sin(y).sum(), [x, y])
    assert dy.tolist() == pytest.approx(np.cos(np.square(START)))
    assert dx.tolist() == pytest.approx(2 * np.array(START) * np.cos(np.square(START)))
    with pytest.raises(GraphFreedError):
        y.sum().backward()
