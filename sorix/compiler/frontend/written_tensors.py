"""Tensors that are written into arrays of NumPy's, where their derivative ends.

An array holds numbers. What is assigned to its elements is made numbers of, which the tape refuses
of a tensor that requires grad. What computes in place (``a += t``, ``out=a``, ``ufunc.at``,
``np.put``) asks the tensor, which has no answer, whether it requires grad or not. Whatever writes
a value into an array takes its atom from here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, tensors_among
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import NONE, Kwargs, Maybe, Tensor, Value
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.errors import UnsupportedSyntaxError

_WRITERS: set[Any] = {
    np.copyto, np.put, np.putmask, np.place, np.put_along_axis, np.fill_diagonal,
}  # fmt: skip


def element(it: Interpreter, value: Value) -> Atom:
    """The atom of what is assigned to elements of an array."""
    _require_kept(it, value)
    return it.read(value) if it.is_numeric(value) else containers.nested_atom(it, value)


def operand(it: Interpreter, old: Any, value: Value) -> Atom:
    """The atom of what a part of an array, of the type `old`, is computed with in place."""
    _require_kept(it, value)
    # An element that is a number is computed anew, then assigned.
    is_number = isinstance(old, Num) and old.kind in NUMBERS
    if not is_number and isinstance(value.value if isinstance(value, Maybe) else value, Tensor):
        raise _in_place()
    return it.read(value)


def require_no_target(value: Value) -> None:
    """Refuse to write into a tensor."""
    if isinstance(value, Tensor):
        raise UnsupportedSyntaxError(
            "a tensor is written in place", "compute a new tensor, with sorix.where or stack"
        )


def require_none(it: Interpreter, *values: Value) -> None:
    """Refuse tensors among what is written, or computed, into an array in place."""
    _require_kept(it, *values)
    if tensors_among.has_tensor(it, values):
        raise _in_place()


def require_none_written(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> None:
    """The same for a call, where the function is one that writes into what it is given."""
    copy = kwargs.get("copy", args[1] if len(args) > 1 else None)
    in_place = fn is np.nan_to_num and getattr(copy, "value", True) is False
    of_ufunc = isinstance(getattr(fn, "__self__", None), np.ufunc)
    if fn in _WRITERS or in_place or (of_ufunc and fn.__name__ == "at"):
        require_no_target(args[0] if args else NONE)
        require_none(it, *args, *kwargs.values())
    elif of_ufunc and "out" in kwargs:
        require_none(it, *args, *kwargs.values())


def _require_kept(it: Interpreter, *values: Value) -> None:
    if tensors_among.requires_grad(it, values):
        raise UnsupportedSyntaxError(
            "a tensor that requires grad is written into a NumPy array, which would lose it",
            "collect the tensors in a list, and use sorix.stack",
        )


def _in_place() -> UnsupportedSyntaxError:
    return UnsupportedSyntaxError(
        "a NumPy array is computed in place with a tensor, which is no array",
        "assign the result (a = a + t), or give the numbers: t.detach().numpy()",
    )
