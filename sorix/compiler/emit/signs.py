"""The sign of a product: written before its first factor, and found there again."""

from __future__ import annotations

import ast
from typing import TypeGuard


def sign_first(product: ast.expr) -> ast.expr:
    """``-a * b`` for the product ``a * b``: the same to the last bit as ``-(a * b)``.

    For ``-a * b``, which has a sign there already, it is ``a * b``.
    """
    if (opposite := without_sign(product)) is not None:
        return opposite
    if _is_product(product):
        return ast.BinOp(sign_first(product.left), product.op, product.right)
    return ast.UnaryOp(ast.USub(), product)


def without_sign(value: ast.expr) -> ast.expr | None:
    """``a * b`` for ``-a * b``, ``a`` for ``-a``; None where there is no such sign."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return value.operand
    if not _is_product(value):
        return None
    left = without_sign(value.left)
    return None if left is None else ast.BinOp(left, value.op, value.right)


def _is_product(value: ast.expr) -> TypeGuard[ast.BinOp]:
    return isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult | ast.Div)
