"""Where the buffer that an update would write to was handed on from."""

from __future__ import annotations

from collections.abc import Container, Mapping

from sorix.compiler.ir.nodes import Assign, Atom, Call, For, Function, If, Var, While
from sorix.compiler.ir.walk import statements
from sorix.compiler.optimize.updates import is_update, written_by_callee


class Origins:
    """From what, and from which carried variables of loops, the buffer of a value comes.

    Only the ways that lead back in the program's order are followed: of a loop, the initial
    values.
    """

    def __init__(self, function: Function) -> None:
        self._from: dict[Var, Atom] = {}
        self._other: dict[Var, Atom] = {}
        self._init: dict[Var, Atom] = {}
        self._merged: set[Var] = set()
        self._started: set[Var] = set()
        self._nearest_merged: dict[Var, Var | None] = {}
        self._nearest_carried: dict[Var, Var | None] = {}
        for stmt in statements(function.body):
            match stmt:
                case If():
                    self._merged.update(stmt.outs)
                    for out, then, orelse in zip(
                        stmt.outs, stmt.then.results, stmt.orelse.results, strict=True
                    ):
                        self._from[out] = then if isinstance(then, Var) else orelse
                        self._other[out] = orelse
                case For() | While():
                    self._merged.update(stmt.outs)
                    inits = dict(zip(stmt.params, stmt.inits, strict=True))
                    self._init.update(inits)
                    self._started.update(p for p, init in inits.items() if isinstance(init, Var))
                    self._from.update(zip(stmt.outs, stmt.params, strict=True))
                case Assign(value=Call() as call) if is_update(stmt):
                    self._from[stmt.targets[0]] = call.args[0]
                case Assign(value=Call() as call):
                    for target, position in written_by_callee(stmt):
                        self._from[target] = call.args[position]

    def is_merged(self, value: Atom) -> bool:
        """Whether a loop or branch hands the value on, perhaps through earlier updates."""
        return _nearest(value, self._merged, self._from, self._nearest_merged) is not None

    def comes_from(self, target: Var, makers: Container[Var]) -> bool:
        """Whether one of the makers, other than itself, made the buffer of an update's target."""
        todo, seen = [self._from[target]], {target}
        while todo:
            value = todo.pop()
            if not isinstance(value, Var) or value in seen:
                continue
            if value in makers:
                return True
            seen.add(value)
            for way in (self._from, self._other, self._init):
                if value in way:
                    todo.append(way[value])
        return False

    def is_carried(self, value: Atom) -> bool:
        """Whether a loop carries the value, perhaps through earlier updates."""
        return self._carried(value) is not None

    def carried_from(self, value: Atom) -> list[Var]:
        """The carried variables on the way to where the buffer is made, the outermost first."""
        found: list[Var] = []
        carried = self._carried(value)
        while carried is not None:
            found.append(carried)
            carried = self._carried(self._init[carried])
        return found[::-1]

    def _carried(self, value: Atom) -> Var | None:
        return _nearest(value, self._started, self._from, self._nearest_carried)


def _nearest(
    value: Atom, ends: Container[Var], ways: Mapping[Var, Atom], known: dict[Var, Var | None]
) -> Var | None:
    """The first of `ends` on the way back from a value; each step of a way is taken once."""
    passed: list[Var] = []
    end: Var | None = None
    while isinstance(value, Var):
        if value in known:
            end = known[value]
            break
        passed.append(value)
        if value in ends:
            end = value
            break
        if value not in ways:
            break
        value = ways[value]
    known.update(dict.fromkeys(passed, end))
    return end
