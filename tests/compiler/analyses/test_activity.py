"""Activity: varied by a source and useful to a target, through every structure."""

from __future__ import annotations

import numpy as np

from sorix.compiler.analyses.activity import active_variables
from sorix.compiler.ir.nodes import Function, Var
from sorix.compiler.ir.types import FLOAT, INT, Num
from sorix.compiler.ir.walk import atom_vars, variables
from tests.compiler.differentiate.writing import array, write


def active_hints(function: Function, *sources: Var) -> set[str]:
    targets = [var for atom in function.body.results for var in atom_vars(atom)]
    active = active_variables(function.body.stmts, sources, targets)
    return {var.hint for var in variables(function) if var in active}


def named(w, value, hint):
    """The value under a name of its own."""
    return w.define(value, hint)


def test_only_what_lies_between_source_and_target_is_active() -> None:
    def body(w, x, y):
        used = named(w, x * 2.0, "used")
        named(w, used * x, "useless")
        named(w, y * 3.0, "constant")
        return used * y

    f = write(body, FLOAT, FLOAT)
    assert active_hints(f, f.params[0]) - {"t"} == {"x", "used"}


def test_integers_and_comparisons_are_never_active() -> None:
    def body(w, x, k):
        flag = named(w, x > 0.0, "flag")
        steps = named(w, k + 1, "steps")
        return x * steps * flag

    f = write(body, FLOAT, INT)
    assert active_hints(f, *f.params) - {"t"} == {"x"}


def test_a_value_of_unknown_dtype_counts_as_active() -> None:
    f = write(lambda w, x: named(w, x * 2, "twice"), Num())
    assert active_hints(f, *f.params) >= {"x", "twice"}


def test_shapes_and_rounding_cut_the_way() -> None:
    def body(w, x):
        size = named(w, np.sum(np.floor(x)), "rounded")
        return size * 2.0

    f = write(body, array("n"))
    assert active_hints(f, *f.params) == set()


def test_variables_that_feed_each_other_around_a_loop_are_active() -> None:
    def body(w, x):
        def step(i, a, b, c):
            return b * 1.0, c * 1.0, c * x

        return w.loop(0, 3, [0.0, 0.0, 1.0], step)[0]

    f = write(body, FLOAT)
    assert active_hints(f, *f.params) >= {"a", "b", "c", "x"}


def test_a_carried_variable_no_output_needs_is_not_active() -> None:
    def body(w, x):
        return w.loop(0, 3, [x, x], lambda i, a, b: (a * x, b * a))[0]

    f = write(body, FLOAT)
    assert active_hints(f, *f.params) - {"t"} == {"x", "a"}


def test_a_parameter_the_body_overwrites_unread_is_not_active() -> None:
    def body(w, x):
        return w.loop(0, 3, [x], lambda i, a: x * i * 1.0)

    f = write(body, FLOAT)
    (loop,) = f.body.stmts
    active = active_variables(f.body.stmts, f.params, loop.outs)
    assert loop.outs[0] in active
    assert loop.params[0] not in active


def test_a_stack_is_active_if_something_active_is_pushed() -> None:
    def body(w, x):
        recorded, indices = w.stack(FLOAT), w.stack(INT)
        w.push(recorded, x * x)
        w.push(indices, 3)
        return w.pop(recorded) * w.pop(indices)

    f = write(body, FLOAT)
    pushed = [s.stack for s in f.body.stmts if type(s).__name__ == "Push"]
    targets = [var for atom in f.body.results for var in atom_vars(atom)]
    active = active_variables(f.body.stmts, f.params, targets)
    assert [stack in active for stack in pushed] == [True, False]


def test_a_long_block_takes_linear_time_and_no_recursion() -> None:
    def body(w, x):
        for _ in range(20_000):
            x = x * 1.5
        return x

    f = write(body, FLOAT)
    assert len(active_variables(f.body.stmts, f.params, f.body.results)) == 20_001
