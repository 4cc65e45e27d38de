# sorix 0.1.0 | classes.py:2 object_changed_in_a_loop(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def object_changed_in_a_loop__adjoint(x, result_bar):
    # classes.py:4  for v in x:
    n = x.shape[0]
    total = 0.0
    count = 0
    for i in range(n):
        v = x[i]
        # classes.py:5  acc.add(v**2)
        value = v ** 2
        #   classes.py:-8  self.total += value
        total += value
        #   classes.py:-7  self.count += 1
        count += 1
    # classes.py:6  return acc.mean * acc.count + acc.total**2
    result = total / count * count + total ** 2
    # adjoint of classes.py:6
    total_bar = result_bar * (2 * total) + result_bar * count / count
    # adjoint of classes.py:4
    x_bar = np.zeros_like(x)
    for i in reversed(range(n)):
        # adjoint of classes.py:5
        v = x[i]
        v_bar = total_bar * (2 * v)
        # adjoint of classes.py:4
        x_bar[i] += v_bar
    return result, x_bar
