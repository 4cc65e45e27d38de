"""Apply identities that keep value, shape and dtype; each is stated once, in `identities`.

After it none of the identities applies: no ``x * 1``, no ``-(-x)``, no arithmetic on constants,
no array spread out to the shape that broadcasting would give it anyway, no zeros made to be
added to. What an identity leaves unread is left to `prune`.

A statement is rewritten only where the type of the new expression, in kind, dtype and shape, is
known to be that of the old one.

>>> from sorix.compiler.ir.nodes import Block, Const, Var
>>> import operator
>>> from sorix.compiler.ir.types import FLOAT
>>> x, y = Var("x", FLOAT), Var("y", FLOAT)
>>> double_minus = Assign((y,), Call(operator.mul, (x, Const(1))))
>>> simplify(Function("f", (x,), Block((double_minus,), (y,)))).body
Block(stmts=(), results=(x:float,))
"""

from __future__ import annotations

import functools
import operator
from dataclasses import replace

import numpy as np

from sorix.compiler.ir.infer import infer_call
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Function,
    Method,
    Origin,
    Routine,
    Stmt,
    Var,
)
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.compiler.ir.walk import count_reads, rebuild
from sorix.compiler.optimize import factors, indices_within, matrix_identities, spreading, sums
from sorix.compiler.optimize.identity_table import IDENTITIES, Context, stands_for
from sorix.compiler.optimize.replacing import Replacements
from sorix.compiler.optimize.signs import Signs
from sorix.errors import ShapeError

TABLES = (spreading, matrix_identities, sums, factors, indices_within)
"""Modules whose import adds identities."""

_ROUNDS = 8
"""Rewrites of one statement; each identity makes it smaller, so this is never reached."""


def simplify(function: Function) -> Function:
    """The function with the identities applied; see the module's docstring."""
    walker = _Simplifier(function)
    simplified = replace(function, body=walker.block(function.body))
    return walker.replaced.apply(simplified)


class _Simplifier(Context):
    def __init__(self, function: Function) -> None:
        self.replaced = Replacements(function)
        self.definitions: dict[Var, Call] = {}
        self.reads = count_reads(function)
        self._function, self._reads = function, self.reads.copy()
        self.adjoint = False
        self._reclassed: set[Var] = set()
        self._before: list[Stmt] = []

    def define(self, call: Call, hint: str) -> Var | None:
        """A new variable, bound to the call before the statement being rewritten."""
        type_ = _inferred(call)
        if not isinstance(type_, Num):
            return None
        var = Var(hint, type_)
        self.definitions[var] = call
        self.reads[var] = 1
        self._before.append(Assign((var,), call, self._origin))
        return var

    @functools.cached_property
    def _signs(self) -> Signs:
        return Signs(self._function, self._reads)  # Of the function as it was, where one asks.

    def is_taken_up(self, var: Var) -> bool:
        return self._signs.is_taken_up(var)

    def block(self, block: Block) -> Block:
        stmts: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
                stmts += self._assign(stmt, stmt.value)
            else:
                stmts.append(rebuild(stmt, self.replaced.resolve, lambda var: var, self.block))
        return Block(tuple(stmts), tuple(map(self.replaced.resolve, block.results)))

    def _assign(self, stmt: Assign, call: Call) -> list[Stmt]:
        call = self.replaced.resolve_call(call)
        if len(stmt.targets) != 1 or isinstance(call.fn, (Method, Routine)):
            return [_computing(stmt, call)]
        if self._reclassed and any(atom in self._reclassed for atom in call.args):
            stmt = self._of_own_class(stmt, call)
        (target,) = stmt.targets
        self._before, self._origin = [], stmt.origin
        self.adjoint = _is_adjoint(stmt.origin)
        for _ in range(_ROUNDS):
            new = self._rewritten(call, target)
            if new is None:
                break
            if not isinstance(new, Call):
                self.replaced.put(target, new)
                return self._before
            call = new
        if call.fn in (np.sum, operator.matmul):
            stmt = self._of_own_class(stmt, call)
        self.definitions[stmt.targets[0]] = call
        return [*self._before, _computing(stmt, call)]

    def _of_own_class(self, stmt: Assign, call: Call) -> Assign:
        """The statement with a target that tells the class of its number, where it did not.

        A sum is a NumPy scalar, also where it is the cotangent of a Python number.
        """
        (target,) = stmt.targets
        type_, told = _inferred(call), target.type
        if not (isinstance(type_, Num) and isinstance(told, Num)) or type_.kind == told.kind:
            return stmt
        if type_.kind not in NUMBERS or replace(type_, kind=told.kind) != told:
            return stmt
        var = Var(target.hint, type_)
        self.replaced.put(target, var)
        self.reads[var] = self.reads[target]
        self._reclassed.add(var)
        return replace(stmt, targets=(var,))

    def _rewritten(self, call: Call, target: Var) -> Call | Atom | None:
        makers = self.makers(call)
        for identity in IDENTITIES.get(call.fn, ()):
            if not identity.concerns(self, makers):
                continue
            mark = len(self._before)
            new = identity.rewrite(self, call, target)
            if new is None:
                continue
            if identity.certain:
                return new
            type_ = _inferred(new) if isinstance(new, Call) else getattr(new, "type", None)
            if type_ is not None and (type_ == target.type or stands_for(self, type_, target)):
                return new
            del self._before[mark:]
        return None


def _computing(stmt: Assign, call: Call) -> Assign:
    return stmt if call is stmt.value else Assign(stmt.targets, call, stmt.origin)


def _inferred(call: Call) -> object:
    try:
        return infer_call(call)
    except ShapeError:
        return None


def _is_adjoint(origin: Origin | None) -> bool:
    return origin is not None and origin.adjoint
