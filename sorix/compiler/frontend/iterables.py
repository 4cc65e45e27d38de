"""What a loop runs over: items known one by one, or a length and a way to the k-th item.

An iterable of the program is first *resolved*: an object of a class gives the generator that its
``__iter__`` is, and an iterator around a generator becomes a generator itself (`prelude`). What is
not a generator then has a *walk*: a tuple of items, to be taken one after the other, or an index.
Items of lists and of ``map`` are taken when their turn comes, as Python does. An iterator can be
walked once; `Taken` in its cell says so.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from sorix.compiler.frontend import (
    absent,
    arrays,
    calls,
    containers,
    failing,
    groups,
    prelude,
    ranges,
    subscripts,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import LONG, Demand
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    DictContent,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    Partial,
    RangeValue,
    Reference,
    Sequence,
    Static,
    Taken,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import ListOf, Num
from sorix.errors import (
    CompilerLimitError,
    InternalCompilerError,
    StructureError,
    UnsupportedTypeError,
)

UNROLL_LIMIT = 20_000
FEW = 16


@dataclass
class Indexed:
    """An iterable that a kept loop can walk: its length, and its k-th item.

    Without a length it has no end, and is walked beside others that have one.
    """

    length: Atom | None
    item: Callable[[Atom], Value]


@dataclass
class Deferred:
    """An item that is computed when its turn comes."""

    get: Callable[[], Value]


Walk = tuple[Any, ...] | Indexed | RangeValue


def force(item: Value | Deferred) -> Value:
    """The item, now that its turn has come."""
    return item.get() if isinstance(item, Deferred) else item


def lazy(it: Interpreter, kind: str, parts: tuple[Value, ...], extra: Any = None) -> Lazy:
    """A new iterator."""
    return Lazy(kind, parts, extra, depth=len(it.kept_loops))


def take(it: Interpreter, value: Lazy, count: int | None = None) -> int:
    """Take items of an iterator (all, or `count` more); how many had been taken before."""
    taken = it.state.get(value.cell)
    before = taken.count if isinstance(taken, Taken) else 0
    if before is None or value.depth != len(it.kept_loops):
        if value.site is not None:
            raise Demand(frozenset([value.site]))
        raise UnsupportedTypeError(
            "an iterator is taken from twice, or inside a loop that it was made before",
            "make a list of it first: items = list(...)",
        )
    it.put(value.cell, Taken(None if count is None else before + count))
    return before


def note_end(it: Interpreter, value: Lazy, taken: Any, count: int) -> None:
    """After a loop over the `count` items that were left: it may be asked again, and gives none."""
    status = it.exit_status()
    if isinstance(status, Const) and not status.value:
        before = taken.count if isinstance(taken, Taken) else 0
        it.put(value.cell, Taken(before + count))


# -- generators -----------------------------------------------------------------------------


def is_generator(value: Value) -> bool:
    if isinstance(value, Maybe):
        value = value.value
    return isinstance(value, Lazy) and value.kind in ("generator", "expression")


def resolve(it: Interpreter, value: Value) -> Value:
    """The generator that iterating over `value` runs, or `value` where that is none."""
    if isinstance(value, Maybe):
        return resolve(it, absent.value_of(it, value, TypeError, iter, None, always=True))
    content = containers.content_of(it, value)
    if isinstance(content, InstanceContent):
        return _of_object(it, value, content)
    if not isinstance(value, Lazy) or is_generator(value):
        return value
    if value.kind == "iter" and isinstance(value.parts[0], Lazy):
        take(it, value)
        return resolve(it, value.parts[0])
    parts = [resolve(it, part) for part in value.parts]
    if value.kind == "filter" or any(map(is_generator, parts)):
        if value.kind == "filter" and _are_constants(it, parts):
            return value
        take(it, value)
        return _around_generator(it, value, parts)
    if any(a is not b for a, b in zip(parts, value.parts, strict=True)):
        return replace(value, parts=tuple(parts))
    return value


def _are_constants(it: Interpreter, parts: list[Value]) -> bool:
    items = containers.static_items(it, parts[0])
    return items is not None and all(isinstance(v, Const | Static) for v in items)


def _of_object(it: Interpreter, value: Value, content: InstanceContent) -> Value:
    if hasattr(content.cls, "__iter__"):
        found = calls.call_method(it, value, "__iter__", [], {})
        inner = containers.content_of(it, found)
        if isinstance(inner, InstanceContent) and hasattr(inner.cls, "__next__"):
            return calls.call_function(it, prelude.of_iterator, [found], {})
        if not isinstance(found, Lazy):
            _refuse_iterator(it, found)
        return resolve(it, found)
    if hasattr(content.cls, "__getitem__"):
        return calls.call_function(it, prelude.of_items, [value], {})
    raise UnsupportedTypeError(
        f"an object of class {content.cls.__name__} is iterated over",
        "give its class __iter__ or __getitem__, or loop over a field",
    )


def _refuse_iterator(it: Interpreter, found: Value) -> NoReturn:
    """What ``__iter__`` returns must be an iterator: a list is none."""
    name = getattr(failing.class_of(it, found), "__name__", "object")
    raise failing.not_possible(
        it,
        found,
        f"iter() returned non-iterator of type {name!r}",
        f"__iter__ returns {describe(found, it)}, which is no iterator",
        "return iter(...) of it",
    )


def _around_generator(it: Interpreter, value: Lazy, parts: list[Value]) -> Value:
    """enumerate(), zip(), map() or filter() of a generator, as a generator."""
    match value.kind:
        case "enumerate":
            return calls.call_function(it, prelude.enumerate_, [parts[0], value.extra], {})
        case "filter":
            return calls.call_function(it, prelude.filter_, [value.extra, parts[0]], {})
        case "map" if len(parts) == 1:
            return calls.call_function(it, prelude.map_, [value.extra, parts[0]], {})
        case "zip" | "map":
            return _beside_generator(it, value, parts)
    raise InternalCompilerError(f"{value.kind}() of a generator")


def _beside_generator(it: Interpreter, value: Lazy, parts: list[Value]) -> Value:
    places = [k for k, part in enumerate(parts) if is_generator(part)]
    if len(places) > 1 or (value.kind == "zip" and value.extra is not None):
        raise UnsupportedTypeError(
            "two generators are walked side by side", "make lists of them first"
        )
    at = places[0]
    others = [_indexable(it, part) for k, part in enumerate(parts) if k != at]
    before, after = Sequence(tuple(others[:at])), Sequence(tuple(others[at:]))
    rows = calls.call_function(it, prelude.zip_, [parts[at], before, after], {})
    if value.kind == "zip":
        return rows
    return calls.call_function(it, prelude.starmap, [value.extra, rows], {})


def _indexable(it: Interpreter, part: Value) -> Value:
    """The length of an iterable (None: without an end), and a function to its k-th item."""
    if isinstance(part, Lazy) and part.kind == "count":
        return Sequence((NONE, Partial(Static(prelude.counted), part.extra, ())))
    if isinstance(part, Lazy) and part.kind == "repeat":
        return Sequence((NONE, Partial(Static(prelude.repeated), part.parts, ())))
    if isinstance(part, Lazy):
        found = walk(it, part, None)
        if not isinstance(found, tuple):
            raise UnsupportedTypeError(
                "a generator is walked beside an iterator", "make lists of them first"
            )
        part = Sequence(tuple(map(force, found)))
    length = BUILTINS[len](it, [part], {})
    return Sequence((length, Partial(Static(operator.getitem), (part,), ())))


# -- walks ----------------------------------------------------------------------------------


def walk(it: Interpreter, value: Value, key: Any, at_once: bool = False) -> Walk:
    """What a loop does with an iterable that is no generator.

    With `at_once` (a comprehension), a short constant range is a tuple of its numbers, and so is
    an array whose elements are facts.
    """
    if isinstance(value, Maybe):
        there = absent.value_of(it, value, TypeError, iter, None, always=True)
        return walk(it, there, key, at_once)
    if isinstance(value, RangeValue):
        if ("unroll", key) in it.inputs.demanded or (at_once and _is_few(value)):
            return _unrolled_range(it, value)
        return value
    if isinstance(value, Lazy) and value.kind not in containers.VIEWS:
        return _over_lazy(it, value, key)
    items = containers.static_items(it, value)
    if items is not None:
        if len(items) > LONG and all(isinstance(v, Var | Const) for v in items):
            return _over_display(it, items)
        return _live(it, value, items)
    match value:
        case Array():
            found = _over_array(it, value)
            return written_out(it, found) if at_once and it.is_known(value) else found
        case Tensor():
            inner = _over_array(it, value.value)
            return Indexed(inner.length, lambda k: Tensor(inner.item(k), value.requires_grad))
        case Reference():
            return _over_grown(it, value)
        case Static() if isinstance(value.value, range):
            r = value.value
            return walk(it, RangeValue(Const(r.start), Const(r.stop), Const(r.step)), key)
    raise failing.not_iterable(
        it,
        value,
        "{} object is not iterable",
        f"a loop runs over {describe(value, it)}",
        "loop over a range, an array, a list or a tuple",
    )


def _is_few(value: RangeValue) -> bool:
    bounds = [a.value for a in (value.start, value.stop, value.step) if isinstance(a, Const)]
    return len(bounds) == 3 and bounds[2] != 0 and len(range(*bounds)) <= FEW


def _unrolled_range(it: Interpreter, value: RangeValue) -> tuple[Value, ...]:
    what = "the bound of a loop whose index chooses among objects"
    bounds = [it.demand(a, what) for a in (value.start, value.stop, value.step)]
    count = len(range(*bounds))
    if count > UNROLL_LIMIT:
        raise CompilerLimitError(
            f"a loop of {count} iterations would have to be unrolled",
            "keep numbers and arrays in it, not objects, so that it stays a loop",
        )
    return tuple(Const(k) for k in range(*bounds))


def written_out(it: Interpreter, walk: Indexed) -> tuple[Deferred, ...]:
    """The items of an array or grown list, each taken when its turn comes."""
    assert walk.length is not None
    length = it.demand(walk.length, "the length of what a loop that makes objects runs over")
    if length > UNROLL_LIMIT:
        raise CompilerLimitError(
            f"a loop of {length} iterations would have to be unrolled",
            "keep numbers and arrays in it, not objects, so that it stays a loop",
        )
    return tuple(Deferred(lambda k=k: walk.item(Const(k))) for k in range(length))


def _live(it: Interpreter, value: Value, items: tuple[Value, ...]) -> tuple[Any, ...]:
    """The items of a list or dict as they are when their turn comes."""
    owner = value.parts[0] if isinstance(value, Lazy) else value
    if not isinstance(owner, Reference) or owner.cell in it.inputs.initial:
        return items

    def live(k: int) -> Value:
        content = containers.content_of(it, owner)
        now = containers.static_items(it, value)
        if now is None or len(now) != len(items) or _keys(content) != keys:
            raise StructureError(
                "a list or dict changes its length while a loop runs over it",
                "loop over a copy: for v in list(xs)",
            )
        return now[k]

    keys = _keys(containers.content_of(it, owner))
    return tuple(Deferred(lambda k=k: live(k)) for k in range(len(items)))


def live_list(
    it: Interpreter, value: Any, taken: Any = None
) -> Callable[[int], Value | None] | None:
    """The k-th item of a list as it then is, which the body of a loop may make longer.

    Of an iterator, `taken` is what had been taken of it before.
    """
    if isinstance(value, Maybe):
        value = value.value
    if isinstance(value, Lazy) and value.kind == "enumerate" and not isinstance(taken, Taken):
        return _live_numbered(it, value)
    content = containers.content_of(it, value) if isinstance(value, Reference) else None
    if not isinstance(content, ListContent | DictContent) or value.cell in it.inputs.initial:
        return None
    count, keys = len(content.items), _keys(content)

    def item(k: int) -> Value | None:
        now = containers.content_of(it, value)
        grown = not isinstance(now, ListContent | DictContent)
        if grown or (now.cls is not list and (len(now.items) != count or _keys(now) != keys)):
            raise StructureError(
                "a list or dict changes its length while a loop runs over it",
                "loop over a copy: for v in list(xs)",
            )
        items = containers.static_items(it, value) or ()
        return items[k] if k < len(items) else None

    return item


def _live_numbered(it: Interpreter, value: Lazy) -> Callable[[int], Value | None] | None:
    """The same of ``enumerate(xs)``."""
    inner = live_list(it, value.parts[0])
    if inner is None:
        return None

    def item(k: int) -> Value | None:
        found = inner(k)
        number = it.atom(operator.add, it.read(value.extra), Const(k))
        return None if found is None else Sequence((number, found))

    return item


def _keys(content: Any) -> Any:
    return tuple(k for k, _ in content.items) if isinstance(content, DictContent) else None


def _over_display(it: Interpreter, items: tuple[Value, ...]) -> Indexed:
    """A loop over items of a list that is written out: a long list is made once, before it."""
    display = subscripts.displayed(it, items)
    count = Const(len(items))
    if len(items) > LONG and all(isinstance(v, Var | Const) for v in items):
        kept = it.builder.call(list, display, hint="items")
        element = kept.type.element if isinstance(kept.type, ListOf) else None
        if isinstance(element, Num) and element.is_float and element.rank == 0:
            return Indexed(count, lambda k: it.emit(operator.getitem, kept, k))
    return Indexed(count, lambda k: subscripts.chosen(it, display, k))


def _over_array(it: Interpreter, value: Value) -> Indexed:
    if not isinstance(value, Array):
        raise UnsupportedTypeError(
            f"a loop runs over {describe(value, it)}",
            "loop over a range, an array, a list or a tuple",
        )
    length = it.atom(np.size, it.read(value), Const(0), hint="n")
    return Indexed(length, lambda k: arrays.getitem(it, value, k))


def _over_grown(it: Interpreter, value: Reference) -> Indexed:
    content = it.state.get(value.cell)
    if not isinstance(content, GrownList):
        raise UnsupportedTypeError(
            f"a loop runs over {describe(value, it)}",
            "loop over a range, an array, a list or a tuple",
        )

    def item(k: Atom) -> Value:
        now = it.state.get(value.cell)
        if not isinstance(now, GrownList) or now.atoms != content.atoms:
            raise StructureError(
                "a list is changed while a loop runs over it", "loop over a copy: for v in list(xs)"
            )
        atoms: list[Atom] = [it.atom(operator.getitem, a, k) for a in content.atoms]
        return containers.element(it, content.template, list(atoms))

    return Indexed(it.atom(len, content.atoms[0], hint="n"), item)


# -- iterators ------------------------------------------------------------------------------


def _over_lazy(it: Interpreter, value: Lazy, key: Any) -> Walk:
    taken = take(it, value)
    found = walk_of(it, value, key)
    if not taken:
        return found
    if isinstance(found, tuple):
        return found[taken:]
    rest = indexed(it, found)
    offset = Const(taken)
    length = None if rest.length is None else it.atom(operator.sub, rest.length, offset)
    return Indexed(length, lambda k: rest.item(it.atom(operator.add, k, offset)))


def walk_of(it: Interpreter, value: Lazy, key: Any) -> Walk:
    if value.kind == "count":
        start, step = value.extra
        return Indexed(None, lambda k: _stepped(it, start, k, step))
    if value.kind == "repeat":
        return Indexed(None, lambda k: value.parts[0])
    if value.kind == "cycle":
        return Indexed(None, lambda k: _in_turn(it, value.parts, k))
    if value.kind == "rows":
        return value.parts
    if value.kind == "zip" and value.extra is None and groups.is_one_iterator(value.parts):
        return groups.grouped(it, walk(it, value.parts[0], key), len(value.parts))
    parts = [walk(it, p, key, at_once=False) for p in value.parts]
    if value.kind == "iter":
        return parts[0]
    objects = [p for p in parts if isinstance(p, tuple) and not _are_numbers(it, p)]
    if objects:
        count = min(map(len, objects))
        certain = not all(_are_uniform(it, p) for p in objects)
        parts = [_beside_objects(it, p, count, certain) for p in parts]
    if _all_static(parts):
        return _static_lazy(it, value, parts)
    return _indexed_lazy(it, value, [indexed(it, p) for p in parts])


def _are_numbers(it: Interpreter, part: tuple[Any, ...]) -> bool:
    return all(isinstance(force(item), Var | Const) for item in part) and _are_uniform(it, part)


def _are_uniform(it: Interpreter, part: tuple[Any, ...]) -> bool:
    """Whether the run may choose among the items, which it may not write into."""
    return containers.uniform(it, tuple(map(force, part)))


def _beside_objects(it: Interpreter, part: Walk | RangeValue, count: int, certain: bool) -> Any:
    """What is walked beside objects or arrays, of which there are `count`, written out as they are.

    Unless it is `certain` that it must be, it is not where its length is the run's.
    """
    if isinstance(part, RangeValue):
        bounds = (part.start, part.stop, part.step)
        if certain or all(_is_known(it, bound) for bound in bounds):
            return _unrolled_range(it, part)
    elif isinstance(part, Indexed) and part.length is not None:
        if certain or _is_known(it, part.length):
            # One more tells zip(strict=True) that the lengths differ.
            length = it.demand(part.length, "the length of what a loop over objects runs over")
            return _endless(part, min(length, count + 1))
    return part


def _is_known(it: Interpreter, atom: Atom) -> bool:
    """Whether an integer is known, or would be if it was asked for."""
    return isinstance(atom, Const) or bool(it.inputs.sources.get(atom))


def _in_turn(it: Interpreter, items: tuple[Value, ...], k: Atom) -> Value:
    """The k-th item of some that come again and again."""
    at = it.atom(operator.mod, k, Const(len(items)))
    return subscripts.subscript(it, Sequence(items), at, "t")


def _stepped(it: Interpreter, start: Atom, k: Atom, step: Atom) -> Atom:
    return it.atom(operator.add, start, it.atom(operator.mul, k, step))


def _all_static(parts: list[Any]) -> bool:
    endless = [isinstance(p, Indexed) and p.length is None for p in parts]
    static = [isinstance(p, tuple) for p in parts]
    return any(static) and all(s or e for s, e in zip(static, endless, strict=True))


def _indexed_lazy(it: Interpreter, value: Lazy, walks: list[Indexed]) -> Indexed:
    length = _shortest(it, walks)
    match value.kind:
        case "enumerate":
            start = it.read(value.extra)

            def numbered(k: Atom) -> Value:
                return Sequence((it.atom(operator.add, k, start), walks[0].item(k)))

            return Indexed(length, numbered)
        case "reversed" if length is not None:
            last = it.atom(operator.sub, length, Const(1), hint="last")
            return Indexed(length, lambda k: walks[0].item(it.atom(operator.sub, last, k)))
        case "zip":
            if value.extra is not None:
                _require_equal_lengths(it, walks)
            return Indexed(length, lambda k: Sequence(tuple(w.item(k) for w in walks)))
        case "map":

            def mapped(k: Atom) -> Value:
                return calls.call(it, value.extra, [w.item(k) for w in walks], {})

            return Indexed(length, mapped)
    raise UnsupportedTypeError(
        f"a loop runs over {describe(value, it)}",
        "enter it with a with statement, or loop over a list or an array",
    )


def _require_equal_lengths(it: Interpreter, walks: list[Indexed]) -> None:
    lengths = [w.length for w in walks if w.length is not None]
    for other in lengths[1:]:
        if _shorter(it, lengths[0], other) is not lengths[0]:
            raise UnsupportedTypeError(
                "zip(strict=True) of lengths that only the run knows", "leave out strict=True"
            )


def _shortest(it: Interpreter, walks: list[Indexed]) -> Atom | None:
    lengths = [w.length for w in walks if w.length is not None]
    if not lengths:
        return None
    length = lengths[0]
    for other in lengths[1:]:
        length = _shorter(it, length, other)
    return length


def _shorter(it: Interpreter, a: Atom, b: Atom) -> Atom:
    values = [getattr(getattr(x, "type", None), "value", None) for x in (a, b)]
    if a is b or (values[0] is not None and values[0] == values[1]):
        return a
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(min(a.value, b.value))
    return it.atom(min, a, b, hint="n")


def _static_lazy(it: Interpreter, value: Lazy, parts: list[Any]) -> tuple[Any, ...]:
    count = min(len(p) for p in parts if isinstance(p, tuple))
    if value.extra is not None and value.kind == "zip":
        if any(isinstance(p, tuple) and len(p) != count for p in parts):
            raise UnsupportedTypeError(
                "zip(strict=True) of different lengths", "give sequences of one length"
            )
    columns = [p if isinstance(p, tuple) else _endless(p, count) for p in parts]
    match value.kind:
        case "enumerate":
            start = it.read(value.extra)

            def numbered(k: int, item: Any) -> Value:
                number = it.atom(operator.add, start, Const(k))
                return Sequence((number, force(item)))

            return tuple(
                Deferred(lambda k=k, v=v: numbered(k, v)) for k, v in enumerate(columns[0])
            )
        case "reversed":
            return tuple(reversed(columns[0]))
        case "zip":
            return tuple(
                Deferred(lambda row=row: Sequence(tuple(map(force, row))))
                for row in zip(*columns, strict=False)
            )
        case "map":
            return tuple(
                Deferred(lambda row=row: calls.call(it, value.extra, list(map(force, row)), {}))
                for row in zip(*columns, strict=False)
            )
        case "filter":
            return tuple(v for v in map(force, columns[0]) if _kept(it, value.extra, v))
    raise InternalCompilerError(f"a loop runs over {value.kind}()")


def _endless(part: Indexed, count: int) -> tuple[Any, ...]:
    return tuple(Deferred(lambda k=k: part.item(Const(k))) for k in range(count))


def _kept(it: Interpreter, test: Value, item: Value) -> bool:
    """Whether filter() keeps a constant."""
    keeps = calls.call_function(it, prelude.keeps, [test, item], {})
    return bool(it.demand(keeps, "what filter() keeps"))


def indexed(it: Interpreter, part: Any) -> Indexed:
    if isinstance(part, Indexed):
        return part
    if isinstance(part, RangeValue):
        return Indexed(ranges.length(it, part), lambda k: _stepped(it, part.start, k, part.step))
    if not _are_numbers(it, part):
        raise UnsupportedTypeError(
            "a list of arrays or objects is walked beside what only the run knows the length of",
            "loop over range(len(xs)), and take the elements of both by their index",
        )
    return _over_display(it, tuple(map(force, part)))


# -- all the items --------------------------------------------------------------------------


def known_items(it: Interpreter, value: Value, what: str) -> tuple[Value, ...]:
    """The items of an iterable, whose number must be known; those of a range become facts."""
    value = resolve(it, value)
    if not is_generator(value):
        found = walk(it, value, None)
        if isinstance(found, tuple):
            return tuple(map(force, found))
        if isinstance(found, RangeValue):
            return _unrolled_range(it, found)
        if found.length is not None:
            length = it.demand(found.length, f"the number of items of {what}")
            return tuple(found.item(Const(k)) for k in range(length))
    items = containers.static_items(it, BUILTINS[list](it, [value], {}))
    if items is None:
        raise UnsupportedTypeError(
            f"{what} of an iterable whose length the run decides", "write the loops out"
        )
    return items


def rows(it: Interpreter, found: Iterable[Any], what: str) -> Lazy:
    """An iterator over tuples that `itertools` made of abstract values."""
    taken = list(itertools.islice(found, UNROLL_LIMIT + 1))
    if len(taken) > UNROLL_LIMIT:
        raise CompilerLimitError(
            f"{what} has more than {UNROLL_LIMIT} items", "write the loops out"
        )
    return lazy(it, "rows", tuple(Sequence(tuple(row)) for row in taken))
