# sorix 0.1.0 | solvers.py:5 thomas_algorithm(a, b, c, d) | a: float64[n], b: float64[m], c: float64[k], d: float64[p] | adjoint w.r.t. a, b, c, d | tangent w.r.t. a, b, c, d
import numpy as np


def thomas_algorithm__adjoint__tangent(a, b, c, d, result_bar, a_dot, b_dot, c_dot, d_dot):
    # solvers.py:6  n = len(d)
    n = d.shape[0]
    # solvers.py:7  b, d = b.copy(), d.copy()
    b = b.copy()
    d = d.copy()
    # solvers.py:8  for i in range(1, n):
    b_dot = b_dot.copy()
    d_dot = d_dot.copy()
    for i in range(1, n):
        # solvers.py:9  w = a[i - 1] / b[i - 1]
        t = i - 1
        t1 = b[t]
        w = a[t] / t1
        w_dot = (a_dot[t] - w * b_dot[t]) / t1
        # solvers.py:10  b[i] -= w * c[i - 1]
        t1 = c[t]
        b[i] -= w * t1
        b_dot[i] -= w_dot * t1 + c_dot[t] * w
        # solvers.py:11  d[i] -= w * d[i - 1]
        t1 = d[t]
        d[i] -= w * t1
        d_dot[i] -= w_dot * t1 + d_dot[t] * w
    # solvers.py:12  x = np.empty(n)
    x = np.empty(n)
    # solvers.py:13  x[-1] = d[-1] / b[-1]
    t = b[-1]
    t_dot = b_dot[-1]
    t1 = d[-1] / t
    t_dot1 = (d_dot[-1] - t1 * t_dot) / t
    x1 = x.copy()
    x1[-1] = t1
    x_dot = np.zeros_like(x)
    x_dot[-1] = t_dot1
    # solvers.py:14  for i in range(n - 2, -1, -1):
    for i in range(n - 2, -1, -1):
        # solvers.py:15  x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
        t2 = c[i]
        t3 = i + 1
        t4 = x1[t3]
        t5 = b[i]
        t6 = (d[i] - t2 * t4) / t5
        t2 = d_dot[i] - (c_dot[i] * t4 + x_dot[t3] * t2) - t6 * b_dot[i]
        x1[i] = t6
        x_dot[i] = t2 / t5
    # adjoint of solvers.py:16
    t2 = 2 * result_bar
    x_bar = t2 * x1
    x_bar_dot = x_dot * t2
    # adjoint of solvers.py:14
    stop = n - 1
    b_bar = np.zeros_like(b)
    c_bar = np.zeros_like(c)
    d_bar = np.zeros_like(d)
    b_bar_dot = np.zeros_like(b_bar)
    c_bar_dot = np.zeros_like(c_bar)
    d_bar_dot = np.zeros_like(d_bar)
    for i in range(stop):
        # adjoint of solvers.py:15
        t_bar = x_bar[i]
        t_bar_dot = x_bar_dot[i]
        x_bar[i] = 0.0
        x_bar_dot[i] = 0.0
        t2 = b[i]
        t_bar /= t2
        t_bar_dot = (t_bar_dot - t_bar * b_dot[i]) / t2
        t2 = x1[i]
        b_bar[i] -= t_bar * t2
        b_bar_dot[i] -= t_bar_dot * t2 + x_dot[i] * t_bar
        t2 = i + 1
        t3 = x1[t2]
        t4 = c[i]
        x_bar[t2] -= t_bar * t4
        x_bar_dot[t2] -= t_bar_dot * t4 + c_dot[i] * t_bar
        c_bar[i] -= t_bar * t3
        c_bar_dot[i] -= t_bar_dot * t3 + x_dot[t2] * t_bar
        d_bar[i] += t_bar
        d_bar_dot[i] += t_bar_dot
    # adjoint of solvers.py:13
    t_bar = x_bar[-1] / t
    t_bar_dot = (x_bar_dot[-1] - t_bar * t_dot) / t
    b_bar[-1] -= t_bar * t1
    b_bar_dot[-1] -= t_bar_dot * t1 + t_dot1 * t_bar
    d_bar[-1] += t_bar
    d_bar_dot[-1] += t_bar_dot
    # adjoint of solvers.py:8
    a_bar = np.zeros_like(a)
    a_bar_dot = np.zeros_like(a_bar)
    for i in reversed(range(1, n)):
        # adjoint of solvers.py:11
        t_bar = d_bar[i]
        t_bar_dot = d_bar_dot[i]
        t = i - 1
        t1 = d[t]
        w_bar = -t_bar * t1
        t2 = b[t]
        t_dot = b_dot[t]
        w = a[t] / t2
        w_dot = (a_dot[t] - w * t_dot) / t2
        d_bar[t] -= t_bar * w
        d_bar_dot[t] -= t_bar_dot * w + w_dot * t_bar
        # adjoint of solvers.py:10
        t_bar1 = b_bar[i]
        t_bar_dot1 = b_bar_dot[i]
        t3 = c[t]
        t_dot1 = t_bar_dot1 * t3 + c_dot[t] * t_bar1
        w_bar -= t_bar1 * t3
        w_bar_dot = -(t_bar_dot * t1 + d_dot[t] * t_bar + t_dot1)
        c_bar[t] -= t_bar1 * w
        c_bar_dot[t] -= t_bar_dot1 * w + w_dot * t_bar1
        # adjoint of solvers.py:9
        t_bar = w_bar / t2
        t_bar_dot = (w_bar_dot - t_bar * t_dot) / t2
        b_bar[t] -= t_bar * w
        b_bar_dot[t] -= t_bar_dot * w + w_dot * t_bar
        a_bar[t] += t_bar
        a_bar_dot[t] += t_bar_dot
    return a_bar, b_bar, c_bar, d_bar, a_bar_dot, b_bar_dot, c_bar_dot, d_bar_dot
