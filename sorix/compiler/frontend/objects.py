"""Attributes of every kind of value."""

from __future__ import annotations

import dataclasses
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    absent,
    arrays,
    calls,
    chosen_members,
    classes,
    construction,
    containers,
    descriptors,
    exceptions,
    expressions,
    failing,
    memoised,
    subscripts,
    superclasses,
    texts,
    unassigned,
    wording,
    writing,
)
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import ById, Guard, Path, slots_of
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    MISSING,
    NONE,
    Array,
    Bound,
    Cell,
    Choice,
    Closure,
    DictContent,
    InstanceContent,
    Lazy,
    Maybe,
    MethodOf,
    Partial,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    SuperValue,
    Tensor,
    Torn,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num, Opaque
from sorix.errors import StructureError, UnsupportedSyntaxError, UnsupportedTypeError
from sorix.primitives.methods import PROPERTIES


def attribute(it: Interpreter, owner: Value, name: str) -> Value:
    """``owner.name``."""
    match owner:
        case Maybe():
            there = absent.value_of(it, owner, AttributeError, getattr, None, name)
            return attribute(it, there, name)
        case Sequence() if name == "__class__":
            return Static(owner.cls)
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
            return superclasses.attribute(it, owner, name)
        case Partial() if memoised.is_remembered(owner):
            return memoised.attribute(it, owner, name)
        case SliceValue() | RangeValue() if name in ("start", "stop", "step"):
            return getattr(owner, name)
        case Closure() if name == "__name__":
            return Static(owner.name)
        case Closure() if name == "__qualname__":
            return Static(calls.qualified_name(owner))
        case Closure():
            return _of_function(it, owner, name, lambda found: _found(it, owner, name, found))
        case Bound() | MethodOf() if name == "__self__":
            return owner.owner
        case Bound() if name == "__func__":
            return owner.fn
        case Partial() if name in ("func", "args"):
            return owner.fn if name == "func" else Sequence(owner.args)
        case Bound() | MethodOf() | Partial() | Choice():
            raise failing.not_followed(it, owner, name)
    return failing.method_of(it, owner, name)


def _found(it: Interpreter, fn: Closure, name: str, found: Value | None) -> Value:
    if found is None:
        refusal = UnsupportedTypeError(f"{fn.name}() has no attribute {name!r}", "check the name")
        message = f"'function' object has no attribute {name!r}"
        exceptions.may_fail(it, AttributeError, message, refusal)
    return found


def _static_attribute(it: Interpreter, owner: Static, name: str) -> Value:
    target = owner.value
    try:
        value = getattr(target, name)
    except AttributeError as error:
        if hasattr(target, "__dict__"):
            path = owner.path or calls.object_path(target)
            it.inputs.guards.append(Guard(path, "has", (name, False)))
        refusal = UnsupportedTypeError(
            f"{describe(owner, it)} has no attribute {name!r}", "check the name"
        )
        exceptions.may_fail(it, AttributeError, str(error), refusal)
    if isinstance(target, types.ModuleType):
        if target.__name__.split(".")[0] in ("numpy", "math"):
            return containers.lift_constant(value)
        return it.inputs.lift(value, Path(("global", ById(vars(target)), name)))
    if isinstance(target, str | bytes) and name != "__class__":
        return MethodOf(owner, name)
    if isinstance(target, type):
        if name == "_make" and hasattr(target, "_fields") and issubclass(target, tuple):
            return Partial(Static(construction.made_of), (owner,), ())
        if any(classes.is_local(base) for base in target.__mro__):
            return _local_class_attribute(it, owner, target, name)
        path = Path(("constant", ById(target), target.__name__)).attr(name)
        return _lifted(it, value, path)
    if classes.is_local(type(target)):
        found = classes.on_class(it, type(target), name)
        if found is not None and found.kind in ("function", "property", "class", "static"):
            return classes.bind(it, owner, type(target), name, found)
    if owner.path is not None:
        return _lifted(it, value, owner.path.attr(name))
    return containers.lift_constant(value)


