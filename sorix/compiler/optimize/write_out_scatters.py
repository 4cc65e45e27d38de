"""Write ``scatter(v, x, i)`` out as zeros that v is put into.

Before it, ``x_bar = scatter(v, x, i)``; after it ``zeros = np.zeros_like(x); x_bar = store(zeros,
i, v)``, which `plan_updates` makes a write in place: what one would write by hand, and a call
less. Only where x surely is an array of the result's dtype, and the index names no element twice;
derivatives are taken of ``scatter``, so this comes after them.

>>> from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Var
>>> from sorix.compiler.ir.types import FLOAT, Dim, Num
>>> x, v = Var("x", Num("float64", (Dim("n"),), "array")), Var("v", FLOAT)
>>> x_bar = Var("x_bar", x.type)
>>> stmts = (Assign((x_bar,), Call(scatter, (v, x, Const(0)))),)
>>> written = write_out_scatters(Function("f", (x, v), Block(stmts))).body.stmts
>>> [stmt.value.fn.__name__ for stmt in written]
['zeros_like', 'store']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Function, Stmt, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import map_blocks
from sorix.compiler.optimize.freshness import is_basic
from sorix.support import scatter, store


def write_out_scatters(function: Function) -> Function:
    """The function without calls of ``scatter`` where they may be; see the module's docstring."""
    return replace(function, body=_block(function.body))


def _block(block: Block) -> Block:
    return Block(tuple(new for stmt in block.stmts for new in _stmt(stmt)), block.results)


def _stmt(stmt: Stmt) -> Iterator[Stmt]:
    match stmt:
        case Assign(targets=(target,), value=Call(fn=fn, args=(v, x, index), kwargs=())) if (
            fn is scatter and _is_written(target, x) and (is_basic(index) or _is_mask(index))
        ):
            zeros = Var(target.hint, target.type)
            yield Assign((zeros,), Call(np.zeros_like, (x,)), stmt.origin)
            yield replace(stmt, value=Call(store, (zeros, index, v)))
        case _:
            yield map_blocks(stmt, _block)


def _is_written(target: Var, x: Atom) -> bool:
    made, like = target.type, getattr(x, "type", None)
    return (
        isinstance(made, Num)
        and isinstance(like, Num)
        and made.kind == like.kind == "array"
        and bool(like.rank)
        and bool(made.is_float)
        and made.dtype == like.dtype
    )


def _is_mask(index: Atom) -> bool:
    kind = index.type if isinstance(index, Var) else None
    return isinstance(kind, Num) and kind.dtype == "bool" and bool(kind.rank)
