"""Items of a list or dict of lists, or of objects, at an index or key that only the run knows.

There is no value that is one list or another and can be written into. So where such an item is
read further, as in ``rows[k][0]``, or written into, each of the few items has a branch in which it
is the one. An assignment of the item itself, as in ``rows[0], rows[k] = rows[k], rows[0]``, is
interpreted once for each; after it, rows that only changed their places can still be told apart.
"""

from __future__ import annotations

import copy
import functools
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import gast
import numpy as np

from sorix.compiler.frontend import (
    branching,
    conditions,
    containers,
    exceptions,
    lifetimes,
    subscripts,
    wording,
)
from sorix.compiler.frontend.exits import children
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.frontend.state import KEPT_APART
from sorix.compiler.frontend.values import (
    DictContent,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Num

# -- further in -----------------------------------------------------------------------------


def path_to(node: Any) -> tuple[Any, list[Any]]:
    """What is indexed in ``base[i][j]``, and the indices, as far as these can change nothing."""
    indices = [node.slice]
    node = node.value
    while isinstance(node, gast.Subscript) and _changes_nothing(indices[-1]):
        indices.append(node.slice)
        node = node.value
    return node, indices[::-1]


def _changes_nothing(node: Any) -> bool:
    return not any(isinstance(part, gast.Call | gast.NamedExpr) for part in gast.walk(node))


Use = Literal["read", "store", "augment"]
"""What is done with a place; one that is augmented is read before it is written."""


def at(
    it: Interpreter,
    base: Value,
    indices: list[Value],
    act: Callable[[Value, Value], Value],
    use: Use = "read",
) -> Value:
    """What `act` gives for the place ``base[i][j]``, of the innermost container and last index."""
    index, rest = indices[0], indices[1:]
    writes = use != "read"
    items = choices(it, base, index, writes)
    if items is not None and not _is_fixed(base, use, rest):

        def item(k: int) -> Value:
            if not rest:
                return act(base, Const(k))
            return at(it, items[k], rest, act, use)

        ways = _ways(it, plain(index), len(items))
        said = _said(it, base, use == "store" and not rest)
        return _each(it, ways, plain(index), len(items), item, said)
    if not rest:
        return act(base, index)
    content = containers.content_of(it, base)
    if writes and isinstance(content, DictContent) and subscripts.is_unknown_key(it, index):
        values = dict(content.items)

        def value(key: Any) -> Value:
            return at(it, values[key], rest, act, use)

        subscripts.require_certain(it, content, index)
        no_key = functools.partial(_no_key, it, index)
        return subscripts.at_each_key(it, content, index, value, no_key)
    return at(it, subscripts.subscript(it, base, index, "t"), rest, act, use)


def _is_fixed(base: Value, use: Use, rest: list[Value]) -> bool:
    """Whether it is an item of a tuple that is assigned, which fails at any index."""
    return isinstance(base, Sequence) and use == "store" and not rest


def _said(it: Interpreter, base: Value, stores: bool) -> str:
    """What Python says where there is no item at an index."""
    if stores:
        return "list assignment index out of range"
    cls = base.cls if isinstance(base, Sequence) else containers.content_of(it, base).cls
    return wording.said_of_index(cls, 0, 0)


def _no_key(it: Interpreter, key: Value) -> Value:
    exceptions.raise_error(it, KeyError, (key,))


def choices(
    it: Interpreter, base: Value, index: Value, writes: bool = False
) -> tuple[Value, ...] | None:
    """The items among which an index of the run's chooses, where they are no numbers or arrays;
    where one `writes`, arrays that are kept apart, too."""
    index = plain(index)
    if not (isinstance(index, Var) and isinstance(index.type, Num) and index.type.rank == 0):
        return None
    if index.type.dtype != "int64" or it.inputs.sources.get(index):
        return None
    content = base if isinstance(base, Sequence) else containers.content_of(it, base)
    if not isinstance(content, ListContent | Sequence):
        return None
    items = content.items
    if writes and containers.is_kept_apart(it, items):
        return items
    if not 0 < len(items) <= containers.FEW or containers.regular(it, items):
        return None
    return items if all(isinstance(v, Reference | Sequence) for v in items) else None


def plain(index: Value) -> Value:
    return index.value if isinstance(index, Maybe) and not index.none else index


Way = tuple[int, int | None]
"""The place of an item, and the index that chooses it; None where both ends may be counted from."""


def _ways(it: Interpreter, index: Value, count: int) -> list[Way]:
    """The items that an index may choose, each with the index where all that it can be is known."""
    known = it.options_of(index)
    if known and all(isinstance(k, int) and -count <= k < count for k in known):
        return [(k % count, k) for k in known]
    return [(k, None) for k in range(count)]


def _each(
    it: Interpreter,
    ways: list[Way],
    index: Value,
    count: int,
    act: Callable[[int], Value],
    said: str,
) -> Value:
    if not ways:
        exceptions.raise_error(it, IndexError, (Static(said),))
    (place, exactly), rest = ways[0], ways[1:]
    if exactly is not None and not rest:
        return act(place)
    return conditions.either(
        it,
        _is_at(it, index, ways[0], count),
        lambda: act(place),
        lambda: _each(it, rest, index, count, act, said),
    )


def _is_at(it: Interpreter, index: Value, way: Way, count: int) -> Atom:
    """Whether an index, counted from either end, is that of an item."""
    place, exactly = way
    if exactly is not None:
        return it.atom(operator.eq, it.read(index), Const(exactly))
    there = it.atom(operator.eq, it.read(index), Const(place))
    behind = it.atom(operator.eq, it.read(index), Const(place - count))
    return it.atom(operator.or_, there, behind)


# -- assignments of the items themselves ----------------------------------------------------


@dataclass
class _Choice:
    """In a statement, the places that are items at one index, or key, of the run's."""

    index: Value
    count: int
    said: str
    places: list[Any]
    keys: tuple[int, ...] | None = None

    def ways(self, it: Interpreter) -> list[Way]:
        if self.keys is None:
            return _ways(it, self.index, self.count)
        known = it.options_of(self.index)
        surely = bool(known) and all(option in self.keys for option in known)
        return [(k, k if surely else None) for k in self.keys if not known or k in known]

    def is_at(self, it: Interpreter, way: Way) -> Atom:
        if self.keys is None:
            return _is_at(it, self.index, way, self.count)
        return it.atom(operator.eq, it.read(self.index), Const(way[0]))

    def fail(self, it: Interpreter) -> None:
        if self.keys is not None:
            exceptions.raise_error(it, KeyError, (self.index,))
        exceptions.raise_error(it, IndexError, (Static(self.said),))


def choice_in(it: Interpreter, node: Any, arrays: bool = False) -> _Choice | None:
    """The first index of the run's at which an assignment reads, or puts a variable's, item;
    where `arrays` are asked for, also one of arrays that are kept apart."""
    found: _Choice | None = None
    asked = False
    for place in _places(node):
        base, index = _named(it, place.value), _named(it, place.slice)
        if base is None or index is None:
            continue
        keys = _keys(it, base, index)
        items = keys or choices(it, base, index, arrays)
        if items is None:
            continue
        asked |= isinstance(place.ctx, gast.Load) or _puts_variable(node)
        if found is None:
            found = _Choice(plain(index), len(items), _said(it, base, _only_stores(node)), [], keys)
        if plain(index) is found.index and (len(items), keys) == (found.count, found.keys):
            found.places.append(place)
    return found if asked else None


def _only_stores(node: Any) -> bool:
    """Whether a statement reads none of the places that it assigns."""
    reads = any(isinstance(place.ctx, gast.Load) for place in _places(node))
    return isinstance(node, gast.Assign) and not reads


def _keys(it: Interpreter, base: Value, index: Value) -> tuple[int, ...] | None:
    """The keys among which one of the run's chooses, of a dict of lists or objects."""
    content = containers.content_of(it, base)
    if not isinstance(content, DictContent) or not subscripts.is_unknown_key(it, plain(index)):
        return None
    keys = tuple(key for key, _ in content.items)
    if content.uncertain or content.factory is not None or not 0 < len(keys) <= containers.FEW:
        return None
    values = (value for _, value in content.items)
    if not all(isinstance(k, int | np.integer) and k is not True and k is not False for k in keys):
        return None
    if not isinstance(plain(index).type, Num):
        return None
    return tuple(map(int, keys)) if all(isinstance(v, Reference) for v in values) else None


_BASE, _INDEX = ".base", ".index"
"""Names that no user's variable has."""


def named_index(it: Interpreter, node: Any) -> Any:
    """``base[f(v)].append(w)`` with names for the base and the index, where the items are lists.

    So the index is computed once, before the item that it chooses is looked for.
    """
    place = _computed_place(node)
    base = None if place is None else _named(it, place.value)
    if base is None or not _are_objects(containers.content_of(it, base)):
        return node
    it.frame.local_names = it.frame.local_names | {_BASE, _INDEX}
    it.put(it.frame.cell(_BASE), base)
    index = it.expr(place.slice)
    it.put(it.frame.cell(_INDEX), index)
    return _renamed(node)


def _forget_names(it: Interpreter) -> None:
    for name in (_BASE, _INDEX):
        cell = it.frame.variables.pop(name, None)
        if cell is not None:
            it.state.cells.pop(cell, None)


def _computed_place(node: Any) -> Any:
    """The item of a variable, at an index that is computed, whose method a statement calls."""
    call = node.value if isinstance(node, gast.Expr) else None
    if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute)):
        return None
    place = call.func.value
    if not (isinstance(place, gast.Subscript) and isinstance(place.value, gast.Name)):
        return None
    return None if isinstance(place.slice, gast.Name | gast.Constant | gast.Slice) else place


