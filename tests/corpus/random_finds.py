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


_M = np.array([[0.5, 1.2, -0.3], [0.7, -0.2, 0.4]])


@program(args=(_M.copy(), 0.6), argnums=(0, 1))
def list_stored_into_every_row(r, s):
    o = r.copy()
    o[:] = [1.0, s, s * s]
    return np.sum(o * o * r)


@program(args=(_M.copy(), 0.6), argnums=(0, 1))
def list_stored_into_one_row_by_a_list(r, s):
    o = r.copy()
    o[[1]] = [1.0, s, s * s]
    o[:1] = [[s, 1.0, s]]
    return np.sum(o * o * r)


@program(args=(_M.copy(), 0.6), argnums=(0, 1))
def list_of_lists_stored_into_columns(r, s):
    o = r.copy()
    o[:] = [[s], [s * s]]
    o[:, 1] += s
    return np.sum(o * o * r)


@program(args=(_M.copy(), 0.6), argnums=(0, 1))
def grown_list_stored_into_every_row(r, s):
    values = []
    for k in range(len(r[0])):
        values.append(s * k + r[0, k])
    o = r.copy()
    o[:] = values
    return np.sum(o * o * r)


@program(args=(_M.copy(),))
def einsum_over_an_axis_of_one(r):
    narrow = np.sin(r[1, 1:2])
    return np.sum(np.einsum("ij,j->i", r, narrow) ** 2) + np.sum(np.einsum("ij,kj", r[:, :1], r))


@program(args=(_M.copy(),))
def vector_norms_over_two_axes(r):
    flat = np.linalg.vector_norm(r, axis=(0, 1), keepdims=True)
    return np.sum(flat * r) + np.linalg.vector_norm(r, axis=(0, 1), ord=3)


@program(args=(_M.copy(),))
def products_along_no_axis(r):
    return np.sum(np.prod(r, axis=()) ** 2 * np.arange(3.0))


@program(args=(_M.copy(),))
def reductions_of_integers_begun_with_a_float(r):
    count = np.sum(r > 0, axis=0, initial=0.5)
    product = np.prod(np.array([[1, 2], [3, 1]]), axis=1, initial=2.5)
    most = np.max(np.array([0, 1]), initial=1.7, where=[True, False])
    return (
        np.sum(r * count) * product[0] + np.sum(r**2) * most + np.max(r > 0, initial=2.5) * r[0, 0]
    )


@program(args=(_M.copy(),))
def truths_added_in_groups(r):
    return np.sum(r * np.add.reduceat(r > 0, [1, 0], axis=0)) + np.sum(r[0] ** 2)


@program(args=(_M.copy(),))
def truths_as_places(r):
    o = np.sin(r)
    np.put(o, [True, False, True], r[0] ** 2)
    o.put(r > 0, r[1])
    return np.sum(o * r) + np.sum(np.take(r, r > 0) * r)


@program(args=(_M.copy(),))
def indices_along_an_axis_that_are_broadcast(r):
    order = np.argsort(r[:1, :2], axis=-1)
    return np.sum(np.take_along_axis(r, order, axis=-1) ** 2 * np.array([1.0, 2.0]))


@program(args=(_M.copy(),))
def deviation_of_one_chosen_row(r):
    spread = np.std(r, axis=0, where=[[True], [False]])
    return np.sum(spread + r[0] ** 2) + np.std(r, where=r > 0)


@program(args=(_M.copy(),))
def values_assigned_in_their_order(r):
    o = r * 2.0
    o.flat = r[0] ** 2
    return np.sum(o * r)


@program(args=(_M[0].copy(),))
def choice_out_of_range_is_raised(x):
    total = 0.0
    for k in range(2, 4):
        try:
            total = total + np.sum(np.choose([0, k, 1], [x, x * x, x**3]) * x)
        except ValueError:
            total = total * x[0]
    return total


@program(args=(np.array([0.5, 2.0]),))
def geometric_steps_end_where_they_are_told(x):
    steps = np.geomspace(x[0], x[1], 4)
    return np.sum(steps**2) + np.geomspace(-x[0], [-3.0, -x[1]], 3)[-1, 0] * x[0]


@program(args=(_M.copy(),), refused=AliasingError)
def values_of_an_array_where_its_mask_is_set(r):
    o = np.sin(r)
    o[r > 0.6] = o[0, :2]
    return np.sum(o * r)


@program(args=(0.1914, np.array([0.9674, -0.1396, 0.8624, -0.8756])), argnums=(0, 1))
def a_condition_asked_again_after_what_it_reads_was_written(x, a):
    a = a.copy()
    square = np.full((2, 2), x)
    a[1] = np.tensordot(square, square * x if not np.any(a > 1.33) else np.zeros((2, 2)))
    a[0] += 0.87
    return np.sum(a**2)


@program(args=(0.9174, np.array([-0.9406, 0.1024, 1.1774, 0.9094]), -1.1076), argnums=(0, 1, 2))
def array_that_a_loop_first_assigns(x, a, y):
    for _ in range(2):
        kept = np.array([row[1] for row in np.broadcast_to(2, (4, 2)) * y])
        x = np.vdot(a, kept)
    return x + kept.mean()


@program(args=(np.array([0.6, -0.4, 0.9, 0.3]),))
def numbers_of_an_array_beside_lists_and_tuples(x):
    nearby = x[0] < [1.0, 0.5, 2.0]
    total = np.sum(x * np.sum(nearby))
    if x[1] <= (0.1,):
        total = total * x[2]
    return total * x[3] if (1, 2.0) != (x[1], 2.0) else total
