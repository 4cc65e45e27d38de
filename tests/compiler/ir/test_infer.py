"""Where `infer` knows less, and where it refuses."""

from __future__ import annotations

import itertools
import operator

import numpy as np
import pytest

from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.inference.probing import describe
from sorix.compiler.ir.inference.registry import type_rule, typed_functions
from sorix.compiler.ir.nodes import Block, Const, Function, Method, Tup, Var, routine_of
from sorix.compiler.ir.types import FLOAT, ListOf, Num, Opaque
from sorix.errors import ShapeError
from sorix.primitives import rules
from tests.compiler.ir.describing import (
    array,
    assert_describes,
    case,
    check,
    number,
    to_atom,
)

MISFITS = [
    (operator.matmul, (array("n, 3"), array("4, m"))),
    (operator.matmul, (array("n, 1"), array("n, m"))),
    (operator.matmul, (array(""), array("n"))),
    (np.dot, (array("3"), array("4"))),
    (operator.add, (array("3"), array("4"))),
    (operator.add, (array("n"), array("n+1"))),
    (np.maximum, (array("n, 0"), array("m"))),
    (np.where, (array("3", "bool"), array("2"), 0.0)),
    (np.concatenate, ([array("n, 3"), array("m, 4")],)),
    (np.concatenate, ([array("n, 3"), array("3")],)),
    (np.stack, ([array("2"), array("3")],)),
    (np.reshape, (array("6"), (4, -1))),
    (np.reshape, (array("6"), (2, 2))),
    (np.squeeze, (array("n, m"), 0)),
    (operator.getitem, (array("n"), (0, 0))),
    (np.linalg.solve, (array("3, 3"), array("4"))),
    (np.linalg.inv, (array("3, 4"),)),
    (np.einsum, ("ij,jk->ik", array("n, 3"), array("4, m"))),
    (np.einsum, ("ij->i", array("n"))),
    (np.tensordot, (array("n, 3"), array("4, m"), 1)),
    (np.split, (array("5"), 2)),
]


@pytest.mark.parametrize("fn, args", MISFITS, ids=[f.__name__ for f, _ in MISFITS])
def test_shapes_that_never_fit_are_refused_by_name(fn, args):
    with pytest.raises(ShapeError, match=rf"^{fn.__name__}\(.*\): "):
        infer(fn, tuple(map(to_atom, args)))


def test_the_message_shows_the_types():
    with pytest.raises(ShapeError) as error:
        infer(operator.matmul, (Var("a", array("n, 3").type), Var("b", array("4, m").type)))
    assert str(error.value) == (
        "matmul(float64[n, 3], float64[4, m]): "
        "shapes (n, 3) and (4, m): sizes 3 and 4 are not the same"
    )


def test_an_unknown_function_returns_an_object():
    assert infer(lambda x: x, (Var("x", FLOAT),)) == Opaque()
    assert infer(Method("split"), (Var("x"),)) == Opaque()
    assert infer(np.random.default_rng, ()) == Opaque()


def test_a_call_of_an_ir_function_has_the_types_of_its_results():
    x = Var("x", FLOAT)
    function = Function("f", (x,), Block((), (x, Const(2), Tup(()))))
    assert infer(routine_of(function), (x,)) == (FLOAT, Const(2).type, Opaque())
    assert infer(routine_of(Function("f", (x,), Block((), (x,)))), (x,)) == FLOAT


@pytest.mark.parametrize("fn", typed_functions(), ids=lambda f: getattr(f, "__name__", str(f)))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_function_raises_for_lack_of_knowledge(fn, count):
    for unknown in (Num(), Num("float64"), Num(None, (), "any"), Opaque(), ListOf(Num())):
        try:
            inferred = infer(fn, tuple(Var("x", unknown) for _ in range(count)))
        except ShapeError:
            # A number is no matrix.
            assert isinstance(unknown, Num)
            assert unknown.shape == ()
        else:
            assert isinstance(inferred, tuple | Num | Opaque | ListOf)


@pytest.mark.parametrize("fn", typed_functions(), ids=lambda f: getattr(f, "__name__", str(f)))
def test_options_nobody_knows_leave_the_type_open(fn):
    inferred = infer(fn, (Var("x", FLOAT),), {"no_such_option": Var("y")})
    assert inferred == Num() or type_rule(fn).accepts((None,), {"no_such_option": None})


