"""Programs of every structure the IR has, with points at which to differentiate them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.shapes import fresh_dim
from sorix.compiler.ir.types import FLOAT, INT, ListOf, Num, Type
from sorix.support import add_at, list_append, list_pop, list_set, relu, store
from tests.compiler.differentiate.writing import UNDEFINED, array, write


@dataclass
class Program:
    """A function and argument lists; `options` go to `check`."""

    function: Function
    points: list[tuple[Any, ...]]
    options: dict[str, Any] = field(default_factory=dict)


PROGRAMS: dict[str, Program] = {}


def program(
    *types: Type, at: list[tuple[Any, ...]], **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        name = body.__name__
        PROGRAMS[name] = Program(write(body, *types, name=name), at, options)
        return body

    return register


VECTOR = np.array([0.3, -0.7, 1.1, 0.4, -0.2])
POSITIVE = np.array([0.3, 0.7, 1.1, 0.4])
MATRIX = np.array([[0.3, -0.7, 0.2], [0.5, 0.1, -0.4]])


# --------------------------------------------------------------------------- straight line


@program(array("n"), at=[(VECTOR,)])
def wave(w, x):
    return np.sum(np.sin(x) * x)


@program(array("n", 3), array(3), at=[(MATRIX, np.array([1.0, 2.0, -0.5]))])
def layer(w, x, b):
    h = np.tanh(x * b + b)
    return h.mean(), np.exp(h)


@program(array("n", 3), array(3, 2), array(1, 2), at=[(MATRIX, MATRIX.T * 0.5, np.ones((1, 2)))])
def network(w, x, weights, bias):
    h = np.tanh(x @ weights + bias)
    return np.sum(h**2) / 3.0


@program(FLOAT, FLOAT, at=[(0.7, 1.3), (1.5, -0.4)])
def scalars(w, x, y):
    return x * y - np.sin(x) / y, x**y, y


@program(array("n"), at=[(VECTOR,)])
def slices(w, x):
    return np.sum((x[1:] - x[:-1]) ** 2 * x[1:])


@program(array("n"), at=[(VECTOR,)])
def elements(w, x):
    return x[0] * x[1] + x[1] * x[2] ** 2 + np.sum(x[1:3])


@program(array("n"), FLOAT, at=[(VECTOR, 0.4)])
def writes(w, x, a):
    y = store(x, 1, a * x[0])
    y = store(y, slice(2, 4), y[0:2] * y[1])
    y = add_at(y, np.array([0, 0, 2]), x[1:4])
    return np.sum(y**3)


@program(array("n"), at=[(VECTOR,)])
def same_twice(w, x):
    y = np.exp(x)
    return y, y, 3.0, y * x


@program(array("n"), INT, at=[(VECTOR, 2)], wrt=[0], oracle="five_point")
def integers(w, x, k):
    return x[k] * np.floor(x[0]) * k + np.sum(x * (x > 0))


@program(array("n"), at=[(POSITIVE,)], oracle="five_point")
def kinks(w, x):
    return np.sum(np.abs(x - 0.5) * x**2 + np.maximum(x, 0.5) * x + relu(x - 0.6) * x)


@program(array("n"), array("m"), at=[(VECTOR, POSITIVE)])
def joined(w, x, y):
    z = np.concatenate((x, y, x))
    u = np.stack((x, x * x))
    return np.sum(z**3), np.sum(np.sin(u), axis=0)


@program(array("n", "n"), array("n"), at=[(np.array([[2.0, 0.3], [0.1, 1.5]]), np.ones(2))])
def solving(w, a, b):
    u = np.linalg.solve(a, b)
    return np.sum(u * u), np.linalg.det(a)


@program(array("n"), at=[(VECTOR,)], wrt=[0])
def unused(w, x):
    return 1.0, np.ones(3)


# ------------------------------------------------------------------------------- branches


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 0.3), (-VECTOR, 0.3)])
def nested_branches(w, x, a):
    def then():
        q = np.sin(x) * a

        def inner():
            z = np.exp(q) * q
            return z * z

        r = w.branch(a > 0.5, inner, lambda: q * x)
        return np.sum(r * q)

    return w.branch(x[0] > 0, then, lambda: np.sum(x) * a)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, -0.3)])
def untouched_side(w, x, a):
    return np.sum(w.branch(a > 0, lambda: x * a, lambda: 2.0 * np.ones(5)) * x)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, -0.3)])
def choice(w, x, a):
    u, v = w.branch(a > 0, lambda: (x, a), lambda: (np.sin(x), 1.0))
    return np.sum(u * v), v


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, -0.3)])
def same_condition_twice(w, x, a):
    cond = a > 0
    y = w.branch(cond, lambda: x * x * a, lambda: UNDEFINED)
    z = w.branch(cond, lambda: np.sum(np.sin(y) * y), lambda: a * x[1])
    return z * a


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 0.2)])
def undefined_in_nested(w, x, a):
    def outer():
        y = w.branch(a > 0.5, lambda: np.exp(x * a), lambda: UNDEFINED)
        return w.branch(a > 0.5, lambda: np.sum(y * y), lambda: np.sum(x) * a)

    return w.branch(a > 0, outer, lambda: a)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def raising(w, x, a):
    def bad():
        w.fail(ValueError)
        return UNDEFINED

    y = w.branch(a < 0, bad, lambda: x * a * x)
    return np.sum(y * x)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def raising_in_loops(w, x, a):
    """The branch that raises leaves nothing."""

    def body(i, s):
        def bad():
            w.fail(ValueError)
            return ()

        y = w.branch(s < -5.0, bad, lambda: np.sin(s) * x[i], left="orelse")
        return y * y + a

    return w.loop(0, 4, [a], body)


@program(FLOAT, at=[(0.7,), (-0.7,)])
def float_or_constant(w, a):
    b = w.branch(a > 0, lambda: a * a, lambda: 1.0)
    return b * a * np.exp(b)


# ---------------------------------------------------------------------------------- loops


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR[:0], 0.7), (VECTOR[:1], 0.7)])
def recurrence(w, x, a):
    return w.loop(0, np.size(x), [a], lambda i, s: s * np.sin(x[i]) + a)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def two_carried(w, x, a):
    def body(i, u, v):
        return v * x[i], u + np.sin(v) * a

    u, v = w.loop(1, 4, [a, 1.0], body)
    return u * v, v


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def strides(w, x, a):
    s = w.loop(4, -1, [a], lambda i, s: s * x[i] + x[i] ** 2, step=-2)
    return w.loop(0, 5, [s], lambda i, s: s * np.cos(x[i] * s), step=3, backwards=True)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def stencil(w, x, a):
    n = np.size(x)

    def step(k, u):
        return w.loop(1, n - 1, [u], lambda i, u: store(u, i, u[i - 1] * a + np.sin(u[i + 1])))

    u = w.loop(0, 3, [x], step)
    return np.sum(u * u), u


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def whole_arrays(w, x, a):
    return np.sum(w.loop(0, 4, [x], lambda k, u: u + a * np.sin(u) * x) ** 2)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (-VECTOR, 0.7)])
def branch_in_loop(w, x, a):
    def body(i, s):
        v = x[i]

        def then():
            q = np.sin(v) * s
            return q * q

        return w.branch(v > 0, then, lambda: s + a * v * v)

    return w.loop(0, np.size(x), [a], body)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def branches_in_nested_loops(w, x, a):
    def outer(k, s):
        t = np.sin(s) * a

        def inner(i, r):
            def deep():
                q = np.tanh(r * x[i])
                return w.branch(q > 0.1, lambda: q * r * t, lambda: r - q * q)

            return w.branch(x[i] > 0, deep, lambda: r * np.cos(r) + t)

        return w.loop(0, k + 2, [t * s], inner)

    return w.loop(0, 3, [a], outer)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 0.1)])
def leaves_early(w, x, a):
    def body(i, s, done):
        t = s + x[i] * s + a
        return t * np.cos(t), t > 1.2

    s, _ = w.loop(1, np.size(x), [a, False], body, until=True)
    return s * s


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 0.1)])
def leaves_early_nested(w, x, a):
    def outer(k, s):
        def body(i, s, done):
            t = s + x[i] * s + a
            return t * np.cos(t), t > 1.2

        r, _ = w.loop(k, 5, [s, False], body, step=2, until=True)
        return r * np.sin(r)

    return w.loop(0, 3, [a], outer)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 0.1)])
def leaves_early_backwards(w, x, a):
    def body(i, s, done):
        t = s + x[i] * s + a
        return t * np.cos(t), t > 1.2

    s, _ = w.loop(1, np.size(x), [a, False], body, until=True, backwards=True)
    return s * s


@program(FLOAT, at=[(0.7,), (9.0,), (20.0,)])
def while_loop(w, a):
    return w.repeat([a], lambda s: s > 1.0, lambda s: np.sin(s) * s**0.5)


@program(FLOAT, at=[(0.9,), (2.0,), (3.0,)])
def newton(w, a):
    """The square root of a, with a value bound in the test and used in the body."""

    def test(s):
        r = s * s - a
        return np.abs(np.real(r)) > 1e-3, r

    return w.repeat([a], test, lambda s, r: s - r / (2.0 * s))


@program(FLOAT, at=[(0.9,), (2.0,)])
def branching_test(w, a):
    def test(s):
        r = w.branch(s > 1.0, lambda: np.sin(s) * s, lambda: s * s)
        return r > 0.3, r

    return w.repeat([a], test, lambda s, r: s * 0.8 - 0.1 * r * a)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, 3.0)])
def while_in_for(w, x, a):
    def body(i, s):
        r = w.repeat([s + a], lambda t: t > 0.5, lambda t: t * np.cos(x[i]) ** 2 - 0.1 * a)
        return s + r * r

    return w.loop(0, 3, [a], body)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def assigned_in_loop(w, x, a):
    """A variable that only the loop assigns, read after it."""
    types = [array("n"), FLOAT]
    y, s = w.loop(0, 3, [UNDEFINED, a], lambda i, y, s: (x * s, s * 2.0), types=types)
    return np.sum(y * y), s


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def assigned_before_read(w, x, a):
    """A variable read in the iteration after the one that first assigned it."""

    def body(i, y, s):
        t = w.branch(i > 0, lambda: s + np.sum(np.sin(y) * y), lambda: s * a)
        return x * t, t

    return w.loop(0, 3, [UNDEFINED, a], body, types=[array("n"), FLOAT])[1]


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def growing(w, x, a):
    """A carried array whose length changes from iteration to iteration."""

    def body(i, y):
        return np.concatenate((np.sin(y) * a, x[0:i]))

    return np.sum(w.loop(0, 4, [x], body, types=[Num("float64", (fresh_dim(),), "array")]) ** 2)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def counted(w, x, a):
    def body(i, s, k):
        v = x[k]
        return s * v + a, w.branch(s > 0, lambda: k + 1, lambda: (k + 2) % 5)

    s, _ = w.loop(0, 4, [a, 0], body)
    return s


@program(array("n", 3), at=[(MATRIX,)])
def rows(w, x):
    def body(i, s):
        row = x[i]
        return w.loop(0, 3, [s], lambda j, s: s * np.sin(row[j]) + row[j])

    return w.loop(0, np.size(x, 0), [1.0], body)


@program(array("n"), at=[(POSITIVE,)])
def prefix(w, x):
    """Each iteration writes an element and reads whole slices of what is there so far."""

    def body(i, u):
        return store(u, i, np.sum(u[0:i] ** 2) + np.sin(u[i]))

    u = w.loop(1, np.size(x), [x], body)
    return u @ u


@program(array("n"), array("n"), FLOAT, at=[(POSITIVE, POSITIVE[::-1].copy(), 0.3)])
def shapes_only(w, x, y, a):
    """What the reverse needs of the body's arrays is their shape alone."""

    def body(i, u):
        v = u + y * a
        return v + np.sum(v) - v.mean()

    return np.sum(w.loop(0, 3, [x], body) * x)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def shadowed_outer(w, x, a):
    """The loop's result and its carried start are used elsewhere as well."""
    y = np.sin(x) * a

    def body(i, u):
        return u * y + x * u[i]

    u = w.loop(0, 3, [y], body)
    return np.sum(u * y * a) + np.sum(y)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def triangular(w, x, a):
    """Bounds and steps of inner loops that differ in each iteration of the outer one."""

    def outer(k, s, m):
        stop = k + m
        t = w.loop(0, stop, [s], lambda i, t: t * np.sin(x[i % 5] + t), step=m)
        return t + a, w.branch(t > 0.2, lambda: 2, lambda: 1)

    return w.loop(0, 4, [a, 1], outer)[0]


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def three_deep(w, x, a):
    def outer(k, u):
        row = np.sin(u) * a

        def middle(i, u):
            def inner(j, s):
                return s * np.cos(row[j] + s) + u[i]

            return store(u, i, w.loop(0, i, [a], inner))

        return w.loop(0, np.size(x), [u], middle)

    return np.sum(w.loop(0, 2, [x], outer) ** 2)


