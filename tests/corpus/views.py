"""Views: two names for one memory, written through either."""

import numpy as np

from sorix.errors import AliasingError, UnsupportedSyntaxError
from tests.corpus.registry import program


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def slice_view_written(x):
    a = x * 2
    b = a[1:-1]
    b += x[0]
    b[0] = 3 * x[3]
    return np.sum(a**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def base_written_view_read(x):
    a = x * 2
    b = a[::2]
    a[0] = x[1] ** 2
    a *= 3
    return np.sum(b * b)


@program(args=(np.array([[0.6, 0.2, 0.9], [0.4, 0.1, 0.3]]),))
def transpose_view(a):
    m = a * 1.5
    t = m.T
    t[0] = 1.0
    t[1, 0] += m[1, 2]
    return np.sum(m**2 * a)


@program(args=(np.array([[0.6, 0.2, 0.9], [0.4, 0.1, 0.3]]),))
def reshape_view(a):
    m = a * 1.5
    flat = m.reshape(-1)
    flat[1:4] *= 2
    flat[5] = flat[0]
    return np.sum(m[0] * m[1])


@program(args=(np.array([[0.6, 0.2, 0.9], [0.4, 0.1, 0.3]]),))
def ravel_view(a):
    m = a.copy()
    r = m.ravel()
    r[::2] = r[1::2] * 3
    return np.sum(m**3)


@program(args=(np.array([[0.6, 0.2, 0.9], [0.4, 0.1, 0.3]]),))
def flatten_is_a_copy(a):
    m = a.copy()
    r = m.flatten()
    r[::2] = 0.0
    return np.sum(m**3) + np.sum(r**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def view_of_a_view(x):
    a = x.copy()
    b = a[1:]
    c = b[::-1]
    c[0] *= 2
    c[1:] += a[0]
    return np.prod(a)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def reversed_view(x):
    a = x.copy()
    r = a[::-1]
    a += r
    return np.sum(a * x**2)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def rows_and_columns_are_views(a):
    m = a.copy()
    row, col = m[0], m[:, 1]
    row *= 2
    col += row[0]
    row[1] = col[1] * 3
    return np.sum(m**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def two_names_one_array(x):
    a = x.copy()
    b = a
    b[0] = x[1] * 5
    a[1] = b[0] * b[2]
    return np.sum(a * b)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def copy_breaks_the_alias(x):
    a = x.copy()
    b = a.copy()
    b[0] = x[1] * 5
    a[1] = b[0] * b[2]
    return np.sum(a * b)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def views_in_a_list(x):
    a = x.copy()
    halves = [a[:2], a[2:]]
    for h in halves:
        h *= h[0]
    halves[1][1] = halves[0][0]
    return np.sum(a**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def view_passed_to_a_helper(x):
    def scale(v, by):
        v *= by
        v[0] += 1

    a = x.copy()
    scale(a[1:3], a[0])
    scale(a, 2.0)
    return np.sum(a**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def view_across_a_loop(x):
    a = x.copy()
    inner = a[1:-1]
    for _ in range(3):
        inner += 0.1 * (a[2:] - 2 * inner + a[:-2])
    return np.sum(a**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4, 0.8, 0.1]),))
def blocks_of_a_matrix(x):
    m = x.reshape(2, 3).copy()
    top, rest = m[0], m[1:]
    rest -= top * rest[:, :1]
    return np.sum(rest**2) + top[0]


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def newaxis_view(x):
    a = x.copy()
    col = a[:, np.newaxis]
    col *= 2
    col[0] = x[3]
    return np.sum(a * x) + np.sum(col @ col.T)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def array_may_be_the_same(x):
    a = x.copy()
    b = a if x[0] > 0.5 else x * 2
    c = b * 3
    return np.sum(a * c)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def object_field_shares_memory(x):
    class Box:
        pass

    box = Box()
    a = x * 1.0
    box.data = a[:2]
    box.data[0] = x[3]
    a[1] *= 4
    return np.sum(a) * np.sum(box.data)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def swapaxes_and_squeeze_views(a):
    m = a.copy()[None]
    s = np.squeeze(m)
    t = np.swapaxes(s, 0, 1)
    t[0, 1] = a[0, 0] * 2
    s[1, 1] += t[0, 1]
    return np.sum(m**2 * a)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def fancy_index_is_a_copy(x):
    a = x.copy()
    b = a[[0, 2]]
    b *= 10
    a[0] = b[1]
    return np.sum(a**2) + np.sum(b)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def augmented_name_mutates_shared_array(x):
    a = x.copy()
    b = a
    b *= 2
    c = a
    c = c * 2
    return np.sum(a * x) + np.sum(c[1:])


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]), 2))
def window_view_by_index(x, k):
    a = x.copy()
    w = a[k : k + 2]
    w[...] = w[::-1] * a[0]
    return a[k] * a[k + 1] ** 2


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def computed_array_written_through_its_reshape(a):
    b = np.sin(a) + 1
    flat = b.reshape(-1)
    flat[1] = a[0, 0] * a[1, 1]
    return np.sum(b * b)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def reshape_read_after_its_array_was_written(a):
    flat = a.ravel()
    a[0] = a[1] * 2.0
    return np.sum(flat * flat)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def reversed_array_is_flattened_into_a_copy(a):
    part = a[::-1]
    copied = np.array(part.ravel())
    part[1] = 0.1
    return np.sum(copied * copied) + np.sum(a**3)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def flattened_in_column_order(a):
    return np.sum(a.flatten("F") * np.arange(4.0)) + np.sum(np.ravel(a * a, order="F")[:2])


