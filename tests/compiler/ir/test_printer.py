"""The dump shows every statement, a line each, under unique names."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Method, Var
from sorix.compiler.ir.printer import show, show_stmt
from sorix.compiler.ir.types import FLOAT
from tests.compiler.ir import programs

EXPECTED = {
    "straight_line": """
        def straight_line(x, y):
            t = add(x, y)
            s = concatenate([t, t], axis=0)
            u = getitem(s, :3:)
            return t, u
    """,
    "branch": """
        def branch(x):
            c = gt(x, 0)
            if c:
                a = mul(x, 2.0)
                give a, 0
            else:
                b = neg(x)
                give b, UNDEFINED
            -> y, w
            return y
    """,
    "until": """
        def until(x, n):
            for i in range(0, n, 1) with v = x, stop = False until the last:
                doubled = mul(v, 2.0)
                done = gt(doubled, 100.0)
                next doubled, done
            -> out, left, trips
            return out, trips
    """,
    "halving": """
        def halving(x):
            while with v = x:
                less = sub(v, 1)
                more = gt(less, 0)
                test more
            do:
                new = truediv(less, 2.0)
                next new
            -> out, trips
            return out, trips
    """,
    "recorded": """
        def recorded(x):
            stack = list()
            for i in range(0, 3, 1) with v = x:
                push v on stack
                new = add(v, 1)
                next new
            -> last
            for j in reversed(range(0, 3, 1)) with total = 0.0:
                item = pop stack
                more = add(total, item)
                next more
            -> out
            return out, last
    """,
    "refusing": """
        def refusing(x):
            c = lt(x, 0)
            if c:
                raise ValueError('negative')
                give UNDEFINED
            else:
                give x
            -> y
            do id(y)
            return y
    """,
    "writing": """
        def writing(x):
            copy = copy(x)
            y = in place store(copy, 0, 5.0)
            return y
    """,
}


def dedent(text: str) -> str:
    return "\n".join(line[8:] for line in text.strip("\n").splitlines()).rstrip()


@pytest.mark.parametrize("name", EXPECTED)
def test_every_kind_of_statement_is_shown(name):
    assert show(getattr(programs, name)()) == dedent(EXPECTED[name])


def test_variables_of_one_hint_get_different_names():
    x, y, z = Var("x", FLOAT), Var("x", FLOAT), Var("x_2", FLOAT)
    stmts = (Assign((y,), x), Assign((z,), y), Assign((Var("x", FLOAT),), z))
    lines = show(Function("f", (x,), Block(stmts))).splitlines()
    names = [line.split(" = ")[0].strip() for line in lines[1:4]]
    assert len({"x", *names}) == 4


def test_types_are_shown_on_request():
    assert show(programs.branch(), types=True).startswith("def branch(x: float):")


def test_methods_and_keywords_are_shown():
    out, x = Var("out"), Var("x")
    call = Call(Method("split"), (x, Const(",")), (("maxsplit", Const(1)),))
    assert show_stmt(Assign((out,), call)) == "out = .split(x, ',', maxsplit=1)"
    assert show_stmt(Assign((out,), Call(np.sum, (x,)))) == "out = sum(x)"
