# sorix 0.1.0 | solvers.py:2 gauss_seidel(a, b) | a: float64[n, m], b: float64[k] | adjoint w.r.t. a, b
import numpy as np


def gauss_seidel__adjoint(a, b, result_bar):
    # solvers.py:3  n = len(b)
    n = b.shape[0]
    # solvers.py:4  x = np.zeros(n)
    x = np.zeros(n)
    x_stack = []
    t_stack = []
    # solvers.py:5  for _ in range(4):
    for _ in range(4):
        # solvers.py:6  for i in range(n):
        for i in range(n):
            # solvers.py:8  for j in range(n):
            s = 0.0
            for j in range(n):
                # solvers.py:9  if j != i:
                if j != i:
                    # solvers.py:10  s += a[i, j] * x[j]
                    t = x[j]
                    x_stack.append(t)
                    s += a[i, j] * t
            # solvers.py:11  x[i] = (b[i] - s) / a[i, i]
            t = (b[i] - s) / a[i, i]
            t_stack.append(t)
            x[i] = t
    # solvers.py:12  return x @ b
    result = x @ b
    # adjoint of solvers.py:12
    x_bar = result_bar * b
    b_bar = x * result_bar
    # adjoint of solvers.py:5
    a_bar = np.zeros_like(a)
    for _ in reversed(range(4)):
        # adjoint of solvers.py:6
        for i in reversed(range(n)):
            t = t_stack.pop()
            # adjoint of solvers.py:11
            t_bar = x_bar[i]
            x_bar[i] = 0.0
            t_bar /= a[i, i]
            a_bar[i, i] -= t_bar * t
            b_bar[i] += t_bar
            # adjoint of solvers.py:8
            for j in reversed(range(n)):
                # adjoint of solvers.py:9
                if j != i:
                    t = x_stack.pop()
                    # adjoint of solvers.py:10
                    x_bar[j] -= t_bar * a[i, j]
                    a_bar[i, j] -= t_bar * t
    return result, a_bar, b_bar
