"""Derivatives taken of statements where they stand: ``sorix.grad`` inside compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sorix.compiler.differentiate.adjoint import adjoint_in_place
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Atom, Block, Const, Function, Var
from sorix.compiler.ir.types import FLOAT, INT
from sorix.compiler.ir.verify import verify
from sorix.errors import NotDifferentiableError
from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.programs import MATRIX, VECTOR
from tests.compiler.differentiate.writing import array, write
from tests.compiler.ir.evaluate import evaluate_all


def expanded(function: Function, output: int, wrt: Sequence[Var]) -> Function:
    """The function that returns the derivative of one of its results."""
    result = function.body.results[output]
    assert isinstance(result, Var)
    bar: Atom = Const(1.0) if result.type.shape == () else Const(np.ones(result.type.shape))
    parts = adjoint_in_place(function.body.stmts, {result: bar}, wrt)
    found = tuple(c if c is not None else Const(None) for c in parts.cotangents)
    grown = replace(function, body=Block((*parts.forward, *parts.reverse), found))
    verify(grown)
    return grown


def test_a_gradient_is_ordinary_code_that_can_be_differentiated() -> None:
    def u(w, x, weights):
        return np.sum(np.tanh(x @ weights) ** 3)

    f = write(u, array("n", 3), array(3, 2))
    du = expanded(f, 0, f.params[:1])
    check(du, MATRIX, MATRIX.T * 0.5, order=2)


def test_gradients_of_gradients_nest() -> None:
    def u(w, x, a):
        return np.sum(w.loop(0, 3, [x], lambda i, v: np.sin(v) * a * x))

    f = write(u, array("n"), FLOAT)
    first = expanded(f, 0, f.params[:1])
    total = write_sum(first)
    second = expanded(total, 0, first.params[:1])
    check(second, VECTOR, 0.7, order=2)


def write_sum(function: Function) -> Function:
    """The sum of squares of the function's one result."""
    builder = Builder()
    builder.stmts = list(function.body.stmts)
    (result,) = function.body.results
    product = builder.call(np.multiply, result, result)
    return replace(function, body=builder.block(builder.call(np.sum, product)))


def grad_here(w: Any, start: int, output: Any, wrt: Any) -> Any:
    """What ``sorix.grad(output, wrt)`` becomes, for statements written since `start`."""
    parts = adjoint_in_place(w.stmts[start:], {output.atom: Const(1.0)}, [wrt.atom])
    w.stmts[start:] = [*parts.forward, *parts.reverse]
    return w.symbol(parts.cotangents[0])


def test_a_descent_by_inner_gradients_of_loops_can_be_differentiated() -> None:
    """The stacks of the inner derivative are made anew in each iteration of the outer loop."""

    def descent(w, x, a):
        def step(k, s):
            start = len(w.stmts)
            u = w.loop(0, np.size(x), [s], lambda i, u: np.sin(u * x[i]) + s)
            slope = grad_here(w, start, u, s)
            return w.branch(s > 0.0, lambda: s - 0.1 * slope, lambda: s * slope)

        return w.loop(0, 3, [a], step)

    check(write(descent, array("n"), FLOAT), VECTOR, 0.7, order=3)


def test_a_gradient_inside_a_branch_inside_a_loop_can_be_differentiated() -> None:
    def program(w, x, a):
        def step(k, s):
            def then():
                start = len(w.stmts)
                u = w.loop(0, 3, [s], lambda i, u: u * np.tanh(u) + x[i] * s)
                return u + grad_here(w, start, u, s)

            return w.branch(x[k] > 0.0, then, lambda: s * a)

        return w.loop(0, 4, [a], step)

    check(write(program, array("n"), FLOAT), VECTOR, 0.7, order=3)


def test_a_variable_computed_on_the_way_can_be_differentiated_by() -> None:
    hidden: list[Any] = []

    def u(w, x, a):
        h = x * a
        hidden.append(h.atom)
        return np.sum(np.sin(h) * x)

    f = write(u, array("n"), FLOAT)
    both = expanded(f, 0, (hidden[0], f.params[0]))
    dh, dx = evaluate_all(both, VECTOR, 0.7)
    np.testing.assert_allclose(dh, np.cos(0.7 * VECTOR) * VECTOR)
    # By way of h as well.
    np.testing.assert_allclose(dx, np.sin(0.7 * VECTOR) + dh * 0.7)
    alone = expanded(f, 0, (hidden[0],))
    np.testing.assert_allclose(evaluate_all(alone, VECTOR, 0.7)[0], dh)


def test_the_cotangent_of_what_nothing_depends_on_is_none() -> None:
    f = write(lambda w, x, a: np.sum(np.floor(x)) * a, array("n"), FLOAT)
    parts = adjoint_in_place(f.body.stmts, {f.body.results[0]: Const(1.0)}, f.params)
    assert parts.cotangents[0] is None
    assert parts.cotangents[1] is not None


def test_statements_without_the_output_are_left_as_they_are() -> None:
    f = write(lambda w, x, a: (np.sum(x * a), np.sin(x)), array("n"), FLOAT)
    parts = adjoint_in_place(f.body.stmts, {f.body.results[0]: Const(1.0)}, f.params)
    assert parts.forward == f.body.stmts
    assert len(parts.reverse) < 6


def test_an_integer_has_no_derivative() -> None:
    f = write(lambda w, x, k: x[k] * 2.0, array("n"), INT)
    with pytest.raises(NotDifferentiableError, match="'k' is int"):
        adjoint_in_place(f.body.stmts, {f.body.results[0]: Const(1.0)}, f.params)
