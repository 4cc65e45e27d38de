"""Functions of NumPy's that return a view, or write into what they are given."""

import numpy as np

from sorix.errors import AliasingError
from tests.corpus.registry import program

_V = np.array([2.1, -0.4, 1.3, 0.7, -1.6, 0.9])
_M = np.array([[1.2, 0.4, -0.3], [0.1, 1.5, 0.8], [-0.7, 0.2, 1.9]])


@program(args=(_M,))
def written_through_flipped_arrays(x):
    a = x.copy()
    up, left = np.flipud(a), np.fliplr(a)
    up[0] *= 3.0
    left[:, 0] = x[0] ** 2
    turned = np.rot90(a)
    turned[1] += x[2]
    back = np.flip(a, axis=(0, 1))
    back[0, 0] = 7.0 * x[1, 1]
    return a


@program(args=(_V,))
def written_through_parts(x):
    a = x.copy()
    p, q = np.split(a, 2)
    p += q
    q *= 2.0
    parts = np.array_split(a, 4)
    parts[1][:] = parts[1] ** 2
    return a


@program(args=(_M,))
def written_through_rows_and_columns(x):
    a = x.copy()
    first, rest = np.vsplit(a, [1])
    first += rest[0]
    left, right = np.hsplit(a, [2])
    right *= left[:, :1]
    return a


@program(args=(_M,))
def diagonals_follow_the_matrix(x):
    a = x.copy()
    d, e = np.diag(a), a.diagonal(1)
    a[0, 0] = 7.0 * x[0, 1]
    a[1] *= 2.0
    return d, e


@program(args=(_V,))
def an_axis_more(x):
    a = x.copy()
    row = np.atleast_2d(a)
    row[0, 1] *= 2.0
    np.atleast_1d(a)[2] = x[0] ** 2
    return a, row @ row.T


@program(args=(_M,))
def written_through_moved_axes(x):
    a = np.stack([x, 2 * x])
    b = np.moveaxis(a, 0, -1)
    b[0] *= 3.0
    c = np.matrix_transpose(a)
    c[0, 1] = x[0] ** 2
    d = np.rollaxis(a, 2)
    d[1] += x[:2]
    return a


@program(args=(_V,))
def functions_that_write(x):
    a, b, c = x.copy(), x.copy(), x.copy()
    np.put(a, [0, 2], x[3:5] ** 2)
    np.putmask(b, b > 1, x * 2)
    np.place(c, c > 1, [4.0])
    a.sort()
    return a, b, c


@program(args=(_V,))
def ufuncs_at_repeated_indices(x):
    a = x.copy()
    np.multiply.at(a, [0, 0, 1], x[2:5])
    np.maximum.at(a, [3, 4, 3], 0.8)
    return a


@program(args=(_V,), refused=AliasingError)
def written_under_windows(x):
    a = x.copy()
    windows = np.lib.stride_tricks.sliding_window_view(a, 2)
    a[0] *= 2.0
    return np.sum(windows**2)


@program(args=(_M,), refused=AliasingError)
def perhaps_a_copy(x):
    a = x.copy()
    b = np.asarray(a, order="F")
    b[0] *= 2.0
    return a


@program(args=(_M,))
def a_diagonal_returned_from_a_loop(x):
    def settle(a):
        a = a.copy()
        for _ in range(9):
            if abs(a[0, 1]) < 0.01:
                return np.diagonal(a)
            a[0, 1] *= 0.3
            a[0, 0] += a[0, 1]
        return np.diagonal(a)

    return settle(x)


@program(args=(_M,))
def a_row_returned_from_a_loop(x):
    def relaxed(a, rounds):
        a = a.copy()
        for _ in range(rounds):
            a[1:] = 0.5 * (a[1:] + a[:-1] ** 2)
            if np.sum(np.abs(a[1] - a[2])) < 0.6:
                return a[1], a
        return a[2], a

    row, all_rows = relaxed(x, 5)
    return row, all_rows


@program(args=(_M,), refused=AliasingError)
def returned_from_a_loop_and_written_by_the_caller(x):
    def scaled(a):
        for _ in range(4):
            if np.sum(a) > 9:
                return a
            a *= 1.5
        return a

    a = x.copy()
    b = scaled(a)
    b[0] = 1.0
    return np.sum(a**2)


