"""From a function object to its syntax tree, certain that the text is that function's.

`inspect.getsource` reads the file as it is now and counts lines, so that after an edit it returns
another function's text. Here the whole text is compiled, the code object with the function's
qualified name and first line is looked up in it, and it must equal the function's own.
"""

from __future__ import annotations
import __future__

import ast
import types
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import gast

from sorix.compiler.frontend.private_names import class_around, rename_private
from sorix.compiler.frontend.user_lines import codes_in, lines_around
from sorix.compiler.host import parse
from sorix.errors import SourceUnavailableError


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A function's syntax (a gast FunctionDef or Lambda) and the file it stands in."""

    node: Any
    file: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True, eq=False)
class _File:
    """A file's text, parsed and compiled once."""

    tree: ast.Module
    code: types.CodeType
    lines: tuple[str, ...]


FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
"""What ``from __future__ import ...`` leaves in a code object; a notebook or a doctest has it from
an earlier piece of text."""

_sources: dict[types.CodeType, Source] = {}


def source_of(function: types.FunctionType) -> Source:
    """The syntax of `function`.

    Raises
    ------
    SourceUnavailableError
        Where there is no text, or it no longer is the text of this function.
    """
    code = function.__code__
    found = _sources.get(code)
    if found is None:
        found = _sources[code] = _find(function, code)
    return found


def _find(function: types.FunctionType, code: types.CodeType) -> Source:
    name = code.co_filename
    lines = lines_around(code, function.__globals__, code.co_flags & FUTURES)
    if not lines:
        raise SourceUnavailableError(
            f"the source text of {function.__qualname__}() cannot be found ({name})",
            "define the function in a file or in a notebook, so that its text can be read",
        )
    file = _parse("".join(lines), name, code.co_flags & FUTURES)
    _require_same(function, code, file)
    node = _node_of(code, file.tree)
    if node is None:
        raise SourceUnavailableError(
            f"{function.__qualname__}() is no function that is written in {name}",
            "write it with def or lambda",
        )
    syntax = gast.ast_to_gast(node)
    rename_private(syntax, class_around(node, file.tree))
    return Source(syntax, name, file.lines)


@lru_cache(maxsize=64)
def _parse(text: str, name: str, futures: int) -> _File:
    try:
        tree = parse(text, name)
        code = compile(text, name, "exec", flags=futures, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise SourceUnavailableError(
            f"the text of {name} does not compile: {error}",
            "correct the file, and reload the module",
        ) from error
    return _File(tree, code, tuple(text.splitlines()))


def _require_same(function: types.FunctionType, code: types.CodeType, file: _File) -> None:
    candidates = [
        c
        for c in codes_in(file.code)
        if c.co_qualname == code.co_qualname and c.co_firstlineno == code.co_firstlineno
    ]
    if code in candidates or any(_same_but_for_asserts(c, code, function) for c in candidates):
        return
    raise SourceUnavailableError(
        f"{code.co_filename} was edited: its text is no longer that of {function.__qualname__}()",
        "reload the module (importlib.reload), or start Python again",
    )


def _same_but_for_asserts(
    found: types.CodeType, code: types.CodeType, function: types.FunctionType
) -> bool:
    """pytest rewrites the assert statements of a test module: compare the rest."""
    loader = function.__globals__.get("__loader__")
    if type(loader).__name__ != "AssertionRewritingHook":
        return False
    count = found.co_argcount + found.co_kwonlyargcount
    return (
        found.co_varnames[:count] == code.co_varnames[:count]
        and found.co_freevars == code.co_freevars
        and set(found.co_names) - {"AssertionError"} <= set(code.co_names)
    )


def _node_of(code: types.CodeType, tree: ast.Module) -> ast.AST | None:
    if code.co_name == "<lambda>":
        return _lambda_of(code, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _lambda_of(code: types.CodeType, tree: ast.Module) -> ast.AST | None:
    """Several lambdas may share a line: the one whose body is where the code returns from."""
    spans = {(p[0], p[2]) for p in code.co_positions() if None not in p}
    ends = {(p[1], p[3]) for p in code.co_positions() if None not in p}
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno:
            body = node.body
            if (body.lineno, body.col_offset) in spans and (
                body.end_lineno,
                body.end_col_offset,
            ) in ends:
                return node
    return None
