"""Algorithms of `heapq`, `bisect`, `statistics` and `itertools`, as the Python they amount to.

The interpreter reads these functions as it reads the user's. A heap is laid out as CPython lays it
out, so that a program that looks into its list sees the same.
"""

from __future__ import annotations

import math
from typing import Any

# -- heapq ----------------------------------------------------------------------------------


def _sift_down(heap: Any, start: Any, at: Any) -> Any:
    item = heap[at]
    moving = True
    while moving and at > start:
        parent = (at - 1) >> 1
        if item < heap[parent]:
            heap[at] = heap[parent]
            at = parent
        else:
            moving = False
    heap[at] = item


def _sift_up(heap: Any, at: Any) -> Any:
    end = len(heap)
    start = at
    item = heap[at]
    child = 2 * at + 1
    while child < end:
        if child + 1 < end and not heap[child] < heap[child + 1]:
            child = child + 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _sift_down(heap, start, at)


def heappush(heap: Any, item: Any) -> Any:
    heap.append(item)
    _sift_down(heap, 0, len(heap) - 1)


def heappop(heap: Any) -> Any:
    last = heap.pop()
    if len(heap) > 0:
        first = heap[0]
        heap[0] = last
        _sift_up(heap, 0)
        return first
    return last


def heapreplace(heap: Any, item: Any) -> Any:
    first = heap[0]
    heap[0] = item
    _sift_up(heap, 0)
    return first


def heappushpop(heap: Any, item: Any) -> Any:
    if len(heap) > 0 and heap[0] < item:
        first = heap[0]
        heap[0] = item
        _sift_up(heap, 0)
        return first
    return item


def heapify(heap: Any) -> Any:
    for k in reversed(range(len(heap) // 2)):
        _sift_up(heap, k)


def nlargest(n: Any, iterable: Any, key: Any = None) -> Any:
    return sorted(iterable, key=key, reverse=True)[:n]


def nsmallest(n: Any, iterable: Any, key: Any = None) -> Any:
    return sorted(iterable, key=key)[:n]


# -- bisect ---------------------------------------------------------------------------------


def bisect_left(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        if (a[middle] if key is None else key(a[middle])) < x:
            lo = middle + 1
        else:
            hi = middle
    return lo


def bisect_right(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        if x < (a[middle] if key is None else key(a[middle])):
            hi = middle
        else:
            lo = middle + 1
    return lo


# -- statistics -----------------------------------------------------------------------------


def mean(data: Any) -> Any:
    values = list(data)
    return sum(values) / len(values)


def weighted_mean(data: Any, weights: Any = None) -> Any:
    values = list(data)
    if weights is None:
        return sum(values) / len(values)
    total = sum([w * v for w, v in zip(weights, values)])
    return total / sum(weights)


def median(data: Any) -> Any:
    values = sorted(data)
    n = len(values)
    if n % 2 == 1:
        return values[n // 2]
    return (values[n // 2 - 1] + values[n // 2]) / 2


def pvariance(data: Any, mu: Any = None) -> Any:
    values = list(data)
    center = mean(values) if mu is None else mu
    return sum([(v - center) ** 2 for v in values]) / len(values)


def variance(data: Any, xbar: Any = None) -> Any:
    values = list(data)
    center = mean(values) if xbar is None else xbar
    return sum([(v - center) ** 2 for v in values]) / (len(values) - 1)


def pstdev(data: Any, mu: Any = None) -> Any:
    return math.sqrt(pvariance(data, mu))


def stdev(data: Any, xbar: Any = None) -> Any:
    return math.sqrt(variance(data, xbar))


def geometric_mean(data: Any) -> Any:
    return math.exp(mean([math.log(v) for v in data]))


def harmonic_mean(data: Any) -> Any:
    values = list(data)
    return len(values) / sum([1 / v for v in values])


class Counter:
    """What `itertools.count` makes, where loops that it was made before take from it."""

    def __init__(self, start: Any, step: Any) -> None:
        self.value, self.step = start, step

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        value = self.value
        self.value = value + self.step
        return value
