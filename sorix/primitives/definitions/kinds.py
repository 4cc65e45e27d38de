"""Lists and numbers where an array is needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError


class Coefficients:
    """A polynomial that can be called; its coefficients, zeros among the first, are `kept`."""

    kept: Any


def coefficients_of(p: Any) -> Any:
    """The coefficients of a polynomial that are given as such."""
    if isinstance(p, Coefficients):
        raise UnsupportedFunctionError(
            "this function returns a np.poly1d for a np.poly1d, which is not followed."
            " Hint: give it p.coeffs, or call a method of p."
        )
    return array_of(p)


def array_of(x: Any) -> Any:
    """A list or tuple as an array; anything else as it is."""
    return np.array(x) if isinstance(x, list | tuple) else x


def vector_of(x: Any) -> Any:
    """The same, and a number as an array of one element."""
    x = array_of(x)
    return np.reshape(x, (1,)) if np.ndim(x) == 0 else x


def trimmed(c: Any) -> Any:
    """Coefficients without the zeros before the first that is none; of zeros alone, one."""
    first = int(np.argmax(np.append(c != 0, True)))
    return c[min(first, len(c) - 1) :]


def axis_in(axis: Any, rank: Any) -> Any:
    """An axis counted from 0; NumPy's error where there is none."""
    if not -rank <= axis < rank:
        raise np.exceptions.AxisError(axis, rank)
    return axis % rank


def size_of(shape: Any) -> Any:
    """The number of elements of an array of a shape; unlike ``np.prod()``, known where it is."""
    count = 1
    for size in shape:
        count = count * size
    return count
