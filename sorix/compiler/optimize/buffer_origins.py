"""Where the buffer that an update would write to was handed on from."""

from __future__ import annotations

from collections.abc import Container

from sorix.compiler.ir.nodes import Assign, Atom, Call, For, Function, If, Var, While
from sorix.compiler.ir.walk import statements
from sorix.compiler.optimize.updates import is_update


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
                    self._init.update(zip(stmt.params, stmt.inits, strict=True))
                    self._from.update(zip(stmt.outs, stmt.params, strict=True))
                case Assign(value=Call() as call) if is_update(stmt):
                    self._from[stmt.targets[0]] = call.args[0]

    def is_merged(self, value: Atom) -> bool:
        """Whether a loop or branch hands the value on, perhaps through earlier updates."""
        while isinstance(value, Var) and value not in self._merged:
            if value not in self._from:
                return False
            value = self._from[value]
        return isinstance(value, Var)

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

    def carried_from(self, value: Atom) -> list[Var]:
        """The carried variables on the way to where the buffer is made, the outermost first."""
        found: list[Var] = []
        while isinstance(value, Var):
            if value in self._init:
                if isinstance(self._init[value], Var):
                    found.append(value)
                value = self._init[value]
            elif value in self._from:
                value = self._from[value]
            else:
                break
        return found[::-1]
