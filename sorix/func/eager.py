"""Gradients of functions of arrays on the eager tape, where the compiler refuses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.compiler.host import deeply
from sorix.errors import (
    NotDifferentiableError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
    unhandled,
)
from sorix.func.asking import asks_for_types, masks, reads_numbers, shuffles
from sorix.func.floats import no_float
from sorix.func.outputs import described, require_derivative
from sorix.func.trees import copied, flatten, like_leaf, rebuild, replaced
from sorix.runtime.backward import grad
from sorix.runtime.inplace import stand_for_array
from sorix.runtime.modes import as_arrays
from sorix.runtime.number import Number
from sorix.runtime.tensor import Tensor


def eager_value_and_grad(
    function: Callable[..., Any],
    positions: Sequence[int],
    has_aux: bool,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[Any, Any, list[Any]]:
    """(value, aux, gradients) of a function, by running it on tensors."""
    if inspect.iscoroutinefunction(function):
        raise UnsupportedSyntaxError(
            "async functions are not differentiated: what they compute depends on when they run",
            "write an ordinary function, await what it needs before, and pass it the result",
        )
    asking = asks_for_types(function)
    if asking is not None:
        raise UnsupportedSyntaxError(
            f"{asking}() asks for the type of a value, for which a tensor stands on the tape",
            "decide by another argument, or by np.ndim()",
        )
    shuffling = shuffles(function)
    if shuffling is not None:
        raise UnsupportedCallError(
            f"{shuffling}() shuffles, which NumPy does not do right with the tensors of the tape",
            "index with the integers that rng.permutation(n) returns",
        )
    masking = masks(function)
    if masking is not None:
        raise UnsupportedCallError(
            f"{masking}() uses masked arrays, which take the values out of the tensors of the tape",
            "use np.where() with the mask",
        )
    # The caller's arrays and objects stay as they are, whatever the function writes.
    known: dict[int, Any] = {}
    kwargs = {name: deeply(copied, value, known) for name, value in kwargs.items()}
    given = [deeply(copied, value, {} if k in positions else known) for k, value in enumerate(args)]
    tensors: list[list[Tensor]] = []
    for position in positions:
        if args[position] is None or isinstance(args[position], str):
            raise no_float("", args[position])
        leaves = [_leaf(path, leaf) for path, leaf in flatten(args[position])]
        tensors.append(leaves)
        given[position] = replaced(given[position], iter(leaves))
    with unhandled(), as_arrays(readable=not reads_numbers(function)):
        returned = function(*given, **kwargs)
    value, aux = returned if has_aux else (returned, None)
    require_derivative(value, getattr(function, "__name__", "the function"))
    _require_number(value)
    flat = [t for leaves in tensors for t in leaves]
    bars: Sequence[Tensor | None]
    if isinstance(value, Tensor) and value.requires_grad:
        bars = grad(value.reshape(()) if value.ndim else value, flat, allow_unused=True)
    else:
        bars = (None,) * len(flat)
    found = iter(_plain(t, None if b is None else b._data) for t, b in zip(flat, bars, strict=True))
    gradients = [
        rebuild(args[p], iter([like_leaf(next(found), leaf) for _, leaf in flatten(args[p])]))
        for p in positions
    ]
    return strip(value), strip(aux), gradients


def _require_number(value: Any) -> None:
    if not isinstance(value, Tensor | int | float | np.ndarray | np.generic) or np.size(value) != 1:
        raise NotDifferentiableError(
            "gradients are taken of functions that return one number; this one returns"
            f" {described(value)}",
            "return a float; for more results, return (float, others) and give has_aux=True",
        )


def _leaf(path: str, leaf: Any) -> Tensor:
    known = type(leaf) in (float, np.ndarray) or isinstance(leaf, np.floating)
    if not known or getattr(leaf, "dtype", np.dtype(float)).kind != "f":
        raise no_float(path, leaf)
    if type(leaf) is float:
        return Number(leaf)
    # In the layout that it has: what reshape() and ravel() share with it depends on that.
    tensor = Tensor(np.array(leaf, order="K"), requires_grad=True)
    return stand_for_array(tensor) if isinstance(leaf, np.ndarray) else tensor


def _plain(tensor: Tensor, bar: Any) -> np.ndarray:
    return np.zeros_like(tensor._data) if bar is None else np.asarray(bar, tensor._data.dtype)


def strip(value: Any) -> Any:
    """Arrays and numbers in the place of tensors."""
    if isinstance(value, Tensor):
        data = value._data
        if isinstance(value, Number):
            return data.item()
        return data if data.ndim else data[()]
    if isinstance(value, tuple | list):
        return type(value)(map(strip, value))
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items()}
    return value
