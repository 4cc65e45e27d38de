"""Arguments with structure: the leaves of containers and objects, and their places.

What the compiler follows has parts here: tuples, lists, dicts, deques, and objects of classes
written in Python, whether their fields stand in ``__dict__`` or in slots, and whether they can be
called. All else is one leaf; that of a set of floats is refused where a derivative is asked for.
"""

from __future__ import annotations

import collections
import copy
import dataclasses
import enum
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sorix.compiler.frontend.inputs import is_plain_instance, slots_of
from sorix.compiler.host import deeply
from sorix.errors import CompilerLimitError, UnsupportedTypeError
from sorix.runtime.tensor import Tensor

MAPPINGS: Any = dict | types.MappingProxyType
SEQUENCES: Any = tuple | list | collections.deque
NUMBERS: Any = float | int | np.ndarray | np.generic
_LEAVES: Any = NUMBERS | Tensor
_SEALED: Any = np.ndarray | type | enum.Enum | Tensor


def flatten(tree: Any, path: str = "") -> list[tuple[str, Any]]:
    """The leaves of a structure, each with its place as it is written in Python."""
    if isinstance(tree, _LEAVES):
        return [(path, tree)]
    return deeply(lambda: list(_Walk().leaves(tree, path)))


def rebuild(tree: Any, leaves: Iterator[Any]) -> Any:
    """A structure like `tree` with other leaves; objects become dicts of their float fields."""

    def instance(tree: Any, fields: dict[str, Any]) -> Any:
        return with_fields(tree, fields) if dataclasses.is_dataclass(tree) else fields

    if isinstance(tree, _LEAVES):
        return next(leaves)
    given = list(leaves)
    return deeply(lambda: _Walk(instance, lambda tree, items: items).rebuilt(tree, iter(given)))


def replaced(tree: Any, leaves: Iterator[Any]) -> Any:
    """A structure like `tree` with other leaves, objects and dicts in it of the same classes."""
    given = list(leaves)
    return deeply(lambda: _Walk().rebuilt(tree, iter(given)))


def holds_floats(item: Any) -> bool:
    """Whether a field can have a gradient, or holds floats out of reach of one."""
    return isinstance(item, float) or deeply(lambda: _Walk().any_float(item))


class _Walk:
    """One walk through a structure, which asks of each part once whether it holds floats."""

    def __init__(
        self,
        instance: Callable[[Any, dict[str, Any]], Any] | None = None,
        mapping: Callable[[Any, dict[Any, Any]], Any] | None = None,
    ) -> None:
        self.instance, self.mapping = instance or with_fields, mapping or _like_mapping
        self._known: dict[int, bool] = {}
        self._inside: set[int] = set()

    def leaves(self, tree: Any, path: str) -> Iterator[tuple[str, Any]]:
        if isinstance(tree, _LEAVES):
            yield path, tree
            return
        self._enter(tree)
        if isinstance(tree, SEQUENCES):
            for k, item in enumerate(tree):
                yield from self.leaves(item, f"{path}[{k!r}]")
        elif isinstance(tree, MAPPINGS):
            for key, item in tree.items():
                yield from self.leaves(item, f"{path}[{key!r}]")
        elif is_object(tree):
            for name, item in self._moving(tree):
                yield from self.leaves(item, f"{path}.{name}")
        elif tree is not None and not isinstance(tree, str):
            yield path, tree
        self._inside.discard(id(tree))

    def _enter(self, tree: Any) -> None:
        """Note that the parts of a structure are looked at; among them it cannot be again."""
        if id(tree) in self._inside:
            raise CompilerLimitError(
                f"an argument contains itself: {type(tree).__name__}",
                "pass the numbers in lists or dicts that do not lead back to themselves",
            )
        if tree is not None and not isinstance(tree, str):
            self._inside.add(id(tree))

    def rebuilt(self, tree: Any, leaves: Iterator[Any]) -> Any:
        if isinstance(tree, SEQUENCES):
            items = [self.rebuilt(item, leaves) for item in tree]
            if hasattr(tree, "_fields"):
                return type(tree)(*items)
            if isinstance(tree, collections.deque):
                return collections.deque(items, tree.maxlen)
            return type(tree)(items)
        if isinstance(tree, MAPPINGS):
            entries = {key: self.rebuilt(item, leaves) for key, item in tree.items()}
            return self.mapping(tree, entries)
        if is_object(tree):
            fields = {name: self.rebuilt(item, leaves) for name, item in self._moving(tree)}
            return self.instance(tree, fields)
        return tree if tree is None or isinstance(tree, str) else next(leaves)

    def _moving(self, tree: Any) -> list[tuple[str, Any]]:
        return [(n, item) for n, item in fields_of(tree).items() if self.any_float(item)]

    def any_float(self, item: Any) -> bool:
        if isinstance(item, float):
            return True
        if isinstance(item, np.ndarray | np.generic | Tensor):
            return item.dtype.kind == "f"
        parts = _parts(item)
        if not parts:
            return False
        known = self._known.get(id(item))
        if known is None:
            self._known[id(item)] = False  # Of what leads back here, until it is known.
            known = self._known[id(item)] = any(map(self.any_float, parts))
        return known


