"""Objects of classes written in Python: attributes, methods, construction, super()."""

from __future__ import annotations

import dataclasses
import enum
import types
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import arrays, calls, containers, exceptions, expressions, numpy_calls
from sorix.compiler.frontend.inputs import ById, Path
from sorix.compiler.frontend.interpreter import Interpreter, describe
from sorix.compiler.frontend.values import (
    Array,
    Bound,
    Cell,
    Closure,
    InstanceContent,
    Kwargs,
    Maybe,
    MethodOf,
    Reference,
    Sequence,
    SliceValue,
    Static,
    SuperValue,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num, Opaque
from sorix.errors import UnsupportedSyntaxError, UnsupportedTypeError
from sorix.primitives.methods import PROPERTIES


def attribute(it: Interpreter, owner: Value, name: str) -> Value:
    """``owner.name``."""
    match owner:
        case Maybe():
            return attribute(it, owner.value, name)
        case Static():
            return _static_attribute(it, owner, name)
        case Array():
            return _array_attribute(it, owner, name)
        case Tensor():
            return _tensor_attribute(it, owner, name)
        case Var() | Const():
            return _number_attribute(it, owner, name)
        case Reference():
            return _reference_attribute(it, owner, name)
        case Sequence():
            return _sequence_attribute(it, owner, name)
        case SuperValue():
            return _super_attribute(it, owner, name)
        case SliceValue() if name in ("start", "stop", "step"):
            return getattr(owner, name)
        case Closure() if name == "__name__":
            return Static(owner.name)
    return MethodOf(owner, name)


def _static_attribute(it: Interpreter, owner: Static, name: str) -> Value:
    target = owner.value
    try:
        value = getattr(target, name)
    except AttributeError:
        raise UnsupportedTypeError(f"{target!r} has no attribute {name!r}") from None
    if isinstance(target, types.ModuleType):
        if target.__name__.split(".")[0] in ("numpy", "math"):
            return containers.lift_constant(value)
        return it.inputs.lift(value, Path(("global", ById(vars(target)), name)))
    if isinstance(target, str | bytes):
        return MethodOf(owner, name)
    if isinstance(target, type):
        path = Path(("constant", ById(target), target.__name__)).attr(name)
        return _lifted(it, value, path)
    if owner.path is not None:
        return _lifted(it, value, owner.path.attr(name))
    return containers.lift_constant(value)


def _lifted(it: Interpreter, value: Any, path: Path) -> Value:
    if isinstance(value, types.MethodType | types.BuiltinMethodType):
        return Static(value, path)
    return it.inputs.lift(value, path)


# -- arrays and numbers ---------------------------------------------------------------------


def _array_attribute(it: Interpreter, owner: Array, name: str) -> Value:
    if name in ("T", "mT"):
        return arrays.view(it, owner, PROPERTIES[name])
    if name == "shape":
        return shape_of(it, owner)
    if name in PROPERTIES:
        return property_of(it, owner, name)
    if name == "flat":
        return arrays.view(it, owner, np.ravel)
    if name in ("real", "imag"):
        return owner if name == "real" else it.emit(np.zeros_like, it.read(owner))
    return MethodOf(owner, name)


def property_of(it: Interpreter, owner: Value, name: str) -> Value:
    atom = it.read(owner)
    type_ = atom.type if isinstance(atom, Var | Const) else Opaque()
    if isinstance(type_, Num):
        if name == "dtype" and type_.dtype is not None:
            return Static(np.dtype(type_.dtype))
        if name == "ndim" and type_.rank is not None:
            return Const(type_.rank)
    fn = PROPERTIES[name]
    return it.atom(fn, atom, hint=name if name != "T" else "t")


def shape_of(it: Interpreter, owner: Value) -> Value:
    """The shape as a tuple of integers, known ones constant."""
    atom = it.read(owner)
    type_ = atom.type if isinstance(atom, Var | Const) else Opaque()
    if not isinstance(type_, Num) or type_.shape is None:
        return it.builder.call(np.shape, atom, hint="shape")
    sizes = (it.atom(np.size, atom, Const(k), hint="n") for k in range(len(type_.shape)))
    return Sequence(tuple(sizes))


def _tensor_attribute(it: Interpreter, owner: Tensor, name: str) -> Value:
    match name:
        case "data":
            return expressions.stopped(it, owner.value) if owner.requires_grad else owner.value
        case "requires_grad":
            return Const(owner.requires_grad)
        case "T" | "mT":
            return arrays.view(it, owner, PROPERTIES[name])
        case "shape":
            return shape_of(it, owner)
        case "ndim" | "size" | "dtype":
            if name == "size":
                return MethodOf(owner, name)
            return property_of(it, owner, name)
        case "grad":
            raise UnsupportedSyntaxError(
                "the .grad of a tensor is read inside a compiled function",
                "use the gradients that sorix.grad() returns",
            )
    return MethodOf(owner, name)


def _number_attribute(it: Interpreter, owner: Value, name: str) -> Value:
    type_ = it.type_of(owner)
    if isinstance(type_, Num):
        if name == "T" or name == "real":
            return owner
        if name == "imag":
            return Const(0.0)
        if name == "shape" and type_.rank == 0:
            return Sequence(())
        if name in ("ndim", "size", "dtype"):
            return property_of(it, owner, name)
        return MethodOf(owner, name)
    if isinstance(owner, Var):
        return MethodOf(owner, name)
    return MethodOf(owner, name)


# -- instances ------------------------------------------------------------------------------


def _reference_attribute(it: Interpreter, owner: Reference, name: str) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, InstanceContent):
        return _instance_attribute(it, owner, content, name)
    return MethodOf(owner, name)


