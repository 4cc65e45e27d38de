"""Which negated variables need not be negated, as their sign can go into sums.

Requires a function and how often each variable is read. ``-y`` is taken up if all its readers are
sums, basic updates (``x[i] += ...``) or signs, or products in the same block that nobody else
reads and that are taken up in their turn. Then ``x + (-y) * z`` may become ``x - y * z``
everywhere, and ``-y`` is computed no more; a sign taken out for one reader of several would only
make a second name.
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass

from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Stmt, Var
from sorix.compiler.ir.walk import blocks
from sorix.compiler.optimize.freshness import is_basic
from sorix.support import add_at

PRODUCTS = (operator.mul, operator.truediv, operator.matmul)
DEEP = 4
"""How many products within each other a sign passes."""

_SUMS = (operator.add, operator.sub, operator.neg)


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
        if call.fn not in PRODUCTS or self._reads[target] != 1 or depth == 0:
            return False
        # The product is written down anew where it is read: not in a loop it stands before.
        near = all(other.block is reader.block for other in self._readers.get(target, ()))
        return near and self.is_taken_up(target, depth - 1)
