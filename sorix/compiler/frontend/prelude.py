"""Iterators of Python and of `itertools` around generators, and functions of NumPy's that write
into an argument, as the Python they amount to.

The interpreter reads these functions as it reads the user's.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def enumerate_(iterable: Any, start: Any = 0) -> Any:
    k = start
    for item in iterable:
        yield k, item
        k += 1


def map_(function: Any, iterable: Any) -> Any:
    for item in iterable:
        yield function(item)


def keeps(function: Any, item: Any) -> Any:
    return item if function is None else function(item)


def filter_(function: Any, iterable: Any) -> Any:
    for item in iterable:
        if keeps(function, item):
            yield item


def filterfalse(function: Any, iterable: Any) -> Any:
    for item in iterable:
        if not keeps(function, item):
            yield item


def zip_(iterable: Any, before: Any, after: Any) -> Any:
    """``zip(*before, iterable, *after)``: of the others, the length (or None) and the k-th item.

    Where one of those before has no more, no item is taken; one of those after is asked later.
    """
    k = 0
    if any([length is not None and length <= 0 for length, _ in before]):
        return
    for item in iterable:
        if any([length is not None and k >= length for length, _ in after]):
            return
        yield (*[get(k) for _, get in before], item, *[get(k) for _, get in after])
        k += 1
        if any([length is not None and k >= length for length, _ in before]):
            return


def counted(start: Any, step: Any, k: Any) -> Any:
    return start + k * step


def count_from(start: Any, step: Any) -> Any:
    k = start
    while True:
        yield k
        k += step


def repeated(item: Any, k: Any) -> Any:
    return item


def same(item: Any) -> Any:
    return item


def extreme(iterable: Any, key: Any, better: Any, said: Any) -> Any:
    first = True
    for item in iterable:
        rating = key(item)
        if first:
            best, highest, first = item, rating, False
        elif better(rating, highest):
            best, highest = item, rating
    if first:
        raise ValueError(said)
    return best


def extreme_or(iterable: Any, key: Any, better: Any, default: Any) -> Any:
    best = default
    first = True
    for item in iterable:
        rating = key(item)
        if first:
            best, highest, first = item, rating, False
        elif better(rating, highest):
            best, highest = item, rating
    return best


def starmap(function: Any, iterable: Any) -> Any:
    for args in iterable:
        yield function(*args)


def of_iterator(iterator: Any) -> Any:
    while True:
        try:
            item = iterator.__next__()
        except StopIteration:
            return
        yield item


def of_items(owner: Any) -> Any:
    k = 0
    while True:
        try:
            item = owner[k]
        except IndexError:
            return
        yield item
        k += 1


def of_items_reversed(owner: Any, length: int) -> Any:
    k = length
    while k > 0:
        k -= 1
        try:
            item = owner[k]
        except IndexError:
            return
        yield item


def chain(*iterables: Any) -> Any:
    for iterable in iterables:
        yield from iterable


def chained(iterables: Any) -> Any:
    for iterable in iterables:
        yield from iterable


def accumulate(iterable: Any, function: Any, initial: Any) -> Any:
    total = initial
    first = initial is None
    if not first:
        yield total
    for item in iterable:
        if first:
            total = item
            first = False
        else:
            total = function(total, item)
        yield total


def takewhile(function: Any, iterable: Any) -> Any:
    for item in iterable:
        if not function(item):
            return
        yield item


def dropwhile(function: Any, iterable: Any) -> Any:
    dropping = True
    for item in iterable:
        if dropping and function(item):
            continue
        dropping = False
        yield item


def islice(iterable: Any, start: Any, stop: Any, step: Any) -> Any:
    k = 0
    for item in iterable:
        if stop is not None and k >= stop:
            return
        if k >= start and (k - start) % step == 0:
            yield item
        k += 1


def calling(function: Any, sentinel: Any) -> Any:
    while True:
        value = function()
        if value == sentinel:
            return
        yield value


def pairwise(iterable: Any) -> Any:
    first = True
    for item in iterable:
        if first:
            previous, first = item, False
            continue
        yield previous, item
        previous = item


def compress(iterable: Any, selectors: Any) -> Any:
    for item, selected in zip(iterable, selectors):
        if selected:
            yield item


def rated(items: Any, key: Any) -> Any:
    return [key(item) for item in items]


def taken(items: Any, order: Any) -> Any:
    return [items[k] for k in order]


def contains(iterable: Any, wanted: Any) -> Any:
    for item in iterable:
        if item is wanted or item == wanted:
            return True
    return False


def contains_equal(iterable: Any, wanted: Any) -> Any:
    """The same for what equals itself, so that it does not matter which objects these are."""
    for item in iterable:
        if item == wanted:
            return True
    return False


def next_of(iterable: Any, default: Any) -> Any:
    for item in iterable:
        return item
    return default


def next_or_stop(iterable: Any) -> Any:
    for item in iterable:
        return item
    raise StopIteration


def any_of(iterable: Any) -> Any:
    for item in iterable:
        if item:
            return True
    return False


def all_of(iterable: Any) -> Any:
    for item in iterable:
        if not item:
            return False
    return True


def put(a: Any, ind: Any, v: Any) -> Any:
    a.flat[truths_as_places(ind)] = v


def truths_as_places(ind: Any) -> Any:
    """Truths as the places 0 and 1, which they are to ``np.put()``."""
    ind = np.asarray(ind)
    return ind.astype(int) if ind.dtype == bool else ind


def putmask(a: Any, mask: Any, values: Any) -> Any:
    a[...] = np.where(mask, values, a)


def place(arr: Any, mask: Any, vals: Any) -> Any:
    arr[mask] = vals


def in_turn(values: Any, count: Any) -> Any:
    """So many of the values, from the first again after the last."""
    flat = np.ravel(values)
    return flat[np.arange(count) % np.size(flat)]


def put_in_turn(a: Any, ind: Any, v: Any) -> Any:
    a.flat[truths_as_places(ind)] = np.reshape(in_turn(v, np.size(ind)), np.shape(ind))


def putmask_in_turn(a: Any, mask: Any, values: Any) -> Any:
    a[...] = np.where(mask, np.reshape(in_turn(values, np.size(a)), np.shape(a)), a)


def place_in_turn(arr: Any, mask: Any, vals: Any) -> Any:
    arr[mask] = in_turn(vals, np.count_nonzero(mask))


def set_flat(a: Any, values: Any) -> Any:
    a[...] = np.reshape(in_turn(values, np.size(a)), np.shape(a))


def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> Any:
    if axis is None:
        arr.flat[indices] = values
        return
    axis = axis % np.ndim(arr)
    index = []
    for k in range(np.ndim(arr)):
        along = [-1 if i == k else 1 for i in range(np.ndim(arr))]
        index.append(
            indices if k == axis else np.reshape(np.arange(np.shape(arr)[k]), tuple(along))
        )
    arr[tuple(index)] = values


def sort(a: Any, axis: Any = -1) -> Any:
    a[...] = np.sort(a, axis=axis)


def tolist(a: Any) -> Any:
    if np.ndim(a) == 0:
        return a.item()
    if np.ndim(a) == 1:
        return [a[k].item() for k in range(len(a))]
    return [tolist(a[k]) for k in range(len(a))]


class MultiIndexed:
    """``np.nditer(a, flags=["multi_index"])``, in the order of the indices."""

    def __init__(self, a: Any) -> None:
        self.operand = a
        self.iterindex = 0

    @property
    def itersize(self) -> Any:
        return np.size(self.operand)

    @property
    def finished(self) -> Any:
        return self.iterindex >= np.size(self.operand)

    @property
    def multi_index(self) -> Any:
        rest = self.iterindex
        index = ()
        for size in np.shape(self.operand)[::-1]:
            index = (rest % size, *index)
            rest = rest // size
        return index

    @property
    def value(self) -> Any:
        return self.operand[self.multi_index]

    def iternext(self) -> Any:
        self.iterindex += 1
        return self.iterindex < np.size(self.operand)

    def __getitem__(self, k: Any) -> Any:
        return self.operand[self.multi_index]

    def __setitem__(self, k: Any, value: Any) -> None:
        self.operand[self.multi_index] = value

    def __iter__(self) -> Any:
        while self.iterindex < np.size(self.operand):
            yield self.operand[self.multi_index]
            self.iterindex += 1


def at_alone(ufunc: Any, a: Any, indices: Any) -> Any:
    """``ufunc.at(a, indices)`` of a ufunc of one number."""
    places = np.ravel(places_of(a, indices))
    for k in range(len(places)):
        a.flat[places[k]] = ufunc(a.flat[places[k]])


def at(ufunc: Any, a: Any, indices: Any, b: Any) -> Any:
    """``ufunc.at(a, indices, b)``, one element after the other."""
    places = places_of(a, indices)
    values = np.ravel(np.broadcast_to(b, np.shape(places)))
    places = np.ravel(places)
    for k in range(len(places)):
        a.flat[places[k]] = ufunc(a.flat[places[k]], values[k])


def places_of(a: Any, indices: Any) -> Any:
    """Of the elements that an index takes, their numbers in C order."""
    return np.reshape(np.arange(np.size(a)), np.shape(a))[indices]


def at_each(ufunc: Any, a: Any, indices: Any, b: Any) -> Any:
    """The same of an array and of integers of one dimension."""
    b = np.broadcast_to(b, np.shape(indices))
    for k in range(len(indices)):
        a[indices[k]] = ufunc(a[indices[k]], b[k])


def attribute_or(owner: Any, name: str, default: Any) -> Any:
    try:
        found = getattr(owner, name)
    except AttributeError:
        found = default
    return found


def has_attribute(owner: Any, name: str) -> bool:
    try:
        getattr(owner, name)
        found = True
    except AttributeError:
        found = False
    return found
