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


def without(items: Any, at: Any) -> Any:
    if at < 0:
        at = at + len(items)
    if at < 0 or at >= len(items):
        raise IndexError("list index out of range")
    return items[:at] + items[at + 1 :]


def taken(items: Any, at: Any) -> Any:
    """The item, and the others."""
    rest = without(items, at)
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


def index(items: Any, wanted: Any) -> Any:
    at = -1
    for k, item in enumerate(items):
        if item == wanted:
            at = k
            break
    if at < 0:
        raise ValueError("x is not in list")
    return at


def removed(items: Any, wanted: Any) -> Any:
    return without(items, index(items, wanted))


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
