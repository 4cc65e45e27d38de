"""Arrays written in place: elements, slices, masks, augmented assignment, out=, helpers that write."""

import numpy as np

from sorix.errors import AliasingError
from tests.corpus.registry import program


@program(args=(np.array([0.6, 0.2, 0.9]),))
def element_stores(x):
    y = np.zeros(3)
    y[0] = x[0] ** 2
    y[1] = x[1] * y[0]
    y[2] = y[1] + y[0]
    y[0] = x[2]
    return np.sum(y**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def slice_store(x):
    y = np.ones(4)
    y[1:3] = x[:2] * x[2:]
    y[::2] = y[::2] * x[0]
    return np.prod(y)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def slice_store_overlapping(x):
    y = x.copy()
    y[1:] = y[:-1] * 2
    y[:-1] = y[1:] + x[1:]
    return np.sum(y * x)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def augmented_elements(x):
    y = x.copy()
    y[0] += x[1]
    y[1] -= y[0] * 2
    y[2] *= y[1]
    y[0] /= x[2]
    y[1] **= 2
    return y[0] * y[1] + y[2]


@program(args=(np.array([0.6, 0.2, 0.9]),))
def augmented_whole_array(x):
    y = x * 1.0
    y += 1
    y *= x
    y -= 0.5 * x
    y /= 2 + x
    y **= 3
    return y.sum()


@program(args=(np.array([0.6, 0.2, 0.9]),))
def augmented_aliases_the_argument(x):
    y = x
    y = y + 1
    z = y
    z *= x
    return np.sum(y * z)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def argument_written_in_place(x):
    x *= 2
    x[0] = x[1] * x[2]
    return np.sum(x**2)


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4]]),))
def multi_axis_stores(a):
    b = np.zeros((3, 3))
    b[:2, :2] = a
    b[2, :] = b[0, :] * 2
    b[:, 2] = b[:, 0] + b[:, 1]
    b[1, 1] *= b[2, 2]
    return np.sum(b[1:, 1:] ** 2)


@program(args=(np.array([0.6, -0.2, 0.9]),))
def boolean_mask_store(x):
    y = x.copy()
    y[y < 0] = 0.5
    y[x > 0.7] *= 3
    return np.sum(y**2 * x)


@program(args=(np.array([0.6, -0.2, 0.9, -0.4]),))
def boolean_mask_store_of_values(x):
    y = np.zeros_like(x)
    mask = x > 0
    y[mask] = x[mask] ** 2
    y[~mask] = -x[~mask] * 3
    return np.sum(np.exp(y))


@program(args=(np.array([0.6, -0.2, 0.9]), np.array([2, 0, 2])))
def fancy_store(x, idx):
    y = np.zeros(4)
    y[[0, 3]] = x[:2]
    y[idx[:2]] += x[1:]
    return np.sum(y * np.arange(1.0, 5.0) ** 2 * y)


@program(args=(np.array([0.6, -0.2, 0.9]), np.array([2, 0, 2])))
def add_at(x, idx):
    y = x**2
    np.add.at(y, idx, x * y[1])
    return np.sum(y**2)


@program(args=(np.array([0.6, -0.2, 0.9, 0.3, 0.2]),))
def histogram_of_weights(x):
    bins = np.zeros(3)
    for i, b in enumerate([0, 2, 1, 0, 2]):
        bins[b] += x[i] ** 2
    return np.prod(bins)


@program(args=(np.array([0.6, 0.2, 0.9, 0.5]),))
def cumulative_sum_by_hand(x):
    y = np.empty_like(x)
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = y[i - 1] + x[i] * y[i - 1]
    return y[-1] * y[1]


@program(args=(np.array([0.6, 0.2, 0.9, 0.5]),))
def prefix_product_backwards(x):
    y = x.copy()
    for i in range(len(x) - 2, -1, -1):
        y[i] *= y[i + 1]
    return y.sum()


