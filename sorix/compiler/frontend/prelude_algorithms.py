"""Algorithms of `heapq`, `bisect`, `statistics` and `itertools`, as the Python they amount to.

The interpreter reads these functions as it reads the user's. A heap is laid out as CPython lays it
out, so that a program that looks into its list sees the same.
"""

from __future__ import annotations

import math
import statistics
from typing import Any

from sorix.compiler.frontend import wording

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


_SAID = {
    fn.__name__: wording.said(fn, [])
    for fn in (
        *(statistics.mean, statistics.fmean, statistics.median, statistics.pvariance),
        *(statistics.variance, statistics.pstdev, statistics.stdev),
        *(statistics.geometric_mean, statistics.harmonic_mean),
    )
}
_OF_NEGATIVE = wording.said(statistics.harmonic_mean, [-1.0])
_OF_NOT_POSITIVE = wording.said(statistics.geometric_mean, [-1.0])
_OF_OTHER_WEIGHTS = wording.said(statistics.fmean, [1.0], [1.0, 2.0])
_OF_NO_WEIGHT = wording.said(statistics.fmean, [1.0], [0.0])
_REFUSES_ZERO = not isinstance(
    wording.said(statistics.geometric_mean, [0.0, 1.0]), wording.Approximate
)
"""Later versions of Python return 0."""


def _require(values: Any, least: Any, fn: Any) -> None:
    """Refuse fewer values than a function of `statistics` takes."""
    if len(values) < least:
        raise statistics.StatisticsError(_SAID[fn])


def _average(values: Any) -> Any:
    return sum(values) / len(values)


def mean(data: Any) -> Any:
    values = list(data)
    _require(values, 1, "mean")
    return _average(values)


def weighted_mean(data: Any, weights: Any = None) -> Any:
    values = list(data)
    if weights is None:
        _require(values, 1, "fmean")
        return _average(values)
    shares = list(weights)
    if len(shares) != len(values):
        raise statistics.StatisticsError(_OF_OTHER_WEIGHTS)
    total, whole = sum([w * v for w, v in zip(shares, values)]), sum(shares)
    if whole == 0:
        raise statistics.StatisticsError(_OF_NO_WEIGHT)
    return total / whole


def median(data: Any) -> Any:
    values = sorted(data)
    n = len(values)
    _require(values, 1, "median")
    if n % 2 == 1:
        return values[n // 2]
    return (values[n // 2 - 1] + values[n // 2]) / 2


def _squares(values: Any, center: Any) -> Any:
    """The squares of the distances from a center, or from the mean, added up."""
    middle = _average(values) if center is None else center
    return sum([(v - middle) ** 2 for v in values])


def pvariance(data: Any, mu: Any = None) -> Any:
    values = list(data)
    _require(values, 1, "pvariance")
    return _squares(values, mu) / len(values)


def variance(data: Any, xbar: Any = None) -> Any:
    values = list(data)
    _require(values, 2, "variance")
    return _squares(values, xbar) / (len(values) - 1)


def pstdev(data: Any, mu: Any = None) -> Any:
    values = list(data)
    _require(values, 1, "pstdev")
    return math.sqrt(_squares(values, mu) / len(values))


def stdev(data: Any, xbar: Any = None) -> Any:
    values = list(data)
    _require(values, 2, "stdev")
    return math.sqrt(_squares(values, xbar) / (len(values) - 1))


def geometric_mean(data: Any) -> Any:
    values = list(data)
    _require(values, 1, "geometric_mean")
    if any(v < 0 or (_REFUSES_ZERO and v == 0) for v in values):
        raise statistics.StatisticsError(_OF_NOT_POSITIVE)
    return math.exp(_average([math.log(v) for v in values]))


def harmonic_mean(data: Any) -> Any:
    values = list(data)
    _require(values, 1, "harmonic_mean")
    if any(v < 0 for v in values):
        raise statistics.StatisticsError(_OF_NEGATIVE)
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
