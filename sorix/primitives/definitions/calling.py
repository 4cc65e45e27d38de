"""Functions of NumPy's that call a function of the user's for every element or row."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of, axis_in, size_of
from sorix.primitives.definitions.registry import defines


@defines(np.apply_along_axis)
def apply_along_axis(func1d: Any, axis: Any, arr: Any, *args: Any, **kwargs: Any) -> Any:
    arr = array_of(arr)
    along = axis_in(axis, np.ndim(arr))
    if np.ndim(arr) == 1:
        return np.array(func1d(arr, *args, **kwargs))
    moved = np.moveaxis(arr, along, -1)
    outer = np.shape(moved)[:-1]
    count = size_of(outer)
    if count == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    rows = np.reshape(moved, (count, np.shape(moved)[-1]))
    results = [array_of(func1d(rows[k], *args, **kwargs)) for k in range(len(rows))]
    found = in_kind_of(results[0], np.array(results))
    shaped = np.reshape(found, outer + np.shape(found)[1:])
    new = np.ndim(found) - 1
    if new == 0:
        return shaped
    places = tuple([len(outer) + k for k in range(new)])
    return np.moveaxis(shaped, places, tuple([along + k for k in range(new)]))


@defines(np.vectorize)
def vectorize(
    pyfunc: Any = None,
    otypes: Any = None,
    doc: Any = None,
    excluded: Any = None,
    cache: Any = False,
    signature: Any = None,
) -> Any:
    if excluded is not None or signature is not None:
        raise UnsupportedFunctionError(
            "np.vectorize has a definition only without excluded= and signature="
        )
    if pyfunc is None:
        return lambda function: vectorize(function, otypes, doc, excluded, cache)

    def vectorized(*args: Any, **kwargs: Any) -> Any:
        return on_every_element(pyfunc, otypes, cache, args, kwargs)

    return vectorized


def on_every_element(pyfunc: Any, otypes: Any, cache: Any, args: Any, kwargs: Any) -> Any:
    """What ``np.vectorize(pyfunc, otypes)(*args, **kwargs)`` is."""
    names, n = list(kwargs), len(args)
    if names:
        args = [*args, *[kwargs[name] for name in names]]
    args = [array_of(arg) for arg in args]
    spread = np.broadcast_arrays(*args) if len(args) > 1 else args
    flat = [np.ravel(arg) for arg in spread]
    count = len(flat[0])
    if otypes is None and count == 0:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    first = None if otypes is not None else _called(pyfunc, [arg[0] for arg in flat], n, names)
    start = 1 if otypes is None and cache else 0
    # The first call is given NumPy's numbers, the others Python's.
    rows = [_called(pyfunc, [arg[k].item() for arg in flat], n, names) for k in range(start, count)]
    if start == 1:
        rows = [first, *rows]
    return _gathered(rows, first, otypes, np.shape(spread[0]))


def _gathered(rows: Any, first: Any, otypes: Any, shape: Any) -> Any:
    """The results as an array; of a function that returns several, a tuple of arrays."""
    if otypes is None:
        if not isinstance(first, tuple):
            return _in_shape(rows, first, None, shape)
        ways = [(one, None) for one in first]
    elif len(otypes) == 1:
        return _in_shape(rows, None, otypes[0], shape)
    else:
        ways = [(None, kind) for kind in otypes]
    columns = [[row[j] for row in rows] for j in range(len(ways))]
    return tuple([_in_shape(column, *way, shape) for column, way in zip(columns, ways)])


def _in_shape(rows: Any, first: Any, kind: Any, shape: Any) -> Any:
    found = np.array(rows)
    found = in_kind_of(first, found) if kind is None else found.astype(kind)
    return found[0] if len(shape) == 0 else np.reshape(found, shape)


def in_kind_of(first: Any, found: Any) -> Any:
    """Results in the dtype of the first of them, which is that of the array NumPy puts them in.

    The run may decide whether it is an integer (``0 if v < 0 else v``).
    """
    if isinstance(first, bool | np.bool_):
        return found.astype(bool)
    if isinstance(first, int | np.int64):
        return found.astype(np.int64)
    dtype = np.asarray(first).dtype
    return found if found.dtype == dtype else found.astype(dtype)


def _called(pyfunc: Any, args: Any, n: Any, names: Any) -> Any:
    """A call with the arguments from the n-th on given by name."""
    return pyfunc(*args[:n], **dict(zip(names, args[n:])))


@defines(np.fromiter)
def fromiter(iter: Any, dtype: Any, count: Any = -1) -> Any:
    found = np.array(list(iter)).astype(dtype)
    return found if count < 0 else found[:count]


@defines(np.ndindex)
def ndindex(*shape: Any) -> Any:
    if len(shape) == 1 and isinstance(shape[0], list | tuple):
        shape = tuple(shape[0])
    if len(shape) == 0:
        yield ()
    elif len(shape) == 1:
        for i in range(shape[0]):
            yield (i,)
    elif len(shape) == 2:
        for i in range(shape[0]):
            for j in range(shape[1]):
                yield i, j
    elif len(shape) == 3:
        for i in range(shape[0]):
            for j in range(shape[1]):
                for k in range(shape[2]):
                    yield i, j, k
    else:
        raise UnsupportedFunctionError("np.ndindex has a definition for up to three dimensions")


@defines(np.ndenumerate)
def ndenumerate(arr: Any) -> Any:
    for index in ndindex(*np.shape(arr)):
        yield index, arr[index]


@defines(np.nditer)
def nditer(op: Any) -> Any:
    for index in ndindex(*np.shape(op)):
        yield op[index]
