"""Methods of built-in kinds of value: arrays, tensors, numbers, lists, dicts, strings."""

from __future__ import annotations

import collections
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    arrays,
    calls,
    classes,
    comparisons,
    conditions,
    containers,
    exceptions,
    expressions,
    grown_lists,
    iterables,
    loops,
    numpy_calls,
    objects,
    ordering,
    preconditions,
    prelude,
    prelude_lists,
    random_draws,
    text_methods,
    unassigned,
    wording,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.interpreter import Interpreter, describe
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Cell,
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
from sorix.compiler.ir.nodes import Const, Method, Slc, Var
from sorix.compiler.ir.types import GENERATORS, NUMBERS, TEXT, Num
from sorix.errors import (
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)
from sorix.primitives.methods import method_call

_LAST, _ZERO, _YES = Const(-1), Const(0), Const(True)


def call_builtin_method(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    """``owner.name(*args, **kwargs)``."""
    if isinstance(owner, Maybe):
        owner = owner.value
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
                it, owner, lambda d: _method(it, DICT_METHODS, d, name, args, kwargs)
            )
        case Descriptor():
            return classes.accessor(owner, name, args[0])
        case Reference():
            content = it.state.get(owner.cell)
            if isinstance(content, DictContent) and content.cls is collections.Counter:
                return _method(it, COUNTER_METHODS, owner, name, args, kwargs)
            if isinstance(content, DictContent):
                return _method(it, DICT_METHODS, owner, name, args, kwargs)
            if isinstance(content, ListContent | GrownList):
                return _method(it, _table_of(content), owner, name, args, kwargs)
    raise UnsupportedTypeError(
        f"the method {name}() of {describe(owner, it)} is not followed",
        "write what it does with functions, operators and loops",
    )


def _table_of(content: ListContent | GrownList) -> dict[str, Any]:
    if content.cls is list:
        return LIST_METHODS
    if content.cls is tuple:
        return TUPLE_METHODS
    is_set = isinstance(content, ListContent) and content.is_set
    return SET_METHODS if is_set else DEQUE_METHODS


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
        arrays.write(it, owner, Const(Ellipsis), it.read(args[0]))
        return NONE
    if name == "copy":
        if numpy_calls.names_order(args, kwargs):
            return numpy_calls.copied(it, owner, None, kept=False)
        return numpy_calls.copied_in_order(it, owner)
    if name == "astype":
        wanted = args[0] if args else kwargs["dtype"]
        copy = kwargs.get("copy")
        if isinstance(copy, Const) and not copy.value:
            return numpy_calls.as_array(it, [owner, wanted], {})
        return numpy_calls.cast(it, owner, numpy_calls.dtype_atom(wanted))
    if name == "view" and not args and not kwargs:
        return arrays.view(it, owner, operator.getitem, Const(Ellipsis))
    if name == "item":
        element = _element_at(it, owner, args) if args else owner
        return it.atom(support.item, it.read(element))
    if name == "flatten":
        flat = numpy_calls.call_primitive(it, np.ravel, [owner, *args], kwargs)
        return numpy_calls.copied_in_order(it, flat)
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
        return containers.subscript(it, flat, args[0], "t")
    index = args[0] if len(args) == 1 else Sequence(tuple(args))
    return containers.subscript(it, owner, index, "t")


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
        case "numpy":
            it.exposed.add(it.read(owner))
            return owner.value
        case "item":
            return it.atom(support.item, it.read(owner))
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
        if name in ("copy", "conjugate"):
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
        plain: Any = collections.namedtuple(owner.cls.__name__, fields)  # type: ignore[misc]
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


# -- lists ----------------------------------------------------------------------------------


