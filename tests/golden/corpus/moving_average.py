# sorix 0.1.0 | stencils.py:2 moving_average(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np
from sorix.support import entries


def moving_average__adjoint(x, result_bar):
    # stencils.py:3  out = np.array([np.mean(x[max(0, i - 1) : i + 2]) for i in range(len(x))])
    n = x.shape[0]
    t0_stack = []
    t = []
    for i in range(n):
        t0 = i - 1
        if not t0 > 0:
            t0 = 0
        t0_stack.append(t0)
        t1 = x[t0:i + 2]
        t.append(t1.sum() / t1.size)
    out = np.array(t)
    # stencils.py:4  return np.sum(out**2)
    result = (out ** 2).sum()
    # adjoint of stencils.py:4
    out_bar = 2 * result_bar * out
    # adjoint of stencils.py:3
    x_bar = np.zeros_like(x)
    t_bar = list(entries(out_bar, t))
    for i in reversed(range(n)):
        t0 = t0_stack.pop()
        t_bar1 = t_bar.pop()
        t2 = i + 2
        n1 = x[t0:t2].size
        x_bar[t0:t2] += t_bar1 / n1
    return result, x_bar
