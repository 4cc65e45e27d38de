"""Attributes as they stand on a class: what kind each is, and how one is bound to an object.

What is found on a class of the caller's is a fact of the specialisation: a method that is replaced
between two calls, or an attribute that an object gets beside that of its class, is noticed by a
guard. The attributes of a class that the program itself defines are `Member`s: their values are
variables of the frame in which the body of the class was interpreted.
"""

from __future__ import annotations

import dataclasses
import functools
import reprlib
import types
from typing import Any

from sorix.compiler.frontend import calls, descriptors, memoised, objects
from sorix.compiler.frontend.inputs import ById, Guard, Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.marks import mark
from sorix.compiler.frontend.values import (
    Bound,
    Cell,
    Closure,
    Descriptor,
    DictContent,
    InstanceContent,
    Maybe,
    MethodOf,
    Reference,
    Sequence,
    Static,
    Value,
)

LOCAL = "__sorix_local__"
"""Marks the classes that the program defines."""


def is_local(cls: type) -> bool:
    return LOCAL in vars(cls)


SLOTS = "__sorix_slots__"
"""The fields that a class of the program names in ``__slots__``; None where it has none."""


def has_room(cls: type, name: str) -> bool:
    """Whether objects of a class may have a field of this name."""
    for base in cls.__mro__:
        own = vars(base)
        slots = own.get(SLOTS) if is_local(base) else _slots(base)
        if slots is None or name in slots:
            return True
    return False


def says_all(cls: Any) -> bool:
    """Whether a class has a ``__getattribute__`` that is written in Python."""
    return not isinstance(cls.__getattribute__, types.WrapperDescriptorType)


def has_dict(cls: type) -> bool:
    """Whether objects of a class have a ``__dict__``."""
    return any(
        vars(base).get(SLOTS) is None if is_local(base) else "__dict__" in vars(base)
        for base in cls.__mro__[:-1]
    )


def _slots(base: type) -> tuple[str, ...] | None:
    """The fields that Python gives objects of a class; None where it gives any."""
    if "__dict__" in vars(base):
        return None
    return tuple(n for n, v in vars(base).items() if isinstance(v, types.MemberDescriptorType))


class Member:
    """Stands in a class of the program for an attribute whose value is in a variable."""

    __slots__ = ("__isabstractmethod__", "cell")

    def __init__(self, cell: Cell, abstract: bool = False) -> None:
        self.cell = cell
        self.__isabstractmethod__ = abstract

    def __get__(self, owner: object, cls: type | None = None) -> Member:
        return self


@dataclasses.dataclass(frozen=True, slots=True)
class Attribute:
    """What a class has under a name.

    `kind` is "function", "static", "class", "property", "cached", "data", "slot", "builtin" or
    "descriptor"; `value` is the function (of a property, what reads it; None where nothing does)
    or the object, `setter` and `deleter` what sets and deletes a property.
    """

    kind: str
    value: Any
    setter: Value | None = None
    deleter: Value | None = None


def on_class(it: Interpreter, cls: type, name: str, after: type | None = None) -> Attribute | None:
    """The attribute of a class, past `after` in the order of its bases where given."""
    order = cls.__mro__
    if after is not None:
        order = order[order.index(after) + 1 :]
    for base in order:
        if name in vars(base):
            found = vars(base)[name]
            if isinstance(found, Member):
                return _of_member(it, it.state.get(found.cell))
            _pin(it, cls if after is None else base, name, found)
            return _classified(it, base, name, found)
    return None


def _of_member(it: Interpreter, value: Value) -> Attribute:
    if isinstance(value, Closure) or memoised.is_remembered(value):
        return Attribute("function", value)
    if isinstance(value, Descriptor):
        return Attribute(value.kind, value.fn, value.setter, value.deleter)
    if any(special(it, value, name) is not None for name in descriptors.HOOKS):
        return Attribute("descriptor", value)
    return Attribute("data", value)


def _classified(it: Interpreter, cls: type, name: str, found: Any) -> Attribute:
    path = Path(("constant", ById(cls), cls.__name__)).attr("__dict__").item(name)
    if isinstance(found, staticmethod):
        return Attribute("static", Static(found.__func__))
    if isinstance(found, classmethod):
        return Attribute("class", Static(found.__func__))
    if isinstance(found, types.FunctionType):
        return Attribute("function", Static(found))
    if isinstance(found, property):
        parts = (found.fget, found.fset, found.fdel)
        return Attribute("property", *(None if f is None else Static(f) for f in parts))
    if isinstance(found, _BUILT_IN):
        return Attribute("builtin", found)
    if isinstance(found, types.MemberDescriptorType | types.GetSetDescriptorType):
        return Attribute("slot", found)
    compiled = mark(found, "__sorix_wrapped__")
    if compiled is not None:
        return Attribute("function", Static(compiled))
    if isinstance(found, functools.cached_property):
        return Attribute("cached", Static(found.func))
    if hasattr(found, "__get__") and not isinstance(found, type):
        return Attribute("descriptor", Static(found, path))
    return Attribute("data", found)


