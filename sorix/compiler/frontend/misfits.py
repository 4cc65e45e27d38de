"""Shapes that certainly do not fit, where a handler waits for what NumPy says of them.

Type inference finds such a call. It is made here, of arrays of ones with such shapes, so that what
NumPy raises, and in which words, is NumPy's own knowledge. Sizes and numbers that only the run
knows are one thing first, and then another: what is raised must not depend on them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, exceptions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.wording import Approximate
from sorix.compiler.ir.infer import Misfit
from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Dim, Num
from sorix.errors import ShapeError

LARGE = 100_000
"""Elements of an array that is not made to try a call."""


class _Unknown(Exception):
    """An argument of which no sample can be made."""


def raise_misfit(it: Interpreter, misfit: ShapeError) -> None:
    """Raise to the handler around what the call raises, whatever the numbers are."""
    if not it.tries or not isinstance(misfit, Misfit) or not _is_of_numpy(misfit.call.fn):
        return
    try:
        first, second = (_raised(misfit.call, _Samples(k)) for k in (0, 1))
    except _Unknown:
        return
    if first is None or type(first) is not type(second):
        return
    cls = type(first)
    if exceptions.handled(it, cls):
        said = str(first) if str(first) == str(second) else Approximate(str(first))
        exceptions.raise_error(it, cls, (containers.lift_constant(said),))


def _is_of_numpy(fn: Any) -> bool:
    """Whether a call of it changes nothing."""
    module = (getattr(fn, "__module__", None) or "").split(".")[0]
    return isinstance(fn, np.ufunc) or module in ("numpy", "operator", "_operator", "sorix")


def _raised(call: Call, samples: _Samples) -> Exception | None:
    fn: Any = call.fn
    given = [samples.of(atom) for atom in call.args]
    named = {name: samples.of(atom) for name, atom in call.kwargs}
    try:
        with np.errstate(all="ignore"):
            fn(*given, **named)
    except Exception as error:
        return error
    return None


class _Samples:
    """Values of the types of atoms; of a size of the run, the one of these samples."""

    def __init__(self, which: int) -> None:
        self._which = which
        self._sizes: dict[str, int] = {}

    def of(self, atom: Atom) -> Any:
        match atom:
            case Const():
                return atom.value
            case Tup():
                return (list if atom.is_list else tuple)([self.of(part) for part in atom.items])
            case Slc():
                return slice(*[self.of(part) for part in (atom.start, atom.stop, atom.step)])
            case Var(type=Num(shape=shape, dtype=dtype)) if shape is not None and dtype:
                return self._array([self._size(dim) for dim in shape], np.dtype(dtype))
        raise _Unknown

    def _array(self, sizes: list[int], dtype: np.dtype[Any]) -> Any:
        if math.prod(sizes) > LARGE:
            raise _Unknown
        return np.ones(sizes, dtype) if sizes else dtype.type(1 + self._which)

    def _size(self, dim: Dim) -> int:
        if dim.symbol is None:
            return dim.offset
        count = len(self._sizes)
        known = self._sizes.setdefault(dim.symbol, (7 + 4 * count, 12 + 5 * count)[self._which])
        return max(0, known + dim.offset)
