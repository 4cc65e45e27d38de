"""``match`` statements: a chain of conditions, most of them known when the function is compiled.

A pattern is turned into a condition and the values its names would take. What a pattern asks of the
structure of the subject (its class, its length, its keys) is a fact; only comparisons of numbers,
and the guards, are left to the run. Names are bound once the whole pattern has matched.
"""

from __future__ import annotations

import collections.abc
import operator
from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend import (
    branching,
    builtin_functions,
    comparisons,
    conditions,
    containers,
    objects,
    subscripts,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.exits import surely_exits
from sorix.compiler.frontend.frames import Held
from sorix.compiler.frontend.interpreter import STATEMENTS, Interpreter
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedSyntaxError, UnsupportedTypeError

Names = list[tuple[str, Callable[[], Value]]]
"""What a pattern binds when it has matched."""

YES, NO = Const(True), Const(False)


def exec_match(it: Interpreter, node: Any, rest: Nodes) -> bool:
    """Interpret a ``match``; True where the rest of the block was interpreted with it."""
    held = it.hold(it.expr(node.subject))
    consumed = bool(rest) and all(surely_exits(case.body) for case in node.cases)
    _cases(it, held, node.cases, rest if consumed else [])
    it.release(held)
    return consumed


def _cases(it: Interpreter, held: Value | Held, cases: list[Any], otherwise: Nodes) -> None:
    if not cases:
        it.execute(otherwise)
        return
    case = cases[0]
    with it.placed(case.pattern):
        cond = _selects(it, held, case)
    branching.branch(
        it,
        cond,
        lambda: it.execute(case.body),
        lambda: _cases(it, held, cases[1:], otherwise),
    )


def _selects(it: Interpreter, held: Value | Held, case: Any) -> Atom:
    """Whether the case is taken; binds its names where its pattern matches."""
    names: Names = []
    subject = it.state.get(held.cell) if isinstance(held, Held) else held
    cond = matches(it, case.pattern, subject, names)

    def bind_and_guard() -> Value:
        for name, value in [(name, get()) for name, get in names]:
            it.store(name, value)
        if case.guard is None:
            return YES
        found = conditions.condition(it, case.guard)
        return found if isinstance(found, Const) else it.atom(bool, found)

    if not names and case.guard is None:
        return cond
    return conditions.truth(it, conditions.either(it, cond, bind_and_guard, lambda: NO))


def matches(it: Interpreter, pattern: Any, subject: Value, names: Names) -> Atom:
    """The condition under which `subject` matches; appends what the pattern binds."""
    kind = type(pattern).__name__
    if kind == "MatchAs":
        cond = YES if pattern.pattern is None else matches(it, pattern.pattern, subject, names)
        if pattern.name is not None:
            names.append((pattern.name, lambda: subject))
        return cond
    if kind == "MatchOr":
        return _or(it, pattern.patterns, subject, names)
    if kind == "MatchSingleton":
        return _atom(comparisons.compare_values(it, "Is", subject, _singleton(pattern.value)))
    if isinstance(subject, Maybe):
        return _optional(it, pattern, subject, names)
    return _PATTERNS[kind](it, pattern, subject, names)


def _singleton(value: Any) -> Value:
    return NONE if value is None else Const(value)


def _atom(value: Value) -> Atom:
    assert isinstance(value, Var | Const)
    return value


def _optional(it: Interpreter, pattern: Any, subject: Maybe, names: Names) -> Atom:
    if not subject.none:
        return matches(it, pattern, subject.value, names)
    given = _atom(comparisons.compare_values(it, "IsNot", subject, NONE))
    return _and(it, given, matches(it, pattern, subject.value, names))


def _and(it: Interpreter, one: Atom, other: Atom) -> Atom:
    """Both; the second is harmless to evaluate whatever the first is."""
    for a, b in ((one, other), (other, one)):
        if isinstance(a, Const):
            return b if a.value else NO
    return it.atom(operator.and_, one, other)


def _or(it: Interpreter, patterns: list[Any], subject: Value, names: Names) -> Atom:
    """The first alternative that matches binds the names."""
    cond: Atom = NO
    chosen: list[tuple[Atom, dict[str, Callable[[], Value]]]] = []
    for pattern in patterns:
        found: Names = []
        one = matches(it, pattern, subject, found)
        if isinstance(one, Const) and not one.value:
            continue
        chosen.append((one, dict(found)))
        cond = one if cond is NO else _either(it, cond, one)
        if isinstance(one, Const):
            break
    for name in chosen[0][1] if chosen else ():
        names.append((name, lambda name=name: _chosen(it, chosen, name)))
    return cond


def _either(it: Interpreter, one: Atom, other: Atom) -> Atom:
    return YES if isinstance(other, Const) else it.atom(operator.or_, one, other)


def _chosen(
    it: Interpreter, chosen: list[tuple[Atom, dict[str, Callable[[], Value]]]], name: str
) -> Value:
    (cond, values), rest = chosen[0], chosen[1:]
    if not rest:
        return values[name]()
    return conditions.either(it, cond, values[name], lambda: _chosen(it, rest, name))


# -- values ---------------------------------------------------------------------------------


def _value(it: Interpreter, pattern: Any, subject: Value, names: Names) -> Atom:
    wanted = it.expr(pattern.value)
    for one, other in ((subject, wanted), (wanted, subject)):
        if isinstance(one, Static) and not it.is_numeric(one) and isinstance(other, Var | Const):
            if isinstance(other.type, Num) and isinstance(one.value, str | bytes | type(None)):
                return NO
    found = comparisons.compare_values(it, "Eq", subject, wanted)
    return conditions.truth(it, found)


# -- sequences ------------------------------------------------------------------------------


def _sequence(it: Interpreter, pattern: Any, subject: Value, names: Names) -> Atom:
    stars = [k for k, p in enumerate(pattern.patterns) if type(p).__name__ == "MatchStar"]
    content = containers.content_of(it, subject)
    if isinstance(content, GrownList):
        return _grown(it, pattern, subject, content, names)
    items = _items(it, subject)
    if items is None:
        return NO
    count = len(pattern.patterns) - len(stars)
    if len(items) < count or (len(items) > count and not stars):
        return NO
    if not stars:
        return _all(it, pattern.patterns, items, names)
    at, after = stars[0], len(pattern.patterns) - stars[0] - 1
    middle = items[at : len(items) - after]
    cond = _all(it, pattern.patterns[:at], items[:at], names)
    if pattern.patterns[at].name is not None:
        names.append((pattern.patterns[at].name, lambda: containers.new_list(it, list(middle))))
    last = items[len(items) - after :]
    return _and(it, cond, _all(it, pattern.patterns[at + 1 :], last, names))


def _all(it: Interpreter, patterns: list[Any], items: tuple[Value, ...], names: Names) -> Atom:
    cond: Atom = YES
    for pattern, item in zip(patterns, items, strict=True):
        cond = _and(it, cond, matches(it, pattern, item, names))
        if isinstance(cond, Const) and not cond.value:
            return NO
    return cond


def _items(it: Interpreter, subject: Value) -> tuple[Value, ...] | None:
    """The items of what Python takes for a sequence here (no string, set or array), or None."""
    content = containers.content_of(it, subject)
    if isinstance(content, ListContent) and not content.is_set:
        return content.items
    if isinstance(subject, Sequence):
        return subject.items
    if isinstance(subject, Static) and isinstance(subject.value, tuple | list):
        return containers.static_items(it, subject)
    if isinstance(subject, Array | Static) or it.is_numeric(subject):
        _require_known(subject)
        return None
    if isinstance(content, InstanceContent):
        if issubclass(content.cls, collections.abc.Sequence):
            raise UnsupportedTypeError(
                "a sequence of a class of its own is matched",
                "match a tuple made of it, or test it with if/elif",
            )
        return None
    if isinstance(content, DictContent | ListContent):
        return None
    if isinstance(subject, RangeValue) or not isinstance(subject, Reference):
        raise UnsupportedTypeError(
            f"{describe(subject, it)} is matched with a sequence",
            "match a tuple or list made of it",
        )
    return None


def _require_known(subject: Value) -> None:
    if isinstance(subject, Var) and not isinstance(subject.type, Num):
        raise UnsupportedTypeError(
            "a value of an unknown class is matched with a sequence",
            "test its class with isinstance() and if/elif",
        )


def _grown(it: Interpreter, pattern: Any, subject: Value, content: GrownList, names: Names) -> Atom:
    """A list whose length the run decides: its elements may be captured, not asked about."""
    count = len(pattern.patterns)
    for k, part in enumerate(pattern.patterns):
        if type(part).__name__ != "MatchAs" or part.pattern is not None:
            raise UnsupportedSyntaxError(
                "the elements of a list whose length the run decides are matched",
                "test len() and the elements with if/elif",
            )
        if part.name is not None:
            get = lambda k=k: subscripts.subscript(it, subject, Const(k), "t")  # noqa: E731
            names.append((part.name, get))
    return it.atom(operator.eq, it.atom(len, content.atoms[0], hint="n"), Const(count))


# -- mappings -------------------------------------------------------------------------------


def _mapping(it: Interpreter, pattern: Any, subject: Value, names: Names) -> Atom:
    content = containers.content_of(it, subject)
    if isinstance(content, InstanceContent) and issubclass(content.cls, collections.abc.Mapping):
        raise UnsupportedTypeError(
            "a mapping of a class of its own is matched",
            "match a dict made of it, or test its keys with if/elif",
        )
    if not isinstance(content, DictContent):
        _require_known(subject)
        return NO
    keys = [it.demand(it.expr(key), "a key of a pattern") for key in pattern.keys]
    cond: Atom = YES
    for key, part in zip(keys, pattern.patterns, strict=True):
        found = containers.dict_get(content, key)
        if found is None:
            return NO
        cond = _and(it, cond, matches(it, part, found, names))
    if pattern.rest is not None:
        rest = [(k, v) for k, v in containers.dict_items(content) if k not in keys]
        names.append((pattern.rest, lambda: containers.new_dict(it, rest)))
    return cond


# -- classes --------------------------------------------------------------------------------

_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
"""Classes whose one positional pattern matches the object itself."""


def _class(it: Interpreter, pattern: Any, subject: Value, names: Names) -> Atom:
    cls = it.demand(it.expr(pattern.cls), "the class of a pattern")
    if not isinstance(cls, type):
        raise UnsupportedTypeError(
            f"{cls!r} is used as the class of a pattern", "name a class, or match with a value"
        )
    if not issubclass(builtin_functions.class_of(it, subject), cls):
        return NO
    if issubclass(cls, _WHOLE) and "__match_args__" not in vars(cls):
        if any(issubclass(cls, c) and cls is c for c in _WHOLE) and pattern.patterns:
            cond = matches(it, pattern.patterns[0], subject, names)
            return _and(
                it, cond, _attributes(it, pattern.kwd_attrs, pattern.kwd_patterns, subject, names)
            )
    wanted = [*_positional(cls, len(pattern.patterns)), *pattern.kwd_attrs]
    return _attributes(it, wanted, [*pattern.patterns, *pattern.kwd_patterns], subject, names)


def _positional(cls: type, count: int) -> list[str]:
    known = getattr(cls, "__match_args__", ())
    if count > len(known):
        raise UnsupportedTypeError(
            f"{cls.__name__}() accepts {len(known)} positional patterns, {count} are given",
            "name the fields: case Point(x=a)",
        )
    return list(known[:count])


def _attributes(
    it: Interpreter, wanted: list[str], patterns: list[Any], subject: Value, names: Names
) -> Atom:
    cond: Atom = YES
    for name, part in zip(wanted, patterns, strict=True):
        present = BUILTINS[hasattr](it, [subject, Static(name)], {})
        if not it.demand(present, "whether an object has an attribute"):
            return NO
        value = objects.attribute(it, subject, name)
        cond = _and(it, cond, matches(it, part, value, names))
    return cond


_PATTERNS: dict[str, Callable[[Interpreter, Any, Value, Names], Atom]] = {
    "MatchValue": _value,
    "MatchSequence": _sequence,
    "MatchMapping": _mapping,
    "MatchClass": _class,
}

STATEMENTS["Match"] = exec_match
