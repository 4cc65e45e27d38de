"""Objects made by the program: what calling a class does."""

from __future__ import annotations

import dataclasses
import enum
import types
from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np

from sorix.compiler.frontend import (
    array_making,
    calls,
    classes,
    containers,
    exceptions,
    iterables,
    numpy_calls,
    special_results,
    taken_out,
)
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.inputs import ById, Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    DictContent,
    InstanceContent,
    Kwargs,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.frontend.wording import Approximate
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedCallError, UnsupportedTypeError


def construct(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """Call a class."""
    cls = fn.value
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple(it, cls, args, kwargs)
    if issubclass(cls, enum.Enum):
        given = [it.demand(a, "the value of a member of an enumeration") for a in args]
        return Static(containers.computed(it, lambda: cls(*given)))
    if type(cls).__call__ is not type.__call__:
        raise UnsupportedCallError(
            f"the class {cls.__name__} is called, whose metaclass says what that does",
            "make the object outside of the function",
        )
    if cls is np.ndarray:
        return _uninitialised(it, args, kwargs)
    if issubclass(cls, np.generic):
        given = taken_out.number_of(it, args[0]) if args else Const(0)
        return array_making.cast(it, given, Const(cls))
    if cls is types.SimpleNamespace and not args:
        return _namespace(it, kwargs)
    if issubclass(cls, BaseException) and not kwargs:
        return new_exception(it, cls, tuple(args))
    if cls.__module__.split(".")[0] in ("builtins", "numpy"):
        return calls.call_opaque(it, fn, args, kwargs)
    owner = _allocated(it, fn, args, kwargs)
    content = containers.content_of(it, owner)
    if isinstance(content, InstanceContent | DictContent) and issubclass(content.cls, cls):
        held = it.hold(owner)
        _initialise(it, owner, content.cls, args, kwargs)
        return it.release(held)
    return owner


def _namespace(it: Interpreter, kwargs: Kwargs) -> Reference:
    """``SimpleNamespace(k=v)``: an object with these fields, and no more."""
    cell = Cell("namespace")
    it.put(cell, InstanceContent(types.SimpleNamespace, dict(kwargs)))
    return Reference(cell)


def _uninitialised(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """``np.ndarray(shape, dtype)``."""
    if len(args) > 2 or not kwargs.keys() <= {"shape", "dtype"}:
        raise UnsupportedCallError(
            "np.ndarray() makes an array of the memory of another",
            "take a view by an index or by reshape()",
        )
    named = dict(zip(("shape", "dtype"), args, strict=False)) | kwargs
    return numpy_calls.call_primitive(it, np.empty, [named.pop("shape")], named)


def new_object(it: Interpreter, cls: type) -> Reference:
    """What ``object.__new__`` makes."""
    abstract = sorted(getattr(cls, "__abstractmethods__", ()))
    if abstract:
        message = f"Can't instantiate abstract class {cls.__name__}"
        refusal = UnsupportedTypeError(
            f"the class {cls.__name__} lacks {abstract[0]}()", "define the method in the class"
        )
        exceptions.may_fail(it, TypeError, Approximate(message), refusal)
    if issubclass(cls, dict) and cls.__module__ != "collections":
        return containers.new_dict(it, [], cls)
    if not cls.__flags__ & _HEAP_TYPE or _is_closed(cls):
        raise UnsupportedTypeError(
            f"an object of class {cls.__name__} is made", "make it outside the function"
        )
    cell = Cell(cls.__name__.lower())
    it.put(cell, InstanceContent(cls))
    return Reference(cell)


_HEAP_TYPE = 1 << 9
"""The flag of classes that are made while Python runs."""


def _is_closed(cls: type) -> bool:
    """Whether objects of the class hold more than the fields that Python code gives them."""
    return any(issubclass(cls, kind) for kind in (int, float, str, bytes, tuple, list, set, dict))


def _allocated(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    found = classes.on_class(it, fn.value, "__new__")
    if found is not None and found.kind in ("static", "function"):
        return calls.call(it, found.value, [fn, *args], kwargs)
    return new_object(it, fn.value)


def _initialise(
    it: Interpreter, owner: Value, cls: type, args: list[Value], kwargs: Kwargs
) -> None:
    init = classes.on_class(it, cls, "__init__")
    if init is not None and init.kind == "function":
        if dataclasses.is_dataclass(cls) and classes.is_generated(init.value):
            assert isinstance(owner, Reference)
            _init_dataclass(it, owner, cls, args, kwargs)
        else:
            found = calls.call(it, init.value, [owner, *args], kwargs)
            special_results.required(it, "__init__", found)
    elif issubclass(cls, dict):
        calls.call(it, Static(dict.__init__), [owner, *args], kwargs)
    elif (args or kwargs) and classes.on_class(it, cls, "__new__").kind == "builtin":
        raise UnsupportedTypeError(
            f"the class {cls.__name__} cannot be constructed here",
            "give the class an __init__ with these arguments",
        )


def new_exception(it: Interpreter, cls: type, args: tuple[Value, ...]) -> Reference:
    """An exception as an object of the program; `MADE` are the arguments of the class."""
    cell = Cell("error")
    it.put(cell, InstanceContent(cls, {"args": Sequence(args), MADE: Sequence(args)}))
    owner = Reference(cell)
    init = classes.on_class(it, cls, "__init__")
    if init is not None and init.kind == "function":
        calls.call(it, init.value, [owner, *args], {})
    return owner


MADE = ".made"
"""The name of a field that no program can read."""


# -- generated constructors -----------------------------------------------------------------


def _named_tuple(it: Interpreter, cls: Any, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given(it, cls, cls._fields, args, kwargs)
    items = []
    for name in cls._fields:
        if name in given:
            items.append(given[name])
        elif name in cls._field_defaults:
            path = _constant(cls).attr("_field_defaults").item(name)
            items.append(default(it, cls._field_defaults[name], path))
        else:
            _refuse_lacking(it, cls, name)
    return Sequence(tuple(items), cls)


def made_of(cls: Any, items: Any) -> Any:
    """Stands for the ``_make`` of a named tuple."""


@builtin(made_of)
def _made_of(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    cls, items = args
    return construct(it, cls, list(iterables.known_items(it, items, "_make()")), {})


def _given(
    it: Interpreter, cls: type, names: Iterable[str], args: list[Value], kwargs: Kwargs
) -> Kwargs:
    """The arguments by name."""
    names = tuple(names)
    unknown = [k for k in kwargs if k not in names or k in names[: len(args)]]
    if len(args) > len(names) or unknown:
        what = f"an argument {unknown[0]!r}" if unknown else f"{len(args)} arguments"
        _refuse_given(it, cls, what)
    return dict(zip(names, args, strict=False)) | kwargs


def _refuse_given(it: Interpreter, cls: type, what: str) -> NoReturn:
    reason = f"{cls.__name__}() is called with {what}"
    refusal = UnsupportedCallError(reason, "give the arguments that the class takes")
    exceptions.may_fail(it, TypeError, Approximate(reason), refusal)


def _constant(value: Any) -> Path:
    return Path(("constant", ById(value), getattr(value, "__name__", "default")))


def default(it: Interpreter, value: Any, path: Path) -> Value:
    """The default of a field."""
    if isinstance(value, classes.Member):
        return it.state.get(value.cell)
    if value is None or isinstance(value, bool | int | float | str):
        return containers.lift_constant(value)
    return it.inputs.lift(value, path)


def _init_dataclass(
    it: Interpreter, owner: Reference, cls: Any, args: list[Value], kwargs: Kwargs
) -> None:
    """What the generated ``__init__`` of a dataclass does."""
    every = [f for f in cls.__dataclass_fields__.values() if not _is_class_variable(f)]
    names = [f.name for f in every if f.init and not f.kw_only]
    by_name = [f.name for f in every if f.init and f.kw_only]
    if len(args) > len(names):
        _refuse_given(it, cls, f"{len(args)} arguments")
    given = _given(it, cls, [*names, *by_name], args, kwargs)
    passed: list[Value] = []
    values: dict[str, Value] = {}
    for field in every:
        value = _field_value(it, cls, field, given)
        if _is_init_only(field):
            passed.append(value if value is not None else NONE)
        elif value is not None:
            values[field.name] = value
    it.put(owner.cell, InstanceContent(cls, values))
    post = classes.on_class(it, cls, "__post_init__")
    if post is not None:
        calls.call(it, post.value, [owner, *passed], {})


def _field_value(it: Interpreter, cls: Any, field: Any, given: Kwargs) -> Value | None:
    if field.init and field.name in given:
        return given[field.name]
    if field.default is not dataclasses.MISSING:
        return default(it, field.default, _constant(field).attr("default"))
    if field.default_factory is not dataclasses.MISSING:
        path = _constant(field).attr("default_factory")
        return calls.call(it, default(it, field.default_factory, path), [], {})
    if field.init:
        _refuse_lacking(it, cls, field.name)
    return None


def _refuse_lacking(it: Interpreter, cls: type, name: str) -> NoReturn:
    reason = f"{cls.__name__}() is called without {name!r}"
    refusal = UnsupportedTypeError(reason, "give it, or give the field a default")
    exceptions.may_fail(it, TypeError, Approximate(reason), refusal)


def _is_class_variable(field: Any) -> bool:
    return field._field_type.name == "_FIELD_CLASSVAR"


def _is_init_only(field: Any) -> bool:
    return field._field_type.name == "_FIELD_INITVAR"
