"""Reductions and scans: sum, mean, var, max, prod, norm, cumsum, logsumexp, sort."""

import numpy as np

from tests.corpus.registry import program

_A = np.array([[0.6, 0.2, 0.9], [1.4, 0.7, 0.3]])


@program(args=(_A.copy(),))
def sums_over_axes(a):
    return np.sum(a, axis=0) @ a[1] + np.sum(np.sum(a, axis=1) ** 2) + a.sum() ** 2


@program(args=(_A.copy(),))
def keepdims_and_negative_axes(a):
    z = a - a.mean(axis=-1, keepdims=True)
    return np.sum(z**3) + np.sum(a.sum(axis=(0, 1), keepdims=True) * a)


@program(args=(_A.copy(),))
def variance_and_deviation(a):
    return np.var(a) + np.std(a, axis=0).sum() + np.sum(a.var(axis=1, ddof=1) ** 2)


@program(args=(_A.copy(),))
def products(a):
    return np.prod(a) + np.sum(np.prod(a, axis=0) ** 2) + a.prod(axis=1)[0]


@program(args=(np.array([0.0, 2.0, 3.0]),))
def product_with_a_zero(x):
    return np.prod(x) + np.prod(x[1:])


@program(args=(_A.copy(),))
def maxima_and_minima(a):
    return np.max(a) * np.min(a) + np.sum(a.max(axis=0) ** 2) - np.amin(a, axis=1) @ a[:, 0]


@program(args=(_A.copy(),))
def cumulative(a):
    return np.sum(np.cumsum(a, axis=1) ** 2) + np.sum(np.cumprod(a[0])) + np.cumsum(a)[3] ** 2


@program(args=(_A.copy(),))
def log_sum_exp(a):
    m = np.max(a, axis=1, keepdims=True)
    return np.sum(np.log(np.sum(np.exp(a - m), axis=1)) + m[:, 0]) + np.logaddexp(a[0], a[1]).sum()


@program(args=(_A.copy(),))
def norms(a):
    return np.linalg.norm(a) + np.sum(np.linalg.norm(a, axis=1) ** 3) + np.linalg.norm(a[0], 1)


@program(args=(_A.copy(),))
def sort_and_median(a):
    return np.sum(np.sort(a, axis=1)[:, 1:] ** 2) + np.median(a[0]) ** 2 + np.median(a, axis=0) @ a[0]


@program(args=(_A.copy(),))
def differences(a):
    return np.sum(np.diff(a, axis=1) ** 3) + np.sum(np.diff(a[0], n=2) ** 2)


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def trapezoid_rule(y):
    x = np.array([0.0, 0.3, 0.5, 1.0])
    return np.trapezoid(y**2, x) + np.sum((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2)


@program(args=(_A.copy(), np.array([0.2, 0.3, 0.5])), argnums=(0, 1))
def weighted_average(a, w):
    return np.average(a[0], weights=w) ** 2 + np.sum(a @ w) / np.sum(w)


@program(args=(_A.copy(),))
def mean_of_squares_by_loop(a):
    n = 0
    s = s2 = 0.0
    for row in a:
        for v in row:
            n += 1
            s += v
            s2 += v * v
    return s2 / n - (s / n) ** 2


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def welford(x):
    mean, m2 = 0.0, 0.0
    for k, v in enumerate(x):
        delta = v - mean
        mean += delta / (k + 1)
        m2 += delta * (v - mean)
    return m2 / (len(x) - 1) * mean


@program(args=(np.array([0.6, 0.2, 0.9, 0.4]),))
def kahan_summation(x):
    total = 0.0
    c = 0.0
    for v in x:
        y = v**2 - c
        t = total + y
        c = (t - total) - y
        total = t
    return total * x[0]


@program(args=(_A.copy(),))
def peak_to_peak_and_percentile(a):
    return np.ptp(a[0]) ** 2 + np.sum(np.ptp(a, axis=1))


@program(args=(np.array([0.6, 0.2, 0.9]),))
def method_calls_on_arrays(x):
    y = x.copy().reshape(3, 1).dot(x.reshape(1, 3))
    return y.sum() + y.mean() * y.max() + y.trace() + x.dot(x) + x.clip(0.3, 0.7).sum()


@program(args=(np.array([0.6, 0.2, 0.9]), 3))
def extremes_that_begin_with_a_number(x, k):
    first = int(x[2] * 4)  # 3: no elements are left.
    none = np.max(x[k:], initial=x[0]) * np.min(x[first:], initial=x[1])
    rows = np.max(np.zeros((0, 2)) * x[0], axis=0, keepdims=True, initial=x[2])
    return none + np.max(x[1:], initial=x[0]) + np.sum(rows**2) + x[3:].max(initial=0.0)
