"""Write loops in another way: one iteration peeled off, `while` for `for`, no comprehensions."""

from __future__ import annotations

import ast
import copy

from tests.metamorphic.ground import (
    SCOPES,
    Block,
    Ground,
    blocks,
    parsed,
    transformation,
    within,
)

TIED = (ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)


def _bounds(loop: ast.stmt) -> tuple[str, str, int] | None:
    """The start, stop and step of a loop over a range whose direction can be read."""
    if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Call):
        return None
    call = loop.iter
    if not isinstance(call.func, ast.Name) or call.func.id != "range" or call.keywords:
        return None
    if any(isinstance(a, ast.Starred) for a in call.args):
        return None
    texts = [ast.unparse(a) for a in call.args]
    step = 1
    if len(texts) == 3:
        try:
            step = ast.literal_eval(call.args[2])
        except ValueError:
            return None
    start, stop = ("0", texts[0]) if len(texts) == 1 else texts[:2]
    return start, stop, step


def _leaves(body: Block) -> bool:
    """Whether `break` or `continue` of this loop is in its body."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Break | ast.Continue):
            return True
        if isinstance(node, ast.For | ast.While):
            pending.extend(node.orelse)
        elif not isinstance(node, SCOPES):
            pending.extend(ast.iter_child_nodes(node))
    return False


@transformation
def peel(ground: Ground) -> bool:
    """The first iteration of each innermost loop over a range stands before it."""
    found = False
    for block in list(blocks(ground.function)):
        for k in range(len(block) - 1, -1, -1):
            loop = block[k]
            bounds = _bounds(loop)
            if bounds is None or not isinstance(loop, ast.For) or loop.orelse:
                continue
            if _leaves(loop.body) or any(within(s, ast.For) for s in loop.body):
                continue
            block[k : k + 1] = _peeled(ground, loop, bounds)
            found = True
    return found


def _peeled(ground: Ground, loop: ast.For, bounds: tuple[str, str, int]) -> Block:
    first, stop, step = ground.fresh("first"), ground.fresh("stop"), bounds[2]
    relation = "<" if step > 0 else ">"
    made = parsed(f"""
{first} = {bounds[0]}
{stop} = {bounds[1]}
if {first} {relation} {stop}:
    pass
for _ in range({first} + {step}, {stop}, {step}):
    pass
""")
    test, rest = made[2], made[3]
    assert isinstance(test, ast.If)
    assert isinstance(rest, ast.For)
    start = ast.Assign([copy.deepcopy(loop.target)], ast.Name(first, ast.Load()))
    test.body = [start, *copy.deepcopy(loop.body)]
    rest.target, rest.body = loop.target, loop.body
    return made


@transformation
def for_to_while(ground: Ground) -> bool:
    """A counter of one's own in place of `range`."""
    found = False
    for block in list(blocks(ground.function)):
        for k in range(len(block) - 1, -1, -1):
            loop = block[k]
            bounds = _bounds(loop)
            if bounds is not None and isinstance(loop, ast.For):
                block[k : k + 1] = _counted(ground, loop, bounds)
                found = True
    return found


def _counted(ground: Ground, loop: ast.For, bounds: tuple[str, str, int]) -> Block:
    count, stop, step = ground.fresh("count"), ground.fresh("stop"), bounds[2]
    relation = "<" if step > 0 else ">"
    made = parsed(f"""
{count} = {bounds[0]}
{stop} = {bounds[1]}
while {count} {relation} {stop}:
    {count} += {step}
""")
    again = made[2]
    assert isinstance(again, ast.While)
    again.body = [
        ast.Assign([loop.target], ast.Name(count, ast.Load())),
        *again.body,
        *loop.body,
    ]
    again.orelse = loop.orelse
    return made


@transformation
def comprehension_to_loop(ground: Ground) -> bool:
    """A list that is assigned or returned, or that a function is called with, is appended to."""
    found = False
    for block in list(blocks(ground.function)):
        for k in range(len(block) - 1, -1, -1):
            statement = block[k]
            if not isinstance(statement, ast.Assign | ast.Return):
                continue
            place = _comprehension_in(statement)
            if place is None:
                continue
            holder, attribute, comprehension = place
            name = ground.fresh("items")
            block[k:k] = _appended(ground, name, comprehension)
            replacement = ast.Name(name, ast.Load())
            if attribute == "args":
                holder.args[0] = replacement
            else:
                setattr(holder, attribute, replacement)
            found = True
    return found


EAGER = {"sum", "max", "min", "list", "tuple", "sorted", "dict", "set"}
"""Functions that take all of a generator before they do anything else."""


def _comprehension_in(statement: ast.Assign | ast.Return) -> tuple | None:  # type: ignore[type-arg]
    """Where in a statement a comprehension is the first thing that is evaluated."""
    holder, attribute = statement, "value"
    node = statement.value
    while isinstance(node, ast.Call) and node.args and _is_path(node.func):
        eager = isinstance(node.func, ast.Name) and node.func.id in EAGER
        holder, attribute, node = node, "args", node.args[0]
        if isinstance(node, ast.GeneratorExp) and not eager:
            return None
    if not isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
        return None
    if isinstance(node, ast.GeneratorExp) and attribute == "value" or within(node, TIED):
        return None
    return holder, attribute, node


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _appended(ground: Ground, name: str, comprehension: ast.expr) -> Block:
    comprehension = copy.deepcopy(comprehension)
    targets = {
        n.id
        for g in comprehension.generators  # type: ignore[attr-defined]
        for n in ast.walk(g.target)
        if isinstance(n, ast.Name)
    }
    new = {t: ground.fresh(f"{t.strip('_')}_item") for t in sorted(targets)}
    first = comprehension.generators[0].iter  # type: ignore[attr-defined]
    comprehension.generators[0].iter = ast.Constant(None)  # type: ignore[attr-defined]
    for node in ast.walk(comprehension):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
    comprehension.generators[0].iter = first  # type: ignore[attr-defined]
    if isinstance(comprehension, ast.DictComp):
        start, key = "{}", ast.unparse(comprehension.key)
        body = parsed(f"{name}[{key}] = {ast.unparse(comprehension.value)}")
    else:
        start = "[]"
        body = parsed(f"{name}.append({ast.unparse(comprehension.elt)})")  # type: ignore[attr-defined]
    for generator in reversed(comprehension.generators):  # type: ignore[attr-defined]
        for test in reversed(generator.ifs):
            body = [ast.If(test, body, [])]
        body = [ast.For(generator.target, generator.iter, body, [])]
    return [*parsed(f"{name} = {start}"), *body]
