"""Every invariant is checked: the sound programs pass, each broken one is named."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Pop,
    Push,
    Raise,
    Tup,
    Update,
    Var,
    While,
    routine_of,
)
from sorix.compiler.ir.types import BOOL, FLOAT, INT, Num
from sorix.compiler.ir.verify import verify
from sorix.errors import InternalCompilerError
from sorix.support import store
from tests.compiler.ir import programs

ARRAY = Num("float64", None, "array")
ZERO, ONE = Const(0), Const(1)
EMPTY = Block(())


def double(target: Var, source: Var) -> Assign:
    return Assign((target,), Call(operator.add, (source, source)))


def function(*stmts, params=(), results=()):
    return Function("broken", params, Block(tuple(stmts), results))


def loop(**changes):
    """A sound loop, with some of its fields replaced."""
    p = Var("p", FLOAT)
    fields = {
        "index": Var("i", INT),
        "start": ZERO,
        "stop": Const(3),
        "step": ONE,
        "params": (p,),
        "inits": (Const(0.0),),
        "body": Block((), (p,)),
        "outs": (Var("out", FLOAT),),
    }
    return For(**{**fields, **changes})


X, Y, Z, B = Var("x", FLOAT), Var("y", FLOAT), Var("z", FLOAT), Var("b", BOOL)
A, A2, A3 = Var("a", ARRAY), Var("a2", ARRAY), Var("a3", ARRAY)
S, T = Var("s"), Var("t")
MAKE_STACK = Assign((S,), Call(list, ()))
RAISES = Block((Raise(Const(ValueError), ()),), ())
WRITE = Update(A2, Call(store, (A, ZERO, ONE)))

BROKEN = {
    "bound twice": function(double(Y, X), double(Y, X), params=(X,)),
    "y:float is bound twice": function(
        If(B, Block((double(Y, X),)), Block((double(Y, X),))), params=(X, B)
    ),
    "read before it is bound": function(double(Y, X), double(X, Y)),
    "read out of its block": function(
        If(B, Block((double(Y, X),)), EMPTY), double(Z, Y), params=(X, B)
    ),
    "p:float is read": function(loop(), double(Y, loop().params[0])),
    "a branch leaves 1 of 0": function(If(B, Block((), (ONE,)), EMPTY), params=(B,)),
    "a branch leaves 0 of 1": function(If(B, RAISES, EMPTY, (Y,)), params=(B,)),
    "params, inits and outs of a loop are 1, 0 and 1": function(loop(inits=())),
    "params, inits and outs of a loop are 1, 1 and 0": function(loop(outs=())),
    "the body leaves 0 results": function(loop(body=EMPTY)),
    "the test of a loop has 2": function(While((), (), Block((), (B, B)), EMPTY, ()), params=(B,)),
    "not a bool": function(loop(until=True)),
    "not an integer": function(loop(stop=Const(2.5))),
    "the step of a loop is 0": function(loop(step=ZERO)),
    "UNDEFINED is read": function(Assign((Y,), Call(np.sin, (UNDEFINED,)))),
    "UNDEFINED is read in\nfor": function(loop(start=UNDEFINED)),
    "UNDEFINED is read in\nif": function(
        If(B, Block((), (Tup((UNDEFINED,)),)), Block((), (ONE,)), (Y,)), params=(B,)
    ),
    "Raise is not the last": function(*RAISES.stmts, double(Y, X), params=(X,)),
    "exception class": function(Raise(Const(3), ())),
    "stack s:object is read as a value": function(
        MAKE_STACK, Push(S, X), Assign((T,), Call(len, (S,))), params=(X,)
    ),
    "stack s:object is read as a value in\npush": function(MAKE_STACK, Push(S, S)),
    "the stack s:object is not made by list()": function(
        Assign((S,), Call(np.copy, (X,))), Push(S, X), params=(X,)
    ),
    "Update before": function(WRITE, params=(A,)),
    "several targets": function(Assign((Y, Z), Const(1))),
    "without a target": function(Assign((), Const(1))),
    "1 parameters": function(
        Assign((Y,), Call(routine_of(programs.branch()), (X, X))), params=(X,)
    ),
    "keyword is given twice": function(Effect(Call(print, (), (("end", ONE), ("end", ONE))))),
    "not an atom": function(Assign((Y,), Call(np.sin, (3,)))),
    "not a statement": function(3),
    "x:float is read before": function(Pop(Y, X)),
}


@pytest.mark.parametrize("program", programs.ALL, ids=lambda make: make.__name__)
def test_sound_programs_pass(program):
    verify(program(), planned=True)


@pytest.mark.parametrize("invariant", BROKEN)
def test_a_broken_invariant_is_named(invariant):
    with pytest.raises(InternalCompilerError) as error:
        verify(BROKEN[invariant])
    assert invariant in str(error.value)
    assert str(error.value).startswith("IR of broken: ")


def test_the_offending_statement_is_shown():
    with pytest.raises(InternalCompilerError, match=r"in\ny = add\(x, x\)"):
        verify(BROKEN["bound twice"])


def test_a_buffer_written_in_place_is_not_read_under_its_old_name():
    late = Function("late", (A,), Block((WRITE, double(A3, A)), (A2,)))
    with pytest.raises(InternalCompilerError, match="after it was written in place"):
        verify(late, planned=True)


def test_what_one_branch_writes_in_place_the_other_may_read():
    merge = If(B, Block((WRITE,), (A2,)), Block((), (A,)), (A3,))
    verify(Function("f", (A, B), Block((merge,), (A3,))), planned=True)
    after = Function("f", (A, B), Block((merge, double(Var("d"), A)), (A3,)))
    with pytest.raises(InternalCompilerError, match="after it was written in place"):
        verify(after, planned=True)


def test_stacks_pass_between_functions_as_residuals():
    forward = function(MAKE_STACK, Push(S, X), params=(X,), results=(X, Tup((S,))))
    verify(forward)
    backward = function(Pop(Y, T), params=(T,), results=(Y,))
    verify(backward)


def test_a_branch_that_raises_leaves_nothing():
    verify(function(If(B, RAISES, Block((), (ONE,)), (Y,)), params=(B,)))


def test_a_variable_that_only_the_loop_assigns_starts_undefined():
    verify(function(loop(inits=(UNDEFINED,))))


def test_functions_that_are_called_are_verified_too():
    broken = BROKEN["read before it is bound"]
    with pytest.raises(InternalCompilerError, match="IR of broken"):
        verify(Function("outer", (), Block((Effect(Call(routine_of(broken), ())),))))
