"""Classes that the program defines.

The body of a class is interpreted in a frame of its own, and what it assigns are the attributes.
The class itself is a Python class, so that ``isinstance`` and the order of its bases mean what they
mean in Python; each of its attributes is a `Member` that says in which variable the value is.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import types
import typing
from typing import Any

import gast

from sorix.compiler.frontend import calls, containers, exceptions, failing, iterables, unassigned
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.classes import LOCAL, SLOTS, Member, is_local, special
from sorix.compiler.frontend.exits import assigned_names
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.interpreter import Interpreter, statement
from sorix.compiler.frontend.private_names import private, written_name
from sorix.compiler.frontend.values import (
    MISSING,
    Cell,
    Closure,
    Descriptor,
    Kwargs,
    Partial,
    Reference,
    Static,
    Value,
)
from sorix.errors import UnsupportedSyntaxError, UnsupportedTypeError


def exec_class(it: Interpreter, node: Any) -> None:
    decorators = [it.hold(it.expr(decorator)) for decorator in node.decorator_list]
    bases = tuple(_base(it, base) for base in node.bases)
    if node.keywords:
        raise UnsupportedSyntaxError(
            "a class with a metaclass or other options is defined inside the function",
            "define the class at module level",
        )
    frame = _interpreted_body(it, node)
    value: Value = Static(_made(it, node, frame, bases))
    for decorator in reversed(decorators):
        value = calls.call(it, it.release(decorator), [value], {})
    it.store(node.name, value)


def _base(it: Interpreter, node: Any) -> Any:
    if isinstance(node, gast.Subscript):
        node = node.value  # Generic[T]: what it is generic in does not matter to a run.
    base = it.demand(it.expr(node), "a base class")
    if base is typing.NamedTuple:
        return base
    if isinstance(base, type) and issubclass(base, enum.Enum):
        return base
    if not isinstance(base, type) or issubclass(base, _PARTICULAR):
        raise UnsupportedSyntaxError(
            f"a class derived from {getattr(base, '__name__', base)} is defined inside the"
            " function",
            "define the class at module level",
        )
    return base


_PARTICULAR = (int, float, str, bytes, list, dict, set, frozenset)


def _interpreted_body(it: Interpreter, node: Any) -> Frame:
    """Interpret the body; the frame's variables are the attributes, and live on."""
    outer = it.frame
    around: Frame | None = outer
    while around is not None:
        around.escapes = True
        around = around.parent
    names = frozenset(assigned_names(node.body))
    frame = Frame(written_name(node), outer.source, outer.module, names, outer, outer.captured)
    frame.qualname = qualified(outer, written_name(node))
    frame.node, frame.is_class, frame.escapes = node, True, True
    it.enter(frame)
    try:
        it.execute(node.body)
    finally:
        it.leave()
    return frame


def _made(it: Interpreter, node: Any, frame: Frame, bases: tuple[Any, ...]) -> type:
    """The class, whose name and bases are those of the program."""
    attributes: dict[str, Any] = {}
    for name, cell in frame.variables.items():
        value = it.state.get(cell)
        if value is MISSING or name == "__slots__" or name.startswith("."):
            continue
        if unassigned.possibly(value):
            unassigned.refuse_in_class(name)
        held = isinstance(value, Static) and isinstance(value.value, dataclasses.Field)
        attributes[name] = value.value if held else Member(cell, _is_abstract(value))
    attributes["__module__"] = frame.module.get("__name__", "")
    attributes["__annotations__"] = _annotations(node)
    attributes["__qualname__"] = frame.qualname
    attributes[LOCAL] = True
    attributes[SLOTS] = _slots(it, frame)
    if typing.NamedTuple in bases:
        return _named_tuple(it, node, attributes)
    if any(issubclass(base, enum.Enum) for base in bases):
        return _enumeration(it, node, frame, bases)
    kept = tuple(b for b in bases if b not in (typing.Generic, typing.Protocol))
    for base in kept:
        if "__init_subclass__" in {n for c in base.__mro__[:-1] for n in vars(c)}:
            raise UnsupportedSyntaxError(
                f"a subclass of {base.__name__}, which has an __init_subclass__, is defined",
                "define the class at module level",
            )
    cls: type = types.new_class(
        written_name(node), kept, {}, lambda space: space.update(attributes)
    )
    for name, cell in frame.variables.items():
        if name in attributes:
            it.put(cell, _owned(it.state.get(cell), cls))
    _tell_names(it, frame, attributes, cls)
    return cls


