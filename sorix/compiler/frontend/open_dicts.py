"""Dicts whose keys the run decides.

A dict whose keys are facts is a `DictContent`, whose values may be anything. Where one is asked for
a key that only the run knows, as in a histogram, ``counts[k] = counts.get(k, 0.0) + v`` with a `k`
computed from the data, the program is interpreted again, with the dicts that are made at this place
as objects of a class of `prelude_dicts`: lists of the keys and of the values. So the keys must be
integers, or tuples of integers, and the values numbers or arrays of one kind.

That is tried last, where a program is refused otherwise: of a dict whose keys are facts, values of
any kind, and of different kinds, can be told apart.
"""

from __future__ import annotations

import collections
import itertools
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sorix import support
from sorix.compiler.frontend import (
    calls,
    comparisons,
    containers,
    prelude_algorithms,
    prelude_dicts,
    prelude_sets,
    prelude_steps,
    subscripts,
    taken_rows,
)
from sorix.compiler.frontend.builtin_table import BUILTINS, builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    Kwargs,
    ListContent,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError

Site = tuple[str, Any]

CLASSES: dict[type, type] = {
    dict: prelude_dicts.OpenDict,
    collections.defaultdict: prelude_dicts.OpenDefaultDict,
    collections.Counter: prelude_dicts.OpenCounter,
}

_OF_LISTS: dict[type, type] = {
    dict: prelude_dicts.OpenLists,
    collections.defaultdict: prelude_dicts.OpenDefaultLists,
}


_STANDS_FOR: dict[type, type] = {
    prelude_sets.OpenSet: set,
    prelude_algorithms.Counter: itertools.count,
}


def site(it: Interpreter, node: Any) -> Site:
    """The place where a dict is made."""
    return ("open", (it.frame.source.file, node.lineno, node.col_offset))


def opened(it: Interpreter, made: Reference, place: Site) -> Reference:
    """A new dict, as one whose keys the run decides where that was found to be needed."""
    content = it.state.get(made.cell)
    if content.cls not in CLASSES:
        return made
    if place not in it.inputs.demanded:
        it.put(made.cell, content.made_at(place))
        return made
    items = containers.dict_items(content)
    has_lists = of_lists(place) in it.inputs.demanded
    fields: dict[str, Value] = {
        name: containers.new_list(it, []) for name in ("dict_keys", "dict_values")
    }
    if has_lists:
        fields |= {name: containers.new_list(it, []) for name in ("owners", "members")}
        fields["count"] = Const(0)
    if content.factory is not None:
        fields["factory"] = content.factory
    fields["site"] = Static(place)
    cls = (_OF_LISTS if has_lists else CLASSES)[content.cls]
    it.put(made.cell, InstanceContent(cls, fields))
    held = it.hold(made)
    for key, value in items:
        subscripts.store_item(it, _peek(it, held), containers.lift_constant(key), value)
    return it.release(held)


def of_lists(place: Site) -> Site:
    """What to demand so that a dict is one of lists."""
    return ("lists", place[1])


def _peek(it: Interpreter, held: Any) -> Value:
    """A held value, without releasing it."""
    value: Value = it.state.get(held.cell)
    return value


def demand(it: Interpreter, content: DictContent | ListContent, key: Value) -> None:
    """Have a dict or set made as one whose keys the run decides, if only it knows the key."""
    if content.site is not None:
        demand_at(it, content.site, key)


def demand_at(it: Interpreter, place: Site, key: Value) -> None:
    """The same of a dict that is made at this place."""
    if _is_of_run(it, key):
        it.inputs.open_at(place)


@contextmanager
def demanded_where_refused(it: Interpreter, place: Site) -> Iterator[None]:
    """Have what is made of items be one whose keys the run decides, if its keys are not known."""
    try:
        yield
    except UnsupportedTypeError:
        it.inputs.open_at(place)
        raise


def counted(it: Interpreter, items: Value, place: Site) -> Value:
    """``Counter(items)``."""
    held = it.hold(items)
    empty = opened(it, containers.new_dict(it, [], collections.Counter), place)
    return calls.call_function(it, prelude_dicts.counted, [empty, it.release(held)], {})


def _is_of_run(it: Interpreter, key: Value) -> bool:
    """Whether a key is an integer that only the run knows, or a tuple with one in it."""
    if isinstance(key, Sequence):
        return all(_is_integer(it, v) for v in key.items) and any(
            _is_of_run(it, v) for v in key.items
        )
    if not isinstance(key, Var) or it.inputs.sources.get(key):
        return False
    contents = it.inputs.contents
    return _is_integer(it, key) and not (contents is not None and contents.holds(key))


