"""Methods of dicts and counters."""

from __future__ import annotations

import collections
import operator
from collections.abc import Callable, Iterable
from typing import Any

from sorix.compiler.frontend import (
    containers,
    exceptions,
    expressions,
    iterables,
    open_dicts,
    subscripts,
    unassigned,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.list_methods import clear
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    DictContent,
    Lazy,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedTypeError

_YES = Const(True)


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
            content = containers.content_of(it, BUILTINS[dict](it, [other], {}))
        for key, value in containers.dict_items(content):
            subscripts.store_item(it, owner, containers.lift_constant(key), value)
    for name, value in named.items():
        subscripts.store_item(it, owner, Static(name), value)
    return NONE


def _dict_pop(it: Interpreter, owner: Reference, key: Value, default: Value | None = None) -> Value:
    subscripts.writable(it, owner)
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
    it.put(owner.cell, content.with_items((k, v) for k, v in content.items if k != wanted))
    return found


def _dict_setdefault(it: Interpreter, owner: Reference, key: Value, default: Value = NONE) -> Value:
    content = containers.content_of(it, owner)
    found = containers.dict_get(content, it.demand(key, "a key of a dict"))
    if found is None:
        subscripts.store_item(it, owner, key, default)
        return default
    return found


def _dict_popitem(it: Interpreter, owner: Reference, last: Value = Const(True)) -> Value:  # noqa: B008
    subscripts.writable(it, owner)
    content = containers.content_of(it, owner)
    items = containers.dict_items(content)
    if not items:
        refusal = UnsupportedTypeError(
            "popitem(): the dict is empty", "test the length of the dict before"
        )
        exceptions.may_fail(it, KeyError, "popitem(): dictionary is empty", refusal)
    at_end = it.demand(last, "whether popitem() takes the last item")
    taken, left = (items[-1], items[:-1]) if at_end else (items[0], items[1:])
    it.put(owner.cell, content.with_items(left))
    return Sequence((containers.lift_constant(taken[0]), taken[1]))


def _move_to_end(it: Interpreter, owner: Reference, key: Value, last: Value = _YES) -> Value:
    subscripts.writable(it, owner)
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
    it.put(owner.cell, content.with_items(ordered.items()))
    return NONE


def _copy_dict(it: Interpreter, owner: Reference) -> Value:
    cell = Cell("dict")
    it.put(cell, containers.content_of(it, owner))
    return Reference(cell)


def _builtin_item(it: Interpreter, owner: Reference, key: Value) -> Value:
    content = containers.content_of(it, owner)
    wanted = it.demand(key, "a key of a dict")
    found = content.get(wanted)
    return subscripts.missing(it, owner, content, wanted) if found is None else it.present(found)


def _store_builtin_item(it: Interpreter, owner: Reference, key: Value, value: Value) -> Value:
    subscripts.store_builtin_item(it, owner, key, value)
    return NONE


def _builtin_length(it: Interpreter, owner: Reference) -> Value:
    return Const(len(containers.dict_items(containers.content_of(it, owner))))


def _has_key(it: Interpreter, owner: Reference, key: Value) -> Value:
    content = containers.content_of(it, owner)
    return Const(containers.dict_get(content, it.demand(key, "a key of a dict")) is not None)


def _chooses(it: Interpreter, owner: Reference, key: Value) -> bool:
    """Whether a key of the run's chooses among the keys of a dict, all of which are known."""
    content = containers.content_of(it, owner)
    return bool(content.items) and not content.uncertain and subscripts.is_unknown_key(it, key)


def _get_chosen(it: Interpreter, owner: Reference, key: Value, default: Value = NONE) -> Value:
    content = containers.content_of(it, owner)
    items = dict(content.items)
    return subscripts.at_each_key(it, content, key, items.__getitem__, lambda: default)


def _at_key(handler: Callable[..., Value]) -> Callable[..., Value]:
    """A method of a dict at a key, which the dict may have or not."""

    def method(it: Interpreter, owner: Reference, key: Value, *rest: Value, **kw: Value) -> Value:
        if handler is _dict_get and _chooses(it, owner, key):
            return _get_chosen(it, owner, key, *rest, **kw)
        open_dicts.demand(it, containers.content_of(it, owner), key)
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
    "clear": clear,
}


def _count_more(it: Interpreter, owner: Reference, *others: Value, **named: Value) -> Value:
    pairs = [pair for other in others for pair in _counted(it, other)]
    for key, count in (*pairs, *named.items()):
        known = containers.dict_get(containers.content_of(it, owner), key)
        total = count if known is None else expressions.binary(it, operator.add, known, count)
        subscripts.store_item(it, owner, containers.lift_constant(key), total)
    return NONE


def _counted(it: Interpreter, value: Value) -> Iterable[tuple[Any, Value]]:
    """The counts in a dict, or of the items of another iterable."""
    content = containers.content_of(it, value)
    if isinstance(content, DictContent):
        return containers.dict_items(content)
    items = iterables.known_items(it, value, "update()")
    counts = collections.Counter(it.demand(v, "what is counted") for v in items)
    return [(k, Const(n)) for k, n in counts.items()]


def _most_common(it: Interpreter, owner: Reference, number: Value = NONE) -> Value:
    counts = collections.Counter(
        {k: it.demand(v, "a count") for k, v in containers.dict_items(it.state.get(owner.cell))}
    )
    found = counts.most_common(it.demand(number, "the number of most_common()"))
    rows = [Sequence((containers.lift_constant(k), Const(n))) for k, n in found]
    return containers.new_list(it, list(rows))


COUNTER_METHODS = {**DICT_METHODS, "update": _count_more, "most_common": _most_common}
