"""Functions and loops whose derivative keeps little and runs them again."""

from __future__ import annotations

import numpy as np

import sorix
from sorix.errors import UnsupportedTypeError
from tests.corpus.registry import program

X = np.array([0.4, -0.7, 1.1])
W = np.array([0.9, 0.5, -0.3])


@sorix.checkpoint
def _layer(x, w):
    hidden = np.tanh(x * w)
    return hidden * np.cos(hidden) + x


@program(args=(X, W), argnums=(0, 1))
def checkpointed_layers_in_a_loop(x, w):
    for _ in range(4):
        x = _layer(x, w)
    return np.sum(x * x)


@program(args=(X, W), argnums=(0, 1))
def checkpointed_closure_that_reads_outside(x, w):
    scale = np.sum(w * w)

    @sorix.checkpoint
    def part(v):
        return np.sin(v * scale) * w

    return np.sum(part(x) * part(x + 1.0))


@program(args=(X, 0.7), argnums=(0, 1))
def checkpointed_branch_and_loop(x, a):
    def shrink(v):
        while np.sum(v * v) > 0.2:
            v = v * 0.6 * a
            if np.max(v) < 0.1:
                return v * a
        return v

    return np.sum(sorix.checkpoint(shrink)(x) ** 2) + a


class _Body:
    def __init__(self, mass):
        self.mass = mass

    @sorix.checkpoint
    def forces(self, x):
        return {"pull": -self.mass * x, "sizes": [np.sum(x * x), (self.mass, 3.0)]}


@program(args=(X, 1.3), argnums=(0, 1))
def checkpointed_method_that_returns_containers(x, mass):
    found = _Body(mass).forces(x)
    size, (again, three) = found["sizes"]
    return np.sum(found["pull"] * x) * size + again * three


@program(args=(X, W), argnums=(0, 1))
def checkpointed_procedure_writes_its_argument(x, w):
    y = x * 1.0

    def smooth(y, k):
        y[1:] = y[1:] * w[0] + np.sin(y[:-1]) * k

    for k in range(3):
        sorix.checkpoint(smooth)(y, k)
    return np.sum(y * y)


@program(args=(1.3, 0.7), argnums=(0, 1))
def checkpointed_inside_checkpointed(x, a):
    @sorix.checkpoint
    def inner(u):
        return np.sin(u * a) * u

    @sorix.checkpoint
    def outer(u):
        return inner(inner(u) + a)

    return outer(outer(x))


@program(args=(1.3, 0.7), argnums=(0, 1))
def derivative_inside_checkpointed(x, a):
    def energy(q):
        return np.cos(q) * a + q**4

    @sorix.checkpoint
    def push(q):
        return q - 0.1 * sorix.func.grad(energy)(q)

    for _ in range(3):
        x = push(x)
    return x


# -- loops in segments ----------------------------------------------------------------------


@program(args=(1.1, 0.8), argnums=(0, 1))
def segments_of_a_range(angle, k):
    speed = 0.0
    for i in sorix.checkpoint(range(11)):
        speed -= 0.1 * k * np.sin(angle) + 0.01 * i
        angle += 0.1 * speed
    return angle * speed


@program(args=(X, W), argnums=(0, 1))
def segments_of_an_array(x, w):
    y = 1.0
    for v in sorix.checkpoint(w):
        y = y * np.sin(x) + v * v
    return np.sum(y)


@program(args=(X, W, 7), argnums=(0, 1))
def segments_of_enumerate_and_zip(x, w, n):
    total = 0.0
    for i, (a, b) in sorix.checkpoint(enumerate(zip(x, w))):
        total = np.tanh(total + a * b) + 0.1 * i
    for k in sorix.checkpoint(range(n, 0, -2)):
        total = total + 0.1 * np.cos(total) * k
    return total


@program(args=(X, 0.7), argnums=(0, 1))
def segments_left_by_break(x, a):
    for i in sorix.checkpoint(range(20), segment=3):
        x = x * a + 0.1
        if np.sum(x * x) < 0.3:
            break
    else:
        x = x * 100.0
    return np.sum(x * x) * (i + 1)


@program(args=(X, 0.7), argnums=(0, 1))
def segments_left_by_return(x, a):
    for i in sorix.checkpoint(range(20)):
        x = x * a + 0.1
        if np.sum(x * x) < 0.3:
            return np.sum(x) * a + i
    return 0.0


@program(args=(X, W, 0), argnums=(0, 1))
def segments_of_an_empty_range(x, w, n):
    for i in sorix.checkpoint(range(n)):
        x = x * w * i
    for i in sorix.checkpoint(range(5, n)):
        x = x + w * i
    return np.sum(x * w)


