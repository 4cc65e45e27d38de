"""Replace copies by what they copy.

After it nothing reads

* the target of ``x = y`` or ``x = 1.0`` (nor is it there any more);
* a branch merge of twice the same value;
* a carried variable that every iteration leaves as it was (`prune` takes these out);

and there is no ``If`` on a constant, and nothing after what surely raises.

>>> from sorix.compiler.ir.nodes import Assign, Block, Const, Function, Var
>>> y, x = Var("y"), Var("x")
>>> f = Function("f", (y,), Block((Assign((x,), y),), (x, Const(1))))
>>> forward_copies(f).body
Block(stmts=(), results=(y:object, Const(1)))
"""

from __future__ import annotations

from collections.abc import Iterator
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
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.walk import map_blocks, raises, statements
from sorix.compiler.optimize.replacing import Replacements, same_atom


def forward_copies(function: Function) -> Function:
    """The function without copies, itself where there are none; see the module's docstring."""
    if any(map(_is_decided, statements(function.body))):
        function = replace(function, body=_without_constant_branches(function.body, nested=False))
    stmts = [stmt for stmt in statements(function.body) if not _computes(stmt)]
    copies = Replacements(function)
    changed = True
    while changed:
        changed = False
        for stmt in stmts:
            for var, atom in _copied(stmt, copies):
                copies.put(var, atom)
                changed = True
    return copies.apply(function) if copies else function


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


def _without_constant_branches(block: Block, nested: bool = True) -> Block:
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        if not isinstance(stmt, Assign):
            stmt = map_blocks(stmt, _without_constant_branches)
        if not (isinstance(stmt, If) and isinstance(stmt.cond, Const)):
            stmts.append(stmt)
            continue
        taken = stmt.then if stmt.cond.value else stmt.orelse
        stmts += taken.stmts
        if nested and raises(taken):
            return Block(tuple(stmts), (UNDEFINED,) * len(block.results))
        handed_on = zip(stmt.outs, taken.results, strict=True)
        stmts += [Assign((out,), result, stmt.origin) for out, result in handed_on]
    return Block(tuple(stmts), block.results)


def _is_decided(stmt: Stmt) -> bool:
    return isinstance(stmt, If) and isinstance(stmt.cond, Const)
