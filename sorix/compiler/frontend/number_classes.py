"""``isinstance`` of a number: its class is known, or the run is asked."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from sorix.compiler.frontend import builtin_functions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Maybe, Value
from sorix.compiler.ir.nodes import Const, Tup, Var
from sorix.compiler.ir.types import GENERATORS, NUMBERS, TEXT, Num
from sorix.errors import UnsupportedTypeError


def is_instance(it: Interpreter, value: Value, wanted: tuple[type, ...]) -> Value:
    """Whether a value is an instance of one of these classes."""
    found = {issubclass(cls, wanted) for cls in _classes_of(it, value)}
    if len(found) == 1:
        return Const(found.pop())
    value = value.value if isinstance(value, Maybe) else value
    if isinstance(value, Var) and all(map(_is_printed, wanted)):
        given = Const(wanted[0]) if len(wanted) == 1 else Tup(tuple(map(Const, wanted)))
        return it.atom(isinstance, value, given)
    return Const(issubclass(builtin_functions.class_of(it, value), wanted))


def _is_printed(cls: type) -> bool:
    """Whether generated code has a name for the class."""
    return issubclass(cls, np.generic) or getattr(builtins, cls.__name__, None) is cls


def _classes_of(it: Interpreter, value: Value) -> tuple[type, ...]:
    """The classes that a value may have in the run: of a number, often one of several."""
    if isinstance(value, Maybe) and not value.none:
        value = value.value
    type_ = value.type if isinstance(value, Var) else None
    if not isinstance(type_, Num) or type_.kind not in NUMBERS:
        return (builtin_functions.class_of(it, value),)
    if value not in it.mixed and type_.kind != "number" and type_.dtype is not None:
        return (class_of_number(value),)
    return _NUMBERS if type_.kind == "python" else (*_NUMBERS, *_SCALARS)


_NUMBERS = (bool, int, float)
_SCALARS = (np.float64, np.float32, np.int64, np.int32, np.bool_)


def class_of_number(value: Var) -> type:
    """The class of a number, a text or a generator, which the type of the variable tells."""
    type_: Any = value.type
    if isinstance(type_, Num) and type_.dtype is not None:
        if type_.kind == "python":
            return {"f": float, "i": int, "b": bool}[np.dtype(type_.dtype).kind]
        if type_.kind == "scalar":
            return np.dtype(type_.dtype).type
    if type_ == TEXT:
        return str
    if type_ in GENERATORS:
        return GENERATORS[type_]
    raise UnsupportedTypeError(
        "the class of a value is not known", "test a flag of your own instead of the class"
    )
