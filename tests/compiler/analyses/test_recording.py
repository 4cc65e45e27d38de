"""What is recorded inside loops: only what can neither be seen, recomputed nor replaced."""

from __future__ import annotations

import numpy as np

from sorix.compiler.analyses.recording import dim_symbols, loop_facts, uses
from sorix.compiler.differentiate.adjoint import differentiate
from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.types import FLOAT
from sorix.support import store, unbroadcast
from tests.compiler.differentiate.programs import PROGRAMS
from tests.compiler.differentiate.pushed import pushed
from tests.compiler.differentiate.writing import array, write


def recorded(function: Function) -> list[str]:
    wrt = [p for p in function.params if p.hint in "xya"]
    found = pushed(differentiate(function, wrt).forward)
    return sorted(f"{value.type} in {loops}" for value, loops in found)


def test_reads_of_an_array_from_outside_are_read_again() -> None:
    def body(w, x, a):
        return w.loop(0, np.size(x), [a], lambda i, s: s + np.sin(x[i]) * x[2 * i + 1 - i])

    assert recorded(write(body, array("n"), FLOAT)) == ["float64 in 1"]  # the sine


def test_a_linear_loop_records_nothing() -> None:
    def body(w, x, a):
        return w.loop(1, np.size(x), [a], lambda i, s: s + x[i] * 3.0 - x[i - 1] * i)

    assert recorded(write(body, array("n"), FLOAT)) == []


def test_a_stencil_records_the_numbers_it_overwrites_not_the_array() -> None:
    def body(w, x, a):
        return w.loop(1, np.size(x), [x], lambda i, u: store(u, i, u[i - 1] * u[i]))

    # u[i - 1] is still in the array when the loop is done.
    assert recorded(write(body, array("n"), FLOAT)) == ["float64 in 1"]


def test_a_recurrence_records_nothing() -> None:
    def body(w, x, a):
        return w.loop(1, np.size(x), [x], lambda i, u: store(u, i, a * u[i - 1] ** 2 + u[i]))

    assert recorded(write(body, array("n"), FLOAT)) == []


def test_arrays_of_which_only_the_shape_counts_are_not_recorded() -> None:
    assert recorded(PROGRAMS["shapes_only"].function) == []


def test_scalars_computed_from_indices_and_parameters_are_computed_again() -> None:
    def body(w, x, a):
        def inner(i, s):
            t = a * i
            return s + x[i] * (t + 1.0)

        return w.loop(0, np.size(x), [a], inner)

    assert recorded(write(body, array("n"), FLOAT)) == []


def test_one_stack_a_variable_also_in_nested_loops() -> None:
    def body(w, x, a):
        def outer(k, s):
            t = np.sin(s)
            return w.loop(0, 3, [t], lambda i, r: r * t)

        return w.loop(0, 2, [a], outer)

    # s for the sine, t (a number of the outer body), r in each inner iteration.
    assert recorded(write(body, array("n"), FLOAT)) == [
        "float in 1",
        "float64 in 1",
        "float64 in 2",
    ]


def test_uses_tell_values_from_shapes() -> None:
    def body(w, x, y):
        w.branch(True, lambda: np.sin(y), lambda: 0.0)
        return unbroadcast(x * 2.0, y), unbroadcast(y, x)

    f = write(body, array("n"), array("n"))
    read = {var.hint: valued for var, valued in uses(f.body).items()}
    assert read == {"x": True, "y": True}
    shapes = write(lambda w, x, y: unbroadcast(x, y), array("n"), array("m"))
    assert {v.hint: valued for v, valued in uses(shapes.body).items()} == {"x": True, "y": False}


def test_facts_know_depth_and_what_is_recomputable() -> None:
    def body(w, x, a):
        def outer(k, s):
            def inner(i, r):
                j = i + k
                return r * x[j]

            return w.loop(0, 3, [s], inner)

        return w.loop(0, 2, [a], outer)

    f = write(body, array("n"), FLOAT)
    facts = loop_facts(f.body.stmts)
    (outer,) = f.body.stmts
    (inner,) = outer.body.stmts
    add, read, product = inner.body.stmts
    assert [facts.depth[v] for v in (outer.index, inner.index, add.targets[0])] == [1, 2, 2]
    assert {add.targets[0], read.targets[0]} <= facts.recomputable
    assert product.targets[0] not in facts.recomputable


def test_a_diagonal_of_an_array_from_outside_is_read_again() -> None:
    def body(w, A, x):
        return w.loop(0, 3, [x], lambda i, r: r * w.call(np.diagonal, A.atom))

    f = write(body, array("n", "m"), array("n"))
    facts = loop_facts(f.body.stmts)
    (loop,) = f.body.stmts
    diagonal, product = loop.body.stmts
    assert diagonal.targets[0] in facts.recomputable
    assert product.targets[0] not in facts.recomputable


def test_dimensions_only_the_run_tells_are_no_witnesses() -> None:
    assert dim_symbols(array("n", 3)) == []
    assert dim_symbols(array("_k", "n")) == ["_k"]