def _are_objects(content: Any) -> bool:
    if isinstance(content, ListContent):
        return bool(content.items) and all(isinstance(v, Reference) for v in content.items)
    if isinstance(content, DictContent):
        return bool(content.items) and all(isinstance(v, Reference) for _, v in content.items)
    return False


@functools.lru_cache(maxsize=4096)
def _renamed(node: Any) -> Any:
    place = _computed_place(node)
    memo: dict[int, Any] = {}
    for part, name in ((place.value, _BASE), (place.slice, _INDEX)):
        named = gast.Name(name, gast.Load(), None, None)
        memo[id(part)] = gast.copy_location(named, part)
    return copy.deepcopy(node, memo)


def _puts_variable(node: Any) -> bool:
    return isinstance(node, gast.Assign) and isinstance(node.value, gast.Name)


@functools.lru_cache(maxsize=4096)  # A statement of a loop is interpreted often.
def _places(node: Any) -> tuple[Any, ...]:
    return tuple(_places_in(node))


_WITHOUT_PLACES = (
    *(gast.Name, gast.Constant, gast.operator),
    *(gast.Lambda, gast.ListComp, gast.GeneratorExp, gast.SetComp),
)


def _places_in(node: Any, whole: bool = True) -> Iterator[Any]:
    """The subscripts of variables by variables that are not indexed further."""
    if isinstance(node, _WITHOUT_PLACES):
        return
    if isinstance(node, gast.Subscript):
        names = isinstance(node.value, gast.Name) and isinstance(node.slice, gast.Name)
        if names and whole:
            yield node
    for child in children(node):
        yield from _places_in(child, not (isinstance(node, gast.Subscript) and child is node.value))


