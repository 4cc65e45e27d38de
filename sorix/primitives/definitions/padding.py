"""Padding with what is computed of an array; copies of its elements have a rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.pad)
def pad(
    array: Any,
    pad_width: Any,
    mode: Any = "constant",
    constant_values: Any = 0,
    end_values: Any = 0,
    stat_length: Any = None,
) -> Any:
    if mode not in ("constant", "linear_ramp", "mean", "median", "maximum", "minimum"):
        raise UnsupportedFunctionError("np.pad has no definition for this mode and these options")
    a = array_of(array)
    widths, ends = _pairs(pad_width), _pairs(end_values if mode == "linear_ramp" else 0)
    values, lengths = _pairs(constant_values), _pairs(stat_length)
    for axis in range(np.ndim(a)):
        width = widths[axis % len(widths)]
        if mode == "constant":
            value = values[axis % len(values)]
            before, after = (
                _filled(a, width[0], value[0], axis),
                _filled(a, width[1], value[1], axis),
            )
        elif mode == "linear_ramp":
            end = ends[axis % len(ends)]
            before, after = (
                _ramp(a, width[0], end[0], 0, axis),
                _ramp(a, width[1], end[1], -1, axis),
            )
            after = np.flip(after, axis)
        else:
            n, length = np.shape(a)[axis], lengths[axis % len(lengths)]
            first = 0, n if length[0] is None else min(length[0], n)
            last = n if length[1] is None else min(length[1], n)
            before = _repeated(_statistic(a, first, mode, axis), width[0], axis)
            after = _repeated(_statistic(a, (n - last, n), mode, axis), width[1], axis)
        a = np.concatenate((before, a, after), axis=axis)
    return a


def _pairs(given: Any) -> Any:
    """What stands before and after each axis; of one pair, it is that of every axis."""
    if not isinstance(given, list | tuple) and np.ndim(given) == 0:
        return [(given, given)]
    if not isinstance(given[0], list | tuple) and np.ndim(given[0]) == 0:
        return [(given[0], given[-1])]
    return [(pair[0], pair[-1]) for pair in given]


def _repeated(edge: Any, count: Any, axis: Any) -> Any:
    return np.repeat(edge, count, axis=axis)


def _filled(a: Any, count: Any, value: Any, axis: Any) -> Any:
    edge = np.expand_dims(np.take(a, 0, axis=axis), axis)
    return _repeated(np.full_like(edge, value), count, axis)


def _ramp(a: Any, count: Any, end: Any, place: Any, axis: Any) -> Any:
    """From an end value towards the edge at a place, which it does not reach."""
    edge = np.take(a, place, axis=axis)
    return np.moveaxis(np.linspace(edge * 0 + end, edge, count, endpoint=False), 0, axis)


def _statistic(a: Any, part: Any, mode: Any, axis: Any) -> Any:
    """A statistic of a part of an axis, which is kept with length 1."""
    chosen = np.take(a, np.arange(part[0], part[1]), axis=axis)
    if mode == "mean":
        return np.mean(chosen, axis=axis, keepdims=True)
    if mode == "median":
        return np.median(chosen, axis=axis, keepdims=True)
    if mode == "maximum":
        return np.max(chosen, axis=axis, keepdims=True)
    return np.min(chosen, axis=axis, keepdims=True)
