# sorix 0.1.0 | control_flow_loops.py:2 repeated_sine(x, n) | x: float, n: int | adjoint w.r.t. x | tangent w.r.t. x
import numpy as np


def repeated_sine__adjoint__tangent(x, n, x_bar, x_dot):
    x_stack = []
    x_stack_dot = []
    sin_stack = []
    sin_stack_dot = []
    # control_flow_loops.py:3  for _ in range(n):
    for _ in range(n):
        x_stack.append(x)
        x_stack_dot.append(x_dot)
        # control_flow_loops.py:4  x = np.sin(x) * x + 0.1
        sin = np.sin(x)
        t_dot = x_dot * np.cos(x)
        sin_stack.append(sin)
        sin_stack_dot.append(t_dot)
        x_dot = t_dot * x + x_dot * sin
        x = sin * x + 0.1
    # adjoint of control_flow_loops.py:3
    x_bar_dot = 0.0
    for _ in reversed(range(n)):
        x = x_stack.pop()
        x_dot = x_stack_dot.pop()
        sin = sin_stack.pop()
        t_dot = sin_stack_dot.pop()
        # adjoint of control_flow_loops.py:4
        t_bar = x_bar * x
        x_bar_dot1 = x_bar_dot * sin + t_dot * x_bar
        cos = np.cos(x)
        t = x_dot * np.sin(x) * t_bar
        x_bar1 = x_bar * sin + t_bar * cos
        x_bar_dot = x_bar_dot1 + ((x_bar_dot * x + x_dot * x_bar) * cos - t)
        x_bar = x_bar1
    return x_bar, x_bar_dot
