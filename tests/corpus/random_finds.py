"""What random programs (tests/fuzz) showed to be wrong, made small."""

import math

import numpy as np

from sorix.errors import AliasingError, UnsupportedSyntaxError
from tests.corpus.registry import program


@program(args=(0.4,))
def while_a_count_is_left_with_break(x):
    left = 5
    while left:
        left -= 1
        if x > 3.0:
            break
        x = x * 1.7 + 0.2
    return x * (left + 1)


@program(args=(np.array([0.5, 1.5, 0.2]),))
def grown_list_where_numpy_takes_an_array(x):
    seen = []
    for v in x:
        seen.append(np.sin(v) * x[0])
    total = np.sum(np.square(seen)) + np.max(seen) * np.mean(seen) + x @ seen
    return total + np.linalg.norm(seen) + np.sum(np.stack([seen, x]) ** 3)


@program(args=(np.array([0.5, 1.5, 0.2]),))
def list_where_numpy_takes_an_array(x):
    pair = [x[0], x[1] * x[2]]
    angles = (x[2], 0.3)
    total = np.sum(np.cos(angles) * pair) + np.prod(pair) + np.dot(pair, angles)
    return total + np.interp(x[0], [0, 1, 2], [x[1], 0.3, x[2]])


@program(args=(np.array([0.5, 1.5, 0.2]),))
def list_joined_with_a_grown_list(x):
    seen = []
    for v in x:
        seen.append(v * v)
    joined = [x[0]] + seen
    joined = joined + [x[1] * 0.5]
    return np.mean(np.array(joined) ** 2) + len(joined) * joined[0]


@program(args=(np.array([0.5, 1.5, 0.2]),))
def view_method(a):
    b = a * 2.0
    same = b.view()
    same[1:] *= a[0]
    return np.sum(b * b)


@program(args=(np.array([0.5, 1.5, 0.2]), 0.3), argnums=(0, 1))
def handler_that_numpy_cannot_reach(a, x):
    b = a * 1.0
    try:
        unused = np.linalg.solve(np.eye(3) * 2.0, b)
        if x > 0.2:
            raise KeyError("far")
        b[0] = x
    except KeyError:
        b += x * b[::-1]
    return np.sum(b**2)


@program(args=(np.array([0.5, 1.5, 0.2]), 0.3), argnums=(0, 1))
def refusals_of_the_tape_are_not_the_programs(a, x):
    try:
        a[0] *= x
    except RuntimeError:
        pass
    return np.sum(a * a)


@program(args=(0.7, 0.3), argnums=(0, 1))
def type_asked_of_an_argument(x, y):
    if isinstance(x, float):
        return x * x * y
    return x + y


@program(args=(np.array([0.3, 0.8, -0.2]), 0.7), argnums=(0, 1))
def exact_sums_of_arrays_and_grown_lists(a, x):
    seen = []
    for v in a:
        seen.append(v * x)
    return math.fsum(np.sin(a) * x) * math.fsum(seen)


@program(args=(np.arange(9.0).reshape(3, 3) * 0.1, 0.3), argnums=(0, 1), refused=AliasingError)
def walked_array_loses_its_name_and_is_written(m, x):
    for k, row in enumerate(m):
        m *= x
        m = row * 0.5
    return m.mean()


@program(args=(np.arange(9.0).reshape(3, 3) * 0.1, 0.3), argnums=(0, 1), refused=AliasingError)
def array_made_anew_after_its_rows_were_written(m, x):
    total = 0.0
    for k in range(3):
        for row in m:
            total += row.sum() ** 2
            row *= x
        m = m * 0.5 + 0.1
    return total


@program(args=(0.7304, 3))
def text_formatted_as_computed(x, digits):
    label = f"{x:.{digits}f} of {digits:>{digits + 2}}"
    if label == "0.000 of     3":
        return x
    return x * x


@program(args=(0.7,), refused=UnsupportedSyntaxError)
def generator_by_what_is_never_reached(x):
    return x * x
    yield x


@program(args=(0.7,), refused=UnsupportedSyntaxError)
def raised_from_what_is_no_exception(x):
    if x < 0.0:
        raise ValueError("negative") from x
    return x * x


@program(args=(np.array([0.4, 1.3]),))
def joined_alone(x):
    total = np.sum(np.stack([x]) ** 3) + np.sum(np.concatenate((x,)) ** 2)
    total += np.sum(np.hstack([x]) ** 3) + np.sum(np.vstack([x]) ** 3)
    return total + np.sum(np.column_stack([x]) ** 3) + np.sum(np.dstack([x]) ** 3)


@program(args=(np.array([0.4, 1.3]),))
def list_of_one_read_where_the_run_says(x):
    values = [x[0] ** 2]
    i = 0
    total = 0.0
    while i < len(values) and values[i] < 100.0:
        total += values[i] ** 3
        i += 1
    return (total + sum(values[i:])) * x[1]


@program(args=(np.array([0.6, 0.2, 0.9]),))
def array_kept_beside_its_successors_in_nested_loops(a):
    for _ in range(3):
        same = a
        for _ in range(2):
            a = np.tanh(same)
            a[0] += 1.22
    return np.sum(a)


@program(args=(np.array([0.6, 0.2, 0.9]), np.array([0.3, 0.5, 0.8])))
def pair_of_arrays_made_again_in_each_iteration(a, b):
    kept = b * 2
    total = 0.0
    for _ in range(2):
        for _ in range(2):
            kept = np.tanh(a)
            box = (kept, kept * b)
            for part in box:
                total += part[0] ** 2
    return total + np.sum(kept)


@program(args=(0.4, np.array([0.6, 0.2]), 0.7))
def array_made_after_a_break_is_not_used(x, a, y):
    count = 3
    while count:
        count -= 1
        if count:
            break
        a = np.full(4, y)
        a[0] /= 1.4
    return 0.3 * x * y


@program(args=(np.arange(9.0).reshape(3, 3) * 0.1, 0.3), argnums=(0, 1))
def callers_array_perhaps_made_anew_and_written(m, x):
    if x > 0.5:
        m = m * 2.0
    m[0] = 3.0 * x
    return np.sum(m * m)


@program(args=(0.4, np.array([0.3, -0.3])))
def cosine_of_a_number_of_either_kind(x, a):
    try:
        match math.cos(sum(v for v in a)):
            case [p, q] if p:
                pass
            case y:
                x = x * y
    except ValueError:
        pass
    return x * x


@program(args=(np.array([0.4, 1.3]),))
def list_of_one_grown_at_its_front(x):
    rows = [x * 2.0]
    for k in range(len(x) - 1):
        rows = [x**2 * k, *rows[:1]]
    return sum(np.sum(row**3) for row in rows)
