"""Which names of a function may still be read after a statement: liveness, on the syntax.

Where states are merged, a name that nobody reads any more must not count: it may hold an array on
one side and a view of another on the other, and would make both unwritable for nothing.

A backward walk over the statements, each loop until nothing changes. After a statement of a block
that ``break`` or ``continue`` leaves, the program may be there, too: the states of what goes on and
of what leaves the block are merged, with a flag that tells them apart. Where a loop is left by
``return``, that is so after every statement of it, and the flag also tells apart the loop that was
not entered. Every statement of a ``try`` may go on with a handler or with ``finally``, of a
``with`` with what follows. A nested function that is only called, by its name, reads where it is
called; what another one reads counts everywhere. Were the answer wrong, the name would be found
unassigned, and the program refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gast

from sorix.compiler.frontend.exits import assigned_names, loaded_names
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.free_names import free_names, read_by_call
from sorix.compiler.frontend.values import Cell

_NESTED = gast.FunctionDef | gast.Lambda | gast.GeneratorExp | gast.AsyncFunctionDef

_READS_ALL = {"locals", "vars", "dir"}
"""Functions that, called without arguments, read every name."""


class Lifetimes:
    """Of the names of one function; `of` makes and keeps them."""

    def __init__(self, function: Any) -> None:
        self._after: dict[int, frozenset[str]] = {}
        self._meeting: dict[int, frozenset[str]] = {}
        self._heads: dict[int, frozenset[str]] = {}
        self._handled: dict[int, frozenset[str]] = {}
        self._everywhere: set[str] = set()
        self._breaks = False
        self._all = bool(loaded_names([function]) & _READS_ALL)
        made = read_by_call(function)
        self._by_call = {name: reads for name, (_, reads) in made.items()}
        called = {node for node, _ in made.values()}
        for node in gast.walk(function):
            if isinstance(node, gast.Global | gast.Nonlocal):
                self._everywhere.update(node.names)
            if isinstance(node, _NESTED) and node is not function and node not in called:
                self._everywhere |= self._read([node])
        if isinstance(function.body, list):
            self._block(function.body, frozenset(), _Exits())

    def _read(self, nodes: list[Any]) -> set[str]:
        """The names that nodes may read, in the functions that they call too."""
        found = free_names(nodes)
        waiting = list(found)
        while waiting:
            more = self._by_call.get(waiting.pop(), frozenset()) - found
            found |= more
            waiting += more
        return found

    def read_after(self, name: str, statement: Any) -> bool:
        """Whether `name` may be read after a statement."""
        return self._among(name, self._after.get(id(statement)))

    def read_after_or_beside(self, name: str, statement: Any) -> bool:
        """The same, or where a way that left the loop around with ``continue`` or ``break`` goes
        on: both ways meet at its end, where a name has one value."""
        return self._among(name, self._meeting.get(id(statement)))

    def read_from_head(self, name: str, loop: Any) -> bool:
        """Whether the value of `name` at the head of a loop may be read, in it or after it."""
        return self._among(name, self._heads.get(id(loop)))

    def read_after_handlers(self, name: str, statement: Any) -> bool:
        """Whether `name` may be read after a ``try`` and its handlers, in its ``finally`` too."""
        return self._among(name, self._handled.get(id(statement)))

    def read_in(self, name: str, nodes: list[Any]) -> bool:
        """Whether `name` may be read in these statements, or in a function that they call."""
        return self._all or name in self._everywhere or name in self._read(nodes)

    def _among(self, name: str, live: frozenset[str] | None) -> bool:
        return live is None or self._all or name in live or name in self._everywhere

    def _block(self, nodes: list[Any], live: frozenset[str], exits: _Exits) -> frozenset[str]:
        """What is live before the statements, given what is after, and where else they may go."""
        live = live | exits.caught
        around, self._breaks = self._breaks, False
        after: dict[int, frozenset[str]] = {}
        for node in reversed(nodes):
            after[id(node)] = live
            live = self._before(node, live, exits) | exits.caught
        elsewhere = self._elsewhere(exits)
        self._after.update({key: names | elsewhere for key, names in after.items()})
        self._meeting.update({key: self._after[key] | exits.left for key in after})
        self._breaks |= around
        return live

    def _elsewhere(self, exits: _Exits) -> frozenset[str]:
        """What is live where the statements so far may have gone instead of on."""
        return exits.returned | exits.head if self._breaks else exits.returned

    def _before(self, node: Any, live: frozenset[str], exits: _Exits) -> frozenset[str]:
        match node:
            case gast.Return():
                return exits.returned | self._read([node])
            case gast.Break() | gast.Continue():
                self._breaks = True
                return exits.head
            case gast.If():
                body = self._block(node.body, live, exits)
                orelse = self._block(node.orelse, live, exits)
                return body | orelse | self._read([node.test])
            case gast.For():
                return self._loop(node, live, node.iter, assigned_names([node.target]), exits)
            case gast.While():
                return self._loop(node, live, node.test, set(), exits)
            case gast.With():
                heads = [item.context_expr for item in node.items]
                body = self._block(node.body, live, exits.catching(live))
                return body | self._read(heads)
            case gast.Try() if node.finalbody:
                last = self._block(node.finalbody, live | exits.all(), exits)
                return self._try(node, last, exits.through(last))
            case gast.Try():
                return self._try(node, live, exits)
            case gast.Match():
                return self._match(node, live, exits)
            case gast.Assign() | gast.AnnAssign():
                targets = node.targets if isinstance(node, gast.Assign) else [node.target]
                bound = {t for target in targets for t in _bound(target)}
                if isinstance(node, gast.AnnAssign) and node.value is None:
                    bound = set()
                return (live - bound) | self._read([node])
        return live | self._read([node])

    def _try(self, node: Any, live: frozenset[str], exits: _Exits) -> frozenset[str]:
        handled: frozenset[str] = frozenset()
        for handler in node.handlers:
            asked = [] if handler.type is None else [handler.type]
            handled |= self._block(handler.body, live, exits) | self._read(asked)
        orelse = self._block(node.orelse, live, exits)
        before = self._block(node.body, orelse, exits.catching(handled)) | handled
        self._handled[id(node)] = live | self._elsewhere(exits)
        return before

    def _match(self, node: Any, live: frozenset[str], exits: _Exits) -> frozenset[str]:
        found = live | self._read([node.subject])
        for case in node.cases:
            asked = [case.pattern] if case.guard is None else [case.pattern, case.guard]
            found |= self._block(case.body, live, exits) | self._read(asked)
        return found

    def _loop(
        self, node: Any, live: frozenset[str], source: Any, targets: set[str], exits: _Exits
    ) -> frozenset[str]:
        after = self._block(node.orelse, live, exits) | live
        around = self._breaks
        each = frozenset(self._read([source])) if isinstance(node, gast.While) else frozenset()
        head = after | each
        returns, leaves = _returns(node.body), _leaves(node.body)
        while True:
            returned = exits.returned | head if returns else exits.returned
            left = exits.left | head if leaves else exits.left
            inside = replace(exits, head=head, returned=returned, left=left)
            body = self._block(node.body, head, inside)
            again = head | (body - targets)
            if again == head:
                break
            head = again
        self._heads[id(node)] = head
        self._breaks = around  # Those of the body leave this loop.
        return head | self._read([source])


@dataclass(frozen=True, slots=True)
class _Exits:
    """What is live where a statement may go instead of on: at the head (or the end) of the loop,
    where an exception is caught, and where a value is returned. `left` is what is live where
    another statement of the loops around may have gone instead."""

    head: frozenset[str] = frozenset()
    caught: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()

    def catching(self, live: frozenset[str]) -> _Exits:
        """Those of a block whose exceptions go on with these names."""
        return replace(self, caught=self.caught | live)

    def through(self, live: frozenset[str]) -> _Exits:
        """Those of a block that is left through a ``finally`` which begins with these names."""
        ways = (self.head, self.caught, self.returned, self.left)
        return _Exits(*(way | live for way in ways))

    def all(self) -> frozenset[str]:
        """What is live wherever a statement may go instead of on."""
        return self.head | self.caught | self.returned


def _returns(nodes: list[Any]) -> bool:
    """Whether a statement of these, or nested in these, may return from the function."""
    return any(
        isinstance(node, gast.Return) or not isinstance(node, _NESTED) and _returns(_within(node))
        for node in nodes
    )


def _leaves(nodes: list[Any]) -> bool:
    """Whether a ``break`` or ``continue`` among these statements leaves the loop around them."""
    return any(
        isinstance(node, gast.Break | gast.Continue)
        or not isinstance(node, _NESTED | gast.For | gast.While)
        and _leaves(_within(node))
        or isinstance(node, gast.For | gast.While)
        and _leaves(node.orelse)
        for node in nodes
    )


def _within(node: Any) -> list[Any]:
    return [child for child in gast.iter_child_nodes(node) if not isinstance(child, gast.expr)]


def _bound(target: Any) -> set[str]:
    """The names an assignment certainly binds (an element of a name is not the name)."""
    match target:
        case gast.Name():
            return {target.id}
        case gast.Tuple() | gast.List():
            return {name for item in target.elts for name in _bound(item)}
        case gast.Starred():
            return _bound(target.value)
    return set()


def dead_after(frame: Frame, node: Any, names: set[str] | None = None) -> frozenset[Cell]:
    """The variables of a frame that nobody reads after a statement of its function; with `names`,
    those of them, also where they have no value yet."""
    return _unread(frame, names, lambda known, name: known.read_after(name, node))


def dead_after_a_write(frame: Frame, node: Any) -> frozenset[Cell]:
    """The variables that nobody reads after a statement, wherever another of the loop may go."""
    return _unread(frame, None, lambda known, name: known.read_after_or_beside(name, node))


def dead_after_handlers(frame: Frame, node: Any, names: set[str]) -> frozenset[Cell]:
    """Those of the named variables that nobody reads after a ``try`` and its handlers."""
    return _unread(frame, names, lambda known, name: known.read_after_handlers(name, node))


def read_in(frame: Frame, name: str, nodes: list[Any]) -> bool:
    """Whether a variable of a frame may be read in some of its statements."""
    if not isinstance(frame.node, gast.FunctionDef):
        return True
    return of(frame.node).read_in(name, nodes)


def _unread(
    frame: Frame, names: set[str] | None, is_read: Callable[[Lifetimes, str], bool]
) -> frozenset[Cell]:
    if not isinstance(frame.node, gast.FunctionDef):
        return frozenset()
    known = of(frame.node)
    return frozenset(
        frame.variables.setdefault(name, Cell(name))
        for name in sorted(frame.variables if names is None else names)
        if name in frame.local_names and not is_read(known, name)
    )


_known: dict[int, tuple[Any, Lifetimes]] = {}


def of(function: Any) -> Lifetimes:
    """The lifetimes of a function's names."""
    found = _known.get(id(function))
    if found is None or found[0] is not function:
        found = _known[id(function)] = (function, Lifetimes(function))
    return found[1]
