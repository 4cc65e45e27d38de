# sorix 0.1.0 | solvers.py:2 lu_in_place(a) | a: float64[n, m] | adjoint w.r.t. a
import numpy as np
from sorix.support import product_of_others, steps_along


def lu_in_place__adjoint(a, result_bar):
    # solvers.py:3  a = a.copy()
    a = a.copy()
    # solvers.py:4  n = len(a)
    n = a.shape[0]
    # solvers.py:5  for k in range(n - 1):
    t = n - 1
    for k in range(t):
        # solvers.py:6  for i in range(k + 1, n):
        t1 = k + 1
        for i in range(t1, n):
            # solvers.py:7  a[i, k] = a[i, k] / a[k, k]
            a[i, k] = a[i, k] / a[k, k]
            # solvers.py:8  for j in range(k + 1, n):
            for j in range(t1, n):
                # solvers.py:9  a[i, j] -= a[i, k] * a[k, j]
                a[i, j] -= a[i, k] * a[k, j]
    # solvers.py:10  return np.prod(np.diag(a)) + a[2, 0] * a[0, 2]
    t2 = np.diagonal(a)
    t1 = a[2, 0]
    t3 = a[0, 2]
    result = np.prod(t2) + t1 * t3
    # adjoint of solvers.py:10
    a_bar = np.zeros_like(a)
    a_bar[0, 2] = result_bar * t1
    a_bar[2, 0] += result_bar * t3
    t_bar = result_bar * product_of_others(t2)
    t2 = steps_along(t_bar)
    np.add.at(a_bar, (t2, t2), t_bar)
    # adjoint of solvers.py:5
    for k in reversed(range(t)):
        # adjoint of solvers.py:6
        t1 = k + 1
        for i in reversed(range(t1, n)):
            # adjoint of solvers.py:8
            for j in reversed(range(t1, n)):
                # adjoint of solvers.py:9
                t_bar1 = a_bar[i, j]
                a_bar[k, j] -= t_bar1 * a[i, k]
                a_bar[i, k] -= t_bar1 * a[k, j]
            # adjoint of solvers.py:7
            t_bar1 = a_bar[i, k]
            a_bar[i, k] = 0.0
            t_bar1 /= a[k, k]
            a_bar[k, k] -= t_bar1 * a[i, k]
            a_bar[i, k] += t_bar1
    return result, a_bar
