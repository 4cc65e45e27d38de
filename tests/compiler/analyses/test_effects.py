"""What may be left out, repeated or moved."""

from __future__ import annotations

import numpy as np

from sorix.compiler.analyses.effects import acts, has_effect, is_pure
from sorix.compiler.ir.nodes import Block, Call, Const, Effect, Function, Method, Push, routine_of
from sorix.compiler.ir.types import FLOAT
from tests.compiler.differentiate.writing import write


def unknown(x: float) -> float:
    return x


def test_primitives_and_new_lists_are_pure_and_nothing_else() -> None:
    assert is_pure(Call(np.sin, (Const(1.0),)))
    assert is_pure(Call(np.shape, (Const(1.0),)))
    assert is_pure(Call(list, ()))
    assert not is_pure(Call(unknown, (Const(1.0),)))
    assert not is_pure(Call(Method("normal"), (Const(None),)))


def test_effects_are_found_in_nested_blocks() -> None:
    def quiet(w, x):
        return w.loop(0, 3, [x], lambda i, s: s * x)

    def recording(w, x):
        stack = w.stack(FLOAT)

        def body(i, s):
            w.push(stack, s)
            return s * x

        return w.loop(0, 3, [x], body)

    assert not has_effect(write(quiet, FLOAT).body.stmts)
    assert has_effect(write(recording, FLOAT).body.stmts)
    assert has_effect((Effect(Call(print, ())),))


def test_a_function_that_records_on_its_own_stacks_is_pure() -> None:
    def own(w, x):
        stack = w.stack(FLOAT)
        w.push(stack, x * x)
        return w.pop(stack)

    function = write(own, FLOAT)
    push = next(stmt for stmt in function.body.stmts if isinstance(stmt, Push))
    given = Function("given", (push.stack,), Block((push,)))
    assert not acts(function.body.stmts)
    assert is_pure(Call(routine_of(function), (Const(1.0),)))
    assert not is_pure(Call(routine_of(given), (Const(None),)))


def test_raising_is_an_act_also_inside_a_function_that_is_called() -> None:
    def failing(w, x):
        w.fail(ValueError)
        return x

    function = write(failing, FLOAT)
    assert acts(function.body.stmts)
    assert not is_pure(Call(routine_of(function), (Const(1.0),)))
