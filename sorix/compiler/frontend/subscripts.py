"""Items of containers, read and written, at keys that are known or that the run decides."""

from __future__ import annotations

import collections
import enum
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    absent,
    array_making,
    arrays,
    calls,
    classes,
    conditions,
    containers,
    exceptions,
    failing,
    grown_lists,
    grown_tuples,
    index_tricks,
    iterables,
    objects,
    open_dicts,
    preconditions,
    ranges,
    unassigned,
    wording,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import CHOSEN_ELEMENT
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    FlatStep,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num, Opaque
from sorix.errors import AliasingError, UnsupportedSyntaxError, UnsupportedTypeError


def subscript(it: Interpreter, base: Value, index: Value, hint: str) -> Value:
    """``base[index]`` for any kind of base."""
    if isinstance(base, Maybe):
        lost = base.present is not None  # Of a structure, what is not read is not missed.
        there = absent.value_of(it, base, TypeError, operator.getitem, None, 0, always=lost)
        return subscript(it, there, index, hint)
    index = _place(it, base, index)
    method = None if isinstance(base, Array) else classes.special(it, base, "__getitem__")
    if method is not None:
        return calls.call(it, method, [index], {})
    if isinstance(base, Lazy) and base.kind == "fields":
        copy = containers.new_dict(it, list(containers.fields_of(it, base).items))
        return _from_reference(it, copy, index)
    if isinstance(base, Sequence):
        return _from_items(it, base, base.items, index, base.cls)
    if isinstance(base, Reference):
        return _from_reference(it, base, index)
    if isinstance(base, RangeValue):
        return ranges.subscript(it, base, index)
    if isinstance(base, Static):
        return _of_constant(it, base, index)
    _require_items(it, base)
    found = arrays.getitem(it, base, index, hint)
    if isinstance(base, Array) and base.steps and isinstance(base.steps[-1], FlatStep):
        return array_making.copied(it, found, None) if isinstance(found, Array) else found
    return found


def _place(it: Interpreter, base: Value, index: Value) -> Value:
    """An index that may be None, which of the built-in sequences dicts alone take."""
    if not isinstance(index, Maybe) or not it.is_numeric(index.value):
        return index
    content = containers.content_of(it, base)
    cls = base.cls if isinstance(base, Sequence) else getattr(content, "cls", None)
    if cls not in (list, tuple):
        return index
    return absent.value_of(it, index, TypeError, operator.getitem, cls(), None, always=True)


def _require_items(it: Interpreter, base: Value) -> None:
    """A number has none, and is indexed with ``()`` or the like at most."""
    found = failing.class_of(it, base) if isinstance(base, Var | Const) else None
    if found in (bool, int, float):
        raise failing.not_possible(
            it,
            base,
            "{} object is not subscriptable",
            "a number is indexed",
            "index arrays, lists, tuples and dicts",
        )


def _of_constant(it: Interpreter, base: Static, index: Value) -> Value:
    """``base[index]`` of an object known when the function is compiled."""
    found = index_tricks.indexed(it, base.value, index)
    if found is not None:
        return found
    if isinstance(base.value, enum.EnumType):
        key = it.demand(index, "the name of a member")
        return Static(containers.computed(it, lambda: base.value[key]))
    if isinstance(base.value, type) and hasattr(base.value, "__class_getitem__"):
        return base  # Stack[float]
    if isinstance(base.value, re.Match):
        key = it.demand(index, "the group of a match")
        return containers.lift_constant(containers.computed(it, lambda: base.value[key]))
    if not isinstance(base.value, str | bytes | tuple | list | dict | range):
        reason = f"{describe(base, it)} is indexed"
        hint = "index arrays, lists, tuples and dicts"
        if not hasattr(type(base.value), "__getitem__"):
            raise failing.not_possible(it, base, "{} object is not subscriptable", reason, hint)
        raise UnsupportedTypeError(reason, hint)
    if isinstance(base.value, str) and _decided_by_the_run(it, index):
        return arrays.getitem(it, base, index)
    if isinstance(index, SliceValue):
        return containers.lift_constant(base.value[static_slice(it, index)])
    at = it.demand(index, "an index of a constant")
    return containers.lift_constant(containers.computed(it, lambda: base.value[at]))


def _decided_by_the_run(it: Interpreter, index: Value) -> bool:
    """Whether an index, or a bound of a slice, cannot become a fact."""
    parts = (index.start, index.stop, index.step) if isinstance(index, SliceValue) else (index,)
    return any(isinstance(p, Var) and not it.inputs.sources.get(p) for p in parts)