@program(args=(np.linspace(0.1, 1.0, 9), 0.3), argnums=(0, 1))
def segments_of_writes_in_place(u, c):
    u = u.copy()
    for i in sorix.checkpoint(range(1, len(u) - 1)):
        u[i] = u[i] + c * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        u[i - 1] *= u[i]
    return np.sum(u * u)


@program(args=(X, 0.3), argnums=(0, 1))
def segments_that_first_assign(x, c):
    for i in sorix.checkpoint(range(5)):
        y = np.sin(x * c) + i
        x = y * c
    return np.sum(x * y)


@program(args=(0.4, 0.3), argnums=(0, 1))
def segments_that_append(x, c):
    path = []
    for _ in sorix.checkpoint(range(6)):
        x = np.sin(x + c)
        path.append(x * x)
    return path[-1] * path[2] + sum(path)


@program(args=(0.4, 0.3), argnums=(0, 1))
def segments_inside_segments(x, c):
    for i in sorix.checkpoint(range(5)):
        for j in sorix.checkpoint(range(i + 2), segment=2):
            x = np.sin(x + c * j)
        x = x * c + 0.5
    return x


@program(args=(0.43, 0.3), argnums=(0, 1))
def segments_of_a_length_computed_from_data(x, c):
    n = int(10.0 * x) + 3
    for _ in sorix.checkpoint(range(n), segment=max(n // 3, 1)):
        x = x + c * np.cos(x)
    return x


@sorix.checkpoint
def _leap(q, p, h):
    p = p - 0.5 * h * np.sin(q)
    q = q + h * p
    return q, p - 0.5 * h * np.sin(q)


@program(args=(X, W), argnums=(0, 1))
def segments_that_call_a_checkpointed_function(q, p):
    for _ in sorix.checkpoint(range(6)):
        q, p = _leap(q, p, 0.2)
    return np.sum(q * p)


@program(args=(X,), refused=UnsupportedTypeError)
def segments_of_a_generator(x):
    total = 0.0
    for v in sorix.checkpoint(v * v for v in x):
        total = total * np.sum(x) + v
    return total


@program(args=(X, 2), refused=UnsupportedTypeError)
def segments_with_a_step_of_data(x, step):
    for i in sorix.checkpoint(range(0, 9, int(x[2]) + step)):
        x = x * np.sin(x) + i
    return np.sum(x)


GRID = np.array([[0.4, -0.7, 1.1], [0.2, 0.9, -0.3], [1.3, 0.1, 0.6], [-0.8, 0.5, 0.2]])


@sorix.checkpoint
def _of_a_row(row, w):
    return np.sum(np.tanh(row * w))


@program(args=(GRID, 0.7), argnums=(0, 1))
def checkpointed_function_on_rows(grid, w):
    total = 0.0
    for k in range(grid.shape[0]):
        total = total + _of_a_row(grid[k], w) * _of_a_row(grid[k, 1:], w)
    return total


@sorix.checkpoint
def _of_neighbours(grid, same, k, w):
    if k % 2 == 0:
        return np.sum(np.sin(grid[k] * same[k - 1]) * w)
    return np.sum(same) * w * np.sum(grid[k, 1:])


@program(args=(GRID, 0.7), argnums=(0, 1))
def checkpointed_function_on_places_of_an_array_given_twice(grid, w):
    total = np.sum(grid[1] * w)
    for k in range(grid.shape[0]):
        total = total + _of_neighbours(grid, grid, k, w) * total
    return total


@sorix.checkpoint
def _handing_on(grid, k):
    return grid, np.sum(grid[k] * grid[k])


@program(args=(GRID, 0.7), argnums=(0, 1))
def checkpointed_function_that_hands_the_array_on(grid, w):
    total, first = 0.0, grid
    for k in range(grid.shape[0]):
        grid, part = _handing_on(grid, k)
        total = total + w * part
    return total + np.sum(np.sin(grid) * first)


@program(args=(GRID, 0.7), argnums=(0, 1))
def segments_that_read_and_write_rows(grid, w):
    found = grid * w
    for k in sorix.checkpoint(range(1, grid.shape[0]), segment=2):
        found[k] = np.sin(found[k - 1]) * grid[k] + found[k]
    return np.sum(found * grid)


@sorix.checkpoint
def _beside_itself(grid, k):
    return grid, np.sum(np.cos(grid[k]))


@program(args=(GRID,))
def checkpointed_function_that_hands_on_what_is_scaled_before(grid):
    same, first = _beside_itself(grid, 1)
    scaled, second = _beside_itself(same * 2, 2)
    return first * second + np.sum(scaled * same)
