"""Which of several comes first: ``min``, ``max``, ``sorted``, and sorting a list.

Where the keys are known when the function is compiled, so is the order. Numbers are put in order by
the run, with `numpy.argsort`; a few items of any other kind by comparing and exchanging them, each
exchange a branch.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    builtin_functions,
    calls,
    comparisons,
    conditions,
    containers,
    exceptions,
    grown_tuples,
    likeness,
    prelude,
    prelude_lists,
    subscripts,
    wording,
)
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    GrownList,
    InstanceContent,
    Kwargs,
    Lazy,
    ListContent,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedCallError, UnsupportedTypeError

FEW = 8
"""So many items that are no numbers are put in order by the run."""

# -- the first ------------------------------------------------------------------------------


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
            iterable = builtin_functions.collected(it, iterable)
        items = containers.static_items(it, iterable)
        if items is None and not kwargs and not grown_tuples.is_grown(it, iterable):
            return _extreme_of_array(it, fn, iterable)
        if items is None:
            better = Static(operator.lt if fn is min else operator.gt)
            said = Static(wording.said(fn, []))
            if not kwargs:
                return calls.call_function(it, prelude_lists.best, [iterable, better, said], {})
            given = [iterable, key if keyed else Static(prelude.same), better]
            given += [kwargs.get("default", said)]
            text = prelude.extreme_or if "default" in kwargs else prelude.extreme
            return calls.call_function(it, text, given, {})
        args = list(items)
    if not args:
        return _extreme_of_nothing(it, fn, kwargs)
    if all(isinstance(a, Const) for a in args) and not keyed:
        return Const(fn(a.value for a in args))
    return _extreme_of_items(it, op, args, key if keyed else None)


def _extreme_of_nothing(it: Interpreter, fn: Any, kwargs: Kwargs) -> Value:
    if "default" in kwargs:
        return kwargs["default"]
    message = f"{fn.__name__}() iterable argument is empty"
    exceptions.may_fail(
        it,
        ValueError,
        wording.said(fn, []),
        UnsupportedTypeError(message, "give a default, or test for emptiness before"),
    )
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
    return it.whole(conditions.either(it, cond, lambda: one, lambda: other))


def _extreme_of_array(it: Interpreter, fn: Any, value: Value) -> Value:
    rank = getattr(it.type_of(value), "rank", None) if isinstance(value, Array) else None
    if isinstance(value, Array) and rank in (1, None):
        return it.emit(np.min if fn is min else np.max, it.read(value))
    raise UnsupportedTypeError(
        f"{fn.__name__}() of {describe(value, it)}", "give it a list, an array or several numbers"
    )


# -- all in order ---------------------------------------------------------------------------


@builtin(sorted)
def _sorted(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = builtin_functions.collected(it, args[0])
    in_order(it, given, kwargs)
    return given


def in_order(it: Interpreter, items: Reference, kwargs: Kwargs) -> None:
    """Put the items of a list in order."""
    subscripts.writable(it, items)
    key = kwargs.get("key", NONE)
    reverse = bool(it.demand(kwargs.get("reverse", Const(False)), "reverse="))
    content = it.state.get(items.cell)
    if isinstance(content, ListContent):
        held = it.hold(items)
        found = _ordered(it, content.items, key, reverse)
        items = it.release(held)
        it.put(items.cell, it.state.get(items.cell).with_items(found))
        return
    assert isinstance(content, GrownList)
    held = it.hold(items)
    keyed = not (isinstance(key, Static) and key.value is None)
    ratings = calls.call_function(it, prelude.rated, [items, key], {}) if keyed else items
    order = _order_of(it, ratings, reverse)
    made = calls.call_function(it, prelude.taken, [it.release(held), order], {})
    it.put(items.cell, containers.content_of(it, made))


def _order_of(it: Interpreter, ratings: Value, reverse: bool) -> Value:
    """The order of a list whose length the run decides, of numbers or of tuples of numbers.

    Tuples are put in order by their last numbers first, as a stable sort keeps what is equal.
    """
    content = containers.content_of(it, ratings)
    atoms = content.atoms if isinstance(content, GrownList) else ()
    columns = [it.atom(np.array, atom, hint="ratings") for atom in atoms]
    if not columns or any(not isinstance(c.type, Num) or c.type.dtype is None for c in columns):
        raise UnsupportedTypeError(
            "a list whose length the run decides is sorted by what is no number",
            "sort by a number, or by a tuple of numbers",
        )
    if any(isinstance(c.type, Num) and c.type.rank not in (None, 1) for c in columns):
        raise UnsupportedTypeError(
            "a list whose length the run decides is sorted by arrays",
            "sort by one number of each: sorted(rows, key=lambda row: row[0])",
        )
    columns = [_countable(it, column) for column in columns]
    if reverse:
        columns = [it.atom(operator.neg, column) for column in columns]
    stable = {"kind": Const("stable"), "hint": "order"}
    order = it.atom(np.argsort, columns[-1], **stable)
    for column in reversed(columns[:-1]):
        now = it.atom(operator.getitem, column, order)
        order = it.atom(operator.getitem, order, it.atom(np.argsort, now, **stable), hint="order")
    return it.wrap(order)


def _countable(it: Interpreter, column: Var | Const) -> Var | Const:
    """Truth values as 0 and 1, which have negatives."""
    is_bool = isinstance(column.type, Num) and column.type.dtype == "bool"
    return it.atom(support.cast, column, Const(np.dtype("int64"))) if is_bool else column


def _ordered(it: Interpreter, items: tuple[Value, ...], key: Value, reverse: bool) -> list[Value]:
    if len(items) < 2:
        return list(items)
    if isinstance(key, Static) and key.value is None:
        return _by_keys(it, items, items, reverse)
    held = [it.hold(item) for item in items]
    kept = [it.hold(calls.call(it, key, [_peek(it, h)], {})) for h in held]
    keys = tuple(it.release(k) for k in kept)
    return _by_keys(it, tuple(it.release(h) for h in held), keys, reverse)


def _peek(it: Interpreter, held: Any) -> Value:
    """A held value, without releasing it."""
    return it.state.get(held.cell) if hasattr(held, "cell") and hasattr(held, "frame") else held


def _by_keys(
    it: Interpreter, items: tuple[Value, ...], keys: tuple[Value, ...], reverse: bool
) -> list[Value]:
    try:
        facts = [it.demand(k, "what is sorted by") for k in keys]
    except UnsupportedTypeError:
        pass
    else:
        places = range(len(items))
        order = containers.computed(
            it, lambda: sorted(places, key=lambda k: facts[k], reverse=reverse)
        )
        return [items[k] for k in order]
    found = _by_index(it, items, keys, reverse)
    if found is not None:
        return found
    if len(items) > FEW:
        raise UnsupportedCallError(
            f"more than {FEW} values that are no numbers are sorted by keys that the run computes",
            "use np.argsort of the keys, and an index",
        )
    return _exchanged(it, items, keys, reverse)


def _by_index(
    it: Interpreter, items: tuple[Value, ...], keys: tuple[Value, ...], reverse: bool
) -> list[Value] | None:
    """Numbers, or tuples of numbers, in the order that the run finds; None where they are none."""
    if not _are_numbers(it, keys):
        return None
    leaves = [_leaves(it, item) for item in items]
    if not all(leaves) or not all(likeness.alike(items[0], item) for item in items):
        return None
    columns = list(zip(*leaves, strict=True))
    if not all(_are_numbers(it, column) for column in columns):
        return None
    ratings = _array_of(it, keys)
    if reverse:
        ratings = it.atom(operator.neg, ratings)
    order = it.atom(np.argsort, ratings, kind=Const("stable"), hint="order")
    arrays = [it.atom(operator.getitem, _array_of(it, c), order, hint="ordered") for c in columns]
    result = []
    for k in range(len(items)):
        atoms = [
            _number(it, it.atom(operator.getitem, array, Const(k)), column[0])
            for array, column in zip(arrays, columns, strict=True)
        ]
        result.append(containers.element(it, items[0], atoms))
    return result


def _array_of(it: Interpreter, values: Any) -> Atom:
    return it.atom(np.array, Tup(tuple(it.read(v) for v in values), is_list=True))


def _number(it: Interpreter, atom: Atom, like: Value) -> Atom:
    """An element of an array as the kind of number that it was."""
    type_ = like.type if isinstance(like, Var | Const) else None
    if isinstance(type_, Num) and type_.kind == "python":
        return it.atom(int if type_.dtype == "int64" else float, atom)
    return atom


def _leaves(it: Interpreter, item: Value) -> list[Value]:
    """The numbers of a tuple structure; none where it is something else."""
    if isinstance(item, Var | Const):
        return [item]
    if isinstance(item, Sequence):
        parts = [_leaves(it, part) for part in item.items]
        return [leaf for part in parts for leaf in part] if all(parts) else []
    return []


def _are_numbers(it: Interpreter, values: Any) -> bool:
    """Whether the values are numbers of one type."""
    types = [v.type for v in values if isinstance(v, Var | Const)]
    return (
        len(types) == len(values)
        and all(isinstance(t, Num) and t.rank == 0 and t.dtype not in (None, "bool") for t in types)
        and len({(t.dtype, t.kind) for t in types}) == 1
        and all(t.kind != "number" for t in types)
    )


def _exchanged(
    it: Interpreter, items: tuple[Value, ...], keys: tuple[Value, ...], reverse: bool
) -> list[Value]:
    """Compare neighbours and exchange them until they are in order; equal ones keep theirs."""
    op = "Gt" if reverse else "Lt"
    rows = [it.hold(Sequence(pair)) for pair in zip(items, keys, strict=True)]
    for last in range(1, len(rows)):
        for k in range(last, 0, -1):
            rows[k - 1], rows[k] = _exchange(it, op, rows[k - 1], rows[k])
    found = [it.release(row) for row in rows]
    return [row.items[0] for row in found]


def _exchange(it: Interpreter, op: str, one: Any, other: Any) -> tuple[Any, Any]:
    before, after = _peek(it, one), _peek(it, other)
    found = comparisons.compare_values(it, op, after.items[1], before.items[1])
    cond = conditions.truth(it, found)
    before, after = it.release(one), it.release(other)
    found = conditions.either(
        it, cond, lambda: Sequence((after, before)), lambda: Sequence((before, after))
    )
    both = it.whole(found)
    assert isinstance(both, Sequence)
    first, second = both.items
    return it.hold(first), it.hold(second)
