"""Small forms of Python statements: simultaneous copies, ``x += v``, ``not c``, ``x.append(v)``."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sorix.compiler.emit.expressions import LOAD
from sorix.compiler.emit.signs import without_sign
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Num

STORE = ast.Store()


def independent(copies: Sequence[ast.stmt], others: Sequence[ast.stmt]) -> bool:
    """Whether statements may change places with copies: neither reads what the other binds."""
    return not (_bound_in(copies) & _all_in(others) or _bound_in(others) & _all_in(copies))


def _all_in(stmts: Sequence[ast.stmt]) -> set[str]:
    return {node.id for s in stmts for node in ast.walk(s) if isinstance(node, ast.Name)}


def _bound_in(stmts: Sequence[ast.stmt]) -> set[str]:
    names = [node for s in stmts for node in ast.walk(s) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def increased(place: ast.Name | ast.Attribute | ast.Subscript, value: ast.expr) -> ast.stmt:
    """``place += value``, or ``place -= v`` for a value -v."""
    if (opposite := without_sign(value)) is not None:
        return ast.AugAssign(place, ast.Sub(), opposite)
    return ast.AugAssign(place, ast.Add(), value)


def negated(cond: ast.expr) -> ast.expr:
    """``not cond``; for ``not c`` it is ``c``, for ``a == b`` it is ``a != b``."""
    match cond:
        case ast.UnaryOp(op=ast.Not()):
            return cond.operand
        case ast.Compare(ops=[ast.Eq()]):
            return ast.Compare(cond.left, [ast.NotEq()], cond.comparators)
        case ast.Compare(ops=[ast.NotEq()]):
            return ast.Compare(cond.left, [ast.Eq()], cond.comparators)
    return ast.UnaryOp(ast.Not(), cond)


def is_basic_index(index: Atom) -> bool:
    """Whether no element can be meant twice: ints, slices, None, Ellipsis; or one mask."""
    if isinstance(index, Tup):
        parts = index.items
        return not index.is_list and all(is_basic_index(p) and not is_mask(p) for p in parts)
    if isinstance(index, Slc):
        return True
    if is_mask(index):
        return True
    if isinstance(index, Const):
        return index.value is None or index.value is Ellipsis or isinstance(index.value, int)
    kind = index.type
    return isinstance(kind, Num) and kind.rank == 0 and kind.kind != "array"


def is_mask(index: Atom) -> bool:
    kind = index.type if isinstance(index, Var) else None
    return isinstance(kind, Num) and kind.dtype == "bool" and bool(kind.rank)


def sequential(moves: list[tuple[str, ast.expr]]) -> list[ast.stmt]:
    """Simultaneous assignments as statements in an order that reads no overwritten name."""
    reads = {name: _names_in(value) for name, value in moves}
    printed: list[ast.stmt] = []
    waiting = list(moves)
    while waiting:
        ready = [
            (name, value)
            for name, value in waiting
            if not any(name in reads[other] for other, _ in waiting if other != name)
        ]
        if not ready:
            break
        name, value = ready[0]
        printed.append(ast.Assign([ast.Name(name, STORE)], value, lineno=0))
        waiting.remove(ready[0])
    if waiting:
        targets: list[ast.expr] = [ast.Name(name, STORE) for name, _ in waiting]
        values = ast.Tuple([value for _, value in waiting], LOAD)
        printed.append(ast.Assign([ast.Tuple(targets, STORE)], values, lineno=0))
    return printed


def _names_in(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def method_call(value: ast.expr, name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(value, name, LOAD), list(args), [])


def method_statement(value: ast.expr, name: str, *args: ast.expr) -> ast.stmt:
    return ast.Expr(method_call(value, name, *args))


def increment(target: ast.Name) -> ast.stmt:
    return ast.AugAssign(target, ast.Add(), ast.Constant(1))
