# sorix 0.1.0 | solvers.py:5 thomas_algorithm(a, b, c, d) | a: float64[n], b: float64[m], c: float64[k], d: float64[p] | adjoint w.r.t. a, b, c, d
import numpy as np


def thomas_algorithm__adjoint(a, b, c, d, result_bar):
    # solvers.py:6  n = len(d)
    n = d.shape[0]
    # solvers.py:7  b, d = b.copy(), d.copy()
    b = b.copy()
    d = d.copy()
    # solvers.py:8  for i in range(1, n):
    for i in range(1, n):
        # solvers.py:9  w = a[i - 1] / b[i - 1]
        t = i - 1
        w = a[t] / b[t]
        # solvers.py:10  b[i] -= w * c[i - 1]
        b[i] -= w * c[t]
        # solvers.py:11  d[i] -= w * d[i - 1]
        d[i] -= w * d[t]
    # solvers.py:12  x = np.empty(n)
    x = np.empty(n)
    # solvers.py:13  x[-1] = d[-1] / b[-1]
    t = b[-1]
    t1 = d[-1] / t
    x[-1] = t1
    # solvers.py:14  for i in range(n - 2, -1, -1):
    for i in range(n - 2, -1, -1):
        # solvers.py:15  x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    # solvers.py:16  return np.sum(x**2)
    result = (x ** 2).sum()
    # adjoint of solvers.py:16
    x_bar = 2 * result_bar * x
    # adjoint of solvers.py:14
    b_bar = np.zeros_like(b)
    c_bar = np.zeros_like(c)
    d_bar = np.zeros_like(d)
    for i in range(n - 1):
        # adjoint of solvers.py:15
        t_bar = x_bar[i]
        x_bar[i] = 0.0
        t_bar /= b[i]
        b_bar[i] -= t_bar * x[i]
        t2 = i + 1
        x_bar[t2] -= t_bar * c[i]
        c_bar[i] -= t_bar * x[t2]
        d_bar[i] += t_bar
    # adjoint of solvers.py:13
    t_bar = x_bar[-1] / t
    b_bar[-1] -= t_bar * t1
    d_bar[-1] += t_bar
    # adjoint of solvers.py:8
    a_bar = np.zeros_like(a)
    for i in reversed(range(1, n)):
        # adjoint of solvers.py:11
        t_bar = d_bar[i]
        t = i - 1
        w_bar = -t_bar * d[t]
        t1 = b[t]
        w = a[t] / t1
        d_bar[t] -= t_bar * w
        # adjoint of solvers.py:10
        t_bar = b_bar[i]
        w_bar -= t_bar * c[t]
        c_bar[t] -= t_bar * w
        # adjoint of solvers.py:9
        t_bar = w_bar / t1
        b_bar[t] -= t_bar * w
        a_bar[t] += t_bar
    return result, a_bar, b_bar, c_bar, d_bar