@program(args=(np.array([0.6, 0.2, 0.9]),))
def infinities_replaced_in_place(a):
    b = 1.0 / a
    b[0] = np.inf
    np.nan_to_num(b, copy=False, posinf=2.0)
    return np.sum(b * b)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4, 0.7]),))
def source_and_target_chosen_by_parity(u):
    a, b = u.copy(), np.zeros_like(u)
    for k in range(4):
        if k % 2 == 0:
            src, dst = a, b
        else:
            src, dst = b, a
        dst[1:-1] = src[1:-1] + 0.1 * (src[2:] - 2 * src[1:-1] ** 2 + src[:-2])
    return np.sum(a * a) + np.sum(b)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def bin_chosen_by_the_value(x):
    low, high = np.zeros(2), np.zeros(2)
    for k, v in enumerate(x):
        bins = low if v < 0.5 else high
        bins[k % 2] += v**2
        bins *= 1.1
    return 2 * np.sum(low) + np.sum(high**2)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def larger_row_is_scaled(a):
    p = a.copy()
    if p[0, 0] > p[1, 0]:
        row, other = p[0], p[1]
    else:
        row, other = p[1], p[0]
    row *= other
    other[0] = row[1]
    return np.sum(p**3)


@program(args=(np.array([0.6, 0.2, 0.3]),))
def view_of_one_of_two_arrays_is_written(x):
    a, b = x * 2, x * 3
    for i in range(3):
        c = a if x[i] > 0.25 else b
        c[0] = x[1]
    return np.sum(a * b)


@program(args=(np.array([-0.5, 2.0, 3.0, 0.3]),))
def view_chosen_by_a_short_loop_is_written(x):
    y, a = x * 1.0, np.zeros(2)
    for i in range(3):
        a = y[i : i + 2]
    a[0] = 5.0 * x[1]
    b = np.zeros(2)
    for _ in range(1):
        b = y[:2]
    c = b[:]
    c[0] *= x[2]
    return np.sum(y**2) + np.sum(a * b)
@program(args=(np.array([[0.4, 0.3], [0.7, 0.2], [0.1, 0.9]]),))
def view_of_a_helper_with_a_name_of_the_callers(v):
    u = v.copy()

    def row(w):
        a = w[0]
        return a

    for _ in range(2):
        a = row(u)
        u[0] = a * 2
    return np.sum(u**2)


@program(args=(np.array([0.4, 0.3, 0.7, 0.2]),))
def parameter_of_a_lambda_named_as_a_loop_variable(start):
    v = start.copy()
    inner = v[1:]
    ahead = lambda z: z[1:] * 2  # noqa: E731
    for _ in range(2):
        step = ahead(v)
        inner += step
        for z in (v,):
            z[0] = z[1]
    return np.sum(v**2)


@program(args=(np.array([0.4, 0.3, 0.7]),))
def comprehension_named_as_a_view(x):
    y = x.copy()
    for k in range(2):
        r = y[k:]
        r *= 1.5
        y[0] = y[0] + sum([r for r in (1.0, 2.0)])
    return np.sum(y**2)


@program(args=(np.array([0.4, 0.3]),))
def directions_read_by_a_closure_and_replaced(x):
    u = np.eye(2) * x[0]
    v = u[0]

    def along(s):
        return s * v

    def value(s):
        return np.sum((x + along(s)) ** 2)

    for j in range(2):
        v = u[j]
        x = x + along(0.5) * value(0.1)
        u[1] = x
    return np.sum(x**2)