@program(args=(_V,))
def written_after_the_loop_that_made_it(x):
    u = x.copy()
    for k in range(3):
        flux = np.roll(u, 1) - u
        u = u + 0.1 * (k + 1) * flux
    flux[1:3] = 0.0
    flux[0] *= u[0]
    return flux, u


@program(args=(_V,))
def two_names_of_what_a_loop_made(x):
    for k in range(3):
        a = x * k
        b = a
    b[0] = 5.0
    return np.sum(a**2)


@program(args=(_V,), refused=AliasingError)
def flipped_array_of_one_rank_or_another_is_written(x):
    v = np.zeros((2, 2))
    if x[0] > 0:
        v = x * 1.0
    b = np.flip(v)
    b[0] = 7.0
    return np.sum(v**2)


@program(args=(_V,), refused=AliasingError)
def row_of_an_array_of_one_rank_or_another_is_written(x):
    v = x * 1.0 if x[0] > 0 else np.zeros((2, 2))
    w = np.atleast_2d(v)
    v[0] = x[1]
    return np.sum(w**2)


@program(args=(_V,))
def parts_of_an_array_of_one_rank_or_another(x):
    v = x * 1.0 if x[0] > 0 else np.zeros((2, 2))
    p, q = np.split(v, 2)
    p *= 3 * x[0]
    q += p**2
    np.array_split(v, [1], axis=-1)[1][...] *= x[5]
    return np.sum(v**2) + np.sum(np.moveaxis(v, 0, -1) * np.flip(v, 0))


@program(args=(_V,))
def arrays_of_at_least_two_dimensions(x):
    a = x * 1.0
    row = np.array(a, ndmin=2)
    row[0, 1] = x[0] ** 2
    seen = np.array(a, copy=None, ndmin=3)
    seen[0, 0, 2] = x[1] * x[3]
    pair = np.array([x[0], x[1]], ndmin=2)
    return np.sum(a**2) + np.sum(row @ row.T) + np.sum(pair.T @ pair) + np.array(x[2], ndmin=1)[0]


@program(args=(_V,))
def an_array_cast_to_its_own_dtype(x):
    a = x * 1.0
    b, c = np.astype(a, float, copy=False), np.astype(a, float)
    b[0] = 9.0 * x[1]
    c[1] = x[2] ** 2
    return np.sum(a**2) + np.sum(c**3)


@program(args=(_V,))
def an_open_mesh_of_numbers(x):
    a = np.zeros(2)
    i, j = np.ix_(a, x[:3])
    i[0, 0] = x[0] * x[1]
    o = np.zeros(())
    np.asarray(o)[()] = x[3]
    return np.sum((i + j) ** 2) + a[0] ** 3 + o**2


@program(args=(_V,))
def values_given_in_turn(x):
    a, b, c, d = x * 1.0, x * 2.0, np.outer(x, x), np.zeros((2, 6))
    np.put(a, [0, 1, 2], x[:2] ** 2)
    np.place(b, b > 0, [x[0], x[1] ** 2, 3.0, 4.0, 5.0])
    np.place(a, a > 0, x[3:5] * x[0])
    np.putmask(c, c > 0, x[:2, None] ** 2)
    d.flat = x
    d.flat = 2 * d
    d[0].put([1, 2, 3], [x[0], x[5]])
    return np.sum(a * b) + np.sum(c * c) + np.sum(d[0] * d[1] * x)


@program(args=(_M,))
def put_along_an_axis(x):
    a = x.copy()
    np.put_along_axis(a, np.argsort(a, axis=1)[:, :1], x[:, :1] ** 2, axis=1)
    np.put_along_axis(a, np.array([[1]]), 5.0 * x[0, 0], 0)
    np.put_along_axis(a, np.array([8]), x[1, 1], None)
    return np.sum(a**2)


@program(args=(_V, [2, 3, 1]))
def parts_of_given_sizes(x, sizes):
    a, b, c = np.split(x, np.cumsum(sizes)[:-1])
    a[0] = x[3] * x[4]
    return np.prod(a) + np.prod(b) * np.sum(c) + np.sum(x**2)


@program(args=(_M, np.array([1, 2])))
def parts_between_places_in_an_array(x, places):
    parts = np.split(x, places, axis=1)
    return sum(np.prod(p) * (k + 1) for k, p in enumerate(parts))
