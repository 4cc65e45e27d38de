"""What an IR function means: a direct evaluator on NumPy values, the reference for all passes.

It runs statements in order in one dictionary of variables. Pure calls are made as they stand;
an ``Update`` writes in place, so that a wrongly planned update shows as a wrong value here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Method,
    Pop,
    Push,
    Raise,
    Routine,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)

Env = dict[Var, Any]


def evaluate(function: Function, *args: Any) -> Any:
    """Run the function: its one result, or a tuple of its results where there are not one."""
    results = evaluate_all(function, *args)
    return results[0] if len(results) == 1 else results


def evaluate_all(function: Function, *args: Any) -> tuple[Any, ...]:
    """Run the function: always the tuple of its results."""
    if len(args) != len(function.params):
        raise TypeError(f"{function.name} takes {len(function.params)} values, got {len(args)}")
    env: Env = dict(zip(function.params, args, strict=True))
    for stmt in function.body.stmts:
        run(stmt, env)
    return tuple(value_of(atom, env) for atom in function.body.results)


def value_of(atom: Atom, env: Env) -> Any:
    """The value of an atom; reading a variable that a branch left unassigned is an error."""
    value = _carry(atom, env)
    if value is UNDEFINED:
        raise UnboundLocalError(f"{atom!r} is read where no value was assigned")
    return value


def _carry(atom: Atom, env: Env) -> Any:
    """The value of an atom handed on by a block or loop, where UNDEFINED passes through."""
    match atom:
        case Var():
            return env[atom]
        case Const():
            return atom if atom is UNDEFINED else atom.value
        case Tup():
            items = [value_of(item, env) for item in atom.items]
            return items if atom.is_list else tuple(items)
        case Slc():
            return slice(*(value_of(part, env) for part in (atom.start, atom.stop, atom.step)))


def run_block(block: Block, env: Env) -> list[Any]:
    for stmt in block.stmts:
        run(stmt, env)
    return [_carry(atom, env) for atom in block.results]


def run(stmt: Stmt, env: Env) -> None:
    match stmt:
        case Assign():
            _assign(stmt, env)
        case If():
            branch = stmt.then if value_of(stmt.cond, env) else stmt.orelse
            _bind(stmt.outs, run_block(branch, env), env)
        case For():
            _for(stmt, env)
        case While():
            _while(stmt, env)
        case Push():
            value_of(stmt.stack, env).append(value_of(stmt.value, env))
        case Pop():
            env[stmt.target] = value_of(stmt.stack, env).pop()
        case Effect():
            call(stmt.call, env)
        case Raise():
            kind: Any = stmt.kind.value
            raise kind(*(value_of(atom, env) for atom in stmt.args))
        case Update():
            if stmt.value is not None:
                env[stmt.value] = value_of(stmt.call.args[0], env)[-1]
            env[stmt.target] = _update(stmt.call, env)


def _bind(targets: tuple[Var, ...], values: list[Any], env: Env) -> None:
    env.update(zip(targets, values, strict=True))


def _assign(stmt: Assign, env: Env) -> None:
    is_call = isinstance(stmt.value, Call)
    value = call(stmt.value, env) if is_call else value_of(stmt.value, env)
    _bind(stmt.targets, [value] if len(stmt.targets) == 1 else list(value), env)


def call(node: Call, env: Env) -> Any:
    args = [value_of(atom, env) for atom in node.args]
    kwargs = {name: value_of(atom, env) for name, atom in node.kwargs}
    if isinstance(node.fn, Method):
        return getattr(args[0], node.fn.name)(*args[1:], **kwargs)
    if isinstance(node.fn, Routine):
        return evaluate(node.fn.function, *args)
    return node.fn(*args, **kwargs)


def _for(stmt: For, env: Env) -> None:
    bounds = (operator.index(value_of(a, env)) for a in (stmt.start, stmt.stop, stmt.step))
    indices = range(*bounds)
    carried = [_carry(atom, env) for atom in stmt.inits]
    trips = 0
    for index in reversed(indices) if stmt.backwards else indices:
        env[stmt.index] = index
        _bind(stmt.params, carried, env)
        carried = run_block(stmt.body, env)
        trips += 1
        if stmt.until and carried[-1]:
            break
    _leave(stmt, carried, trips, env)


def _while(stmt: While, env: Env) -> None:
    carried = [_carry(atom, env) for atom in stmt.inits]
    trips = 0
    while True:
        _bind(stmt.params, carried, env)
        (condition,) = run_block(stmt.test, env)
        if not condition:
            break
        carried = run_block(stmt.body, env)
        trips += 1
    _leave(stmt, carried, trips, env)


def _leave(stmt: For | While, carried: list[Any], trips: int, env: Env) -> None:
    _bind(stmt.outs, carried, env)
    if stmt.trips is not None:
        env[stmt.trips] = trips


# ------------------------------------------------------------------------- in-place writes


def _store(x: Any, idx: Any, v: Any) -> Any:
    x[idx] = v
    return x


def _add_at(x: Any, idx: Any, v: Any) -> Any:
    np.add.at(x, idx, v)
    return x


def _append(x: Any, v: Any) -> Any:
    x.append(v)
    return x


def _add_element(x: Any, i: Any, v: Any) -> Any:
    x[i] = x[i] + v
    return x


def _pop(x: Any) -> Any:
    x.pop()
    return x


IN_PLACE: dict[str, Callable[..., Any]] = {
    "store": _store,
    "add_at": _add_at,
    "list_append": _append,
    "list_set": _store,
    "list_add_at": _add_element,
    "list_pop": _pop,
    "add": operator.iadd,
    "sub": operator.isub,
    "mul": operator.imul,
    "truediv": operator.itruediv,
    "pow": operator.ipow,
}


def _update(node: Call, env: Env) -> Any:
    name = getattr(node.fn, "__name__", "")
    if name not in IN_PLACE:
        raise NotImplementedError(f"an Update of {name} has no meaning here")
    return IN_PLACE[name](*(value_of(atom, env) for atom in node.args))
