"""Attributes by name: ``hasattr``, ``getattr``, ``setattr`` and ``delattr``."""

from __future__ import annotations

from typing import Any

from sorix.compiler.frontend import (
    builtin_functions,
    calls,
    classes,
    containers,
    descriptors,
    failing,
    objects,
    prelude,
    unassigned,
)
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.inputs import ById, Guard, Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Closure,
    InstanceContent,
    Kwargs,
    Maybe,
    MethodOf,
    Reference,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedTypeError


@builtin(hasattr)
def _hasattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    name = it.demand(args[1], "the name in hasattr()")
    return unassigned.decided(it, args[0], name, lambda o: _has_attribute(it, o, name))


def _has_attribute(it: Interpreter, owner: Value, name: str) -> Value:
    content = containers.content_of(it, owner)
    if isinstance(content, InstanceContent):
        if _is_asked(it, content, name):
            return calls.call_function(it, prelude.has_attribute, [owner, Static(name)], {})
        if name == "__dict__":
            return Const(classes.has_dict(content.cls))
        return Const(name in content.fields or _has(it, content, name))
    if isinstance(owner, Closure):
        return objects.has_function_attribute(it, owner, name)
    if isinstance(owner, Static):
        if hasattr(owner.value, "__dict__"):
            path = owner.path or calls.object_path(owner.value)
            _note_presence(it, path, owner.value, name)
        return Const(hasattr(owner.value, name))
    cls = None if isinstance(owner, Tensor | Maybe) else failing.class_of(it, owner)
    if cls is not None:
        return Const(hasattr(cls, name))
    try:
        found = objects.attribute(it, owner, name)
    except UnsupportedTypeError:
        return Const(False)
    if isinstance(found, MethodOf):
        return Const(hasattr(builtin_functions.class_of(it, owner), name))
    return Const(True)


def _is_asked(it: Interpreter, content: InstanceContent, name: str) -> bool:
    """Whether it takes a method of the user's to find out whether an object has an attribute."""
    if classes.says_all(content.cls):
        return True
    found = classes.on_class(it, content.cls, name)
    if found is not None or name in content.fields:
        return found is not None and descriptors.comes_first(it, found)
    own = content.external is not None and name in getattr(content.external, "__dict__", {})
    return not own and classes.written(it, content.cls, "__getattr__") is not None


def _has(it: Interpreter, content: InstanceContent, name: str) -> bool:
    """Whether an object has an attribute that the program did not give it."""
    if content.external is not None:
        return _note_presence(it, content.path, content.external, name)
    cls = Path(("constant", ById(content.cls), content.cls.__name__))
    return _note_presence(it, cls, content.cls, name)


def _note_presence(it: Interpreter, path: Path, owner: Any, name: str) -> bool:
    present = hasattr(owner, name)
    it.inputs.guards.append(Guard(path, "has", (name, present)))
    return present


@builtin(getattr)
def _getattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    name = it.demand(args[1], "the name in getattr()")

    def of(owner: Value) -> Value:
        content = containers.content_of(it, owner)
        if len(args) > 2 and isinstance(content, InstanceContent) and _is_asked(it, content, name):
            return calls.call_function(it, prelude.attribute_or, [owner, *args[1:]], {})
        if len(args) > 2 and not it.demand(_has_attribute(it, owner, name), "hasattr()"):
            return args[2]
        return objects.attribute(it, owner, name)

    return unassigned.decided(it, args[0], name, of)


@builtin(setattr)
def _setattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    objects.set_attribute(it, args[0], it.demand(args[1], "the name in setattr()"), args[2])
    return NONE


@builtin(object.__getattribute__)
def _found_attribute(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    content = containers.content_of(it, args[0])
    if not isinstance(args[0], Reference) or not isinstance(content, InstanceContent):
        raise UnsupportedTypeError("object.__getattribute__ of no object", "write owner.name")
    name = it.demand(args[1], "the name of a field")
    return objects.found_attribute(it, args[0], content, name)


@builtin(object.__setattr__)
def _set_field(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    name = it.demand(args[1], "the name of a field")
    content = containers.content_of(it, args[0])
    if isinstance(content, InstanceContent):
        found = classes.on_class(it, content.cls, name)
        if found and descriptors.set_by(it, args[0], content.cls, name, found, args[2]):
            return NONE
    objects.set_field(it, args[0], name, args[2])
    return NONE


@builtin(delattr)
def _delattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    objects.delete_attribute(it, args[0], it.demand(args[1], "the name in delattr()"))
    return NONE
