"""Names that a class keeps to itself: ``self.__x`` in the body of ``class C`` is ``self._C__x``.

Python renames them when it compiles, wherever they stand inside the class, but for the names by
which arguments are given and those that a pattern asks of an object. So two classes of one object
each have an ``__x`` of their own.
"""

from __future__ import annotations

import ast
from typing import Any

import gast

_DEFINITION = gast.FunctionDef | gast.AsyncFunctionDef | gast.ClassDef


def private(name: str, cls: str) -> str:
    """The name in the body of a class.

    >>> private("__x", "_C"), private("__len__", "C"), private("_x", "C")
    ('_C__x', '__len__', '_x')
    """
    owner = cls.lstrip("_")
    if not name.startswith("__") or name.endswith("__") or not owner:
        return name
    return f"_{owner}{name}"


def written_name(definition: Any) -> str:
    """What a function or class is called where it is defined, which is its ``__name__``."""
    name: str = getattr(definition, "written", definition.name)
    return name


def class_around(node: ast.AST, tree: ast.Module) -> str:
    """The name of the class in whose body a node stands, "" where there is none."""
    pending: list[tuple[ast.AST, str]] = [(tree, "")]
    while pending:
        found, cls = pending.pop()
        if found is node:
            return cls
        inside = found.name if isinstance(found, ast.ClassDef) else cls
        pending += [(child, inside) for child in ast.iter_child_nodes(found)]
    return ""


def rename_private(root: Any, cls: str) -> None:
    """Rename what is private in a syntax tree that stands in a class ("" for none)."""
    pending = [(root, cls)]
    while pending:
        node, owner = pending.pop()
        if owner:
            _rename(node, owner)
        inside = written_name(node) if isinstance(node, gast.ClassDef) else owner
        body = set(node.body) if isinstance(node, gast.ClassDef) else ()
        for child in gast.iter_child_nodes(node):
            pending.append((child, inside if child in body else owner))


def _rename(node: Any, cls: str) -> None:
    match node:
        case gast.Name():
            node.id = private(node.id, cls)
        case gast.Attribute():
            node.attr = private(node.attr, cls)
        case _ if isinstance(node, _DEFINITION):
            node.written, node.name = node.name, private(node.name, cls)
        case gast.Global() | gast.Nonlocal():
            node.names = [private(name, cls) for name in node.names]
        case gast.alias(asname=str()):
            node.asname = private(node.asname, cls)
        case gast.MatchAs() | gast.MatchStar() | gast.ExceptHandler() if isinstance(node.name, str):
            node.name = private(node.name, cls)
        case gast.MatchMapping(rest=str()):
            node.rest = private(node.rest, cls)
