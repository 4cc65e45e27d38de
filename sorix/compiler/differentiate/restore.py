"""Arrays whose versions the reverse sweep has by undoing the writes of an iteration.

In ``x[i] = (b[i] - A[i] @ x) / d`` the whole of x is read, and one element of it is written. The
reverse begins with the x that the loop leaves and puts back, at each iteration, the element that
was overwritten: that is recorded, not the array.

It is worth it where all that the iterations overwrite of an array is less than the versions of
it, and the parts of these, that the reverse would have recorded otherwise. Only arrays are
looked at that the loop's body itself writes into, one write after the other, at an index that
names no element twice.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sorix.compiler.analyses.recording import cost, is_basic
from sorix.compiler.differentiate.scopes import Scope
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.nodes import Assign, Atom, Call, For, Var, While
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import defined
from sorix.support import add_at, store


@dataclass(frozen=True, slots=True)
class Restored:
    """How the versions of one carried array come back, from its `last` to its `first`.

    ``versions`` has for each but the last the statement that makes it from the next one, and
    from what was `overwritten`; ``reads`` what must be read before a write to record that.
    """

    first: Var
    last: Var
    out: Var
    versions: dict[Var, Assign]
    overwritten: tuple[Var, ...]
    reads: dict[Assign, Assign]


def restorable(
    sweep: Sweep, scope: Scope, loop: For | While, wanted: Sequence[Var]
) -> Iterator[Restored]:
    """The arrays of a loop for which undoing the writes records less."""
    makers = {var: stmt for stmt in loop.body.stmts for var in defined(stmt)}
    for param, result, out in zip(loop.params, loop.body.results, loop.outs, strict=True):
        chain = _writes(param, result, makers)
        if chain and _is_worth_it(sweep, param, chain, wanted, makers):
            yield _restored(sweep, scope, param, out, chain)


def _writes(param: Var, result: Atom, makers: Mapping[Var, object]) -> list[Assign]:
    """The writes that make the carried array's result of it, in order; none if it is not so."""
    chain: list[Assign] = []
    current = result
    while current is not param:
        stmt = makers.get(current) if isinstance(current, Var) else None
        match stmt:
            case Assign(value=Call(fn=fn, args=(Var() as old, index, _), kwargs=())):
                if (fn is not store and fn is not add_at) or not is_basic(index):
                    return []
                chain.append(stmt)
                current = old
            case _:
                return []
    return chain[::-1] if isinstance(param.type, Num) and param.type.rank else []


def _is_worth_it(
    sweep: Sweep,
    param: Var,
    chain: Sequence[Assign],
    wanted: Sequence[Var],
    makers: Mapping[Var, object],
) -> bool:
    versions = {param, *(stmt.targets[0] for stmt in chain)}
    parts = [var for var in wanted if _is_part(makers.get(var), versions)]
    whole = [var for var in wanted if var in versions]
    if not whole:
        return False
    # The first version and the last are one array for two iterations.
    ends = {param, chain[-1].targets[0]}
    arrays = len([var for var in whole if var not in ends]) + bool(ends.intersection(whole))
    usual = arrays * cost(param.type) + sum(cost(var.type) for var in parts)
    return sum(cost(_read_type(stmt)) for stmt in chain) < usual


def _is_part(stmt: object, versions: set[Var]) -> bool:
    match stmt:
        case Assign(value=Call(fn=fn, args=(Var() as array, index))):
            return fn is operator.getitem and array in versions and is_basic(index)
    return False


def _read_type(stmt: Assign) -> Num:
    """The type of what a write overwrites."""
    assert isinstance(stmt.value, Call)
    found = infer(operator.getitem, stmt.value.args[:2], {})
    return found if isinstance(found, Num) else Num()


def _restored(
    sweep: Sweep,
    scope: Scope,
    param: Var,
    out: Var,
    chain: Sequence[Assign],
) -> Restored:
    versions: dict[Var, Assign] = {}
    reads: dict[Assign, Assign] = {}
    overwritten: list[Var] = []
    for stmt in chain:
        assert isinstance(stmt.value, Call)
        before, index, _ = stmt.value.args
        assert isinstance(before, Var)
        old = Var(f"{before.hint}_old", _read_type(stmt))
        sweep.introduce(scope, old)
        call = Call(operator.getitem, (before, index))
        reads[stmt] = Assign((old,), call, stmt.origin)
        overwritten.append(old)
        undone = Call(store, (stmt.targets[0], index, old))
        versions[before] = Assign((before,), undone, stmt.origin)
    last = chain[-1].targets[0]
    return Restored(param, last, out, versions, tuple(overwritten), reads)