def _named(it: Interpreter, node: Any) -> Value | None:
    """What a name holds, if it holds anything."""
    cell = it.frame.cell(node.id)
    if cell is None or not it.state.holds(cell):
        return None
    value: Value = it.state.get(cell)
    return plain(value)


def apart(handler: Callable[[Interpreter, Any, Nodes], bool]) -> Any:
    """A handler of statements that interprets one with a choice in it once for each item."""

    def interpret(it: Interpreter, node: Any, rest: Nodes) -> bool:
        named = named_index(it, node)
        try:
            return _interpret(it, handler, named, rest)
        finally:
            if named is not node:
                _forget_names(it)

    return interpret


def _interpret(it: Interpreter, handler: Any, node: Any, rest: Nodes) -> bool:
    key = conditions.parting(it, node)
    demanded = key in it.inputs.demanded
    choice = choice_in(it, node, demanded)
    parted = bool(rest) and demanded
    if choice is None and not (KEPT_APART in it.inputs.demanded and _places(node)):
        return bool(handler(it, node, rest))
    with conditions.noting_ambiguous(it, key):
        if choice is None:
            return bool(handler(it, node, rest))
        _apart(it, node, choice, choice.ways(it), rest if parted else [])
    return parted


def _apart(it: Interpreter, node: Any, choice: _Choice, ways: list[Way], rest: Nodes) -> None:
    if not ways:
        choice.fail(it)
    (place, exactly), others = ways[0], ways[1:]

    def one() -> None:
        if rest and (exactly is not None or choice.keys is not None):
            _settle(it, choice.index, Const(place if exactly is None else exactly))
        it.execute([_with_index(node, choice.places, place), *rest])

    if exactly is not None and not others:
        one()
        return
    branching.branch(
        it,
        choice.is_at(it, ways[0]),
        one,
        lambda: _apart(it, node, choice, others, rest),
        lifetimes.dead_after(it.frame, rest[-1] if rest else node),
    )


def _settle(it: Interpreter, index: Value, known: Const) -> None:
    """To the end of its block, a way of a choice knows the index that was chosen by."""
    for cell in it.frame.variables.values():
        if it.state.holds(cell) and plain(it.state.get(cell)) is index:
            it.put(cell, known)


def _with_index(node: Any, places: list[Any], k: int) -> Any:
    """The assignment with a number in place of the index."""
    memo: dict[int, Any] = {}
    for place in places:
        number = gast.Constant(k, None)
        memo[id(place.slice)] = gast.copy_location(number, place.slice)
    return copy.deepcopy(node, memo)
