"""Which negated variables need not be negated, as their sign can go into sums.

Requires a function and how often each variable is read. ``-y`` is taken up if all its readers are
sums, basic updates (``x[i] += ...``) or signs, or calls in the same block through which a sign
passes (products, sums over axes, elements, a choice between it and zero), that nobody else reads
and that are taken up in their turn. Then ``x + (-y) * z`` may become ``x - y * z`` everywhere, and
``-y`` is computed no more; a sign taken out for one reader of several would only make a second
name.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Const, Function, Stmt, Var
from sorix.compiler.ir.walk import blocks
from sorix.compiler.optimize.freshness import is_basic
from sorix.support import add_at, unbroadcast

_PRODUCTS = (operator.mul, operator.truediv, operator.matmul)
LINEAR = (np.sum, unbroadcast, operator.getitem)
"""Functions that pick elements of their first argument, or add them up."""
DEEP = 4
"""How many calls within each other a sign passes."""

_SUMS = (operator.add, operator.sub, operator.neg)


def passes_sign(call: Call) -> Sequence[int]:
    """The arguments whose negation negates the result, each by itself.

    >>> x, y = Var("x"), Var("y")
    >>> passes_sign(Call(operator.matmul, (x, y)))
    range(0, 2)
    >>> passes_sign(Call(np.where, (x, y, Const(0.0))))
    (1,)
    """
    if call.fn in _PRODUCTS:
        return range(len(call.args))
    if call.fn in LINEAR:
        return (0,)
    if call.fn is np.where and len(call.args) == 3:
        return tuple(k for k in (1, 2) if _is_zero(call.args[3 - k]))
    return ()


def _is_zero(atom: Atom) -> bool:
    return isinstance(atom, Const) and type(atom.value) in (int, float) and atom.value == 0


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    call: Call
    target: Var
    block: Block


class Signs:
    """The readers of every variable that is an operand of a call; see the module's docstring."""

    def __init__(self, function: Function, reads: Counter[Var]) -> None:
        self._reads = reads
        self._readers: dict[Var, list[_Reader]] = {}
        todo = [function.body]
        while todo:
            block = todo.pop()
            for stmt in block.stmts:
                todo += blocks(stmt)
                self._note(stmt, block)

    def _note(self, stmt: Stmt, block: Block) -> None:
        match stmt:
            case Assign(targets=(target,), value=Call() as call):
                for atom in call.args:
                    if isinstance(atom, Var):
                        self._readers.setdefault(atom, []).append(_Reader(call, target, block))

    def is_taken_up(self, var: Var, depth: int = DEEP) -> bool:
        """Whether everything that reads the variable can take up its sign."""
        readers = self._readers.get(var, [])
        return len(readers) == self._reads[var] and all(
            self._takes_sign(var, reader, depth) for reader in readers
        )

    def _takes_sign(self, var: Var, reader: _Reader, depth: int) -> bool:
        call, target = reader.call, reader.target
        if call.fn in _SUMS:
            return True
        if call.fn is add_at:
            return call.args[2] is var and is_basic(call.args[1])
        passing = [k for k, atom in enumerate(call.args) if atom is var]
        if not set(passing) <= set(passes_sign(call)) or self._reads[target] != 1 or depth == 0:
            return False
        # The product is written down anew where it is read: not in a loop it stands before.
        near = all(other.block is reader.block for other in self._readers.get(target, ()))
        return near and self.is_taken_up(target, depth - 1)
