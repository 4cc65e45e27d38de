"""Branches: if/elif/else, conditional expressions, and/or, chained comparisons, match, assert."""

import math

import numpy as np

from tests.corpus.registry import program


@program(args=(1.3,))
def piecewise(x):
    if x < 0:
        return x**2
    elif x < 1:
        return np.sin(x)
    else:
        return np.exp(-x) * x


@program(args=(np.array([0.5, -1.2, 2.0]),))
def leaky_relu_loop(x):
    total = 0.0
    for v in x:
        if v > 0:
            total += v * v
        else:
            total += 0.1 * v
    return total


@program(args=(np.array([0.5, -1.2, 2.0]), 0.7), argnums=(0, 1))
def conditional_expression(x, a):
    b = a * 2 if a > 0.5 else a / 2
    return np.sum(x * b if x.sum() > 0 else x - b)


@program(args=(0.4,))
def chained_comparison(x):
    if 0 < x <= 0.5 < 1:
        return 3 * x**3
    return x


@program(args=(0.4, -2.0), argnums=(0, 1))
def short_circuit_guard(x, y):
    if y != 0 and x / y < 1:
        z = x / y
    else:
        z = x
    if x > 10 or y < 0:
        z = z * y**2
    return z


@program(args=(0.4, 2.5), argnums=(0, 1))
def or_gives_a_default(x, y):
    scale = None
    scale = scale or y
    return x * scale + (x and y)


@program(args=(np.array([1.0, 2.0]), "square"))
def string_flag(x, kind):
    if kind == "square":
        y = x**2
    elif kind == "cube":
        y = x**3
    else:
        raise ValueError(kind)
    return y.sum()


@program(args=(np.array([1.0, 2.0]), None))
def none_as_default(x, weights=None):
    if weights is None:
        weights = np.ones_like(x)
    return np.sum(weights * x**3)


@program(args=(np.array([1.0, -2.0, 0.3]), True))
def boolean_flag(x, normalize):
    if normalize:
        x = x / np.sqrt(np.sum(x**2))
    return x[0] * x[1] + x[2]


@program(args=(np.array([0.2, 0.9, 1.7, -0.4]),))
def nested_branches(x):
    out = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            if x[i] > 1:
                out = out + np.log(x[i])
            elif i % 2 == 0:
                out = out + x[i] ** 3
            else:
                out = out - x[i] * out
        elif out > 0:
            out = out * x[i]
    return out


@program(args=(np.array([0.2, 0.9, 1.7]),))
def early_return(x):
    if x.size == 0:
        return 0.0
    s = np.sum(x**2)
    if s > 3:
        return np.sqrt(s)
    return s


@program(args=(np.array([0.2, 0.9, 1.7]), 4.0), argnums=(0, 1))
def guard_clauses(x, limit):
    norm = np.linalg.norm(x)
    if not np.isfinite(norm):
        return 0.0
    if norm > limit:
        return limit**2
    if norm == 0.0:
        return norm
    return norm * limit - norm**2


@program(args=(np.array([1.0, 3.0]), "max"))
def match_on_strings(x, op):
    match op:
        case "sum":
            return x.sum()
        case "max" | "amax":
            return x.max() ** 2
        case _:
            raise ValueError(op)


@program(args=((1.5, 2.5),))
def match_on_sequence(point):
    match point:
        case (x,):
            return x
        case (x, y):
            return x * y**2
        case _:
            return 0.0


@program(args=(np.array([1.0, 3.0]),))
def asserts_are_kept(x):
    assert x.ndim == 1, "a vector is needed"
    assert np.all(x > 0)
    return np.sum(np.log(x))


@program(args=(2.0, 3.0), argnums=(0, 1))
def raises_on_bad_input(a, b):
    if b <= 0:
        raise ValueError(f"b must be positive, not {b}")
    return a / b + a**2


@program(args=(-3.0,))
def sign_by_hand(x):
    sign = -1 if x < 0 else 1
    return sign * x**3 + abs(x)


@program(args=(0.3, 2), argnums=0)
def integer_branch(x, n):
    if n == 0:
        return 1.0
    if n == 1:
        return x
    if n == 2:
        return (3 * x**2 - 1) / 2
    raise NotImplementedError


@program(args=(0.3, 1.4), argnums=(0, 1))
def swapped_by_branch(a, b):
    if a < b:
        a, b = b, a
    return a**2 / b


@program(args=(0.3,))
def one_branch_assigns(x):
    y = x * x
    if x < 1:
        y = y + math.cos(x)
    return y * x


@program(args=(0.3,))
def not_and_is_not(x):
    flag = not x > 1
    other = None if flag else 2.0
    if other is not None:
        return x * other
    return x**4


@program(args=(np.array([0.3, -0.7, 2.0]),))
def any_and_all(x):
    if np.any(x < 0) and not np.all(x > 0):
        x = np.abs(x)
    return np.prod(x)


@program(args=(np.array([0.3, 0.7, 2.0]), np.array([True, False, True])))
def branch_on_a_mask_element(x, keep):
    total = 0.0
    for i in range(3):
        if keep[i]:
            total += x[i] ** 2
        else:
            total -= x[i]
    return total


@program(args=(0.8,))
def walrus_in_test(x):
    if (y := x * x) < 1:
        return y * 3 + x
    return y


@program(args=(0.8, 0.1), argnums=(0, 1))
def smooth_step(x, edge):
    t = min(max((x - edge) / (1.0 - edge), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@program(args=(np.array([0.3, -0.7]),))
def branches_return_tuples(x):
    def split(v):
        if v[0] > 0:
            return v[0], v[1]
        return v[1], v[0]

    a, b = split(x)
    return a**2 * b


@program(args=(1.6,))
def assigned_on_one_path_only(x):
    if x > 1:
        y = x**3
    return y * 2


@program(args=(np.array([3.0, 1.0, 2.0, 0.5]),))
def lists_joined_by_or_and_and(x):
    some = [v for v in x if v > 0.7]
    none = [v for v in x if v > 7]
    first = some or [x[0]]
    second = none or [x[1] * 3]
    both = some and none
    total = 0.0
    if some and not none:
        total = x[3] ** 2
    if both:
        total += 100.0
    return first[0] * second[0] + len(both) + total


@program(args=(np.array([0.5, 1.5, 0.2]),))
def truths_told_by_what_they_are(x):
    found = False
    for v in x:
        if v > 1:
            found = True
            break
    total = x[0] if found is True else x[1]
    large = x[1] > 1
    total += x[2] if large is True else x[2] ** 2  # NumPy's truth is none of Python's.
    chosen = x[0] if bool(large) is False else False
    if chosen is False:
        total *= x[0]
    match found:
        case False:
            return total
        case True:
            return total * 2 + (found is not False) * x[1]
