"""Reverse mode: from a function to the function that also computes its cotangents.

Requires pure IR in single-assignment form; yields the same, so an adjoint can be differentiated
again, to any order. The forward sweep is the primal, with pushes where a loop must record; the
reverse sweep follows. Nothing is recorded or added to that no cotangent asked for depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sorix.compiler.analyses.activity import may_carry
from sorix.compiler.differentiate.accumulate import accumulate, bar_or_zero
from sorix.compiler.differentiate.branches import reverse_if
from sorix.compiler.differentiate.calls import reverse_assign
from sorix.compiler.differentiate.loops import reverse_for, reverse_while
from sorix.compiler.differentiate.prepare import (
    complete_results,
    repeat_tests,
    settle,
    zeroed,
)
from sorix.compiler.differentiate.repeat import runs_again
from sorix.compiler.differentiate.scopes import bar_hint, bar_type, bar_var, named_apart
from sorix.compiler.differentiate.stacks import reverse_pop, reverse_push
from sorix.compiler.differentiate.sweep import Handler, Sweep, reverse_origin
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    For,
    Function,
    If,
    Pop,
    Push,
    Routine,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import Opaque, Type
from sorix.errors import NotDifferentiableError

HANDLERS: dict[type, Handler] = {
    Assign: reverse_assign,
    If: reverse_if,
    For: reverse_for,
    While: reverse_while,
    Push: reverse_push,
    Pop: reverse_pop,
}


@dataclass(frozen=True, slots=True)
class InPlace:
    """The two sweeps over some statements, to stand where the statements stood.

    ``cotangents`` has an entry for each variable asked for, None where nothing depends on it.
    """

    forward: tuple[Stmt, ...]
    reverse: tuple[Stmt, ...]
    cotangents: tuple[Atom | None, ...]


@dataclass(frozen=True, slots=True)
class Adjoint:
    """An adjoint in parts: ``function`` puts them together, `split` takes them apart.

    ``params`` are the primal's, ``seeds`` the cotangents of its results; ``results`` the
    primal's results, ``cotangents`` one for each variable asked for. Those of the seeds in
    ``added_to`` are cotangents of parameters, to which this adds.
    """

    name: str
    params: tuple[Var, ...]
    seeds: tuple[Var, ...]
    forward: tuple[Stmt, ...]
    reverse: tuple[Stmt, ...]
    results: tuple[Atom, ...]
    cotangents: tuple[Atom, ...]
    primal: Function
    added_to: tuple[Var, ...] = ()

    @property
    def function(self) -> Function:
        """(params, seeds) to (results, cotangents)."""
        return self._function((*self.results, *self.cotangents))

    @property
    def gradient(self) -> Function:
        """(params, seeds) to cotangents."""
        return self._function(self.cotangents)

    def _function(self, results: tuple[Atom, ...]) -> Function:
        body = Block((*self.forward, *self.reverse), results)
        params = (*self.params, *self.seeds)
        return replace(self.primal, name=self.name, params=params, body=body, own=self.added_to)


class Routines:
    """The gradients of routines that are called, each generated once.

    A gradient is known before it is generated, so that of a routine that calls itself the
    gradient calls itself, too.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Routine, tuple[int, ...], tuple[bool, ...]], Routine] = {}
        self._again: dict[Routine, Routine] = {}

    def gradient(self, callee: Routine, wrt: Sequence[int], seeds: Sequence[bool]) -> Routine:
        """(params, seeds) to cotangents of the parameters at the positions `wrt`.

        Without the prints of the primal, which ran already.
        """
        key = (callee, tuple(wrt), tuple(seeds))
        if key in self._known:
            return self._known[key]
        made = self._handle(callee, wrt, seeds, f"{callee.name}__adjoint", callee.params)
        self._known[key] = made
        function = runs_again(callee.function, self._again)
        params = [function.params[k] for k in wrt]
        added_to = [function.params[k] for k in self.added_to(callee, wrt)]
        found = differentiate(function, params, seeds, self, added_to).gradient
        return made.define(replace(found, name=made.name))

    def added_to(self, callee: Routine, wrt: Sequence[int]) -> tuple[int, ...]:
        """The parameters whose cotangents the derivative is given, and adds to.

        None in what may be differentiated again.
        """
        return ()

    def pair(
        self, callee: Routine, wrt: Sequence[int], seeds: Sequence[bool]
    ) -> tuple[Routine, Routine] | None:
        """The function that also returns what its reverse needs, and its reverse; see `kept`.

        None where the gradient is to be called, always so in what may be differentiated again.
        """
        return None

    def again_of(self, routine: Routine) -> Routine:
        """The routine as gradients run it again."""
        return self._again.get(routine, routine)

    def _handle(
        self,
        callee: Routine,
        wrt: Sequence[int],
        seeds: Sequence[bool],
        name: str,
        first: tuple[Var, ...],
    ) -> Routine:
        """A derivative that is yet to be made: from `first`, seeds and what it adds to."""
        pairs = zip(callee.results, seeds, strict=True)
        bars = [Var("y_bar", bar_type(type_)) for type_, seeded in pairs if seeded]
        added_to = self.added_to(callee, wrt)
        given = [bar_var(callee.params[k]) for k in added_to]
        results = tuple(bar_type(callee.params[k].type) for k in wrt)
        count = len(first) + len(bars)
        into = tuple((count + j, list(wrt).index(k)) for j, k in enumerate(added_to))
        params = (*first, *bars, *given)
        return Routine(name, params, results, callee.runs_again, pure=True, into=into)


