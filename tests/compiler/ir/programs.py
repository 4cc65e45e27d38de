"""Small IR functions that together contain every kind of statement."""

from __future__ import annotations

import operator

import numpy as np

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
    Slc,
    Tup,
    Update,
    Var,
    While,
    routine_of,
)
from sorix.compiler.ir.types import BOOL, FLOAT, INT, Num
from sorix.support import store

VECTOR = Num("float64", None, "array")
ZERO, ONE = Const(0), Const(1)


def call(fn, *args, **kwargs):
    return Call(fn, args, tuple(kwargs.items()))


def straight_line():
    """(x, y) -> (x + y, sin(x + y)), through a tuple and a slice."""
    x, y, t, s, u = (Var(n, VECTOR) for n in ("x", "y", "t", "s", "u"))
    none = Const(None)
    stmts = (
        Assign((t,), call(operator.add, x, y)),
        Assign((s,), call(np.concatenate, Tup((t, t), is_list=True), axis=ZERO)),
        Assign((u,), call(operator.getitem, s, Slc(none, Const(3), none))),
    )
    return Function("straight_line", (x, y), Block(stmts, (t, u)))


def branch():
    """x -> x * 2 if x > 0 else -x; `w` is assigned on one path only."""
    x, c, a, b, y, w = (Var(n, FLOAT) for n in "xcabyw")
    then = Block((Assign((a,), call(operator.mul, x, Const(2.0))),), (a, ZERO))
    orelse = Block((Assign((b,), call(operator.neg, x)),), (b, UNDEFINED))
    stmts = (Assign((c,), call(operator.gt, x, ZERO)), If(c, then, orelse, (y, w)))
    return Function("branch", (x,), Block(stmts, (y,)))


def power(backwards=False):
    """(x, n) -> the sum of x * 10 ** i in order of the loop, by Horner's rule; and the trips."""
    x, n = Var("x", FLOAT), Var("n", INT)
    i, total, grown, new, out = (Var(h, FLOAT) for h in ("i", "total", "grown", "new", "out"))
    trips = Var("trips", INT)
    body = Block(
        (
            Assign((grown,), call(operator.mul, total, Const(10.0))),
            Assign((new,), call(operator.add, grown, i)),
        ),
        (new,),
    )
    loop = For(i, ZERO, n, ONE, (total,), (x,), body, (out,), trips=trips, backwards=backwards)
    return Function("power", (x, n), Block((loop,), (out, trips)))


def until():
    """(x, n) -> x doubled until it is over 100, at most n times; and the trips."""
    x, n, i = Var("x", FLOAT), Var("n", INT), Var("i", INT)
    v, doubled, out = (Var(h, FLOAT) for h in ("v", "doubled", "out"))
    stop, done, left = (Var(h, BOOL) for h in ("stop", "done", "left"))
    trips = Var("trips", INT)
    body = Block(
        (
            Assign((doubled,), call(operator.mul, v, Const(2.0))),
            Assign((done,), call(operator.gt, doubled, Const(100.0))),
        ),
        (doubled, done),
    )
    inits = (x, Const(False))
    loop = For(i, ZERO, n, ONE, (v, stop), inits, body, (out, left), until=True, trips=trips)
    return Function("until", (x, n), Block((loop,), (out, trips)))


def halving():
    """x -> x - 1 halved while it is over 1; `less`, bound in the test, is read in the body."""
    x, v, less, new, out = (Var(h, FLOAT) for h in ("x", "v", "less", "new", "out"))
    more, trips = Var("more", BOOL), Var("trips", INT)
    test = Block(
        (
            Assign((less,), call(operator.sub, v, ONE)),
            Assign((more,), call(operator.gt, less, ZERO)),
        ),
        (more,),
    )
    body = Block((Assign((new,), call(operator.truediv, less, Const(2.0))),), (new,))
    loop = While((v,), (x,), test, body, (out,), trips)
    return Function("halving", (x,), Block((loop,), (out, trips)))


def recorded():
    """x -> the last of x, x + 1, ... pushed on a stack, summed as they are popped."""
    x, i, j = Var("x", FLOAT), Var("i", INT), Var("j", INT)
    stack, v, new, last = Var("stack"), Var("v", FLOAT), Var("new", FLOAT), Var("last", FLOAT)
    total, item, more, out = (Var(h, FLOAT) for h in ("total", "item", "more", "out"))
    forward = Block((Push(stack, v), Assign((new,), call(operator.add, v, ONE))), (new,))
    backward = Block((Pop(item, stack), Assign((more,), call(operator.add, total, item))), (more,))
    three = Const(3)
    stmts = (
        Assign((stack,), call(list)),
        For(i, ZERO, three, ONE, (v,), (x,), forward, (last,)),
        For(j, ZERO, three, ONE, (total,), (Const(0.0),), backward, (out,), backwards=True),
    )
    return Function("recorded", (x,), Block(stmts, (out, last)))


def refusing():
    """x -> x, unless it is negative: ValueError."""
    x, c, y = Var("x", FLOAT), Var("c", BOOL), Var("y", FLOAT)
    then = Block((Raise(Const(ValueError), (Const("negative"),)),), (UNDEFINED,))
    stmts = (
        Assign((c,), call(operator.lt, x, ZERO)),
        If(c, then, Block((), (x,)), (y,)),
        Effect(call(id, y)),
    )
    return Function("refusing", (x,), Block(stmts, (y,)))


def writing():
    """x -> a copy of x with 5 at 0, written in place into the copy."""
    x, copy, y = (Var(h, VECTOR) for h in ("x", "copy", "y"))
    stmts = (
        Assign((copy,), call(np.copy, x)),
        Update(y, call(store, copy, ZERO, Const(5.0))),
    )
    return Function("writing", (x,), Block(stmts, (y,)))


def calling():
    """x -> branch(x) + 1, through a call of an IR function that returns one value."""
    x, inner, y = (Var(h, FLOAT) for h in ("x", "inner", "y"))
    stmts = (
        Assign((inner,), Call(routine_of(branch()), (x,))),
        Assign((y,), call(operator.add, inner, ONE)),
    )
    return Function("calling", (x,), Block(stmts, (y,)))


PURE = (straight_line, branch, power, until, halving, recorded, refusing, calling)
ALL = (*PURE, writing)
ARGUMENTS = {
    "straight_line": (np.arange(3.0), np.ones(3)),
    "branch": (-3.0,),
    "power": (1.0, 3),
    "until": (3.0, 20),
    "halving": (20.0,),
    "recorded": (2.0,),
    "refusing": (2.0,),
    "writing": (np.arange(3.0),),
    "calling": (4.0,),
}
