"""Tuples and lists: built, indexed, sliced, extended, popped, sorted out, comprehended."""

from collections import deque

import numpy as np

from tests.corpus.registry import program


@program(args=(0.6,))
def list_append_and_sum(x):
    values = []
    for k in range(5):
        values.append(x**k / (k + 1))
    return sum(values)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def list_grown_from_an_array(x):
    squares = []
    for v in x:
        squares.append(v * v)
    total = 1.0
    for s in squares:
        total = total * s + s
    return total


@program(args=(np.array([0.6, 0.2, 0.9, 1.5]),))
def list_grown_conditionally(x):
    kept = []
    for v in x:
        if v > 0.5:
            kept.append(v**2)
    return sum(kept) / len(kept)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def list_comprehension(x):
    return sum([v**2 + i for i, v in enumerate(x)]) * max([x[0], x[1]])


@program(args=(np.array([0.6, 0.2, 0.9]),))
def comprehension_with_condition(x):
    return sum([v**3 for v in x if v > 0.5])


@program(args=(np.array([[0.6, 0.2], [0.9, 0.1]]),))
def nested_comprehension(a):
    products = [[a[i, j] * a[j, i] for j in range(2)] for i in range(2)]
    return products[0][1] * products[1][0] + products[0][0]


@program(args=(0.6,))
def list_extend_insert(x):
    v = [x]
    v.extend([x**2, x**3])
    v.insert(0, 2.0)
    v += [x * 5]
    return v[0] * v[1] + v[-1] * v[2] - v[3]


@program(args=(0.6,))
def list_pop_and_push(x):
    stack = [x, 2 * x]
    stack.append(stack.pop() * stack.pop())
    stack.append(3.0)
    top = stack.pop()
    return top * stack.pop(0)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def stack_popped_in_a_loop(x):
    stack = []
    for v in x:
        stack.append(np.sin(v))
    total = 0.0
    while stack:
        total = total * 0.5 + stack.pop()
    return total**2


@program(args=(0.6,))
def list_element_assigned(x):
    v = [0.0] * 4
    v[0] = x
    for i in range(1, 4):
        v[i] = v[i - 1] * x + i
    v[0] += v[3]
    return v[0] * v[2]


@program(args=(0.6, 6))
def fibonacci_in_a_list(x, n):
    f = [x, 1.0]
    for _ in range(n):
        f.append(f[-1] + x * f[-2])
    return f[-1]


@program(args=(0.6, 0.3), argnums=(0, 1))
def tuple_swap(a, b):
    for _ in range(3):
        a, b = b + a * b, a
    return a - b


@program(args=(0.6,))
def tuple_concatenation(x):
    t = (x,) + (x**2, 1.0) * 2
    return t[1] * t[-2] + t[0] + len(t)


@program(args=(0.6,))
def list_slices(x):
    v = [x**k for k in range(6)]
    evens, tail = v[::2], v[3:]
    return sum(evens) * sum(tail) + v[-2:][0] * v[::-1][1]


@program(args=([0.5, 1.5, 2.5],))
def list_argument(values):
    total = 0.0
    for i, v in enumerate(values):
        total += v ** (i + 1)
    return total


@program(args=([np.array([0.5, 1.5]), np.array([[1.0], [2.0]])],))
def list_of_arrays_argument(parts):
    return np.sum(parts[0] * parts[1]) * parts[0][0]


@program(args=(np.array([0.5, 1.5, 0.2]),))
def array_from_a_list(x):
    rows = [x * k for k in range(1, 4)]
    a = np.array(rows)
    return np.sum(a[1] * a[2]) + np.sum(a[:, 0] ** 2)


@program(args=(0.5, 0.3), argnums=(0, 1))
def array_from_numbers(x, y):
    a = np.array([x, y, x * y])
    m = np.array([[x, 1.0], [y, x]])
    return a @ a + np.linalg.det(m)


@program(args=(np.array([0.5, 1.5, 0.2]),))
def list_aliases(x):
    a = [x[0], x[1]]
    b = a
    b.append(x[2])
    a[0] = a[0] * a[2]
    return b[0] + b[1] * len(a)


