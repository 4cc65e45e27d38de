"""heapq, bisect, statistics, itertools, logging, warnings, contextlib as numerical code uses them."""

from __future__ import annotations

import bisect
import contextlib
import functools
import heapq
import itertools
import logging
import operator
import statistics
import warnings
from collections import OrderedDict

import numpy as np

from tests.corpus.registry import program


@program(args=(0.7, [0.5, 0.2, 0.9]), argnums=(0, 1))
def heap_of_events(x, delays):
    events = []
    for k, d in enumerate(delays):
        heapq.heappush(events, (d * x, k))
    total, n = 0.0, 1
    while events:
        t, k = heapq.heappop(events)
        total += t * n + k * x
        n += 1
    return total


@program(args=([0.5, 0.2, 0.9, 0.1],))
def heaps_of_numbers(v):
    heap = [w * w for w in v]
    heapq.heapify(heap)
    least = heapq.heapreplace(heap, 5.0 * v[0])
    least += heapq.heappushpop(heap, 0.03)
    return sum(heapq.nlargest(2, v)) * 2 + heapq.nsmallest(1, v)[0] * least + heap[0]


@program(args=(0.35, [0.0, 1.0, 4.0, 9.0]), argnums=(0, 1))
def interpolation_by_bisection(x, ys):
    xs = [0.0, 0.25, 0.5, 1.0]
    i = bisect.bisect_right(xs, x) - 1
    t = (x - xs[i]) / (xs[i + 1] - xs[i])
    return ys[i] * (1 - t) + ys[i + 1] * t + bisect.bisect_left(ys, 2.0) * x


@program(args=(0.7,))
def runs_by_groupby(x):
    data = [("a", x), ("a", x**2), ("b", 3 * x), ("a", 1.0)]
    total = 0.0
    for k, group in itertools.groupby(data, key=lambda p: p[0]):
        s = sum(v for _, v in group)
        total += s * s * (2 if k == "a" else 5)
    return total


@program(args=(np.array([1.0, 2.0, 3.0, 4.0]),))
def cycle_tee_and_sentinel(v):
    alternating = sum(x * w for x, w in zip(v, itertools.cycle([1.0, -1.0])))
    one, two = itertools.tee(v**2)
    product = list(itertools.accumulate(v, operator.mul))[-1]
    left = [3.0, 2.0, 1.0]
    counted = sum(iter(left.pop, 1.0))
    middle = sum(itertools.islice(itertools.chain(v, v**2), 2, 6))
    return alternating * sum(one) + max(two) + product + counted * v[0] + middle


@program(args=(0.7,))
def rest_of_an_iterator(x):
    items = iter([x, x**2, 3.0])
    first = next(items)
    rest = list(items)
    return first * rest[0] + next(items, 4.0) * rest[1]


@program(args=(0.7,))
def ordered_dict_and_star(x):
    table = OrderedDict(a=x, b=x * 2)
    table.move_to_end("a")
    kept = [z for k in range(4) if (z := x**k) > 0.3]
    first, *middle, last = kept
    both = [*middle, 2.0, *kept]
    try:
        p, q = table.values(), 3.0
        p, q = (1.0,)
    except ValueError:
        q = x
    return next(iter(table.values())) * first + sum(middle) * last + len(both) * sum(both) + q


@functools.singledispatch
def _area(shape):
    raise TypeError(shape)


@_area.register
def _(shape: list):
    return sum(side**2 for side in shape)


@_area.register(tuple)
def _(shape):
    return shape[0] * shape[1]


@program(args=(0.7,))
def dispatch_on_the_class(x):
    return _area([x, x * 2]) * _area((x, 3.0))


_LOG = logging.getLogger("tests.quiet")


@program(args=(0.7,))
def messages(x):
    log = logging.getLogger("tests.quiet")
    log.debug("start %s", x)
    _LOG.info("done: %s and %s", x, 2 * x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("hello", stacklevel=2)
    with contextlib.nullcontext(x**2) as z:
        return z * x


@program(args=(np.array([1.0, 2.0, 3.0]),))
def rows_with_labels(v):
    log = [("start", 5.0)]
    for x in v:
        log.append(("step", x * x))
    rows = (("a", v[0]), ("b", v[1] * 2), ("a", v[2] ** 2))
    name, y = rows[int(np.argmax(v))]
    total = sum(2 * y if name == "start" else y for name, y in log)
    return total * y * (3 if name == "a" else 5)


@program(args=(np.array([0.3, 0.8]),))
def operators_that_change_their_operand(x):
    total, parts, kept = np.zeros(2), [1.0, 2.0], {"a": x, "b": 2.0 * x}
    operator.iadd(total, x)
    operator.imul(total[1:], x[1:])
    operator.iconcat(parts, [3.0])
    operator.iadd(parts, [x[0]])
    operator.delitem(parts, 0)
    operator.delitem(kept, "a")
    return np.sum(total**2) * len(parts) + parts[-1] + operator.isub(1.0, x[1]) * len(kept)


@program(args=(np.array([0.52, 0.31, 0.93, 0.71]),))
def too_few_for_statistics_handled(x):
    total = x[0]
    of_one = (statistics.mean, statistics.fmean, statistics.median, statistics.pvariance)
    of_two = (statistics.variance, statistics.stdev)
    for least in (0.95, 0.9, 0.6, 0.4):
        kept = [v * total for v in x if v > least]
        for figure in (*of_one, *of_two, statistics.harmonic_mean):
            try:
                total += 0.1 * figure(kept)
            except statistics.StatisticsError as error:
                total *= 1.0 + 0.01 * len(str(error))
    try:
        total *= statistics.geometric_mean([x[0], -x[1]])
    except statistics.StatisticsError:
        total *= statistics.fmean(x, [1.0, 2.0, 0.5, 1.5])
    return total
