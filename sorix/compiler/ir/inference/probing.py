"""Asking NumPy itself: the dtype and kind of a result, found by calling the function on ones.

NumPy's promotion depends on dtypes and on which operands are Python numbers, never on values
or sizes, so that one call on arrays of one element settles it. Calls are remembered.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from sorix.compiler.ir.types import NUMBERS, Kind, Num

Form = Literal["python", "scalar", "array0", "array"]
Token = tuple[str, Form]
Outcome = tuple[str | None, Kind]

_PYTHON: dict[str, Any] = {"bool": True, "int64": 1, "float64": 1.0, "complex128": 1 + 0j}
_MOST_FORMS = 64


def probe(fn: Callable[..., Any], *operands: Num, **options: Any) -> Outcome:
    """The dtype and kind that `fn` gives for such operands; what depends on the run is unknown.

    Options must be hashable; they are passed on as they are.
    """
    outcomes = set(_outcomes(fn, operands, options))
    dtypes = {dtype for dtype, _ in outcomes}
    kinds = {kind for _, kind in outcomes}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    kind: Kind = kinds.pop() if len(kinds) == 1 else "number" if kinds <= NUMBERS else "any"
    known = all(operand.dtype is not None for operand in operands)
    return (dtype if known else None), kind


def probe_dtype(fn: Callable[..., Any], *operands: Num, **options: Any) -> str | None:
    return probe(fn, *operands, **options)[0]


def _outcomes(
    fn: Callable[..., Any], operands: tuple[Num, ...], options: dict[str, Any]
) -> list[Outcome]:
    tokens = [_tokens(operand) for operand in operands]
    if math.prod(map(len, tokens)) > _MOST_FORMS:
        return [(None, "any")]
    items = tuple(sorted(options.items()))
    return [_call_on_ones(fn, choice, items) for choice in itertools.product(*tokens)]


def _tokens(operand: Num) -> list[Token]:
    """What the operand may be when the program runs: one token for each possible form."""
    dtype = operand.dtype or "float64"
    return [(dtype, form) for form in _forms(operand, dtype)]


def _forms(operand: Num, dtype: str) -> list[Form]:
    as_python: list[Form] = ["python"] if dtype in _PYTHON else []
    if operand.kind == "python":
        return as_python or ["scalar"]
    if operand.kind == "scalar":
        return ["scalar"]
    if operand.kind == "number":
        return ["scalar", *as_python]
    arrays: list[Form] = ["array"] if operand.shape != () else []
    if not operand.shape:
        arrays.append("array0")
    if operand.kind == "array" or operand.shape:
        return arrays
    return [*arrays, "scalar", *as_python]


@lru_cache(maxsize=4096)
def _call_on_ones(
    fn: Callable[..., Any], tokens: tuple[Token, ...], options: tuple[tuple[str, Any], ...]
) -> Outcome:
    try:
        with np.errstate(all="ignore"):
            result = fn(*map(_ones, tokens), **dict(options))
    except RecursionError:
        raise
    except Exception:
        # Such operands have no result (a shift of floats, say): the run will report it.
        return None, "any"
    return describe(result)


def _ones(token: Token) -> Any:
    dtype, form = token
    if form == "python":
        return _PYTHON[dtype]
    if form == "scalar":
        return np.dtype(dtype).type(1)
    return np.ones(() if form == "array0" else (1,), dtype)


def describe(value: object) -> Outcome:
    """The dtype and kind of a value."""
    if isinstance(value, np.ndarray | np.generic):
        name = value.dtype.name if value.dtype.kind in "biufc" else None
        return name, "array" if isinstance(value, np.ndarray) else "scalar"
    for kind, dtype in ((bool, "bool"), (int, "int64"), (float, "float64")):
        if isinstance(value, kind):
            return dtype, "python"
    return ("complex128" if isinstance(value, complex) else None), "python"
