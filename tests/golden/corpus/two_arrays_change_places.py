# sorix 0.1.0 | arrays_inplace.py:2 two_arrays_change_places(u, v) | u: float64[n], v: float64[m] | adjoint w.r.t. u
import numpy as np
from sorix.support import expand, unbroadcast


def two_arrays_change_places__adjoint(u, v, result_bar):
    t_stack = []
    t_stack1 = []
    v_stack = []
    sin_stack = []
    # arrays_inplace.py:3  for k in range(5):
    for k in range(5):
        v_stack.append(v)
        # arrays_inplace.py:4  w = u * np.sin(v)
        sin = np.sin(v)
        sin_stack.append(sin)
        w = u * sin
        # arrays_inplace.py:6  if k % 2 == 0:
        if k % 2 == 0:
            # arrays_inplace.py:7  u = u + 0.5 * w * v
            t = 0.5 * w
            t_stack.append(t)
            t = t * u
            t_stack1.append(t)
            v = v + t
        u, v = v, u
    # arrays_inplace.py:8  return np.sum(u * v + v**3)
    t = u * v
    t1 = t + v ** 3
    result = t1.sum()
    # adjoint of arrays_inplace.py:8
    t_bar = expand(result_bar, t1)
    t_bar1 = unbroadcast(t_bar, t)
    v_bar = unbroadcast(t_bar, v) * (3 * v ** 2)
    u_bar = unbroadcast(t_bar1 * v, u)
    v_bar += unbroadcast(t_bar1 * u, v)
    # adjoint of arrays_inplace.py:3
    u = v
    for k in reversed(range(5)):
        v = v_stack.pop()
        sin = sin_stack.pop()
        # adjoint of arrays_inplace.py:6
        w = u * sin
        if k % 2 == 0:
            t = t_stack.pop()
            t1 = t_stack1.pop()
            # adjoint of arrays_inplace.py:7
            t_bar = unbroadcast(u_bar, t1)
            v_bar = v_bar + unbroadcast(t_bar * t, u)
            w_bar = 0.5 * unbroadcast(t_bar * u, t)
            v_bar1 = unbroadcast(u_bar, v)
        else:
            # adjoint of arrays_inplace.py:6
            w_bar = np.zeros_like(w)
            v_bar1 = u_bar
        # adjoint of arrays_inplace.py:4
        u_bar = v_bar + unbroadcast(w_bar * sin, u)
        v_bar = v_bar1 + unbroadcast(w_bar * u, sin) * np.cos(v)
        u = v
    return result, u_bar
