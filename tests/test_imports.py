"""Imports point one way, and generated code needs numpy and `sorix.support` alone.

The order is stated once, here: a room may import from rooms of a lower rank, and from itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sorix

ROOT = Path(sorix.__file__).parent

RANKS = {
    "sorix.errors": 0,
    "sorix.version": 0,
    "sorix.support": 0,
    "sorix.compiler.host": 1,
    "sorix.primitives": 1,
    "sorix.compiler.ir": 2,
    "sorix.compiler.frontend": 3,
    "sorix.compiler.analyses": 3,
    "sorix.compiler.differentiate": 4,
    "sorix.compiler.optimize": 4,
    "sorix.compiler": 6,
    "sorix.runtime": 7,
    "sorix.autograd": 8,
    "sorix.cache": 8,
    "sorix.func": 8,
    "sorix.nn": 8,
    "sorix.optim": 9,
    "sorix.utils": 9,
    "sorix.io": 9,
    "sorix.testing": 9,
    "sorix": 10,
    "sorix.cli": 11,
    "sorix.__main__": 12,
}
APART = [("sorix.func", "sorix.nn"), ("sorix.errors", "sorix.support")]
"""Rooms of one rank that may import each other where they need to, none of them a cycle."""

LAZY = {"numba", "matplotlib", "platformdirs"}
"""Dependencies that may be imported inside a function: optional, or slow to load."""

FILES = sorted(ROOT.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The longest entry of the order that contains the module."""
    return max((r for r in RANKS if module == r or module.startswith(r + ".")), key=len)


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """The modules named by import statements, those for type checking only left out."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in {package}: say where from"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else str(node.module) for name in names)


def is_module(name: str) -> bool:
    path = ROOT.parent.joinpath(*name.split("."))
    return name.startswith("sorix") and (path.is_dir() or path.with_suffix(".py").exists())


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_point_from_high_rooms_to_low_ones(path):
    module = module_name(path)
    here = room_of(module)
    for name in imported(ast.parse(path.read_text(encoding="utf-8")), module):
        if not name.startswith("sorix"):
            continue
        there = room_of(name)
        allowed = here == there or RANKS[there] < RANKS[here] or (here, there) in APART
        assert allowed, f"{module} imports {name}: {here} may not import {there}"


@pytest.mark.parametrize("path", sorted((ROOT / "support").rglob("*.py")), ids=module_name)
def test_support_needs_nothing_but_numpy(path):
    standard = {"__future__", "collections", "typing", "functools", "math", "itertools", "operator"}
    for name in imported(ast.parse(path.read_text(encoding="utf-8")), module_name(path)):
        root = name.split(".")[0]
        assert root in standard | {"numpy"} or name.startswith("sorix.support"), name


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_no_import_hides_in_a_function(path):
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for name in imported(function, module_name(path)):
                assert name.split(".")[0] in LAZY, f"{function.name} imports {name}"


def test_the_order_knows_every_room():
    rooms = {module_name(p) for p in FILES if p.parent == ROOT}
    unknown = {room for room in rooms if room not in RANKS}
    assert not unknown, f"not in the order: {unknown}"
