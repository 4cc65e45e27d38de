"""Attributes of a class that say themselves what reading, setting and deleting them does.

These are properties, and objects whose class has ``__get__``, ``__set__`` or ``__delete__``; they
are the caller's, or made by the program in the body of a class of its own.
"""

from __future__ import annotations

import functools
from typing import Any

from sorix.compiler.frontend import calls, classes, exceptions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import NONE, Partial, Static, Value
from sorix.errors import UnsupportedTypeError

HOOKS = ("__get__", "__set__", "__delete__")


def dispatched(method: Any, owner: Any, *args: Any, **kwargs: Any) -> Any:
    """Stands for a call of a ``functools.singledispatchmethod``."""


def _hook(it: Interpreter, descriptor: Value, name: str) -> tuple[Value | None, Value]:
    """The method of a descriptor, and the descriptor as its first argument."""
    if not isinstance(descriptor, Static):
        method = classes.special(it, descriptor, name)
        return None if method is None else method.fn, descriptor
    method_of_callers = classes.written(it, type(descriptor.value), name)
    if method_of_callers is None:
        return None, descriptor
    return method_of_callers, it.inputs.lift(descriptor.value, descriptor.path)


def read(it: Interpreter, owner: Value, cls: type, name: str, found: Value) -> Value:
    """``owner.name``; of the class itself, where the owner is None."""
    if isinstance(found, Static) and isinstance(found.value, functools.singledispatchmethod):
        return Partial(Static(dispatched), (found, owner), ())
    getter, itself = _hook(it, found, "__get__")
    if getter is None:
        if not isinstance(found, Static):
            return found
        raise UnsupportedTypeError(
            f"the attribute {name!r} of {cls.__name__} is a descriptor", "use a property or a field"
        )
    return calls.call(it, getter, [itself, owner, Static(cls)], {})


def comes_first(it: Interpreter, found: classes.Attribute | None) -> bool:
    """Whether an attribute of the class is asked before the fields of the object."""
    if found is None or found.kind != "descriptor":
        return found is not None and found.kind == "property"
    return any(_hook(it, found.value, name)[0] is not None for name in HOOKS[1:])


def set_by(
    it: Interpreter, owner: Value, cls: type, name: str, found: classes.Attribute, value: Value
) -> bool:
    """Set an attribute whose descriptor on the class says how; False where none does."""
    if found.kind == "property":
        if found.setter is None:
            _refuse(it, cls, name, "setter", "is assigned")
        calls.call(it, found.setter, [owner, value], {})
        return True
    return _asked(it, found, "__set__", [owner, value])


def delete_by(
    it: Interpreter, owner: Value, cls: type, name: str, found: classes.Attribute
) -> bool:
    """Delete an attribute whose descriptor on the class says how; False where none does."""
    if found.kind == "property":
        if found.deleter is None:
            _refuse(it, cls, name, "deleter", "is deleted")
        calls.call(it, found.deleter, [owner], {})
        return True
    return _asked(it, found, "__delete__", [owner])


def _asked(it: Interpreter, found: classes.Attribute, hook: str, args: list[Value]) -> bool:
    method, itself = (None, NONE)
    if found.kind == "descriptor":
        method, itself = _hook(it, found.value, hook)
    if method is None:
        return False
    calls.call(it, method, [itself, *args], {})
    return True


def _refuse(it: Interpreter, cls: type, name: str, lacking: str, done: str) -> None:
    refusal = UnsupportedTypeError(
        f"a property without a {lacking} {done}",
        f"give the property a {lacking}, or use the field behind it",
    )
    message = f"property {name!r} of {cls.__qualname__!r} object has no {lacking}"
    exceptions.may_fail(it, AttributeError, message, refusal)
