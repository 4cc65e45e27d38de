"""Loops: range, arrays, enumerate, zip, reversed, while, break, continue, else."""

import itertools
import math

import numpy as np

from tests.corpus.registry import program


@program(args=(0.7, 5))
def repeated_sine(x, n):
    for _ in range(n):
        x = np.sin(x) * x + 0.1
    return x


@program(args=(np.array([0.2, 0.5, 0.9, 1.4]),))
def range_with_step(x):
    s = 0.0
    for i in range(0, len(x), 2):
        s += x[i] ** 2
    for i in range(len(x) - 1, 0, -2):
        s *= x[i]
    return s


@program(args=(np.array([0.2, 0.5, 0.9, 1.4]),))
def enumerate_array(x):
    s = 0.0
    for i, v in enumerate(x):
        s += (i + 1) * v**2
    return s


@program(args=(np.array([0.2, 0.5, 0.9]), np.array([1.0, -2.0, 3.0])), argnums=(0, 1))
def zip_arrays(x, y):
    s = 1.0
    for a, b in zip(x, y):
        s = s * a + b
    return s


@program(args=(np.array([0.2, 0.5, 0.9]),))
def reversed_array(x):
    s = 0.0
    for v in reversed(x):
        s = v + s * v
    return s


@program(args=(np.array([0.2, 0.5, 0.9, 0.1]),))
def reversed_range(x):
    acc = 1.0
    for i in reversed(range(1, len(x))):
        acc = acc * x[i] + x[i - 1]
    return acc


@program(args=(np.array([[0.2, 0.5], [0.9, 0.1], [0.3, 0.4]]),))
def rows_of_a_matrix(a):
    s = 0.0
    for row in a:
        s += np.prod(row) ** 2
    return s


@program(args=(np.array([[0.2, 0.5], [0.9, 0.1]]),))
def nested_loops(a):
    n, m = a.shape
    s = 0.0
    for i in range(n):
        for j in range(m):
            s += a[i, j] * a[j, i] * (i + 2 * j + 1)
    return s


@program(args=(np.array([[0.2, 0.5, 0.3], [0.9, 0.1, 0.4], [0.8, 0.7, 0.6]]),))
def triangular_loops(a):
    s = 0.0
    for i in range(len(a)):
        for j in range(i):
            s += a[i, j] ** 2 * a[j, i]
        for j in range(i, len(a)):
            s -= a[i, j] * s
    return s


@program(args=(2.0,))
def newton_square_root(a):
    x = a
    while abs(x * x - a) > 1e-13:
        x = 0.5 * (x + a / x)
    return x


@program(args=(0.3,))
def while_counts(x):
    k = 0
    y = x
    while k < 4:
        y = y * math.exp(-x) + k
        k += 1
    return y


@program(args=(1.1,))
def while_with_two_conditions(x):
    n = 0
    while x < 50 and n < 10:
        x = x * x + 0.5
        n += 1
    return x


@program(args=(np.array([0.2, 0.5, -0.9, 1.4]),))
def break_at_negative(x):
    s = 0.0
    for v in x:
        if v < 0:
            break
        s += v**2
    return s


@program(args=(np.array([0.2, -0.5, -0.9, 1.4]),))
def continue_skips(x):
    s = 0.0
    for v in x:
        if v < 0:
            continue
        s += np.exp(v)
    return s


@program(args=(np.array([0.2, 0.5, 0.9, 1.4]), 0.8))
def for_else(x, limit):
    for v in x:
        if v > limit:
            y = v**2
            break
    else:
        y = np.sum(x)
    return y * x[0]


@program(args=(np.array([0.2, 0.5, 0.9, 1.4]), 8.0))
def for_else_taken(x, limit):
    for v in x:
        if v > limit:
            y = v**2
            break
    else:
        y = np.prod(x)
    return y * x[0]


@program(args=(0.9,))
def while_else(x):
    n = 0
    while n < 3:
        x = x * 1.5
        if x > 100:
            break
        n += 1
    else:
        x = x**2
    return x


@program(args=(np.array([0.2, 0.5, 0.9, 1.4]),))
def return_inside_a_loop(x):
    s = 0.0
    for v in x:
        s += v
        if s > 1.0:
            return s * v
    return s


@program(args=(np.array([[0.2, 0.5], [0.9, 1.4]]),))
def return_inside_nested_loops(a):
    for i in range(2):
        for j in range(2):
            if a[i, j] > 0.7:
                return a[i, j] * a[0, 0] ** 2
    return 0.0


