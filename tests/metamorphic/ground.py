"""What a transformation works on: the syntax of one program, and the names that are free to use."""

from __future__ import annotations

import ast
import copy
import symtable
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.corpus.registry import Program

Block = list[ast.stmt]
Transformation = Callable[["Ground"], bool]
"""Changes the ground's function, and says whether it found something to change."""

TRANSFORMATIONS: dict[str, Transformation] = {}

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def transformation(function: Transformation) -> Transformation:
    TRANSFORMATIONS[function.__name__] = function
    return function


@dataclass(eq=False)
class Ground:
    """A program's function as syntax; `before` are functions to stand in front of it."""

    program: Program
    function: ast.FunctionDef
    before: Block = field(default_factory=list)

    def __post_init__(self) -> None:
        self._taken = set(vars(sys.modules[self.program.function.__module__]))
        self._taken |= {word for node in ast.walk(self.function) for word in _words(node)}

    def fresh(self, wish: str) -> str:
        """A name that neither the function nor its module uses."""
        name, count = wish, 1
        while name in self._taken:
            count += 1
            name = f"{wish}_{count}"
        self._taken.add(name)
        return name

    @property
    def text(self) -> str:
        module = ast.Module([*self.before, self.function], [])
        return ast.unparse(ast.fix_missing_locations(module)) + "\n"

    def parameters(self) -> list[str]:
        a = self.function.args
        several = [p for p in (a.vararg, a.kwarg) if p is not None]
        return [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, *several)]

    def tables(self) -> list[symtable.SymbolTable]:
        """The scopes of the function and of all that is defined in it, the outermost first."""
        text = ast.unparse(ast.fix_missing_locations(self.function))
        pending = list(symtable.symtable(text, "<program>", "exec").get_children())
        found = []
        while pending:
            table = pending.pop(0)
            found.append(table)
            pending.extend(table.get_children())
        return found

    def local_names(self) -> set[str]:
        """The names of the function's own scope, its parameters among them."""
        own = next(t for t in self.tables() if t.get_name() == self.function.name)
        return {s.get_name() for s in own.get_symbols() if s.is_local()}

    def captured_names(self) -> set[str]:
        """The names that functions inside read or write of the scopes around them."""
        return {s.get_name() for t in self.tables() for s in t.get_symbols() if s.is_free()}


def ground_of(program: Program) -> Ground:
    """The syntax of a program, as its module's file has it, without its registration."""
    file = sys.modules[program.function.__module__].__file__
    assert file is not None
    tree = ast.parse(Path(file).read_text())
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == program.name]
    function = copy.deepcopy(defined[-1])
    function.decorator_list = [d for d in function.decorator_list if not _registers(d)]
    return Ground(program, function)


def _registers(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "program"
    )


def _words(node: ast.AST) -> Iterator[str]:
    """Every string of a node's own fields: more than its names, never fewer."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


def blocks(function: ast.FunctionDef) -> Iterator[Block]:
    """The lists of statements of a function's own scope, outer ones first."""
    pending: list[ast.AST] = [function]
    while pending:
        node = pending.pop(0)
        for _, value in ast.iter_fields(node):
            if not isinstance(value, list):
                continue
            if value and isinstance(value[0], ast.stmt):
                yield value
            pending.extend(v for v in value if isinstance(v, ast.AST) and not isinstance(v, SCOPES))


def within(node: ast.AST, kinds: Any) -> bool:
    """Whether a node of these kinds is in `node`."""
    return any(isinstance(n, kinds) for n in ast.walk(node))


def parsed(text: str) -> Block:
    return ast.parse(text).body


def after_docstring(body: Block) -> int:
    """The index of the first statement after a docstring and global declarations."""
    k = 0
    while k < len(body) and (
        isinstance(body[k], ast.Global | ast.Nonlocal)
        or k == 0
        and isinstance(body[k], ast.Expr)
        and isinstance(body[k].value, ast.Constant)  # type: ignore[attr-defined]
    ):
        k += 1
    return k


def call_of(name: str, arguments: list[str]) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [ast.Name(a, ast.Load()) for a in arguments], [])


def is_pure(node: ast.expr) -> bool:
    """Whether evaluating an expression twice is as good as once: names, fields, arithmetic."""
    kinds = (
        ast.Name, ast.Constant, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.Tuple, ast.Slice,
        ast.operator, ast.unaryop, ast.expr_context,
    )  # fmt: skip
    return all(
        isinstance(n, kinds) or isinstance(n, ast.Call) and _is_len(n) for n in ast.walk(node)
    )


def _is_len(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "len"
