"""A failing program, made smaller while it fails in the same way.

Statements are left out, blocks replaced by their bodies, expressions by a part of them or by a
number. Whatever comes out need not make sense: it is kept if it still fails as the first did,
which a program that plain Python cannot run never does.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.fuzz.engines import Wrong, run
from tests.fuzz.generate import Program

MOST = 600
"""Programs that are tried at most."""

Failure = Callable[[Program], str | None]


def shrink(program: Program, fails: Failure, most: int = MOST) -> Program:
    """The smallest program found that fails as this one does."""
    how = fails(program)
    assert how is not None
    left = most
    progress = True
    while progress and left > 0:
        progress = False
        for text in candidates(program.text):
            left -= 1
            smaller = replace(program, text=text)
            if fails(smaller) == how:
                program, progress = smaller, True
                break
            if left <= 0:
                break
    return program


def failure(folder: Path) -> Failure:
    """How a program fails in the engines: the message without its numbers and names."""

    def fails(program: Program) -> str | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                run(program, folder, seconds=10)
        except Wrong as error:
            return kind(error)
        except Exception:  # Not a program any more.
            return None
        return None

    return fails


def kind(error: Wrong) -> str:
    text = re.sub(r"'[^']*'|\[[^\]]*\]|-?\d[\d.e+-]*|nan|inf", "_", str(error).splitlines()[0])
    return f"{type(error).__name__} {text}"


# -- what to try


def candidates(text: str) -> Iterator[str]:
    """Smaller texts, the boldest first."""
    tree = ast.parse(text)
    seen = {text}
    for edit in (_without_statements, _unwrapped, _simpler_expressions):
        for changed in edit(tree):
            new = ast.unparse(changed) + "\n"
            if new not in seen:
                seen.add(new)
                yield new


def _bodies(tree: ast.AST) -> list[tuple[int, str]]:
    """All lists of statements, as (number of the node, field)."""
    found = []
    for number, node in enumerate(ast.walk(tree)):
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            items = getattr(node, field, None)
            if isinstance(items, list) and items:
                found.append((number, field))
    return found


def _node(tree: ast.AST, number: int) -> ast.AST:
    return next(node for k, node in enumerate(ast.walk(tree)) if k == number)


def _without_statements(tree: ast.Module) -> Iterator[ast.Module]:
    for number, field in _bodies(tree):
        size = len(getattr(_node(tree, number), field))
        spans = [(s, s + width) for width in (size // 2, 1) if width for s in range(size)]
        for start, stop in reversed(spans):
            new = _copy(tree)
            items = getattr(_node(new, number), field)
            del items[start:stop]
            if not items and field == "body":
                if isinstance(_node(new, number), ast.Module):
                    continue
                items.append(ast.Pass())
            yield new


def _unwrapped(tree: ast.Module) -> Iterator[ast.Module]:
    """Compound statements replaced by what is in them."""
    for number, field in _bodies(tree):
        for k, statement in enumerate(getattr(_node(tree, number), field)):
            if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try):
                for part in ("body", "orelse"):
                    inner = getattr(statement, part, [])
                    if inner:
                        new = _copy(tree)
                        items = getattr(_node(new, number), field)
                        items[k : k + 1] = _copy(ast.Module(inner, [])).body
                        yield new


def _simpler_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    for number, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr) or isinstance(node, ast.Constant | ast.Name):
            continue
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        parts = [p for p in ast.iter_child_nodes(node) if isinstance(p, ast.expr)]
        for part in [*parts, ast.Constant(0.5)]:
            if not isinstance(getattr(part, "ctx", ast.Load()), ast.Load):
                continue
            new = _copy(tree)
            yield _Exchange(_node(new, number), part).visit(new)


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _copy(tree: ast.Module) -> ast.Module:
    return ast.parse(ast.unparse(ast.fix_missing_locations(tree)))