def append(it: Interpreter, owner: Reference, value: Value) -> Value:
    containers.writable(it, owner)
    content = it.state.get(owner.cell)
    if isinstance(content, ListContent):
        it.state.set(owner.cell, content.with_items((*content.items, value)))
        return NONE
    pairs = zip(content.atoms, containers.atoms_like(it, content, value), strict=True)
    grown = tuple(it.atom(support.list_append, a, v, hint=_list_hint(a)) for a, v in pairs)
    it.state.set(owner.cell, content.with_atoms(grown))
    return NONE


def _list_hint(atom: Any) -> str:
    return atom.hint if isinstance(atom, Var) else "items"


def extend(it: Interpreter, owner: Reference, value: Value) -> Value:
    items = containers.static_items(it, value)
    if items is not None:
        for item in items:
            append(it, owner, item)
        return NONE
    if isinstance(value, Reference) and value.cell is owner.cell:
        value = _copy_list(it, owner)  # What it holds now, not what is added.

    loops.loop_over(
        it, value, ("extend", id(it.position)), lambda v: append(it, owner, v), lambda: None, [], []
    )  # fmt: skip
    return NONE


def _pop(it: Interpreter, owner: Reference, index: Value = _LAST) -> Value:
    containers.writable(it, owner)
    content = it.state.get(owner.cell)
    if isinstance(content, ListContent) and not is_at_unknown(it, content, index):
        items = list(content.items)
        position = it.demand(index, "the index of pop()")
        if not -len(items) <= position < len(items):
            refusal = UnsupportedTypeError(
                "pop from an empty list, or past its end", "test the length of the list before"
            )
            message = wording.said(content.cls([None] * len(items)).pop, *_given(index, position))
            exceptions.may_fail(it, IndexError, message, refusal)
        value = items.pop(position)
        it.state.set(owner.cell, content.with_items(items))
        return value
    if not (isinstance(index, Const) and index.value in (0, -1)):
        return grown_lists.pop(it, owner, index)
    if index.value == 0:
        preconditions.check_not_empty(it, content.atoms[0], always=True)
        return _pop_first(it, owner, content)
    preconditions.check_not_empty(it, content.atoms[0])
    rests, lasts = [], []
    for atom in content.atoms:
        rest, last = it.builder.call_many(support.list_pop, atom, hints=(_list_hint(atom), "last"))
        rests.append(rest)
        lasts.append(last)
    it.state.set(owner.cell, content.with_atoms(rests))
    return containers.element(it, content.template, list(lasts))


def is_at_unknown(it: Interpreter, content: ListContent, index: Value) -> bool:
    """Whether an index of a list is the run's, and the list such that the run may choose."""
    if not isinstance(index, Var) or it.inputs.sources.get(index):
        return False
    return containers.regular(it, content.items)


def _given(index: Value, position: int) -> list[int]:
    """The arguments of pop(), which says something else of an index that is given."""
    return [] if index is _LAST else [position]


def _pop_first(it: Interpreter, owner: Reference, content: GrownList) -> Value:
    after = Slc(Const(1), Const(None), Const(None))
    firsts = [it.atom(operator.getitem, a, Const(0)) for a in content.atoms]
    rests = tuple(it.atom(operator.getitem, a, after, hint=_list_hint(a)) for a in content.atoms)
    it.state.set(owner.cell, content.with_atoms(rests))
    return containers.element(it, content.template, list(firsts))


def _insert(it: Interpreter, owner: Reference, index: Value, value: Value) -> Value:
    if getattr(it.state.get(owner.cell), "longest", None) is not None:
        raise UnsupportedCallError("insert() into a deque with a greatest length", "append()")
    content = it.state.get(owner.cell)
    if isinstance(content, GrownList) or is_at_unknown(it, content, index):
        return grown_lists.change(it, owner, prelude_lists.inserted, index, value)
    if not content.items:
        return _replace(it, owner, [value])  # Wherever it is put.
    items = list(_known(it, owner))
    items.insert(it.demand(index, "the index of insert()"), value)
    return _replace(it, owner, items)


