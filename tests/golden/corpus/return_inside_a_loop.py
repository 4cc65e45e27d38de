# sorix 0.1.0 | control_flow_loops.py:2 return_inside_a_loop(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def return_inside_a_loop__adjoint(x, result_bar):
    s_stack = []
    # control_flow_loops.py:4  for v in x:
    s = 0.0
    result = None
    returned = False
    trips = 0
    for i in range(x.shape[0]):
        trips += 1
        v = x[i]
        # control_flow_loops.py:5  s += v
        s += v
        s_stack.append(s)
        # control_flow_loops.py:6  if s > 1.0:
        if s > 1.0:
            # control_flow_loops.py:7  return s * v
            result = s * v
            returned = True
            break
    # control_flow_loops.py:2  def return_inside_a_loop(x):
    if returned:
        s = result
    # adjoint of control_flow_loops.py:2
    if not returned:
        result_bar1 = 0.0
    else:
        result_bar1 = result_bar
        result_bar = 0.0
    # adjoint of control_flow_loops.py:4
    x_bar = np.zeros_like(x)
    for i in reversed(range(trips)):
        s1 = s_stack.pop()
        # adjoint of control_flow_loops.py:6
        v = x[i]
        if s1 > 1.0:
            # adjoint of control_flow_loops.py:7
            v_bar = result_bar1 * s1
            result_bar = result_bar + result_bar1 * v
            result_bar1 = 0.0
        else:
            v_bar = 0.0
        # adjoint of control_flow_loops.py:5
        v_bar += result_bar
        # adjoint of control_flow_loops.py:4
        x_bar[i] += v_bar
    return s, x_bar