_BUILT_IN = types.WrapperDescriptorType | types.MethodDescriptorType | types.BuiltinFunctionType
_PINNED: Any = types.FunctionType | property | staticmethod


def _pin(it: Interpreter, cls: type, name: str, found: Any) -> None:
    """Let later calls find the same method."""
    if cls.__module__.split(".")[0] in calls.CLOSED_MODULES | {"sorix"}:
        return
    path = Path(("constant", ById(cls), cls.__name__)).attr(name)
    if isinstance(found, classmethod):
        path, found = path.attr("__func__"), found.__func__
    elif isinstance(found, staticmethod):
        found = found.__func__
    elif not isinstance(found, _PINNED):
        return
    it.inputs.guards.append(Guard(path, "is", found))


def is_method(it: Interpreter, cls: type, name: str) -> bool:
    """Whether the class has such a method, written in Python."""
    found = on_class(it, cls, name)
    return found is not None and found.kind == "function"


def written(it: Interpreter, cls: type, name: str) -> Value | None:
    """The method of this name that is written in Python and not by ``dataclass``, or None."""
    found = on_class(it, cls, name)
    if found is None or found.kind != "function" or is_generated(found.value):
        return None
    method: Value = found.value
    return method


def is_generated(method: Value) -> bool:
    """Whether the text of a method was never in a file."""
    function = method.value if isinstance(method, Static) else None
    code = getattr(function, "__code__", None)
    if code is not None and code.co_filename in _WRAPPING:
        code = getattr(getattr(function, "__wrapped__", None), "__code__", None)
    return code is not None and code.co_filename.startswith("<")


_WRAPPING = (dataclasses.__file__, reprlib.__file__)
"""Where the wrapper stands that ``dataclass`` puts around its ``__repr__``."""


def class_of_object(it: Interpreter, value: Value) -> type | None:
    """The class written in Python that says what operators do with the value, or None."""
    if isinstance(value, Maybe):
        value = value.value
    if isinstance(value, Sequence):
        return value.cls if value.cls is not tuple else None
    content = it.state.get(value.cell) if isinstance(value, Reference) else None
    if isinstance(content, InstanceContent):
        return content.cls
    if isinstance(content, DictContent) and content.cls.__module__ != "collections":
        return content.cls if content.cls is not dict else None
    return None


def special(it: Interpreter, value: Value, name: str) -> Bound | None:
    """The method with a special name that the class of a value writes in Python, or None."""
    cls = class_of_object(it, value)
    found = None if cls is None else written(it, cls, name)
    return None if found is None else Bound(found, value)


def from_dataclass(cls: type, name: str) -> bool:
    """Whether the method is the one that ``dataclass`` wrote."""
    method = getattr(cls, name, None)
    return dataclasses.is_dataclass(cls) and is_generated(Static(method))


def bind(it: Interpreter, owner: Value, cls: type, name: str, found: Attribute) -> Value:
    """``owner.name``, where it is what the class of the object has under this name."""
    match found.kind:
        case "static":
            return found.value
        case "class":
            return Bound(found.value, Static(cls))
        case "function":
            return Bound(found.value, owner)
        case "property":
            return calls.call(it, found.value, [owner], {})
        case "builtin":
            return MethodOf(owner, name)
        case "cached":
            value = calls.call(it, found.value, [owner], {})
            objects.set_field(it, owner, name, value)
            return value
        case "descriptor":
            return descriptors.read(it, owner, cls, name, found.value)
    return data(it, cls, name, found)


def data(it: Interpreter, cls: type, name: str, found: Attribute) -> Value:
    """The value of an attribute that is no function."""
    if _is_value(found.value):
        return found.value
    path = Path(("constant", ById(cls), cls.__name__)).attr(name)
    return it.inputs.lift(found.value, path)


def _is_value(found: Any) -> bool:
    return type(found).__module__ in (Static.__module__, "sorix.compiler.ir.nodes")


def set_on_class(it: Interpreter, cls: type, name: str, value: Value) -> bool:
    """Set an attribute of a class that the program defines; False where it has none such."""
    member = vars(cls).get(name)
    if not isinstance(member, Member):
        return False
    it.put(member.cell, value)
    return True


def accessor(owner: Descriptor, name: str, fn: Value) -> Descriptor:
    """``@value.setter``."""
    part = {"setter": "setter", "getter": "fn", "deleter": "deleter"}.get(name)
    return owner if part is None else dataclasses.replace(owner, **{part: fn})
