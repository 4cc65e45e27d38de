"""Recursion that data end: each such function gets an adjoint of its own."""

from __future__ import annotations

import numpy as np

from sorix.errors import AliasingError, CompilerLimitError, StructureError, UnsupportedSyntaxError
from tests.corpus.registry import program


def _integrand(x, k):
    return np.exp(-k * x) * np.sin(4.0 * x)


def _simpson(f, a, b, fa, fm, fb, tol, k):
    m = 0.5 * (a + b)
    fl, fr = f(0.5 * (a + m), k), f(0.5 * (m + b), k)
    whole = (b - a) / 6.0 * (fa + 4.0 * fm + fb)
    left = (m - a) / 6.0 * (fa + 4.0 * fl + fm)
    right = (b - m) / 6.0 * (fm + 4.0 * fr + fb)
    if abs(left + right - whole) < 15.0 * tol:
        return left + right + (left + right - whole) / 15.0
    return _simpson(f, a, m, fa, fl, fm, tol / 2, k) + _simpson(f, m, b, fm, fr, fb, tol / 2, k)


@program(args=(0.05, 0.9, 0.8), argnums=(0, 1, 2))
def adaptive_simpson_until_the_error_is_small(a, b, k):
    ends = _integrand(a, k), _integrand(0.5 * (a + b), k), _integrand(b, k)
    return _simpson(_integrand, a, b, *ends, 1e-5, k)


@program(args=(0.2, 1.3, 1e-3, 12), argnums=(0, 1))
def adaptive_with_a_closure_and_a_depth(a, b, tol, depth):
    scale = a * b

    def f(x):
        return np.sin(x * scale) / (1.0 + x)

    def area(a, b, depth):
        m = 0.5 * (a + b)
        one = (b - a) * f(m)
        two = (m - a) * f(0.5 * (a + m)) + (b - m) * f(0.5 * (m + b))
        if depth == 0 or abs(one - two) < tol * (b - a):
            return two
        return area(a, m, depth - 1) + area(m, b, depth - 1)

    return area(a, b, depth)


def _newton(x, a):
    step = (x**3 - a) / (3.0 * x**2)
    if abs(step) < 1e-13:
        return x - step
    return _newton(x - step, a)


@program(args=(1.0, 2.3), argnums=1)
def newton_until_it_rests(x, a):
    return _newton(x, a)


@program(args=(0.9, 2.3), argnums=(0, 1))
def recursion_of_the_function_itself(x, a):
    if x > a:
        return x * a
    return recursion_of_the_function_itself(x * x + 0.7, a) * np.sin(x)


def _halves(v):
    if len(v) == 1:
        return v[0] * v[0]
    m = len(v) // 2
    return np.sin(_halves(v[:m])) + _halves(v[m:]) * v[0]


@program(args=(np.linspace(0.2, 1.1, 7),))
def divide_and_conquer_on_slices(v):
    return _halves(v)


def _merged(v, w):
    if len(v) < 2:
        return v * w[0], np.sum(v)
    m = len(v) // 2
    left, a = _merged(v[:m], w)
    right, b = _merged(v[m:], w)
    return np.concatenate((left * b, right + a)), a * b


@program(args=(np.linspace(0.6, 1.3, 5), np.array([0.5, 2.0])), argnums=(0, 1))
def arrays_and_tuples_come_back(v, w):
    joined, total = _merged(v, w)
    return np.sum(joined * joined) * total


def _step(y, t, h, end, k):
    if t >= end:
        return y
    h = min(h, end - t)
    slope = -k * np.sin(y)
    euler = y + h * slope
    heun = y + 0.5 * h * (slope - k * np.sin(euler))
    error = np.max(np.abs(heun - euler))
    if error > 1e-2:
        return _step(y, t, h * 0.5, end, k)
    return _step(heun, t + h, h * 1.5 if error < 1e-3 else h, end, k)


@program(args=(np.array([0.35, 1.2]), 1.1), argnums=(0, 1))
def adaptive_integrator(y, k):
    return np.sum(_step(y, 0.0, 0.3, 1.0, k) ** 2)


def _fraction(x, depth, size):
    term = x / (depth + 1.0)
    if size * term < 1e-4:
        return term
    return term / (1.0 + _fraction(x, depth + 1, size * term))


@program(args=(0.8,))
def continued_fraction_until_terms_are_small(x):
    return _fraction(x, 0, 1.0)


def _power(x, n):
    if n < 1.0:
        return 1.0 + 0.0 * x
    half = _power(x, n / 2.0)
    return half * half * x


@program(args=(1.1, 13.7), argnums=0)
def power_by_squaring_until_small(x, n):
    return _power(x, n)


def _ackermann(m, x):
    if m < 0.5:
        return x * 1.1 + 0.1
    if x < 0.5:
        return _ackermann(m - 1.0, 1.0 + 0.1 * x)
    return _ackermann(m - 1.0, _ackermann(m, x - 0.7))


