"""Which variables of unknown class are numbers all the same."""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.emit import emit
from sorix.compiler.emit.numbers import Numbers
from sorix.compiler.ir.nodes import Assign, Block, Call, Const, For, Function, Var
from sorix.compiler.ir.types import FLOAT, INT, Num

SCALAR = Num("float64", (), "scalar")
OPEN = Num("float64", (), "any")


def accumulating(init: Const | Var, added: Var) -> tuple[Function, Var, Var]:
    """``for i in range(3): total = total + added``, of a total whose class is left open."""
    param, out = Var("total", OPEN), Var("total", OPEN)
    total = Var("total", SCALAR)
    body = Block((Assign((total,), Call(operator.add, (param, added))),), (total,))
    loop = For(Var("i", INT), Const(0), Const(3), Const(1), (param,), (init,), body, (out,))
    params = tuple(v for v in (init, added) if isinstance(v, Var))
    return Function("f", params, Block((loop,), (out,))), param, out


def test_a_loop_that_begins_with_a_number_and_adds_numbers_carries_one() -> None:
    function, param, out = accumulating(Const(0.0), Var("x", FLOAT))
    assert param in Numbers(function)
    assert out in Numbers(function)
    assert "total += x" in emit([function])


def test_a_loop_that_begins_with_what_may_be_an_array_may_carry_one() -> None:
    function, param, out = accumulating(Var("start", OPEN), Var("x", FLOAT))
    assert param not in Numbers(function)
    assert out not in Numbers(function)
    text = emit([function])
    assert "+=" not in text
    namespace: dict[str, object] = {}
    exec(text, namespace)
    start = np.array(1.0)
    assert namespace["f"](start, 2.0) == 7.0  # type: ignore[operator]
    assert start == 1.0
