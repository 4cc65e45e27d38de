"""One of several values in each place, and functions that hold on a part of an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.choose)
def choose(a: Any, choices: Any, mode: Any = "raise") -> Any:
    a = np.array(a) if isinstance(a, int) else array_of(a)
    n = len(choices)
    if mode == "wrap":
        a = a % n
    elif mode == "clip":
        a = np.clip(a, 0, n - 1)
    elif (n < 2 or a.dtype != bool) and np.any((a < 0) | (a >= n)):
        raise ValueError("invalid entry in choice array")
    found = np.where(a == 0, choices[0], choices[0]) if n == 1 else choices[n - 1]
    for k in range(n - 2, -1, -1):
        found = np.where(a == k, choices[k], found)
    return found


@defines(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    x = array_of(x)
    conditions = [_truth(condition) for condition in _rows(condlist, np.ndim(x))]
    n = len(conditions)
    if len(funclist) == n + 1:
        conditions.append(np.logical_not(_any(conditions)))
    elif len(funclist) != n:
        said = f"with {n} condition(s), either {n} or {n + 1} functions are expected"
        raise ValueError(said)
    y = np.zeros_like(x)
    for condition, function in zip(conditions, funclist):
        y = _on_part(x, y, condition, function, args, kw)
    return y


def _rows(condlist: Any, rank: Any) -> Any:
    """The conditions, of which one may stand for a list of it."""
    if isinstance(condlist, list | tuple):
        return [condlist] if rank and np.ndim(condlist[0]) == 0 else condlist
    return [condlist[k] for k in range(len(condlist))] if np.ndim(condlist) > rank else [condlist]


def _truth(condition: Any) -> Any:
    condition = array_of(condition)
    return condition if np.ndim(condition) == 0 or condition.dtype == bool else condition != 0


def _any(conditions: Any) -> Any:
    some = conditions[0]
    for condition in conditions[1:]:
        some = np.logical_or(some, condition)
    return some


def _on_part(x: Any, y: Any, condition: Any, function: Any, args: Any, kw: Any) -> Any:
    """`y` with the values of the function where the condition holds; called nowhere else."""
    if not callable(function):
        return _stored(y, condition, function)
    if np.ndim(x) == 0:
        return _stored(y, condition, function(x, *args, **kw)) if condition else y
    return _stored_of(x[condition], y, condition, function, args, kw)


def _stored_of(part: Any, y: Any, condition: Any, function: Any, args: Any, kw: Any) -> Any:
    if np.size(part) == 0:
        return y
    z = np.copy(y)
    z[condition] = function(part, *args, **kw)
    return z


def _stored(y: Any, condition: Any, values: Any) -> Any:
    """`y` with these values where the condition holds, in the dtype of `y`: they are stored."""
    if np.ndim(values) > 0:
        z = np.copy(y)
        z[condition] = values
        return z
    found = np.where(condition, values, y)
    return found if found.dtype == y.dtype else found.astype(y.dtype)