# ---------------------------------------------------------------------------------- lists


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def appended(w, x, a):
    items = w.define([a], "items")

    def body(i, items):
        return list_append(items, np.sin(items[i]) * x[i])

    items = w.loop(0, 4, [items], body)
    return items[2] * items[4] + items[0], items


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def array_list(w, x, a):
    items = w.define([x, x * a, np.sin(x)], "items")
    items = list_set(items, 1, items[0] * items[1])
    items, last = list_pop(items)
    s = w.loop(0, 2, [x], lambda i, s: s * items[i] + last)
    return np.sum(s), items[1]


@program(ListOf(FLOAT), FLOAT, at=[([0.3, 0.9, -0.2], 0.7)])
def list_argument(w, items, a):
    def body(i, s):
        return s * items[i] + np.sin(items[i] * s)

    return w.loop(0, 3, [a], body)


@program(FLOAT, at=[(0.7,), (-0.7,)])
def list_in_branch(w, a):
    items = w.define([a, a * a], "items")
    items = w.branch(
        a > 0, lambda: list_append(items, np.sin(items[0])), lambda: list_append(items, 2.0)
    )
    return items[2] * items[1] * items[0]


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def joined_list(w, x, a):
    """A list whose length only the run tells, made into arrays."""
    items = w.define([x[0:2]], "items")
    numbers = w.define([a], "numbers")

    def body(i, items, numbers):
        grown = list_append(items, np.sin(items[i]) * x[i])
        return grown, list_append(numbers, numbers[i] * x[i + 1])

    items, numbers = w.loop(0, 3, [items, numbers], body)
    # These NumPy functions would ask a list for its length.
    long, square = (w.symbol(w.call(fn, items.atom)) for fn in (np.concatenate, np.stack))
    flat = w.symbol(w.call(np.array, numbers.atom))
    return np.sum(long**3), np.sum(np.tanh(square)), flat * a


