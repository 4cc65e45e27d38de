# sorix 0.1.0 | written.py:120 trajectory(x0, omega, dt, n) | x0: float64[n], omega: float, dt: float, n: int | primal
import numpy as np


def trajectory(x0, omega, dt, n):
    # written.py:121  xs = np.zeros((n, 2))
    xs = np.zeros((n, 2))
    # written.py:122  xs[0] = x0
    xs[0] = x0
    # written.py:123  for k in range(n - 1):
    for k in range(n - 1):
        # written.py:124  q, p = xs[k, 0], xs[k, 1]
        q = xs[k, 0]
        p = xs[k, 1]
        # written.py:125  xs[k + 1, 0] = q + dt * p
        t = k + 1
        xs[t, 0] = q + dt * p
        # written.py:126  xs[k + 1, 1] = p - dt * omega**2 * q
        xs[t, 1] = p - dt * omega ** 2 * q
    # written.py:127  return np.sum(xs[:, 0] ** 2)
    return (xs[:, 0] ** 2).sum()


# sorix 0.1.0 | written.py:120 trajectory(x0, omega, dt, n) | x0: float64[n], omega: float, dt: float, n: int | adjoint w.r.t. x0, omega, dt
import numpy as np


def trajectory__adjoint(x0, omega, dt, n, result_bar):
    # written.py:121  xs = np.zeros((n, 2))
    xs = np.zeros((n, 2))
    # written.py:122  xs[0] = x0
    xs[0] = x0
    # written.py:123  for k in range(n - 1):
    t = n - 1
    for k in range(t):
        # written.py:124  q, p = xs[k, 0], xs[k, 1]
        q = xs[k, 0]
        p = xs[k, 1]
        # written.py:125  xs[k + 1, 0] = q + dt * p
        t1 = k + 1
        xs[t1, 0] = q + dt * p
        # written.py:126  xs[k + 1, 1] = p - dt * omega**2 * q
        xs[t1, 1] = p - dt * omega ** 2 * q
    # written.py:127  return np.sum(xs[:, 0] ** 2)
    t2 = xs[:, 0]
    result = (t2 ** 2).sum()
    # adjoint of written.py:127
    xs_bar = np.zeros_like(xs)
    xs_bar[:, 0] = 2 * result_bar * t2
    # adjoint of written.py:123
    dt_bar = 0.0
    omega_bar = 0.0
    for k in reversed(range(t)):
        # adjoint of written.py:126
        t1 = k + 1
        t_bar = xs_bar[t1, 1]
        xs_bar[t1, 1] = 0.0
        t_bar1 = -t_bar
        q = xs[k, 0]
        t_bar2 = t_bar1 * q
        t3 = omega ** 2
        q_bar = t_bar1 * (dt * t3)
        dt_bar += t_bar2 * t3
        omega_bar += t_bar2 * dt * (2 * omega)
        # adjoint of written.py:125
        t_bar1 = xs_bar[t1, 0]
        xs_bar[t1, 0] = 0.0
        q_bar += t_bar1
        p = xs[k, 1]
        dt_bar += t_bar1 * p
        p_bar = t_bar + t_bar1 * dt
        # adjoint of written.py:124
        xs_bar[k, 1] += p_bar
        xs_bar[k, 0] += q_bar
    # adjoint of written.py:122
    x0_bar = xs_bar[0]
    return result, x0_bar, omega_bar, dt_bar
