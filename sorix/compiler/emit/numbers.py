"""Which variables are surely numbers, Python's or NumPy's, and no arrays of rank 0.

Requires a verified function. A variable whose type says so is one; so is one of unknown class
that takes over nothing but numbers: a loop that begins at ``0.0`` and adds numbers carries a
number, whatever else its cotangent might have been. Numbers have no buffer that another name
could see, so of them ``x += y`` is ``x = x + y``.
"""

from __future__ import annotations

from sorix.compiler.emit.ranges import handed_on
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Function, Slc, Tup, Var
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.compiler.ir.walk import statements


class Numbers:
    """Tells numbers of one function; see the module's docstring."""

    def __init__(self, function: Function) -> None:
        self._taking: dict[Var, list[Atom]] = {}
        for stmt in statements(function.body):
            for target, value in handed_on(stmt):
                if not _is_number(target) and value is not UNDEFINED:
                    self._taking.setdefault(target, []).append(value)
        self._drop_others()

    def _drop_others(self) -> None:
        """Leave in `_taking` only what takes over numbers, or what is left there."""
        takers: dict[Atom, list[Var]] = {}
        others: list[Var] = []
        for target, values in self._taking.items():
            for value in values:
                if value in self._taking:
                    takers.setdefault(value, []).append(target)
                elif not _is_number(value):
                    others.append(target)
        while others:
            var = others.pop()
            if self._taking.pop(var, None) is not None:
                others += takers.get(var, ())

    def __contains__(self, var: Var) -> bool:
        return _is_number(var) or var in self._taking


def _is_number(atom: Atom) -> bool:
    if isinstance(atom, Tup | Slc):
        return False
    return isinstance(atom.type, Num) and atom.type.kind in NUMBERS
