"""Tuples and lists whose length the run decides: what they are, what they show, what changes them.

A tuple stays one however long it becomes: it is made anew, compared with tuples, printed in round
brackets, and nothing is assigned in it.
"""

import numpy as np

from tests.corpus.registry import program


def _doubled_below(x, limit):
    t = ()
    while x < limit:
        t += (x,)
        x = x * 2.0
    return t


def _above(x, values):
    return tuple(v * x for v in values if v > x)


@program(args=(0.7,))
def tuple_lengthened_in_a_loop(x):
    total = x
    for k, v in enumerate(_doubled_below(x, 10.0)):
        total += v * v / (k + 1)
    return total


@program(args=(0.7,))
def tuple_lengthened_where_another_name_has_it(x):
    t = _above(x, (0.5, 1.0, 2.0))
    u = t
    t += (1.0,)
    v = t
    t *= 2
    return sum(u) * len(u) + len(v) * x + sum(t) * len(t)


@program(args=(1.5,))
def tuple_longer_on_one_path(x):
    t = (x, x * x)
    if x > 1.0:
        t += (x**3,)
    elif x < 0.6:
        t = t[:1]
    return sum(t) * len(t)


@program(args=(0.7,))
def tuple_that_is_no_list(x):
    t = _above(x, (0.5, 1.0, 2.0))
    if isinstance(t, list) or type(t) is list or hasattr(t, "append"):
        return x * 1000.0
    match t:
        case list():
            return x * 100.0
        case tuple():
            return x * 3.0 * isinstance(t, tuple | float)
    return x


@program(args=(0.7,))
def tuple_shown_in_round_brackets(x):
    t = tuple(k for k in range(4) if k > x)
    print(t, [t], (t, 1))
    n = f"{t}" == "(1, 2, 3)", str(t[:1]) == "(1,)", repr(t[1:]) == "(2, 3)"
    many = sum(n) + len(str(t + (1.5,))) + len("%s" % (t,))
    return x * many + f"{t!r}".count("(") * x * x


@program(args=(0.7,))
def tuple_in_which_nothing_is_assigned(x):
    t = _above(x, (0.5, 1.0, 2.0))
    y = x
    try:
        t[0] = 3.0
    except TypeError as e:
        y = y + x * len(str(e))
    try:
        del t[0]
    except TypeError as e:
        y = y + x * len(str(e))
    try:
        t.append(x)
    except AttributeError as e:
        y = y + x * len(str(e))
    try:
        t = t + [x]
    except TypeError as e:
        y = y + x * len(str(e))
    try:
        y = y + t[7]
    except IndexError as e:
        y = y + x * len(str(e))
    try:
        y = y + t.index(7.0)
    except ValueError as e:
        y = y + x * len(str(e))
    return y * sum(t)


@program(args=(0.7,))
def tuples_and_lists_of_unknown_length_compared(x):
    t, u = _above(x, (0.5, 1.0, 2.0)), _above(x, (1.0, 2.0))
    k = tuple(k for k in range(4) if k > x)
    n = (t == u) + 2 * (t == list(u)) + 4 * (t != t[1:]) + 8 * (t[1:] < u) + 16 * (t[:1] >= t)
    n += 32 * (list(k) == [1, 2, 3]) + 64 * (k == (1, 2, 3)) + 128 * (2 in k)
    try:
        n += t < list(u)
    except TypeError as e:
        n += len(str(e))
    return x * n


@program(args=(np.array([0.6, 0.2, 0.9]),))
def list_of_unknown_length_compared_with_a_display(x):
    xs = [k for k, v in enumerate(x) if v > 0.3]
    return np.sum(x) * 2 if xs == [0, 2] else x[0]


@program(args=(0.7,))
def tuple_unpacked_into_a_display(x):
    t = (x, x)
    while t[-1] < 10.0:
        t = (*t, t[-1] + t[-2])
    first, *rest = t
    rest.append(first)
    return sum(rest) * t[-1]


@program(args=(1.5,))
def tuple_of_another_length_unpacked(x):
    t = (x, 2 * x)
    if x > 1.0:
        t += (3 * x,)
    try:
        a, b = t
    except ValueError as e:
        a = b = x * len(str(e))
    return a * b


@program(args=(0.7,))
def tuple_made_by_a_recursion(x):
    def powers(y):
        return () if y > 10.0 else (y, *powers(y * 1.7))

    return sum(v * (k + 1) for k, v in enumerate(powers(x)))


class _Path:
    def __init__(self):
        self.points = ()

    def add(self, v):
        self.points = self.points + (v,)


@program(args=(0.7,))
def tuple_in_a_field_and_in_a_dict(x):
    path, kept = _Path(), {"big": ()}
    while x < 9.0:
        path.add(x)
        if x > 2.0:
            kept["big"] += (x * x,)
        x = x * 1.5 + 1.0
    return sum(path.points) * x + sum(kept["big"])


@program(args=(0.7,))
def tuple_of_arrays(x):
    t, a = (), np.array([x, 2 * x])
    while a[0] < 5.0:
        t += (a,)
        a = a * 2
    return np.sum(np.stack(t)[1:]) * len(t) + np.sum(t[0] * t[-1])


@program(args=(0.7,))
def extremes_of_lists_of_unknown_length(x):
    t = [v * x for v in (1.0, 3.0, 2.0) if v > x]
    counts = [k for k in range(5) if k > x]
    y = max(t) * min((x, *t)) + max(counts) * x
    try:
        y = y + max([v for v in t if v > 50.0])
    except ValueError as e:
        y = y + x * len(str(e))
    return y * (type(max(t)) is float)


@program(args=(0.7,))
def what_lists_of_unknown_length_say(x):
    t = [v for v in (1.0, 3.0, 2.0) if v > x]
    y = x
    for k in range(5):
        try:
            if k == 0:
                t.index(7.0)
            elif k == 1:
                t.remove(7.0)
            elif k == 2:
                del t[7]
            elif k == 3:
                t.pop(7)
            else:
                t[7] = x
        except (ValueError, IndexError) as e:
            y = y + x * len(str(e))
    return y * len(t)


@program(args=(np.array([0.3, 0.9, 0.2, 1.4]),))
def list_kept_in_order_by_insertion(a):
    out = []
    for v in a:
        k = 0
        while k < len(out) and out[k] < v:
            k += 1
        out.insert(k, v)
    return sum(v * (k + 1) ** 2 for k, v in enumerate(out)) * (out != [])