def _local_class_attribute(it: Interpreter, owner: Static, cls: type, name: str) -> Value:
    """``C.name`` of a class that the program defines."""
    found = classes.on_class(it, cls, name)
    if found is None or found.kind in ("builtin", "slot"):
        return containers.lift_constant(getattr(cls, name))
    if found.kind in ("function", "static"):
        return found.value
    if found.kind == "class":
        return Bound(found.value, owner)
    if found.kind == "data":
        return classes.data(it, cls, name, found)
    if found.kind == "descriptor":
        return descriptors.read(it, NONE, cls, name, found.value)
    raise UnsupportedTypeError(
        f"{cls.__name__}.{name} is a descriptor", "use a property or a field"
    )


def _lifted(it: Interpreter, value: Any, path: Path) -> Value:
    if isinstance(value, types.MethodType):
        it.inputs.guards.append(Guard(path.attr("__func__"), "is", value.__func__))
    if isinstance(value, types.MethodType | types.BuiltinMethodType):
        return Static(value, path)
    return it.inputs.lift(value, path)


# -- arrays and numbers ---------------------------------------------------------------------


def _array_attribute(it: Interpreter, owner: Array, name: str) -> Value:
    if name == "mT":
        return arrays.view(it, owner, np.swapaxes, Const(-2), Const(-1))
    if name == "T":
        return arrays.view(it, owner, np.transpose)
    if name == "shape":
        return shape_of(it, owner)
    if name in PROPERTIES:
        return property_of(it, owner, name)
    if name == "flat":
        return arrays.flat_view(owner)
    if name in ("itemsize", "nbytes"):
        return _bytes_of(it, owner, name)
    if name == "strides":
        raise UnsupportedTypeError(
            "the strides of an array say how it lies in memory, which is not followed",
            "of windows, call np.lib.stride_tricks.sliding_window_view(); of shapes, use a.shape",
        )
    if name in ("real", "imag"):
        return owner if name == "real" else it.emit(np.zeros_like, it.read(owner))
    return failing.method_of(it, owner, name)


def _bytes_of(it: Interpreter, owner: Value, name: str) -> Value:
    type_ = it.type_of(owner)
    if not isinstance(type_, Num) or type_.dtype is None:
        raise UnsupportedTypeError(
            f"the {name} of an array of unknown dtype", "say which it is: x.astype(np.float64)"
        )
    size = Const(np.dtype(type_.dtype).itemsize)
    if name == "itemsize":
        return size
    return it.atom(operator.mul, it.atom(np.size, it.read(owner)), size)


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
            return property_of(it, owner, name)
        case "grad":
            raise UnsupportedSyntaxError(
                "the .grad of a tensor is read inside a compiled function",
                "use the gradients that sorix.grad() returns",
            )
    return failing.method_of(it, owner, name)


def _number_attribute(it: Interpreter, owner: Value, name: str) -> Value:
    type_ = it.type_of(owner)
    if isinstance(type_, Num):
        failing.require_attribute(it, owner, name)
        if name in ("T", "real", "numerator"):
            return owner
        if name in ("imag", "denominator"):
            return Const(1 if name == "denominator" else 0.0)
        if name == "shape" and type_.rank == 0:
            return Sequence(())
        if name in ("ndim", "size", "dtype"):
            return property_of(it, owner, name)
        return failing.method_of(it, owner, name)
    if chosen_members.is_of_enumeration(it, owner):
        return chosen_members.attribute(it, owner, name)
    return MethodOf(owner, name)


# -- instances ------------------------------------------------------------------------------


def _reference_attribute(it: Interpreter, owner: Reference, name: str) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, InstanceContent):
        return unassigned.decided(it, owner, name, lambda o: _instance_attribute(it, o, name))
    cls = classes.class_of_object(it, owner)
    if cls is None:
        return failing.method_of(it, owner, name)
    found = classes.on_class(it, cls, name)
    if found is not None:
        return classes.bind(it, owner, cls, name, found)
    getter = classes.written(it, cls, "__getattr__")
    if getter is None:
        message = f"{cls.__name__!r} object has no attribute {name!r}"
        refusal = UnsupportedTypeError(
            f"an object of class {cls.__name__} has no field {name!r}",
            "set the field before it is read",
        )
        exceptions.may_fail(it, AttributeError, message, refusal)
    return calls.call(it, getter, [owner, Static(name)], {})


