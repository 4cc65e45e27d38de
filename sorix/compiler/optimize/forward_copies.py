"""Replace copies by what they copy.

After it nothing reads

* the target of ``x = y`` or ``x = 1.0`` (nor is it there any more);
* a branch merge of twice the same value;
* a carried variable that every iteration leaves as it was (`prune` takes these out);

and there is no ``If`` on a constant, no ``While`` that is never entered, nothing after what surely
raises, and nothing that computes with what a branch that raised would have left.

>>> from sorix.compiler.ir.nodes import Assign, Block, Const, Function, Var
>>> y, x = Var("y"), Var("x")
>>> f = Function("f", (y,), Block((Assign((x,), y),), (x, Const(1))))
>>> forward_copies(f).body
Block(stmts=(), results=(y:object, Const(1)))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    If,
    Raise,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.walk import call_atoms, map_blocks, raises, statements
from sorix.compiler.optimize.replacing import Replacements, same_atom


def forward_copies(function: Function) -> Function:
    """The function without copies, itself where there are none; see the module's docstring."""
    raised = any(isinstance(stmt, Raise) for stmt in function.body.stmts[:-1])
    if raised or any(map(_is_decided, statements(function.body))):
        function = replace(function, body=_settled(function.body))
    stmts = [stmt for stmt in statements(function.body) if not _computes(stmt)]
    copies = Replacements(function)
    changed = True
    while changed:
        changed = False
        for stmt in stmts:
            for var, atom in _copied(stmt, copies):
                copies.put(var, atom)
                changed = True
    return _without_the_impossible(copies.apply(function)) if copies else function


def _without_the_impossible(function: Function) -> Function:
    """Nothing computes with what is left by a branch that raised: it would not be reached."""
    if not any(map(_is_impossible, statements(function.body))):
        return function
    return replace(function, body=_settled(function.body))


def _is_impossible(stmt: Stmt) -> bool:
    match stmt:
        case Assign(value=Call() as call):
            return any(atom is UNDEFINED for atom in call_atoms(call))
        case If():
            return stmt.cond is UNDEFINED
        case For():
            return any(bound is UNDEFINED for bound in (stmt.start, stmt.stop, stmt.step))
    return False


def _computes(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and isinstance(stmt.value, Call)


def _copied(stmt: Stmt, copies: Replacements) -> Iterator[tuple[Var, Atom]]:
    """The variables bound by the statement that only copy an atom."""
    match stmt:
        case Assign(targets=(target,), value=Var() | Const() as atom) if target not in copies:
            yield target, atom
        case Assign(targets=targets, value=Tup(items=items)) if len(targets) > 1:
            for target, item in zip(targets, items, strict=True):
                if target not in copies and isinstance(item, Var | Const):
                    yield target, item
        case If():
            yield from _merged_alike(stmt, copies)
        case For() | While():
            yield from _never_changed(stmt, copies)


def _merged_alike(stmt: If, copies: Replacements) -> Iterator[tuple[Var, Atom]]:
    for out, then, orelse in zip(stmt.outs, stmt.then.results, stmt.orelse.results, strict=True):
        then, orelse = copies.resolve(then), copies.resolve(orelse)
        if out not in copies and then is not UNDEFINED and same_atom(then, orelse):
            yield out, then


def _never_changed(stmt: For | While, copies: Replacements) -> Iterator[tuple[Var, Atom]]:
    carried = list(zip(stmt.params, stmt.outs, stmt.inits, stmt.body.results, strict=True))
    if isinstance(stmt, For) and stmt.until:
        del carried[-1]
    for param, out, init, result in carried:
        if param in copies or init is UNDEFINED:
            continue
        init, result = copies.resolve(init), copies.resolve(result)
        if result is param or same_atom(result, init):
            yield param, init
            yield out, init


def _settled(block: Block) -> Block:
    """The block with decided branches taken, up to what surely raises."""
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        stmts += _what_runs(stmt if isinstance(stmt, Assign) else map_blocks(stmt, _settled))
        if stmts and isinstance(stmts[-1], Raise):
            return Block(tuple(stmts), (UNDEFINED,) * len(block.results))
    return Block(tuple(stmts), block.results)


def _what_runs(stmt: Stmt) -> Iterator[Stmt]:
    if _is_impossible(stmt):
        yield Raise(Const(AssertionError), (Const("never reached"),), stmt.origin)
    elif not _is_decided(stmt):
        yield stmt
    elif isinstance(stmt, If):
        taken = _taken(stmt)
        yield from taken.stmts
        if not raises(taken):
            yield from _bound(stmt.outs, taken.results, stmt)
    elif isinstance(stmt, While):
        yield from _only_asked(stmt)


def _taken(stmt: If) -> Block:
    assert isinstance(stmt.cond, Const)
    return stmt.then if stmt.cond.value else stmt.orelse


def _only_asked(loop: While) -> Iterator[Stmt]:
    """What is left of a loop that is never entered: its condition, evaluated once."""
    yield from _bound(loop.params, loop.inits, loop)
    yield from loop.test.stmts
    yield from _bound(loop.outs, loop.inits, loop)
    if loop.trips is not None:
        yield from _bound((loop.trips,), (Const(0),), loop)


def _bound(targets: Sequence[Var], atoms: Sequence[Atom], stmt: Stmt) -> Iterator[Assign]:
    for target, atom in zip(targets, atoms, strict=True):
        yield Assign((target,), atom, stmt.origin)


def _is_decided(stmt: Stmt) -> bool:
    """Whether the condition is a constant; that of a loop, one that keeps it from running."""
    if isinstance(stmt, While):
        (going,) = stmt.test.results
        return isinstance(going, Const) and not going.value
    return isinstance(stmt, If) and isinstance(stmt.cond, Const)
