"""What comes first: sorting, least and greatest, where the run decides the order."""

from __future__ import annotations

import dataclasses

import numpy as np

from sorix.errors import StructureError
from tests.corpus.registry import program


@program(args=([0.5, 0.2, 0.9, 0.1],))
def sorted_numbers(v):
    up, down = sorted(v), sorted(v, reverse=True)
    return up[0] * 2 + up[1] ** 2 * down[0] + sum(k * w for k, w in enumerate(down))


@program(args=(np.array([0.5, 0.2, 0.9, 0.1]),))
def sorted_array(v):
    return sum(k * w**2 for k, w in enumerate(sorted(v)))


@program(args=(0.7, [0.5, 0.2, 0.9]), argnums=(0, 1))
def sorted_events(x, delays):
    events = [(d * x, k) for k, d in enumerate(delays)]
    events.sort()
    t, total = 0.0, 0.0
    for when, k in events:
        total += (when - t) * (k + 1) ** 2
        t = when
    return total


@program(args=([0.5, -0.2, 0.9, -0.1],))
def sorted_by_key(v):
    near = sorted(v, key=abs)
    pairs = sorted(zip(v, v[::-1]), key=lambda p: p[0] * p[1], reverse=True)
    return near[0] * 3 + near[2] ** 2 + pairs[0][0] * pairs[3][1]


@program(args=(np.array([0.5, 0.2, 0.9, 0.1, 0.7]),))
def sorted_list_of_unknown_length(v):
    kept = [x for x in v if x > 0.15]
    kept.sort(key=lambda x: -x)
    return kept[0] * 2 + kept[-1] ** 2 + sum(k * x for k, x in enumerate(sorted(kept)))


@dataclasses.dataclass(frozen=True, order=True)
class Point:
    x: float
    y: float = 0.0


@program(args=(0.7, 1.3), argnums=(0, 1))
def sorted_objects(a, b):
    points = sorted([Point(b, a), Point(a, b), Point(a * b)])
    far = sorted(points, key=lambda p: p.x + p.y, reverse=True)
    best = max(points, key=lambda p: p.x * 2 + p.y)
    return points[0].x * 3 + points[1].y + far[0].x * far[1].y + best.y


@program(args=(0.7,))
def state_in_a_string(x):
    state, total, count = "idle", 0.0, 0

    def feed(v):
        nonlocal state, total, count
        count += 1
        if state == "idle":
            state = "run"
        elif state == "run":
            total += v * count
            if total > 2:
                state = "stop"
        else:
            total *= 0.9
        return state

    for k in range(6):
        feed(x * k)
    return total if feed(x) in ("run", "stop") else 0.0


@program(args=(np.array([0.5, 0.2, 0.9, 0.1]),))
def none_before_the_first(v):
    previous, first, total = None, True, 0.0
    for x in v:
        if first:
            first = False
        else:
            total += (x - previous) ** 2
        previous = x
    last = None
    for k in range(len(v)):
        if k > 0:
            total += last * v[k]
        last = v[k]
    return total


_PAIRED = np.array([0.5, 2.2, 3.1, -1.2, 0.7])


@program(args=(_PAIRED, _PAIRED[::-1] * 2), argnums=(0, 1))
def pairs_of_a_run_in_order(x, y):
    pairs = sorted(zip(x, y))
    rows = [(v > 1, (v * v, w)) for v, w in zip(x, y)]
    rows.sort(reverse=True)
    nearest = sorted((abs(v - 1), v) for v in x)
    second = [v for _, v in nearest][1]
    return sum((k + 1) * b for k, (a, b) in enumerate(pairs)) + rows[0][1][0] * rows[4][1][1] + second


@program(args=(_PAIRED,))
def chosen_numbers_in_the_order_of_two_keys(x):
    chosen = [v for v in x if v > 0]
    chosen.sort(key=lambda v: (v > 2, -v))
    numbered = sorted(((v, i) for i, v in enumerate(x) if v > 0.6), key=lambda t: t[0] < 1)
    return chosen[0] * 2 + chosen[-1] ** 2 + numbered[-1][0] ** 3 + numbered[0][1]
_THREE = np.array([0.5, 2.0, 1.2])


@program(args=(_THREE,))
def closest_pair(x):
    v, k = min(zip(x, range(3)))
    d, i, j = min((abs(a - b), i, j) for i, a in enumerate(x) for j, b in enumerate(x) if i < j)
    return d**2 + i * x[0] + j * x[1] + v**2 + k * x[2]


@program(args=(_THREE,))
def pairs_of_unknown_number_in_order(x):
    pairs = [(v * v, k) for k, v in enumerate(x)]
    falling = sorted(pairs, key=lambda p: (p[0], -p[1]), reverse=True)
    pairs.sort()
    highest = max([(v * v, -v) for v in x])
    return pairs[0][0] * 2 + pairs[1][0] * pairs[1][1] + falling[0][0] ** 2 * highest[1]


class Disc:
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return 3 * self.radius**2


class Box:
    def __init__(self, width, height):
        self.width, self.height = width, height

    def area(self):
        return self.width * self.height


@program(args=(_THREE,), refused=StructureError)
def objects_of_two_classes_sorted(x):
    shapes = [Disc(x[0]), Box(x[1], x[2])]
    shapes.sort(key=lambda s: s.area())
    return shapes[0].area()


@program(args=(_THREE,), refused=StructureError)
def largest_of_objects_of_two_classes(x):
    return max([Disc(x[0]), Box(x[1], x[2])], key=lambda s: s.area()).area()