def _tell_names(it: Interpreter, frame: Frame, attributes: dict[str, Any], cls: type) -> None:
    """Call ``__set_name__`` of the attributes, as Python does when the class is made."""
    for name, cell in list(frame.variables.items()):
        if isinstance(attributes.get(name), Member):
            method = special(it, it.state.get(cell), "__set_name__")
            if method is not None:
                calls.call(it, method, [Static(cls), Static(name)], {})


def _is_abstract(value: Value) -> bool:
    match value:
        case Closure():
            return value.abstract
        case Descriptor():
            return any(p is not None and _is_abstract(p) for p in (value.fn, value.setter))
    return False


def qualified(outer: Frame, name: str) -> str:
    """The ``__qualname__`` of what is defined in a scope."""
    return f"{outer.qualname}.{'' if outer.is_class else '<locals>.'}{name}"


def _slots(it: Interpreter, frame: Frame) -> tuple[str, ...] | None:
    """What ``__slots__`` in the body of the class names."""
    cell = frame.variables.get("__slots__")
    value = MISSING if cell is None else it.state.get(cell)
    if value is MISSING:
        return None
    if isinstance(value, Static) and isinstance(value.value, str):
        return (private(value.value, frame.name),)
    named = iterables.known_items(it, value, "__slots__")
    names = tuple(private(it.demand(v, "a name in __slots__"), frame.name) for v in named)
    return None if "__dict__" in names else names


def _owned(value: Value, cls: type) -> Value:
    """Let a method know its class, for ``super()``."""
    match value:
        case Closure():
            return dataclasses.replace(value, cls=cls)
        case Partial():
            return Partial(value.fn, tuple(_owned(v, cls) for v in value.args), value.kwargs)
        case Descriptor():
            parts = (value.fn, value.setter, value.deleter)
            fn, setter, deleter = (None if p is None else _owned(p, cls) for p in parts)
            return Descriptor(value.kind, fn, setter, deleter)
    return value


def _annotations(node: Any) -> dict[str, Any]:
    """The annotated names; of the types, dataclasses ask only for those of their own."""
    found: dict[str, Any] = {}
    for part in node.body:
        if isinstance(part, gast.AnnAssign) and isinstance(part.target, gast.Name):
            names = {n.id for n in gast.walk(part.annotation) if isinstance(n, gast.Name)}
            names |= {n.attr for n in gast.walk(part.annotation) if isinstance(n, gast.Attribute)}
            if "InitVar" in names:
                found[part.target.id] = dataclasses.InitVar(object)
            elif "KW_ONLY" in names:
                found[part.target.id] = dataclasses.KW_ONLY
            elif "ClassVar" not in names:
                found[part.target.id] = "object"
    return found


def _named_tuple(it: Interpreter, node: Any, attributes: dict[str, Any]) -> type:
    fields = list(attributes["__annotations__"])
    plain: Any = collections.namedtuple(written_name(node), fields)
    plain.__qualname__ = attributes["__qualname__"]
    plain._field_defaults = {f: attributes[f] for f in fields if f in attributes}
    kept = {k: v for k, v in attributes.items() if k not in fields}
    return types.new_class(written_name(node), (plain,), {}, lambda space: space.update(kept))


def _enumeration(it: Interpreter, node: Any, frame: Frame, bases: tuple[Any, ...]) -> type:
    """An enumeration is a class of constants."""
    values = {}
    for name, cell in frame.variables.items():
        value = it.state.get(cell)
        if isinstance(value, Static) and isinstance(value.value, enum.auto):
            values[name] = value.value
        elif isinstance(value, Closure | Descriptor):
            if name.startswith("_") and name.endswith("_"):
                raise UnsupportedSyntaxError(
                    f"an enumeration with a method {name}() is defined inside the function",
                    "define the class at module level",
                )
            values[name] = Member(cell)
        else:
            values[name] = it.demand(value, "a member of an enumeration")

    def fill(space: Any) -> None:
        for name, value in values.items():
            space[name] = value

    made = types.new_class(written_name(node), bases, {}, fill)
    made.__qualname__ = frame.qualname
    type.__setattr__(made, LOCAL, True)
    return made


