"""Tables of rows of different lengths, that grow until they are good enough; lists that are stacked."""

import numpy as np

from tests.corpus.registry import program

_X = np.array([0.6, 0.9, 1.4])


@program(args=(_X,))
def romberg_until_the_diagonal_settles(x):
    def f(t):
        return x[0] * np.exp(-x[1] * t) + x[2] * t

    table = []
    for k in range(8):
        ts = np.linspace(0.0, 1.0, 2**k + 1)
        row = [(0.5 * f(ts[0]) + f(ts[1:-1]).sum() + 0.5 * f(ts[-1])) / 2**k]
        for j in range(1, k + 1):
            row.append(row[j - 1] + (row[j - 1] - table[k - 1][j - 1]) / (4**j - 1))
        table.append(row)
        if k > 1 and abs(table[k][k] - table[k - 1][k - 1]) < 1e-6:
            break
    return table[-1][-1] * len(table)


@program(args=(0.7,))
def richardson_returns_from_the_loop(x):
    h, table = 0.4, []
    for i in range(6):
        row = [(np.sin(x + h) - np.sin(x - h)) / (2 * h)]
        for j in range(i):
            row.append(row[j] + (row[j] - table[i - 1][j]) / (4 ** (j + 1) - 1))
        table.append(row)
        h /= 2
        if i > 0 and abs(table[i][i] - table[i - 1][i - 1]) < 1e-7:
            return table[i][i]
    return 100.0 * table[-1][-1]


@program(args=(_X,))
def rows_until_a_limit_or_all(x):
    rows = []
    for k, v in enumerate(x):
        rows.append([v * (j + 1) for j in range(k + 1)])
        if rows[-1][-1] > 4.0:
            break
    else:
        rows.append([x[0] ** 3])
    total = 0.0
    for row in rows:
        total += sum(row) * len(row)
    return total * rows[-1][0]


@program(args=(_X,))
def rows_in_a_function_called_twice(x):
    def rows_below(limit):
        rows = []
        for k in range(4):
            rows.append([x[0] * k + j * x[1] for j in range(k + 1)])
            if rows[-1][0] > limit:
                break
        return sum(r[-1] ** 2 for r in rows)

    return rows_below(1.0) * rows_below(5.0)


@program(args=(_X,))
def exit_of_a_loop_around(x):
    rows, total = [], 0.0
    for k in range(3):
        for j in range(k + 1):
            total += x[j] * k
            if total > 5.0:
                break
        rows.append([total] * (k + 1))
        if total > 2.0:
            break
    return sum(r[0] ** 2 * len(r) for r in rows)


def _history(x):
    rows = []
    for _ in range(5):
        x = np.tanh(1.1 * x)
        rows.append(x)
    return rows


@program(args=(_X,))
def history_stacked_by_name(x):
    v, h = np.vstack(_history(x)), np.hstack(_history(x))
    d, c = np.dstack(_history(x)), np.column_stack(_history(x))
    return np.sum(v[1:] * v[:-1]) + h[3] * h[-1] + np.sum(d[0, 1] ** 2) + np.sum(c[:, 0] * c[:, 4])


@program(args=(_X,))
def numbers_stacked_by_name(x):
    total = [np.sum(y) for y in _history(x)]
    numbers = []
    for t in total:
        if t > 0.1:
            numbers.append(t**2)
    a, b = np.vstack(numbers), np.hstack(numbers)
    c, d = np.dstack(numbers), np.column_stack(numbers)
    return a[1, 0] * b[2] * c[0, 0, 3] * d[0, 4] * (a.ndim + c.ndim)


@program(args=(_X,))
def matrices_stacked_by_name(x):
    blocks = []
    for y in _history(x):
        if np.sum(y) > 0.1:
            blocks.append(np.outer(y, x))
    v, h, d = np.vstack(blocks), np.hstack(blocks), np.dstack(blocks)
    c = np.column_stack(blocks)
    return np.sum(v[3:6] * h[:, :3]) + np.sum(d[:, :, -1] ** 2) + np.sum(c[0] ** 3)


_A = np.array([[0.6, 0.9, 1.4], [0.3, 1.1, 0.8], [0.5, 0.2, 1.7]])


@program(args=(_A,))
def orthonormal_rows_by_sums_of_projections(a):
    basis = []
    for v in a:
        w = v - sum(np.dot(v, b) * b for b in basis)
        basis.append(w / np.linalg.norm(w))
    return np.sum(np.stack(basis, axis=1)[0] ** 3) + basis[-1][0]


@program(args=(_A,))
def orthogonal_rows_by_sums_along_an_axis(a):
    basis = []
    for v in a:
        basis.append(v - np.sum([(v @ b) * b * 0.3 for b in basis], axis=0))
    return np.sum(np.array(basis)[:, 0] ** 3)


@program(args=(_A,))
def sum_of_what_has_more_dimensions(a):
    parts, total = [], 0.0
    for v in a:
        s = sum(np.outer(p, p) for p in parts)
        total = total + np.sum(v * v + s) * (np.ndim(v + s) + 1)
        parts.append(v)
    return total


@program(args=(_A,))
def sum_that_may_make_a_one_larger(a):
    column, parts, total = a[:, :1], [], 0.0
    for v in a:
        wide = column * sum(p for p in parts)
        total = total + np.sum(wide**2) * wide.size
        parts.append(v)
    return total


@program(args=(_A,))
def norms_of_the_rows_before(a):
    rows, total = [], 0.0
    for v in a:
        s = 0.0
        for row in rows:
            s = s + np.sum(row**2)
        total = total + np.sum(v * v * s)
        rows.append(v)
    return total
