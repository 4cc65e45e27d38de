# sorix 0.1.0 | solvers.py:2 cholesky_by_hand(a) | a: float64[n, m] | adjoint w.r.t. a
import numpy as np
from sorix.support import steps_along


def cholesky_by_hand__adjoint(a, result_bar):
    # solvers.py:3  n = a.shape[0]
    n = a.shape[0]
    # solvers.py:4  low = np.zeros_like(a)
    low = np.zeros_like(a)
    sqrt_stack = []
    low_stack = []
    # solvers.py:5  for i in range(n):
    for i in range(n):
        # solvers.py:6  for j in range(i + 1):
        for j in range(i + 1):
            # solvers.py:7  s = a[i, j]
            s = a[i, j]
            # solvers.py:8  for k in range(j):
            for k in range(j):
                # solvers.py:9  s -= low[i, k] * low[j, k]
                s -= low[i, k] * low[j, k]
            # solvers.py:10  if i == j:
            if i == j:
                # solvers.py:11  low[i, j] = np.sqrt(s)
                sqrt = np.sqrt(s)
                sqrt_stack.append(sqrt)
                low[i, j] = sqrt
            else:
                # solvers.py:13  low[i, j] = s / low[j, j]
                t = low[j, j]
                low_stack.append(t)
                low[i, j] = s / t
    # solvers.py:14  return np.sum(np.log(np.diag(low))) + low[2, 0] * low[2, 1]
    t1 = np.diagonal(low)
    t = low[2, 0]
    t2 = low[2, 1]
    result = np.log(t1).sum() + t * t2
    # adjoint of solvers.py:14
    low_bar = np.zeros_like(low)
    low_bar[2, 1] = result_bar * t
    low_bar[2, 0] += result_bar * t2
    t_bar = result_bar / t1
    t1 = steps_along(t_bar)
    np.add.at(low_bar, (t1, t1), t_bar)
    # adjoint of solvers.py:5
    a_bar = np.zeros_like(a)
    for i in reversed(range(n)):
        # adjoint of solvers.py:6
        for j in reversed(range(i + 1)):
            # adjoint of solvers.py:10
            if i == j:
                sqrt = sqrt_stack.pop()
                # adjoint of solvers.py:11
                t_bar1 = low_bar[i, j]
                low_bar[i, j] = 0.0
                s_bar = t_bar1 * (0.5 / sqrt)
            else:
                t = low_stack.pop()
                # adjoint of solvers.py:13
                t_bar1 = low_bar[i, j]
                low_bar[i, j] = 0.0
                s_bar = t_bar1 / t
                low_bar[j, j] -= s_bar * low[i, j]
            # adjoint of solvers.py:8
            for k in reversed(range(j)):
                # adjoint of solvers.py:9
                low_bar[j, k] -= s_bar * low[i, k]
                low_bar[i, k] -= s_bar * low[j, k]
            # adjoint of solvers.py:7
            a_bar[i, j] += s_bar
    return result, a_bar
