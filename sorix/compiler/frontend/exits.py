"""Questions about the syntax of a block: where control leaves it, which names it needs."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import gast


def surely_exits(body: list[Any]) -> bool:
    """Whether the block ends in return, break, continue or raise on every path."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, gast.Return | gast.Break | gast.Continue | gast.Raise):
        return True
    return isinstance(last, gast.If) and surely_exits(last.body) and surely_exits(last.orelse)


def leaves_block(body: list[Any]) -> Any:
    """The first return, or break or continue of a loop around, in the statements; else None."""
    for node in body:
        if isinstance(node, gast.Return | gast.Break | gast.Continue):
            return node
        if isinstance(node, gast.FunctionDef | gast.ClassDef | gast.Lambda):
            continue
        inner = list(gast.iter_child_nodes(node))
        if isinstance(node, gast.For | gast.While):
            returns = [n for n in _walk_scope(node.body) if isinstance(n, gast.Return)]
            inner = [*returns, *node.orelse]
        found = leaves_block(inner)
        if found is not None:
            return found
    return None


def assigned_names(nodes: list[Any]) -> set[str]:
    """The names that the statements may bind in their own scope."""
    return set(_assigned_names(tuple(nodes)))


@functools.lru_cache(maxsize=4096)  # Nodes are compared by identity; a call is inlined often.
def _assigned_names(nodes: tuple[Any, ...]) -> frozenset[str]:
    found: set[str] = set()
    for branch in (n for n in nodes if isinstance(n, gast.If)):
        # A chain of ``elif`` asks at every link: each is gone through once.
        for part in ((branch.test,), tuple(branch.body), tuple(branch.orelse)):
            found |= _assigned_names(part)
    for node in _telling(tuple([n for n in nodes if not isinstance(n, gast.If)])):
        match node:
            case gast.Name():
                found.add(node.id)
            case gast.FunctionDef() | gast.ClassDef() | gast.AsyncFunctionDef():
                found.add(node.name)
            case gast.Import() | gast.ImportFrom():
                found |= {(a.asname or a.name).split(".")[0] for a in node.names}
            case gast.ExceptHandler() if node.name is not None:
                found.add(node.name if isinstance(node.name, str) else node.name.id)
            case gast.MatchAs() | gast.MatchStar() if node.name:
                found.add(node.name)
            case gast.MatchMapping() if node.rest:
                found.add(node.rest)
    return frozenset(found)


def loaded_names(nodes: list[Any]) -> set[str]:
    """The names read anywhere in the statements, nested functions included."""
    return {
        n.id
        for node in nodes
        for n in gast.walk(node)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)
    } | {
        n.target.id
        for node in nodes
        for n in gast.walk(node)
        if isinstance(n, gast.AugAssign) and isinstance(n.target, gast.Name)
    }


def stored_bases(nodes: list[Any]) -> set[str]:
    """The names ``a`` of the stores ``a[...] = v``, ``a[...] += v`` and ``a.x = v``."""
    found = set()
    for node in _walk_scope(nodes):
        if isinstance(node, gast.Subscript | gast.Attribute) and isinstance(node.ctx, gast.Store):
            base = node.value
            while isinstance(base, gast.Subscript | gast.Attribute):
                base = base.value
            if isinstance(base, gast.Name):
                found.add(base.id)
    return found


def declared(nodes: list[Any], kind: Any) -> set[str]:
    """The names declared ``global`` or ``nonlocal`` in this scope."""
    return {name for node in _telling(tuple(nodes)) if type(node) is kind for name in node.names}


def contains_yield(nodes: list[Any]) -> bool:
    return any(isinstance(n, gast.Yield | gast.YieldFrom) for n in _telling(tuple(nodes)))


_FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
_SCOPES = (*_FUNCTIONS, gast.ClassDef)
_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.GeneratorExp, gast.DictComp)
_LEAVES = (gast.Constant, gast.operator, gast.unaryop, gast.cmpop, gast.boolop)


_TELLING = (
    *(gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef, gast.Import, gast.ImportFrom),
    *(gast.ExceptHandler, gast.MatchAs, gast.MatchStar, gast.MatchMapping),
    *(gast.Global, gast.Nonlocal, gast.Yield, gast.YieldFrom),
)


@functools.lru_cache(maxsize=4096)
def _telling(nodes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The nodes of a scope that bind or declare names in it, or make its function a generator."""
    return tuple(
        [
            node
            for node in _walk_scope(list(nodes))
            if isinstance(node, _TELLING)
            or (isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load))
        ]
    )


def _walk_scope(nodes: list[Any]) -> Iterator[Any]:
    """The nodes of the statements, not entering nested functions, lambdas or classes.

    Constants and operators are left out: they name nothing and leave nothing.
    """
    pending = nodes[::-1]
    while pending:
        node = pending.pop()
        if isinstance(node, _LEAVES):
            continue
        yield node
        if isinstance(node, gast.Name):
            continue
        if isinstance(node, _SCOPES):
            pending.extend(getattr(node, "decorator_list", ()))
            if isinstance(node, _FUNCTIONS):
                # Defaults are computed where the function is made.
                pending.extend(d for d in (*node.args.defaults, *node.args.kw_defaults) if d)
        elif isinstance(node, _COMPREHENSIONS):
            pending.extend(n.target for n in gast.walk(node) if isinstance(n, gast.NamedExpr))
        else:
            pending.extend(reversed(children(node)))


def children(node: Any) -> list[Any]:
    """The nodes directly below one, but for those that say how a name is used."""
    found: list[Any] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, gast.AST)]
        elif name != "ctx" and isinstance(value, gast.AST):
            found.append(value)
    return found
