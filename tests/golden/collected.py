# sorix 0.1.0 | written.py:173 collected(x) | x: float64[n] | primal
def collected(x):
    # written.py:176  for v in x:
    found = []
    total = 0.0
    for i in range(x.shape[0]):
        v = x[i]
        # written.py:177  total = total + v
        total += v
        # written.py:178  found.append(total**2)
        found.append(total ** 2)
    # written.py:179  return sum(found)
    total = 0
    for i in range(len(found)):
        total += found[i]
    return total


# sorix 0.1.0 | written.py:173 collected(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np
from sorix.support import zeros_like


def collected__adjoint(x, total_bar):
    # written.py:176  for v in x:
    n = x.shape[0]
    total_stack = []
    found = []
    total = 0.0
    for i in range(n):
        v = x[i]
        # written.py:177  total = total + v
        total += v
        total_stack.append(total)
        # written.py:178  found.append(total**2)
        found.append(total ** 2)
    # written.py:179  return sum(found)
    n1 = len(found)
    total = 0
    for i in range(n1):
        total += found[i]
    # adjoint of written.py:179
    found_bar = zeros_like(found)
    for i in reversed(range(n1)):
        found_bar[i] += total_bar
    # adjoint of written.py:176
    x_bar = np.zeros_like(x)
    total_bar = 0.0
    for i in reversed(range(n)):
        total1 = total_stack.pop()
        # adjoint of written.py:178
        t_bar = found_bar.pop()
        total_bar += t_bar * (2 * total1)
        # adjoint of written.py:176
        x_bar[i] += total_bar
    return total, x_bar
