# sorix 0.1.0 | control_flow_loops.py:2 nested_loops(a) | a: float64[n, m] | adjoint w.r.t. a
import numpy as np


def nested_loops__adjoint(a, s_bar):
    # control_flow_loops.py:3  n, m = a.shape
    n = a.shape[0]
    n1 = a.shape[1]
    # control_flow_loops.py:5  for i in range(n):
    s = 0.0
    for i in range(n):
        # control_flow_loops.py:6  for j in range(m):
        for j in range(n1):
            # control_flow_loops.py:7  s += a[i, j] * a[j, i] * (i + 2 * j + 1)
            s += a[i, j] * a[j, i] * (i + 2 * j + 1)
    # adjoint of control_flow_loops.py:5
    a_bar = np.zeros_like(a)
    for i in reversed(range(n)):
        # adjoint of control_flow_loops.py:6
        for j in reversed(range(n1)):
            # adjoint of control_flow_loops.py:7
            t_bar = s_bar * (i + 2 * j + 1)
            a_bar[j, i] += t_bar * a[i, j]
            a_bar[i, j] += t_bar * a[j, i]
    return s, a_bar
