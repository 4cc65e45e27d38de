"""What is around the statement being interpreted: calls, loops, ``try`` statements."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import gast

from sorix.compiler.frontend import wording
from sorix.compiler.frontend.source import Source
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import Cell, Value
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Atom, Origin

moments = itertools.count()
"""Tells what was made earlier from what was made later: calls, and loops around them."""


class Terminated(Exception):
    """The block being interpreted always raises; what follows is not reached."""


class Caught(Exception):
    """The block being interpreted always raises what a ``try`` around it handles."""


class UndefinedRead(Exception):
    """A name is read that has no value on this path (a run would raise UnboundLocalError)."""

    def __init__(self, name: str, is_own: bool) -> None:
        super().__init__(name)
        self.name = name
        self.said = (wording.said_of_local if is_own else wording.said_of_free)(name)
        self.place: tuple[str, int, int, str] | None = None


class Exits:
    """The cells that say whether a loop was left (`break`) or its iteration ended (`continue`)."""

    __slots__ = ("broke", "continued")

    def __init__(self) -> None:
        self.broke, self.continued = Cell("broke"), Cell("skip")


class Split:
    """Where one way of a branch raises what a ``try`` around it handles: the rest of the block is
    interpreted as the other way, and `branching.join` ends both."""

    __slots__ = ("builder", "cond", "outer", "state")

    def __init__(self, cond: Atom, state: State, builder: Builder, outer: Builder) -> None:
        self.cond, self.state, self.builder, self.outer = cond, state, builder, outer


Slot = tuple[int, type | None, int | None]
"""A clause, a class of exceptions, and how many arguments they have; None where any will do."""


class Handlers:
    """A ``try`` being interpreted.

    `classes` are what each of its clauses handles. Each clause with a class of exceptions that was
    raised to it, and a number of arguments, is a slot (of a clause that is not `named`, all share
    one): the cell in `flags` says whether it was, that in `values` what was raised. `depth` counts
    the loops around. With `always`, it is a ``finally``: its one clause stops everything; where it
    `swallows`, what it stops may go no further. It is `active` while its body is interpreted.
    """

    __slots__ = (
        "active",
        "always",
        "classes",
        "depth",
        "flags",
        "named",
        "slots",
        "swallows",
        "values",
    )

    def __init__(
        self,
        classes: list[tuple[type, ...]],
        named: list[bool],
        depth: int,
        slots: list[Slot],
        always: bool = False,
        swallows: bool = False,
    ) -> None:
        self.classes, self.named, self.depth, self.always = classes, named, depth, always
        self.swallows = swallows
        self.active = True
        self.slots = slots
        self.flags = [Cell("raised") for _ in slots]
        self.values = [Cell("error") for _ in slots]

    def clause(self, cls: type) -> int | None:
        """The first clause that handles exceptions of this class."""
        if not self.active:
            return None
        for k, handled in enumerate(self.classes):
            if issubclass(cls, handled):
                return k
        return None


class Frame:
    """One call being interpreted: its variables, and where its text stands."""

    def __init__(
        self,
        name: str,
        source: Source,
        module: dict[str, Any],
        local_names: frozenset[str],
        parent: Frame | None = None,
        captured: dict[str, Any] | None = None,
    ) -> None:
        self.name, self.source, self.module = name, source, module
        self.qualname = name
        self.local_names, self.parent = local_names, parent
        self.captured = captured or {}
        self.variables: dict[str, Cell] = {}
        self.returned, self.result = Cell("returned"), Cell("result")
        self.loops: list[Exits] = []
        self.on_yield: Callable[[Value], None] | None = None
        self.tries_around = 0  # Of a generator: of the `try`s, those of whoever consumes it.
        self.node: Any = None
        self.is_class = False
        self.owner_class: type | None = None
        self.escapes = False
        self.loops_around = 0
        self.called_at: Origin | None = None
        self.made = next(moments)

    def cell(self, name: str) -> Cell | None:
        """The variable's cell in this frame or the one around that defines it; what a class
        defines is seen in its own body only."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.local_names and (frame is self or not frame.is_class):
                return frame.variables.setdefault(name, Cell(name))
            frame = frame.parent
        return None

    def owns(self, name: str) -> bool:
        """Whether Python takes the name for a variable of this function, not of one around it."""
        if name in self.local_names or self.parent is None:
            return name in self.local_names
        return isinstance(self.node, _INLINED) and self.parent.owns(name)


_INLINED: Any = (gast.ListComp, gast.SetComp, gast.DictComp) if sys.version_info >= (3, 12) else ()
"""What is no function of its own in the running version."""


class Held:
    """A value kept in a nameless variable of a frame; see `Interpreter.hold`."""

    __slots__ = ("cell", "frame")

    def __init__(self, cell: Cell, frame: Frame) -> None:
        self.cell, self.frame = cell, frame


def routine_key(frame: Frame) -> Any:
    """What is demanded to have the function of a frame interpreted on its own."""
    return "routine", (frame.source.file, frame.node.lineno, frame.node.col_offset)
