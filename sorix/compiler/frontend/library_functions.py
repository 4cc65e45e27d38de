"""Functions and classes of `collections`, `copy`, `operator`, `functools` and `math` on abstract
values."""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import functools
import math
import operator
import types
from typing import Any

from sorix.compiler.frontend import (
    array_making,
    builtin_functions,
    calls,
    comparisons,
    containers,
    descriptors,
    expressions,
    iterables,
    numpy_calls,
    objects,
    open_dicts,
    subscripts,
    taken_out,
)
from sorix.compiler.frontend.builtin_table import BUILTINS, builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    MISSING,
    NONE,
    Array,
    Cell,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    Kwargs,
    Lazy,
    ListContent,
    Maybe,
    Partial,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.errors import UnsupportedCallError, UnsupportedTypeError

# -- collections ----------------------------------------------------------------------------


@builtin(collections.defaultdict)
def _default_dict(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    factory = args[0] if args and not _is_none(args[0]) else None
    place = open_dicts.site(it, it.position)
    made = builtin_functions.dict_of(it, args[1:], kwargs)
    content = containers.content_of(it, made)
    cell = Cell("dict")
    it.put(cell, DictContent(content.items, collections.defaultdict, frozenset(), factory))
    return open_dicts.opened(it, Reference(cell), place)


def _is_none(value: Value) -> bool:
    return isinstance(value, Static) and value.value is None


@builtin(dict.fromkeys)
def _from_keys(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    keys = iterables.known_items(it, args[0], "fromkeys()")
    value = args[1] if len(args) > 1 else NONE
    return containers.new_dict(it, [(it.demand(k, "a key of a dict"), value) for k in keys])


@builtin(contextlib.contextmanager)
def _context_manager(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(Static(_manage), (args[0],), ())


def _manage(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Stands for a call of what ``contextmanager`` made of the function."""


@builtin(_manage)
def _managed(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    made = calls.call(it, args[0], args[1:], kwargs)
    return Lazy("context", (), getattr(made, "extra", None), len(it.kept_loops))


@builtin(descriptors.dispatched)
def _dispatched(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    method, owner, *given = args
    chosen = it.demand(method, "a method").dispatcher.dispatch(
        builtin_functions.class_of(it, given[0])
    )
    if isinstance(chosen, staticmethod):
        return calls.call(it, Static(chosen.__func__), given, kwargs)
    if isinstance(chosen, classmethod):
        owner, chosen = Static(builtin_functions.class_of(it, owner)), chosen.__func__
    return calls.call(it, Static(chosen), [owner, *given], kwargs)


@builtin(collections.OrderedDict)
def _ordered_dict(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    made = builtin_functions.dict_of(it, args, kwargs)
    items = containers.content_of(it, made).items
    return containers.new_dict(it, list(items), collections.OrderedDict)


@builtin(collections.Counter)
def _counter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    place = open_dicts.site(it, it.position)
    if args and not isinstance(containers.content_of(it, args[0]), DictContent):
        if place in it.inputs.demanded and not kwargs:
            return open_dicts.counted(it, args[0], place)
        with open_dicts.demanded_where_refused(it, place):
            items = iterables.known_items(it, args[0], "Counter()")
            counts = collections.Counter(it.demand(v, "what is counted") for v in items)
        pairs: list[tuple[Any, Value]] = [(k, Const(v)) for k, v in counts.items()]
    else:
        pairs = list(containers.content_of(it, builtin_functions.dict_of(it, args, {})).items)
    made = containers.new_dict(it, [*pairs, *kwargs.items()], collections.Counter)
    return open_dicts.opened(it, made, place)


@builtin(collections.deque)
def _deque(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    longest = it.demand(kwargs.get("maxlen", args[1] if len(args) > 1 else NONE), "maxlen=")
    items = iterables.known_items(it, args[0], "deque()") if args else ()
    cell = Cell("queue")
    it.put(cell, ListContent((), collections.deque, longest).with_items(items))
    return Reference(cell)


# -- copy -----------------------------------------------------------------------------------


@builtin(copy.copy)
def _copy(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return copied(it, args[0], None)


@builtin(copy.deepcopy)
def _deepcopy(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return copied(it, args[0], {})


def copied(it: Interpreter, value: Value, known: dict[Cell, Value] | None) -> Value:
    """A copy; with `known`, a deep one, in which what was shared is shared again."""

    def inner(part: Value) -> Value:
        return part if known is None else copied(it, part, known)

    match value:
        case Var() | Const() | Static():
            return value
        case Array():
            return _array_copy(it, value, known)
        case Sequence():
            return Sequence(tuple(map(inner, value.items)), value.cls)
        case Maybe() if not value.none:
            return copied(it, value.value, known)
        case Reference():
            return _copied_content(it, value, known, inner)
    raise UnsupportedTypeError(f"copy of {describe(value, it)}", "make a list of it, and copy that")


def _array_copy(it: Interpreter, value: Array, known: dict[Cell, Value] | None) -> Value:
    if known is not None and value.cell in known:
        if value.steps or known[value.cell] is MISSING:
            raise UnsupportedTypeError(
                "deepcopy of several views of an array, which may be one object", "use .copy()"
            )
        return known[value.cell]
    made = array_making.copied(it, value, None)
    if known is not None:
        known[value.cell] = MISSING if value.steps else made
    return made


def _copied_content(
    it: Interpreter, value: Reference, known: dict[Cell, Value] | None, inner: Any
) -> Value:
    if known is not None and value.cell in known:
        return known[value.cell]
    content = it.state.get(value.cell)
    if known is None and open_dicts.is_open_dict(it, value):
        return open_dicts.copied(it, value)
    hooks = ("__copy__", "__deepcopy__", "__reduce__", "__getstate__", "__setstate__")
    plain = isinstance(content, InstanceContent) and content.cls is types.SimpleNamespace
    if (
        isinstance(content, InstanceContent)
        and not plain
        and any(any(h in vars(c) for h in hooks) for c in content.cls.__mro__[:-1])
    ):
        raise UnsupportedTypeError(
            f"copy of {content.cls.__name__}, which says itself how",
            "write the copy out: make a new object of its fields",
        )
    cell = Cell(value.cell.label)
    made = Reference(cell)
    if known is not None:
        known[value.cell] = made
    match content:
        case ListContent():
            content = dataclasses.replace(content, items=tuple(map(inner, content.items)))
        case DictContent():
            items = containers.dict_items(content)
            content = content.with_items((k, inner(v)) for k, v in items)
        case InstanceContent():
            fields = objects.parts_of(it, content)
            content = InstanceContent(content.cls, {k: inner(v) for k, v in fields.items()})
        case GrownList():
            pass
    it.put(cell, content)
    return made


# -- operator -------------------------------------------------------------------------------


@builtin(operator.itemgetter)
def _item_getter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(Static(operator.itemgetter.__call__), (Sequence(tuple(args)),), ())


@builtin(operator.itemgetter.__call__)
def _get_items(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    keys, owner = args
    assert isinstance(keys, Sequence)
    found = [subscripts.subscript(it, owner, key, "t") for key in keys.items]
    return found[0] if len(found) == 1 else Sequence(tuple(found))


@builtin(operator.attrgetter)
def _attribute_getter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(Static(operator.attrgetter.__call__), (Sequence(tuple(args)),), ())


@builtin(operator.attrgetter.__call__)
def _get_attributes(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    names, owner = args
    assert isinstance(names, Sequence)
    found = []
    for name in names.items:
        value = owner
        for part in it.demand(name, "the name of attrgetter()").split("."):
            value = objects.attribute(it, value, part)
        found.append(value)
    return found[0] if len(found) == 1 else Sequence(tuple(found))


@builtin(operator.methodcaller)
def _method_caller(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = Sequence(tuple(args))
    return Partial(Static(operator.methodcaller.__call__), (given,), tuple(kwargs.items()))


@builtin(operator.methodcaller.__call__)
def _call_method(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given, owner = args
    assert isinstance(given, Sequence)
    name = it.demand(given.items[0], "the name of methodcaller()")
    return calls.call_method(it, owner, name, list(given.items[1:]), kwargs)


_BINARY = [
    getattr(operator, name)
    for name in "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift".split()
]


def _as_operator(fn: Any) -> None:
    @builtin(fn)
    def apply(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        return expressions.binary(it, fn, args[0], args[1])


for _fn in _BINARY:
    _as_operator(_fn)


def _as_comparison(fn: Any, op: str) -> None:
    @builtin(fn)
    def compare(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        return comparisons.compare_values(it, op, args[0], args[1])


for _name, _op in (
    ("lt", "Lt"), ("le", "LtE"), ("gt", "Gt"), ("ge", "GtE"), ("eq", "Eq"), ("ne", "NotEq"),
    ("is_", "Is"), ("is_not", "IsNot"),
):  # fmt: skip
    _as_comparison(getattr(operator, _name), _op)


@builtin(operator.getitem)
def _getitem(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return subscripts.subscript(it, args[0], args[1], "t")


@builtin(operator.setitem)
def _setitem(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    subscripts.store_item(it, args[0], args[1], args[2])
    return NONE


@builtin(operator.contains)
def _contains(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return comparisons.compare_values(it, "In", args[1], args[0])


@builtin(operator.not_, operator.truth)
def _not(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError("operator.not_ and operator.truth", "write not x, bool(x)")


@builtin(operator.neg)
def _negative(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return expressions.unary(it, operator.neg, args[0])


@builtin(operator.pos)
def _plus(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return expressions.unary(it, operator.pos, args[0])


# -- functools ------------------------------------------------------------------------------


@builtin(functools.wraps)
def _wraps(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(Static(_named_like), (args[0],), ())


def _named_like(wrapped: Any, wrapper: Any) -> Any:
    """Stands for what ``functools.wraps`` makes."""


@builtin(_named_like)
def _with_names(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """The wrapper under the names of what it wraps."""
    wrapped, wrapper = args
    if not isinstance(wrapper, Closure) or not isinstance(wrapped, Closure | Static):
        return wrapper
    names = [objects.attribute(it, wrapped, name) for name in ("__name__", "__qualname__")]
    name, qualname = (it.demand(n, "the name of a function") for n in names)
    return dataclasses.replace(wrapper, name=name, qualname=qualname)


# -- math -----------------------------------------------------------------------------------


@builtin(math.prod)
def _prod(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    start = kwargs.get("start", Const(1))
    return builtin_functions.fold(
        it, lambda a, b: expressions.binary(it, operator.mul, a, b), args[0], start
    )


@builtin(math.fsum)
def _fsum(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = args[0]
    if isinstance(given, Lazy):
        given = BUILTINS[list](it, [given], {})
    items = containers.static_items(it, given)
    if items is not None and any(isinstance(item, Tensor) for item in items):
        given = Sequence(items)
    return numpy_calls.call_primitive(it, math.fsum, [given], kwargs)


@builtin(math.dist)
def _dist(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    one = iterables.known_items(it, args[0], "dist()")
    two = iterables.known_items(it, args[1], "dist()")
    if len(one) != len(two):
        raise UnsupportedTypeError(
            "dist() of points of different dimensions", "give points of one dimension"
        )
    pairs = zip(one, two, strict=True)
    return _hypotenuse(it, [expressions.binary(it, operator.sub, p, q) for p, q in pairs])


@builtin(math.hypot)
def _hypot(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _hypotenuse(it, args)


def _hypotenuse(it: Interpreter, parts: list[Value]) -> Value:
    parts = [taken_out.number_of(it, part) for part in parts]
    if not parts:
        return Const(0.0)
    if len(parts) == 1:
        return calls.call(it, Static(math.fabs), parts, {})
    total = parts[0]
    for part in parts[1:]:
        total = it.emit(math.hypot, it.read(total), it.read(part))
    return total
