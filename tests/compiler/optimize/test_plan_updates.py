"""Pure updates become writes in place exactly where nobody can see the difference."""

from __future__ import annotations

import copy
import sys
import textwrap

import numpy as np
import pytest

from sorix.compiler.emit import emit
from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Method, Update, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.verify import verify
from sorix.compiler.ir.walk import statements
from sorix.compiler.optimize.plan_updates import plan_updates
from sorix.support import store
from tests.compiler.ir.evaluate import evaluate_all
from tests.compiler.optimize.random_programs import random_arguments, random_function
from tests.compiler.reading import read

safety = sys.modules["sorix.compiler.optimize.update_safety"]


def planned(text: str) -> str:
    """The body of the function after planning, as text."""
    function = plan_updates(read(textwrap.dedent(text)))
    verify(function, planned=True)
    body = emit([function]).partition("def ")[2].partition("\n")[2]
    return "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("#"))


def same_text(result: str, expected: str) -> bool:
    expected = textwrap.indent(textwrap.dedent(expected).strip("\n"), "    ")
    assert result == expected
    return True


def test_a_parameter_is_copied_before_it_is_written_to():
    assert same_text(
        planned("""
            def f(x: "n", v: float):
                x[0] = v
                x[1] += v
                return x
        """),
        """
            x = x.copy()
            x[0] = v
            x[1] += v
            return x
        """,
    )


def test_an_array_made_here_is_written_to_as_it_is():
    assert same_text(
        planned("""
            def f(x: "n", v: float):
                y = np.sin(x)
                y[1:] = v
                return y
        """),
        """
            y = np.sin(x)
            y[1:] = v
            return y
        """,
    )


def test_the_copy_is_made_outside_of_all_loops():
    assert same_text(
        planned("""
            def f(x: "n", n: int):
                for i in range(n):
                    for j in range(n):
                        x[j] = x[i] * 2.0
                return x
        """),
        """
            x = x.copy()
            for i in range(n):
                for j in range(n):
                    x[j] = x[i] * 2.0
            return x
        """,
    )


def test_an_array_from_outside_that_each_iteration_changes_anew_is_copied_in_the_loop():
    assert same_text(
        planned("""
            def f(x: "n", n: int):
                s = 0.0
                for i in range(n):
                    y = x
                    y[i] = 1.0
                    s = s + y[0]
                return s
        """),
        """
            s = 0.0
            for i in range(n):
                y = x
                y = y.copy()
                y[i] = 1.0
                s += y[0]
            return s
        """,
    )


def test_an_old_version_that_is_read_later_keeps_its_values():
    assert same_text(
        planned("""
            def f(x: "n", v: float):
                y = np.sin(x)
                z = y
                z[0] = v
                return y * z
        """),
        """
            y = np.sin(x)
            z = y
            z = z.copy()
            z[0] = v
            return y * z
        """,
    )


@pytest.mark.parametrize(
    "view", ["np.reshape(y, (-1, 1))", "np.ravel(y)", "np.asarray(y)", "np.flip(y)"]
)
def test_a_view_that_is_read_later_keeps_its_values(view):
    text = planned(f"""
        def f(x: "n", v: float):
            y = np.sin(x)
            z = {view}
            y[0] = v
            return y, np.cos(z)
    """)
    assert "y = y.copy()" in text


def test_a_slice_that_is_read_later_is_copied_instead_of_the_whole():
    assert same_text(
        planned("""
            def f(x: "n", v: float):
                y = np.sin(x)
                z = y[1:]
                y[0] = v
                return y, np.cos(z)
        """),
        """
            y = np.sin(x)
            z = y[1:].copy()
            y[0] = v
            cos = np.cos(z)
            return y, cos
        """,
    )


@pytest.mark.parametrize("copy_", ["y[[0, 1]]", "y * 1.5", "y.copy()", "np.concatenate((y, y))"])
def test_what_is_a_copy_already_does_not_stand_in_the_way(copy_):
    text = planned(f"""
        def f(x: "n", v: float):
            y = np.sin(x)
            z = {copy_}
            y[0] = v
            return y, np.cos(z)
    """)
    assert text.count(".copy()") == copy_.count(".copy()")


def test_a_value_on_a_stack_is_pushed_as_a_copy():
    assert same_text(
        planned("""
            def f(x: "n, m", n: int):
                y = np.sin(x)
                s = []
                for i in range(1, n):
                    row = y[i - 1]
                    s.append(row)
                    y[i] = row * 2.0
                for i in reversed(range(1, n)):
                    row = s.pop()
                    y[i] += row
                return y
        """),
        """
            y = np.sin(x)
            s = []
            for i in range(1, n):
                row = y[i - 1]
                s.append(row.copy())
                y[i] = row * 2.0
            for i in reversed(range(1, n)):
                row = s.pop()
                y[i] += row
            return y
        """,
    )


