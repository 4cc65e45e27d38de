"""A program and its derivatives, each made when it is first asked for.

A `Program` is an IR function with the knowledge of which parameters carry derivatives. Its
gradient is again a `Program`; that is all that higher orders need.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from sorix.compiler.analyses.effects import acts
from sorix.compiler.cache import Cache
from sorix.compiler.differentiate.adjoint import differentiate
from sorix.compiler.differentiate.kept import KeptRoutines
from sorix.compiler.differentiate.repeat import runs_again
from sorix.compiler.differentiate.split import split
from sorix.compiler.differentiate.tangent import tangent
from sorix.compiler.host import undisturbed
from sorix.compiler.ir.nodes import Assign, Call, Function, Var
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import calls
from sorix.compiler.optimize import join_branches, optimize_alone, optimize_pure
from sorix.compiler.pipeline import Built, build, identify
from sorix.primitives.table import rule_of
from sorix.support import zeros_like


class Program:
    """An IR function, and the callables and derivatives made from it."""

    def __init__(self, function: Function, label: str) -> None:
        self.function = optimize_pure(join_branches(function))
        self.label = label
        self._adjoints: dict[Any, Any] = {}

    @cached_property
    def primal(self) -> Built:
        """The function itself, compiled."""
        header = f"{self.label} | primal"
        return undisturbed(lambda: self._build(lambda: [self.function], "primal", header))

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What was made first under a key, whichever thread asked for it."""
        if key not in self._adjoints:
            self._adjoints.setdefault(key, undisturbed(make))
        return self._adjoints[key]

    @cached_property
    def again(self) -> Program:
        """The program as a derivative runs it a second time: nothing is printed again."""
        if not routines(self.function) and not acts(self.function.body.stmts):
            return self
        return Program(runs_again(self.function, {}), self.label)

    def adjoint(self, wrt: tuple[int, ...], seeds: tuple[bool, ...] | None = None) -> Any:
        """The adjoint in parts, with respect to the parameters at these positions."""
        variables = [self.function.params[k] for k in wrt]
        return self._once(
            ("adjoint", wrt, seeds), lambda: differentiate(self.function, variables, seeds)
        )

    def executed(self, wrt: tuple[int, ...], seeds: tuple[bool, ...] | None = None) -> Any:
        """The adjoint as it is run: where that costs less, routines keep what they computed."""
        if not routines(self.function):
            return self.adjoint(wrt, seeds)
        variables = [self.function.params[k] for k in wrt]
        return self._once(
            ("executed", wrt, seeds),
            lambda: differentiate(self.function, variables, seeds, KeptRoutines(optimize_alone)),
        )

    def connected(self, wrt: tuple[int, ...], seeds: tuple[bool, ...]) -> tuple[int, ...]:
        """Those of the parameters that the seeded results depend on differentiably."""
        adjoint = self.adjoint(wrt, seeds)
        zeros = {
            stmt.targets[0]
            for stmt in adjoint.reverse
            if isinstance(stmt, Assign)
            and isinstance(stmt.value, Call)
            and stmt.value.fn is zeros_like
            and stmt.value.args[0] in adjoint.params
        }
        pairs = zip(wrt, adjoint.cotangents, strict=True)
        return tuple(k for k, bar in pairs if isinstance(bar, Var) and bar not in zeros)

    def joint(self, wrt: tuple[int, ...], seeds: tuple[bool, ...] | None = None) -> Built:
        """(params, cotangents of results) to (results, cotangents of params), compiled."""
        return self._built(("joint", wrt, seeds), lambda: [self.executed(wrt, seeds).function], wrt)

    def gradient(self, wrt: tuple[int, ...], seeds: tuple[bool, ...] | None = None) -> Program:
        """(params, cotangents of results) to cotangents of params, as a program."""
        label = f"{self.label} | adjoint w.r.t. {self._names(wrt)}"
        found: Program = self._once(
            ("gradient", wrt, seeds), lambda: Program(self.adjoint(wrt, seeds).gradient, label)
        )
        return found

    def split(self, wrt: tuple[int, ...], seeds: tuple[bool, ...] | None = None) -> Built:
        """The forward sweep and the reverse sweep as two functions of one module."""

        def make() -> list[Function]:
            adjoint = self.executed(wrt, seeds)
            # Optimised first, so that what the two parts share is found while they are one.
            joint = optimize_pure(adjoint.function)
            parts = split(joint, len(adjoint.results), len(adjoint.seeds))
            return [parts.forward, parts.backward]

        return self._built(("split", wrt, seeds), make, wrt, count=2)

    def tangent(self, wrt: tuple[int, ...]) -> Built:
        """(params, tangents of params) to (results, tangents of results), compiled."""
        variables = [self.function.params[k] for k in wrt]
        return self._built(("tangent", wrt), lambda: [tangent(self.function, variables)], wrt)

    def _built(
        self, key: Any, make: Callable[[], list[Function]], wrt: tuple[int, ...], count: int = 1
    ) -> Built:
        what = "tangent" if key[0] == "tangent" else "adjoint"
        header = f"{self.label} | {what} w.r.t. {self._names(wrt)}"
        built: Built = self._once(
            key, lambda: self._build(make, f"{key[0]} {key[1:]}", header, count)
        )
        return built

    def _build(
        self, make: Callable[[], list[Function]], what: str, header: str, count: int = 1
    ) -> Built:
        name = f"{self.function.name}-{what.split()[0]}"
        # What a rule of the user's says is not in the key, and may change from run to run.
        cache = Cache(None) if self._has_foreign_rules else None
        return build(make, self._identity, what, header, name, count, cache)

    @cached_property
    def _has_foreign_rules(self) -> bool:
        functions = (self.function, *(routine.function for routine in routines(self.function)))
        called = {call.fn for function in functions for call in calls(function.body)}
        found = (rule_of(fn) for fn in called)
        return any(rule is not None and not rule.is_own for rule in found)

    @cached_property
    def _identity(self) -> str:
        return identify(self.function)

    def _names(self, wrt: tuple[int, ...]) -> str:
        return ", ".join(self.function.params[k].hint for k in wrt) or "nothing"

    def positions(self, variables: list[Var]) -> tuple[int, ...]:
        return tuple(self.function.params.index(v) for v in variables)
