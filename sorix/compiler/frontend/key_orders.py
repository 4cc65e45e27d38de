"""The order of a dict's keys where two paths meet, of which one may have more of them."""

from __future__ import annotations

from typing import Any

from sorix.compiler.frontend.values import DictContent


def in_both(left: list[Any], right: list[Any]) -> list[Any]:
    """All keys, each before those that it is before on a side: orders of shared ones agree."""
    keys: list[Any] = []
    rest = list(right)
    for key in left:
        if key in rest:
            at = rest.index(key)
            keys += [k for k in rest[:at] if k not in left and k not in keys]
            rest = rest[at + 1 :]
        keys += [key] if key not in keys else []
    return keys + [k for k in rest if k not in keys]


def differing(a: DictContent, b: DictContent) -> set[Any]:
    """The keys that one of two dicts lacks; all of them where their order differs."""
    left, right = dict(a.items), dict(b.items)
    if [k for k in left if k in right] != [k for k in right if k in left]:
        return {*left, *right}
    return left.keys() ^ right.keys()
