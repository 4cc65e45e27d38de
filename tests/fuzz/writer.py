"""What the grammar writes with: a source of chances, the text so far, and the names in scope.

Every name stands for a `Place`: how it is read, the shape of the number or array it holds, and
whether it may be written. Names that a block brings in leave with the block, so that what is read
is always assigned. Nothing here knows what a statement means: plain Python is the oracle.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

Shape = tuple[int, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Something that holds a number or an array: a name, an item, a field."""

    text: str
    shape: Shape
    writable: bool = True

    @property
    def is_name(self) -> bool:
        return self.text.isidentifier()


@dataclass
class Box:
    """A container in scope, whose places are read as if they were names."""

    name: str
    kind: str
    item: Shape
    size: int
    """A lower bound of the items that are certainly there."""


@dataclass
class Scope:
    """What may be read here."""

    places: list[Place] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)
    """Names of ints from 0 up to (not with) the smallest dimension."""
    callables: list[tuple[str, str]] = field(default_factory=list)
    """Functions of the user's: their text, and a code of the arguments, such as "s->s"."""

    def copy(self) -> Scope:
        return Scope(*map(list, (self.places, self.boxes, self.counters, self.callables)))


class Writer:
    """One program in the making."""

    def __init__(self, rng: random.Random, statements: int) -> None:
        self.rng = rng
        self.budget = statements
        self.n, self.k = rng.choice((3, 4)), 2
        self.scope = Scope()
        self.lines: list[str] = []
        self.module: list[str] = []
        self.indent = 1
        self.nesting = 0
        self.in_loop = False
        self.may_return = True
        self.in_helper = False
        self.class_kind: str | None = None
        """What class the program has, if any: the grammar's name of it."""
        self._counts: dict[str, int] = {}

    # -- chances

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, items: Sequence[T]) -> T:
        return self.rng.choice(items)

    def weighed(self, table: dict[Callable[..., Any], float]) -> Callable[..., Any]:
        return self.rng.choices(list(table), list(table.values()))[0]

    def literal(self, low: float = -1.5, high: float = 1.5) -> str:
        value = round(self.rng.uniform(low, high), 2)
        return f"{value or 0.35}"

    def positive(self) -> str:
        return self.literal(0.2, 1.4)

    # -- names

    def fresh(self, stem: str) -> str:
        """A name that is not in the program yet."""
        count = self._counts[stem] = self._counts.get(stem, 0) + 1
        return stem if count == 1 else f"{stem}{count}"

    def shapes(self) -> list[Shape]:
        return [(), (), (self.n,), (self.n,), (self.n, self.n), (self.n, self.k), (self.k,)]

    def places(self, shape: Shape | None = None, writable: bool = False) -> list[Place]:
        """What can be read here: names, and parts of containers."""
        found = list(self.scope.places)
        for box in self.scope.boxes:
            found += parts_of(box)
        return [p for p in found if shape in (None, p.shape) and (p.writable or not writable)]

    def names(self, shape: Shape | None = None, writable: bool = False) -> list[str]:
        return [p.text for p in self.places(shape, writable) if p.is_name]

    def add(self, text: str, shape: Shape, writable: bool = True) -> str:
        self.forget(text)
        self.scope.places.append(Place(text, shape, writable))
        return text

    def add_box(self, name: str, kind: str, item: Shape, size: int) -> Box:
        self.forget(name)
        box = Box(name, kind, item, size)
        self.scope.boxes.append(box)
        return box

    def forget(self, name: str) -> None:
        self.scope.places = [p for p in self.scope.places if re.split(r"[.\[]", p.text)[0] != name]
        self.scope.boxes = [b for b in self.scope.boxes if b.name != name]

    def boxes(self, kind: str, item: Shape | None = None, size: int = 0) -> list[Box]:
        return [
            b for b in self.scope.boxes
            if b.kind == kind and item in (None, b.item) and b.size >= size
        ]  # fmt: skip

    # -- text

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, header: str, loop: bool | None = None) -> Iterator[None]:
        """An indented block; names it brings in are gone after it."""
        self.line(header)
        kept, in_loop, start = self.scope.copy(), self.in_loop, len(self.lines)
        self.indent += 1
        self.nesting += 1
        if loop is not None:
            self.in_loop = loop
        try:
            yield
        finally:
            if len(self.lines) == start:
                self.line("pass")
            self.indent -= 1
            self.nesting -= 1
            self.in_loop = in_loop
            self.scope = _after(kept, self.scope)

    @contextmanager
    def function(self, header: str, returns: bool = False) -> Iterator[None]:
        """The body of a function: the names around it are there, to read."""
        may_return, in_helper = self.may_return, self.in_helper
        self.may_return, self.in_helper = returns, True
        try:
            with self.block(header, loop=False):
                self.scope.places = [Place(p.text, p.shape, False) for p in self.scope.places]
                yield
        finally:
            self.may_return, self.in_helper = may_return, in_helper

    @contextmanager
    def at_module_level(self) -> Iterator[None]:
        """What is written goes before the program, and sees none of its names."""
        kept = self.scope, self.lines, self.indent, self.in_loop, self.may_return, self.in_helper
        self.scope, self.lines, self.indent = Scope(), [], 0
        self.in_loop = False
        try:
            yield
        finally:
            self.module += [*self.lines, "", ""]
            self.scope, self.lines, self.indent, self.in_loop, self.may_return, self.in_helper = (
                kept
            )


def parts_of(box: Box) -> list[Place]:
    """The places in a container that are certainly there."""
    if box.kind == "dict":
        keys = ("p", "q", "r")[: box.size]
        return [Place(f'{box.name}["{key}"]', box.item) for key in keys]
    indices = list(range(min(box.size, 2))) + ([-1] if box.size else [])
    return [Place(f"{box.name}[{i}]", box.item, box.kind == "list") for i in indices]


def _after(before: Scope, inside: Scope) -> Scope:
    """The scope after a block that may or may not have run: containers may be shorter."""
    sizes = {b.name: b.size for b in inside.boxes}
    boxes = [
        Box(b.name, b.kind, b.item, min(b.size, sizes[b.name]))
        for b in before.boxes
        if b.name in sizes
    ]
    kept = {p.text for p in inside.places}
    before.boxes = boxes
    before.places = [p for p in before.places if p.text in kept]
    return before
