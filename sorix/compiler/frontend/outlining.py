"""Parts of a program as routines: what they read comes in, what is still needed goes out.

A part is interpreted where it stands, on the memory as it is, so that it may do whatever it may
do there; only its statements go into a function of their own. What the memory holds afterwards
that they computed, the routine returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend import branching, substitution
from sorix.compiler.frontend.frames import Terminated
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.reached import within_reach
from sorix.compiler.frontend.values import Value
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Effect,
    Function,
    Routine,
    Stmt,
    Var,
    routine_of,
)
from sorix.compiler.ir.walk import defined, free_variables, substitute
from sorix.errors import UnsupportedSyntaxError, UnsupportedTypeError


def outlined(it: Interpreter, name: str, run: Callable[[], Value]) -> Value:
    """What `run` returns, its statements emitted as the call of a routine called `name`."""
    if it.tries:
        raise UnsupportedSyntaxError(
            f"{name}() is run again for its derivative, and stands in a try statement",
            "put the try statement into the function",
        )
    depth, lines = len(it.splits), it.text_depth
    it.text_depth = len(it.frames) + 1
    found: list[Value] = []
    try:
        with it.nested() as builder:
            end = branching.join(it, depth, branching.outcome(it, lambda: found.append(run())))
    finally:
        it.text_depth = lines
    if end != "goes on":
        it.builder.stmts.extend(builder.stmts)
        raise Terminated
    return _called(it, name, builder.stmts, found[0])


def _called(it: Interpreter, name: str, stmts: list[Stmt], value: Value) -> Value:
    bound = {var for stmt in stmts for var in defined(stmt)}
    cells, read = within_reach(it, value)
    results = tuple(var for var in read if var in bound)
    block = Block(tuple(stmts), results)
    routine, args = routine_from(name, block, it.builder.origin)
    call = Call(routine, args)
    outs: dict[Var, Atom] = {var: Var(var.hint, var.type) for var in results}
    if results:
        targets = tuple(out for out in outs.values() if isinstance(out, Var))
        it.builder.add(Assign(targets, call, it.builder.origin))
    elif stmts:
        it.builder.add(Effect(call, it.builder.origin))
    for var, out in outs.items():
        assert isinstance(out, Var)
        it.take_over(var, out)
    for cell in cells:
        it.put(cell, substitution.substitute(it.state.get(cell), outs))
    value = substitution.substitute(value, outs)
    if not bound.isdisjoint(within_reach(it, value)[1]):
        raise UnsupportedTypeError(
            f"{name}() leaves an iterator behind, or a function of what it computed",
            "return arrays and numbers, or lists, tuples and dicts of them",
        )
    return value


def routine_from(name: str, block: Block, origin: Any) -> tuple[Routine, tuple[Var, ...]]:
    """A routine that does what the block does, and the arguments to call it with here."""
    args = free_variables(block)
    params = tuple(Var(arg.hint, arg.type) for arg in args)
    body = substitute(block, dict(zip(args, params, strict=True)))
    return routine_of(Function(name, params, body, origin), runs_again=True), args
