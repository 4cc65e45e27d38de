"""What arrays of integers hold, where a program is followed for these very ones.

Labels, the edges of a graph, the rows and columns of a sparse matrix choose among objects: they
are keys of dicts, and say which list is appended to. Where a program is refused for arrays that
hold anything, it is followed once more with the integers and booleans of its arrays as facts, each
with a guard. The arrays stay parameters, and what is computed from them is still written down;
beside that, it is computed here and now, so that an integer taken out of it is a constant.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Num, constant
from sorix.primitives.table import rule_of

LIMIT = 4096
"""An array of more elements than this is not compared at every call."""


class Contents:
    """The arrays whose elements are known, by the variables that hold them."""

    def __init__(self) -> None:
        self._known: dict[Var, np.ndarray] = {}

    def keep(self, var: Var, value: np.ndarray) -> np.ndarray | None:
        """Take down what an array holds; None where that is no fact."""
        if value.dtype.kind not in "biu" or value.size > LIMIT:
            return None
        kept = np.array(value)
        kept.flags.writeable = False
        self._known[var] = kept
        return kept

    def holds(self, atom: Any) -> bool:
        return isinstance(atom, Var) and atom in self._known

    def value(self, atom: Atom) -> Any:
        """What an atom is; KeyError where only the run knows."""
        match atom:
            case Const():
                return atom.value
            case Tup():
                items = map(self.value, atom.items)
                return list(items) if atom.is_list else tuple(items)
            case Slc():
                return slice(*map(self.value, (atom.start, atom.stop, atom.step)))
        return self._known[atom]

    def computed(self, fn: Callable[..., Any], args: tuple[Atom, ...], options: Any) -> Any:
        """What a call comes to, None where it is not known or its exception is the run's."""
        if not _is_function_of_its_arguments(fn):
            return None
        try:
            given = [self.value(a) for a in args]
            named = {name: self.value(a) for name, a in options.items()}
        except KeyError:
            return None
        try:
            with np.errstate(all="raise"), warnings.catch_warnings():
                warnings.simplefilter("error")
                return fn(*given, **named)
        except RecursionError:
            raise
        except Exception:
            return None

    def note(self, var: Var, value: Any) -> None:
        """Let a variable be known to hold an array that was computed."""
        if isinstance(value, np.ndarray) and self.keep(var, value) is not None:
            if isinstance(var.type, Num):
                shape = tuple(map(constant, value.shape))
                object.__setattr__(var, "type", replace(var.type, shape=shape))


def folded(value: Any) -> Const | None:
    """The constant in place of a call that comes to an integer or a boolean."""
    whole = isinstance(value, bool | int | np.bool_ | np.integer)
    return Const(value) if whole else None


def _is_function_of_its_arguments(fn: Any) -> bool:
    if isinstance(fn, np.ufunc) or fn in ARITHMETIC or fn is operator.getitem:
        return True
    return rule_of(fn) is not None


ARITHMETIC = {
    getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow neg pos abs eq ne lt le gt ge not_ and_ or_ xor"
        " invert lshift rshift"
    ).split()
} | {abs, min, max, int, float, bool, round}
"""What Python computes from numbers, and from arrays."""