@program(args=(np.array([0.5, 1.5, 0.2]),))
def list_copy_is_independent(x):
    a = [x[0], x[1]]
    b = a[:]
    c = list(a)
    b[0] = x[2] * 3
    c.append(b[0])
    return a[0] * b[0] + sum(c)


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def list_reverse_and_index(x):
    names = ["a", "b", "c", "d"]
    values = [v * 2 for v in x]
    values.reverse()
    return values[names.index("b")] * values[0] ** 2


@program(args=(0.5,))
def list_of_lists_mutated(x):
    table = [[0.0, 0.0], [0.0, 0.0]]
    table[0][1] = x
    table[1][0] = table[0][1] ** 2
    row = table[1]
    row[1] = row[0] * x
    return table[1][1] + table[0][1] * table[1][0]


@program(args=(0.5,))
def matrix_of_lists_product(x):
    a = [[x, 1.0], [2.0, x**2]]
    b = [[1.0, x], [x, 0.5]]
    c = [[sum(a[i][k] * b[k][j] for k in range(2)) for j in range(2)] for i in range(2)]
    return c[0][0] * c[1][1] - c[0][1] * c[1][0]


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def pairs_with_zip_star(x):
    pairs = [(x[0], x[1]), (x[2], x[3])]
    firsts, seconds = zip(*pairs)
    return firsts[0] * seconds[1] + firsts[1] ** 2


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def history_of_states(x):
    history = [x]
    for _ in range(3):
        last = history[-1]
        history.append(last * 0.5 + np.sin(last))
    return np.sum(history[0] * history[-1]) + np.sum(history[2])


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def stack_of_history(x):
    rows = []
    y = x
    for k in range(3):
        y = y * x + k
        rows.append(y)
    a = np.stack(rows)
    return np.sum(a[:, 1:] * a[:, :-1])


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def returns_a_list_of_numbers(x):
    return [x[0] * x[1], x[2] ** 2, 3.0]


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def returns_arrays_in_a_tuple(x):
    return x**2, (np.sum(x), x[:2] * x[2:])


@program(args=(np.array([0.5, 1.5, 0.2, 0.7]),))
def returns_an_array(x):
    return np.outer(x[:2], x[1:])


@program(args=(np.array([0.5, 1.5, 0.2]),))
def sorted_with_key(x):
    order = sorted(range(3), key=lambda i: (2 - i) % 3)
    return x[order[0]] * x[order[1]] ** 2