@program(args=(np.array([0.4, 0.3]),))
def method_reads_a_view_of_the_function_around(x):
    u = np.eye(2) * x[0]
    v = u[0]

    class Line:
        def at(self, s):
            return s * v

    line = Line()
    for j in range(2):
        x = x + line.at(0.5)
        v = u[j] * 2
    return np.sum(x**2)


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def conjugate_of_a_real_array_is_the_array(a):
    a = a * 1.0
    b = a.conj().T
    b[0, 1] = 5 * a[0, 0]
    c = np.conj(a)
    c[1] *= 3
    return np.sum(a**2 * b) + np.sum(c * a) + a[0, 0].conj()


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def first_power_of_a_matrix_is_the_matrix(a):
    a = a * 1.0
    b = np.linalg.matrix_power(a, 1)
    b[0, 1] = 5 * a[0, 0]
    return np.sum(a**2) + np.sum(b**3)


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def part_of_flat_is_a_copy(a):
    a = a * 1.0
    elements = a.flat
    part = elements[1:3]
    part *= 5
    elements[2:] = part * a[0]
    elements[0] += 2.0
    elements[1:3] *= 3.0
    return np.sum(a**2) + part @ elements[:2]


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def chosen_and_reshaped_copies(a):
    a = a * 1.0
    b = np.choose(np.zeros((2, 2), int), [a])
    c = a.reshape(4, copy=True)
    d = np.reshape(a, 4, copy=True)
    b[0] = 5 * a[1]
    c[:2] *= d[2:]
    d[0] = 3.0
    return np.sum(a**2) + np.sum(b**3) + c @ d


@program(args=(np.array([0.6, 0.2, 0.9]),))
def array_without_axes_changed_again_and_viewed(x):
    a = np.array(x[0])
    a *= x[1]
    a += x[2]
    b = a[...]
    row = a.reshape(1)
    b *= 3.0
    row += x[0]
    return a * np.sum(row) + b**2


@program(args=(np.array([0.6, 0.2, 0.9]),))
def element_written_through_a_view_without_axes(x):
    y = x.copy()
    first = y[:1].reshape(())
    first[...] = x[1] * x[2]
    last = np.squeeze(y[2:])
    last[()] = first * x[0]
    return np.sum(y**2 * x)


@program(args=(np.array([0.6, 0.2, 0.9]), np.array(0.7)), argnums=(0, 1))
def argument_without_axes_changed_by_another_name(x, a):
    b = a
    b *= x[0]
    c = a[...]
    c += x[1]
    return a * x[2] + b * c


def _damp(a):
    a *= 0.55


@program(args=(np.array([[0.6, 0.2], [-0.4, 0.9]]),), refused=AliasingError)
def read_only_diagonal_changed_in_place(m):
    m = 1.0 * m
    parts = [np.diagonal(m)]
    try:
        _damp(parts[-1])
    except ValueError:
        m[0, 1] += 0.5
    return np.sum(m**2)


@program(args=(np.array([[0.6, 0.2], [-0.4, 0.9]]),), refused=AliasingError)
def read_only_diagonal_added_to(m):
    m = 1.0 * m
    np.add.at(np.diagonal(m), 0, 0.2)  # NumPy writes, though the view is read-only.
    return np.sum(m**2)


_FIELD = np.array([0.1, 0.5, 0.9, 0.2, 0.4, 1.3])


@program(args=(_FIELD, 5))
def buffers_named_by_parity_read_after_the_loop(x, n):
    a, b = x.copy(), np.zeros_like(x)
    for k in range(n):
        if k % 2 == 0:
            source, target = a, b
        else:
            source, target = b, a
        target[1:-1] = 0.5 * (source[:-2] + source[2:])
    return np.sum(target**2) + a[0] * b[1]


def _move(target, source):
    target[1:] += source[:-1] * 0.5


@program(args=(_FIELD, 4))
def arrays_chosen_and_changed_by_a_function(x, n):
    a, b = x.copy(), x * 2
    for i in range(n):
        target, source = (a, b) if x[i] > 0.3 else (b, a)
        _move(target, source)
    return np.sum(a**2) + np.sum(b) + np.sum(target)


@program(args=(_FIELD, 4))
def chosen_array_left_by_a_while_loop(x, n):
    a, b, k = x.copy(), x * 2, 0
    while k < n:
        if x[k] > 0.3:
            low, high = a, b
        else:
            low, high = b, a
        low[k] = np.sum(high) * 0.1
        k += 1
    return np.sum(low**2) + np.sum(a * b)


class _Holder:
    def __init__(self, kept):
        self.kept = kept


@program(args=(_FIELD,))
def array_let_go_of_before_either_is_written(x):
    a, b = x.copy(), x * 2
    holder = _Holder(a if x[0] > 0.05 else b)
    total = np.sum(holder.kept**2)
    holder.kept = None
    a[1] = 3 * x[1] * total
    b[2:] *= x[0]
    return np.sum(a**2) + np.sum(b)


