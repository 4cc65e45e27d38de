"""Compute what is computed twice once.

After it no pure call repeats an earlier one of the same block, or of a block around it, on the
same arguments; ``y * x`` repeats ``x * y``. No branch leaves the same under two names. Left alone
are reads (``x[i]``, ``x.T``, ``x.size``), which cost less than a name, though what is computed of
equal reads is computed once; and calls that make a new array or list from nothing but a shape,
which are made to be written to.

>>> from sorix.compiler.ir.nodes import Block, Call, Function, Tup, Var
>>> import numpy as np
>>> x, y, z = Var("x"), Var("y"), Var("z")
>>> sines = Assign((y,), Call(np.sin, (x,))), Assign((z,), Call(np.sin, (x,)))
>>> share(Function("f", (x,), Block(sines, (y, z)))).body.results
(y:object, y:object)
"""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Function, If, Tup, Var
from sorix.compiler.ir.types import ListOf, Num
from sorix.compiler.ir.walk import blocks, call_atoms, map_atom
from sorix.compiler.optimize.replacing import Replacements, atom_key
from sorix.support import zeros_like

_READS = frozenset({operator.getitem, np.transpose, np.size, np.shape, np.ndim, len})
_MAKERS = frozenset(
    {list, np.zeros, np.ones, np.empty, np.full, np.eye, np.zeros_like, np.ones_like}
    | {np.empty_like, np.full_like, np.copy, np.array, zeros_like}
)
_COMMUTATIVE = frozenset({operator.add, operator.mul})


def share(function: Function) -> Function:
    """The function without repeated calls; see the module's docstring."""
    shared = Replacements(function)
    _Scan(shared).block(function.body, {})
    return shared.apply(function) if shared else function


class _Scan:
    """Finds repeated calls, and reads that are equal."""

    def __init__(self, shared: Replacements) -> None:
        self._shared = shared
        self._equal: dict[Var, Var] = {}

    def block(self, block: Block, known: dict[object, Assign]) -> None:
        """Note what a block computes; `known`, of the blocks around it, is left as it was."""
        outer = len(known)
        for stmt in block.stmts:
            if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
                self._note(stmt, stmt.value, known)
            for inner in blocks(stmt):
                self.block(inner, known)
            if isinstance(stmt, If):
                self._note_outs(stmt)
        while len(known) > outer:
            known.popitem()

    def _note(self, stmt: Assign, call: Call, known: dict[object, Assign]) -> None:
        is_read = call.fn in _READS
        if call.fn in _MAKERS or not is_pure(call) or (is_read and not _is_fixed(call.args[0])):
            return
        first = known.setdefault(self._key(call), stmt)
        if first is stmt or len(first.targets) != len(stmt.targets):
            return
        pairs = zip(stmt.targets, first.targets, strict=True)
        if is_read:
            self._equal.update(pairs)
        else:
            for var, earlier in pairs:
                self._shared.put(var, earlier)

    def _note_outs(self, stmt: If) -> None:
        """What both ways of a branch leave the same twice is left once."""
        first: dict[object, Var] = {}
        for out, *left in zip(stmt.outs, stmt.then.results, stmt.orelse.results, strict=True):
            key = (out.type, *(atom_key(self._known(atom)) for atom in left))
            if first.setdefault(key, out) is not out:
                self._shared.put(out, first[key])

    def _key(self, call: Call) -> object:
        """Equal for calls that give the same value."""
        names = tuple(name for name, _ in call.kwargs)
        atoms = tuple(atom_key(self._known(atom)) for atom in call_atoms(call))
        if call.fn in _COMMUTATIVE and all(map(_is_number_or_array, call.args)):
            return (call.fn, frozenset(atoms))
        return (call.fn, names, atoms)

    def _known(self, atom: Atom) -> Atom:
        return map_atom(self._shared.resolve(atom), self._first)

    def _first(self, atom: Atom) -> Atom:
        return self._equal.get(atom, atom) if isinstance(atom, Var) else atom


def _is_number_or_array(atom: Atom) -> bool:
    return isinstance(getattr(atom, "type", None), Num)


def _is_fixed(atom: Atom) -> bool:
    """Whether what is read of it never changes: an object's items may."""
    return isinstance(atom, Tup) or isinstance(getattr(atom, "type", None), Num | ListOf)