@program(args=(np.array([0.6, 0.2, 0.9]),))
def out_argument(x):
    y = np.empty(3)
    np.multiply(x, x, out=y)
    np.sin(y, out=y)
    np.add(y, x, y)
    return np.sum(y**2)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def copyto_and_fill(x):
    y = np.empty(3)
    y.fill(x[0])
    z = np.zeros(3)
    np.copyto(z, x * y)
    y[...] = z + 1
    return np.sum(y * z)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def full_slice_store(x):
    y = np.zeros((2, 3))
    y[:] = x
    y[0, :] *= 2
    y[1] = y[0] * y[1]
    return np.sum(y)


def _normalise(v):
    v /= np.sum(v)


def _double_first(v):
    v[0] *= 2
    return v


@program(args=(np.array([0.6, 0.2, 0.9]),))
def helper_that_writes(x):
    y = x**2
    _normalise(y)
    z = _double_first(y)
    return np.sum(y * z * x)


@program(args=(np.array([0.6, 0.2, 0.9]),), changes=0)
def procedure_changes_its_argument(x):
    x[1:] += x[:-1] ** 2
    x *= x[0]


@program(args=(np.array([0.6, 0.2, 0.9]), np.zeros(3)), argnums=(0, 1), changes=1)
def procedure_with_output_array(x, out):
    for i in range(3):
        out[i] = x[i] * x[2 - i] + out[i] ** 2


@program(args=(np.array([0.6, 0.2, 0.9]),))
def written_in_a_branch(x):
    y = x * 2
    if x[0] > 0.5:
        y[0] = x[1] ** 2
    else:
        y[1] = x[0]
    if x[1] > 0.5:
        y = y * 2
    return np.sum(y * x)


@program(args=(np.array([0.6, 0.2, 0.9, 0.1]),))
def written_in_a_while_loop(x):
    y = x.copy()
    k = 0
    while y[k] < 0.8 and k < 3:
        y[k + 1] = y[k] * x[k + 1] + y[k]
        k += 1
    return np.sum(y**2) * y[k]


@program(args=(np.array([0.6, 0.2, 0.9]),))
def store_after_read(x):
    y = x.copy()
    a = y[0]
    y[0] = 5.0
    b = y[0]
    y[1] = a * b
    return a * y[1] + np.sum(y)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def row_saved_then_overwritten(x):
    m = np.outer(x, x)
    row = m[0].copy()
    m[0] = m[1]
    m[1] = row * 2
    return np.sum(m * np.arange(9.0).reshape(3, 3))


@program(args=(np.array([0.6, 0.2, 0.9]),))
def row_view_then_overwritten(x):
    m = np.outer(x, x)
    row = m[0]
    m[0] = m[1] * 3
    m[1] = row * 2
    return np.sum(m * np.arange(9.0).reshape(3, 3))


@program(args=(np.array([0.6, 0.2, 0.9]), np.array([1.0, -1.0, 0.5])), argnums=(0, 1))
def swap_elements(x, w):
    y = x.copy()
    y[0], y[2] = y[2], y[0]
    y[[0, 1]] = y[[1, 0]]
    return np.sum(y * w * np.arange(3.0)) + y[0] ** 2


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4], [0.1, 0.7]]),))
def rows_written_in_a_loop(a):
    out = np.zeros_like(a)
    for i, row in enumerate(a):
        out[i] = row / np.sum(row)
    return np.sum(out * out[::-1])


@program(args=(np.array([[0.6, 0.2], [0.9, 0.4], [0.1, 0.7]]),))
def loop_over_rows_writes_through(a):
    b = a * 1.0
    for row in b:
        row += 1
        row[0] *= row[1]
    return np.sum(b**2)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def buffer_reused_over_steps(x):
    work = np.zeros(3)
    total = 0.0
    for k in range(3):
        work[:] = x * (k + 1)
        work[k] = 0.0
        total += np.sum(work**2) * work[0]
    return total


@program(args=(np.array([0.6, 0.2, 0.9]),))
def double_buffering(x):
    old, new = x.copy(), np.empty(3)
    for _ in range(4):
        for i in range(3):
            new[i] = 0.5 * old[i] + old[i - 1] ** 2
        old, new = new, old
    return np.sum(old)


