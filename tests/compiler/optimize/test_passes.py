"""Each pass, shown as code before and after."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from sorix.compiler.emit import emit
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Block,
    Call,
    Const,
    Effect,
    Function,
    If,
    Method,
    Origin,
    Push,
    Raise,
    Var,
    While,
)
from sorix.compiler.ir.types import BOOL, FLOAT
from sorix.compiler.ir.verify import verify
from sorix.compiler.ir.walk import raises, statements
from sorix.compiler.optimize import optimize, optimize_pure
from sorix.compiler.optimize.complete_results import complete_results
from sorix.compiler.optimize.forward_copies import forward_copies
from sorix.compiler.optimize.plan_updates import plan_updates
from sorix.compiler.optimize.prune import prune
from sorix.compiler.optimize.read_before_write import read_before_write
from sorix.compiler.optimize.settle_conditions import settle_conditions
from sorix.compiler.optimize.share import share
from sorix.compiler.optimize.simplify import simplify
from tests.compiler.ir.evaluate import evaluate_all
from tests.compiler.optimize.random_programs import random_arguments, random_function
from tests.compiler.optimize.test_plan_updates import same
from tests.compiler.reading import read


def after(passes, text: str, adjoint: bool = False) -> str:
    function = read(textwrap.dedent(text))
    if adjoint:
        function = as_adjoint(function)
    for one in passes:
        function = one(function)
        verify(function, planned=True)
    body = emit([function]).partition("def ")[2].partition("\n")[2]
    lines = [line for line in body.splitlines() if not line.lstrip().startswith("#")]
    return textwrap.dedent("\n".join(lines))


def as_adjoint(function: Function) -> Function:
    """The same function, its statements said to compute cotangents."""
    from dataclasses import replace

    stmts = tuple(
        replace(s, origin=Origin("user.py", 1, adjoint=True)) for s in function.body.stmts
    )
    return replace(function, body=Block(stmts, function.body.results))


def expect(result: str, expected: str) -> None:
    assert result.strip() == textwrap.dedent(expected).strip()


# ------------------------------------------------------------------------ forward_copies


def test_copies_are_read_at_their_source_and_the_users_name_survives():
    expect(
        after([forward_copies], 'def f(x: "n"):\n    y = x\n    z = y * y\n    return z, y'),
        """
        z = x * x
        return z, x
        """,
    )


def test_a_merge_of_twice_the_same_and_a_carried_variable_never_changed_are_no_variables():
    text = """
        def f(x: "n", a: float, n: int):
            b = a
            for i in range(n):
                if a > 0.0:
                    x = x * 2.0
                    b = a
                else:
                    b = a
            return x, b
    """
    expect(
        after([forward_copies, prune], text),
        """
        for i in range(n):
            if a > 0.0:
                x = x * 2.0
        return x, a
        """,
    )


def test_a_branch_on_a_constant_is_taken():
    x, y = Var("x", FLOAT), Var("y", FLOAT)
    stmt = If(Const(True), Block((), (x,)), Block((), (Const(1.0),)), (y,))
    function = forward_copies(Function("f", (x,), Block((stmt,), (y,))))
    assert function.body.stmts == () and function.body.results == (x,)


def test_of_a_loop_that_is_never_entered_its_condition_is_left():
    x, y, w, out, trips = (Var(hint, FLOAT) for hint in ("x", "y", "w", "out", "trips"))
    test = Block((Assign((y,), Call(np.sin, (w,))),), (Const(False),))
    loop = While((w,), (x,), test, Block((), (y,)), (out,), trips)
    function = forward_copies(Function("f", (x,), Block((loop,), (out, trips))))
    (asked,) = function.body.stmts
    assert isinstance(asked, Assign) and asked.value.args == (x,)
    out, trips = function.body.results
    assert out is x and trips.value == 0


def test_what_computes_with_a_result_of_a_branch_that_raises_is_not_reached():
    x, y, z, out = Var("x", FLOAT), Var("y", FLOAT), Var("z", FLOAT), Var("out", FLOAT)
    never = Block((Assign((y,), UNDEFINED), Assign((z,), Call(np.sin, (y,)))), (z,))
    stmt = If(x, never, Block((), (x,)), (out,))
    (branch,) = forward_copies(Function("f", (x,), Block((stmt,), (out,)))).body.stmts
    assert isinstance(branch, If)
    (raised,) = branch.then.stmts
    assert isinstance(raised, Raise) and raised.kind.value is AssertionError
    assert branch.then.results == (UNDEFINED,)


def test_nothing_is_left_after_what_surely_raises():
    x, y = Var("x", FLOAT), Var("y", FLOAT)
    stmts = (Raise(Const(ValueError), ()), Assign((y,), Call(np.sin, (x,))))
    body = forward_copies(Function("f", (x,), Block(stmts, (y,)))).body
    assert body.stmts == stmts[:1] and body.results == (UNDEFINED,)


# ------------------------------------------------------------------------ settle_conditions


def raising(cond: Var) -> If:
    return If(cond, Block((Raise(Const(ValueError), ()),)), Block(()))


def test_after_a_branch_that_raises_its_condition_is_false():
    x, c, y, z = Var("x", FLOAT), Var("c", BOOL), Var("y", FLOAT), Var("z", FLOAT)
    asked = If(c, Block((), (x,)), Block((), (Const(2.0),)), (z,))
    stmts = (raising(c), Assign((y,), Call(np.sin, (x,))), raising(c), asked)
    body = settle_conditions(Function("f", (x, c), Block(stmts, (y, z, c)))).body
    assert body.stmts[0].cond is c and len(body.stmts) == 2
    assert [getattr(atom, "value", atom) for atom in body.results] == [y, 2.0, c]


def test_what_a_branch_raised_for_is_not_known_after_the_branch_around_it():
    x, c, d = Var("x", FLOAT), Var("c", BOOL), Var("d", BOOL)
    around = If(d, Block((raising(c),)), Block(()))
    body = settle_conditions(Function("f", (x, c, d), Block((around, raising(c)), (x,)))).body
    assert len(body.stmts) == 2 and raises(body.stmts[1].then)


# ------------------------------------------------------------------------ simplify


@pytest.mark.parametrize(
    "before, expected",
    [
        ("x * 1", "x"),
        ("1.0 * x", "x"),
        ("x / 1", "x"),
        ("x ** 1", "x"),
        ("x - 0", "x"),
        ("-(-x)", "x"),
        ("x * -1", "-x"),
        ("x + -y", "x - y"),
        ("x - -y", "x + y"),
        ("A.T.T", "A"),
        ("x.T", "x"),
        ("np.transpose(A, axes=(0, 1))", "A"),
        ("np.transpose(A, axes=(1, 0))", "A.T"),
        ("expand(a, x) * y", "a * y"),
        ("np.broadcast_to(a, (3,)) * x", "np.broadcast_to(a, (3,)) * x"),
        ("unbroadcast(x, y)", "x"),
        ("reshape_like(A, A)", "A"),
        ("reshape_like(A, A.T)", "reshape_like(A, A.T)"),
        ("2.0 * 3.0 + a", "6.0 + a"),
        ("expand(a, x) * 2.0", "expand(a * 2.0, x)"),
        ("np.size(np.sin(x) ** 2)", "x.size"),
        # Not identities: of an array these keep the shape, NaN and infinity.
        ("x * 0", "x * 0"),
        ("x ** 0", "x ** 0"),
        ("x + 0", "x + 0"),
        # Of a Python integer, which has no -0, it is one.
        ("a + 0", "a + 0"),
        ("k + 0", "k"),
        ("0 + k", "k"),
        ("k + 0.0", "k + 0.0"),
        # A comparison of Python numbers is a bool; one of NumPy's is none.
        ("bool(bool(a > 0.0))", "a > 0.0"),
        ("bool(x[0] > 0.0)", "bool(x[0] > 0.0)"),
    ],
)
def test_identities(before, expected):
    text = f'def f(x: "n", y: "n", A: "n, m", a: float, k: int):\n    return {before}'
    assert after([simplify, prune], text).strip() == f"return {expected}"


@pytest.mark.parametrize(
    "before, expected",
    [
        ("x + zeros_like(x)", "x"),
        ("x + scatter(a, x, 0)", "add_at(x, 0, a)"),
        ("a * (2.0 * x)", "a * 2.0 * x"),
        ("x * -y", "-x * y"),
        ("add_at(store(x, 0, 0.0), 0, a)", "store(x, 0, a)"),
    ],
)
def test_identities_of_cotangents(before, expected):
    text = f'def f(x: "n", y: "n", a: float):\n    z = {before}\n    return z'
    result = after([simplify, prune], text, adjoint=True).strip()
    assert result in (f"return {expected}", f"z = {expected}\nreturn z")


def test_broadcast_that_may_be_needed_stays():
    text = 'def f(x: "_n", A: "m, k"):\n    y = unbroadcast(A, x)\n    return y'
    assert "unbroadcast(A, x)" in after([simplify], text)


# ------------------------------------------------------------------------ share


def test_what_is_computed_twice_is_computed_once():
    text = """
        def f(x: "n", a: float):
            y = np.sin(x) * a
            if a > 0.0:
                y = np.sin(x) * a + y
            z = np.sin(x)
            return y, z
    """
    expect(
        after([share], text),
        """
        z = np.sin(x)
        y = z * a
        if a > 0.0:
            y = y + y
        return y, z
        """,
    )


def test_what_a_branch_computes_is_not_known_after_it():
    text = """
        def f(x: "n", a: float):
            y = x
            if a > 0.0:
                y = np.sin(x)
            z = np.sin(x)
            return y, z
    """
    assert after([share], text).count("np.sin(x)") == 2


def test_calls_with_effects_and_new_lists_are_not_shared():
    x, a, b, s, r = Var("x"), Var("a"), Var("b"), Var("s"), Var("r")
    stmts = (
        Assign((a,), Call(Method("draw"), (x,))),
        Assign((b,), Call(Method("draw"), (x,))),
        Assign((s,), Call(list, ())),
        Assign((r,), Call(list, ())),
    )
    function = share(Function("f", (x,), Block(stmts, (a, b, s, r))))
    assert len(function.body.stmts) == 4


def test_what_a_branch_leaves_twice_is_left_once():
    text = """
        def f(x: "n", y: "n", a: float):
            u = y
            v = y
            w = x
            if a > 0.0:
                u = x
                v = x
                w = y
            return u, v, w
    """
    expect(
        after([forward_copies, share, prune], text),
        """
        if not a > 0.0:
            x, y = y, x
        return x, x, y
        """,
    )


# ------------------------------------------------------------------------ prune


def test_what_nothing_depends_on_is_left_out():
    text = """
        def f(x: "n", a: float, n: int):
            s = []
            b = a
            for i in range(n):
                y = np.sin(x)
                s.append(y)
                b = b * 2.0
                x = x * a
            c = b
            if a > 0.0:
                c = c * 3.0
            return x
    """
    expect(
        after([prune], text),
        """
        for i in range(n):
            x = x * a
        return x
        """,
    )


def test_stacks_that_are_read_stay_whole():
    text = """
        def f(x: "n", n: int):
            s = []
            for i in range(n):
                s.append(x)
                x = np.sin(x)
            y = s.pop()
            y = s.pop()
            return y
    """
    function = prune(read(textwrap.dedent(text)))
    assert sum(isinstance(s, Push) for s in statements(function.body)) == 1
    assert emit([function]).count("s.pop()") == 2


def test_effects_and_what_decides_about_them_stay():
    x, c = Var("x", FLOAT), Var("c", BOOL)
    import operator

    raising = If(c, Block((Raise(Const(ValueError), ()),)), Block(()))
    stmts = (
        Assign((c,), Call(operator.gt, (x, Const(0.0)))),
        raising,
        Effect(Call(print, (x,))),
    )
    function = prune(Function("f", (x,), Block(stmts, (Const(1.0),))))
    assert len(function.body.stmts) == 3


# ------------------------------------------------------------------------ read_before_write


def test_views_are_computed_with_before_what_they_show_is_updated():
    text = """
        def f(x: "n", a: float):
            y = np.sin(x)
            z = y[1:]
            y[0] = a
            z = z * a
            return y, z
    """
    expect(
        after([read_before_write, plan_updates], text),
        """
        y = np.sin(x)
        z = y[1:]
        z = z * a
        y[0] = a
        return y, z
        """,
    )


# ------------------------------------------------------------------------ all together


def test_blocks_that_raise_leave_as_much_as_their_siblings():
    x, c, y = Var("x", FLOAT), Var("c", BOOL), Var("y", FLOAT)
    stmt = If(c, Block((Raise(Const(ValueError), ()),)), Block((), (x,)), (y,))
    function = complete_results(Function("f", (x, c), Block((stmt,), (y,))))
    assert function.body.stmts[0].then.results == (UNDEFINED,)
    assert "raise ValueError" in emit([optimize(Function("f", (x, c), Block((stmt,), (y,))))])


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_random_programs_compute_the_same_after_optimising(first):
    for seed in range(first, first + 40):
        function, args = random_function(seed), random_arguments(seed)
        pure = optimize_pure(function)
        verify(pure)
        assert same(evaluate_all(pure, *args), evaluate_all(function, *args)), seed


def test_the_text_is_the_same_for_the_same_function():
    texts = {emit([optimize(random_function(7))]) for _ in range(3)}
    assert len(texts) == 1