def _instance_attribute(
    it: Interpreter, owner: Reference, content: InstanceContent, name: str
) -> Value:
    on_class = _class_attribute(content.cls, name)
    if isinstance(on_class, property):
        return calls.call_function(it, on_class.fget, [owner], {})  # type: ignore[arg-type]
    if name in content.fields:
        return it.present(content.fields[name])
    if name == "__class__":
        return Static(content.cls)
    if name == "__dict__":
        return _fields_dict(it, content)
    if content.external is not None:
        found = _external_field(it, content, name)
        if found is not None:
            return found
    if on_class is not _ABSENT:
        return _bound(it, owner, content.cls, name, on_class)
    getter = _class_attribute(content.cls, "__getattr__")
    if getter is not _ABSENT:
        return calls.call_function(it, getter, [owner, Static(name)], {})
    raise UnsupportedTypeError(f"an object of class {content.cls.__name__} has no field {name!r}")


def _external_field(it: Interpreter, content: InstanceContent, name: str) -> Value | None:
    external = content.external
    fields = getattr(external, "__dict__", {})
    if name in fields:
        return it.inputs.lift(fields[name], content.path.attr(name))
    slot = _class_attribute(content.cls, name)
    if isinstance(slot, types.MemberDescriptorType):
        return it.inputs.lift(getattr(external, name), content.path.attr(name))
    return None


def _fields_dict(it: Interpreter, content: InstanceContent) -> Value:
    return containers.new_dict(it, list(fields_of(it, content).items()))


def fields_of(it: Interpreter, content: InstanceContent) -> dict[str, Value]:
    """The fields of an object, in the order of its ``__dict__``."""
    items = {}
    for name in getattr(content.external, "__dict__", {}):
        found = content.fields.get(name) or _external_field(it, content, name)
        if found is not None:
            items[name] = found
    return items | {n: v for n, v in content.fields.items() if n not in items}


def written_method(cls: type, name: str) -> bool:
    """Whether the class has such a method, written in Python."""
    return isinstance(_class_attribute(cls, name), types.FunctionType)


class _Absent:
    pass


_ABSENT = _Absent()


def _class_attribute(cls: type, name: str, after: type | None = None) -> Any:
    """The attribute as it stands on the class (not bound), past `after` where given."""
    order = cls.__mro__
    if after is not None:
        order = order[order.index(after) + 1 :]
    for base in order:
        if name in vars(base):
            return vars(base)[name]
    return _ABSENT


def _bound(it: Interpreter, owner: Value, cls: type, name: str, found: Any) -> Value:
    if isinstance(found, staticmethod):
        return Static(found.__func__)
    if isinstance(found, classmethod):
        return Bound(Static(found.__func__), Static(cls))
    if isinstance(found, types.FunctionType):
        return Bound(Static(found), owner)
    if isinstance(found, types.WrapperDescriptorType | types.MethodDescriptorType):
        return MethodOf(owner, name)
    if hasattr(found, "__sorix_wrapped__"):
        return Bound(Static(found.__sorix_wrapped__), owner)
    if hasattr(found, "__get__") and not isinstance(found, type):
        return _descriptor(it, owner, cls, name, found)
    return it.inputs.lift(found, Path(("constant", ById(cls), cls.__name__)).attr(name))