@program(args=(1.0, 2.3), argnums=(0, 1))
def ackermann_of_floats(m, x):
    return _ackermann(m, x)


def _ping(x, n):
    if x > 3.0:
        return x * n
    return 1.5 * np.cos(_pong(x * 1.2, n))


def _pong(x, n):
    if x > 4.0:
        return x + n
    return _ping(x + 0.3, n) * x + n


@program(args=(0.8, 0.5), argnums=(0, 1))
def two_functions_that_call_each_other(x, n):
    return _ping(x, n)


def _outer(x, c):
    if x < 0.3:
        return x * c

    def inner(y):
        if y < 0.2:
            return _outer(y, c) + x
        return inner(y * 0.6) * c

    return inner(x * 0.8)


@program(args=(1.7, 0.9), argnums=(0, 1))
def recursion_inside_recursion(x, c):
    return _outer(x, c)


class _Tree:
    def __init__(self, ratio, tol):
        self.ratio, self.tol = ratio, tol

    def length(self, size, angle):
        if size < self.tol:
            return size * np.cos(angle)
        left = self.length(size * self.ratio, angle + 0.3)
        return size + left + self.length(size * self.ratio * 0.8, angle - 0.2)


@program(args=(1.3, 0.6), argnums=(0, 1))
def fractal_tree_of_a_method(size, ratio):
    return _Tree(ratio, 0.11).length(size, 0.1)


@program(args=(np.array([0.4, 0.8, 1.2]), 0.5), argnums=(0, 1))
def recursion_in_a_loop_and_a_loop_in_recursion(v, c):
    def shrink(x):
        total = x * 1.0
        for k in range(3):
            total = total + np.sin(x * c) / (k + 1)
        if total < 0.2:
            return total
        return shrink(x * 0.5) + total

    result = 0.0
    for x in v:
        result += shrink(x) * x
    return result


@program(args=(0.7,))
def recursion_with_a_flag_and_a_default(x):
    def walk(x, negative=False, gain=1.5):
        if x > 5.0:
            return -x if negative else x
        return walk(x * gain, not negative) + 0.1 * x

    return walk(x)


@program(args=({"x": 0.7, "y": 0.4},))
def recursion_with_dicts_and_lists(p):
    def fall(state, way):
        if state["x"] < 0.05:
            return [state["x"] * way[0], state["y"] + way[1]]
        return fall({"x": state["x"] * 0.5, "y": state["y"] * 1.1}, [way[1], way[0] * state["x"]])

    a, b = fall(p, [1.0, 2.0])
    return a * b + a