def _replace(it: Interpreter, owner: Reference, items: list[Value]) -> Value:
    """Give a list of known length other items."""
    containers.writable(it, owner)
    it.state.set(owner.cell, it.state.get(owner.cell).with_items(items))
    return NONE


def _reverse(it: Interpreter, owner: Reference) -> Value:
    content = it.state.get(owner.cell)
    if not isinstance(content, GrownList):
        return _replace(it, owner, list(reversed(_known(it, owner))))
    containers.writable(it, owner)
    backwards = Slc(Const(None), Const(None), Const(-1))
    atoms = tuple(
        it.atom(operator.getitem, a, backwards, hint=_list_hint(a)) for a in content.atoms
    )
    it.state.set(owner.cell, content.with_atoms(atoms))
    return NONE


def _sort(it: Interpreter, owner: Reference, **kwargs: Value) -> Value:
    ordering.in_order(it, owner, kwargs)
    return NONE


def _remove(it: Interpreter, owner: Reference, value: Value) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, GrownList) or not _are_facts(it, (*content.items, value)):
        said = grown_lists.said_of_absent(content.cls, "remove")
        return grown_lists.change(it, owner, prelude_lists.removed, value, *said)
    items = list(_known(it, owner))
    wanted = it.demand(value, "the element")
    known = [it.demand(v, "an element of a list") for v in items]
    if wanted not in known:
        refusal = UnsupportedTypeError("remove(x): x is not in the list", "test with `in` before")
        content = it.state.get(owner.cell)
        if content.is_set:
            exceptions.may_fail(it, KeyError, wanted, refusal)
        message = wording.said(content.cls(known).remove, wanted)
        exceptions.may_fail(it, ValueError, message, refusal)
    del items[known.index(wanted)]
    return _replace(it, owner, items)


def _are_facts(it: Interpreter, values: tuple[Value, ...]) -> bool:
    """Whether all of these are known, or would be if they were asked for."""
    return all(not isinstance(v, Var) or it.inputs.sources.get(v) for v in _leaves_of(it, values))


def _leaves_of(it: Interpreter, values: tuple[Value, ...]) -> Iterator[Value]:
    """The values, those in tuples one by one."""
    for value in values:
        if isinstance(value, Sequence):
            yield from _leaves_of(it, value.items)
        else:
            yield value


def _count(it: Interpreter, owner: Reference, value: Value) -> Value:
    if grown_lists.is_grown(it, owner):
        return calls.call_function(it, prelude_lists.count, [owner, value], {})
    total: Value = Const(0)
    for item in _known(it, owner):
        same = conditions.truth(it, comparisons.compare_values(it, "Eq", item, value))
        total = it.atom(operator.add, it.read(total), same)
    return total


def _append_left(it: Interpreter, owner: Reference, value: Value) -> Value:
    if grown_lists.is_grown(it, owner):
        return grown_lists.change(it, owner, prelude_lists.inserted, _ZERO, value)
    longest = it.state.get(owner.cell).longest
    return _replace(it, owner, [value, *_known(it, owner)][:longest])


def _pop_left(it: Interpreter, owner: Reference) -> Value:
    return _pop(it, owner, Const(0))


def _extend_left(it: Interpreter, owner: Reference, value: Value) -> Value:
    if grown_lists.is_grown(it, owner):
        key = ("extendleft", id(it.position))
        put = lambda v: _append_left(it, owner, v)  # noqa: E731
        loops.loop_over(it, value, key, put, lambda: None, [], [])
        return NONE
    new = iterables.known_items(it, value, "extendleft()")
    longest = it.state.get(owner.cell).longest
    return _replace(it, owner, [*reversed(new), *_known(it, owner)][:longest])


def _rotate(it: Interpreter, owner: Reference, count: Value = _ZERO) -> Value:
    if grown_lists.is_grown(it, owner):
        return grown_lists.change(it, owner, prelude_lists.rotated, count)
    queue = collections.deque(_known(it, owner))
    queue.rotate(it.demand(count, "the count of rotate()"))
    return _replace(it, owner, list(queue))


