"""Sets: those whose elements only the run knows, as of the nodes that a search has visited."""

from __future__ import annotations

import heapq

import numpy as np

from sorix.errors import UnsupportedTypeError
from tests.corpus.registry import program

_LENGTHS = np.array([1.0, 4.0, 2.0, 0.5, 6.0])
_WAYS = {0: [(1, 0), (2, 1)], 1: [(3, 2)], 2: [(1, 3), (3, 4)], 3: []}


@program(args=(_LENGTHS, _WAYS, 3))
def shortest_way_with_a_set_of_the_visited(lengths, ways, target):
    reached, visited, queue = {0: 0.0}, set(), [(0.0, 0)]
    while queue:
        length, node = heapq.heappop(queue)
        if node in visited:
            continue
        visited.add(node)
        if node == target:
            return length**2
        for other, way in ways[node]:
            longer = length + lengths[way]
            if other not in reached or longer < reached[other]:
                reached[other] = longer
                heapq.heappush(queue, (longer, other))
    return 0.0


@program(args=(np.array([1.2, 4.5, 1.6, 0.5, 4.1]),))
def first_of_each_whole_part(x):
    seen, total = set(), 0.0
    for v in x:
        if int(v) not in seen:
            seen.add(int(v))
            total += v**2
    return total * len(seen)


@program(args=(np.array([1.2, 4.5, 1.6, 0.5, 4.1]),))
def pairs_in_a_set(x):
    seen, total = {(0, 0)}, 0.0
    for k, v in enumerate(x):
        if (int(v), k % 2) in seen:
            total += v**3
        seen.add((int(v), k % 2))
    return total + len(seen) * x[0] ** 2


@program(args=(np.array([1.2, 4.5, 1.6, 0.5, 4.1]),))
def set_that_is_copied_and_changed(x):
    whole = {int(v) for v in x}
    fewer = whole.copy()
    fewer.discard(int(x[1]))
    fewer.discard(99)
    whole.update([7, 8])
    try:
        fewer.remove(int(x[4]))
    except KeyError:
        fewer.add(50)
    return x[0] ** 2 * len(whole) + x[1] ** 2 * len(fewer) + x[2] * (50 in fewer) * bool(whole)


@program(args=(np.array([1.2, 4.5, 1.6, 0.5, 4.1]),))
def set_that_is_emptied(x):
    whole = {int(v) for v in x}
    kept = whole
    whole.clear()
    whole.add(int(x[0]))
    return x[0] ** 2 * len(kept) + x[1] * isinstance(kept, set)


@program(args=(np.array([0.8, 0.9, 0.4]),))
def set_that_branches_add_to(x):
    large = set()
    for k, v in enumerate(x):
        if v > 0.5:
            large.add(k)
    return sum(v**2 for k, v in enumerate(x) if k in large) * len(large)


@program(args=(np.array([1.2, 4.5, 1.6]),), refused=UnsupportedTypeError)
def set_of_the_run_in_a_loop(x):
    return sum(k * x[0] for k in {int(v) for v in x})
