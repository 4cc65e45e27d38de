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


NODES = np.array([[0.1, 0.2], [3.3, -0.1], [2.9, 3.2], [0.2, 2.8]])


@program(args=(NODES, np.array([[0, 1, 2], [0, 2, 3]])))
def elements_assembled_and_solved_for_free_nodes(nodes, elements):
    n = len(nodes)
    stiffness = np.zeros((n, n))
    for element in elements:
        x, y = nodes[element].T
        area = 0.5 * abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        b = np.array([y[1] - y[2], y[2] - y[0], y[0] - y[1]])
        c = np.array([x[2] - x[1], x[0] - x[2], x[1] - x[0]])
        stiffness[np.ix_(element, element)] += (np.outer(b, b) + np.outer(c, c)) / (4 * area)
    free = np.arange(1, n)
    u = np.linalg.solve(stiffness[np.ix_(free, free)], np.ones(n - 1))
    return np.sum(u**2)


@program(args=(NODES @ NODES.T + np.eye(4),))
def open_meshes_of_masks_and_lists(k):
    fixed = np.zeros(len(k), dtype=bool)
    fixed[[0, 2]] = True
    inner = k[np.ix_(~fixed, ~fixed)]
    rows, columns = np.ix_([3, 0], np.flatnonzero(fixed))
    return np.linalg.det(inner) + np.sum(k[rows, columns] ** 2) + np.sum(k[np.ix_([1])] ** 3)


@program(args=(np.array([0.3, -0.2, 0.7, 0.1, 0.9, -0.4]),))
def covariance_from_a_triangle(v):
    factor = np.zeros((3, 3))
    factor[np.tril_indices(3)] = v
    factor[np.diag_indices(3)] = np.exp(factor[np.diag_indices(3)])
    covariance = factor @ factor.T
    i, j = np.triu_indices(3, k=1)
    covariance[i, j] = 0.5 * covariance[j, i]
    covariance[np.diag_indices_from(covariance)] += 0.1
    below = covariance[np.tril_indices_from(covariance, -1)]
    return np.sum(covariance**2) + np.sum(below**3)


_TABLE = np.array([[0.1, 0.2, 0.3], [0.4, 0.9, 0.6]])


@program(args=(_TABLE,))
def place_of_the_greatest(a):
    k, l = np.unravel_index(np.argmax(a), a.shape)
    weights = np.ones((2, 3))
    weights[k, l] = a[0, 0]
    found = np.zeros_like(a)
    place = np.unravel_index(a.argmin(), a.shape)
    found[place] += 2 * a[place]
    return np.sum(weights * a * a[k, l]) + np.sum(found**2)


@program(args=(POINT,))
def place_in_a_flat_array(p):
    k = np.unravel_index(np.argmax(p), p.shape)
    (l,) = np.unravel_index(np.argmin(p), p.shape)
    return p[k] ** 2 * p[l] + np.sum(np.meshgrid(p)[0] ** 2)


@program(args=(_TABLE,))
def places_and_numbers(a):
    rows, columns = np.unravel_index(np.argsort(a, axis=None)[:3], a.shape)
    flat = np.ravel_multi_index((np.array([0, 1]), np.array([2, 1])), a.shape)
    return np.sum(a[rows, columns] ** 2) * a[rows[0], 0] + np.sum(np.ravel(a)[flat] ** 3)


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4]]),))
def places_found_as_tuples(a):
    places = np.argwhere(a > 0.45)
    first = tuple(places[0])
    return a[first] ** 3 + sum(a[tuple(place)] ** 2 for place in places)


@program(args=(np.array([0.5, -0.3, 1.2]), np.array([2, 0, 2])))
def values_looked_for_in_arrays(x, labels):
    total = 0.0
    for k in range(4):
        if k in labels:
            total += x[k] ** 2
    return total + (x[1] in x) * x[1] + (5.0 not in x) * x[0] ** 3