def _from_items(
    it: Interpreter, base: Value, items: tuple[Value, ...], index: Value, cls: type
) -> Value:
    if isinstance(index, SliceValue):
        part = items[static_slice(it, index)]
        return Sequence(part) if isinstance(base, Sequence) else containers.new_list(it, list(part))
    if (
        isinstance(index, Var)
        and containers.regular(it, items)
        and not it.inputs.sources.get(index)
    ):
        if isinstance(items[0], Sequence):
            return _from_grown(it, containers.grow(it, containers.new_list(it, list(items))), index)
        return _one_of(it, items, index)
    if isinstance(index, Var) and not it.inputs.sources.get(index) and len(items) <= containers.FEW:
        if isinstance(index.type, Num) and index.type.rank == 0:
            return _chosen(it, items, index, cls)
    position = it.demand(index, "an index of a tuple or list")
    try:
        return it.present((items if isinstance(base, Sequence) else list(items))[position])
    except (IndexError, TypeError) as error:
        what = "test the length before" if isinstance(error, IndexError) else "use an integer"
        refusal = UnsupportedTypeError(f"{error} (length {len(items)}, index {position!r})", what)
        message = wording.said_of_index(cls, len(items), position)
        exceptions.may_fail(it, type(error), message, refusal)


def _one_of(it: Interpreter, items: tuple[Value, ...], index: Any) -> Value:
    """The item at an index of the run's: an array, as long as it can be read, is any of them."""
    display = Tup(tuple(it.read(item) for item in items), is_list=True)
    value = it.emit(operator.getitem, display, index)
    if not isinstance(value, Array):
        _share(it, items)
        return value
    inner = [item.value if isinstance(item, Tensor) else item for item in items]
    cells = frozenset(item.cell for item in inner if isinstance(item, Array))
    it.state.freeze_as_one_of(value.cell, CHOSEN_ELEMENT, cells)
    return value


def displayed(it: Interpreter, items: tuple[Value, ...]) -> Tup:
    """Numbers or arrays as one list, of which the run takes one: they are read here and now."""
    _share(it, items)
    return Tup(tuple(it.read(item) for item in items), is_list=True)


def chosen(it: Interpreter, display: Tup, index: Any) -> Value:
    """The element of a display at an index of the run's; no write may reach one alone."""
    value = it.emit(operator.getitem, display, index)
    _share(it, (value,))
    return value


def _share(it: Interpreter, items: tuple[Value, ...]) -> None:
    for item in items:
        if isinstance(item, Tensor):
            item = item.value
        if isinstance(item, Array):
            it.state.freeze(item.cell, CHOSEN_ELEMENT)


def static_slice(it: Interpreter, index: SliceValue) -> slice:
    parts = (index.start, index.stop, index.step)
    return slice(*(it.demand(p, "a bound of a slice of a tuple or list") for p in parts))


def _from_reference(it: Interpreter, base: Reference, index: Value) -> Value:
    content = it.state.get(base.cell)
    match content:
        case DictContent():
            if is_unknown_key(it, index):
                return _at_unknown_key(it, content, index)
            open_dicts.demand(it, content, index)
            key = it.demand(index, "a key of a dict")
            return unassigned.decided(it, base, key, lambda d: _at_key(it, d, key))
        case ListContent():
            if _is_of_run(it, index) and containers.regular(it, content.items):
                if containers.is_kept_apart(it, content.items):
                    return _one_of(it, content.items, index)
                return _from_grown(it, containers.grown_to_choose(it, base), index)
            if is_slice_of_run(it, index) and containers.regular(it, content.items):
                copy = grown_lists.as_grown(it, base)
                return _from_grown(it, it.state.get(copy.cell), index)
            return _from_items(it, base, content.items, index, content.cls)
        case GrownList():
            return _from_grown(it, content, index)
        case InstanceContent():
            raise UnsupportedTypeError(
                f"an object of class {content.cls.__name__} is indexed",
                "give its class __getitem__, or index a field",
            )
    raise UnsupportedTypeError(
        f"{describe(base, it)} is indexed", "index arrays, lists, tuples and dicts"
    )


def _at_key(it: Interpreter, base: Value, key: Any) -> Value:
    assert isinstance(base, Reference)
    content = it.state.get(base.cell)
    found = containers.dict_get(content, key)
    return missing(it, base, content, key) if found is None else found


def is_unknown_key(it: Interpreter, key: Value) -> bool:
    """Whether a key of a dict is a text or an integer that the run chooses."""
    if not isinstance(key, Var) or it.inputs.sources.get(key):
        return False
    type_ = key.type
    is_integer = isinstance(type_, Num) and type_.rank == 0 and type_.dtype == "int64"
    return isinstance(type_, Opaque) or is_integer


