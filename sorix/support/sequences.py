"""Lists as values, and the transposes of joining arrays.

A list function returns a new list; the compiler turns ``list_append`` into ``l.append(v)`` and
``list_set`` into ``l[i] = v`` where nobody else sees the list.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.broadcasting import zeros_like
from sorix.support.dispatch import primitive


@primitive
def list_append(items: Any, v: Any) -> Any:
    """A new list: `items`, then `v`.

    Examples
    --------
    >>> list_append([1.0], 2.0)
    [1.0, 2.0]
    """
    return [*items, v]


@primitive
def list_pop(items: Any) -> Any:
    """A new list without the last element, and that element.

    Examples
    --------
    >>> list_pop([1.0, 2.0])
    ([1.0], 2.0)
    """
    return list(items[:-1]), items[-1]


@primitive
def list_item(items: Any, i: Any) -> Any:
    """``items[i]``, for derivative rules, in which a list has no index that the run decides.

    Examples
    --------
    >>> list_item([1.0, 2.0], 1)
    2.0
    """
    return items[i]


@primitive
def list_set(items: Any, i: Any, v: Any) -> Any:
    """A new list with element `i` replaced by `v`.

    Examples
    --------
    >>> list_set([1.0, 2.0], 0, 5.0)
    [5.0, 2.0]
    """
    out = list(items)
    out[i] = v
    return out


@primitive
def list_add_at(items: Any, i: Any, v: Any) -> Any:
    """A new list with `v` added to element `i`.

    Examples
    --------
    >>> list_add_at([1.0, 2.0], 0, 5.0)
    [6.0, 2.0]
    """
    out = list(items)
    out[i] = out[i] + v
    return out


@primitive
def list_add(a: Any, b: Any) -> Any:
    """A new list with the sums of the elements of two lists of one length, nested ones too.

    Examples
    --------
    >>> list_add([1.0, [2.0]], [10.0, [20.0]])
    [11.0, [22.0]]
    """
    if isinstance(a, list | tuple):
        return [list_add(x, y) for x, y in zip(a, b, strict=True)]
    return a + b


@primitive
def place_of(keys: Any, key: Any) -> int:
    """The first place at which a list holds a key, -1 where it does not.

    Of a tuple of lists, the first at which each holds its part of the key.

    Examples
    --------
    >>> place_of([3, 1, 4], 4)
    2
    >>> place_of(([3, 1], [0, 0]), (1, 5))
    -1
    """
    rows = list(zip(*keys, strict=True)) if isinstance(key, tuple) else keys
    return rows.index(key) if key in rows else -1


@primitive
def places_of(items: Any, wanted: Any) -> list[int]:
    """All places at which a list holds an item.

    Examples
    --------
    >>> places_of([3, 1, 3], 3)
    [0, 2]
    """
    return [at for at, item in enumerate(items) if item == wanted]


@primitive
def list_repeat(v: Any, count: Any) -> Any:
    """A list of `count` times `v`; of as many as a list has elements, where `count` is a list.

    Examples
    --------
    >>> list_repeat(2.0, 3)
    [2.0, 2.0, 2.0]
    >>> list_repeat(2.0, [0.0, 0.0])
    [2.0, 2.0]
    """
    return [v] * (len(count) if isinstance(count, list | tuple) else count)


@primitive
def list_sum(items: Any, v: Any) -> Any:
    """The sum of a list's elements, zeros shaped as `v` where there are none.

    The transpose of ``[v] * n``: every element is `v`.

    Examples
    --------
    >>> list_sum([1.0, 2.0], 0.0)
    3.0
    """
    total = zeros_like(v)
    for item in items:
        total = total + item
    return total


@primitive
def split_like(y_bar: Any, xs: Any, axis: int | None = 0) -> Any:
    """Cut `y_bar` into parts shaped as `xs`: the transpose of ``np.concatenate(xs, axis)``.

    Returns
    -------
    tuple of arrays, or a list of them where `xs` is a list.

    Examples
    --------
    >>> import numpy as np
    >>> split_like(np.arange(3.0), (np.zeros(1), np.zeros(2)))
    (array([0.]), array([1., 2.]))
    """
    kind = list if isinstance(xs, list) else tuple
    if axis is None:
        ends = np.cumsum([np.size(x) for x in xs[:-1]], dtype=int)
        parts = np.split(y_bar, ends)
        return kind(part.reshape(np.shape(x)) for part, x in zip(parts, xs, strict=True))
    ends = np.cumsum([np.shape(x)[axis] for x in xs[:-1]], dtype=int)
    return kind(np.split(y_bar, ends, axis=axis))


@primitive
def unstack(y_bar: Any, axis: int = 0) -> Any:
    """The slices of `y_bar` along an axis, as a list: the transpose of ``np.stack``.

    Examples
    --------
    >>> import numpy as np
    >>> unstack(np.eye(2), axis=1)
    [array([1., 0.]), array([0., 1.])]
    """
    moved = y_bar if axis == 0 else np.moveaxis(y_bar, axis, 0)
    return [moved[i] for i in range(len(moved))]


@primitive
def packed(items: Any) -> Any:
    """The array of some numbers or arrays: ``np.array(items)``, the transpose of `entries`.

    Examples
    --------
    >>> packed([1.0, 2.0])
    array([1., 2.])
    """
    return np.array(items)


@primitive
def entries(y_bar: Any, x: Any) -> Any:
    """Cotangent of `x` in ``y = np.array(x)``: for a list, the list of the entries of `y_bar`.

    Examples
    --------
    >>> import numpy as np
    >>> entries(np.array([3.0, 4.0]), [1.0, 2.0])
    [3.0, 4.0]
    """
    if isinstance(x, list | tuple):
        return type(x)(entries(y_bar[i], item) for i, item in enumerate(x))
    return y_bar.item() if isinstance(x, float | int) else y_bar