def _instance_attribute(it: Interpreter, owner: Value, name: str) -> Value:
    content = containers.content_of(it, owner)
    if classes.says_all(content.cls):
        return _by_getattribute(it, owner, content.cls, name)
    return found_attribute(it, owner, content, name)


def _by_getattribute(it: Interpreter, owner: Value, cls: type, name: str) -> Value:
    """What a class says of every attribute of its objects."""
    if classes.written(it, cls, "__getattr__") is not None:
        raise UnsupportedTypeError(
            f"the class {cls.__name__} has both __getattribute__ and __getattr__",
            "say in one of them what an attribute is",
        )
    return calls.call_method(it, owner, "__getattribute__", [Static(name)], {})


def found_attribute(it: Interpreter, owner: Value, content: InstanceContent, name: str) -> Value:
    """What ``object.__getattribute__`` finds, and ``__getattr__`` where that finds nothing."""
    found = classes.on_class(it, content.cls, name)
    if found is not None and descriptors.comes_first(it, found):
        return classes.bind(it, owner, content.cls, name, found)
    if name in content.fields:
        if name == "args" and isinstance(content.fields[name], Sequence):
            for argument in content.fields[name].items:
                texts.require_exact(argument)
        return it.present(content.fields[name])
    if name == "__class__":
        return Static(content.cls)
    if name in _CHAIN and issubclass(content.cls, BaseException):
        raise UnsupportedSyntaxError(
            f"the {name} of an exception is read, and which one was handled is not followed",
            "keep what you need of the first exception in a variable",
        )
    if name == "__dict__" and classes.has_dict(content.cls):
        return Lazy("fields", (owner,))
    if content.external is not None:
        field = _external_field(it, content, name)
        if field is not None:
            return field
        _note_absence(it, content, name)
    if found is not None and found.kind != "slot":
        return classes.bind(it, owner, content.cls, name, found)
    getter = classes.written(it, content.cls, "__getattr__")
    if getter is not None:
        return calls.call(it, getter, [owner, Static(name)], {})
    message = f"{content.cls.__name__!r} object has no attribute {name!r}"
    refusal = UnsupportedTypeError(
        f"an object of class {content.cls.__name__} has no field {name!r}",
        "set the field before it is read",
    )
    exceptions.may_fail(it, AttributeError, message, refusal)
    return None


_CHAIN = ("__cause__", "__context__", "__suppress_context__", "__traceback__", "with_traceback")
"""What Python sets where an exception is raised."""


def _note_absence(it: Interpreter, content: InstanceContent, name: str) -> None:
    """Let later calls find that an object of the caller's has no field of this name.

    The special methods are looked up on the class, whatever the object has.
    """
    special = name.startswith("__") and name.endswith("__")
    if not special and hasattr(content.external, "__dict__"):
        it.inputs.guards.append(Guard(content.path, "lacks", name))


def _external_field(it: Interpreter, content: InstanceContent, name: str) -> Value | None:
    external = content.external
    fields = getattr(external, "__dict__", {})
    if name in fields:
        return it.inputs.lift(fields[name], content.path.attr(name))
    slot = classes.on_class(it, content.cls, name)
    if slot is not None and slot.kind == "slot":
        if hasattr(external, name):
            return it.inputs.lift(getattr(external, name), content.path.attr(name))
        it.inputs.guards.append(Guard(content.path, "has", (name, False)))
    return None


def fields_of(it: Interpreter, content: InstanceContent) -> dict[str, Value]:
    """The fields of an object, in the order of its ``__dict__``."""
    items = {}
    if hasattr(content.external, "__dict__"):
        names = tuple(content.external.__dict__)
        it.inputs.guards.append(Guard(content.path.attr("__dict__"), "keys", names))
    for name in getattr(content.external, "__dict__", {}):
        found = content.fields.get(name) or _external_field(it, content, name)
        if found is not None:
            items[name] = found
    return items | {
        n: v for n, v in content.fields.items() if n not in items and not n.startswith(".")
    }