def test_an_option_that_is_not_modelled_leaves_rank_and_dtype_open():
    x = Var("x", array("n, m").type)
    assert infer(np.sum, (x,), {"where": Var("mask")}) == Num()
    assert infer(np.add, (x, x), {"out": x}) == Num()


def test_an_axis_that_does_not_exist_is_left_to_the_run():
    assert infer(np.sum, (Var("x", array("n").type),), {"axis": Const(3)}) == Num()


FORMS = {
    "float32": (np.float32(2), np.ones((), np.float32), np.ones(2, np.float32)),
    "float64": (2.0, np.float64(2), np.ones(()), np.ones(2)),
    "int64": (2, np.int64(2), np.ones((), int), np.ones(2, int)),
}


@pytest.mark.parametrize("fn", [operator.mul, operator.truediv, np.maximum])
@pytest.mark.parametrize("shape", [(), None], ids=str)
@pytest.mark.parametrize("a", FORMS)
@pytest.mark.parametrize("b", FORMS)
def test_dtype_and_kind_of_a_value_of_any_kind_are_claimed_only_where_all_agree(fn, shape, a, b):
    result = infer(fn, (Var("x", Num(a, shape, "any")), Var("y", Num(b, shape, "any"))))
    for x, y in itertools.product(FORMS[a], FORMS[b]):
        if shape is None or np.ndim(x) == np.ndim(y) == 0:
            dtype, kind = describe(fn(x, y))
            assert result.dtype in (None, dtype)
            assert result.kind in ("any", kind, "array" if kind == "array" else "number")


WRONG = [
    (Num("float64", array("n, m").type.shape, "array"), np.ones((2, 3), np.float32)),
    (Num("float64", array("n, m").type.shape, "array"), np.ones((3, 2))),
    (Num("float64", array("n").type.shape, "array"), np.ones((2, 3))),
    (Num("float64", (), "python"), np.float64(1)),
    (ListOf(FLOAT), [1]),
    ((FLOAT, FLOAT), (1.0,)),
]


@pytest.mark.parametrize("type_, value", WRONG, ids=str)
def test_the_check_itself_sees_a_wrong_type(type_, value):
    with pytest.raises(AssertionError):
        assert_describes(type_, value, {"n": 2, "m": 3}, {})


def test_equal_slices_of_equal_axes_have_equal_lengths():
    x, y = Var("x", array("n").type), Var("y", array("n").type)
    for template in (slice(1, -1), slice(None, None, 2), slice(0, 3), slice(-5, None)):
        index = to_atom(template)
        lengths = [infer(operator.getitem, (v, index)).shape for v in (x, y)]
        assert lengths[0] == lengths[1]


def test_constant_pieces_of_a_long_enough_axis_have_constant_length():
    x = Var("x", array("k, n").type)
    column = infer(operator.getitem, (x, to_atom((slice(None), slice(1, 2)))))
    assert str(column) == "float64[k, 1]"


def test_a_user_primitive_is_typed_from_its_arguments_without_being_called(monkeypatch):
    from sorix.compiler.ir import infer as module
    from sorix.primitives.table import Rule

    def never_called(x, y):
        raise AssertionError

    rule = Rule(never_called, "elementwise")
    monkeypatch.setattr(module, "rule_of", lambda fn: rule if fn is never_called else None)
    args = (Var("x", array("n, 1").type), Var("y", array("m").type))
    assert str(infer(never_called, args)) == "float64[n, m]"


def test_the_length_of_a_slice_makes_an_array_of_equal_length():
    for shape, template in (("n", slice(3, None)), ("_±k", slice(1, -1)), ("n", slice(1, -1))):
        piece = infer(operator.getitem, (Var("x", array(shape).type), to_atom(template)))
        count = Var("count", infer(np.size, (Var("piece", piece), Const(0))))
        assert infer(np.zeros, (count,)).shape == piece.shape


def test_unknown_slices_keep_the_rank():
    check(case(operator.getitem, array("n, m"), (slice(number(1), number(2)), 0)))


DIFFERENTIABLE = [fn for fn, rule in rules().items() if rule.kind != "constant"]


@pytest.mark.parametrize("fn", DIFFERENTIABLE, ids=lambda f: getattr(f, "__name__", str(f)))
def test_whatever_has_a_derivative_rule_has_a_type_function(fn):
    assert isinstance(fn, np.ufunc) or type_rule(fn) is not None
