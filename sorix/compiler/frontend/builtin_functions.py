"""Python's built-in functions on abstract values."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    calls,
    comparisons,
    conditions,
    containers,
    exceptions,
    expressions,
    iterables,
    loops,
    methods,
    objects,
    prelude,
)
from sorix.compiler.frontend.inputs import ById
from sorix.compiler.frontend.interpreter import GENERIC, Interpreter, describe
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Bound,
    Cell,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    Kwargs,
    Lazy,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Call, Const, Effect, Method, Var
from sorix.compiler.ir.types import Num
from sorix.errors import StructureError, UnsupportedCallError, UnsupportedTypeError

Handler = Callable[[Interpreter, list[Value], Kwargs], Value]
BUILTINS: dict[Any, Handler] = {}


def builtin(*functions: Any) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for fn in functions:
            BUILTINS[fn] = handler
        return handler

    return register


@builtin(range)
def _range(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    atoms = [it.read(a) for a in args]
    if len(atoms) == 1:
        return RangeValue(Const(0), atoms[0], Const(1))
    step = atoms[2] if len(atoms) > 2 else Const(1)
    return RangeValue(atoms[0], atoms[1], step)


@builtin(len)
def _len(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0].value if isinstance(args[0], Maybe) else args[0]
    if isinstance(value, Static):
        return Const(len(value.value))
    items = containers.static_items(it, value)
    if items is not None:
        return Const(len(items))
    if isinstance(value, Array | Tensor):
        return it.atom(np.size, it.read(value), Const(0), hint="n")
    if isinstance(value, RangeValue):
        return iterables.range_length(it, value)
    content = containers.content_of(it, value)
    if isinstance(content, GrownList):
        return it.atom(len, content.atoms[0], hint="n")
    if isinstance(content, InstanceContent):
        return calls.call_method(it, value, "__len__", [], {})
    return it.atom(len, it.read(value), hint="n")


@builtin(list)
def _list(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return collected(it, args[0]) if args else containers.new_list(it, [])


def collected(it: Interpreter, value: Value) -> Reference:
    """A new list of what an iterable yields."""

    content = containers.content_of(it, value)
    if isinstance(content, GrownList):
        cell = Cell("list")
        it.state.set(cell, content)
        return Reference(cell)
    source: Value | iterables.Walk = iterables.resolve(it, value)
    if not iterables.is_generator(source):  # type: ignore[arg-type]
        source = iterables.walk(it, source, None, at_once=True)  # type: ignore[arg-type]
    found = containers.new_list(it, [])
    held = it.hold(found)
    loops.loop_over(
        it,
        source,
        key=("collected", id(it.position)),
        bind=lambda v: methods.append(it, found, v),
        body=lambda: None,
        syntax=[],
        orelse=[],
    )
    result = it.release(held)
    assert isinstance(result, Reference)
    return result


@builtin(tuple)
def _tuple(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not args:
        return Sequence(())
    found = collected(it, args[0])
    items = containers.static_items(it, found)
    return Sequence(items) if items is not None else found


@builtin(dict)
def _dict(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items: list[tuple[Any, Value]] = []
    if args:
        content = containers.content_of(it, args[0])
        if isinstance(content, DictContent):
            items += containers.dict_items(content)
        else:
            for pair in containers.static_items(it, collected(it, args[0])) or ():
                key, value = containers.static_items(it, pair) or (NONE, NONE)
                items.append((it.demand(key, "a key of a dict"), value))
    return containers.new_dict(it, [*items, *kwargs.items()])


@builtin(set)
def _set(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items = iterables.known_items(it, args[0], "set()") if args else ()
    return containers.new_set(it, items)


@builtin(frozenset)
def _frozenset(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items = iterables.known_items(it, args[0], "frozenset()") if args else ()
    return containers.new_set(it, items, frozenset)


@builtin(sum)
def _sum(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    return fold(it, lambda a, b: _binary(it, operator.add, a, b), args[0], start)


def _binary(it: Interpreter, fn: Any, a: Value, b: Value) -> Value:

    if isinstance(a, Const) and a.value == 0 and fn is operator.add and it.is_numeric(b):
        if not (isinstance(b, Const)):
            return _positive(it, b)
    return expressions.binary(it, fn, a, b)


def _positive(it: Interpreter, value: Value) -> Value:
    """``0 + x``, without the addition where `x` is a float number (not -0.0's sign, as sum())."""
    type_ = it.type_of(value)
    if isinstance(value, Tensor):
        return Tensor(_positive(it, value.value), value.requires_grad)
    if isinstance(type_, Num) and type_.kind in ("python", "scalar") and type_.dtype == "float64":
        return value
    return it.emit(operator.add, Const(0), it.read(value))


def fold(
    it: Interpreter, combine: Callable[[Value, Value], Value], iterable: Value, start: Value
) -> Value:
    """Fold an iterable into one value, by a loop where its length is not known."""

    cell = Cell("total")
    it.frame.variables[f".{id(cell)}"] = cell
    it.state.set(cell, start)

    def step(item: Value) -> None:
        value = combine(it.state.get(cell), item)  # May branch, and so replace the state.
        it.state.set(cell, value)

    loops.loop_over(it, iterable, ("fold", id(it.position)), step, lambda: None, [], [])
    value = it.state.get(cell)
    del it.frame.variables[f".{id(cell)}"]
    return value


@builtin(functools.reduce)
def _reduce(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    fn, iterable = args[0], args[1]
    if isinstance(iterable, Lazy):
        iterable = collected(it, iterable)
    items = containers.static_items(it, iterable)
    if len(args) > 2:
        start = args[2]
    elif items:
        start, iterable = items[0], Sequence(items[1:])
    elif isinstance(iterable, Array):
        start = containers.subscript(it, iterable, Const(0), GENERIC)
        iterable = containers.subscript(it, iterable, SliceValue(Const(1), NONE, NONE), GENERIC)
    else:
        raise UnsupportedTypeError("reduce() without a start over something of unknown length")
    return fold(it, lambda a, b: calls.call(it, fn, [a, b], {}), iterable, start)


@builtin(min)
def _min(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _extreme(it, min, "Lt", args, kwargs)


@builtin(max)
def _max(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _extreme(it, max, "Gt", args, kwargs)


def _extreme(it: Interpreter, fn: Any, op: str, args: list[Value], kwargs: Kwargs) -> Value:
    key = kwargs.get("key", NONE)
    keyed = not (isinstance(key, Static) and key.value is None)
    if len(args) == 1:
        iterable = args[0]
        if isinstance(containers.content_of(it, iterable), InstanceContent) or (
            isinstance(iterable, Lazy)
        ):
            iterable = collected(it, iterable)
        items = containers.static_items(it, iterable)
        if items is None and not kwargs:
            return _extreme_of_array(it, fn, iterable)
        if items is None:
            better = Static(operator.lt if fn is min else operator.gt)
            given = [iterable, key if keyed else Static(prelude.same), better]
            given += [kwargs["default"]] if "default" in kwargs else []
            text = prelude.extreme_or if "default" in kwargs else prelude.extreme
            return calls.call_function(it, text, given, {})
        args = list(items)
    if not args:
        return _extreme_of_nothing(it, fn, kwargs)
    if all(isinstance(a, Const) for a in args) and not keyed:
        return Const(fn(a.value for a in args))  # type: ignore[union-attr]
    return _extreme_of_items(it, op, args, key if keyed else None)


def _extreme_of_nothing(it: Interpreter, fn: Any, kwargs: Kwargs) -> Value:
    if "default" in kwargs:
        return kwargs["default"]
    message = f"{fn.__name__}() iterable argument is empty"
    exceptions.may_fail(it, ValueError, message, UnsupportedTypeError(message))
    return None


def _extreme_of_items(it: Interpreter, op: str, items: list[Value], key: Value | None) -> Value:
    """The first of the items whose key no other's beats."""

    def rated(item: Value) -> Sequence:
        return Sequence((item, item if key is None else calls.call(it, key, [item], {})))

    held = [it.hold(item) for item in items]
    best = it.hold(rated(it.release(held[0])))
    for h in held[1:]:
        other = rated(it.release(h))
        kept = it.release(best)
        assert isinstance(kept, Sequence)
        found = comparisons.compare_values(it, op, other.items[1], kept.items[1])
        best = it.hold(_chosen(it, conditions.truth(it, found), other, kept))
    result = it.release(best)
    assert isinstance(result, Sequence)
    return result.items[0]


def _chosen(it: Interpreter, cond: Atom, one: Value, other: Value) -> Value:
    return conditions.either(it, cond, lambda: one, lambda: other)


def _extreme_of_array(it: Interpreter, fn: Any, value: Value) -> Value:
    if isinstance(value, Array):
        return it.emit(np.min if fn is min else np.max, it.read(value))
    content = containers.content_of(it, value)
    if isinstance(content, GrownList):
        array = it.atom(np.array, content.atoms[0])
        return it.emit(np.min if fn is min else np.max, array)
    raise UnsupportedTypeError(f"{fn.__name__}() of {describe(value)}")


@builtin(abs)
def _abs(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if isinstance(args[0], Tensor):
        return expressions.tensor_call(it, operator.abs, args[0])
    if isinstance(args[0], Reference):
        return calls.call_method(it, args[0], "__abs__", [], {})
    return it.emit(operator.abs, it.read(args[0]))


@builtin(pow)
def _pow(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _binary(it, operator.pow, args[0], args[1])


@builtin(float, int)
def _unused(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise AssertionError


@builtin(float)
def _float(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], Static):
        return Const(float(args[0].value))
    return it.atom(float, it.read(args[0])) if args else Const(0.0)


@builtin(int)
def _int(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], Static):
        return Const(int(args[0].value))
    if not args:
        return Const(0)
    type_ = it.type_of(args[0])
    if isinstance(type_, Num) and type_.kind == "python" and type_.dtype == "int64":
        return args[0]
    return it.atom(int, it.read(args[0]))


@builtin(bool)
def _bool(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    cond = conditions.truth(it, args[0])
    if isinstance(cond, Const):
        return cond
    return it.atom(bool, cond)


@builtin(round)
def _round(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if all(isinstance(a, Const) for a in args):
        numbers: list[Any] = [it.demand(a, "round()") for a in args]
        return containers.lift_constant(round(*numbers))
    return it.emit(round, *(it.read(a) for a in args))


@builtin(divmod)
def _divmod(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    a, b = (it.read(v) for v in args)
    return Sequence((it.emit(operator.floordiv, a, b), it.emit(operator.mod, a, b)))


@builtin(sorted)
def _sorted(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items = iterables.known_items(it, args[0], "sorted()")
    return containers.new_list(it, ordered(it, items, kwargs))


def ordered(it: Interpreter, items: tuple[Value, ...], kwargs: Kwargs) -> list[Value]:
    """Items in the order of keys that are known when the function is compiled."""
    key = kwargs.get("key", NONE)
    reverse = bool(it.demand(kwargs.get("reverse", Const(False)), "reverse="))
    if isinstance(key, Static) and key.value is None:
        keys = list(items)
    else:
        held = [it.hold(item) for item in items]
        keys = [calls.call(it, key, [item], {}) for item in items]
        items = tuple(it.release(h) for h in held)
    try:
        facts = [it.demand(k, "what is sorted by") for k in keys]
    except UnsupportedTypeError:
        raise UnsupportedCallError(
            "sorted() of values computed by the run", "use np.sort, or np.argsort and an index"
        ) from None
    order = sorted(range(len(items)), key=lambda k: facts[k], reverse=reverse)
    return [items[k] for k in order]


@builtin(print)
def _print(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    atoms = tuple(shown(it, a) for a in args)
    named = tuple((k, containers.nested_atom(it, v)) for k, v in kwargs.items())
    it.builder.add(Effect(Call(print, atoms, named), it.builder.origin))
    return NONE


def shown(it: Interpreter, value: Value) -> Atom:
    """A value as print() and str() show it."""
    if isinstance(value, Maybe) and not value.none:
        value = value.value
    content = containers.content_of(it, value)
    if isinstance(content, InstanceContent):
        return it.read(_shown_object(it, value, content))
    if isinstance(content, DictContent) or (isinstance(content, ListContent) and content.items):
        if isinstance(content, DictContent) or content.cls is not list:
            raise UnsupportedCallError(
                f"a {content.cls.__name__} is printed", "print its items, or outside the function"
            )
    if isinstance(value, Sequence) and value.cls is not tuple:
        raise UnsupportedCallError("a named tuple is printed", "print its fields")
    return containers.nested_atom(it, value)


def _shown_object(it: Interpreter, value: Value, content: InstanceContent) -> Value:
    for name in ("__str__", "__repr__"):
        if objects.written_method(content.cls, name) and not comparisons.is_generated(
            content.cls, name
        ):
            return calls.call_method(it, value, name, [], {})
    args = content.fields.get("args")
    if issubclass(content.cls, BaseException) and isinstance(args, Sequence):
        if not args.items:
            return Static("")
        if len(args.items) == 1:
            show = _repr if issubclass(content.cls, KeyError) else _str
            return show(it, [args.items[0]], {})
    raise UnsupportedCallError(
        f"an object of class {content.cls.__name__} is printed", "print its fields"
    )


@builtin(slice)
def _slice(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) == 1:
        return SliceValue(NONE, args[0], NONE)
    return SliceValue(args[0], args[1], args[2] if len(args) > 2 else NONE)


@builtin(isinstance)
def _isinstance(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    classes = args[1]
    items = classes.items if isinstance(classes, Sequence) else (classes,)
    wanted = tuple(it.demand(c, "the class of isinstance()") for c in items)
    return Const(issubclass(class_of(it, args[0]), wanted))


@builtin(issubclass)
def _issubclass(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Const(issubclass(*(it.demand(a, "a class") for a in args)))


@builtin(type)
def _type(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(class_of(it, args[0]))


@builtin(callable)
def _callable(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0]
    if isinstance(value, Closure | Bound | MethodOf | Partial):
        return Const(True)
    return Const(any("__call__" in vars(base) for base in class_of(it, value).__mro__))


def class_of(it: Interpreter, value: Value) -> type:
    """The class a value has in the run."""
    match value:
        case Maybe() if not value.none:
            return class_of(it, value.value)
        case Static() | Const():
            return type(value.value)
        case Sequence():
            return value.cls
        case Tensor():
            own = it.inputs.tensor_classes.get(value.leaf, it.inputs.tensor_class)
            assert own is not None
            return own
        case Closure():
            return type(class_of)
        case Array():
            type_ = it.type_of(value)
            if isinstance(type_, Num) and type_.kind == "array":
                return np.ndarray
        case Var():
            return _class_of_number(value)
        case Reference():
            return _class_of_content(it, it.state.get(value.cell))
        case RangeValue():
            return range
        case SliceValue():
            return slice
    raise UnsupportedTypeError(f"the class of {describe(value)} is not known")


def _class_of_number(value: Var) -> type:
    type_ = value.type
    if isinstance(type_, Num) and type_.dtype is not None:
        if type_.kind == "python":
            return {"f": float, "i": int, "b": bool}[np.dtype(type_.dtype).kind]
        if type_.kind == "scalar":
            return np.dtype(type_.dtype).type
    raise UnsupportedTypeError("the class of a value is not known")


def _class_of_content(it: Interpreter, content: Any) -> type:
    match content:
        case ListContent():
            return content.cls
        case GrownList():
            return list
        case DictContent():
            return content.cls
        case InstanceContent():
            return content.cls
    raise UnsupportedTypeError("the class of a value is not known")


@builtin(hasattr)
def _hasattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    name = it.demand(args[1], "the name in hasattr()")
    content = containers.content_of(it, args[0])
    if isinstance(content, InstanceContent):
        field = content.fields.get(name)
        if isinstance(field, Maybe) and not field.none and not hasattr(content.cls, name):
            raise StructureError(
                f"whether the object has the field {name!r} depends on a branch or an iteration",
                "set it on every path, to None or 0.0 where there is no value",
            )
        present = name in content.fields or hasattr(content.cls, name)
        if content.external is not None:
            present = present or hasattr(content.external, name)
        return Const(present)
    if isinstance(args[0], Static):
        return Const(hasattr(args[0].value, name))
    try:
        found = objects.attribute(it, args[0], name)
    except UnsupportedTypeError:
        return Const(False)
    if isinstance(found, MethodOf):
        return Const(hasattr(class_of(it, args[0]), name))
    return Const(True)


@builtin(getattr)
def _getattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    name = it.demand(args[1], "the name in getattr()")
    if len(args) > 2 and not it.demand(_hasattr(it, args[:2], {}), "hasattr()"):
        return args[2]
    return objects.attribute(it, args[0], name)


@builtin(setattr)
def _setattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    objects.set_attribute(it, args[0], it.demand(args[1], "the name in setattr()"), args[2])
    return NONE


@builtin(object.__setattr__)
def _set_field(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    objects.set_field(it, args[0], it.demand(args[1], "the name of a field"), args[2])
    return NONE


@builtin(object.__new__)
def _new_object(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return objects.new_object(it, it.demand(args[0], "a class"))


@builtin(delattr)
def _delattr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    objects.delete_attribute(it, args[0], it.demand(args[1], "the name in delattr()"))
    return NONE


@builtin(vars)
def _vars(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    return objects.attribute(it, args[0], "__dict__")


@builtin(functools.partial)
def _partial(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(args[0], tuple(args[1:]), tuple(kwargs.items()))


@builtin(functools.wraps)
def _wraps(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(Static(_second), (NONE,), ())


def _second(first: Any, second: Any) -> Any:
    return second


@builtin(repr)
def _repr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if isinstance(args[0], Static | Const):
        return Static(repr(args[0].value))
    return it.builder.call(Method("format"), Const("{!r}"), shown(it, args[0]))


@builtin(str)
def _str(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not args:
        return Static("")
    value = args[0]
    if isinstance(value, Static | Const):
        return Static(str(value.value))

    return it.builder.call(Method("format"), Const("{}"), shown(it, value))


def _of_facts(function: Any) -> None:
    @builtin(function)
    def fold_call(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        if all(isinstance(arg, Static | Const) for arg in args):
            return containers.lift_constant(function(*(arg.value for arg in args)))
        return calls.call_opaque(it, Static(function), args, kwargs)


for _function in (ord, chr, ascii, bin, hex, oct):
    _of_facts(_function)


@builtin(id)
def _id(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """A number for the object, the same in every run; good for sets of what was seen."""
    value = args[0].value if isinstance(args[0], Maybe) else args[0]
    if isinstance(value, Tensor):
        value = value.value
    key: Any = value.cell if isinstance(value, Array | Reference) else None
    if isinstance(value, Static):
        key = ById(value.value)
    if key is None:
        raise UnsupportedCallError("id() of a number has no meaning in generated code")
    return Const(it.identities.setdefault(key, 1_000_000 + len(it.identities)))


@builtin(hash)
def _hash(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError("hash() has no meaning in generated code")


@builtin(eval, exec, compile)
def _exec(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError("eval() and exec() are not differentiated", "write a function")