@program(args=(_FIELD,), refused=AliasingError)
def array_held_by_an_object_while_either_is_written(x):
    a, b = x.copy(), x * 2
    holder = _Holder(a if x[0] > 0.05 else b)
    a[1] = 3 * x[1]
    return np.sum(holder.kept**2) + np.sum(b)


@program(args=(_FIELD,), refused=AliasingError)
def one_of_two_arrays_that_may_be_one_of_others(x):
    a, b, c = x.copy(), x * 2, x**2
    chosen = a if x[0] > 0.05 else b
    element = [a, c][int(x[1] > 0.7)]
    a = None
    chosen[0] = 5 * x[1]
    return np.sum(element**2) + np.sum(chosen)


@program(args=(_FIELD,), refused=AliasingError)
def chosen_array_written_while_a_list_has_it(x):
    a, b, kept = x.copy(), x * 2, []
    chosen = a if x[0] > 0.05 else b
    for v in x:
        if v > 0.3:
            kept.append(a)
    a = None
    chosen[0] = 5 * x[1]
    return sum(np.sum(k**2) for k in kept) + np.sum(chosen)


@program(args=(_FIELD,), refused=AliasingError)
def chosen_arrays_exchanged_into_each_other(x):
    a, b = x.copy(), x * 2
    a[:], b[:] = (a if x[0] > 0.3 else b), (b if x[0] > 0.3 else a)
    return np.sum(a**3) + np.sum(b)


_PLACES = np.array([[0.1, 0.2], [1.1, 0.9], [0.3, -0.1], [0.8, 1.2]])


@program(args=(_PLACES,))
def tuple_of_buffers_at_an_index_of_the_run(x):
    buffers = (x[0].copy(), x[1].copy())
    for p in x:
        k = int(p[0] > 0.5)
        total = np.sum(buffers[k])
        buffers[1 - k][0] += total * p[1]
    return np.sum(buffers[0] ** 2) + np.sum(buffers[1] ** 3)


@program(args=(_PLACES,))
def one_array_twice_in_a_list_added_to(x):
    sums = [np.zeros(2)] * 2
    for p in x:
        sums[int(p[0] > 0.5)] += p**2
    return np.sum(sums[0] ** 2) + np.sum(sums[1])


@program(args=(_PLACES,))
def elements_of_arrays_in_a_list_at_an_index_of_the_run(x):
    sums, counts = [np.zeros(2), np.ones(2)], [0, 0]
    for p in x:
        k = np.argmin(p)
        sums[k][0] += p[0] ** 2
        counts[k] += 1
    return sum(np.sum(s**2) / (n + 1) for s, n in zip(sums, counts, strict=True))


@program(args=(_PLACES,))
def array_named_from_a_list_while_its_items_are_written(x):
    sums = [np.zeros(2), np.ones(2)]
    for p in x:
        k = int(p[0] > 0.5)
        before = sums[k]
        sums[k] += p
    return np.sum(sums[0] ** 2) + np.sum(before * sums[1])


@program(args=(_FIELD, 2.0 * _FIELD), argnums=(0, 1))
def argument_written_through_a_tuple_that_is_forgotten(x, y):
    both = (x, y)
    k = int(x[0] > 0.05)
    chosen = both[k]
    both = x = y = None
    chosen[0] = chosen[1] ** 2
    return np.sum(chosen**2)


@program(args=(_FIELD, 5))
def buffers_in_a_dict_named_by_text(x, n):
    fields, now = {"even": x.copy(), "odd": np.zeros_like(x)}, "even"
    for _ in range(n):
        then = "odd" if now == "even" else "even"
        fields[then][1:-1] = fields[now][1:-1] + 0.1 * (fields[now][2:] - fields[now][:-2])
        now = then
    return np.sum(fields[now] ** 2)


@program(args=(_PLACES,))
def array_named_from_a_list_and_changed(x):
    weights = [x[:2].copy(), x[2:].copy()]
    for _ in range(5):
        k = int(np.sum(weights[0]) > np.sum(weights[1]))
        w = weights[k]
        slope = 2 * w + np.cos(w)
        w -= 0.1 * slope
        w[0] *= 1.01
    return np.sum(weights[0] ** 2) + np.sum(weights[1])


@program(args=(_PLACES,), refused=AliasingError)
def two_arrays_named_from_a_tuple_and_one_changed(x):
    buffers = (x[0].copy(), x[1].copy())
    for p in x:
        k = int(p[0] > 0.5)
        source, target = buffers[k], buffers[1 - k]
        target[0] += source[1] * p[1]
    return np.sum(buffers[0] ** 2) + np.sum(buffers[1] ** 3)


