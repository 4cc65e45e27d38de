"""NumPy's functions of numbers, of arrays without elements, and of arrays of one."""

import numpy as np

from tests.corpus.registry import program

_X = np.array([0.6, 0.2, 0.9])
_M = np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]])


@program(args=(0.7,), tolerance=1e-7)
def scans_of_a_number(s):
    y = np.cumsum(s, axis=-1) * np.cumprod(s * s, axis=0)
    return np.diag(y * np.ones((1, 1)))[0] + np.max(np.cumprod(s, axis=-1), axis=-1)


@program(args=(np.array(0.7), _X.copy()), argnums=(0, 1))
def an_axis_of_a_number(z, x):
    y = np.repeat(z, 2, axis=0) * np.take(z, [0, 0], axis=-1)
    y = y + np.compress([True], z, axis=-1)
    return np.sum(y) * np.prod(z * z, axis=0) + np.sum(np.convolve(z, x) * np.convolve(x, z))


@program(args=(np.array([[0.4]]),))
def a_sum_given_an_axis(g):
    return np.sum(np.nansum(g * g, axis=None)[None] * np.max(g)[None])


@program(args=(_X.copy(),))
def differences_of_too_few(x):
    return np.sum(np.diff(x, n=5)) + np.sum(np.diff(x[:0])) + np.sum(np.diff(x, n=2) ** 2)


@program(args=(_X.copy(),))
def covariances_of_one_variable(x):
    row = np.cov((x * x)[None])
    return row * np.cov(x) + row.ndim + np.corrcoef(x) + np.ndim(np.cov(x))


@program(args=(_X[:1].copy(),))
def histogram_of_one_value(x):
    counts, edges = np.histogram(x, 2)
    return np.sum(counts * edges[1:] ** 2) + np.histogram_bin_edges(x[:0], 3)[1]


@program(args=(_M.copy(), _X.copy()), argnums=(0, 1))
def insertions(m, x):
    row, columns = np.insert(m, 1, x, axis=0), np.insert(m, -1, [1, 2], axis=1)
    rows = np.insert(m, 0, m * m, axis=0)
    mixed = np.insert(np.array([3, 1, 2]), 1, 1.7)
    return np.sum(row[1] * row[0]) + np.sum(columns**2) + np.sum(rows[:2] * rows[2:]) + mixed[1]


@program(args=(_M.copy(),), tolerance=1e-7)
def a_ufunc_over_several_axes(m):
    total = np.logaddexp.reduce(m, axis=(0, -1), keepdims=True)
    return np.sum(total * m) + np.hypot.reduce(m + 2, axis=(1, 0)) * np.logaddexp.reduce([1, 2])


@program(args=(_M.copy(),))
def a_ufunc_of_no_elements(m):
    none = m[:0]
    lowest = np.logaddexp.reduce(none)
    empty = np.maximum.accumulate(none)
    return np.sum(np.exp(lowest) * m) + np.sum(m * m) + empty.size + np.sum(np.resize(none, 2))


@program(args=(_M.copy(),))
def along_an_axis_to_a_matrix(m):
    products = np.apply_along_axis(lambda t: t[:, None] * t, 0, m)
    return np.sum(products[0, 1] * m[0]) + np.apply_along_axis(np.sum, 0, m[0]).ndim


@program(args=(_M.copy(),))
def nothing_is_deleted(m):
    return np.sum(np.delete(m, []) ** 2) + np.sum(np.delete(m, [], axis=1)[0] * m[1])