def keys_for(it: Interpreter, content: DictContent, key: Var) -> list[Any]:
    """The keys of a dict that an unknown one can be equal to."""
    wanted = int | float | np.number if isinstance(key.type, Num) else str | enum.Enum
    options = it.options_of(key)
    return [
        known
        for known, _ in content.items
        if isinstance(known, wanted) and (not options or known in options)
    ]


def at_each_key(
    it: Interpreter,
    content: DictContent,
    key: Var,
    act: Callable[[Any], Value],
    otherwise: Callable[[], Value],
) -> Value:
    """What `act` gives for the key of the dict that an unknown one is; `otherwise`, for none."""
    keys, options = keys_for(it, content, key), it.options_of(key)
    surely = bool(options) and all(option in keys for option in options)

    def among(k: int) -> Value:
        if k == len(keys):
            return otherwise()
        if surely and k == len(keys) - 1:
            return act(keys[k])
        same = it.atom(operator.eq, key, it.read(containers.lift_constant(keys[k])))
        return conditions.either(it, same, lambda: act(keys[k]), lambda: among(k + 1))

    return among(0)


def _at_unknown_key(it: Interpreter, content: DictContent, key: Var) -> Value:
    """The value under a key that the run chooses."""
    require_certain(it, content, key)
    items = dict(content.items)

    def none() -> Value:
        if content.cls is not collections.Counter:
            exceptions.raise_error(it, KeyError, (key,))
        return Const(0)

    return at_each_key(it, content, key, items.__getitem__, none)


def require_certain(it: Interpreter, content: DictContent, key: Var) -> None:
    """Refuse a dict of which it is not known what it holds under an unknown key."""
    counts = content.cls is collections.Counter and not content.items
    if content.factory is not None or content.uncertain or counts:
        open_dicts.demand(it, content, key)
        raise UnsupportedTypeError(
            "a dict that makes its values is read at a key of the run's",
            "fill an ordinary dict with all keys first",
        )


def _store_at_unknown_key(it: Interpreter, base: Reference, key: Var, value: Value) -> None:
    """``d[key] = value`` at a key that the run chooses among those of the dict."""
    content = it.state.get(base.cell)
    options, known = it.options_of(key), [k for k, _ in content.items]
    if content.uncertain or not options or any(option not in known for option in options):
        open_dicts.demand(it, content, key)
        raise UnsupportedTypeError(
            "a dict is given a key that only the run knows",
            "give it all keys before, and choose among them with if; or keep the values in a list"
            " or an array, at the place of a number",
        )

    def store(known: Any) -> Value:
        it.put(base.cell, it.state.get(base.cell).with_item(known, value))
        return Const(None)

    at_each_key(it, content, key, store, lambda: Const(None))


def _chosen(it: Interpreter, items: tuple[Value, ...], index: Var, cls: type) -> Value:
    """The item at an index of the run's, of a few that are no numbers."""

    def among(k: int) -> Value:
        if k == len(items):
            message = wording.said_of_index(cls, 0, 0)
            exceptions.raise_error(it, IndexError, (Static(message),))
        there = it.atom(operator.eq, index, Const(k))
        behind = it.atom(operator.eq, index, Const(k - len(items)))
        here = it.atom(operator.or_, there, behind)
        return conditions.either(it, here, lambda: items[k], lambda: among(k + 1))

    return among(0)


def missing(it: Interpreter, base: Reference, content: DictContent, key: Any) -> Value:
    """What reading a dict at a key that it lacks gives."""
    if content.cls is collections.Counter:
        return Const(0)
    method = classes.special(it, base, "__missing__")
    if method is not None:
        return calls.call(it, method, [containers.lift_constant(key)], {})
    if content.factory is not None:
        held = it.hold(base)
        value = calls.call(it, content.factory, [], {})
        store_item(it, it.release(held), containers.lift_constant(key), value)
        return value
    refusal = UnsupportedTypeError(
        f"the dict has no key {key!r}", "use d.get(key, default), or add the key before"
    )
    exceptions.may_fail(it, KeyError, key, refusal)
    return None


def _from_grown(it: Interpreter, content: GrownList, index: Value) -> Value:
    if isinstance(index, SliceValue):
        part = arrays.index_atom(it, index)
        atoms = tuple(it.atom(operator.getitem, a, part) for a in content.atoms)
        cell = Cell("list")
        cls = tuple if content.cls is tuple else list
        it.put(cell, GrownList(atoms, content.template, cls))
        return Reference(cell)
    at = it.read(index)
    if content.cls is not list:
        message = wording.said_of_index(content.cls, 0, 0)
        preconditions.check_bounds(it, at, it.atom(len, content.atoms[0], hint="n"), message)
    return containers.element(
        it, content.template, [it.atom(operator.getitem, a, at) for a in content.atoms]
    )


