"""What special methods may return: Python raises TypeError for results of any other class."""

from __future__ import annotations

import numpy as np

from sorix.compiler.frontend import calls, exceptions, failing
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Value
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedTypeError

_WANTED: dict[str, tuple[tuple[type, ...], str]] = {
    "__bool__": ((bool,), "__bool__ should return bool, returned {}"),
    "__len__": ((int, np.integer), "'{}' object cannot be interpreted as an integer"),
    "__int__": ((int,), "__int__ returned non-int (type {})"),
    "__index__": ((int,), "__index__ returned non-int (type {})"),
    "__str__": ((str,), "__str__ returned non-string (type {})"),
    "__repr__": ((str,), "__repr__ returned non-string (type {})"),
    "__format__": ((str,), "__format__ must return a str, not {}"),
    "__init__": ((type(None),), "__init__() should return None, not '{}'"),
}


def required(it: Interpreter, name: str, found: Value) -> Value:
    """The result of a special method, if it is of a class that it may return."""
    wanted, message = _WANTED[name]
    cls = failing.class_of(it, found)
    if cls is not None and not issubclass(cls, wanted):
        message = message.replace("{}", cls.__name__)
        hint = f"return {' or '.join(c.__name__ for c in wanted[:1])}"
        raise failing.not_possible(it, found, message, message, hint)
    if name == "__len__" and isinstance(found, Const) and found.value < 0:
        message = "__len__() should return >= 0"
        refusal = UnsupportedTypeError(message, "return the number of items")
        exceptions.may_fail(it, ValueError, message, refusal)
    return found


def of(it: Interpreter, owner: Value, name: str) -> Value:
    """``owner.name()``, checked."""
    return required(it, name, calls.call_method(it, owner, name, [], {}))
