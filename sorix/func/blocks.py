"""The matrix of all derivatives, and its blocks: one for each pair of a result and an argument.

The rows of the matrix are the numbers of the results that are differentiated, one after the other,
its columns those of the arguments. A number, an array, or a list of them, which is one input of
generated code where it is long, takes as many as it has entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from sorix.func.floats import no_float
from sorix.func.inputs import bar_at
from sorix.func.outputs import require_real
from sorix.func.places import Place, at_place, written
from sorix.func.points import Point
from sorix.func.trees import NUMBERS, flatten, holds_floats, rebuild

# -- numbers in a row -----------------------------------------------------------------------


def size(values: Sequence[Any]) -> int:
    """How many numbers there are.

    Examples
    --------
    >>> size([2.0, np.zeros((2, 3)), [1.0, 2.0]])
    9
    """
    return sum(size(v) if isinstance(v, list) else np.size(v) for v in values)


def units(values: Sequence[Any]) -> Iterator[list[Any]]:
    """For each number in turn, values like these that are 1 there and 0 elsewhere.

    Examples
    --------
    >>> list(units([2.0, np.zeros(2)]))
    [[1.0, array([0., 0.])], [0.0, array([1., 0.])], [0.0, array([0., 1.])]]
    """
    zeros = [_zeros(value) for value in values]
    for k, value in enumerate(values):
        for unit in _units_of(value):
            yield [*zeros[:k], unit, *zeros[k + 1 :]]


def _units_of(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from units(value)
    elif isinstance(value, np.ndarray):
        for entry in range(value.size):
            unit = np.zeros(value.shape, value.dtype)
            unit.flat[entry] = 1.0
            yield unit
    else:
        yield type(value)(1.0) if isinstance(value, np.floating) else 1.0


def _zeros(value: Any) -> Any:
    if isinstance(value, list):
        return [_zeros(item) for item in value]
    if isinstance(value, np.ndarray):
        return np.zeros(value.shape, value.dtype)
    return type(value)(0.0) if isinstance(value, np.floating) else 0.0


def matrix_of(point: Point, vectors: Iterable[Any], like: Sequence[Any], count: int) -> np.ndarray:
    """The matrix whose `count` rows are these vectors, with the numbers of values like `like`."""
    made = np.zeros((count, size(like)), np.result_type(np.float64, *map(_dtype, like)))
    for row, vector in zip(made, vectors, strict=True):
        start = 0
        for found, value in _pairs(vector, like):
            require_real(found, point.name)
            stop = start + np.size(value)
            row[start:stop] = np.broadcast_to(found, np.shape(value)).ravel()
            start = stop
    return made


def _pairs(found: Sequence[Any], like: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    for given, value in zip(found, like, strict=True):
        if isinstance(value, list):
            yield from _pairs(given, value)
        else:
            yield given, value


def _dtype(value: Any) -> Any:
    return value.dtype if isinstance(value, np.ndarray | np.floating) else np.float16


# -- blocks ---------------------------------------------------------------------------------


def by_results(
    point: Point, leaves: Sequence[Any], seeds: Sequence[bool], matrix: np.ndarray
) -> Any:
    """The blocks in the structure of the value; those of what no float moves are zeros."""
    start, found = 0, []
    for leaf, is_seeded in zip(leaves, seeds, strict=True):
        stop = start + size([leaf]) if is_seeded else start
        found.append(
            _block_row(point, leaf, matrix[start:stop]) if is_seeded else _still(point, leaf)
        )
        start = stop
    return point.rebuild(found)


def by_arguments(point: Point, matrix: np.ndarray) -> Any:
    """The blocks in the structure of the arguments, of those of a gradient by them."""
    rows = _cut(point.inputs, matrix)

    def block(path: str, leaf: Any) -> Any:
        part = bar_at(path, point.paths, rows)
        return _still(point, leaf) if part is None else _block_row(point, leaf, part)

    return _structured(point, block)


def _block_row(point: Point, value: Any, rows: np.ndarray) -> Any:
    """The blocks of one number or array of the result; of a list, a list of them."""
    if isinstance(value, list):
        return [_block_row(point, v, r) for v, r in zip(value, _cut(value, rows), strict=True)]
    columns = [_transposed(part) for part in _cut(point.inputs, rows.T)]

    def block(path: str, leaf: Any) -> Any:
        part = bar_at(path, point.paths, columns)
        if part is None:
            part = np.zeros((np.size(value), np.size(leaf)))
        return _like(part.reshape(np.shape(value) + np.shape(leaf)), value, leaf)

    return _structured(point, block)


def _still(point: Point, value: Any) -> Any:
    """The blocks of what no float moves."""
    if not isinstance(value, NUMBERS):
        return value
    width = size(point.inputs)
    return _block_row(point, value, np.zeros((np.size(value), width)))


def _cut(values: Sequence[Any], rows: np.ndarray) -> list[Any]:
    """The rows that belong to each value; for a list, a list of the rows of its items."""
    start, found = 0, []
    for value in values:
        stop = start + size([value])
        part = rows[start:stop]
        found.append(_cut(value, part) if isinstance(value, list) else part)
        start = stop
    return found


def _transposed(part: Any) -> Any:
    return [_transposed(item) for item in part] if isinstance(part, list) else part.T


def _structured(point: Point, block: Any) -> Any:
    """What `block` makes of each float, by its place, in the structure of the arguments."""
    found = [_argument(point, place, block) for place in point.places]
    return found[0] if point.is_single else tuple(found)


def _argument(point: Point, place: Place, block: Any) -> Any:
    argument, name = at_place(point.arguments, place), written(place)
    leaves = list(flatten(argument, name))
    for path, leaf in leaves or [(name, argument)]:
        if not (isinstance(leaf, NUMBERS) and holds_floats(leaf)):
            raise no_float(path, leaf)
    return rebuild(argument, iter([block(path, leaf) for path, leaf in leaves]))


def _like(block: np.ndarray, value: Any, leaf: Any) -> Any:
    """A block in the dtype of the two that it stands between, a number where both are."""
    dtypes = [v.dtype for v in (value, leaf) if getattr(v, "dtype", np.dtype(int)).kind == "f"]
    made = np.ascontiguousarray(block, np.result_type(*dtypes) if dtypes else float)
    if block.ndim or isinstance(value, np.ndarray) or isinstance(leaf, np.ndarray):
        return made.reshape(block.shape)
    return made.item() if not dtypes else made.reshape(())[()]
