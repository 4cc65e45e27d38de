"""Arguments with structure: the leaves of tuples, lists, dicts and objects, and their places."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np


def flatten(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of a structure, each with its place as it is written in Python."""
    if isinstance(tree, tuple | list):
        for k, item in enumerate(tree):
            yield from flatten(item, f"{path}[{k!r}]")
    elif isinstance(tree, dict):
        for key, item in tree.items():
            yield from flatten(item, f"{path}[{key!r}]")
    elif is_object(tree):
        for name, item in vars(tree).items():
            if holds_floats(item):
                yield from flatten(item, f"{path}.{name}")
    elif tree is not None and not isinstance(tree, str):
        yield path, tree


def rebuild(tree: Any, leaves: Iterator[Any]) -> Any:
    """A structure like `tree` with other leaves; objects become dicts of their float fields."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuild(item, leaves) for item in tree))
    if isinstance(tree, tuple | list):
        return type(tree)(rebuild(item, leaves) for item in tree)
    if isinstance(tree, dict):
        return {key: rebuild(item, leaves) for key, item in tree.items()}
    if is_object(tree):
        fields = {n: rebuild(v, leaves) for n, v in vars(tree).items() if holds_floats(v)}
        if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
            return dataclasses.replace(tree, **fields)
        return fields
    if tree is None or isinstance(tree, str):
        return tree
    return next(leaves)


def is_object(tree: Any) -> bool:
    return (
        hasattr(tree, "__dict__") and not isinstance(tree, np.ndarray | type) and not callable(tree)
    )


def holds_floats(item: Any) -> bool:
    """Whether a field can have a gradient."""
    if isinstance(item, float):
        return True
    if isinstance(item, np.ndarray | np.generic):
        return item.dtype.kind == "f"
    if isinstance(item, tuple | list):
        return any(map(holds_floats, item))
    if isinstance(item, dict):
        return any(map(holds_floats, item.values()))
    return is_object(item) and any(map(holds_floats, vars(item).values()))


def like_leaf(bar: Any, leaf: Any) -> Any:
    """A cotangent in the dtype and kind of what it belongs to."""
    if isinstance(leaf, np.ndarray):
        return np.asarray(bar, dtype=leaf.dtype)
    return float(bar) if type(leaf) is float else type(leaf)(bar)
