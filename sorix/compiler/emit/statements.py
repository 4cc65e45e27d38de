"""Statements of the IR as Python statements.

Carried variables of loops and merged ones of branches become assignments, left out where both
sides already share a name; several at once are ordered so that none is overwritten before it
is read, or written as one tuple assignment where they swap.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sorix.compiler.emit.callees import BINARY, is_support
from sorix.compiler.emit.exits import Exit, Test, exit_of, flagged
from sorix.compiler.emit.expressions import LOAD, Expressions
from sorix.compiler.emit.forms import (
    STORE,
    increased,
    increment,
    independent,
    is_basic_index,
    method_call,
    method_statement,
    negated,
    sequential,
)
from sorix.compiler.emit.numbers import Numbers
from sorix.compiler.emit.ranges import handed_on
from sorix.compiler.emit.unparse import comment_marker, is_marker
from sorix.compiler.host import parse
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Origin,
    Pop,
    Push,
    Raise,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.walk import raises, read_variables, statements
from sorix.errors import InternalCompilerError


@dataclass(frozen=True, slots=True)
class _Loop:
    """What stands before a loop, its body, and what stands after it."""

    before: list[ast.stmt]
    body: list[ast.stmt]
    after: list[ast.stmt]


class Statements:
    """Prints blocks; statements that begin a new origin are preceded by a comment marker."""

    def __init__(
        self,
        names: Mapping[Var, str],
        nested: Mapping[Var, Call],
        comments: list[Origin],
        called: Mapping[Any, str],
    ) -> None:
        self._names, self._nested = names, nested
        self.expressions = Expressions(names, nested, called)
        self.comments = comments
        self._origin: Origin | None = None

    def function(self, function: Function, name: str) -> ast.FunctionDef:
        self._origin = None
        self._copied = self._names_copied(function)
        self._read = frozenset(read_variables(function))
        self._numbers = Numbers(function)
        body: list[ast.stmt] = []
        if function.doc:
            body.append(ast.Expr(ast.Constant(function.doc)))
        body += self.stmts(function.body.stmts)
        if not raises(function.body):
            body += self._return(function.body)
        template = parse(f"def {name}(): pass").body[0]
        assert isinstance(template, ast.FunctionDef)
        template.args.args = [ast.arg(self._names[param]) for param in function.params]
        template.body = body
        return template

    def _return(self, block: Block) -> list[ast.stmt]:
        """The ``return``, under the line of what is computed in it."""
        returned = ast.Return(self._returned(block.results))
        nested = self._nested.keys() & set(block.results)
        for stmt in reversed(block.stmts) if nested else ():
            if isinstance(stmt, Assign) and stmt.targets[0] in nested:
                return [*self._mark(stmt.origin), returned]
        return [returned]

    def _names_copied(self, function: Function) -> set[str]:
        """The names that some copy reads: these must be bound even where they mean nothing."""
        names = self._names
        return {
            names[value]
            for stmt in statements(function.body)
            for target, value in handed_on(stmt)
            if isinstance(value, Var) and value in names and names[value] != names[target]
        }

    def _returned(self, results: Sequence[Atom]) -> ast.expr:
        if len(results) == 1:
            return self.expressions.atom(results[0])
        return ast.Tuple([self.expressions.atom(result) for result in results], LOAD)

    def stmts(self, stmts: Iterable[Stmt]) -> list[ast.stmt]:
        printed: list[ast.stmt] = []
        for stmt in stmts:
            before = self._origin, len(self.comments)
            mark = [] if _is_recording(stmt) else self._mark(stmt.origin)
            if lines := self._stmt(stmt):
                printed += [*mark, *lines]
            else:
                self._origin = before[0]
                del self.comments[before[1] :]
        return printed

    def _mark(self, origin: Origin | None) -> list[ast.stmt]:
        if origin is None or origin == self._origin:
            return []
        known = self._origin.way if self._origin is not None else ()
        self._origin = origin
        way = origin.way
        # Of the calls that lead here, those that the comment before has said are not said again.
        new = [k for k in range(len(way)) if way[: k + 1] != known[: k + 1]]
        marks: list[ast.stmt] = []
        for call in way[new[0] if new else -1 :]:
            self.comments.append(call)
            marks.append(comment_marker(len(self.comments) - 1))
        return marks

    def _stmt(self, stmt: Stmt) -> list[ast.stmt]:
        match stmt:
            case Assign():
                return self._assign(stmt)
            case If():
                return self._if(stmt)
            case For():
                return self._for(stmt)
            case While():
                return self._while(stmt)
            case Push():
                stack = self.expressions.atom(stmt.stack)
                return [method_statement(stack, "append", self.expressions.atom(stmt.value))]
            case Pop():
                popped = method_call(self.expressions.atom(stmt.stack), "pop")
                if stmt.target not in self._read:
                    return [ast.Expr(popped)]
                return [ast.Assign([self._target(stmt.target)], popped, lineno=0)]
            case Effect():
                return [ast.Expr(self.expressions.call(stmt.call))]
            case Raise():
                return [self._raise(stmt)]
            case Update():
                return [self._update(stmt)]

    def _target(self, var: Var) -> ast.Name:
        return ast.Name(self._names[var], STORE)

    def _target_or_blank(self, var: Var) -> ast.Name:
        return self._target(var) if var in self._read else ast.Name("_", STORE)

    def _assign(self, stmt: Assign) -> list[ast.stmt]:
        if len(stmt.targets) == 1 and stmt.targets[0] in self._nested:
            return []
        if not isinstance(stmt.value, Call):
            if len(stmt.targets) == 1:
                return self.copies(stmt.targets, (stmt.value,))
            if isinstance(stmt.value, Tup):
                return self.copies(stmt.targets, stmt.value.items)
            value = self.expressions.atom(stmt.value)
        else:
            value = self.expressions.call(stmt.value)
        if not self._read.intersection(stmt.targets):
            return [ast.Expr(value)]
        if (augmented := self._augmented(stmt, value)) is not None:
            return [augmented]
        targets: list[ast.expr] = [self._target_or_blank(var) for var in stmt.targets]
        target = targets[0] if len(targets) == 1 else ast.Tuple(targets, STORE)
        return [ast.Assign([target], value, lineno=0)]

    def _augmented(self, stmt: Assign, value: ast.expr) -> ast.stmt | None:
        """``x += y`` for ``x = x + y`` on numbers, which have no buffer another name could see.

        The x on the right is looked at: it may be an array of rank 0, as np.where makes it.
        """
        if len(stmt.targets) != 1 or not isinstance(value, ast.BinOp):
            return None
        operand = stmt.value.args[0] if isinstance(stmt.value, Call) else None
        if not (isinstance(operand, Var) and operand in self._numbers):
            return None
        left, name = value.left, self._names[stmt.targets[0]]
        if not (isinstance(left, ast.Name) and left.id == name):
            return None
        return ast.AugAssign(ast.Name(name, STORE), value.op, value.right)

    def copies(self, targets: Sequence[Var], values: Sequence[Atom]) -> list[ast.stmt]:
        """``targets = values``, all at once."""
        moves: list[tuple[str, ast.expr]] = []
        for target, value in zip(targets, values, strict=True):
            name = self._names[target]
            if value is UNDEFINED:
                if name in self._copied:
                    moves.append((name, ast.Constant(None)))
                continue
            expression = self.expressions.atom(value)
            if not (isinstance(expression, ast.Name) and expression.id == name):
                moves.append((name, expression))
        return sequential(moves)

    def _if(self, stmt: If) -> list[ast.stmt]:
        cond = self.expressions.atom(stmt.cond)
        then = self.stmts(stmt.then.stmts) + self.copies(stmt.outs, stmt.then.results)
        orelse = self.stmts(stmt.orelse.stmts) + self.copies(stmt.outs, stmt.orelse.results)
        if not then and not orelse:
            return []
        if not then:
            return [ast.If(negated(cond), orelse, [])]
        if len(orelse) == 2 and is_marker(orelse[0]) and isinstance(orelse[1], ast.If):
            orelse = orelse[1:]  # An ``elif``, which has no place for a comment before it.
        return [ast.If(cond, then, orelse)]

    def _for(self, stmt: For) -> list[ast.stmt]:
        before = self.copies(stmt.params, stmt.inits)
        indices = self._range(stmt)
        if stmt.trips is not None:
            count: ast.expr = ast.Constant(0)
            if not stmt.until:
                count = ast.Call(self.expressions.use("len"), [self._range(stmt)], [])
            before.append(ast.Assign([self._target(stmt.trips)], count, lineno=0))
        if stmt.backwards:
            indices = ast.Call(self.expressions.use("reversed"), [indices], [])
        left = self._with_break(stmt, stmt.params[-1]) if stmt.until else None
        if left is not None:
            loop = ast.For(self._target(stmt.index), indices, left.body, [], lineno=0)
            return [*left.before, loop, *left.after]
        body = self._iteration(stmt.body, stmt.params)
        if stmt.trips is not None and stmt.until:
            body.append(increment(self._target(stmt.trips)))
        if stmt.until:
            broke = self.expressions.atom(stmt.params[-1])
            body.append(ast.If(broke, [ast.Break()], []))
        loop = ast.For(self._target(stmt.index), indices, body or [ast.Pass()], [], lineno=0)
        return [*before, loop, *self.copies(stmt.outs, stmt.params)]

    def _iteration(self, body: Block, params: Sequence[Var]) -> list[ast.stmt]:
        return self.stmts(body.stmts) + self.copies(params, body.results)

    def _range(self, stmt: For) -> ast.expr:
        bounds: tuple[Atom, ...] = (stmt.start, stmt.stop, stmt.step)
        if isinstance(stmt.step, Const) and stmt.step.value == 1:
            bounds = bounds[:2]
            if isinstance(stmt.start, Const) and stmt.start.value == 0:
                bounds = (stmt.stop,)
        return ast.Call(self.expressions.use("range"), list(map(self.expressions.atom, bounds)), [])

    def _with_break(self, stmt: For | While, flag: Var) -> _Loop | None:
        """A loop left by ``break``; None where values are still to be copied after that."""
        found = exit_of(stmt, flag)
        if found is None:
            return None
        said = self._origin, len(self.comments)
        kept = found.out in self._read
        before = self._copies_but(flag, kept, stmt.params, stmt.inits)
        body: list[ast.stmt] = []
        if stmt.trips is not None:
            before.append(ast.Assign([self._target(stmt.trips)], ast.Constant(0), lineno=0))
            body.append(increment(self._target(stmt.trips)))
        body += self.stmts(stmt.body.stmts[:-1])
        leaving = self._leaving(found, [Const(True)] if kept else [])
        carried = self._copies_but(flag, False, stmt.params, stmt.body.results)
        if carried and not independent(carried, leaving):
            self._origin = said[0]
            del self.comments[said[1] :]
            return None
        left = [pair for pair in zip(stmt.outs, stmt.params, strict=True) if pair[1] is not flag]
        if kept:
            left.append((found.out, flag))
        after = self.copies([out for out, _ in left], [param for _, param in left])
        return _Loop(before, [*body, *carried, *leaving], after)

    def _leaving(self, found: Exit, told: list[Atom]) -> list[ast.stmt]:
        """``if cond: ...; break``, and after it what is done where the loop goes on."""
        branch, outs = found.branch, found.branch.outs
        result = outs[found.position]
        mark = self._mark(branch.origin)
        cond = self.expressions.atom(branch.cond)
        leave = self.stmts(found.leaving.stmts)
        leave += self._copies_but(result, False, outs, found.leaving.results)
        leave += self.copies([found.flag] * len(told), told)
        test = cond if found.is_then else negated(cond)
        stay = self.stmts(found.staying.stmts)
        stay += self._copies_but(result, False, outs, found.staying.results)
        return [*mark, ast.If(test, [*leave, ast.Break()], []), *stay]

    def _copies_but(
        self, left_out: Var, kept: bool, targets: Sequence[Var], values: Sequence[Atom]
    ) -> list[ast.stmt]:
        """``targets = values`` without the variable `left_out`, unless it is `kept`."""
        pairs = [
            pair for pair in zip(targets, values, strict=True) if kept or pair[0] is not left_out
        ]
        return self.copies([target for target, _ in pairs], [value for _, value in pairs])

    def _while(self, stmt: While) -> list[ast.stmt]:
        test_of = flagged(stmt)
        left = None if test_of is None else self._flagged_while(stmt, test_of)
        return self._plain_while(stmt) if left is None else left

    def _flagged_while(self, stmt: While, found: Test) -> list[ast.stmt] | None:
        said = self._origin, len(self.comments)
        test = self.stmts(found.stmts)
        goes_on = ast.Constant(True) if found.cond is None else self.expressions.atom(found.cond)
        left = self._with_break(stmt, found.flag)
        if left is None:
            self._origin = said[0]
            del self.comments[said[1] :]
            return None
        body = left.body
        if test:
            body = [*test, ast.If(negated(goes_on), [ast.Break()], []), *body]
            goes_on = ast.Constant(True)
        return [*left.before, ast.While(goes_on, body, []), *left.after]

    def _plain_while(self, stmt: While) -> list[ast.stmt]:
        before = self.copies(stmt.params, stmt.inits)
        if stmt.trips is not None:
            before.append(ast.Assign([self._target(stmt.trips)], ast.Constant(0), lineno=0))
        test = self.stmts(stmt.test.stmts)
        cond = self.expressions.atom(stmt.test.results[0])
        body = self._iteration(stmt.body, stmt.params)
        if stmt.trips is not None:
            body.append(increment(self._target(stmt.trips)))
        if test:
            leave = ast.If(negated(cond), [ast.Break()], [])
            loop = ast.While(ast.Constant(True), [*test, leave, *body], [])
        else:
            loop = ast.While(cond, body or [ast.Pass()], [])
        return [*before, loop, *self.copies(stmt.outs, stmt.params)]

    def _raise(self, stmt: Raise) -> ast.stmt:
        kind = self.expressions.atom(stmt.kind)
        args = [self.expressions.atom(arg) for arg in stmt.args]
        return ast.Raise(ast.Call(kind, args, []) if args else kind)

    def _update(self, stmt: Update) -> ast.stmt:
        fn, (buffer, *args) = stmt.call.fn, stmt.call.args
        assert isinstance(buffer, Var) and self._names[buffer] == self._names[stmt.target]
        atom = self.expressions.atom
        if fn in BINARY:
            return ast.AugAssign(self._target(buffer), BINARY[fn](), atom(args[0]))
        if is_support(fn, "list_append"):
            return method_statement(atom(buffer), "append", atom(args[0]))
        if is_support(fn, "list_pop"):
            popped = method_call(atom(buffer), "pop")
            if stmt.value is None:
                return ast.Expr(popped)
            return ast.Assign([self._target(stmt.value)], popped, lineno=0)
        place = self.expressions.subscript(buffer, args[0], STORE)
        if is_support(fn, "store") or is_support(fn, "list_set"):
            return ast.Assign([place], atom(args[1]), lineno=0)
        if is_support(fn, "list_add_at"):
            return self._add_to_element(buffer, place, args)
        if is_support(fn, "add_at"):
            if is_basic_index(args[0]):
                return increased(place, atom(args[1]))
            add_at = self.expressions.use("np.add.at")
            return ast.Expr(ast.Call(add_at, [atom(a) for a in (buffer, *args)], []))
        raise InternalCompilerError(f"{fn!r} has no form in place")

    def _add_to_element(self, buffer: Var, place: ast.Subscript, args: list[Atom]) -> ast.stmt:
        """``l[i] = l[i] + v``: an augmented one would write into an array another name sees."""
        value = self.expressions.atom(args[1])
        if self._numbers.fill(buffer):
            return increased(place, value)
        read = self.expressions.subscript(buffer, args[0], LOAD)
        return ast.Assign([place], ast.BinOp(read, ast.Add(), value), lineno=0)


def _is_recording(stmt: Stmt) -> bool:
    """Whether the statement only keeps or takes back a value; then its origin tells nothing."""
    if isinstance(stmt, Push | Pop):
        return True
    return isinstance(stmt, Assign) and isinstance(stmt.value, Call) and stmt.value.fn is list