# -- decorators -----------------------------------------------------------------------------


def _as_descriptor(function: Any, kind: str) -> None:
    @builtin(function)
    def decorate(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        given = [*args, *kwargs.values()]
        return Descriptor(kind, given[0], given[1] if len(given) > 1 else None)


for _function, _kind in (
    (property, "property"),
    (staticmethod, "static"),
    (classmethod, "class"),
    (functools.cached_property, "cached"),
):
    _as_descriptor(_function, _kind)


@builtin(abc.abstractmethod)
def _abstract(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0]
    match value:
        case Closure():
            return dataclasses.replace(value, abstract=True)
        case Descriptor():
            return dataclasses.replace(value, fn=_abstract(it, [value.fn], {}))
    return value


@builtin(functools.total_ordering)
def _total_ordering(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """Python adds functions of its own to the class, which are read as any others."""
    cls = it.demand(args[0], "a class")
    if is_local(cls):
        containers.computed(it, lambda: functools.total_ordering(cls))
    return args[0]


@builtin(typing.final, typing.runtime_checkable)
def _unchanged(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return args[0]


@builtin(dataclasses.dataclass)
def _dataclass(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not args:
        return Partial(Static(dataclasses.dataclass), (), tuple(kwargs.items()))
    options = {k: it.demand(v, "an option of dataclass()") for k, v in kwargs.items()}
    slots = options.pop("slots", False)
    cls = it.demand(args[0], "a class")
    if not is_local(cls):
        raise UnsupportedSyntaxError(
            "dataclass() of a class that the function did not define",
            "apply it where the class is defined",
        )
    _require_immutable_defaults(it, cls)
    made = containers.computed(it, lambda: dataclasses.dataclass(**options)(cls))
    if slots:
        setattr(made, SLOTS, tuple(field.name for field in dataclasses.fields(made)))
    return Static(made)


def _require_immutable_defaults(it: Interpreter, cls: type) -> None:
    """Refuse a list that all objects of a dataclass would share, as Python does."""
    for name in vars(cls).get("__annotations__", {}):
        held = vars(cls).get(name)
        held = held.default if isinstance(held, dataclasses.Field) else held
        value = it.state.get(held.cell) if isinstance(held, Member) else None
        kind: Any = failing.class_of(it, value) if isinstance(value, Reference) else None
        if kind is not None and kind.__hash__ is None:
            message = f"mutable default {kind} for field {name} is not allowed: use default_factory"
            refusal = UnsupportedTypeError(
                f"the default of the field {name!r} is a {kind.__name__}, which all objects share",
                "write field(default_factory=...)",
            )
            exceptions.may_fail(it, ValueError, message, refusal)


@builtin(enum.auto)
def _auto(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(enum.auto())


@builtin(dataclasses.field)
def _field(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    options: dict[str, Any] = {}
    for name, value in kwargs.items():
        if name in ("default", "default_factory"):
            options[name] = Member(_variable(it, value))
        else:
            options[name] = it.demand(value, "an option of field()")
    return Static(dataclasses.field(**options))


def _variable(it: Interpreter, value: Value) -> Cell:
    """A nameless variable of the class being defined."""
    cell = Cell("default")
    it.frame.variables[f".{id(cell)}"] = cell
    it.put(cell, value)
    return cell


@builtin(collections.namedtuple)
def _namedtuple(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(("typename", "field_names"), args, strict=False)) | kwargs
    fields, defaults = given["field_names"], given.get("defaults")
    items = None if isinstance(fields, Static) else containers.static_items(it, fields)
    what = "the fields of namedtuple()"
    names = it.demand(fields, what) if items is None else [it.demand(v, what) for v in items]
    made: Any = collections.namedtuple(it.demand(given["typename"], "a name"), names)
    values = [] if defaults is None else iterables.known_items(it, defaults, "defaults=")
    last = made._fields[len(made._fields) - len(values) :]
    members = (Member(_variable(it, v)) for v in values)
    made._field_defaults = dict(zip(last, members, strict=True))
    return Static(made)


statement("ClassDef")(exec_class)
