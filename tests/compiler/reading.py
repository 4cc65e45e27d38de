"""IR from a few lines of Python, so that tests of passes can show code before and after.

`read(text)` takes one function of assignments, ``x[i] = v`` and ``x[i] += v`` (read as `store` and
`add_at`), ``if``, ``for i in range(...)`` (also reversed) and ``while``; ``s = []`` makes a stack,
``s.append(v)`` pushes and ``v = s.pop()`` pops. Parameters are annotated: ``x: "n"`` is a vector,
``A: "n, m"`` a matrix, ``a: float``, ``n: int``, ``l: list``. What stands right of ``=`` becomes a
variable of the name on the left, what stands inside it temporaries.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

import sorix.support as support
from sorix.compiler.emit.callees import BINARY, COMPARE, UNARY
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
    Origin,
    Pop,
    Push,
    Slc,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.types import FLOAT, INT, Dim, ListOf, Num, Type, constant

OPERATORS = {syntax: fn for fn, syntax in (BINARY | UNARY | COMPARE).items()}
NAMES = {
    "np": np,
    "math": math,
    "len": len,
    "abs": abs,
    "bool": bool,
    "float": float,
    **vars(support),
}


def read(text: str) -> Function:
    """The pure IR of one function's text."""
    (node,) = ast.parse(text.strip()).body
    assert isinstance(node, ast.FunctionDef)
    return _Reader().function(node)


def _type(annotation: ast.expr | None) -> Type:
    match annotation:
        case ast.Constant(value=str() as shape):
            dims = [d.strip() for d in shape.split(",")]
            sizes = tuple(constant(int(d)) if d.isdigit() else Dim(d) for d in dims)
            return Num("float64", sizes, "array")
        case ast.Name(id="int"):
            return INT
        case ast.Name(id="list"):
            return ListOf(FLOAT)
    return FLOAT


