"""Exchange the sides of branches; put the body into `try`."""

from __future__ import annotations

import ast

from tests.metamorphic.ground import Ground, after_docstring, blocks, transformation


@transformation
def swap_branches(ground: Ground) -> bool:
    """`if not c: B else: A` for `if c: A else: B`, and the same of conditional expressions."""
    found = False
    for block in list(blocks(ground.function)):
        for statement in block:
            if isinstance(statement, ast.If):
                statement.test = _negated(statement.test)
                otherwise = statement.orelse or [ast.Pass()]
                statement.body, statement.orelse = otherwise, statement.body
                found = True
    for node in ast.walk(ground.function):
        if isinstance(node, ast.IfExp):
            node.test = _negated(node.test)
            node.body, node.orelse = node.orelse, node.body
            found = True
    return found


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


@transformation
def try_finally(ground: Ground) -> bool:
    """All of the body in a `try` whose `finally` does nothing."""
    body = ground.function.body
    at = after_docstring(body)
    body[at:] = [ast.Try(body[at:], [], [], [ast.Pass()])]
    return True