def _copy_list(it: Interpreter, owner: Reference) -> Value:

    cell = Cell("list")
    it.state.set(cell, it.state.get(owner.cell))
    return Reference(cell)


def _clear(it: Interpreter, owner: Reference) -> Value:
    containers.writable(it, owner)
    content = it.state.get(owner.cell)
    empty = (
        ListContent((), content.cls) if isinstance(content, GrownList) else content.with_items(())
    )
    it.state.set(owner.cell, empty)
    return NONE


def _known(it: Interpreter, owner: Reference) -> tuple[Value, ...]:
    content = it.state.get(owner.cell)
    assert isinstance(content, ListContent)
    return content.items


def _set_add(it: Interpreter, owner: Reference, value: Value) -> Value:
    items = _known(it, owner)
    wanted = containers.member(it, value)
    if all(containers.member(it, v) != wanted for v in items):
        return _replace(it, owner, [*items, value])
    return NONE


def _discard(it: Interpreter, owner: Reference, value: Value) -> Value:
    wanted = containers.member(it, value)
    kept = [v for v in _known(it, owner) if containers.member(it, v) != wanted]
    return _replace(it, owner, kept)


def _index(it: Interpreter, owner: Reference, value: Value) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, GrownList) or not _are_facts(it, (*content.items, value)):
        said = grown_lists.said_of_absent(content.cls, "index")
        return calls.call_function(it, prelude_lists.index, [owner, value, *said], {})
    known = [it.demand(v, "an element") for v in _known(it, owner)]
    wanted = it.demand(value, "the element")
    if wanted not in known:
        refusal = UnsupportedTypeError(f"{wanted!r} is not in the list", "test with `in` before")
        message = wording.said(it.state.get(owner.cell).cls(known).index, wanted)
        exceptions.may_fail(it, ValueError, message, refusal)
    return Const(known.index(wanted))


def _list_item(it: Interpreter, owner: Reference, index: Value) -> Value:
    return containers.subscript(it, owner, index, "t")


def _store_list_item(it: Interpreter, owner: Reference, index: Value, value: Value) -> Value:
    containers.store_builtin_item(it, owner, index, value)
    return NONE


def _list_length(it: Interpreter, owner: Reference) -> Value:
    return BUILTINS[len](it, [owner], {})


def _list_contains(it: Interpreter, owner: Reference, value: Value) -> Value:
    return BUILTINS[operator.contains](it, [owner, value], {})


def _of_sets(name: str) -> Callable[..., Value]:
    """A method that makes a set of facts of others."""

    def combine(it: Interpreter, owner: Reference, *others: Value) -> Value:
        return set_operation(it, name, owner, others)

    return combine


def set_operation(it: Interpreter, name: str, owner: Value, others: Any) -> Value:
    sets = [
        {it.demand(v, "an element of a set") for v in iterables.known_items(it, o, f"{name}()")}
        for o in (owner, *others)
    ]
    found = getattr(sets[0], name)(*sets[1:])
    if isinstance(found, bool):
        return Const(found)
    return containers.new_list(it, [containers.lift_constant(v) for v in _stable(found)], set)


def _stable(items: set[Any]) -> list[Any]:
    """In an order that is the same in every process, where there is one."""
    return sorted(items, key=lambda v: (type(v).__name__, repr(v)))


