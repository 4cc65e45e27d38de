"""Write what cotangents do with vectors as one does with vectors.

Rules are for arrays of any rank. Where it is a vector, ``a[..., None] * b`` is ``np.outer(a, b)``,
and another ``a[..., None]`` is ``a[:, None]``. What the user wrote stays as it is; and derivatives
are taken of the products, so this comes after them.

>>> from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Origin, Tup, Var
>>> from sorix.compiler.ir.types import Dim, Num
>>> a, b = (Var(name, Num("float64", (Dim(size),), "array")) for name, size in ("an", "bm"))
>>> t, y = Var("t", Num("float64", (Dim("n"), Dim(None, 1)), "array")), Var("y")
>>> column = Call(operator.getitem, (a, Tup((Const(...), Const(None)))))
>>> here = Origin("f.py", 1, adjoint=True)
>>> stmts = Assign((t,), column, here), Assign((y,), Call(operator.mul, (t, b)), here)
>>> written = write_out_vectors(Function("f", (a, b), Block(stmts, (y,)))).body.stmts
>>> [stmt.value.fn.__name__ for stmt in written]
['outer']
"""

from __future__ import annotations

import operator
from dataclasses import replace

import numpy as np

from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Const, Function, Slc, Stmt, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import map_blocks, statements
from sorix.compiler.optimize.identities import is_whole
from sorix.compiler.optimize.prune import prune

_NONE = Const(None)
_EVERYTHING = Slc(_NONE, _NONE, _NONE)
_COLUMN, _ROW = Tup((_EVERYTHING, _NONE)), Tup((_NONE, _EVERYTHING))


def write_out_vectors(function: Function) -> Function:
    """The function with products of vectors by their name; see the module's docstring."""
    writer = _Writer(function)
    if not (writer.columns or writer.rows):
        return function
    return prune(replace(function, body=writer.block(function.body)))


class _Writer:
    """Knows the variables that are a vector as a column or as a row, each with the vector."""

    def __init__(self, function: Function) -> None:
        self.columns: dict[Atom, Var] = {}
        self.rows: dict[Atom, Var] = {}
        for stmt in statements(function.body):
            match stmt:
                case Assign(targets=(target,), value=Call(args=(Var() as vector, Tup() as index))):
                    if _is_adjoint(stmt, operator.getitem) and _is_vector(vector):
                        self._note(target, vector, index)

    def _note(self, target: Var, vector: Var, index: Tup) -> None:
        parts = index.items
        if len(parts) == 3 and is_whole(parts[0]) and not isinstance(parts[0], Slc):
            parts = parts[1:]  # Of a vector, the Ellipsis stands for nothing.
        whole = [is_whole(part) for part in parts]
        if whole == [True, False] and _is_new(parts[1]):
            self.columns[target] = vector
        elif whole == [False, True] and _is_new(parts[0]):
            self.rows[target] = vector

    def block(self, block: Block) -> Block:
        return Block(tuple(map(self._stmt, block.stmts)), block.results)

    def _stmt(self, stmt: Stmt) -> Stmt:
        match stmt:
            case Assign(targets=(target,), value=Call() as call):
                if target in self.columns or target in self.rows:
                    index = _COLUMN if target in self.columns else _ROW
                    return replace(stmt, value=Call(call.fn, (call.args[0], index)))
                product = self._outer(*call.args) if _is_adjoint(stmt, operator.mul) else None
                return stmt if product is None else replace(stmt, value=product)
        return map_blocks(stmt, self.block)

    def _outer(self, a: Atom, b: Atom) -> Call | None:
        """The product of a column and a row, or a vector, in either order."""
        if a not in self.columns:
            a, b = b, a
        column, row = self.columns.get(a), self.rows.get(b, b)
        return Call(np.outer, (column, row)) if column is not None and _is_vector(row) else None


def _is_adjoint(stmt: Assign, fn: object) -> bool:
    """Whether the statement calls the function for a cotangent."""
    called = isinstance(stmt.value, Call) and stmt.value.fn is fn
    return called and stmt.origin is not None and stmt.origin.adjoint


def _is_vector(atom: Atom) -> bool:
    type_ = atom.type if isinstance(atom, Var) else None
    return isinstance(type_, Num) and type_.kind == "array" and type_.rank == 1


def _is_new(part: Atom) -> bool:
    return isinstance(part, Const) and part.value is None
