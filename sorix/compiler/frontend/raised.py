"""Exceptions that leave the function with objects or containers in them.

Generated code has numbers, arrays and texts. It passes them to a `Maker`, which puts the objects
together again where the exception is raised.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from typing import Any

from sorix.compiler.frontend import classes, containers, texts
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import ById, Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom
from sorix.errors import UnsupportedTypeError

Part = Callable[[Iterator[Any]], Any]
"""Takes its numbers from an iterator over all, and makes an argument of an exception of them."""


class Maker:
    """Makes an exception of the numbers, arrays and texts in its arguments."""

    def __init__(self, cls: type, parts: list[Part]) -> None:
        self._cls, self._parts = cls, parts

    def __call__(self, *leaves: Any) -> BaseException:
        left = iter(leaves)
        made: BaseException = self._cls(*[part(left) for part in self._parts])
        return made


def is_plain(it: Interpreter, args: tuple[Value, ...]) -> bool:
    """Whether generated code has all arguments of an exception as they are."""
    return all(it.is_numeric(a) or texts.is_plain(it, a) for a in args)


def maker(it: Interpreter, cls: type, args: tuple[Value, ...]) -> tuple[Atom, tuple[Atom, ...]]:
    """What makes the exception, and what it is called with."""
    taken = _Taken(it)
    made = Maker(cls, [taken.part(a) for a in args])
    path = Path(("constant", ById(made), cls.__name__))
    return it.inputs.opaque(Static(made, path)), tuple(taken.atoms)


class _Taken:
    """Takes arguments apart; `atoms` are their leaves."""

    def __init__(self, it: Interpreter) -> None:
        self._it = it
        self.atoms: list[Atom] = []
        self._around: list[Cell] = []

    def part(self, value: Value) -> Part:
        it = self._it
        if it.is_numeric(value) or isinstance(value, Static):
            return self._leaf(it.read(value))
        if isinstance(value, Sequence):
            parts, cls = self._parts(value.items), getattr(value.cls, "_make", value.cls)
            return lambda left: cls([p(left) for p in parts])
        if isinstance(value, Reference) and value.cell not in self._around:
            self._around.append(value.cell)
            found = self._content(it.state.get(value.cell))
            self._around.pop()
            if found is not None:
                return found
        raise UnsupportedTypeError(
            f"an exception is raised with {describe(value, it)}", "raise it with numbers and texts"
        )

    def _leaf(self, atom: Atom) -> Part:
        self.atoms.append(atom)
        return next

    def _parts(self, values: Any) -> list[Part]:
        return [self.part(value) for value in values]

    def _content(self, content: Any) -> Part | None:
        match content:
            case ListContent():
                return self._list(content)
            case GrownList() if texts.is_list_of_atoms(content):
                return self._leaf(content.atoms[0])
            case DictContent() if content.cls is dict:
                pairs = containers.dict_items(content)
                keys, parts = [k for k, _ in pairs], self._parts(v for _, v in pairs)
                return lambda left: dict(zip(keys, [p(left) for p in parts], strict=True))
            case InstanceContent():
                return self._object(content)
        return None

    def _list(self, content: ListContent) -> Part:
        parts, cls, longest = self._parts(content.items), content.cls, content.longest
        if cls is collections.deque:
            return lambda left: collections.deque([p(left) for p in parts], longest)
        return lambda left: cls([p(left) for p in parts])

    def _object(self, content: InstanceContent) -> Part | None:
        cls: Any = content.cls
        external = content.external
        if external is not None and not content.fields:
            return self._leaf(self._it.inputs.opaque(Static(external, content.path)))
        if external is not None or classes.is_local(cls):
            return None
        fields = {n: v for n, v in content.fields.items() if not n.startswith(".")}
        parts = self._parts(fields.values())

        def made(left: Iterator[Any]) -> Any:
            found = cls.__new__(cls)
            for name, part in zip(fields, parts, strict=True):
                object.__setattr__(found, name, part(left))
            return found

        return made