def parts_of(it: Interpreter, content: InstanceContent) -> dict[str, Value]:
    """All that an object holds: the fields in its ``__dict__``, and those in slots."""
    parts = fields_of(it, content)
    if content.external is not None:
        for name in slots_of(content.cls):
            if name not in parts:
                found = _external_field(it, content, name)
                parts |= {} if found is None else {name: found}
    return parts


def set_attribute(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    """``owner.name = value``."""
    if isinstance(owner, Maybe):
        owner = absent.value_of(it, owner, AttributeError, setattr, None, name, 0, always=True)
    content = containers.content_of(it, owner)
    if isinstance(owner, Static) and isinstance(owner.value, type):
        if classes.set_on_class(it, owner.value, name, value):
            return
    if isinstance(owner, Closure):
        _set_function_attribute(it, owner, name, value)
        return
    if not isinstance(content, InstanceContent):
        method = classes.special(it, owner, "__setattr__")
        if method is not None:
            calls.call(it, method, [Static(name), value], {})
            return
        _set_array_attribute(it, owner, name, value)
        return
    assert isinstance(owner, Reference)
    hook = classes.written(it, content.cls, "__setattr__")
    of_sorix = isinstance(hook, Static) and hook.value.__module__.split(".")[0] == "sorix"
    if hook is not None and content.external is not None:
        raise UnsupportedSyntaxError(
            f"the field {name!r} of an object of the caller's is assigned",
            "return the new value, and let the caller assign it",
        )
    if hook is not None and not of_sorix:
        calls.call(it, hook, [owner, Static(name), value], {})
        return
    found = classes.on_class(it, content.cls, name)
    if found is not None and descriptors.set_by(it, owner, content.cls, name, found, value):
        return
    _require_unfrozen(it, content.cls, name, "assign to", "assigned")
    set_field(it, owner, name, value)


def _function_attributes(it: Interpreter, fn: Closure) -> DictContent:
    cell = it.attributes.get((fn.node, fn.frame), MISSING)
    if cell is None:
        raise UnsupportedTypeError(
            f"{fn.name}() has attributes, and is made more than once", "keep them in a dict"
        )
    content = MISSING if cell is MISSING else it.state.get(cell)
    if isinstance(content, Torn):
        raise StructureError(
            f"an attribute of {fn.name}() is set on one path only",
            "set it on every path, or keep it in a dict",
        )
    return content if isinstance(content, DictContent) else DictContent(())


def _of_function(
    it: Interpreter, fn: Closure, name: str, act: Callable[[Value | None], Value]
) -> Value:
    """What is done with an attribute of a function, None where it has none of that name."""
    content, cell = _function_attributes(it, fn), it.attributes.get((fn.node, fn.frame))
    if cell is None or content.get(name) is None:
        return act(None)
    get = lambda d: act(it.state.get(d.cell).get(name))  # noqa: E731
    return unassigned.decided(it, Reference(cell), name, get)


def has_function_attribute(it: Interpreter, fn: Closure, name: str) -> Value:
    if name == "__name__":
        return Const(True)
    return _of_function(it, fn, name, lambda found: Const(found is not None))


def _set_function_attribute(it: Interpreter, fn: Closure, name: str, value: Value) -> None:
    content = _function_attributes(it, fn).with_item(name, value)
    cell = it.attributes.setdefault((fn.node, fn.frame), Cell("attributes"))
    assert cell is not None
    fn.frame.variables[f".{id(cell)}"] = cell
    it.put(cell, content)


def set_field(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    """What ``object.__setattr__`` does."""
    content = containers.content_of(it, owner)
    if not isinstance(owner, Reference) or not isinstance(content, InstanceContent):
        raise UnsupportedTypeError(
            f"a field of {describe(owner, it)} is set", "set fields of objects of your own classes"
        )
    if not classes.has_room(content.cls, name):
        message = f"{{}} object has no attribute {name!r}"
        reason = f"the field {name!r} is set, which __slots__ does not name"
        raise failing.not_possible(it, owner, message, reason, "name it there", AttributeError)
    subscripts.writable(it, owner)
    if content.external is not None:
        it.assigned_at.setdefault(owner.cell, it.place())
    it.put(owner.cell, content.with_field(name, it.named(value, name)))


def delete_attribute(it: Interpreter, owner: Value, name: str) -> None:
    """``del owner.name``."""
    unassigned.decided(it, owner, name, lambda o: _delete_field(it, o, name))


def _delete_field(it: Interpreter, owner: Value, name: str) -> Value:
    content = containers.content_of(it, owner)
    if isinstance(content, InstanceContent):
        if classes.written(it, content.cls, "__delattr__") is not None:
            raise UnsupportedSyntaxError(
                f"the class {content.cls.__name__} says what deleting an attribute does",
                "call a method of the object",
            )
        found = classes.on_class(it, content.cls, name)
        if found is not None and descriptors.delete_by(it, owner, content.cls, name, found):
            return NONE
        _require_unfrozen(it, content.cls, name, "delete", "deleted")
    known = isinstance(content, InstanceContent) and content.external is None
    if known and name not in content.fields:
        exceptions.may_fail(
            it,
            AttributeError,
            wording.said(delattr, object(), name).replace("'object'", repr(content.cls.__name__)),
            UnsupportedTypeError(f"no field {name!r}", "set the field before it is read"),
        )
    if not known:
        raise UnsupportedSyntaxError(
            f"the attribute {name!r} of {describe(owner, it)} is deleted", "set it to None"
        )
    assert isinstance(owner, Reference)
    subscripts.writable(it, owner)
    fields = {k: v for k, v in content.fields.items() if k != name}
    it.put(owner.cell, dataclasses.replace(content, fields=fields))
    return NONE


def _require_unfrozen(it: Interpreter, cls: type, name: str, verb: str, done: str) -> None:
    """Refuse to change a field of a frozen dataclass; of objects of its own, any attribute."""
    for base in cls.__mro__:
        parameters = vars(base).get("__dataclass_params__")
        fields = getattr(base, "__dataclass_fields__", {})
        if parameters is not None and parameters.frozen and (base is cls or name in fields):
            refusal = UnsupportedTypeError(
                f"the field {name!r} of a frozen dataclass is {done}", "use dataclasses.replace()"
            )
            message = f"cannot {verb} field {name!r}"
            exceptions.may_fail(it, dataclasses.FrozenInstanceError, message, refusal)


def _set_array_attribute(it: Interpreter, owner: Value, name: str, value: Value) -> None:
    if name == "shape" and isinstance(owner, Array):
        raise UnsupportedSyntaxError("the shape of an array is assigned", "a = a.reshape(...)")
    if isinstance(owner, Array) and name == "flat":
        return writing.set_flat(it, owner, value)
    if isinstance(owner, Array) and name == "real":
        return arrays.write(it, owner, Const(Ellipsis), value)
    reason = f"the attribute {name!r} of {describe(owner, it)} is assigned"
    hint = "use a local variable, and return it"
    if isinstance(owner, Sequence) and name in _names_of_items(owner.cls):
        raise failing.not_possible(it, owner, "can't set attribute", reason, hint, AttributeError)
    if failing.lacks(it, owner, name):
        message = f"{{}} object has no attribute {name!r}"
        raise failing.not_possible(it, owner, message, reason, hint, AttributeError)
    raise UnsupportedSyntaxError(reason, hint)


def _sequence_attribute(it: Interpreter, owner: Sequence, name: str) -> Value:
    fields = _names_of_items(owner.cls)
    if name in fields:
        return owner.items[fields.index(name)]
    found = classes.on_class(it, owner.cls, name)
    if found is None or found.kind == "builtin" or name in ("_replace", "_asdict"):
        return failing.method_of(it, owner, name)
    return classes.bind(it, owner, owner.cls, name, found)


def _names_of_items(cls: type) -> tuple[str, ...]:
    """The names by which the items of a tuple are read; ``sys.float_info`` has them too."""
    if hasattr(cls, "n_sequence_fields"):
        return cls.__match_args__  # type: ignore[attr-defined]
    return getattr(cls, "_fields", ())