@program(args=(np.array([0.6, 0.2, 0.9]), 0.3), argnums=(0, 1))
def store_in_a_3d_array(x, a):
    t = np.zeros((2, 3, 2))
    t[0, :, 1] = x
    t[1, 2] = a
    t[:, 0, 0] += a * x[0]
    t[..., 1] *= 2
    return np.sum(t**2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def in_place_sort_by_swaps(x):
    y = x.copy()
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return np.sum(y * np.arange(4) ** 2 * y)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def diagonal_written(x):
    m = np.zeros((3, 3))
    m[np.arange(3), np.arange(3)] = x
    m[0, 1] = x[2]
    np.fill_diagonal(m, m.diagonal() * 2)
    return np.sum(m @ m)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def integer_counter_array(x):
    counts = np.zeros(3, dtype=int)
    s = 0.0
    for k in range(5):
        i = (k * 2) % 3
        counts[i] += 1
        s += x[i] * counts[i]
    return s**2


@program(args=(np.array([0.6, 0.2, 0.9]), np.array([0.1, 0.2, 0.3])), argnums=(0, 1))
def two_arrays_in_lockstep(x, v):
    x, v = x.copy(), v.copy()
    for _ in range(3):
        v -= 0.1 * x
        x += 0.1 * v
        x[0] = v[1]
    return x @ v


@program(args=(np.array([0.6, 0.2, 0.9]),))
def in_place_negate_and_clip(x):
    y = x - 0.5
    np.negative(y, out=y)
    np.clip(y, -0.3, 0.25, out=y)
    np.maximum(y, -0.2, out=y)
    return np.sum(y**2 + y * x)


@program(args=(np.array([0.3, -0.2, 0.5, 0.1]), 0.2))
def copied_and_written_each_step(u, dt):
    for _ in range(3):
        un = u.copy()
        u[1:] = un[1:] - dt * un[1:] * (un[1:] - un[:-1])
    return np.sum(u**2)


@program(args=(np.array([0.3, -0.2, 0.5]), np.array([0.7, 0.4, -0.1])))
def two_arrays_change_places(u, v):
    for k in range(5):
        w = u * np.sin(v)
        u, v = v, u
        if k % 2 == 0:
            u = u + 0.5 * w * v
    return np.sum(u * v + v**3)


@program(args=(np.array([0.3, -0.2, 0.5]),))
def three_last_states(x):
    a, b, c = x, x**2, np.sin(x)
    for _ in range(4):
        a, b, c = b, c, a * b - 0.5 * c * c
    return np.sum(a * b * c)


@program(args=(np.array([0.3, -0.2, 0.5, 0.1]), np.array([0.2, 0.6, -0.4, 0.3])))
def mixed_with_all_others_in_place(x, w):
    for _ in range(3):
        for i in range(len(x)):
            x[i] = np.tanh(w @ x + w[i])
            x[i - 1] *= x[i]
    return np.sum(x * np.arange(4.0))


@program(args=(np.array([[0.3, -0.2], [0.5, 0.1], [0.4, 0.2]]), np.array([0.2, 0.6])))
def rows_mixed_until_small(a, w):
    k = 0
    while np.sum(a**2) > 0.05:
        a[k % 3] = 0.5 * np.sin(a @ w)[k % 3] * a[(k + 1) % 3]
        a[k % 3, 0] += 0.1 * w[1] * np.sum(a)
        k += 1
    return np.sum(a * a[::-1])


ROWS = np.array([[0.6, 0.2, 0.9], [-0.3, 0.8, 0.5], [0.4, -0.7, 0.1]])


@program(args=(ROWS,))
def fields_of_a_list_filled_beside_rows(x):
    fields = [np.zeros(3) for _ in range(3)]
    for field, row in zip(fields, x):
        field[1:] = row[:-1] * row[1:]
    for k in range(1, 3):
        fields[k] *= fields[k - 1] + 1
    return np.sum(fields[-1] ** 2) + np.sum(fields[0])


@program(args=(ROWS,))
def fields_of_a_tuple_and_a_dict_filled_beside_rows(x):
    a, b, c = np.zeros(3), np.ones(3), np.zeros(3)
    total = 0.0
    for field, row in zip((a, b, c), x):
        b[1:] += row[1:]
        c[0] = row[0] ** 2
        total += np.sum(field**3)
    named = {"a": a, "b": b}
    for row, field in zip(x, named.values()):
        field *= row
        field += row
    list(map(lambda field, row: np.copyto(field, row * field), [b, c], x))
    return total + np.sum(a * b) + np.sum(c**2)


@program(args=(ROWS,))
def views_in_a_list_written_beside_rows(x):
    u = x.copy()
    rows = [u[0], u[1], u[2, 1:], u[:, 0]]
    for view, row in zip(rows, reversed(x)):
        view *= row[-len(view) :]
    return np.sum(u**2)


@program(args=(ROWS,))
def chosen_field_is_no_copy(x):
    fields = (np.zeros(3), np.ones(3), np.zeros(3))
    last = None
    for field, row in zip(fields, x):
        last = field
    fields[2][1:] = row[1:]
    return np.sum(last**2)


@program(args=(ROWS,))
def elements_of_a_list_that_grew_are_written(x):
    layers = []
    h = x[0]
    for k in range(3):
        h = np.tanh(h * (k + 1))
        layers.append(h)
    for one, next_ in zip(layers, layers[1:]):
        next_ -= 0.1 * one
    layers[0][1:] = layers[2][:-1]
    rows = [row for row in x.copy()]
    rows[0] += rows[1]
    return sum(np.sum(v**2) for v in layers) + np.sum(np.vstack(rows) ** 3)


@program(args=(ROWS,))
def one_array_put_into_a_list_again_and_again(x):
    history = []
    total = np.zeros(3)
    for row in x:
        total += row
        history.append(total)
    return sum(np.sum(v**2) for v in history)


@program(args=(ROWS, 3))
def a_repeated_array_is_one_array(x, n):
    a = np.zeros(3)
    fields = [a] * n
    a[1:] = x[0, 1:]
    return sum(np.sum(v**2) for v in fields)


@program(args=(ROWS,), refused=AliasingError)
def tuple_of_arrays_written_at_an_index_of_the_run(x):
    fields = (np.zeros(3), np.zeros(3), np.zeros(3))
    field = fields[np.argmax(x[0])]
    field[1:] = x[0, 1:]
    return sum((k + 1) * np.sum(v**2) for k, v in enumerate(fields))


@program(args=(ROWS,), refused=AliasingError)
def array_written_after_a_list_took_it_on_a_branch(x):
    a, fields = np.zeros(3), []
    fields.append(np.ones(3))
    if x[0, 0] > 0.5:
        fields.append(a)
    a[1:] = x[0, 1:]
    return sum(np.sum(v**2) for v in fields)


_GUARDED = np.array([0.0, 2.0, -1.0, 0.5])


@program(args=(_GUARDED, _GUARDED[::-1].copy()), argnums=(0, 1))
def quotients_where_there_is_a_divisor(x, y):
    kept = np.abs(x) > 0.1
    inverse = np.divide(1.0, x, out=np.zeros_like(x), where=kept)
    ratio = np.divide(y, x, out=x * y, where=kept)
    whole = np.divide(y, np.arange(4), out=np.ones(4), where=[False, True, True, True])
    return np.sum(inverse * ratio) + np.sum(whole**2)


@program(args=(_GUARDED,))
def functions_of_what_is_in_their_domain(x):
    a = x.copy()
    np.sqrt(a, out=a, where=x > 0.1)
    log = np.log(x, out=np.zeros_like(x), where=x > 0.1)
    power = np.power(x, 0.5, out=2 * x, where=x > 0.1)
    angle = np.arccos(x, out=np.zeros((2, 4)), where=(np.abs(x) < 0.8) & (np.abs(x) > 0.1))
    wide = np.arccosh(x, out=3 * x, where=x > 1.1)
    return np.sum(a * log) + np.sum(power * wide) + np.sum(angle**2)


@program(args=(_GUARDED,))
def sums_of_chosen_elements_written(x):
    m = np.outer(x, x) + 0.25
    total, one = np.zeros(4), np.zeros(())
    np.sum(m * m, axis=1, where=m > 0.1, out=total)
    np.sum(x**2, out=one)
    return np.sum(total**2) * one


@program(args=(np.array([0.5, 0.2, 0.9]),))
def asarray_that_copies(x):
    y = np.asarray(x, copy=True)
    y[0] = 5.0 * y[1]
    return np.sum(x * y)


@program(args=(np.linspace(0.4, 1.5, 6),))
def arrays_beside_rows_of_a_table(x):
    table = np.outer(x[:3], x) * 0.5
    kept = [x[:3].copy(), x[3:] + 0.1]
    for _ in range(1, 3):
        for row, other in zip(kept, table[1:]):
            row[:] = row * 0.5 + np.sum(other)
    return kept[0][0] * kept[1][2]


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def results_written_where_a_position_says(a):
    product, low, row, most, table = (np.ones(s) for s in ((2, 2), (2, 2), 2, 2, (2, 2)))
    np.dot(a, a, product)
    np.clip(product, -0.9, 0.2, low)
    a.sum(0, None, row)
    np.add.reduce(a, 1, None, most)
    np.multiply.outer(row, most, out=table)
    np.add.accumulate(table, 0, None, table)
    np.maximum.accumulate(low, 1, out=low)
    np.choose([1, 0], [row, most], most)
    return np.sum(product * low) + np.sum(table**2) + row @ most


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def reductions_of_ufuncs_that_keep_their_axes(a):
    total = np.add.reduce(a, 0, None, None, True)
    return np.sum(a / (3.0 + total)) + np.maximum.reduce(a, 1, None, None, True)[1, 0] ** 2
@program(args=(0.7, ROWS), argnums=(0, 1))
def rows_given_a_value_or_themselves(k, x):
    x[:] = k * np.square(x) if k > 0.3 else x
    for i in range(2):
        x[i, 1:] = x[i, :-1] * x[i, 1:] if x[i, 0] > 0.9 else x[i, 1:]
    return np.sum(x**2)


@program(args=(0.7, ROWS[0].copy()), argnums=(0, 1))
def operand_that_is_one_array_or_another(k, a):
    y = (a if k > 0.2 else np.zeros(3)) * 2
    z = y + (a[::-1] if k > 5.0 else a)
    s = np.sort(a if k > 0.2 else z) - -(a if k < 0.9 else z)
    a[0] -= k * z[1] + np.dot(s if k > 0.1 else a, s)
    return np.sum(a * z) + np.sum((np.ones(3) if k > 0.9 else a) ** 2)


@program(args=(0.7, ROWS[0].copy()), argnums=(0, 1), refused=AliasingError)
def operand_written_before_it_is_used(k, a):
    def doubled(v):
        v *= 2.0
        return v[0]

    y = (a if k > 0.2 else np.ones(3)) * doubled(a)
    return np.sum(y * y)


@program(args=(np.array([0.3, 0.4]),))
def array_named_by_a_view_of_itself_and_written_after_the_loop(x):
    a = x * 2.0
    for _ in x:
        view = a[:]
        view /= 1.4
        view, a = view * 0.9, view
    else:
        a[1] = 0.6
    return np.sum(a)


@program(args=(np.array([0.3, 0.4]), np.array([0.1, 0.2, 0.3])), argnums=(0, 1))
def array_turned_around_in_a_loop_and_written_after_it(x, start):
    a = start.copy()
    b = a
    for _ in x:
        a = a[::-1]
    else:
        a[0] = x[1] * x[0]
    return np.sum(a * a) + b[2] * b[0]