def _is_integer(it: Interpreter, value: Value) -> bool:
    if isinstance(value, Const):
        return type(value.value) is int
    type_ = it.type_of(value) if isinstance(value, Var) else None
    return isinstance(type_, Num) and type_.rank == 0 and type_.dtype == "int64"


def is_open_dict(it: Interpreter, value: Value) -> bool:
    content = containers.content_of(it, value)
    return isinstance(content, InstanceContent) and issubclass(content.cls, prelude_dicts.OpenDict)


def is_open_class(cls: type) -> bool:
    """Whether objects of a class stand for a dict or set whose keys the run decides, or a part."""
    return cls.__module__ in (prelude_dicts.__name__, prelude_sets.__name__)


def plain_class(cls: type) -> type:
    """The class that Python gives what an object of this class stands for."""
    if cls in taken_rows.ROWS:
        return list
    if cls in _STANDS_FOR:
        return _STANDS_FOR[cls]
    pairs = (*CLASSES.items(), *_OF_LISTS.items())
    return next((plain for plain, own in pairs if own is cls), cls)


@builtin(prelude_steps.place)
def _place(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    keys, key = args
    assert isinstance(keys, Reference)
    content = it.state.get(keys.cell)
    parts = _parts(it, key)
    if isinstance(content, ListContent):
        if not content.items:
            return Const(-1)
        for known in content.items:
            _require_alike(it, known, key)
        content = containers.grow(it, keys)
    assert isinstance(content, GrownList)
    _require_alike(it, content.template, key)
    if isinstance(key, Sequence):
        return it.atom(support.place_of, Tup(content.atoms), Tup(parts))
    return it.atom(support.place_of, content.atoms[0], parts[0])


def _parts(it: Interpreter, key: Value) -> tuple[Atom, ...]:
    items = key.items if isinstance(key, Sequence) and key.cls is tuple else (key,)
    if not items or not all(_is_integer(it, v) for v in items):
        raise UnsupportedTypeError(
            f"{describe(key, it)} is a key of a dict or set whose keys the run decides",
            "use integers, or tuples of integers, as its keys",
        )
    return tuple(it.read(v) for v in items)


def _require_alike(it: Interpreter, known: Value, key: Value) -> None:
    shapes = [len(k.items) if isinstance(k, Sequence) else None for k in (known, key)]
    if shapes[0] != shapes[1]:
        raise UnsupportedTypeError(
            "a dict or set whose keys the run decides has keys of different kinds",
            "use integers, or tuples of so many integers, as its keys",
        )
    _parts(it, known)


@builtin(prelude_steps.noted)
def _noted(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """The same list as it is now: as no one changes it, nothing is copied.

    It is one whose items the run chooses, also where it has one item, so that a loop over it stays
    a loop: it may be over the longer list of another dict at another time.
    """
    items = args[0]
    assert isinstance(items, Reference)
    content = it.state.get(items.cell)
    if isinstance(content, ListContent) and containers.regular(it, content.items):
        containers.grow(it, items)
    cell = Cell("before")
    it.put(cell, it.state.get(items.cell))
    return Reference(cell)


@builtin(prelude_steps.resized)
def _resized(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    one, other = (containers.content_of(it, v) for v in args)
    if isinstance(one, GrownList) and isinstance(other, GrownList):
        if one.atoms[0] is other.atoms[0]:
            return Const(False)
        counts = (it.atom(len, content.atoms[0], hint="n") for content in (one, other))
        return it.atom(operator.ne, *counts)
    return comparisons.compare_values(it, "NotEq", *(BUILTINS[len](it, [v], {}) for v in args))


# -- copies ---------------------------------------------------------------------------------


@builtin(prelude_steps.copied_dict)
def _copied(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return copied(it, args[0])


def copied(it: Interpreter, value: Value, cls: type | None = None) -> Reference:
    """A dict, of another class if that is said, of the same keys and values."""
    content = containers.content_of(it, value)
    if "owners" in content.fields:
        raise UnsupportedTypeError(
            "a dict of lists whose keys the run decides is copied, and the copy shares its lists",
            "copy the lists, too: {k: list(v) for k, v in d.items()}",
        )
    fields = dict(content.fields)
    for name in ("dict_keys", "dict_values"):
        cell = Cell(name)
        it.put(cell, containers.content_of(it, fields[name]))
        fields[name] = Reference(cell)
    cell = Cell("dict")
    it.put(cell, InstanceContent(cls or content.cls, fields))
    return Reference(cell)


@builtin(prelude_steps.refuse)
def _refuse(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    what, does, instead = (it.demand(v, "a text of a refusal") for v in args)
    raise UnsupportedTypeError(f"{what} {does}", instead)