def differentiate(
    function: Function,
    wrt: Sequence[Var],
    seeds: Sequence[bool] | None = None,
    routines: Routines | None = None,
    added_to: Sequence[Var] = (),
) -> Adjoint:
    """The adjoint of a function.

    Parameters
    ----------
    wrt
        The parameters whose cotangents are asked for.
    seeds
        For each result, whether its cotangent is given; all that may carry a derivative where
        left out.
    routines
        Derivatives of routines to share with other functions of the same module.
    added_to
        Those of `wrt` whose cotangents are further seeds, which what is found is added to.

    Raises
    ------
    UnsupportedCallError
        Where a derivative would have to pass through a call without a rule.
    NotDifferentiableError
        Where the cotangent of an integer is asked for.
    """
    check_wrt(wrt)
    with named_apart(function.body.stmts, function.params):
        return _differentiate(function, wrt, seeds, routines or Routines(), added_to)


def _differentiate(
    function: Function,
    wrt: Sequence[Var],
    seeds: Sequence[bool] | None,
    called: Routines,
    added_to: Sequence[Var],
) -> Adjoint:
    results = function.body.results
    asked = seeds if seeds is not None else [is_seedable(atom) for atom in results]
    seeded = [atom for atom, seed in zip(results, asked, strict=True) if seed]
    bars = tuple(_seed_var(atom) for atom in seeded)
    stmts = repeat_tests(complete_results(function.body.stmts))
    sweep = Sweep(stmts, wrt, _variables(seeded), HANDLERS, called, function.params)
    given = {var: bar_var(var) for var in added_to}
    sweep.top.bars.update(given)
    for atom, bar in zip(seeded, bars, strict=True):
        accumulate(sweep, sweep.top, atom, bar)
    forward = sweep.run(stmts)
    with sweep.top.builder.at(reverse_origin(function.origin)):
        cotangents = tuple(bar_or_zero(sweep.top, var) for var in wrt)
    reverse = sweep.top.builder.stmts
    return Adjoint(
        name=f"{function.name}__adjoint",
        params=function.params,
        seeds=(*bars, *given.values()),
        forward=settle(forward, (*sweep.recorded_values, *zeroed(reverse))),
        reverse=tuple(reverse),
        results=results,
        cotangents=cotangents,
        primal=function,
        added_to=tuple(given.values()),
    )


def adjoint(
    function: Function, wrt: Sequence[Var], seeds: Sequence[bool] | None = None
) -> Function:
    """The function (params, seeds) to (results, cotangents); see `differentiate`."""
    return differentiate(function, wrt, seeds).function


def gradient(
    function: Function, wrt: Sequence[Var], seeds: Sequence[bool] | None = None
) -> Function:
    """The function (params, seeds) to cotangents only; see `differentiate`."""
    return differentiate(function, wrt, seeds).gradient


def adjoint_in_place(
    stmts: Sequence[Stmt],
    outputs: Mapping[Var, Atom],
    wrt: Sequence[Var],
    routines: Routines | None = None,
) -> InPlace:
    """Differentiate statements where they stand.

    Parameters
    ----------
    outputs
        The variables that are differentiated, each with its cotangent.
    wrt
        The variables whose cotangents are asked for; they may be bound before the statements
        or by them. What computed such a variable counts as constant, unless another of them
        reaches it.
    """
    check_wrt(wrt)
    with named_apart(stmts, wrt):
        return _in_place(stmts, outputs, wrt, routines or Routines())


def _in_place(
    stmts: Sequence[Stmt], outputs: Mapping[Var, Atom], wrt: Sequence[Var], called: Routines
) -> InPlace:
    stmts = repeat_tests(complete_results(stmts))
    sweep = Sweep(stmts, wrt, outputs, HANDLERS, called)
    for var, bar in outputs.items():
        accumulate(sweep, sweep.top, var, bar)
    forward = sweep.run(stmts)
    cotangents = tuple(sweep.top.bar(var) for var in wrt)
    reverse = sweep.top.builder.stmts
    return InPlace(
        settle(forward, (*sweep.recorded_values, *zeroed(reverse))),
        tuple(reverse),
        cotangents,
    )


def is_seedable(atom: Atom) -> bool:
    """Whether a result can have a cotangent."""
    type_ = getattr(atom, "type", None)
    return type_ is not None and not isinstance(type_, Opaque) and may_carry(type_)


def check_wrt(wrt: Iterable[Var]) -> None:
    """Refuse to differentiate with respect to what has no derivative."""
    for var in wrt:
        if not is_seedable(var):
            raise NotDifferentiableError(
                f"'{var.hint}' is {var.type}, and a derivative with respect to it is asked for",
                hint="pass a float (2.0, float(n)) or an array of floats (a.astype(float))",
            )


def _seed_var(atom: Atom) -> Var:
    hint = atom.hint if isinstance(atom, Var) else "y"
    return Var(bar_hint(hint), bar_type(_type(atom)))


def _type(atom: Atom) -> Type:
    return atom.type if isinstance(atom, Var) else getattr(atom, "type", Opaque())


def _variables(atoms: Iterable[Atom]) -> Iterator[Var]:
    return (atom for atom in atoms if isinstance(atom, Var))
