# sorix 0.1.0 | written.py:106 relax(u, steps) | u: float64[n], steps: int | primal
def relax(u, steps):
    # written.py:107  for _ in range(steps):
    u = u.copy()
    for _ in range(steps):
        # written.py:108  u[1:-1] = 0.5 * (u[:-2] + u[2:])
        u[1:-1] = 0.5 * (u[:-2] + u[2:])
    # written.py:109  return np.sum(u**2)
    result = (u ** 2).sum()
    return result, u


# sorix 0.1.0 | written.py:106 relax(u, steps) | u: float64[n], steps: int | adjoint w.r.t. u
def relax__adjoint(u, steps, result_bar):
    # written.py:107  for _ in range(steps):
    u = u.copy()
    for _ in range(steps):
        # written.py:108  u[1:-1] = 0.5 * (u[:-2] + u[2:])
        u[1:-1] = 0.5 * (u[:-2] + u[2:])
    # written.py:109  return np.sum(u**2)
    result = (u ** 2).sum()
    # adjoint of written.py:109
    u_bar = 2 * result_bar * u
    # adjoint of written.py:107
    for _ in reversed(range(steps)):
        # adjoint of written.py:108
        t_bar = 0.5 * u_bar[1:-1]
        u_bar[1:-1] = 0.0
        u_bar[2:] += t_bar
        u_bar[:-2] += t_bar
    return result, u, u_bar
