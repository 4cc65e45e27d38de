"""Methods of lists and deques whose length the run decides, as the Python they amount to.

The interpreter reads these functions as it reads the user's. Each returns what the list then holds.
"""

from __future__ import annotations

from typing import Any


def repeated(items: Any, count: Any) -> Any:
    out = items[:0]
    for _ in range(count):
        out.extend(items)
    return out


def inserted(items: Any, at: Any, item: Any) -> Any:
    return items[:at] + [item] + items[at:]


def without(items: Any, at: Any, said: Any, said_of_none: Any) -> Any:
    """The others; `said` where there is no such item, `said_of_none` where there is none."""
    if len(items) == 0:
        raise IndexError(said_of_none)
    if at < 0:
        at = at + len(items)
    if at < 0 or at >= len(items):
        raise IndexError(said)
    return items[:at] + items[at + 1 :]


def taken(items: Any, at: Any, said: Any, said_of_none: Any) -> Any:
    """The item, and the others."""
    rest = without(items, at, said, said_of_none)
    return items[at], rest


def _bound(items: Any, at: Any, default: Any) -> Any:
    """A bound of a slice as a place between none and all of the items."""
    if at is None:
        return default
    return max(at + len(items), 0) if at < 0 else min(at, len(items))


def with_slice(items: Any, start: Any, stop: Any, new: Any) -> Any:
    first = _bound(items, start, 0)
    last = max(first, _bound(items, stop, len(items)))
    return items[:first] + new + items[last:]


def index(items: Any, wanted: Any, said: Any, names: Any) -> Any:
    """The place of an item; what is `said` where it is not there `names` it first."""
    at = -1
    for k, item in enumerate(items):
        if item == wanted:
            at = k
            break
    if at < 0:
        raise ValueError(repr(wanted) + said if names else said)
    return at


def best(items: Any, better: Any, said: Any) -> Any:
    """The first item that no other beats."""
    if len(items) == 0:
        raise ValueError(said)
    found = items[0]
    for k in range(1, len(items)):
        if better(items[k], found):
            found = items[k]
    return found


def equal(items: Any, others: Any) -> Any:
    same = len(items) == len(others)
    if same:
        for item, other in zip(items, others, strict=False):
            if item != other:
                same = False
                break
    return same


def ordered(items: Any, others: Any, order: Any) -> Any:
    """What an order says of the first items that differ, or of the lengths."""
    for item, other in zip(items, others, strict=False):
        if item != other:
            return order(item, other)
    return order(len(items), len(others))


def removed(items: Any, wanted: Any, said: Any, names: Any) -> Any:
    at = index(items, wanted, said, names)
    return items[:at] + items[at + 1 :]


def removed_of_set(items: Any, wanted: Any) -> Any:
    for k, item in enumerate(items):
        if item == wanted:
            return items[:k] + items[k + 1 :]
    raise KeyError(wanted)


def count(items: Any, wanted: Any) -> Any:
    total = 0
    for item in items:
        if item == wanted:
            total = total + 1
    return total


def rotated(items: Any, count: Any) -> Any:
    if len(items) == 0:
        return items
    at = -count % len(items)
    return items[at:] + items[:at]