@program(args=(_FIELD, 4))
def array_chosen_a_round_before_read_while_it_is_written(x, n):
    a, b = x.copy(), x * 2
    m = a
    for i in range(n):
        a[1] = a[1] * 1.1 + m[0]
        m = a if x[i] > 0.3 else b
    return np.sum(a) * np.sum(b**2) + np.sum(m)


@program(args=(_FIELD, 5))
def next_of_two_buffers_by_a_condition(x, n):
    a, b = x.copy(), x * 2
    now = a
    for i in range(n):
        then = b if i % 2 == 0 else a
        then[1:-1] = now[:-2] * 0.3 + now[2:]
        now = then
    return np.sum(now**2)


@program(args=(_FIELD, 4))
def chosen_array_of_the_round_before_or_none(x, n):
    a, b, old = x.copy(), x * 2, None
    for i in range(n):
        now = a if x[i] > 0.3 else b
        total = 0.0 if old is None else np.sum(old)
        now[i] += total
        old = now
    return np.sum(a**2) + np.sum(b)


_FOUR = np.array([0.6337, 0.3125, -0.3759, 0.4068])


@program(args=(_FOUR,), refused=AliasingError)
def array_carried_under_another_name_after_a_return(x):
    a, c = x * 1.0, x * 2.0
    if x[0] > 1.3:
        if x[1] < 0.05:
            return 0.0
    for _ in range(2):
        c[0] = a[1] * 2.0
        a = c
    return np.sum(c**2)


@program(args=(_FOUR,), refused=AliasingError)
def field_that_is_its_old_self_after_a_loop_that_returns(x):
    for v in x:
        if v < -5.0:
            return 0.0
    old, new = x * 1.0, np.zeros(4)
    for _ in range(3):
        new[1:-1] = 0.5 * (old[2:] + old[:-2])
        old = new
    return np.sum(new)


@program(args=(_FOUR,), refused=AliasingError)
def array_and_its_reverse_after_a_loop_that_returns(x):
    a, c = x * 1.0, x * 2.0
    for k in range(3):
        if x[k] > 0.9:
            return np.sum(a)
    for _ in range(2):
        c += a
        a = c[::-1]
    return np.sum(a**2)


@program(args=(_FOUR,))
def field_that_is_its_old_self(x):
    old, new = x * 1.0, np.zeros(4)
    for _ in range(3):
        new[1:-1] = 0.5 * (old[2:] + old[:-2])
        old = new
    return np.sum(new)


@program(args=(_FOUR,))
def row_chosen_from_a_list_put_into_another(x):
    m = x * np.ones((2, 1))
    rows = [m[0], m[1]]
    if x[0] > 0.1:
        m[0] = rows[int(x[1] > 0.1)]
    return np.sum(m**2)


@program(args=(_FOUR,))
def chosen_array_written_over_another(x):
    a, b = x * 1.0, np.sin(x)
    m = [a, b][int(x[0] > 0.1)]
    b[:] = m
    return np.sum(b**2)


def _grow(a, by):
    a *= by


@program(args=(_FOUR,), refused=AliasingError)
def chosen_array_in_a_dict_made_beside_a_write(x):
    a, b = x * 1.0, np.sin(x)
    held = {"p": a if x[0] > 0.1 else b, "q": _grow(a, 2.0)}
    return np.sum(held["p"])


@program(args=(_FOUR,), refused=AliasingError)
def chosen_array_as_a_default_beside_a_write(x):
    a, b = x * 1.0, np.sin(x)

    def total(m=a if x[0] > 0.1 else b, n=_grow(a, 2.0)):  # noqa: B008
        return np.sum(m)

    return total()


@program(args=(_FOUR,), refused=AliasingError)
def chosen_array_as_a_default_of_a_lambda_beside_a_write(x):
    a, b = x * 1.0, np.sin(x)
    total = lambda *, m=(a if x[0] > 0.1 else b), n=_grow(a, 2.0): np.sum(m)  # noqa: B008, E731
    return total()


class _Yielding:
    def __init__(self, kept):
        self.kept = kept

    def __iter__(self):
        yield self.kept


@program(args=(_FOUR,), refused=AliasingError)
def chosen_array_that_a_generator_will_yield(x):
    a, b = x * 1.0, np.sin(x)
    later = iter(_Yielding(a if x[0] > 0.1 else b))
    a[0] *= 3.0
    return np.sum(next(later)) + np.sum(a * b)