@program(args=(np.array([[0.2, 0.5, 1.1], [0.9, 1.4, 0.3]]),))
def break_inner_continue_outer(a):
    total = 0.0
    for row in a:
        part = 1.0
        for v in row:
            if v > 1.0:
                break
            part *= v
        if part > 0.5:
            continue
        total += part**2
    return total


@program(args=(3.7,), order=1)
def bisection(c):
    lo, hi = 0.0, 4.0
    for _ in range(40):
        mid = 0.5 * (lo + hi)
        if mid**3 < c:
            lo = mid
        else:
            hi = mid
    x = 0.5 * (lo + hi)
    return x - (x**3 - c) / (3 * x**2)


@program(args=(0.9,))
def series_until_small(x):
    term = x
    total = 0.0
    n = 1
    while True:
        total += term
        term = -term * x * x / ((n + 1) * (n + 2))
        n += 2
        if abs(term) < 1e-18:
            break
    return total


@program(args=(2.5, 1.1), argnums=(0, 1))
def arithmetic_geometric_mean(a, b):
    while abs(a - b) > 1e-14 * a:
        a, b = (a + b) / 2, math.sqrt(a * b)
    return a


@program(args=(np.array([0.5, 1.5]), 27))
def collatz_weights(x, n):
    s = 0.0
    steps = 0
    while n != 1 and steps < 12:
        if n % 2 == 0:
            n = n // 2
            s += x[0] * s * 0.1 + x[0]
        else:
            n = 3 * n + 1
            s += x[1] ** 2
        steps += 1
    return s


@program(args=(np.array([1.0, 2.0, 3.0]),))
def loop_variable_after_the_loop(x):
    for i in range(len(x)):
        y = x[i] * i
    return y * x[i] + i


@program(args=(1.2, 0))
def loop_that_never_runs(x, n):
    y = x
    for k in range(n):
        y = y * k * x
    return y**2


@program(args=(np.array([0.3, 0.1, 0.4]),))
def zip_of_shifted_slices(x):
    s = 0.0
    for left, right in zip(x[:-1], x[1:]):
        s += (right - left) ** 3
    return s


@program(args=(np.array([0.3, 0.1, 0.4]), np.array([0.5, 0.2, 0.6])), argnums=(0, 1))
def enumerate_zip(x, y):
    s = 0.0
    for k, (a, b) in enumerate(zip(x, y), start=1):
        s += a**k * b
    return s


@program(args=(0.6,))
def loop_over_tuple_of_numbers(x):
    s = 0.0
    for c in (1.0, -0.5, 0.25):
        s = s * x + c
    return s


@program(args=(0.6,))
def loop_over_list_of_functions(x):
    for f in [np.sin, np.exp, lambda t: t**2]:
        x = f(x)
    return x


@program(args=(np.array([0.3, 0.1, 0.4, 0.2]), 0.5))
def while_with_index(x, stop):
    i = 0
    acc = 0.0
    while i < len(x) and acc < stop:
        acc += x[i] ** 2 + 0.1
        i += 1
    return acc * x[i - 1]


@program(args=(np.array([3.0, 1.0, 2.0]),))
def bubble_sort(x):
    a = [x[0], x[1], x[2]]
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a[0] + 2 * a[1] ** 2 + 3 * a[2] ** 3


@program(args=(np.array([0.3, 2.1, 1.4, 0.2]),))
def running_maximum(x):
    best = x[0]
    where = 0
    for i in range(1, len(x)):
        if x[i] > best:
            best = x[i]
            where = i
    return best**2 * x[where]


@program(args=(0.5, 3, 2))
def ackermann_like_counters(x, n, m):
    total = x
    while n > 0:
        k = m
        while k > 0:
            total = total + np.sin(total) * k
            k -= 1
        n -= 1
    return total


@program(args=(np.linspace(0.1, 0.6, 6),))
def continue_in_while(x):
    i = -1
    s = 0.0
    while i < len(x) - 1:
        i += 1
        if i % 3 == 0:
            continue
        s += x[i] ** 2 * x[i - 1]
    return s


@program(args=(np.array([0.0, 1.0, 4.0, 9.0]), 1.5), argnums=(0, 1))
def first_interval_tested_before_the_loop(y, t):
    x = np.array([0.0, 1.0, 2.0, 3.0])
    first, last = 0, len(x) - 1
    if first < last:
        i = first
        if x[i] <= t <= x[i + 1]:
            w = (t - x[i]) / (x[i + 1] - x[i])
            return (1 - w) * y[i] + w * y[i + 1]
    for i in range(first + 1, last):
        if x[i] <= t <= x[i + 1]:
            w = (t - x[i]) / (x[i + 1] - x[i])
            return (1 - w) * y[i] + w * y[i + 1]
    raise ValueError("out of range")


