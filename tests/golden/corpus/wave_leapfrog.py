# sorix 0.1.0 | stencils.py:2 wave_leapfrog(u0, c) | u0: float64[n], c: float | adjoint w.r.t. u0, c
import numpy as np


def wave_leapfrog__adjoint(u0, c, result_bar):
    # stencils.py:3  u_old, u = u0.copy(), u0.copy()
    u_old = u0.copy()
    u = u0.copy()
    t_stack = []
    # stencils.py:4  for _ in range(4):
    for _ in range(4):
        # stencils.py:5  u_new = np.zeros_like(u)
        u_new = np.zeros_like(u)
        # stencils.py:6  u_new[1:-1] = 2 * u[1:-1] - u_old[1:-1] + c**2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        t = 2 * u[1:-1]
        t1 = u[2:] - t + u[:-2]
        t_stack.append(t1)
        u_new[1:-1] = t - u_old[1:-1] + c ** 2 * t1
        u_old = u
        u = u_new
    # stencils.py:8  return np.sum(u * u0)
    result = (u * u0).sum()
    # adjoint of stencils.py:8
    u_bar = result_bar * u0
    u0_bar = result_bar * u
    # adjoint of stencils.py:4
    u_old_bar = np.zeros_like(u_old)
    c_bar = 0.0
    for _ in reversed(range(4)):
        t = t_stack.pop()
        # adjoint of stencils.py:6
        t_bar = u_bar[1:-1].copy()
        t_bar1 = t_bar * c ** 2
        u_old_bar[:-2] += t_bar1
        u_old_bar[2:] += t_bar1
        c_bar += t_bar @ t * (2 * c)
        u_old_bar1 = np.zeros_like(u0)
        u_old_bar1[1:-1] = -t_bar
        u_old_bar[1:-1] += 2 * (t_bar - t_bar1)
        u_bar = u_old_bar
        u_old_bar = u_old_bar1
    # adjoint of stencils.py:3
    u0_bar += u_bar
    u0_bar += u_old_bar
    return result, u0_bar, c_bar
