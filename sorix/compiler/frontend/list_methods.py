"""Methods of lists, deques and sets."""

from __future__ import annotations

import collections
import operator
from collections.abc import Callable, Iterator
from typing import Any

from sorix import support
from sorix.compiler.frontend import (
    absent,
    calls,
    comparisons,
    containers,
    exceptions,
    grown_lists,
    iterables,
    loops,
    open_dicts,
    ordering,
    preconditions,
    prelude_lists,
    subscripts,
    wording,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    GrownList,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Slc, Var
from sorix.errors import UnsupportedCallError, UnsupportedTypeError

_LAST = Const(-1)


_ZERO = Const(0)


def append(it: Interpreter, owner: Reference, value: Value) -> Value:
    subscripts.writable(it, owner)
    content = it.state.get(owner.cell)
    if isinstance(content, ListContent):
        it.put(owner.cell, content.with_items((*content.items, value)))
        return NONE

    def appended(atom: Atom, item: Atom) -> Atom:
        return it.atom(support.list_append, atom, item, hint=_list_hint(atom))

    new = containers.written(it, content, value, appended)  # May branch, and so replace the state.
    it.put(owner.cell, new)
    return NONE


def _list_hint(atom: Any) -> str:
    return atom.hint if isinstance(atom, Var) else "items"


def extend(it: Interpreter, owner: Reference, value: Value) -> Value:
    if isinstance(value, Maybe):
        value = absent.value_of(it, value, TypeError, iter, None, always=True)
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
    subscripts.writable(it, owner)
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
        it.put(owner.cell, content.with_items(items))
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
    it.put(owner.cell, content.with_atoms(rests))
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
    it.put(owner.cell, content.with_atoms(rests))
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
    subscripts.writable(it, owner)
    it.put(owner.cell, it.state.get(owner.cell).with_items(items))
    return NONE


def _reverse(it: Interpreter, owner: Reference) -> Value:
    content = it.state.get(owner.cell)
    if not isinstance(content, GrownList):
        return _replace(it, owner, list(reversed(_known(it, owner))))
    subscripts.writable(it, owner)
    backwards = Slc(Const(None), Const(None), Const(-1))
    atoms = tuple(
        it.atom(operator.getitem, a, backwards, hint=_list_hint(a)) for a in content.atoms
    )
    it.put(owner.cell, content.with_atoms(atoms))
    return NONE


def _sort(it: Interpreter, owner: Reference, **kwargs: Value) -> Value:
    ordering.in_order(it, owner, kwargs)
    return NONE


def _remove(it: Interpreter, owner: Reference, value: Value) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, ListContent) and content.is_set:
        open_dicts.demand(it, content, value)
    if isinstance(content, GrownList) or not _are_facts(it, (*content.items, value)):
        if issubclass(content.cls, set):
            return grown_lists.change(it, owner, prelude_lists.removed_of_set, value)
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
        same = comparisons.equal_items(it, item, value)
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
    it.put(cell, it.state.get(owner.cell))
    return Reference(cell)


def clear(it: Interpreter, owner: Reference) -> Value:
    subscripts.writable(it, owner)
    content = it.state.get(owner.cell)
    empty = (
        ListContent((), content.cls) if isinstance(content, GrownList) else content.with_items(())
    )
    it.put(owner.cell, empty)
    return NONE


def _known(it: Interpreter, owner: Reference) -> tuple[Value, ...]:
    content = it.state.get(owner.cell)
    assert isinstance(content, ListContent)
    return content.items


def _set_add(it: Interpreter, owner: Reference, value: Value) -> Value:
    items = _known(it, owner)
    open_dicts.demand(it, it.state.get(owner.cell), value)
    wanted = containers.member(it, value)
    if all(containers.member(it, v) != wanted for v in items):
        return _replace(it, owner, [*items, value])
    return NONE


def _discard(it: Interpreter, owner: Reference, value: Value) -> Value:
    open_dicts.demand(it, it.state.get(owner.cell), value)
    wanted = containers.member(it, value)
    kept = [v for v in _known(it, owner) if containers.member(it, v) != wanted]
    return _replace(it, owner, kept)


def _index(it: Interpreter, owner: Reference, value: Value, *bounds: Value) -> Value:
    content = it.state.get(owner.cell)
    if isinstance(content, GrownList) or not _are_facts(it, (*content.items, value)):
        if bounds:
            raise UnsupportedCallError(
                "index() between bounds, of what the run computes",
                "look into a slice: start + items[start:].index(x)",
            )
        said = grown_lists.said_of_absent(content.cls, "index")
        return calls.call_function(it, prelude_lists.index, [owner, value, *said], {})
    known = [it.demand(v, "an element") for v in _known(it, owner)]
    wanted = it.demand(value, "the element")
    between = [it.demand(bound, "a bound of index()") for bound in bounds]
    if wanted not in known[slice(*(between + [None, None])[:2])]:
        refusal = UnsupportedTypeError(f"{wanted!r} is not in the list", "test with `in` before")
        message = wording.said(it.state.get(owner.cell).cls(known).index, wanted, *between)
        exceptions.may_fail(it, ValueError, message, refusal)
    return Const(known.index(wanted, *between))


def _list_item(it: Interpreter, owner: Reference, index: Value) -> Value:
    return subscripts.subscript(it, owner, index, "t")


def _store_list_item(it: Interpreter, owner: Reference, index: Value, value: Value) -> Value:
    subscripts.store_builtin_item(it, owner, index, value)
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


SEQUENCE_METHODS: dict[str, Callable[..., Value]] = {
    "append": append,
    "extend": extend,
    "pop": _pop,
    "insert": _insert,
    "reverse": _reverse,
    "copy": _copy_list,
    "clear": clear,
    "index": _index,
    "remove": _remove,
    "count": _count,
    "__getitem__": _list_item,
    "__setitem__": _store_list_item,
    "__len__": _list_length,
    "__contains__": _list_contains,
}


LIST_METHODS = {**SEQUENCE_METHODS, "sort": _sort}


DEQUE_METHODS = {
    **SEQUENCE_METHODS,
    "appendleft": _append_left,
    "popleft": _pop_left,
    "extendleft": _extend_left,
    "rotate": _rotate,
}


SET_METHODS: dict[str, Callable[..., Value]] = {
    "add": _set_add,
    "copy": _copy_list,
    "clear": clear,
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