@program(ListOf(FLOAT), FLOAT, at=[([0.3, 0.9, -0.2], 0.7)])
def unpacked_list(w, items, a):
    u, v, t = w.unpack(items, FLOAT, FLOAT, FLOAT)
    return u * v * a, np.sin(t) * items[0]


@program(ListOf(array("n")), FLOAT, at=[([VECTOR, VECTOR * 2.0], 0.7)])
def copied_list(w, items, a):
    copied = w.symbol(w.call(list, items.atom, hint="copied"))
    copied = list_set(copied, 0, copied[1] * a)
    return np.sum(copied[0] * items[0] * copied[1])


# --------------------------------------------------------------------------------- stacks


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def pushed_and_popped(w, x, a):
    stack = w.stack(FLOAT)

    def down(i, s):
        w.push(stack, s * x[i])
        return np.sin(s) + a

    s = w.loop(0, 5, [a], down)

    def up(i, r):
        v = w.pop(stack)
        return r * v + np.cos(v)

    return w.loop(0, 5, [s], up, backwards=True)


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def pushed_in_branches(w, x, a):
    stack = w.stack(array("n"))

    def down(i, s):
        def then():
            w.push(stack, x * s)
            return np.sin(s) + a

        return w.branch(x[i] > 0, then, lambda: s * a)

    s = w.loop(0, 5, [a], down)

    def up(i, r):
        return w.branch(x[i] > 0, lambda: r * np.sum(w.pop(stack) ** 2), lambda: r + x[i])

    return w.loop(0, 5, [s], up, backwards=True)


# ------------------------------------------------------------------------ unknown shapes


@program(array("n"), FLOAT, at=[(VECTOR, 0.7), (VECTOR, -0.7)])
def scalar_or_array(w, x, a):
    """A variable that is a number on one path and an array on the other."""
    b = w.branch(a > 0, lambda: x * a, lambda: a * a)
    return np.sum(b * x)


@program(
    array("_n"), array("_m"), at=[(np.ones(1), VECTOR), (VECTOR, VECTOR), (VECTOR, np.ones(1))]
)
def maybe_one(w, x, y):
    return np.sum(x * y * np.sin(y))


# ------------------------------------------------------------------ functions of the IR


def _called(w, x, a):
    s = w.loop(0, np.size(x), [a], lambda i, s: s * np.sin(x[i]) + a)
    return s * a, x * s


CALLED = write(_called, array("n"), FLOAT, name="called")


@program(array("n"), FLOAT, at=[(VECTOR, 0.7)])
def calling(w, x, a):
    u, v = w.run(CALLED, x, np.sin(a), hints=("u", "v"))
    _, v = w.run(CALLED, v, u, hints=("u", "v"))
    return np.sum(v * x)
