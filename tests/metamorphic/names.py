"""Rename every local variable and parameter; add code that computes what nobody reads."""

from __future__ import annotations

import ast
import itertools

import numpy as np

from tests.metamorphic.ground import (
    Block,
    Ground,
    after_docstring,
    blocks,
    parsed,
    transformation,
    within,
)

WICKED = ("{}_bar", "t{k}", "{}_dot", "stack{k}", "support{k}", "i{k}", "{}_2", "y_bar{k}")
"""Names that generated code would like to use itself."""


@transformation
def rename(ground: Ground) -> bool:
    """Other names for all that is local, in the function and in those defined inside."""
    old = sorted(_renamable(ground))
    forms = itertools.cycle(WICKED)
    new = {
        name: ground.fresh(next(forms).format(name.strip("_"), k=k)) for k, name in enumerate(old)
    }
    _Renamer(new).visit(ground.function)
    return bool(new)


def _renamable(ground: Ground) -> set[str]:
    """Names that are local wherever they occur, and that no call gives as a keyword."""
    local: set[str] = set()
    kept = {ground.function.name}
    for table in ground.tables():
        for symbol in table.get_symbols():
            if symbol.is_global() or table.get_type() == "class":
                kept.add(symbol.get_name())
            else:
                local.add(symbol.get_name())
    for node in ast.walk(ground.function):
        if isinstance(node, ast.keyword) and node.arg:
            kept.add(node.arg)
        if isinstance(node, ast.alias):
            kept.add(node.asname or node.name.split(".")[0])
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            kept.add(node.name)  # __name__ and what decorators do with it may be read
        if isinstance(node, ast.Name) and node.id in ("locals", "vars"):
            return set()
    return {n for n in local - kept if not n.startswith(("__", "."))}


class _Renamer(ast.NodeTransformer):
    """Every field that holds a name of a variable."""

    def __init__(self, new: dict[str, str]) -> None:
        self.new = new

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        places = {
            ast.Name: "id",
            ast.arg: "arg",
            ast.ExceptHandler: "name",
            ast.MatchAs: "name",
            ast.MatchStar: "name",
            ast.MatchMapping: "rest",
        }
        for kind, place in places.items():
            if isinstance(node, kind):
                name = getattr(node, place)
                setattr(node, place, self.new.get(name, name))
        if isinstance(node, ast.Nonlocal):
            node.names = [self.new.get(n, n) for n in node.names]
        return node


@transformation
def dead_code(ground: Ground) -> bool:
    """Unused numbers, arrays, aliases, a loop, a branch and an inner function."""
    made = list(blocks(ground.function))
    for block in made:
        _add_aliases(ground, block)
    body = ground.function.body
    at = after_docstring(body)
    body[at:at] = [*_idle_statements(ground), *_idle_arithmetic(ground)]
    return True


def _add_aliases(ground: Ground, block: Block) -> None:
    """After each assignment of one name, a second name that nobody reads."""
    for k in range(len(block) - 1, -1, -1):
        statement = block[k]
        if not isinstance(statement, ast.Assign | ast.AugAssign):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        if isinstance(target, ast.Name) and not within(statement.value, ast.Yield):
            unused = ground.fresh(f"unused_{target.id.strip('_')}")
            block.insert(k + 1, parsed(f"{unused} = {target.id}")[0])


def _idle_statements(ground: Ground) -> Block:
    helper, total, k = (ground.fresh(f"idle_{n}") for n in ("function", "total", "index"))
    return parsed(f"""
def {helper}(value):
    return value * 2.0 + 1.0
{total} = 0.5
for {k} in range(3):
    if {k} > 1:
        {total} = {total} * {helper}({total})
    else:
        {total} += 1.5
""")


def _idle_arithmetic(ground: Ground) -> Block:
    """Work on each argument that is a number or an array of floats."""
    lines = []
    for name, value in zip(ground.parameters(), ground.program.args):
        if isinstance(value, float):
            lines.append(f"{ground.fresh('idle')} = {name} * {name} + 1.0")
        elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
            copied = ground.fresh("idle")
            lines.append(f"{copied} = {name} * 2.0\n{copied} += {name}")
    return parsed("\n".join(lines))
