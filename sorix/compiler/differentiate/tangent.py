"""Forward mode: from a function to the function that also computes its tangents.

Requires pure IR in single-assignment form; yields the same. Primal and tangent statements
alternate, so nothing is recorded: loops carry tangents beside their variables, lists have lists
of tangents, and a stack has a stack of tangents. A tangent that is certainly zero is not written
down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from sorix.compiler.analyses.activity import active_variables, may_carry, rule_of_call
from sorix.compiler.analyses.effects import is_pure_routine
from sorix.compiler.differentiate.accumulate import is_number
from sorix.compiler.differentiate.adjoint import check_wrt, is_seedable
from sorix.compiler.differentiate.errors import at_origin, no_rule, refuse_objects
from sorix.compiler.differentiate.prepare import complete_results
from sorix.compiler.differentiate.scopes import bar_type
from sorix.compiler.differentiate.trace import Dot, trace_tangent
from sorix.compiler.differentiate.transpose import trace_transposed
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    If,
    Pop,
    Push,
    Routine,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.types import Opaque, Type
from sorix.compiler.ir.walk import atom_vars
from sorix.support import zeros_like


class Tangents:
    """The tangents of routines that are called, each generated once, and known before it is."""

    def __init__(self) -> None:
        self._known: dict[tuple[Routine, tuple[int, ...]], Routine] = {}

    def tangent(self, callee: Routine, wrt: Sequence[int]) -> Routine:
        """(params, tangents of those at `wrt`) to (results, tangents of those that have one)."""
        key = (callee, tuple(wrt))
        if key in self._known:
            return self._known[key]
        dots = tuple(dot_var(callee.params[k]) for k in wrt)
        moving = [may_move(type_) for type_ in callee.results]
        moved = tuple(bar_type(t) for t, moves in zip(callee.results, moving, strict=True) if moves)
        results = (*callee.results, *moved)
        name, params = f"{callee.name}__tangent", (*callee.params, *dots)
        made = Routine(name, params, results, callee.runs_again, is_pure_routine(callee))
        self._known[key] = made
        own = callee.function.params
        found = tangent(callee.function, [own[k] for k in wrt], moving, self)
        return made.define(replace(found, name=made.name))


def may_move(type_: Type) -> bool:
    """Whether a result of this type has a tangent."""
    return not isinstance(type_, Opaque) and may_carry(type_)


def tangent(
    function: Function,
    wrt: Sequence[Var],
    moving: Sequence[bool] | None = None,
    routines: Tangents | None = None,
) -> Function:
    """The function (params, tangents of `wrt`) to (results, tangents of the results).

    Only results that may carry a derivative have a tangent, or those said to be `moving`.
    """
    check_wrt(wrt)
    seeds = tuple(dot_var(var) for var in wrt)
    results = function.body.results
    stmts = complete_results(function.body.stmts)
    useful = [var for atom in results for var in atom_vars(atom)]
    forward = Forward(active_variables(stmts, wrt, useful), routines or Tangents())
    forward.dots.update(zip(wrt, seeds, strict=True))
    forward.block(stmts)
    moves = moving if moving is not None else [is_seedable(atom) for atom in results]
    dots = tuple(forward.dot_or_zero(atom) for atom, has in zip(results, moves, strict=True) if has)
    return replace(
        function,
        name=f"{function.name}__tangent",
        params=(*function.params, *seeds),
        body=forward.builder.block(*results, *dots),
    )


def tangent_in_place(
    stmts: Sequence[Stmt], dots: Mapping[Var, Atom], results: Sequence[Atom]
) -> tuple[list[Stmt], list[Atom]]:
    """The statements with their tangents, to stand where they stood, and those of `results`.

    `dots` are the tangents of variables bound before the statements; no other of them moves. A
    result that can have no tangent has 0.0.
    """
    check_wrt(dots)
    stmts = complete_results(stmts)
    useful = [var for atom in results for var in atom_vars(atom)]
    forward = Forward(active_variables(stmts, list(dots), useful), Tangents())
    forward.dots.update(dots)
    forward.block(stmts)
    found = [forward.dot_or_zero(atom) if is_seedable(atom) else Const(0.0) for atom in results]
    return forward.builder.stmts, found


def dot_var(var: Var) -> Var:
    """A new variable for the tangent of `var`."""
    return Var(f"{var.hint}_dot", bar_type(var.type))


class Forward:
    """The sweep: ``dots`` maps each active variable to its tangent, if that is not zero."""

    def __init__(self, active: frozenset[Var], routines: Tangents) -> None:
        self.active, self.routines = active, routines
        self.builder = Builder()
        self.dots: dict[Var, Atom] = {}
        self._rules: dict[type, Callable[..., None]] = {
            Assign: self._assign,
            If: self._if,
            For: self._loop,
            While: self._loop,
            Push: self._push,
            Pop: self._pop,
        }

    def block(self, stmts: Iterable[Stmt]) -> None:
        """Write the statements and their tangents into the builder."""
        for stmt in stmts:
            rule = self._rules.get(type(stmt), self.builder.add)
            with self.builder.at(getattr(stmt, "origin", None)), at_origin(self.builder.origin):
                rule(stmt)

    def _nested(self, block: Block, results: Callable[[], Sequence[Atom]]) -> Block:
        """A nested block with its tangents; `results` are asked for at its end."""
        saved, self.builder.stmts = self.builder.stmts, []
        self.block(block.stmts)
        done = self.builder.block(*results())
        self.builder.stmts = saved
        return done

    # ------------------------------------------------------------------------- tangents

    def dot(self, atom: Atom) -> Atom | None:
        """The tangent of an atom; None for zero."""
        if isinstance(atom, Tup):
            if all(self.dot(item) is None for item in atom.items):
                return None
            return Tup(tuple(self.dot_or_zero(item) for item in atom.items), atom.is_list)
        return self.dots.get(atom) if isinstance(atom, Var) else None

    def dot_or_zero(self, atom: Atom) -> Atom:
        """The tangent of an atom, zeros written down where it has none."""
        found = self.dot(atom)
        if found is not None or atom is UNDEFINED:
            return found or UNDEFINED
        if isinstance(atom, Tup):
            return Tup(tuple(self.dot_or_zero(item) for item in atom.items), atom.is_list)
        if is_number(atom):
            return Const(0.0)
        hint = atom.hint if isinstance(atom, Var) else "t"
        return self.builder.call(zeros_like, atom, hint=f"{hint}_dot")

    def _partial_dot(self, atom: Atom) -> Dot:
        """The tangent of an argument as rules take it: sequences with None for zero inside."""
        if isinstance(atom, Tup):
            items = [self._partial_dot(item) for item in atom.items]
            return items if atom.is_list else tuple(items)
        return self.dot(atom)

    # ----------------------------------------------------------------------- statements

    def _assign(self, stmt: Assign) -> None:
        self.builder.add(stmt)
        if self.active.isdisjoint(stmt.targets):
            return
        refuse_objects(stmt.targets, self.active)
        if isinstance(stmt.value, Call) and stmt.value.fn is not list:
            self._call(stmt, stmt.value)
        elif isinstance(stmt.value, Call):
            self._list(stmt.targets[0], stmt.value)
        elif len(stmt.targets) > 1:
            self._unpack(stmt, stmt.value)
        else:
            self._name(stmt.targets[0], self.dot(stmt.value))

    def _unpack(self, stmt: Assign, value: Atom) -> None:
        """Of ``x, y = (a, b)`` and ``x, y = items``."""
        dot = self.dot(value)
        if isinstance(value, Tup):
            self._bind(stmt.targets, [self.dot(item) for item in value.items])
        elif dot is not None:
            self._bind(stmt.targets, self._items(dot, stmt.targets))

    def _bind(self, targets: Iterable[Var], dots: Iterable[Atom | None]) -> None:
        for target, dot in zip(targets, dots, strict=True):
            zero = dot is None or (isinstance(dot, Const) and dot.value is None)
            if not zero and target in self.active and dot is not None:
                self.dots[target] = dot

    def _name(self, target: Var, dot: Atom | None) -> None:
        """Bind a tangent; a list written out gets a variable of its own."""
        if isinstance(dot, Tup):
            named = dot_var(target)
            self.builder.add(Assign((named,), dot, self.builder.origin))
            dot = named
        self._bind((target,), (dot,))

    def _list(self, target: Var, call: Call) -> None:
        """``list()``, which may be a stack, and ``list(x)``, a copy."""
        dots = tuple(self.dot_or_zero(atom) for atom in call.args)
        self.dots[target] = copy = dot_var(target)
        self.builder.add(Assign((copy,), Call(list, dots), self.builder.origin))

    def _call(self, stmt: Assign, call: Call) -> None:
        if isinstance(call.fn, Routine):
            self._routine(stmt, call, call.fn)
            return
        rule = rule_of_call(call)
        if rule is None or any(self.dot(atom) is not None for _, atom in call.kwargs):
            raise no_rule(call)
        dots = [
            self._partial_dot(atom) if position in rule.wrt else None
            for position, atom in enumerate(call.args)
        ]
        targets = stmt.targets
        y: Atom = targets[0] if len(targets) == 1 else Tup(tuple(targets))
        by_adjoint = rule.kind == "adjoint" and rule.tangent is None
        trace = (trace_transposed if by_adjoint else trace_tangent)(
            rule, call, dots, y, self.builder.origin
        )
        if len(targets) == 1:
            trace.name(0, f"{targets[0].hint}_dot")
        (found,) = trace.found
        if found is None:
            return
        self.builder.stmts += trace.keep([found])
        if len(targets) == 1:
            self._bind(targets, (found,))
        else:
            self._bind(targets, self._items(found, targets))

    def _routine(self, stmt: Assign, call: Call, callee: Routine) -> None:
        """A call of a routine becomes one of its tangent, which has the results too."""
        found = [(k, dot) for k, a in enumerate(call.args) if (dot := self.dot(a)) is not None]
        if not found:
            return
        results = zip(stmt.targets, callee.results, strict=True)
        targets = [target for target, type_ in results if may_move(type_)]
        bound = tuple(dot_var(target) for target in targets)
        moved = self.routines.tangent(callee, [k for k, _ in found])
        both = Call(moved, (*call.args, *(dot for _, dot in found)))
        self.builder.stmts[-1] = Assign((*stmt.targets, *bound), both, stmt.origin)
        self._bind(targets, bound)

    def _items(self, found: Atom, targets: Sequence[Var]) -> Sequence[Atom]:
        """The tangents of several results, which a rule may return as one value."""
        if isinstance(found, Tup):
            return found.items
        dots = tuple(dot_var(target) for target in targets)
        self.builder.add(Assign(dots, found, self.builder.origin))
        return dots

    def _if(self, stmt: If) -> None:
        active = [k for k, out in enumerate(stmt.outs) if out in self.active]

        def branch(block: Block) -> Block:
            return self._nested(
                block,
                lambda: (*block.results, *(self.dot_or_zero(block.results[k]) for k in active)),
            )

        then, orelse = branch(stmt.then), branch(stmt.orelse)
        dots = tuple(dot_var(stmt.outs[k]) for k in active)
        outs = (*stmt.outs, *dots)
        self.builder.add(replace(stmt, then=then, orelse=orelse, outs=outs))
        self._bind((stmt.outs[k] for k in active), dots)

    def _loop(self, stmt: For | While) -> None:
        """Tangents are carried in front, so that the flag of ``until`` stays last."""
        pairs = enumerate(zip(stmt.params, stmt.outs, strict=True))
        active = [k for k, pair in pairs if not self.active.isdisjoint(pair)]
        params = tuple(dot_var(stmt.params[k]) for k in active)
        outs = tuple(dot_var(stmt.outs[k]) for k in active)
        inits = tuple(self.dot_or_zero(stmt.inits[k]) for k in active)
        self.dots.update(zip((stmt.params[k] for k in active), params, strict=True))
        results = stmt.body.results
        if isinstance(stmt, While):
            test = stmt.test
            stmt = replace(stmt, test=self._nested(test, lambda: test.results))
        body = self._nested(
            stmt.body, lambda: (*(self.dot_or_zero(results[k]) for k in active), *results)
        )
        self.builder.add(
            replace(
                stmt,
                params=(*params, *stmt.params),
                inits=(*inits, *stmt.inits),
                body=body,
                outs=(*outs, *stmt.outs),
            )
        )
        self.dots.update(zip((stmt.outs[k] for k in active), outs, strict=True))

    def _push(self, stmt: Push) -> None:
        self.builder.add(stmt)
        if stmt.stack in self.active:
            dot = self.dot_or_zero(stmt.value)
            self.builder.add(Push(self._stack(stmt.stack), dot, stmt.origin))

    def _pop(self, stmt: Pop) -> None:
        self.builder.add(stmt)
        if stmt.stack in self.active:
            dot = dot_var(stmt.target)
            self.builder.add(Pop(dot, self._stack(stmt.stack), stmt.origin))
            self._bind((stmt.target,), (dot,))

    def _stack(self, stack: Var) -> Var:
        found = self.dots[stack]
        assert isinstance(found, Var)
        return found
