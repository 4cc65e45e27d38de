"""Python's built-in iterators, and those of `itertools`, on abstract values."""

from __future__ import annotations

import bisect
import heapq
import itertools
import operator
import statistics
from typing import Any

from sorix.compiler.frontend import (
    absent,
    builtin_functions,
    calls,
    containers,
    exceptions,
    failing,
    iterables,
    prelude,
    prelude_algorithms,
)
from sorix.compiler.frontend.builtin_table import BUILTINS, builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.iterables import Indexed, force, is_generator, known_items, lazy
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    InstanceContent,
    Kwargs,
    Lazy,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedCallError, UnsupportedTypeError


def _given(names: str, args: list[Value], kwargs: Kwargs, **defaults: Value) -> Kwargs:
    return {**defaults, **dict(zip(names.split(), args, strict=False)), **kwargs}


@builtin(enumerate)
def _enumerate(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given("iterable start", args, kwargs, start=Const(0))
    return lazy(it, "enumerate", (given["iterable"],), given["start"])


@builtin(zip)
def _zip(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    strict = it.demand(kwargs.get("strict", Const(False)), "strict=")
    return lazy(it, "zip", tuple(args), True if strict else None)


@builtin(reversed)
def _reversed(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0]
    if isinstance(value, RangeValue):
        start, step = value.start, value.step
        if isinstance(start, Const) and isinstance(step, Const) and step.value == 1:
            last = it.atom(operator.sub, value.stop, Const(1))
            return RangeValue(last, Const(start.value - 1), Const(-1))
    if isinstance(value, Lazy) and value.kind not in containers.VIEWS:
        raise UnsupportedTypeError("an iterator is reversed", "make a list of it first")
    if isinstance(containers.content_of(it, value), InstanceContent):
        if isinstance(value, Maybe):
            value = absent.value_of(it, value, TypeError, reversed, None, always=True)
        return _reversed_object(it, value)
    return lazy(it, "reversed", (value,))


def _reversed_object(it: Interpreter, value: Value) -> Value:
    """What the class says, or its items from the last one, whatever a loop over it gives."""
    cls = containers.content_of(it, value).cls
    if hasattr(cls, "__reversed__"):
        return calls.call_method(it, value, "__reversed__", [], {})
    if not hasattr(cls, "__getitem__"):
        raise failing.not_possible(
            it,
            value,
            "{} object is not reversible",
            f"reversed() of {describe(value, it)}",
            "give its class __reversed__, or __len__ and __getitem__",
        )
    held = it.hold(value)
    length = BUILTINS[len](it, [value], {})
    return calls.call_function(it, prelude.of_items_reversed, [it.release(held), length], {})


@builtin(map)
def _map(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return lazy(it, "map", tuple(args[1:]), args[0])


@builtin(filter)
def _filter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return lazy(it, "filter", (args[1],), args[0])


@builtin(iter)
def _iter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) > 1:
        return calls.call_function(it, prelude.calling, args, {})
    value = args[0]
    if isinstance(value, Lazy) and value.kind not in containers.VIEWS:
        return value
    if failing.has_no_items(it, value):
        raise failing.not_possible(
            it,
            value,
            "{} object is not iterable",
            f"iter() of {describe(value, it)}",
            "give it an array, a list or a tuple",
        )
    resolved = iterables.resolve(it, value)
    return resolved if is_generator(resolved) else lazy(it, "iter", (resolved,))


# -- next() ---------------------------------------------------------------------------------


@builtin(next)
def _next(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value, default = args[0], args[1:]
    if isinstance(value, Reference):
        return _next_of_object(it, value, default)
    if not isinstance(value, Lazy):
        raise UnsupportedTypeError(f"next() of {describe(value, it)}", "call iter() on it before")
    if not is_generator(value) and not any(isinstance(p, Lazy) for p in value.parts):
        return _next_known(it, value, default)
    resolved = iterables.resolve(it, value)
    if default:
        return calls.call_function(it, prelude.next_of, [resolved, default[0]], {})
    return calls.call_function(it, prelude.next_or_stop, [resolved], {})


def _next_of_object(it: Interpreter, value: Value, default: list[Value]) -> Value:
    if default:
        raise UnsupportedCallError("next(iterator, default) of an object", "handle StopIteration")
    return calls.call_method(it, value, "__next__", [], {})


def _next_known(it: Interpreter, value: Lazy, default: list[Value]) -> Value:
    """The next item of an iterator over something of known length, or over an array."""
    taken = iterables.take(it, value, 1)
    found = iterables.walk_of(it, value, None)
    if isinstance(found, tuple):
        if taken < len(found):
            return force(found[taken])
        return _stop(it, default)
    walk = iterables.indexed(it, found)
    at = Const(taken)
    if walk.length is None:
        return walk.item(at)
    there = it.atom(operator.gt, walk.length, at)
    if isinstance(there, Const):
        return walk.item(at) if there.value else _stop(it, default)
    return _next_indexed(it, walk, at, default)


def _next_indexed(it: Interpreter, walk: Indexed, at: Const, default: list[Value]) -> Value:
    length = it.demand(walk.length, "the length of what next() takes from")
    return walk.item(at) if at.value < length else _stop(it, default)


def _stop(it: Interpreter, default: list[Value]) -> Value:
    if default:
        return default[0]
    exceptions.raise_error(it, StopIteration, ())
    return None


# -- any, all -------------------------------------------------------------------------------


@builtin(any)
def _any(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _truth(it, prelude.any_of, args[0])


@builtin(all)
def _all(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _truth(it, prelude.all_of, args[0])


def _truth(it: Interpreter, fn: Any, value: Value) -> Value:
    if isinstance(value, Array | Tensor) and it.type_of(value):
        rank = getattr(it.type_of(value), "rank", None)
        if rank == 0:
            raise UnsupportedTypeError("any() or all() of a number", "use bool(x)")
    return calls.call_function(it, fn, [value], {})


# -- itertools ------------------------------------------------------------------------------


@builtin(itertools.product)
def _product(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    repeat = it.demand(kwargs.get("repeat", Const(1)), "repeat=")
    parts = [known_items(it, a, "product()") for a in args]
    return iterables.rows(it, itertools.product(*parts, repeat=repeat), "product()")


@builtin(itertools.combinations)
def _combinations(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _selections(it, itertools.combinations, args, kwargs)


@builtin(itertools.combinations_with_replacement)
def _with_replacement(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _selections(it, itertools.combinations_with_replacement, args, kwargs)


@builtin(itertools.permutations)
def _permutations(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _selections(it, itertools.permutations, args, kwargs)


def _selections(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given("iterable r", args, kwargs, r=NONE)
    items = known_items(it, given["iterable"], f"{fn.__name__}()")
    count = it.demand(given["r"], f"the length in {fn.__name__}()")
    return iterables.rows(it, fn(items, *(() if count is None else (count,))), f"{fn.__name__}()")


@builtin(itertools.zip_longest)
def _zip_longest(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    parts = [known_items(it, a, "zip_longest()") for a in args]
    fill = kwargs.get("fillvalue", NONE)
    return iterables.rows(it, itertools.zip_longest(*parts, fillvalue=fill), "zip_longest()")


@builtin(itertools.count)
def _count(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given("start step", args, kwargs, start=Const(0), step=Const(1))
    site = ("counter", (it.frame.source.file, it.position.lineno, it.position.col_offset))
    if site in it.inputs.demanded:
        return calls.call(
            it, Static(prelude_algorithms.Counter), [given["start"], given["step"]], {}
        )
    extra = it.read(given["start"]), it.read(given["step"])
    return Lazy("count", (), extra, depth=len(it.kept_loops), site=site)


@builtin(itertools.repeat)
def _repeat(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given("object times", args, kwargs)
    if "times" not in given:
        return lazy(it, "repeat", (given["object"],))
    times = it.demand(given["times"], "the count of repeat()")
    return lazy(it, "rows", (given["object"],) * times)


@builtin(itertools.accumulate)
def _accumulate(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = _given("iterable func", args, kwargs, func=Static(operator.add), initial=NONE)
    if isinstance(given["func"], Static) and given["func"].value is None:
        given["func"] = Static(operator.add)
    values = [given["iterable"], given["func"], given["initial"]]
    return calls.call_function(it, prelude.accumulate, values, {})


@builtin(itertools.islice)
def _islice(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    bounds = slice(*(it.demand(a, "a bound of islice()") for a in args[1:]))
    start, step = bounds.start or 0, bounds.step or 1
    values = [args[0], Const(start), containers.lift_constant(bounds.stop), Const(step)]
    return calls.call_function(it, prelude.islice, values, {})


_AS_PRELUDE = {
    itertools.chain: prelude.chain,
    itertools.chain.from_iterable: prelude.chained,
    itertools.starmap: prelude.starmap,
    itertools.takewhile: prelude.takewhile,
    itertools.dropwhile: prelude.dropwhile,
    itertools.filterfalse: prelude.filterfalse,
    itertools.pairwise: prelude.pairwise,
    itertools.compress: prelude.compress,
}
"""Iterators whose text in `prelude` is interpreted."""

for _target, _text in _AS_PRELUDE.items():
    builtin(_target)(
        lambda it, args, kwargs, _text=_text: calls.call_function(it, _text, args, kwargs)
    )


@builtin(itertools.cycle)
def _cycle(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return lazy(it, "cycle", known_items(it, args[0], "cycle()"))


@builtin(itertools.tee)
def _tee(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """The items are computed once, at once; nobody sees when, unless they have effects."""
    items = builtin_functions.collected(it, args[0])
    count = it.demand(args[1], "the number of tee()") if len(args) > 1 else 2
    return Sequence(tuple(lazy(it, "iter", (items,)) for _ in range(count)))


@builtin(itertools.groupby)
def _groupby(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """Groups of items by keys that are known when the function is compiled."""
    given = _given("iterable key", args, kwargs, key=NONE)
    key = given["key"]
    keyed = not (isinstance(key, Static) and key.value is None)
    groups: list[tuple[Any, Value, list[Value]]] = []
    held = [it.hold(v) for v in known_items(it, given["iterable"], "groupby()")]
    for h in held:
        item = it.release(h)
        found = calls.call(it, key, [item], {}) if keyed else item
        fact = it.demand(found, "what groupby() groups by")
        if not groups or groups[-1][0] != fact:
            groups.append((fact, found, []))
        groups[-1][2].append(item)
    rows = (Sequence((k, containers.new_list(it, items))) for _, k, items in groups)
    return lazy(it, "rows", tuple(rows))


_ALGORITHMS = {
    heapq: "heappush heappop heapify heapreplace heappushpop nlargest nsmallest",
    bisect: "bisect_left bisect_right",
    statistics: "mean median pvariance variance pstdev stdev geometric_mean harmonic_mean",
}


def _as_text(target: Any, text: Any) -> None:
    @builtin(target)
    def carry_out(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        return calls.call_function(it, text, args, kwargs)


for _module, _names in _ALGORITHMS.items():
    for _name in _names.split():
        _as_text(getattr(_module, _name), getattr(prelude_algorithms, _name))
_as_text(statistics.fmean, prelude_algorithms.weighted_mean)
