"""Which statements given variables need."""

from __future__ import annotations

import numpy as np

from sorix.compiler.analyses.liveness import needed_statements
from sorix.compiler.ir.types import FLOAT
from tests.compiler.differentiate.writing import write


def test_statements_nothing_depends_on_are_left_out() -> None:
    def body(w, x):
        np.sin(x)
        y = x * 2.0
        np.cos(y)
        return y

    f = write(body, FLOAT)
    assert needed_statements(f.body.stmts, f.body.results) == [f.body.stmts[1]]


def test_pushes_to_a_stack_popped_later_are_needed() -> None:
    def body(w, x):
        stack, other = w.stack(FLOAT), w.stack(FLOAT)
        w.loop(0, 3, [x], lambda i, s: (w.push(stack, s), s * x)[1])
        w.loop(0, 3, [x], lambda i, s: (w.push(other, s), s * x)[1])
        return w.loop(0, 3, [x], lambda i, s: s * w.pop(stack))

    f = write(body, FLOAT)
    kept = needed_statements(f.body.stmts, f.body.results)
    assert [f.body.stmts.index(stmt) for stmt in kept] == [0, 2, 4]


def test_what_is_kept_by_a_predicate_keeps_what_it_reads() -> None:
    def body(w, x):
        y = x * 2.0
        np.sin(y)
        return x

    f = write(body, FLOAT)
    last = f.body.stmts[-1]
    assert needed_statements(f.body.stmts, f.body.results) == []
    kept = needed_statements(f.body.stmts, f.body.results, lambda stmt: stmt is last)
    assert kept == list(f.body.stmts)
