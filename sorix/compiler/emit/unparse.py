"""Trees as text: astunparse with the parentheses that precedence asks for, and no others.

`unparse` promises that its text parses to an equal tree, and checks it; where astunparse's
output does not, the standard library's `ast.unparse` is used.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from astunparse.unparser import Unparser, interleave

from sorix.compiler.host import parse_generated
from sorix.errors import InternalCompilerError

_BINARY = {
    ast.BitOr: 7,
    ast.BitXor: 8,
    ast.BitAnd: 9,
    ast.LShift: 10,
    ast.RShift: 10,
    ast.Add: 11,
    ast.Sub: 11,
    ast.Mult: 12,
    ast.MatMult: 12,
    ast.Div: 12,
    ast.FloorDiv: 12,
    ast.Mod: 12,
}
_WIDTH = 88
_TUPLE, _TEST, _OR, _AND, _NOT, _COMPARE, _UNARY, _POWER, _ATOM = 0, 2, 3, 4, 5, 6, 13, 14, 16


_MARK = re.compile(r"^( *)__comment_([0-9]+)__$", re.MULTILINE)


def comment_marker(number: int) -> ast.stmt:
    """A statement that `unparse` prints as comment `number`."""
    return ast.Expr(ast.Name(f"__comment_{number}__", ast.Load()))


def is_marker(stmt: ast.stmt) -> bool:
    return (
        isinstance(stmt, ast.Expr)
        and isinstance(stmt.value, ast.Name)
        and stmt.value.id.startswith("__comment_")
    )


def unparse(tree: ast.Module, comments: Sequence[str] = ()) -> str:
    """The text of a module, with the comments in the place of their markers.

    Before that it parses to an equal tree; putting comments in changes whole lines only.

    >>> unparse(ast.parse("y = (x[:, None] - (a + b)) ** -2 @ w.T"))
    'y = (x[:, None] - (a + b)) ** -2 @ w.T\\n'
    """
    return _MARK.sub(lambda mark: mark[1] + comments[int(mark[2])], _checked(tree))


def _checked(tree: ast.Module) -> str:
    try:
        text = _astunparse(tree)
        if _alike(parse_generated(text), tree):
            return text
    except (SyntaxError, AttributeError, AssertionError):
        pass  # A node that astunparse does not know, or prints wrongly.
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    if not _alike(parse_generated(text), tree):
        raise InternalCompilerError("the generated module does not print as Python text")
    return text


def _alike(one: object, other: object) -> bool:
    """Whether two trees are equal, places in the text aside."""
    pending = [(one, other)]
    while pending:
        one, other = pending.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, ast.AST):
            pending += _unsure_fields(one, other)
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending += zip(one, other)
        elif isinstance(one, str):
            if one != other:
                return False
        elif repr(one) != repr(other):  # 0.0 and -0.0 are equal, nan is not itself
            return False
    return True


_FIELDLESS = frozenset(
    kind
    for family in (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
    for kind in family.__subclasses__()
)
"""Contexts and operators: all nodes of one kind are equal."""


def _unsure_fields(one: ast.AST, other: object) -> Iterator[tuple[object, object]]:
    """The fields of two nodes that are not seen to be equal at once."""
    for name in one._fields:
        a, b = getattr(one, name, None), getattr(other, name, None)
        if a is b:
            continue
        kind = type(a)
        if kind is type(b) and (kind in _FIELDLESS or (kind is str and a == b)):
            continue
        yield a, b


def _astunparse(tree: ast.Module) -> str:
    out = io.StringIO()
    PreciseUnparser(tree, out)
    return out.getvalue().lstrip("\n")


def _level(node: ast.AST) -> int:
    """How tightly the printed node holds together; more is tighter."""
    match node:
        case ast.BinOp(op=ast.Pow()):
            return _POWER
        case ast.BinOp():
            return _BINARY[type(node.op)]
        case ast.UnaryOp(op=ast.Not()):
            return _NOT
        case ast.UnaryOp():
            return _UNARY
        case ast.Compare():
            return _COMPARE
        case ast.BoolOp():
            return _AND if isinstance(node.op, ast.And) else _OR
        case ast.IfExp() | ast.Lambda():
            return _TEST
        case ast.Tuple():
            return _TUPLE
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return _ATOM - 1
    return _ATOM


class PreciseUnparser(Unparser):  # type: ignore[misc]
    """astunparse's printer; what it gets wrong or parenthesises without need is overridden."""

    def child(self, node: ast.AST, least: int) -> None:
        """Print an operand, in parentheses where it holds together less than `least`."""
        if _level(node) < least and not isinstance(node, ast.Tuple):
            self.write("(")
            self.dispatch(node)
            self.write(")")
        else:
            self.dispatch(node)

    def _BinOp(self, t: ast.BinOp) -> None:
        level = _level(t)
        # All bind to the left but powers, which also bind more loosely than a sign on the right.
        power = isinstance(t.op, ast.Pow)
        self.child(t.left, level + 1 if power else level)
        self.write(f" {self.binop[type(t.op).__name__]} ")
        self.child(t.right, _UNARY if power else level + 1)

    def _UnaryOp(self, t: ast.UnaryOp) -> None:
        self.write("not " if isinstance(t.op, ast.Not) else self.unop[type(t.op).__name__])
        self.child(t.operand, _level(t))

    def _Compare(self, t: ast.Compare) -> None:
        self.child(t.left, _COMPARE + 1)
        for op, right in zip(t.ops, t.comparators, strict=True):
            self.write(f" {self.cmpops[type(op).__name__]} ")
            self.child(right, _COMPARE + 1)

    def _BoolOp(self, t: ast.BoolOp) -> None:
        word = f" {self.boolops[type(t.op)]} "
        interleave(lambda: self.write(word), lambda v: self.child(v, _level(t) + 1), t.values)

    def _IfExp(self, t: ast.IfExp) -> None:
        self.child(t.body, _TEST + 1)
        self.write(" if ")
        self.child(t.test, _TEST + 1)
        self.write(" else ")
        self.child(t.orelse, _TEST)

    def _Attribute(self, t: ast.Attribute) -> None:
        self.child(t.value, _ATOM)
        self.write(f".{t.attr}")

    def _Call(self, t: ast.Call) -> None:
        self.child(t.func, _ATOM)
        self.write("(")
        interleave(lambda: self.write(", "), self.dispatch, [*t.args, *t.keywords])
        self.write(")")

    def _Subscript(self, t: ast.Subscript) -> None:
        self.child(t.value, _ATOM)
        self.write("[")
        if isinstance(t.slice, ast.Tuple) and t.slice.elts:
            self._items(t.slice.elts)
        else:
            self.dispatch(t.slice)
        self.write("]")

    def _Tuple(self, t: ast.Tuple) -> None:
        self.write("(")
        self._items(t.elts)
        self.write(")")

    def _items(self, items: list[ast.expr]) -> None:
        interleave(lambda: self.write(", "), self.dispatch, items)
        if len(items) == 1:
            self.write(",")

    def _bare(self, node: ast.AST) -> None:
        """Print a value or target; a tuple without its parentheses."""
        if isinstance(node, ast.Tuple) and node.elts:
            self._items(node.elts)
        else:
            self.dispatch(node)

    def _Assign(self, t: ast.Assign) -> None:
        self.fill()
        for target in t.targets:
            self._bare(target)
            self.write(" = ")
        self._bare(t.value)

    def _Return(self, t: ast.Return) -> None:
        self.fill("return")
        if t.value is not None:
            self.write(" ")
            self._bare(t.value)

    def _Expr(self, t: ast.Expr) -> None:
        self.fill()
        if isinstance(t.value, ast.Constant) and isinstance(t.value.value, str):
            self.write(_docstring(t.value.value))
        else:
            self.dispatch(t.value)

    def _Constant(self, t: ast.Constant) -> None:
        value: Any = t.value
        self.write("..." if value is Ellipsis else repr(value))

    def _ImportFrom(self, t: ast.ImportFrom) -> None:
        names = ", ".join(alias.name for alias in t.names)
        line = f"from {t.module} import {names}"
        if len(line) > _WIDTH:
            listed = "".join(f"    {alias.name},\n" for alias in t.names)
            line = f"from {t.module} import (\n{listed})"
        self.fill(line)

    def _FunctionDef(self, t: ast.FunctionDef) -> None:
        self.write("\n\n")
        self.fill(f"def {t.name}(")
        self.dispatch(t.args)
        self.write(")")
        self.enter()
        self.dispatch(t.body)
        self.leave()


def _docstring(text: str) -> str:
    """A string statement, in triple quotes where its text allows."""
    plain = text.replace("\n", "").isprintable() and "\\" not in text and '"""' not in text
    return f'"""{text}"""' if plain and text and text[-1] != '"' else repr(text)