def store_item(it: Interpreter, base: Value, index: Value, value: Value) -> None:
    """``base[index] = value`` for any kind of base."""
    if isinstance(base, Maybe):
        base = absent.value_of(it, base, TypeError, operator.setitem, None, 0, 0, always=True)
    if isinstance(base, Lazy) and base.kind == "fields":
        objects.set_field(it, base.parts[0], it.demand(index, "the name of a field"), value)
        return None
    grown_tuples.require_changeable(
        it, base, "assigned", "{} object does not support item assignment"
    )
    if not isinstance(base, Reference):
        return arrays.setitem(it, base, index, value)
    method = classes.special(it, base, "__setitem__")
    if method is not None:
        calls.call(it, method, [index, value], {})
        return None
    index = _place(it, base, index)
    store_builtin_item(it, base, index, value)
    return None


def store_builtin_item(it: Interpreter, base: Reference, index: Value, value: Value) -> None:
    """What the ``__setitem__`` of a list or dict does."""
    writable(it, base)
    content = it.state.get(base.cell)
    match content:
        case DictContent() if is_unknown_key(it, index):
            _store_at_unknown_key(it, base, index, value)
        case DictContent():
            open_dicts.demand(it, content, index)
            key = it.demand(index, "a key of a dict")
            it.put(base.cell, content.with_item(key, value))
        case ListContent() | GrownList():
            _store_element(it, base, content, index, value)
        case InstanceContent():
            raise UnsupportedTypeError(
                f"an item of an object of class {content.cls.__name__} is assigned",
                "give its class __setitem__, or assign a field",
            )


def _is_of_run(it: Interpreter, value: Value) -> bool:
    """Whether only the run knows a number."""
    return isinstance(value, Var) and not it.inputs.sources.get(value)


def is_slice_of_run(it: Interpreter, index: Value) -> bool:
    """Whether it is a slice of which only the run knows a bound."""
    if not isinstance(index, SliceValue):
        return False
    return any(_is_of_run(it, part) for part in (index.start, index.stop))


def _store_element(
    it: Interpreter, base: Reference, content: Any, index: Value, value: Value
) -> None:
    if isinstance(content, ListContent):
        if isinstance(index, SliceValue):
            _store_slice(it, base, index, value)
            return
        if not (isinstance(index, Var) and containers.regular(it, content.items)):
            items = list(content.items)
            position = it.demand(index, "an index of a list")
            whole = isinstance(position, int | np.integer)
            if not whole or not -len(items) <= position < len(items):
                refusal = UnsupportedTypeError(
                    f"{position!r} is no index of a list of {len(items)}",
                    "append, or make the list longer before",
                )
                exceptions.may_fail(it, IndexError, "list assignment index out of range", refusal)
            items[position] = value
            it.put(base.cell, content.with_items(items))
            return
        content = containers.grown_to_choose(it, base)
    if isinstance(index, SliceValue):
        _store_slice(it, base, index, value)
        return
    at = it.read(index)

    def put(atom: Atom, item: Atom) -> Atom:
        return it.atom(support.list_set, atom, at, item)

    new = containers.written(it, content, value, put)  # May branch, and so replace the state.
    it.put(base.cell, new)


def _store_slice(it: Interpreter, base: Reference, index: SliceValue, value: Value) -> None:
    held = it.hold(base)
    if grown_lists.is_grown(it, base) or is_slice_of_run(it, index):
        new_items = BUILTINS[list](it, [value], {})
        grown_lists.set_slice(it, it.release(held), index, new_items)
        return
    new = iterables.known_items(it, value, "what is assigned to a slice of a list")
    base = it.release(held)
    content = it.state.get(base.cell)
    items = list(content.items)
    try:
        items[static_slice(it, index)] = new
    except ValueError as error:
        exceptions.may_fail(
            it,
            ValueError,
            str(error),
            UnsupportedTypeError(str(error), "assign as many elements as the slice has"),
        )
    it.put(base.cell, content.with_items(items))


def writable(it: Interpreter, reference: Reference) -> None:
    """Refuse to change an object of the caller's, or one that several names may stand for."""

    why = it.state.frozen.get(reference.cell)
    if why:
        arrays.require_parted(it, reference.cell)
        raise AliasingError(
            f"a list, dict or object is changed while {why}",
            "change a copy, or change it in each branch",
        )
    content = it.inputs.initial.get(reference.cell)
    if content is not None and not isinstance(content, InstanceContent):
        raise UnsupportedSyntaxError(
            "a list or dict of the caller's is changed",
            "change a copy (list(xs), dict(d)) and return it",
        )