_SEQUENCE_METHODS: dict[str, Callable[..., Value]] = {
    "append": append,
    "extend": extend,
    "pop": _pop,
    "insert": _insert,
    "reverse": _reverse,
    "copy": _copy_list,
    "clear": _clear,
    "index": _index,
    "remove": _remove,
    "count": _count,
    "__getitem__": _list_item,
    "__setitem__": _store_list_item,
    "__len__": _list_length,
    "__contains__": _list_contains,
}
TUPLE_METHODS = {
    name: _SEQUENCE_METHODS[name]
    for name in ("index", "count", "__getitem__", "__len__")
    if name in _SEQUENCE_METHODS
}
LIST_METHODS = {**_SEQUENCE_METHODS, "sort": _sort}
DEQUE_METHODS = {
    **_SEQUENCE_METHODS,
    "appendleft": _append_left,
    "popleft": _pop_left,
    "extendleft": _extend_left,
    "rotate": _rotate,
}
SET_METHODS: dict[str, Callable[..., Value]] = {
    "add": _set_add,
    "copy": _copy_list,
    "clear": _clear,
    "remove": _remove,
    "discard": _discard,
    **{
        name: _of_sets(name)
        for name in (
            "union",
            "intersection",
            "difference",
            "symmetric_difference",
            "issubset",
            "issuperset",
            "isdisjoint",
        )
    },
}


# -- dicts ----------------------------------------------------------------------------------


def _dict_items(it: Interpreter, owner: Reference) -> Value:
    return Lazy("items", (owner,))


def _dict_keys(it: Interpreter, owner: Reference) -> Value:
    return Lazy("keys", (owner,))


def _dict_values(it: Interpreter, owner: Reference) -> Value:
    return Lazy("values", (owner,))


def _dict_get(it: Interpreter, owner: Reference, key: Value, default: Value = NONE) -> Value:
    content = containers.content_of(it, owner)
    found = containers.dict_get(content, it.demand(key, "a key of a dict"))
    return default if found is None else found


def update(it: Interpreter, owner: Reference, *others: Value, **named: Value) -> Value:
    for other in others:
        content = containers.content_of(it, other)
        if not isinstance(content, DictContent):
            raise UnsupportedCallError(
                "dict.update() with something that is not a dict",
                "update it with a dict, or assign d[key] = value",
            )
        for key, value in containers.dict_items(content):
            containers.store_item(it, owner, containers.lift_constant(key), value)
    for name, value in named.items():
        containers.store_item(it, owner, Static(name), value)
    return NONE


def _dict_pop(it: Interpreter, owner: Reference, key: Value, default: Value | None = None) -> Value:
    containers.writable(it, owner)
    content = containers.content_of(it, owner)
    wanted = it.demand(key, "a key of a dict")
    found = containers.dict_get(content, wanted)
    if found is None:
        if default is None:
            refusal = UnsupportedTypeError(
                f"the dict has no key {wanted!r}", "use d.pop(key, default), or add the key before"
            )
            exceptions.may_fail(it, KeyError, wanted, refusal)
        return default
    it.state.set(owner.cell, content.with_items((k, v) for k, v in content.items if k != wanted))
    return found


def _dict_setdefault(it: Interpreter, owner: Reference, key: Value, default: Value = NONE) -> Value:
    content = containers.content_of(it, owner)
    found = containers.dict_get(content, it.demand(key, "a key of a dict"))
    if found is None:
        containers.store_item(it, owner, key, default)
        return default
    return found


def _dict_popitem(it: Interpreter, owner: Reference, last: Value = Const(True)) -> Value:  # noqa: B008
    containers.writable(it, owner)
    content = containers.content_of(it, owner)
    items = containers.dict_items(content)
    if not items:
        refusal = UnsupportedTypeError(
            "popitem(): the dict is empty", "test the length of the dict before"
        )
        exceptions.may_fail(it, KeyError, "popitem(): dictionary is empty", refusal)
    at_end = it.demand(last, "whether popitem() takes the last item")
    taken, left = (items[-1], items[:-1]) if at_end else (items[0], items[1:])
    it.state.set(owner.cell, content.with_items(left))
    return Sequence((containers.lift_constant(taken[0]), taken[1]))