@program(args=(np.array([0.5, 1.5, 0.2]), np.array([0.1, -0.3])), argnums=(0, 1))
def convolution_by_lists(a, b):
    out = [0.0 for _ in range(len(a) + len(b) - 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            out[i + j] += a[i] * b[j]
    return sum(v**2 for v in out)


@program(args=([0.1 * k - 1.0 for k in range(40)],))
def long_list_argument(values):
    total = 0.0
    for v in values:
        total = total * 0.5 + v**2
    return total + values[3] * values[-1]


@program(args=(np.array([1.1, 1.4, 1.2, 1.7, 1.5]),))
def a_list_and_a_repeated_list_joined(y):
    n = len(y)
    pivot = [1.0] + [0.0] * (n - 1)
    inverse = [0.0] * n
    for i in range(1, n - 1):
        pivot[i] = 4 * y[i] - inverse[i - 1]
        inverse[i] = 1.0 / pivot[i]
    return sum(pivot)


@program(args=(np.array([0.4, 0.9, -0.3, -0.8, 0.6, 0.2, 0.7, -0.1]),))
def sums_of_runs_of_one_sign(x):
    groups = []
    previous = None
    for v in x:
        sign = 1 if v > 0 else -1
        if sign == previous:
            groups[-1] = groups[-1] + v
        else:
            groups.append(v)
        previous = sign
    return sum(g**2 for g in groups)
@program(args=(0.6,))
def slices_of_a_list_that_grew(x):
    powers = []
    for k in range(6):
        powers.append(x**k)
    return sum(powers[::2]) * sum(powers[3:]) + powers[-2:][0] * powers[::-1][1]


@program(args=(np.array([0.6, 0.2]),))
def slices_of_a_list_of_arrays_that_grew(x):
    states = [x]
    for _ in range(4):
        states.append(np.sin(states[-1]) * x)
    return np.sum(states[1] * states[-1]) + sum(np.sum(s**2) for s in states[1::2])


@program(args=(0.7,))
def slice_of_a_list_and_the_list(x):
    kept = [x**k for k in range(4) if x**k > 0.3]
    middle = kept[1:-1]
    both = [*middle, 2.0, *kept]
    return sum(both) * sum(middle) + kept[0] * kept[-1]


@program(args=(2.0, 3))
def number_repeated_as_often_as_the_run_says(x, n):
    values = [x**2] * n
    return values[0] + values[1] * values[-1]


@program(args=(2.0, 0))
def number_repeated_no_times(x, n):
    return sum(v * v for v in [x] * n) + x**2


@program(args=(0.5, np.array([1.0, 2.0, 3.0, 4.0])), argnums=(0, 1))
def weights_of_the_trapezoidal_rule(h, y):
    weights = [h / 2] + [h] * (len(y) - 2) + [h / 2]
    return sum(w * v for w, v in zip(weights, y))


@program(args=(np.array([1.0, 2.0]), 3))
def array_repeated_and_stacked(x, n):
    return np.sum(np.stack([x**2] * n) ** 3) + np.sum(sum([x] * x.shape[0]) ** 2)


@program(args=(2.0, 3, 2))
def repeated_numbers_joined_and_written(x, n, m):
    values = [0.0] * m + n * [x]
    values[0] = x * 2
    values += [x**2] * n
    return sum(v * v for v in values) + values[m] * values[-1]


@program(args=(2.0, 3))
def grown_lists_repeated_and_added_to_themselves(x, n):
    powers = []
    for k in range(n):
        powers.append(x**k)
    both = powers * 2 + powers
    powers.extend(powers)
    powers *= n - 1
    middle = both[1:-1]
    middle.reverse()
    return sum(v * k for k, v in enumerate(both + middle)) + powers[-1] * powers[2] * len(powers)


@program(args=(0.9, 3))
def repeating_a_list_in_place_is_seen_through_its_other_name(x, n):
    one, two = [x], [x] * n
    names = (one, two)
    one *= 2
    two *= 2
    one.append(x * x)
    return sum(names[0]) * len(names[1]) + sum(names[1]) ** 2


UNSORTED = np.array([0.5, 2.0, 1.2, 0.3])


@program(args=(UNSORTED,))
def list_of_an_array_changed_in_its_middle(x):
    values = list(x)
    del values[0]
    values.insert(1, x[0] * x[1])
    values[2:3] = [x[3] * 2, x[2] ** 2]
    first = values.pop(1)
    values.remove(x[3])
    del values[:1]
    return sum(v * v * (k + 1) for k, v in enumerate(values)) + first**2 * len(values)


@program(args=(UNSORTED,))
def where_the_greatest_of_a_list_stands(x):
    values = list(x)
    k = values.index(max(values))
    at = max(range(len(values)), key=values.__getitem__)
    return values[k] ** 2 + k * values[0] + values[at] * at + values.count(x[1]) * x[2]


@program(args=([0.5, 2.0, 1.2],))
def where_the_greatest_of_three_numbers_stands(xs):
    k = xs.index(max(xs))
    others = xs[:]
    greatest = others.pop(k)
    others.insert(k, greatest**2)
    del others[k - 1]
    return xs[k] ** 3 + xs[0] + others[0] * others[1] + sum(xs[k:])


@program(args=(UNSORTED,))
def selection_by_removing_the_greatest(x):
    values, total, weight = list(x), 0.0, 1.0
    while values:
        greatest = max(values)
        values.remove(greatest)
        total += weight * greatest**2
        weight *= 0.5
    return total


@program(args=(UNSORTED,))
def list_grown_by_a_test_changed_in_its_middle(x):
    kept = []
    for v in x:
        if v > 0.4:
            kept.append(v)
    k = kept.index(max(kept))
    kept.insert(1, x[3])
    kept.remove(x[2])
    repeated = kept.count(x[3])
    kept[0:1] = [x[0] * 2, x[1] * 3]
    return sum(v * v * (i + 1) for i, v in enumerate(kept)) + repeated * k * kept.pop(1)


@program(args=(0.9,))
def work_queue_in_a_deque(x):
    queue, total = deque([x]), 0.0
    while queue:
        v = queue.popleft()
        total += v**2
        if v > 0.28:
            queue.append(v / 2)
        if v > 0.5:
            queue.appendleft(v / 3)
    return total


@program(args=(0.9, 3))
def deque_as_long_as_the_run_says(x, n):
    queue = deque()
    for k in range(n):
        queue.append(x**k)
    queue.rotate(1)
    queue.extendleft([x, 2 * x])
    queue.rotate(-1)
    return sum(v * v * (k + 1) for k, v in enumerate(queue)) + queue[0] * queue.pop()


ROWS = [[1.0, 2.0], [3.0, 4.5]]


@program(args=(ROWS,))
def rows_exchanged_where_the_data_say(m):
    m = [row[:] for row in m]
    k = max(range(2), key=lambda r: abs(m[r][0]))
    m[0], m[k] = m[k], m[0]
    return m[0][0] * 2 + m[1][1] ** 2


@program(args=(ROWS,))
def row_written_where_the_data_say(m):
    m = [row[:] for row in m]
    k = max(range(2), key=lambda r: abs(m[r][0]))
    m[k][0] = m[0][1] ** 2
    m[k][1] *= m[0][0]
    total = m[0][0] * 2 + m[1][1] + m[1][0]
    m[k] = [m[0][1] ** 2, 2.0]
    m[0][0] *= 3
    return total + m[0][0] * 2 + m[1][1] + m[1][0]


@program(args=(np.array([[0.1, 2.0, 1.0], [3.0, 4.5, 0.7], [1.0, -1.0, 2.0]]),))
def row_named_and_moved_where_the_data_say(a):
    m = [list(row) for row in a]
    k = int(np.argmax(a[:, 0]))
    row = m[k]
    m[k] = m[0]
    m[0] = row
    return m[0][0] * m[1][1] ** 2 * m[2][2] + row[2]


@program(args=(UNSORTED[:3],))
def numbers_put_into_bins(x):
    bins = [[], [], []]
    for j in range(3):
        k = int(2.9 - x[j])
        bins[k].append(x[j])
    return sum(sum(v * v for v in b) * len(b) for b in bins)


class Body:
    def __init__(self, v):
        self.v = v
        self.past = [v]


@program(args=(UNSORTED[:3],))
def object_changed_where_the_data_say(x):
    bodies = [Body(x[0]), Body(x[1]), Body(x[2])]
    k = int(np.argmax(x))
    bodies[k].v = x[0] * 3
    bodies[k].past.append(x[1])
    bodies[k].v *= 2
    return sum(b.v**2 * b.past[-1] * len(b.past) for b in bodies) + bodies[k].v


@program(args=(np.array([0.5, 2.0, 1.0]),))
def list_of_unknown_length_unpacked(x):
    squares = [v * v for v in x if v > 0.7]
    a, b = squares
    (c, d), (e, f) = [(v * v, v) for v in x if v > 0.7]
    return a * b + c * d * d + e * f


@program(args=(0.6,))
def list_chosen_by_the_data_and_lengthened(x):
    a, b = [x], [x**2]
    c = a if x > 0.5 else b
    c.append(x**3)
    return a[0] * a[-1] + b[0] * len(b) + len(a)


@program(args=(np.array([0.3, 1.1, 0.6, 1.4, 0.2]),))
def lists_at_computed_bins(x):
    bins = [[] for _ in range(3)]
    for v in x:
        bins[min(int(v / 0.5), 2)].append(v)
    return sum(sum(b) ** 2 for b in bins) + len(bins[2]) * bins[0][-1]


@program(args=(np.array([0.3, 1.1, 0.6, 1.4, 0.2]),))
def clusters_of_the_nearest_centre(x):
    centres = np.array([x[0], x[1]])
    for _ in range(3):
        clusters = [[] for _ in centres]
        for v in x:
            clusters[int(np.argmin(np.abs(v - centres)))].append(v)
        centres = np.array([np.mean(c) for c in clusters])
    return centres[0] ** 2 * centres[1]


@program(args=(np.array([0.3, 1.1, 0.6, 1.4, 0.2]),))
def base_of_an_index_is_read_before_it(x):
    first, second = [[1.0], [2.0]], [[3.0], [4.0]]
    bins = first

    def chosen(v):
        nonlocal bins
        bins = second
        return int(v > 0.5)

    bins[chosen(x[0])].append(x[0])
    bins[chosen(x[1])].append(x[1] ** 2)
    return sum(first[0]) * sum(first[1]) ** 2 + sum(second[0]) ** 3 * sum(second[1])


@program(args=(np.array([0.5, 0.2]),))
def lists_of_integers_beside_an_array(a):
    signs = (1, -1)
    total = np.sum(np.sin(a) * [1, -2]) + np.sum([3, 1] - a) + np.sum(a ** [1, 2])
    table = np.sum(np.outer(a, a) * [[1, 2], [3, len(a)]])
    return total * table + np.sum(a * signs) + [2, 1] @ a


@program(args=(np.array([0.5, 0.2]),))
def integers_collected_in_a_loop_beside_an_array(a):
    weights = []
    for v in a:
        weights.append(1 if v > 0.3 else 3)
    return np.sum(a**2 * weights)


@program(args=(np.array([0.5, 0.2]),))
def array_changed_in_place_by_a_list(a):
    b = a * 2
    b += [1, 2]
    b[:] *= (3, 1)
    b[[0, 1]] -= [1, 1]
    return b @ b


@program(args=(np.array([0.5, 0.2]),))
def list_that_an_array_is_added_to_becomes_one(a):
    sums = [1.0, 2.0]
    sums += a * 2
    squares = [v * v for v in a]
    squares += a
    of_rows = {"first": [1, 2]}
    of_rows["first"] *= a
    return len(sums) * sums[0] ** 2 + squares[1] ** 2 + of_rows["first"][1]


@program(args=(np.array([0.5, 0.2]),))
def array_compared_with_a_list(a):
    above = a > [0.3, 0.3]
    return np.sum(a[above] ** 2) + np.sum(np.where([1, 0] <= a, a, a**3))


@program(args=(0.4, 0.7), argnums=(0, 1))
def frozen_set_joined_in_place_is_another(x, y):
    first = frozenset([1, 2])
    second = first
    second |= {3}
    second -= {1}
    return len(first) * x**2 + (3 in second) * x * y + (1 in second) * 100


@program(args=(0.4, 0.7), argnums=(0, 1))
def index_looked_for_from_a_place_on(x, y):
    steps = [3, 1, 3, 2, 3]
    return x ** steps.index(3, 1) + y ** steps.index(3, -2) + (3, 1, 2).index(2, 1, 3) * x


@program(args=(np.array([0.4, 1.3, 0.7]),))
def long_list_of_appended_numbers_is_gone_through(x):
    sines = []
    for k in (1, 2, 3, 4):
        sines.append(np.sin(k * x[0]))
        sines.append(np.sin(k * x[1]))
        sines.append(0.5)
        sines.append(x[2] ** k)
    sines = [*sines, *sines[::2], *sines[1:]]
    total = sum(sines)
    for k in range(2):
        for i, s in enumerate(sines):
            total += s**2 * x[k] / (i + 1)
    return total


@program(args=(np.array([0.4, 1.3, 0.7]),))
def comprehensions_whose_conditions_test_what_may_be_none(x):
    first = x[0] if x[1] > 1.0 else None
    known = [v if v is not None else x[1] for v in (first, x[2])]
    scaled = {k: v * 2 if v is not None else 1.0 for k, v in zip("ab", (first, x[2]))}
    above = [u * v for u in (x[0], x[1]) for v in (x[2], 1.0) if u > v]
    return sum(known) * scaled["a"] + sum(above) * len(above) + scaled["b"] ** 2


@program(args=(np.array([0.4, 1.3, 0.7]),))
def what_is_in_a_list_itself_needs_not_be_equal(x):
    missing, unknown = float("nan"), x[0] * np.nan
    seen = [1.0, missing, unknown]
    found = (missing in seen) + 2 * (unknown in seen) + 4 * (seen == [1.0, missing, unknown])
    found += 8 * ((missing, 1) == (missing, 1)) + 16 * (missing == missing) + 32 * seen.count(unknown)
    found += 64 * (float("nan") in seen) + 128 * ({"a": unknown} == {"a": unknown})
    return np.sum(x**2) * found


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def tuples_of_values_at_an_index_of_the_run(x):
    pair = (x[0] * 1.5, x[1] ** 2)
    rows = (x[:2] * x[2], x[2:] ** 2)
    k = int(x[3] > 0.3)
    for v in x:
        rows = (rows[int(v > 0.5)] * v, rows[0])
    return pair[k] ** 3 + np.sum(rows[k] ** 2) + np.sum(rows[1 - k])
