"""Tuples whose length the run decides.

A tuple of known length is a `Sequence`. One that a loop or a branch makes longer is held as lists
that grow are, by a cell whose content says that it is a tuple: nothing changes what is in the
cell, so it does not matter which names share it. What is made of one is a tuple again.
"""

from __future__ import annotations

import collections
from dataclasses import replace

from sorix.compiler.frontend import containers, exceptions, failing
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Cell, GrownList, Reference, Sequence, Static, Value
from sorix.errors import UnsupportedTypeError


def is_tuple(it: Interpreter, value: Value) -> bool:
    """Whether it is a tuple whose length the run decides."""
    content = containers.content_of(it, value) if isinstance(value, Reference) else None
    return isinstance(content, GrownList) and content.cls is tuple


def is_grown(it: Interpreter, value: Value) -> bool:
    """Whether it is a list or tuple whose length the run decides."""
    return isinstance(containers.content_of(it, value), GrownList)


def as_tuple(it: Interpreter, found: Value) -> Value:
    """A tuple of the items of a list."""
    items = containers.static_items(it, found)
    if items is not None:
        return Sequence(items)
    return _of_class(it, found, tuple)


def as_list(it: Interpreter, value: Value) -> Value:
    """A new list of the items of a tuple; other values as they are."""
    if isinstance(value, Sequence):
        return containers.new_list(it, list(value.items))
    return _of_class(it, value, list) if is_tuple(it, value) else value


def _of_class(it: Interpreter, value: Value, cls: type) -> Reference:
    cell = Cell(cls.__name__)
    it.put(cell, replace(containers.content_of(it, value), cls=cls))
    return Reference(cell)


def require_changeable(it: Interpreter, base: Value, done: str, said: str) -> None:
    """Raise what is `said` where an element of a tuple is assigned or deleted, as Python does."""
    if isinstance(base, Sequence) or is_tuple(it, base):
        raise failing.not_possible(
            it,
            base,
            said,
            f"an element of {describe(base, it)} is {done}",
            "make a new tuple, t[:k] + (v,) + t[k + 1 :], or change a list",
        )


def require_one_kind(it: Interpreter, left: Value, right: Value) -> None:
    """Raise where a tuple and a list, or a deque, are added."""
    kinds = [_kind(it, left), _kind(it, right)]
    if None in kinds or kinds[0] is kinds[1] or tuple not in kinds:
        return
    one, other = (cls.__name__ for cls in kinds if cls is not None)
    refusal = UnsupportedTypeError(
        f"{describe(left, it)} and {describe(right, it)} are added",
        f"make {one}s of both: {one}(...)",
    )
    message = f'can only concatenate {one} (not "{other}") to {one}'
    exceptions.may_fail(it, TypeError, message, refusal)


def _kind(it: Interpreter, value: Value) -> type | None:
    if isinstance(value, Sequence):
        return tuple
    if isinstance(value, Static) and isinstance(value.value, tuple | list):
        return type(value.value)
    cls: type | None = getattr(containers.content_of(it, value), "cls", None)
    return cls if cls in (list, tuple, collections.deque) else None


def shown(it: Interpreter, value: Value) -> Value:
    """A tuple, of numbers or arrays, as generated code shows it: by an object of its own."""
    if not is_tuple(it, value):
        return value
    content = containers.content_of(it, value)
    if len(content.atoms) != 1 or isinstance(content.template, Sequence):
        return value
    return it.builder.call(tuple, content.atoms[0])