def _parts(item: Any) -> Any:
    """What a value consists of; no more than a look is taken at the parts of a set or a slice."""
    if isinstance(item, SEQUENCES | set | frozenset):
        return item
    if isinstance(item, MAPPINGS):
        return item.values()
    if isinstance(item, slice):
        return item.start, item.stop, item.step
    return fields_of(item).values() if is_object(item) else ()


def _like_mapping(tree: Any, items: dict[Any, Any]) -> Any:
    """A mapping of the class of another, what it gives for keys that are missing included."""
    if isinstance(tree, types.MappingProxyType):
        return types.MappingProxyType(items)
    made = copy.copy(tree)
    made.update(items)
    return made


# -- objects --------------------------------------------------------------------------------


def is_object(tree: Any) -> bool:
    """Whether a value is an object whose fields can be followed."""
    if isinstance(tree, _SEALED):
        return False
    return is_plain_instance(tree) or (hasattr(tree, "__dict__") and not callable(tree))


def fields_of(tree: Any) -> dict[str, Any]:
    """The fields of an object: those in its ``__dict__``, then those in slots."""
    cls: Any = type(tree)
    fields = dict(getattr(tree, "__dict__", ()))
    for name in slots_of(cls):
        if hasattr(tree, name):
            fields[name] = getattr(tree, name)
    return fields


def copied(tree: Any, known: dict[int, Any]) -> Any:
    """A copy to write in, of arrays, containers and objects; what was shared in it is.

    What is no part of a structure (functions, generators of random numbers) is not copied. `known`
    are the copies that were made already, by what they are copies of.
    """
    if id(tree) in known:
        return known[id(tree)][1]
    if isinstance(tree, np.ma.MaskedArray):
        raise UnsupportedTypeError(
            "an argument is a masked array, which takes the values out of the tensors of the tape",
            "pass its data and its mask",
        )
    if isinstance(tree, np.ndarray):
        made: Any = tree.copy(order="K")
    elif isinstance(tree, tuple):
        parts = [copied(item, known) for item in tree]
        if all(map(operator.is_, parts, tree)):
            return tree
        made = type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    elif isinstance(tree, list | set | dict | collections.deque):
        made = copy.copy(tree)
    elif is_object(tree) and not isinstance(tree, types.ModuleType):
        made = with_fields(tree, {})
    else:
        return tree
    known[id(tree)] = (tree, made)
    if isinstance(made, list | collections.deque):
        for k, item in enumerate(tree):
            made[k] = copied(item, known)
    elif isinstance(made, dict):
        made.clear()
        made.update((copied(key, known), copied(item, known)) for key, item in tree.items())
    elif is_object(made):
        for name, item in fields_of(tree).items():
            object.__setattr__(made, name, copied(item, known))
    return made


def with_fields(tree: Any, fields: dict[str, Any]) -> Any:
    """An object of the same class with some fields replaced, made without its constructor.

    A constructor may check its arguments, or compute fields of others, which are leaves already.
    """
    if isinstance(tree, types.SimpleNamespace):
        return type(tree)(**{**vars(tree), **fields})
    try:
        made = object.__new__(type(tree))
    except TypeError:  # Of a class that has a base which is not written in Python.
        made = copy.copy(tree)
    for name, value in {**fields_of(tree), **fields}.items():
        object.__setattr__(made, name, value)
    return made


def like_leaf(bar: Any, leaf: Any) -> Any:
    """A cotangent in the dtype and kind of what it belongs to."""
    if isinstance(leaf, np.ndarray):
        return np.asarray(bar, dtype=leaf.dtype)
    return float(bar) if type(leaf) is float else type(leaf)(bar)