def _move_to_end(it: Interpreter, owner: Reference, key: Value, last: Value = _YES) -> Value:
    containers.writable(it, owner)
    content = containers.content_of(it, owner)
    wanted = it.demand(key, "a key of a dict")
    items = dict(containers.dict_items(content))
    if wanted not in items:
        refusal = UnsupportedTypeError(
            f"the dict has no key {wanted!r}", "use d.pop(key, default), or add the key before"
        )
        exceptions.may_fail(it, KeyError, wanted, refusal)
    moved = {wanted: items.pop(wanted)}
    ordered = {**items, **moved} if it.demand(last, "last=") else {**moved, **items}
    it.state.set(owner.cell, content.with_items(ordered.items()))
    return NONE


def _copy_dict(it: Interpreter, owner: Reference) -> Value:
    cell = Cell("dict")
    it.state.set(cell, containers.content_of(it, owner))
    return Reference(cell)


def _builtin_item(it: Interpreter, owner: Reference, key: Value) -> Value:
    content = containers.content_of(it, owner)
    wanted = it.demand(key, "a key of a dict")
    found = content.get(wanted)
    return containers.missing(it, owner, content, wanted) if found is None else it.present(found)


def _store_builtin_item(it: Interpreter, owner: Reference, key: Value, value: Value) -> Value:
    containers.store_builtin_item(it, owner, key, value)
    return NONE


def _builtin_length(it: Interpreter, owner: Reference) -> Value:
    return Const(len(containers.dict_items(containers.content_of(it, owner))))


def _has_key(it: Interpreter, owner: Reference, key: Value) -> Value:
    content = containers.content_of(it, owner)
    return Const(containers.dict_get(content, it.demand(key, "a key of a dict")) is not None)


def _at_key(handler: Callable[..., Value]) -> Callable[..., Value]:
    """A method of a dict at a key, which the dict may have or not."""

    def method(it: Interpreter, owner: Reference, key: Value, *rest: Value, **kw: Value) -> Value:
        known = it.demand(key, "a key of a dict")
        return unassigned.decided(it, owner, known, lambda d: handler(it, d, key, *rest, **kw))

    return method


DICT_METHODS: dict[str, Callable[..., Value]] = {
    "__getitem__": _builtin_item,
    "__setitem__": _store_builtin_item,
    "__len__": _builtin_length,
    "__contains__": _at_key(_has_key),
    "items": _dict_items,
    "keys": _dict_keys,
    "values": _dict_values,
    "get": _at_key(_dict_get),
    "update": update,
    "pop": _at_key(_dict_pop),
    "popitem": _dict_popitem,
    "move_to_end": _move_to_end,
    "setdefault": _at_key(_dict_setdefault),
    "copy": _copy_dict,
    "clear": _clear,
}


# -- counters -------------------------------------------------------------------------------


def _count_more(it: Interpreter, owner: Reference, other: Value) -> Value:
    content = containers.content_of(it, other)
    if isinstance(content, DictContent):
        pairs = containers.dict_items(content)
    else:
        items = iterables.known_items(it, other, "update()")
        counts = collections.Counter(it.demand(v, "what is counted") for v in items)
        pairs = tuple((k, Const(n)) for k, n in counts.items())
    for key, count in pairs:
        known = containers.dict_get(containers.content_of(it, owner), key)
        total = count if known is None else expressions.binary(it, operator.add, known, count)
        containers.store_item(it, owner, containers.lift_constant(key), total)
    return NONE


def _most_common(it: Interpreter, owner: Reference, number: Value = NONE) -> Value:
    counts = collections.Counter(
        {k: it.demand(v, "a count") for k, v in containers.dict_items(it.state.get(owner.cell))}
    )
    found = counts.most_common(it.demand(number, "the number of most_common()"))
    rows = [Sequence((containers.lift_constant(k), Const(n))) for k, n in found]
    return containers.new_list(it, list(rows))


COUNTER_METHODS = {**DICT_METHODS, "update": _count_more, "most_common": _most_common}
