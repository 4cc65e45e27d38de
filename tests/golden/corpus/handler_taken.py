# sorix 0.1.0 | control_flow_try.py:2 handler_taken(x) | x: float | adjoint w.r.t. x
import math


def handler_taken__adjoint(x, result_bar):
    # control_flow_try.py:3  try:
    if x < 0:
        # control_flow_try.py:6  y = x * x
        y = x * x
    else:
        # control_flow_try.py:4  y = math.sqrt(x)
        y = math.sqrt(x)
    # control_flow_try.py:7  return y * 3
    result = y * 3
    # adjoint of control_flow_try.py:7
    y_bar = 3 * result_bar
    # adjoint of control_flow_try.py:3
    if x < 0:
        # adjoint of control_flow_try.py:6
        x_bar = 2 * y_bar * x
    else:
        # adjoint of control_flow_try.py:4
        x_bar = y_bar * (0.5 / y)
    return result, x_bar
