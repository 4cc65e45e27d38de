"""Which variables of unknown class are numbers all the same, and which lists hold only such."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.compiler.emit import emit
from sorix.compiler.emit.numbers import Numbers
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    Update,
    Var,
)
from sorix.compiler.ir.types import FLOAT, INT, ListOf, Num
from sorix.support import list_add_at, list_pop, list_set

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


def adding(items: Atom, put: Var | None) -> tuple[Function, Var]:
    """``for i in range(2): l[i] = l[i] + v``, of a list into which `put` is put first."""
    of_open, v, index = ListOf(OPEN), Var("v", OPEN), Var("i", INT)
    first, param, total, out = (Var("l", of_open) for _ in range(4))
    put_in = Call(list, (items,)) if put is None else Call(list_set, (items, Const(0), put))
    body = Block((Update(total, Call(list_add_at, (param, index, v))),), (total,))
    loop = For(index, Const(0), Const(2), Const(1), (param,), (first,), body, (out,))
    params = tuple(var for var in (items, put, v) if isinstance(var, Var))
    return Function("f", params, Block((Assign((first,), put_in), loop), (out,))), param


def test_a_list_of_numbers_to_which_anything_without_axes_is_added_stays_one() -> None:
    function, param = adding(Var("zeros", ListOf(SCALAR)), None)
    assert Numbers(function).fill(param)
    assert param not in Numbers(function)
    text = emit([function])
    assert "l[i] += v" in text
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    assert namespace["f"]([1.0, 2.0], np.array(3.0)) == [4.0, 5.0]


def test_a_list_that_takes_what_may_be_an_array_is_not_added_to_in_its_elements() -> None:
    function, param = adding(Var("zeros", ListOf(SCALAR)), Var("start", OPEN))
    assert not Numbers(function).fill(param)
    text = emit([function])
    assert "+=" not in text
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    start = np.array(1.0)
    assert namespace["f"]([0.0, 2.0], start, 2.0) == [3.0, 4.0]
    assert start == 1.0


def test_a_list_that_is_given_may_hold_arrays() -> None:
    function, param = adding(Var("given", ListOf(OPEN)), None)
    assert not Numbers(function).fill(param)
    assert "+=" not in emit([function])


def test_what_is_taken_out_of_a_list_of_numbers_is_one() -> None:
    items, rest, last = Var("l", ListOf(OPEN)), Var("l", ListOf(OPEN)), Var("x", OPEN)
    given = Var("given", ListOf(SCALAR))
    copy = Assign((items,), Call(list, (given,)))
    pop = Update(rest, Call(list_pop, (items,)), value=last)
    assert last in Numbers(Function("f", (given,), Block((copy, pop), (rest, last))))
