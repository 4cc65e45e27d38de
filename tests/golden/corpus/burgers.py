# sorix 0.1.0 | stencils.py:2 burgers(u, dt, nu) | u: float64[n], dt: float, nu: float | adjoint w.r.t. u, dt, nu
import numpy as np


def burgers__adjoint(u, dt, nu, result_bar):
    # stencils.py:3  u = u.copy()
    u1 = u.copy()
    un_stack = []
    # stencils.py:5  for _ in range(3):
    for _ in range(3):
        # stencils.py:6  un = u.copy()
        un = u1.copy()
        un_stack.append(un)
        # stencils.py:7  for i in range(1, len(u) - 1):
        t = u1.shape[0] - 1
        for i in range(1, t):
            # stencils.py:8  advection = un[i] * dt / dx * (un[i] - un[i - 1])
            t1 = i - 1
            advection = un[i] * dt / 0.25 * (un[i] - un[t1])
            # stencils.py:9  diffusion = nu * dt / dx**2 * (un[i + 1] - 2 * un[i] + un[i - 1])
            t1 = un[i + 1] - 2 * un[i] + un[t1]
            diffusion = nu * dt / 0.0625 * t1
            # stencils.py:10  u[i] = un[i] - advection + diffusion
            u1[i] = un[i] - advection + diffusion
    # stencils.py:11  return np.sum(u**2)
    result = (u1 ** 2).sum()
    # adjoint of stencils.py:11
    u_bar = 2 * result_bar * u1
    # adjoint of stencils.py:5
    nu_bar = 0.0
    dt_bar = 0.0
    for _ in reversed(range(3)):
        un = un_stack.pop()
        # adjoint of stencils.py:7
        un_bar = np.zeros_like(un)
        n = u.shape[0]
        for i in reversed(range(1, n - 1)):
            # adjoint of stencils.py:10
            t_bar = u_bar[i]
            u_bar[i] = 0.0
            advection_bar = -t_bar
            un_bar[i] += t_bar
            # adjoint of stencils.py:9
            t = i - 1
            t1 = i + 1
            t_bar1 = t_bar * (nu * dt / 0.0625)
            un_bar[t] += t_bar1
            un_bar[i] -= 2 * t_bar1
            un_bar[t1] += t_bar1
            t_bar = t_bar * (un[t1] - 2 * un[i] + un[t]) / 0.0625
            nu_bar += t_bar * dt
            dt_bar += t_bar * nu
            # adjoint of stencils.py:8
            t1 = un[i]
            t_bar = advection_bar * (t1 * dt / 0.25)
            un_bar[t] -= t_bar
            un_bar[i] += t_bar
            t_bar = advection_bar * (un[i] - un[t]) / 0.25
            dt_bar += t_bar * t1
            un_bar[i] += t_bar * dt
        # adjoint of stencils.py:6
        u_bar += un_bar
    return result, u_bar, dt_bar, nu_bar
