# sorix 0.1.0 | written.py:139 huber(x) | x: float64[n] | primal
def huber(x):
    # written.py:141  for v in x:
    total = 0.0
    for i in range(x.shape[0]):
        v = x[i]
        # written.py:142  if abs(v) < 1.0:
        t = abs(v)
        if t < 1.0:
            # written.py:143  total += 0.5 * v * v
            total += 0.5 * v * v
        else:
            # written.py:145  total += abs(v) - 0.5
            total += t - 0.5
    return total


# sorix 0.1.0 | written.py:139 huber(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def huber__adjoint(x, total_bar):
    # written.py:141  for v in x:
    n = x.shape[0]
    total = 0.0
    for i in range(n):
        v = x[i]
        # written.py:142  if abs(v) < 1.0:
        t = abs(v)
        if t < 1.0:
            # written.py:143  total += 0.5 * v * v
            total += 0.5 * v * v
        else:
            # written.py:145  total += abs(v) - 0.5
            total += t - 0.5
    # adjoint of written.py:141
    x_bar = np.zeros_like(x)
    for i in reversed(range(n)):
        # adjoint of written.py:142
        v = x[i]
        if abs(v) < 1.0:
            # adjoint of written.py:143
            v_bar = total_bar * (0.5 * v) + 0.5 * total_bar * v
            t_bar = 0.0
        else:
            v_bar = 0.0
            t_bar = total_bar
        # adjoint of written.py:142
        v_bar += t_bar * np.sign(v)
        # adjoint of written.py:141
        x_bar[i] += v_bar
    return total, x_bar
