"""Move a part of a program into a helper, or the whole of it into an inner function."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator

from tests.metamorphic.ground import (
    Block,
    Ground,
    after_docstring,
    blocks,
    call_of,
    parsed,
    transformation,
    within,
)

SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
TIED = (
    ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await, ast.Starred, ast.GeneratorExp,
)  # fmt: skip
"""Expressions that belong to the scope they stand in."""


@transformation
def extract_statements(ground: Ground) -> bool:
    """The longest runs of simple statements become helpers at the level of the module."""
    found = False
    guarded = [id(b) for b in _guarded(ground.function)]
    for block in list(blocks(ground.function)):
        if id(block) not in guarded:
            found |= _extract_run(ground, block)
    return found


def _guarded(function: ast.FunctionDef) -> Iterator[Block]:
    """Blocks that an exception may end half way, after some of their assignments."""
    for node in ast.walk(function):
        if isinstance(node, ast.Try | ast.With):
            for inner in ast.walk(node):
                yield from (v for _, v in ast.iter_fields(inner) if isinstance(v, list))


def _extract_run(ground: Ground, block: Block) -> bool:
    start, stop = _longest_run(ground, block)
    if stop - start < 1:
        return False
    run = block[start:stop]
    reads, writes = _read_and_written(run, ground.local_names())
    name = ground.fresh("helper")
    ground.before.append(_helper(name, reads, [*copy.deepcopy(run), *_returning(writes)]))
    call = call_of(name, reads)
    block[start:stop] = [ast.Assign([_target(writes)], call) if writes else ast.Expr(call)]
    return True


def _longest_run(ground: Ground, block: Block) -> tuple[int, int]:
    captured, best, start = _tied_names(ground), (0, 0), 0
    first = after_docstring(block)
    for k in range(len(block) + 1):
        if k < len(block) and k >= first and _movable(block[k], captured):
            continue
        if k - start > best[1] - best[0]:
            best = (start, k)
        start = k + 1
    return best


def _movable(statement: ast.stmt, captured: set[str]) -> bool:
    if not isinstance(statement, SIMPLE) or within(statement, TIED) or _calls_scope(statement):
        return False
    return not captured & {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}


def _tied_names(ground: Ground) -> set[str]:
    """The names that inner functions share, and those inner functions themselves."""
    inner = {n.name for n in ast.walk(ground.function) if isinstance(n, ast.FunctionDef)}
    return ground.captured_names() | inner


def _calls_scope(node: ast.AST) -> bool:
    """Whether built-in functions that look at the frame are called."""
    names = {"locals", "vars", "super", "globals", "exec", "eval", "dir"}
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))


def _stored(node: ast.AST) -> set[str]:
    inner = _bound_in_comprehensions(node)
    stores = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and _is_store(n)}
    return stores - inner


def _is_store(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store | ast.Del)


def _bound_in_comprehensions(node: ast.AST) -> set[str]:
    generators = [n for n in ast.walk(node) if isinstance(n, ast.comprehension)]
    return {n.id for g in generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}


def _read_and_written(run: Block, local: set[str]) -> tuple[list[str], list[str]]:
    """What a run needs from the names before it, and what it leaves."""
    reads: list[str] = []
    writes: list[str] = []
    for statement in run:
        inner, loads = _bound_in_comprehensions(statement), _loaded(statement)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            loads.append(statement.target.id)
        for name in loads:
            if name in local and name not in (*inner, *writes, *reads):
                reads.append(name)
        writes += [n for n in sorted(_stored(statement)) if n not in writes]
    return reads, writes


def _loaded(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def _returning(writes: list[str]) -> Block:
    if not writes:
        return []
    names: list[ast.expr] = [ast.Name(n, ast.Load()) for n in writes]
    return [ast.Return(names[0] if len(names) == 1 else ast.Tuple(names, ast.Load()))]


def _target(writes: list[str]) -> ast.expr:
    names: list[ast.expr] = [ast.Name(n, ast.Store()) for n in writes]
    return names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())


def _helper(name: str, parameters: Iterable[str], body: Block) -> ast.FunctionDef:
    (made,) = parsed(f"def {name}({', '.join(parameters)}):\n    pass")
    assert isinstance(made, ast.FunctionDef)
    made.body = body
    return made


@transformation
def extract_expressions(ground: Ground) -> bool:
    """What is returned and what is assigned is computed by helpers."""
    local, found = ground.local_names(), False
    for block in list(blocks(ground.function)):
        for statement in block:
            if isinstance(statement, ast.Return | ast.Assign | ast.AugAssign):
                found |= _extract_value(ground, statement, local)
    return found


def _extract_value(
    ground: Ground, statement: ast.Return | ast.Assign | ast.AugAssign, local: set[str]
) -> bool:
    value = statement.value
    if value is None or isinstance(value, ast.Name | ast.Constant | ast.Starred):
        return False
    if within(value, TIED) or _calls_scope(value):
        return False
    inner = _bound_in_comprehensions(value)
    reads = [n for n in dict.fromkeys(_loaded(value)) if n in local and n not in inner]
    if any(n in inner for n in reads) or inner & local:
        return False
    name = ground.fresh("helper")
    ground.before.append(_helper(name, reads, [ast.Return(value)]))
    statement.value = call_of(name, reads)
    return True


@transformation
def nest(ground: Ground) -> bool:
    """The whole body becomes an inner function of the parameters, which is called."""
    function = ground.function
    a = function.args
    if a.vararg or a.kwarg or any(isinstance(n, ast.Yield) for n in ast.walk(function)):
        return False
    if _calls_scope(function):
        return False
    name, parameters = ground.fresh("inner"), ground.parameters()
    at = after_docstring(function.body)
    inner = _helper(name, parameters, function.body[at:])
    function.body[at:] = [inner, ast.Return(call_of(name, parameters))]
    return True


@transformation
def three_address(ground: Ground) -> bool:
    """Operands of arithmetic get names of their own, from left to right."""
    found = False
    for block in list(blocks(ground.function)):
        for k in range(len(block) - 1, -1, -1):
            statement = block[k]
            if isinstance(statement, ast.Return | ast.Assign) and statement.value is not None:
                flat = _Flattener(ground)
                value = flat.visit(statement.value)
                if flat.made:
                    statement.value = value
                    block[k:k] = flat.made
                    found = True
    return found


class _Flattener(ast.NodeTransformer):
    """Names what is evaluated unconditionally and in order; leaves all else alone."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.made: Block = []

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return ast.BinOp(self._named(node.left), node.op, self._named(node.right))

    def _named(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant | ast.Name):
            return node
        value = self.visit(node)
        name = self.ground.fresh("part")
        self.made.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return ast.Name(name, ast.Load())

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return node