def _descriptor(it: Interpreter, owner: Value, cls: type, name: str, found: Any) -> Value:
    fn = getattr(found, "func", None)
    if isinstance(fn, types.FunctionType):
        value = calls.call_function(it, fn, [owner], {})
        set_attribute(it, owner, name, value)
        return value
    raise UnsupportedTypeError(f"the attribute {name!r} of {cls.__name__} is a descriptor")


def set_attribute(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    """``owner.name = value``."""
    if isinstance(owner, Maybe):
        owner = owner.value
    content = containers.content_of(it, owner)
    if not isinstance(content, InstanceContent):
        _set_array_attribute(it, owner, name, value)
        return
    assert isinstance(owner, Reference)
    setter = _class_attribute(content.cls, name)
    if isinstance(setter, property):
        if setter.fset is None:
            raise UnsupportedTypeError(f"the property {name!r} cannot be set")
        calls.call_function(it, setter.fset, [owner, value], {})  # type: ignore[arg-type]
        return
    if dataclasses.is_dataclass(content.cls) and _is_frozen(content.cls) and name in content.fields:
        refusal = UnsupportedTypeError(f"the field {name!r} of a frozen dataclass is assigned")
        message = f"cannot assign to field {name!r}"
        exceptions.may_fail(it, dataclasses.FrozenInstanceError, message, refusal)
    hook = _class_attribute(content.cls, "__setattr__")
    if isinstance(hook, types.FunctionType) and not _generated_method(hook):
        if content.external is not None:
            raise UnsupportedSyntaxError(
                f"the field {name!r} of an object of the caller's is assigned",
                "return the new value, and let the caller assign it",
            )
        if hook.__module__.split(".")[0] != "sorix":
            calls.call_function(it, hook, [owner, Static(name), value], {})
            return
    set_field(it, owner, name, value)


def _generated_method(method: types.FunctionType) -> bool:
    return method.__code__.co_filename.startswith("<")


def set_field(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    """What ``object.__setattr__`` does."""
    content = containers.content_of(it, owner)
    if not isinstance(owner, Reference) or not isinstance(content, InstanceContent):
        raise UnsupportedTypeError(f"a field of {describe(owner)} is set")
    containers.writable(it, owner)
    it.state.set(owner.cell, content.with_field(name, it.named(value, name)))


def delete_attribute(it: Interpreter, owner: Value, name: str) -> None:
    """``del owner.name``."""
    content = containers.content_of(it, owner)
    known = isinstance(content, InstanceContent) and content.external is None
    if not known or written_method(content.cls, "__delattr__") or name not in content.fields:
        raise UnsupportedSyntaxError(
            f"the attribute {name!r} of {describe(owner)} is deleted", "set it to None"
        )
    assert isinstance(owner, Reference)
    containers.writable(it, owner)
    fields = {k: v for k, v in content.fields.items() if k != name}
    it.state.set(owner.cell, dataclasses.replace(content, fields=fields))


def new_object(it: Interpreter, cls: type) -> Reference:
    """What ``object.__new__`` makes."""
    cell = Cell(cls.__name__.lower())
    it.state.set(cell, InstanceContent(cls))
    return Reference(cell)


def _is_frozen(cls: type) -> bool:
    return bool(getattr(cls, "__dataclass_params__").frozen)  # noqa: B009


def _set_array_attribute(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    if name == "shape" and isinstance(owner, Array):
        raise UnsupportedSyntaxError("the shape of an array is assigned", "a = a.reshape(...)")
    if isinstance(owner, Array) and name in ("flat", "real"):
        arrays.write(
            it,
            owner,
            Const(Ellipsis),
            it.atom(support.reshape_like, it.read(value), it.read(owner)),
        )
        return
    raise UnsupportedSyntaxError(
        f"the attribute {name!r} of {describe(owner)} is assigned",
        "use a local variable, and return it",
    )


# -- construction ---------------------------------------------------------------------------


def construct(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """Call a class."""
    cls = fn.value
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple(it, cls, args, kwargs)
    if issubclass(cls, enum.Enum):
        return Static(cls(it.demand(args[0], "the value of a member of an enumeration")))
    if issubclass(cls, np.generic) or cls is np.ndarray:
        return numpy_calls.cast(it, args[0] if args else Const(0), Const(cls))
    if issubclass(cls, BaseException) or cls.__module__.split(".")[0] in ("builtins", "numpy"):
        return calls.call_opaque(it, fn, args, kwargs)
    custom = _class_attribute(cls, "__new__")
    if isinstance(custom, staticmethod | types.FunctionType):
        raise UnsupportedTypeError(f"the class {cls.__name__} defines __new__")
    cell = Cell(cls.__name__.lower())
    it.state.set(cell, InstanceContent(cls))
    owner = Reference(cell)
    if dataclasses.is_dataclass(cls) and "__init__" in vars(cls) and _generated(cls):
        _init_dataclass(it, owner, cls, args, kwargs)
        return owner
    init = _class_attribute(cls, "__init__")
    if isinstance(init, types.FunctionType):
        calls.call_function(it, init, [owner, *args], kwargs)
    elif args or kwargs:
        raise UnsupportedTypeError(f"the class {cls.__name__} cannot be constructed here")
    return owner


def init_exception(it: Interpreter, owner: Reference, cls: type, args: tuple[Value, ...]) -> None:
    """What the ``__init__`` of an exception class of the program's does."""
    init = _class_attribute(cls, "__init__")
    if isinstance(init, types.FunctionType):
        calls.call_function(it, init, [owner, *args], {})


def _generated(cls: Any) -> bool:
    code = getattr(vars(cls)["__init__"], "__code__", None)
    return code is not None and code.co_filename.startswith("<")


def _named_tuple(it: Interpreter, cls: Any, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(cls._fields, args, strict=False)) | kwargs
    items = []
    for name in cls._fields:
        if name in given:
            items.append(given[name])
        elif name in cls._field_defaults:
            items.append(containers.lift_constant(cls._field_defaults[name]))
        else:
            raise UnsupportedTypeError(f"{cls.__name__}() is called without {name!r}")
    return Sequence(tuple(items), cls)


def _init_dataclass(
    it: Interpreter, owner: Reference, cls: Any, args: list[Value], kwargs: Kwargs
) -> None:
    """What the generated ``__init__`` of a dataclass does."""
    fields = [f for f in dataclasses.fields(cls) if f.init]
    given = dict(zip([f.name for f in fields if not f.kw_only], args, strict=False)) | kwargs
    values: dict[str, Value] = {}
    for field in dataclasses.fields(cls):
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.default is not dataclasses.MISSING:
            values[field.name] = containers.lift_constant(field.default)
        elif field.default_factory is not dataclasses.MISSING:
            values[field.name] = calls.call(it, Static(field.default_factory), [], {})
        elif field.init:
            raise UnsupportedTypeError(f"{cls.__name__}() is called without {field.name!r}")
    it.state.set(owner.cell, InstanceContent(cls, values))
    post = _class_attribute(cls, "__post_init__")
    if isinstance(post, types.FunctionType):
        calls.call_function(it, post, [owner], {})


def _sequence_attribute(it: Interpreter, owner: Sequence, name: str) -> Value:
    fields = getattr(owner.cls, "_fields", ())
    if name in fields:
        return owner.items[fields.index(name)]
    found = _class_attribute(owner.cls, name)
    if isinstance(found, property):
        return calls.call_function(it, found.fget, [owner], {})  # type: ignore[arg-type]
    if isinstance(found, types.FunctionType) and name not in ("_replace", "_asdict"):
        return Bound(Static(found), owner)
    return MethodOf(owner, name)


def super_value(it: Interpreter) -> Value:
    """``super()`` without arguments: from the class whose method this is, on its first argument."""
    frame = it.frame
    if frame.owner_class is None:
        raise UnsupportedTypeError("super() is called outside a method")
    first = frame.node.args.args[0].id
    return SuperValue(it.load(first), frame.owner_class)


def _super_attribute(it: Interpreter, owner: SuperValue, name: str) -> Value:
    content = containers.content_of(it, owner.owner)
    cls = content.cls if isinstance(content, InstanceContent) else owner.after
    found = _class_attribute(cls, name, owner.after)
    if isinstance(found, property):
        return calls.call_function(it, found.fget, [owner.owner], {})  # type: ignore[arg-type]
    if isinstance(found, types.FunctionType):
        return Bound(Static(found), owner.owner)
    if name == "__init__":
        return Static(_nothing)
    if name == "__setattr__":
        return Bound(Static(object.__setattr__), owner.owner)
    raise UnsupportedTypeError(f"super() has no {name!r} that can be followed")


def _nothing(*args: object, **kwargs: object) -> None:
    """What ``object.__init__`` does."""
