"""Methods of built-in kinds of value: arrays, tensors, numbers, lists, dicts, strings."""

from __future__ import annotations

import collections
import operator
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    absent,
    array_making,
    arrays,
    calls,
    classes,
    containers,
    dict_methods,
    expressions,
    list_methods,
    numpy_calls,
    objects,
    prelude,
    random_draws,
    subscripts,
    taken_out,
    text_methods,
)
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.list_methods import SEQUENCE_METHODS
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Descriptor,
    DictContent,
    GrownList,
    Kwargs,
    Lazy,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const, Method, Var
from sorix.compiler.ir.types import GENERATORS, NUMBERS, TEXT, Num
from sorix.errors import (
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)
from sorix.primitives.methods import method_call


def call_builtin_method(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    """``owner.name(*args, **kwargs)``."""
    if isinstance(owner, Maybe):
        owner = absent.value_of(it, owner, AttributeError, getattr, None, name, always=True)
    match owner:
        case Static() if isinstance(owner.value, str | bytes):
            return text_methods.call(it, owner, name, args, kwargs)
        case Var() if owner.type == TEXT:
            return text_methods.call(it, owner, name, args, kwargs)
        case Tensor():
            return _tensor_method(it, owner, name, args, kwargs)
        case Array():
            return _array_method(it, owner, name, args, kwargs)
        case Var() | Const():
            return _number_method(it, owner, name, args, kwargs)
        case Sequence():
            return _tuple_method(it, owner, name, args, kwargs)
        case Lazy() if owner.kind == "fields":
            return containers.change_fields(
                it, owner, lambda d: _method(it, dict_methods.DICT_METHODS, d, name, args, kwargs)
            )
        case Descriptor():
            return classes.accessor(owner, name, args[0])
        case Reference():
            content = it.state.get(owner.cell)
            if isinstance(content, DictContent) and content.cls is collections.Counter:
                return _method(it, dict_methods.COUNTER_METHODS, owner, name, args, kwargs)
            if isinstance(content, DictContent):
                return _method(it, dict_methods.DICT_METHODS, owner, name, args, kwargs)
            if isinstance(content, ListContent | GrownList):
                return _method(it, _table_of(content), owner, name, args, kwargs)
    raise UnsupportedTypeError(
        f"the method {name}() of {describe(owner, it)} is not followed",
        "write what it does with functions, operators and loops",
    )


def _table_of(content: ListContent | GrownList) -> dict[str, Any]:
    if content.cls is list:
        return list_methods.LIST_METHODS
    if content.cls is tuple:
        return TUPLE_METHODS
    is_set = isinstance(content, ListContent) and content.is_set
    return list_methods.SET_METHODS if is_set else list_methods.DEQUE_METHODS


def _method(
    it: Interpreter,
    table: dict[str, Any],
    owner: Reference,
    name: str,
    args: list[Value],
    kw: Kwargs,
) -> Value:
    handler = table.get(name)
    if handler is None:
        raise UnsupportedCallError(
            f"the method {name}() of {describe(owner, it)} is not differentiated",
            "write it as a loop",
        )
    calls.require_method_fits(it, it.state.get(owner.cell).cls, name, args, kw)
    return handler(it, owner, *args, **kw)


# -- arrays ---------------------------------------------------------------------------------


def _array_method(
    it: Interpreter, owner: Array, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    calls.require_method_fits(it, np.ndarray, name, args, kwargs)
    if name == "fill":
        type_ = it.type_of(args[0]) if it.is_numeric(args[0]) else None
        if not (isinstance(type_, Num) and (type_.rank == 0 or type_.kind in NUMBERS)):
            raise UnsupportedTypeError(
                "an array is filled with what is no number", "write a[:] = v"
            )
        arrays.write(it, owner, Const(Ellipsis), args[0])
        return NONE
    if name == "copy":
        if numpy_calls.names_order(args, kwargs):
            return array_making.copied(it, owner, None, kept=False)
        return array_making.copied_in_order(it, owner)
    if name == "astype":
        wanted = args[0] if args else kwargs["dtype"]
        copy = kwargs.get("copy")
        if isinstance(copy, Const) and not copy.value:
            return array_making.as_array(it, [owner, wanted], {})
        return array_making.cast(it, owner, array_making.dtype_atom(it, wanted))
    if name in ("conj", "conjugate") and not args and not kwargs:
        return owner  # Of real numbers it is the array itself; np.conj(a) is a new one.
    if name == "view" and not args and not kwargs:
        return arrays.view(it, owner, operator.getitem, Const(Ellipsis))
    if name == "item":
        element = _element_at(it, owner, args) if args else owner
        return it.atom(support.item, it.read(element))
    if name == "flatten":
        flat = numpy_calls.call_primitive(it, np.ravel, [owner, *args], kwargs)
        return array_making.copied_in_order(it, flat)
    if name == "tolist":
        return calls.call_function(it, prelude.tolist, [owner], {})
    if name == "put":
        return numpy_calls.call_primitive(it, np.put, [owner, *args], kwargs)
    if name in _WRITERS:
        return calls.call_function(it, _WRITERS[name], [owner, *args], kwargs)
    if name in _IN_PLACE:
        raise UnsupportedCallError(
            f"the method {name}() changes the array in place", f"use np.{_IN_PLACE[name]}"
        )
    found = method_call(name, [owner, *args], kwargs)
    if found is None:
        raise UnsupportedCallError(
            f"the array method {name}() is not differentiated",
            "use a NumPy function that has a rule",
        )
    fn, given, named = found
    return numpy_calls.call_primitive(it, fn, _lifted(given), dict(named))


def _element_at(it: Interpreter, owner: Array, args: list[Value]) -> Value:
    """The element that ``a.item(*args)`` names: by one flat index, or by one for each axis."""
    if len(args) == 1 and it.is_numeric(args[0]):
        flat = numpy_calls.call_primitive(it, np.ravel, [owner], {})
        return subscripts.subscript(it, flat, args[0], "t")
    index = args[0] if len(args) == 1 else Sequence(tuple(args))
    return subscripts.subscript(it, owner, index, "t")


_WRITERS = {"sort": prelude.sort}

_IN_PLACE = {
    "partition": "partition(a, k), a new array",
    "resize": "resize(a, shape), a new array",
    "itemset": "copy and a[index] = value", "setfield": "copy", "byteswap": "copy",
    "setflags": "copy",
}  # fmt: skip


def _lifted(values: Any) -> list[Value]:
    """Adapters may pack arguments into Python tuples."""
    return [_lift(v) for v in values]


def _lift(value: Any) -> Value:
    if isinstance(value, tuple):
        return Sequence(tuple(_lift(v) for v in value))
    if value is None or isinstance(value, bool | int | float | str | np.dtype | type):
        return containers.lift_constant(value)
    return value


def _tensor_method(
    it: Interpreter, owner: Tensor, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    match name:
        case "detach":
            return Tensor(expressions.stopped(it, owner.value), False)
        case "numpy" if owner.requires_grad:
            raise taken_out.no_array()
        case "numpy":
            it.exposed.add(it.read(owner))
            return owner.value
        case "item":
            return it.atom(support.item, it.read(taken_out.number_of(it, owner)))
        case "clone" | "contiguous":
            return owner
        case "backward" | "requires_grad_" | "zero_" | "retain_grad":
            raise UnsupportedSyntaxError(
                f".{name}() is called inside a compiled function",
                "use sorix.grad(loss, parameters), and return the gradients",
            )
        case "size" | "dim":
            return _tensor_size(it, owner, name, args)
    static = [a.value if isinstance(a, Const | Static) else a for a in args]
    named = {k: v.value if isinstance(v, Const | Static) else v for k, v in kwargs.items()}
    found = method_call(name, [owner, *static], named, tensor=True)
    if found is None:
        raise UnsupportedCallError(
            f"the tensor method {name}() is not differentiated",
            "use an operator or a NumPy function that has a rule",
        )
    fn, given, options = found
    options = {k: _lift(v) for k, v in options.items()}
    return numpy_calls.call_primitive(it, fn, _lifted(given), options, tensors=True)


def _tensor_size(it: Interpreter, owner: Tensor, name: str, args: list[Value]) -> Value:

    if name == "dim":
        return objects.property_of(it, owner, "ndim")
    shape = objects.shape_of(it, owner)
    if not args:
        return shape
    items = containers.static_items(it, shape)
    assert items is not None
    return items[it.demand(args[0], "the dimension of size()")]


def _number_method(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    type_ = it.type_of(owner)
    if isinstance(owner, Const) and not args and not kwargs:
        compute = getattr(owner.value, name)
        return containers.lift_constant(containers.computed(it, compute))
    if isinstance(type_, Num):
        if name in ("item", "tolist"):
            return it.atom(support.item, it.read(owner))
        if name in ("copy", "conj", "conjugate"):
            return owner
        found = method_call(name, [owner, *args], kwargs)
        if found is not None:
            fn, given, named = found
            return numpy_calls.call_primitive(it, fn, _lifted(given), dict(named))
        raise UnsupportedCallError(
            f"the method {name}() of a number is not differentiated",
            "use arithmetic or a NumPy function",
        )
    return _opaque_method(it, owner, name, args, kwargs)


def _opaque_method(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    if isinstance(owner, Var) and owner.type in GENERATORS:
        return random_draws.drawn(it, owner, name, args, kwargs)
    if any(isinstance(a, Array | Tensor | Reference) for a in (*args, *kwargs.values())):
        raise UnsupportedCallError(
            f"the method {name}() of a text or object that the run makes is given an array or list",
            "pass it numbers only, or call it outside the function",
        )
    named: dict[str, Any] = {k: it.read(v) for k, v in kwargs.items()}
    atoms = [it.read(a) for a in args]
    return calls.opaque_result(it, it.builder.call(Method(name), it.read(owner), *atoms, **named))


# -- tuples and strings ---------------------------------------------------------------------


def _tuple_method(
    it: Interpreter, owner: Sequence, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    if name == "_replace":
        fields = owner.cls._fields  # type: ignore[attr-defined]
        plain: Any = collections.namedtuple(owner.cls.__name__, fields)
        fits = plain(*fields)._replace
        containers.computed(it, lambda: fits(**dict.fromkeys(kwargs)))  # Of other names, it raises.
        items = (kwargs.get(f, v) for f, v in zip(fields, owner.items, strict=True))
        return Sequence(tuple(items), owner.cls)
    if name == "_asdict":
        fields = owner.cls._fields  # type: ignore[attr-defined]
        return containers.new_dict(it, list(zip(fields, owner.items, strict=True)))
    if name in ("index", "count"):
        known = [it.demand(v, "an element") for v in owner.items]
        element = it.demand(args[0], "the element")
        return Const(containers.computed(it, lambda: getattr(tuple(known), name)(element)))
    raise UnsupportedCallError(
        f"the tuple method {name}() is not differentiated", "loop over the tuple"
    )


TUPLE_METHODS = {
    name: SEQUENCE_METHODS[name]
    for name in ("index", "count", "__getitem__", "__len__")
    if name in SEQUENCE_METHODS
}