class _Reader:
    def __init__(self) -> None:
        self.env: dict[str, Atom] = {}
        self.builder = Builder()

    def function(self, node: ast.FunctionDef) -> Function:
        params = tuple(Var(arg.arg, _type(arg.annotation)) for arg in node.args.args)
        self.env = {param.hint: param for param in params}
        *body, last = node.body
        self.stmts(body)
        assert isinstance(last, ast.Return) and last.value is not None
        values = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
        with self.builder.at(Origin("user.py", last.lineno)):
            results = tuple(self.atom(value) for value in values)
        return Function(node.name, params, self.builder.block(*results))

    # -- statements

    def stmts(self, stmts: list[ast.stmt]) -> None:
        for stmt in stmts:
            with self.builder.at(Origin("user.py", stmt.lineno)):
                self.stmt(stmt)

    def stmt(self, stmt: ast.stmt) -> None:
        match stmt:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])):
                self.env[name] = Var(name, ListOf(FLOAT))
                self.builder.add(Assign((self.env[name],), Call(list, ()), self.builder.origin))
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=stack), attr="pop")),
            ):
                var, stacked = Var(name, self.elements[stack]), self.env[stack]
                self.env[name] = var
                self.builder.add(Pop(var, stacked, self.builder.origin))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.env[name] = self.atom(value, name)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Call() as call):
                self.unpack([t.id for t in targets], call)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name)) as place]):
                self.write(support.store, name, place, stmt.value)
            case ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name)) as place):
                self.write(support.add_at, name, place, stmt.value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=stack)), args=[v])):
                value = self.atom(v)
                self.elements[stack] = value.type
                self.builder.add(Push(self.env[stack], value, self.builder.origin))
            case ast.If():
                self.branch(stmt)
            case ast.For() | ast.While():
                self.loop(stmt)
            case _:
                raise NotImplementedError(ast.unparse(stmt))

    elements: dict[str, Type] = {}

    def unpack(self, names: list[str], call: ast.Call) -> None:
        fn, args = NAMES[call.func.id], tuple(map(self.atom, call.args))
        targets = self.builder.call_many(fn, *args, hints=tuple(names))
        self.env.update(zip(names, targets, strict=True))

    def write(self, fn: Any, name: str, place: ast.Subscript, value: ast.expr) -> None:
        index, new = self.index(place.slice), self.atom(value)
        self.env[name] = self.builder.call(fn, self.env[name], index, new, hint=name)

    def block(self, write: Callable[[], tuple[Atom, ...]]) -> Block:
        saved, env = self.builder.stmts, dict(self.env)
        self.builder.stmts = []
        results = write()
        done = self.builder.block(*results)
        self.builder.stmts, self.env = saved, env
        return done

    def branch(self, stmt: ast.If) -> None:
        cond = self.atom(stmt.test)
        names = [*dict.fromkeys(assigned(stmt.body) + assigned(stmt.orelse))]

        def side(stmts: list[ast.stmt]) -> tuple[Atom, ...]:
            self.stmts(stmts)
            return tuple(self.env.get(name, UNDEFINED) for name in names)

        then, orelse = self.block(lambda: side(stmt.body)), self.block(lambda: side(stmt.orelse))
        pairs = zip(then.results, orelse.results, strict=True)
        outs = [Var(n, (b if a is UNDEFINED else a).type) for n, (a, b) in zip(names, pairs)]
        self.builder.add(If(cond, then, orelse, tuple(outs), self.builder.origin))
        self.env.update(zip(names, outs, strict=True))

    def loop(self, stmt: ast.For | ast.While) -> None:
        names = [name for name in assigned(stmt.body) if name in self.env]
        inits = tuple(self.env[name] for name in names)
        params = tuple(Var(n, i.type) for n, i in zip(names, inits, strict=True))
        outs = tuple(Var(p.hint, p.type) for p in params)
        index = Var(stmt.target.id, INT) if isinstance(stmt, ast.For) else None
        bounds, backwards = self.bounds(stmt) if isinstance(stmt, ast.For) else ((), False)
        outer = dict(self.env)
        self.env.update(zip(names, params, strict=True))

        def iteration() -> tuple[Atom, ...]:
            if index is not None:
                self.env[index.hint] = index
            self.stmts(stmt.body)
            return tuple(self.env[name] for name in names)

        origin = self.builder.origin
        if isinstance(stmt, ast.While):
            test = self.block(lambda: (self.atom(stmt.test),))
            loop = While(params, inits, test, self.block(iteration), outs, None, origin)
        else:
            body = self.block(iteration)
            loop = For(
                index, *bounds, params, inits, body, outs, origin=origin, backwards=backwards
            )
        self.builder.add(loop)
        self.env = outer | dict(zip(names, outs, strict=True))

    def bounds(self, stmt: ast.For) -> tuple[tuple[Atom, Atom, Atom], bool]:
        call = stmt.iter
        backwards = call.func.id == "reversed"
        args = [self.atom(arg) for arg in (call.args[0] if backwards else call).args]
        full = [Const(0), *args] if len(args) == 1 else args
        return (*full, *[Const(1)] * (3 - len(full))), backwards

    # -- expressions

    def atom(self, node: ast.expr, hint: str = "t") -> Atom:
        match node:
            case ast.Constant():
                return Const(node.value)
            case ast.Name():
                found = self.env[node.id]
                return found if hint == "t" else self.copy(found, hint)
            case ast.Tuple() | ast.List():
                return Tup(tuple(map(self.atom, node.elts)), isinstance(node, ast.List))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
                return Const(-value)
            case ast.UnaryOp():
                return self.call(OPERATORS[type(node.op)], [node.operand], hint)
            case ast.BinOp():
                return self.call(OPERATORS[type(node.op)], [node.left, node.right], hint)
            case ast.Compare(ops=[op], comparators=[right]):
                return self.call(OPERATORS[type(op)], [node.left, right], hint)
            case ast.Subscript(value=ast.Attribute(attr="s_")):
                return self.index(node.slice)
            case ast.Subscript():
                index, value = self.index(node.slice), self.atom(node.value)
                return self.builder.call(operator.getitem, value, index, hint=hint)
            case ast.Attribute(attr="T"):
                return self.call(np.transpose, [node.value], hint)
            case ast.Attribute(attr="size"):
                return self.call(np.size, [node.value], hint)
            case ast.Call(func=ast.Attribute(value=value, attr="copy")):
                return self.call(np.copy, [value], hint)
            case ast.Call():
                options = {k.arg: self.atom(k.value) for k in node.keywords}
                return self.call(_callee(node.func), node.args, hint, **options)
        raise NotImplementedError(ast.unparse(node))

    def copy(self, value: Atom, hint: str) -> Var:
        var = Var(hint, value.type)
        self.builder.add(Assign((var,), value, self.builder.origin))
        return var

    def call(self, fn: Any, args: list[ast.expr], hint: str, **options: Atom) -> Var:
        return self.builder.call(fn, *map(self.atom, args), hint=hint, **options)

    def index(self, node: ast.expr) -> Atom:
        match node:
            case ast.Slice():
                parts = (node.lower, node.upper, node.step)
                return Slc(*(Const(None) if p is None else self.atom(p) for p in parts))
            case ast.Tuple():
                return Tup(tuple(map(self.index, node.elts)))
        return self.atom(node)


def _callee(node: ast.expr) -> Any:
    if isinstance(node, ast.Attribute):
        return getattr(_callee(node.value), node.attr)
    return NAMES[node.id]


def assigned(stmts: list[ast.stmt]) -> list[str]:
    """The names the statements assign or write into, in order; not those of stacks."""
    found: dict[str, None] = {}
    for stmt in stmts:
        for node in ast.walk(stmt):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AugAssign) else targets
            for target in targets:
                for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                    place = part.value if isinstance(part, ast.Subscript) else part
                    found[place.id] = None
    return list(found)
