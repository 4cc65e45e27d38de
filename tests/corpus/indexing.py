"""Indexing: integers, slices, ellipsis, newaxis, masks, integer arrays, take, computed positions."""

import numpy as np

from tests.corpus.registry import program

_A = np.linspace(0.1, 1.2, 12).reshape(3, 4) ** 2
_V = np.array([0.6, 0.2, 0.9, 0.4])


@program(args=(_V.copy(),))
def negative_indices(x):
    return x[-1] * x[0] ** 2 + x[-2] * x[-len(x)]


@program(args=(_A.copy(),))
def slices_of_a_matrix(a):
    return np.sum(a[1:, ::2] * a[:-1, 1::2]) + np.sum(a[::-1, -1] ** 2) + a[2][3] * a[0, 1]


@program(args=(_A.copy(),))
def ellipsis_and_newaxis(a):
    t = a[np.newaxis, ..., None]
    return np.sum(t[0, ..., 0] ** 2 * a) + np.sum(t[..., 1, :, 0])


@program(args=(_V.copy(), np.array([0, 2, 2, 3, 0])))
def integer_array_with_duplicates(x, idx):
    return np.sum(x[idx] ** 2 * np.arange(5.0))


@program(args=(_A.copy(),))
def pairs_of_integer_arrays(a):
    rows, cols = [0, 2, 1, 0], [3, 0, 1, 3]
    return np.sum(a[rows, cols] ** 2) + np.sum(a[:, [1, 1, 2]] * 2) + np.sum(a[[0, 0]] ** 3)


@program(args=(_A.copy(),))
def grid_of_integers(a):
    return np.sum(a[np.ix_([0, 2], [1, 3])] ** 2) + np.sum(a[np.array([[0], [2]]), np.array([1, 2])])


@program(args=(_V.copy() - 0.5,))
def mask_read(x):
    return np.sum(x[x > 0] ** 2) - np.sum(np.exp(x[x <= 0]))


@program(args=(_A.copy(), np.array([True, False, True])))
def mask_of_rows(a, keep):
    return np.sum(a[keep] ** 2) + np.mean(a[keep, 1])


@program(args=(_V.copy(),))
def argmax_and_argsort(x):
    order = np.argsort(x)
    return x[np.argmax(x)] ** 2 + x[order[0]] * x[order[1]] + np.sum(x[order] * np.arange(4))


@program(args=(_A.copy(),))
def take_and_take_along_axis(a):
    order = np.argsort(-a, axis=1)
    top = np.take_along_axis(a, order[:, :2], axis=1)
    return np.sum(top**2) + np.sum(np.take(a, [0, 2], axis=0) * 2)


@program(args=(_V.copy(),), tolerance=1e-8)
def index_from_data(x):
    i = int(x[2] * 3)
    j = int(np.sum(x > 0.5))
    return x[i] ** 2 * x[j - 1] + i


@program(args=(_V.copy(), 1, 3))
def slice_bounds_as_arguments(x, lo, hi):
    return np.sum(x[lo:hi] ** 2) + np.sum(x[:hi] * x[-hi:])


@program(args=(_V.copy(),))
def where_indices(x):
    (idx,) = np.where(x > 0.3)
    return np.sum(x[idx] ** 3) * len(idx)


@program(args=(_A.copy(),))
def diagonals_and_triangles(a):
    s = a[:, :3]
    i, j = np.triu_indices(3, k=1)
    return np.sum(np.diagonal(s) ** 2) + np.sum(s[i, j] * s[j, i]) + np.trace(s)


@program(args=(_A.copy(),))
def tuple_as_an_index(a):
    where = (1, 2)
    rows = slice(0, 2)
    return a[where] * a[rows, 0].sum() + a[(slice(None), 1)] @ a[:, 3]


@program(args=(_V.copy(),))
def neighbours_with_wraparound(x):
    n = len(x)
    s = 0.0
    for i in range(n):
        s += x[i] * x[(i + 1) % n] * x[i - 1]
    return s


@program(args=(_V.copy(), [2, 0, 3]))
def list_of_integers_argument(x, order):
    s = 0.0
    for k, i in enumerate(order):
        s += x[i] ** (k + 1)
    return s


@program(args=(np.arange(24.0).reshape(2, 3, 4) / 10 + 0.1,))
def three_axes(t):
    return np.sum(t[0, :, 1] * t[1, :, 2]) + np.sum(t[:, 1] ** 2) + np.sum(t[..., -1] * t[:, ::-1, 0])


@program(args=(_V.copy(),))
def searchsorted_lookup(x):
    edges = np.array([0.0, 0.3, 0.5, 1.0])
    bins = np.searchsorted(edges, x)
    heights = np.array([1.0, 2.0, 3.0, 4.0])
    return np.sum(heights[bins] * x**2)


@program(args=(np.array([1.0, 2.0, 3.0]), np.array([[0, 1], [1, 2], [2, 0]])))
def edges_of_a_graph(x, edges):
    d = x[edges[:, 0]] - x[edges[:, 1]]
    total = np.sum(d**2)
    for i, j in edges:
        total += x[i] * x[j]
    return total


@program(args=(np.array([[0.5, -0.3, 0.8], [1.2, 0.4, 0.7], [0.1, 0.9, 0.6]]),))
def rows_and_pairs_and_masks_at_which_ufuncs_compute(a):
    b = a * 1.0
    np.multiply.at(b, [0, 1, 1], a[0])
    np.maximum.at(b, [2, 0], a[:2])
    np.divide.at(b, ([0, 0], [1, 1]), 1.0 + a[1, 1] ** 2)
    np.multiply.at(b, (slice(None), [0, 2]), a[:, :1])
    np.multiply.at(b, a > 0.75, 2.0)
    np.negative.at(b, [[0, 0], [1, 0]])
    row = a[2] * 1.0
    np.multiply.at(row, [0, 0, 2], a[1])
    return np.sum(b * np.arange(9.0).reshape(3, 3)) + row @ row


@program(args=(np.array([0.5, -0.3, 0.8]),))
def outer_of_lists_by_ufuncs(x):
    powers = np.power.outer(x + 2.0, [1, 2])
    return np.sum(powers * np.subtract.outer((x[0], 1.0, 2.0), [3, 4]))