@program(args=(np.array([0.3, 0.2, 1.7, 0.4]),), order=2)
def flag_assigned_anew_before_it_is_read(x):
    found = False
    result = 0.5
    done = False
    for i in range(x.shape[0]):
        if i > 5:
            result = 1.0
        else:
            v = x[i]
            if v > 1.0:
                found = True
                result = v * x[i - 1]
        done = found
        if done:
            break
    return result**2


@program(args=(0.7, 6), argnums=0)
def ranges_indexed_and_sliced(x, n):
    s = 0.0
    for i in range(n - 1)[::-1]:
        s = s * x + i
    for i in range(1, n)[::2]:
        s = s * x + i
    for i in range(3):
        s = s * x + range(1, n)[i]
    try:
        s = s * range(n)[n]
    except IndexError:
        s = s * x
    return s + range(n)[2] * x + range(5)[-1] * x**2 + len(range(n)[1:]) * x


@program(args=(0.7, -3), argnums=0)
def empty_ranges_have_no_length(x, n):
    s = x
    for i in range(n)[::-1]:
        s = s * i
    return s * (1 + len(range(n))) + len(range(n, 2)) * x**2


@program(args=(0.7,))
def counts_until_a_break(x):
    s = x
    for m in itertools.count(1):
        s = s * x + m
        if m >= 3:
            break
    for m in itertools.count(1, 2):
        s = s * x / m
        if s < 0.1:
            break
    return s


@program(args=(0.7,))
def numbers_that_are_close(x):
    s = x
    if math.isclose(x, 0.71, rel_tol=1e-9, abs_tol=0.5):
        s = s * x
    if math.isclose(x, 0.71, rel_tol=1e-6):
        s = s * 10
    return s


@program(args=(np.array([0.4, -0.3, 0.8, 0.1]),))
def loop_that_only_raises(x):
    def checked(v):
        while True:
            if np.sum(v) > 5.0:
                raise OverflowError
            v = v * 1.5

    if x[0] > 1.0:
        left = list(x)
        while True:
            if left.pop() > 2.0:
                raise ValueError
    try:
        return np.sum(checked(x))
    except OverflowError:
        return x[0] * x[1]


@program(args=(np.array([0.6, -0.4, 0.3, 0.9]),))
def name_that_a_continue_carries_past_its_next_assignment(x):
    v = x[0]
    total = 0.0
    for k in range(1, len(x)):
        if x[k] > -1.0:
            if x[k] > 0.5:
                v = v * x[k]
                continue
            total += x[k]
        v = 0.3 * x[k] ** 2
    return v + total


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def name_that_a_break_carries_past_its_next_assignment(x):
    v = x[0]
    k = 0
    while k < 3:
        k += 1
        with np.errstate(divide="ignore"):
            if x[k] > 0.5:
                v = v * x[k]
                break
        v = x[k] ** 2
    return v


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def array_that_a_continue_in_a_try_carries_past_its_next_assignment(x):
    work = x * 2.0
    for k in range(3):
        try:
            if work[k] > 0.5:
                work = work * x[k]
                continue
            work = work / (2.0 + x[k + 1])
        except ZeroDivisionError:
            pass
        work = np.sin(x) * (k + 1)
    return np.sum(work**2)


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def array_that_an_iteration_which_returns_need_not_keep(x):
    w = x * 1.0
    for _ in (2, 5, 4):
        a = w[3]
        w = w * 0.5
    for _ in range(2):
        for _ in range(1):
            continue
            w = w * 0.5
        return a * 0.5
    if a < x[0]:
        w = x * a
    return a + 0.2 * np.sum(w * w)


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def while_whose_condition_is_found_false_in_a_loop_written_out(x):
    values = [v for v in x]
    total = x[0]
    for k in (2, 5, 4):
        try:
            j = 0
            while j < 2 and k % 2 == 0:
                j += 1
                total = total * values[1]
                if abs(total) < 1e-3:
                    break
        except IndexError:
            return total
    return total * 3.0


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def array_written_after_a_loop_that_returns_if_it_is_entered(x):
    w = x * 1.0
    for _ in range(int(np.sum(x > 2.0))):
        with np.errstate(all="ignore"):
            if x[0] > -0.5:
                w[2] += x[1]
            w = w * 0.5
        return x[1]
    w[2] += x[3]
    return np.sum(w**2)
