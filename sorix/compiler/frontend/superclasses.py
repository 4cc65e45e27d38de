"""``super()``: attributes past a class in the order of the bases."""

from __future__ import annotations

from typing import Any

from sorix.compiler.frontend import classes, containers
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Bound,
    DictContent,
    InstanceContent,
    MethodOf,
    Sequence,
    Static,
    SuperValue,
    Value,
)
from sorix.errors import UnsupportedTypeError


def super_value(it: Interpreter) -> Value:
    """``super()`` without arguments: from the class whose method this is, on its first argument."""
    frame = it.frame
    if frame.owner_class is None:
        raise UnsupportedTypeError(
            "super() is called outside a method", "call it in a method of a class"
        )
    first = frame.node.args.args[0].id
    return SuperValue(it.load(first), frame.owner_class)


def attribute(it: Interpreter, owner: SuperValue, name: str) -> Value:
    cls = _class_of_self(it, owner)
    found = classes.on_class(it, cls, name, owner.after)
    if found is not None and found.kind not in ("builtin", "slot"):
        return classes.bind(it, owner.owner, cls, name, found)
    if issubclass(cls, dict) and name != "__init__":
        return MethodOf(owner.owner, name)
    if name == "__init__":
        base: Any = BaseException if issubclass(cls, BaseException) else object
        base = dict if issubclass(cls, dict) else base
        return Bound(Static(base.__init__), owner.owner)
    if name in ("__setattr__", "__getattribute__", "__delattr__"):
        return Bound(Static(getattr(object, name)), owner.owner)
    if name == "__new__":
        return Static(object.__new__)
    raise UnsupportedTypeError(
        f"super() has no {name!r} that can be followed", "define it in a base class, in Python"
    )


def _class_of_self(it: Interpreter, owner: SuperValue) -> type:
    content = containers.content_of(it, owner.owner)
    if isinstance(content, InstanceContent | DictContent):
        return content.cls
    if isinstance(owner.owner, Static) and isinstance(owner.owner.value, type):
        return owner.owner.value
    return owner.owner.cls if isinstance(owner.owner, Sequence) else owner.after
