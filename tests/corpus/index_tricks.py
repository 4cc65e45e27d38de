"""Arrays made by NumPy's objects that are indexed: r_, c_, mgrid, ogrid, s_."""

import numpy as np

from tests.corpus.registry import program

POINT = np.array([0.3, -0.7, 1.1, 0.4])


@program(args=(POINT,))
def rows_joined_by_r(p):
    v = np.r_[0, p[1:], [2.0, p[0]], p[::-1]]
    return v[1:] @ np.arange(1.0, 10.0)


@program(args=(POINT,))
def columns_joined_by_c(p):
    return np.sum(np.c_[p, p**2, np.ones((4, 2))] @ np.array([1.0, 2.0, 0.5, -1.0]) ** 2)


@program(args=(POINT,))
def grids_by_index(p):
    x, y = np.mgrid[0:3, 0:4]
    a, b = np.ogrid[0:2, 0:3]
    steps = np.r_[0:1:4j]
    return np.sum(np.sin(p[0] * x + p[1] * y)) + np.sum(steps * p**2) + np.sum((a + b) * p[2])


@program(args=(POINT,))
def slices_kept_in_names(p):
    inner, rows = np.s_[1:3], np.index_exp[2:]
    return np.sum(p[inner] ** 3) * np.sum(p[rows])
