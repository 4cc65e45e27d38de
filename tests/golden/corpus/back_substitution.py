# sorix 0.1.0 | solvers.py:2 back_substitution(up, b) | up: float64[n, m], b: float64[k] | adjoint w.r.t. up, b
import numpy as np


def back_substitution__adjoint(up, b, result_bar):
    # solvers.py:3  n = len(b)
    n = b.shape[0]
    # solvers.py:4  x = b.copy()
    x = b.copy()
    # solvers.py:5  for i in reversed(range(n)):
    for i in range(n - 1, -1, -1):
        # solvers.py:6  for j in range(i + 1, n):
        for j in range(i + 1, n):
            # solvers.py:7  x[i] -= up[i, j] * x[j]
            x[i] -= up[i, j] * x[j]
        # solvers.py:8  x[i] /= up[i, i]
        x[i] = x[i] / up[i, i]
    # solvers.py:9  return np.sum(x**3)
    result = (x ** 3).sum()
    # adjoint of solvers.py:9
    x_bar = 3 * result_bar * x ** 2
    # adjoint of solvers.py:5
    up_bar = np.zeros_like(up)
    for i in range(n):
        # adjoint of solvers.py:8
        t_bar = x_bar[i] / up[i, i]
        x_bar[i] = t_bar
        up_bar[i, i] -= t_bar * x[i]
        # adjoint of solvers.py:6
        for j in reversed(range(i + 1, n)):
            # adjoint of solvers.py:7
            t_bar = x_bar[i]
            x_bar[j] -= t_bar * up[i, j]
            up_bar[i, j] -= t_bar * x[j]
    return result, up_bar, x_bar
