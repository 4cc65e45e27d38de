"""The printed name of every function that generated code may call.

A function is found by identity, so an alias (``np.concat``) prints under the one name NumPy
gives it. Operators have no name here: ``expressions`` prints them infix.
"""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.public_names import module_of, public_names
from sorix.compiler.ir.walk import calls
from sorix.errors import InternalCompilerError

BINARY: dict[Any, type[ast.operator]] = {
    operator.add: ast.Add,
    operator.sub: ast.Sub,
    operator.mul: ast.Mult,
    operator.truediv: ast.Div,
    operator.floordiv: ast.FloorDiv,
    operator.mod: ast.Mod,
    operator.pow: ast.Pow,
    operator.matmul: ast.MatMult,
    operator.and_: ast.BitAnd,
    operator.or_: ast.BitOr,
    operator.xor: ast.BitXor,
    operator.lshift: ast.LShift,
    operator.rshift: ast.RShift,
}
UNARY: dict[Any, type[ast.unaryop]] = {
    operator.neg: ast.USub,
    operator.pos: ast.UAdd,
    operator.invert: ast.Invert,
    operator.not_: ast.Not,
}
COMPARE: dict[Any, type[ast.cmpop]] = {
    operator.eq: ast.Eq,
    operator.ne: ast.NotEq,
    operator.lt: ast.Lt,
    operator.le: ast.LtE,
    operator.gt: ast.Gt,
    operator.ge: ast.GtE,
    operator.is_: ast.Is,
    operator.is_not: ast.IsNot,
}
_BUILTIN: dict[Any, str] = {operator.abs: "abs", operator.truth: "bool"}
_SUPPORT = "sorix.support"


def dotted_name(function: Any) -> str:
    """The dotted name that generated code calls `function` by.

    A function of ``sorix.support`` is ``"support:NAME"``: it is imported by name.

    >>> import math
    >>> dotted_name(np.linalg.norm), dotted_name(math.sin), dotted_name(len)
    ('np.linalg.norm', 'math.sin', 'len')
    """
    if function in _BUILTIN:
        return _BUILTIN[function]
    name = getattr(function, "__name__", "")
    if function is operator.abs:
        return "abs"
    if name and getattr(builtins, name, None) is function:
        return str(name)
    if _module(function).startswith(_SUPPORT):
        return f"support:{name}"
    if (known := public_names().get(id(function))) is not None:
        return known
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"{dotted_name(owner)}.{name}"
    raise InternalCompilerError(f"{function!r} has no name that generated code could call")


def support_names(functions: Iterable[Function]) -> set[str]:
    """The names that modules of these functions import from ``sorix.support``."""
    found: set[Any] = {call.fn for function in functions for call in calls(function.body)}
    return {str(fn.__name__) for fn in found if _module(fn).startswith(_SUPPORT)}


def users_functions(functions: Iterable[Function]) -> list[Any]:
    """The functions of the user's that these call, each once."""
    found = {id(call.fn): call.fn for function in functions for call in calls(function.body)}
    unnamed = [fn for key, fn in found.items() if key not in public_names()]
    return [fn for fn in unnamed if module_of(fn) is not None]


def _module(function: Any) -> str:
    return str(getattr(function, "__module__", ""))


def is_support(function: Any, name: str) -> bool:
    """Whether `function` is the helper `name` of ``sorix.support``."""
    return getattr(function, "__name__", "") == name and _module(function).startswith(_SUPPORT)
