# sorix 0.1.0 | control_flow_if.py:2 early_return(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def early_return__adjoint(x, result_bar):
    # control_flow_if.py:3  if x.size == 0:
    test = x.size == 0
    if test:
        result = 0.0
    else:
        # control_flow_if.py:5  s = np.sum(x**2)
        result = (x ** 2).sum()
        # control_flow_if.py:6  if s > 3:
        t = result > 3
        if t:
            # control_flow_if.py:7  return np.sqrt(s)
            result = np.sqrt(result)
    # adjoint of control_flow_if.py:3
    if test:
        x_bar = np.zeros_like(x)
    else:
        # adjoint of control_flow_if.py:6
        if t:
            # adjoint of control_flow_if.py:7
            result_bar = result_bar * (0.5 / result)
        # adjoint of control_flow_if.py:5
        x_bar = 2 * result_bar * x
    return result, x_bar
