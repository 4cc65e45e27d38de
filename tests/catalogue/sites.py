"""Every place of the sources where a refusal is made, with its message as a pattern.

Found in the syntax: calls of subclasses of `CompileError`. What an f-string fills in may be
anything; a message that is no literal is passed on from elsewhere, and has the pattern None.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sorix
from sorix import errors
from sorix.compiler.frontend.refusals import REFUSALS

SOURCES = Path(sorix.__file__).parent
CLASSES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.CompileError)
} - {"InternalCompilerError"}
"""The classes of refusals; a fault of the compiler's own is none."""


@dataclass(frozen=True)
class Site:
    """A place that refuses: where, with which class and message, and whether it gives a hint."""

    place: str
    cls: str
    pattern: str | None
    hinted: bool


@cache
def sites() -> tuple[Site, ...]:
    """All places, in the order of the files' names."""
    found = [site for path in sorted(SOURCES.rglob("*.py")) for site in _sites_of(path)]
    table = [
        Site(f"refusals.py:{kind}", "UnsupportedSyntaxError", re.escape(reason), bool(hint))
        for kind, (reason, hint) in REFUSALS.items()
    ]
    return (*found, *table)


def _sites_of(path: Path) -> Iterator[Site]:
    if path.name == "errors.py":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in CLASSES and node.args:
                whole = isinstance(node.args[0], ast.Starred)  # A reason with its hint.
                named = any(k.arg == "hint" for k in node.keywords)
                hinted = len(node.args) > 1 or whole or named
                place = f"{path.relative_to(SOURCES)}:{node.lineno}"
                yield Site(place, node.func.id, _pattern(node.args[0]), hinted)


def _pattern(message: ast.expr) -> str | None:
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return re.escape(message.value)
    if isinstance(message, ast.JoinedStr):
        parts = (
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*"
            for part in message.values
        )
        return "".join(parts)
    return None
