"""The names that statements read of the scope they stand in: not those of scopes inside.

A parameter or a variable of a nested function, and the target of a comprehension, may be called
like a variable around, and is another one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import gast

from sorix.compiler.frontend.exits import assigned_names, contains_yield, declared

_FUNCTION = gast.FunctionDef | gast.AsyncFunctionDef | gast.Lambda
_COMPREHENSION = gast.ListComp | gast.SetComp | gast.DictComp | gast.GeneratorExp


def free_names(nodes: list[Any]) -> set[str]:
    """The names that are read anywhere in the nodes, and belong to their scope or one around."""
    return {name for node in nodes for name in _free(node)}


@functools.lru_cache(maxsize=16384)  # Nodes are compared by identity.
def _free(node: Any) -> frozenset[str]:
    match node:
        case gast.Name():
            # ``del x`` asks whether x is there.
            return frozenset([node.id] if isinstance(node.ctx, gast.Load | gast.Del) else [])
        case gast.AugAssign(target=gast.Name()):
            return _free(node.value) | {node.target.id}
        case _ if isinstance(node, _FUNCTION):
            return _around(node) | (_inside(node) - _own(node))
        case _ if isinstance(node, _COMPREHENSION):
            own = assigned_names([g.target for g in node.generators])
            return _free(node.generators[0].iter) | (_children(node) - own)
    return _children(node)


def _children(node: Any) -> frozenset[str]:
    return frozenset(free_names(list(gast.iter_child_nodes(node))))


def _around(function: Any) -> frozenset[str]:
    """What is read where a function is made: its defaults, annotations and decorators."""
    heads = [function.args, *getattr(function, "decorator_list", ())]
    returned = getattr(function, "returns", None)
    return frozenset(free_names(heads if returned is None else [*heads, returned]))


def _inside(function: Any) -> frozenset[str]:
    return frozenset(free_names(_body(function)))


def _own(function: Any) -> set[str]:
    body, a = _body(function), function.args
    parameters = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
    outer = declared(body, gast.Nonlocal) | declared(body, gast.Global)
    return (assigned_names(body) | {p.id for p in parameters if p is not None}) - outer


def _body(function: Any) -> list[Any]:
    return function.body if isinstance(function.body, list) else [function.body]


def read_by_call(function: Any) -> dict[str, tuple[Any, frozenset[str]]]:
    """The functions defined inside one that are called by their names and used otherwise nowhere,
    and which names a call reads: it reads them then, and at no other time."""
    nodes = list(gast.walk(function))
    classes = [n for n in nodes if isinstance(n, gast.ClassDef)]
    methods = {n for c in classes for n in gast.walk(c)}
    return {
        name: (made, _inside(made) - _own(made))
        for name, made in _definitions(function, nodes)
        if made not in methods and _is_only_called(name, function)
    }


def _is_only_called(name: str, function: Any) -> bool:
    """Whether a name of a function's scope is bound once, and otherwise only called."""
    loads = calls = bound = 0
    for node in _where_visible(name, function):
        match node:
            case gast.Name(id=found) if found == name:
                loads += _is_load(node)
                bound += not _is_load(node)
            case gast.Call(func=gast.Name(id=found)) if found == name:
                calls += 1
            case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.ClassDef():
                bound += node.name == name
        if name in _other_bindings(node):
            return False
    return bound == 1 and loads == calls


def _where_visible(name: str, function: Any) -> Iterator[Any]:
    """The nodes of a function but for those of functions inside that have the name themselves."""
    pending = list(gast.iter_child_nodes(function))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _FUNCTION) and name in _own(node):
            a = node.args
            pending += [d for d in (*a.defaults, *a.kw_defaults) if d is not None]
            pending += getattr(node, "decorator_list", ())
        else:
            pending += gast.iter_child_nodes(node)


def _other_bindings(node: Any) -> set[str]:
    """The names that a node binds, or declares, where no name stands in the syntax."""
    if isinstance(node, gast.Nonlocal | gast.Global):
        return set(node.names)
    kinds = gast.ExceptHandler | gast.Import | gast.ImportFrom
    kinds |= gast.MatchAs | gast.MatchStar | gast.MatchMapping
    return assigned_names([node]) if isinstance(node, kinds) else set()


def _definitions(function: Any, nodes: list[Any]) -> list[tuple[str, Any]]:
    found = []
    for node in nodes:
        match node:
            case gast.FunctionDef() if node is not function and not contains_yield(node.body):
                if not node.decorator_list:
                    found.append((node.name, node))
            case gast.Assign(targets=[gast.Name()], value=gast.Lambda()):
                found.append((node.targets[0].id, node.value))
    return found


def _is_load(name: Any) -> bool:
    return isinstance(name.ctx, gast.Load)