def test_a_sum_that_a_loop_carries_is_accumulated_in_place():
    assert same_text(
        planned("""
            def f(x: "n", n: int):
                y = np.zeros_like(x)
                for i in range(n):
                    z = np.sin(x)
                    y = y + z
                return y
        """),
        """
            y = np.zeros_like(x)
            for i in range(n):
                z = np.sin(x)
                y += z
            return y
        """,
    )


def test_a_sum_that_might_broadcast_is_not_accumulated_in_place():
    text = planned("""
        def f(x: "n", A: "m, n"):
            y = np.sin(x)
            y = y + A
            return y
    """)
    assert "y = y + A" in text


def test_branches_write_into_the_same_buffer():
    assert same_text(
        planned("""
            def f(x: "n", v: float):
                y = np.sin(x)
                if v > 0.0:
                    y[0] = v
                else:
                    y[1] = v
                y[2] = v
                return y
        """),
        """
            y = np.sin(x)
            if v > 0.0:
                y[0] = v
            else:
                y[1] = v
            y[2] = v
            return y
        """,
    )


def test_lists_are_appended_to_and_popped_from_in_place():
    assert same_text(
        planned("""
            def f(l: list, v: float):
                l = list_append(l, v)
                l = list_set(l, 0, v)
                l = list_add_at(l, 1, v)
                l, w = list_pop(l)
                return l, w
        """),
        """
            l = list(l)
            l.append(v)
            l[0] = v
            l[1] += v
            w = l.pop()
            return l, w
        """,
    )


def test_fancy_indices_accumulate_duplicates():
    text = planned("""
        def f(x: "n", v: float):
            y = np.sin(x)
            y[[0, 0, 1]] += v
            return y
    """)
    assert "np.add.at(y, [0, 0, 1], v)" in text


def test_an_array_is_not_put_into_a_list_it_is_then_changed_behind():
    text = planned("""
        def f(x: "n", v: float):
            y = np.sin(x)
            s = []
            s.append(y)
            y[0] = v
            z = s.pop()
            return y, np.cos(z)
    """)
    assert "s.append(y.copy())" in text


def test_two_results_are_never_one_buffer():
    assert same_text(
        planned("""
            def f(x: "n"):
                y = np.sin(x)
                return y, y
        """),
        """
            y = np.sin(x)
            y1 = y.copy()
            return y, y1
        """,
    )


def test_what_an_unknown_function_saw_is_not_written_to():
    array = Num("float64", None, "array")
    log, x, y = Var("log"), Var("x", array), Var("y", array)
    n, z = Var("n"), Var("z", array)
    stmts = (
        Assign((y,), Call(np.sin, (x,))),
        Assign((n,), Call(Method("append"), (log, y))),
        Assign((z,), Call(store, (y, Const(0), Const(1.0)))),
    )
    function = plan_updates(Function("f", (log, x), Block(stmts, (z,))))
    assert "z = y.copy()" in emit([function])


# ------------------------------------------------------------------- random programs


def same(a: object, b: object) -> bool:
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(same, a, b))
    return np.array_equal(a, b, equal_nan=True)


def disagreement(seed: int) -> str:
    """What differs between a random program and what is emitted for it; '' for nothing."""
    function, args = random_function(seed), random_arguments(seed)
    before = copy.deepcopy(args)
    expected = copy.deepcopy(evaluate_all(function, *args))
    plan = plan_updates(function)
    verify(plan, planned=True)
    if not same(evaluate_all(plan, *copy.deepcopy(args)), expected):
        return "the planned program"
    namespace: dict[str, object] = {}
    exec(compile(emit([plan]), "generated.py", "exec"), namespace)
    result = namespace["f"](*args)
    if not same(args, before):
        return "an argument"
    return "" if same(result, expected) else "the emitted program"


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_random_programs_compute_the_same_after_planning(first):
    found = {seed: disagreement(seed) for seed in range(first, first + 50)}
    assert not {seed: what for seed, what in found.items() if what}


def test_random_programs_contain_what_they_are_for():
    plans = [plan_updates(random_function(seed)) for seed in range(40)]
    updates = sum(isinstance(s, Update) for p in plans for s in statements(p.body))
    assert updates > 500


def test_the_random_programs_catch_a_planner_that_forgets_who_shares_the_buffer(monkeypatch):
    check = safety._Check._update

    def careless(self, stmt, live):
        check(self, stmt, live & {stmt.call.args[0]})

    monkeypatch.setattr(safety._Check, "_update", careless)
    assert any(disagreement(seed) for seed in range(20))
