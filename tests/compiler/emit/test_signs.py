"""Signs of products, and sums of which the parts bear one name."""

from __future__ import annotations

import operator

from sorix.compiler.emit import emit
from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Origin, Update, Var
from sorix.compiler.ir.types import BOOL, FLOAT, Dim, Num
from sorix.support import add_at

VECTOR = Num("float64", (Dim("n"),), "array")
HERE = Origin("f.py", 1, adjoint=True)


def negated_product(first: Var) -> tuple[tuple[Assign, Assign], Var]:
    y, product, negative = Var("y", FLOAT), Var("t", FLOAT), Var("t", FLOAT)
    product_of = Assign((product,), Call(operator.mul, (first, y)))
    return (product_of, Assign((negative,), Call(operator.neg, (product,)))), negative


def test_the_sign_of_a_product_stands_before_its_first_factor() -> None:
    x = Var("x", FLOAT)
    stmts, negative = negated_product(x)
    y = stmts[0].value.args[1]
    assert "return -x * y" in emit([Function("f", (x, y), Block(stmts, (negative,)))])


def test_a_product_that_begins_with_a_sign_loses_it() -> None:
    x, opposite = Var("x", FLOAT), Var("t", FLOAT)
    stmts, negative = negated_product(opposite)
    y = stmts[0].value.args[1]
    body = Block((Assign((opposite,), Call(operator.neg, (x,))), *stmts), (negative,))
    assert "return x * y" in emit([Function("f", (x, y), body)])


def test_a_bool_is_not_negated() -> None:
    x = Var("x", BOOL)
    stmts, negative = negated_product(x)
    y = stmts[0].value.args[1]
    assert "return -(x * y)" in emit([Function("f", (x, y), Block(stmts, (negative,)))])


def test_a_negative_product_is_subtracted_in_place() -> None:
    x, z, out = Var("x", FLOAT), Var("z", VECTOR), Var("z", VECTOR)
    stmts, negative = negated_product(x)
    y = stmts[0].value.args[1]
    update = Update(out, Call(add_at, (z, Const(0), negative)))
    text = emit([Function("f", (x, y, z), Block((*stmts, update), (out,)))])
    assert "z[0] -= x * y" in text


def test_the_first_part_of_a_cotangent_is_written_where_the_second_is_added() -> None:
    x, y, first, whole = (Var(name, FLOAT) for name in ("x", "y", "v_bar", "v_bar"))
    stmts = (
        Assign((first,), Call(operator.mul, (x, y)), HERE),
        Assign((whole,), Call(operator.add, (first, x)), HERE),
    )
    function = Function("f", (x, y), Block((*stmts,), (whole, x)))
    assert "v_bar = x * y + x" in emit([function])


def test_what_adds_to_the_cotangent_already_stays_an_update() -> None:
    x, y, before, more, whole = (Var(name, FLOAT) for name in ("x", "y", *["v_bar"] * 3))
    stmts = (
        Assign((more,), Call(operator.add, (before, y)), HERE),
        Assign((whole,), Call(operator.add, (more, x)), HERE),
    )
    function = Function("f", (x, y, before), Block((*stmts,), (whole, x)))
    text = emit([function])
    assert "v_bar += y" in text
    assert "v_bar += x" in text
