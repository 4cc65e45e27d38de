# sorix 0.1.0 | arrays_inplace.py:2 boolean_mask_store_of_values(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def boolean_mask_store_of_values__adjoint(x, result_bar):
    # arrays_inplace.py:3  y = np.zeros_like(x)
    y = np.zeros_like(x)
    # arrays_inplace.py:4  mask = x > 0
    mask = x > 0
    # arrays_inplace.py:5  y[mask] = x[mask] ** 2
    t = x[mask]
    y[mask] = t ** 2
    # arrays_inplace.py:6  y[~mask] = -x[~mask] * 3
    t1 = ~mask
    y[t1] = -x[t1] * 3
    # arrays_inplace.py:7  return np.sum(np.exp(y))
    exp = np.exp(y)
    result = exp.sum()
    # adjoint of arrays_inplace.py:7
    y_bar = result_bar * exp
    # adjoint of arrays_inplace.py:6
    t_bar = y_bar[t1] * 3
    y_bar[t1] = 0.0
    x_bar = np.zeros_like(x)
    x_bar[t1] = -t_bar
    # adjoint of arrays_inplace.py:5
    x_bar[mask] += y_bar[mask] * (2 * t)
    return result, x_bar
