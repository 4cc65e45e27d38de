# sorix 0.1.0 | arrays_inplace.py:2 add_at(x, idx) | x: float64[n], idx: int64[m] | adjoint w.r.t. x
import numpy as np


def add_at__adjoint(x, idx, result_bar):
    # arrays_inplace.py:3  y = x**2
    y = x ** 2
    # arrays_inplace.py:4  np.add.at(y, idx, x * y[1])
    t = y[1]
    np.add.at(y, idx, x * t)
    # arrays_inplace.py:5  return np.sum(y**2)
    result = (y ** 2).sum()
    # adjoint of arrays_inplace.py:5
    y_bar = 2 * result_bar * y
    # adjoint of arrays_inplace.py:4
    t_bar = y_bar[idx]
    x_bar = t_bar * t
    y_bar[1] += (t_bar * x).sum()
    # adjoint of arrays_inplace.py:3
    x_bar += y_bar * (2 * x)
    return result, x_bar
