"""Lists whose items are not all of one kind: numbers and tensors, tuples of different structures."""

from __future__ import annotations

import numpy as np

from sorix.errors import StructureError
from tests.corpus.registry import program

_THREE = np.array([0.4, 1.3, 0.9])


@program(args=(_THREE, 3))
def numbers_of_a_list_replaced_one_by_one(x, n):
    squares, i = [0.0] * n, 0
    for v in x:
        squares[i] = v * v
        i += 1
    return sum(squares) * squares[1]


@program(args=(_THREE,))
def list_that_begins_with_a_number(x):
    sums = [0.0]
    for v in x:
        sums.append(sums[-1] * 0.5 + v**2)
    return sums[-1] * sums[1]


@program(args=(_THREE,))
def number_handed_from_list_to_list(x):
    total, late, now = 0.0, [0.0], [0.0]
    for v in x:
        total = total + late[-1] ** 2
        late.append(now[-1])
        now.append(v)
    return total + late[-1]


@program(args=(_THREE,))
def pairs_that_begin_with_numbers(x):
    pairs = [(0.0, 1)]
    for v in x:
        pairs.append((v, 2))
    return pairs[-1][0] ** 2 * pairs[1][1]


@program(args=(_THREE,))
def tuple_that_begins_with_a_number(x):
    found = (0.0,)
    while len(found) < 4 and found[-1] < 1:
        found += (x[len(found) - 1] ** 2,)
    return found[-1] * found[1]


class Window:
    def __init__(self, length):
        self.data, self.next, self.full = [0.0] * length, 0, False

    def push(self, v):
        self.data[self.next] = v
        self.next += 1
        if self.next == len(self.data):
            self.next, self.full = 0, True

    def __len__(self):
        return len(self.data) if self.full else self.next

    def __iter__(self):
        for k in range(len(self)):
            yield self.data[(self.next + k) % len(self)]


@program(args=(_THREE, 2))
def window_over_the_last_values(x, length):
    window, total = Window(length), 0.0
    for v in x:
        window.push(v * v)
        total = total + sum(window) / len(window)
    return total


@program(args=(_THREE,))
def tuples_with_none_at_different_places(x):
    moves = [(0.5, None, 1.0)]
    for v in x:
        moves.append((None, v, 2.0))
    total = 0.0
    for start, way, factor in moves:
        total += way**2 * factor if start is None else start * factor * 10
    return total


@program(args=(_THREE,))
def tuples_nested_differently(x):
    rows = [(0.5, (2.0, 1.0))]
    for v in x:
        rows.append(((v, 2.0), 3.0))
    return sum(x[0] ** 2 if isinstance(first, tuple) else 2.0 for first, _ in rows)


@program(args=(_THREE,), refused=StructureError)
def tuples_nested_differently_sorted(x):
    rows = [(x[0], (x[1], x[2])), ((x[2], x[1]), x[0])]
    keys = iter([x[0], x[1]])
    rows.sort(key=lambda row: next(keys), reverse=True)
    return x[0] * 5 if isinstance(rows[0][0], tuple) else x[0]


@program(args=(_THREE,))
def tuples_of_different_lengths_sorted(x):
    rows = [(x[1], x[0]), (x[2],)]
    rows.sort(key=lambda row: row[0])
    return rows[0][0] ** 2 * len(rows[0])