@program(args=(0.6, 30), argnums=0)
def many_calls_that_an_integer_ends(x, n):
    def walk(x, n):
        if n < 2:
            return x + n
        return np.sin(walk(x, n // 2)) + np.cos(walk(x * x, n // 3))

    return walk(x, n) * walk(x, 200)


@program(args=(np.array([0.4, 0.9]),))
def recursion_that_works_on_a_copy(v):
    def settle(v):
        v = v.copy()
        v[0] = np.sin(v[1])
        v[1] *= 0.7
        if v[1] < 0.1:
            return v
        return settle(v)

    return np.sum(settle(v) ** 2)


@program(args=(np.array([0.4, 0.9]),), refused=UnsupportedSyntaxError)
def recursion_that_writes_into_its_argument(v):
    def settle(v):
        v *= 0.5
        if v[1] < 0.1:
            return np.sum(v)
        return settle(v)

    return settle(v.copy())


@program(args=(0.7,), refused=UnsupportedSyntaxError)
def recursion_that_keeps_a_list(x):
    seen = []

    def walk(x):
        seen.append(x)
        if x > 3.0:
            return x
        return walk(x * 1.5)

    return walk(x) + sum(seen)


@program(args=(0.7,), refused=StructureError)
def recursion_that_returns_one_thing_or_another(x):
    def walk(x):
        if x > 3.0:
            return x
        return walk(x * 1.5), x

    return walk(x) if x > 3.0 else walk(x)[1]


@program(args=(0.7,), refused=CompilerLimitError)
def recursion_with_another_function_each_time(x):
    def walk(f, x):
        if x > 3.0:
            return f(x)
        return walk(lambda y: f(y) * 1.1, x * 1.5)

    return walk(np.sin, x)


def merged(a, b):
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def merge_sorted(values):
    if len(values) <= 1:
        return values
    middle = len(values) // 2
    return merged(merge_sorted(values[:middle]), merge_sorted(values[middle:]))


@program(args=(np.array([0.7, -0.3, 1.4, 0.2]),))
def merge_sort_of_a_known_number(x):
    ordered = merge_sorted([x[0], x[1], x[2], x[3]])
    return sum((k + 1) * v**2 for k, v in enumerate(ordered))


def _reflected(origin, direction, spheres, loss, depth=0):
    if direction @ origin < -2:
        return np.exp(-origin)
    light = np.cos(origin) * len(spheres)
    for centre in spheres:
        light = light + np.abs(origin - centre)
    if loss > 0 and depth < 2:
        turned = direction - 0.3 * origin
        light = light + loss * _reflected(origin + 0.5 * direction, turned, spheres, loss, depth + 1)
    return light


@program(args=(np.array([0.3, 0.4]), np.array([0.2, -0.7]), 0.4), argnums=(0, 1, 2))
def rays_reflected_to_a_depth(origin, direction, loss):
    image = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            start = origin * (1 + i + 0.5 * j)
            image[i, j] = np.sum(_reflected(start, direction, [origin, direction], loss))
    return np.sum(image**2)


def merge_sorted(xs):
    if len(xs) < 2:
        return xs
    middle = len(xs) // 2
    a, b, out = merge_sorted(xs[:middle]), merge_sorted(xs[middle:]), []
    while a and b:
        if a[0] < b[0]:
            out.append(a.pop(0))
        else:
            out.append(b.pop(0))
    return out + a + b


@program(args=([3.0, 1.0, 2.0, 0.5, 4.0],))
def merge_sort_of_a_list(xs):
    return sum(v * v * k for k, v in enumerate(merge_sorted(xs)))


@program(args=(np.array([3.0, 1.0, 2.0, 0.5]),))
def merge_sort_of_an_array(x):
    return sum(v * v * k for k, v in enumerate(merge_sorted(list(x))))


def quick_sorted(xs):
    if len(xs) < 2:
        return xs
    pivot = xs[0]
    smaller = quick_sorted([v for v in xs[1:] if v < pivot])
    return smaller + [pivot] + quick_sorted([v for v in xs[1:] if v >= pivot])


@program(args=([3.0, 1.0, 2.0],))
def quick_sort_of_a_list(xs):
    return sum(v * v * k for k, v in enumerate(quick_sorted(xs)))


def transformed(re, im):
    n = len(re)
    if n == 1:
        return re, im
    even_re, even_im = transformed(re[::2], im[::2])
    odd_re, odd_im = transformed(re[1::2], im[1::2])
    out_re, out_im = [0.0] * n, [0.0] * n
    for k in range(n // 2):
        c, s = np.cos(2 * np.pi * k / n), -np.sin(2 * np.pi * k / n)
        a, b = c * odd_re[k] - s * odd_im[k], c * odd_im[k] + s * odd_re[k]
        out_re[k], out_im[k] = even_re[k] + a, even_im[k] + b
        out_re[k + n // 2], out_im[k + n // 2] = even_re[k] - a, even_im[k] - b
    return out_re, out_im


@program(args=(np.array([3.0, 1.0, 2.0, 0.5]),))
def fourier_transform_of_lists(x):
    re, im = transformed(list(x), [0.0] * len(x))
    return sum(a * a * (k + 1) + b * b * b * k for k, (a, b) in enumerate(zip(re, im)))


def handed_back(xs, x):
    if x > 1:
        return handed_back(xs, x / 2)
    return xs


@program(args=(3.0,))
def list_handed_back_by_a_recursion(x):
    xs = [x, 2 * x]
    ys = handed_back(xs, x)
    zs = handed_back([x * x], x)
    zs[0] *= 2
    return xs[0] * ys[1] + zs[0]


@program(args=(3.0,), refused=AliasingError)
def list_handed_back_by_a_recursion_and_changed(x):
    xs = [x, 2 * x]
    ys = handed_back(xs, x)
    ys[0] = 5.0
    return xs[0] * ys[1]


def doublings(x):
    if x > 10.0:
        return [x]
    found = doublings(x * 2.0)
    found.append(x)
    return found


@program(args=(0.6,))
def recursion_that_returns_a_growing_list(x):
    return sum(v * v * k for k, v in enumerate(doublings(x)))


def _product_of_sums(values, low, high, w):
    if high - low < 1.5:
        return np.sin(values[int(low)] * w) + 1.2
    middle = float(int((low + high) / 2))
    left = _product_of_sums(values, low, middle, w)
    return left * _product_of_sums(values, middle, high, w) + left


@program(args=(np.array([0.7, -0.3, 1.4, 0.2, 0.9]), 0.8, 5.0), argnums=(0, 1))
def recursion_on_places_of_an_array(values, w, high):
    return _product_of_sums(values, 0.0, high, w)


def _sum_between(values, low, high, w):
    if high - low < 1.5:
        return np.sin(values[int(low)] * w) * values[0]
    middle = float(int((low + high) / 2))
    return _sum_between(values, low, middle, w) + _sum_between(values, middle, high, w)


@program(args=(np.array([0.7, -0.3, 1.4, 0.2, 0.9]), 0.8, 5.0), argnums=(0, 1))
def recursion_that_adds_places_of_an_array(values, w, high):
    return _sum_between(values, 0.0, high, w) * _sum_between(values, 1.0, high, w)
