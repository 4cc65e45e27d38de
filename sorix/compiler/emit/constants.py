"""Constants of the program as expressions: what is printed evaluates to the same value."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.emit.callees import dotted_name
from sorix.errors import InternalCompilerError

UseName = Callable[[str], ast.expr]


def constant_expression(value: Any, use: UseName) -> ast.expr:
    """An expression for `value`; `use` turns a dotted name into one, noting the import."""
    if value is None or value is Ellipsis or isinstance(value, bool | str | bytes):
        return ast.Constant(value)
    if isinstance(value, np.generic | np.ndarray | np.dtype):
        return _numpy_expression(value, use)
    if isinstance(value, int | float):
        return _real_expression(value, use)
    if isinstance(value, complex):
        return _call(use("complex"), value.real, value.imag, use=use)
    if isinstance(value, tuple | list):
        items = [constant_expression(item, use) for item in value]
        if isinstance(value, list):
            return ast.List(items, ast.Load())
        return ast.Tuple(items, ast.Load())
    if isinstance(value, dict):
        keys: list[ast.expr | None] = [constant_expression(k, use) for k in value]
        return ast.Dict(keys, [constant_expression(v, use) for v in value.values()])
    if isinstance(value, slice | range):
        return _call(use(type(value).__name__), value.start, value.stop, value.step, use=use)
    if callable(value):
        return use(dotted_name(value))
    raise InternalCompilerError(f"a {type(value).__name__} cannot be written as Python text")


def _real_expression(value: int | float, use: UseName) -> ast.expr:
    if value < 0 or (value == 0 and math.copysign(1, value) < 0):
        return ast.UnaryOp(ast.USub(), _real_expression(-value, use))
    if isinstance(value, float) and not math.isfinite(value):
        return use("np.inf" if value > 0 else "np.nan")
    return ast.Constant(value)


def _numpy_expression(value: Any, use: UseName) -> ast.expr:
    if isinstance(value, np.dtype):
        if value.fields is None and value.isnative and value.name in np.sctypeDict:
            return use(f"np.{value.type.__name__}")
        return _call(use("np.dtype"), value.str, use=use)
    if isinstance(value, np.generic):
        if isinstance(value, np.longdouble | np.clongdouble):
            return _call(use(f"np.{type(value).__name__}"), str(value), use=use)
        return _call(use(f"np.{type(value).__name__}"), value.item(), use=use)
    if value.dtype.kind not in "biufc":
        raise InternalCompilerError(f"an array of {value.dtype} cannot be written as Python text")
    call = _call(use("np.array"), value.tolist(), use=use)
    if value.size == 0:
        call = _call(use("np.empty"), value.shape, use=use)
    call.keywords.append(ast.keyword("dtype", _numpy_expression(value.dtype, use)))
    return call


def _call(function: ast.expr, *values: Any, use: UseName) -> ast.Call:
    return ast.Call(function, [constant_expression(value, use) for value in values], [])
