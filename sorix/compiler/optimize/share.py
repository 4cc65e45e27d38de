"""Compute what is computed twice once.

After it no pure call repeats an earlier one of the same block, or of a block around it, on the
same arguments; ``y * x`` repeats ``x * y``. Left alone are reads (``x[i]``, ``x.T``, ``x.size``),
which cost less than a name, and calls that make a new array or list from nothing but a shape,
which are made to be written to.

>>> from sorix.compiler.ir.nodes import Block, Call, Function, Var
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
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Function
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import blocks, call_atoms
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
    _scan(function.body, {}, shared)
    return shared.apply(function) if shared else function


def _scan(block: Block, outer: dict[object, Assign], shared: Replacements) -> None:
    known = dict(outer)
    for stmt in block.stmts:
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            key = _key(stmt.value, shared)
            if key is None:
                continue
            first = known.setdefault(key, stmt)
            if first is not stmt and len(first.targets) == len(stmt.targets):
                for var, earlier in zip(stmt.targets, first.targets, strict=True):
                    shared.put(var, earlier)
        for inner in blocks(stmt):
            _scan(inner, known, shared)


def _key(call: Call, shared: Replacements) -> object:
    """Equal for calls that give the same value; None for those that are not shared."""
    if call.fn in _READS or call.fn in _MAKERS or not is_pure(call):
        return None
    names = tuple(name for name, _ in call.kwargs)
    atoms = tuple(atom_key(shared.resolve(atom)) for atom in call_atoms(call))
    if call.fn in _COMMUTATIVE and all(map(_is_number_or_array, call.args)):
        return (call.fn, frozenset(atoms))
    return (call.fn, names, atoms)


def _is_number_or_array(atom: Atom) -> bool:
    return isinstance(getattr(atom, "type", None), Num)
