"""Stencils and sweeps over grids, written in place and with fresh arrays."""

import numpy as np

from tests.corpus.registry import program


@program(args=(np.array([0.0, 0.4, 0.9, 0.3, 0.1]), 0.2), argnums=(0, 1))
def heat_explicit(u, r):
    u = u.copy()
    for _ in range(3):
        u[1:-1] = u[1:-1] + r * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


@program(args=(np.array([0.0, 0.4, 0.9, 0.3, 0.1]), 0.2), argnums=(0, 1))
def heat_with_loops(u, r):
    n = len(u)
    for _ in range(3):
        new = np.zeros(n)
        new[0], new[n - 1] = u[0], u[n - 1]
        for i in range(1, n - 1):
            new[i] = u[i] + r * (u[i + 1] - 2 * u[i] + u[i - 1])
        u = new
    return u @ u


@program(args=(np.array([0.0, 0.4, 0.9, 0.3, 0.1]), 0.3), argnums=(0, 1))
def upwind_advection(u, c):
    u = u.copy()
    for _ in range(4):
        u[1:] -= c * (u[1:] - u[:-1])
    return np.sum(u**3)


@program(args=(np.array([0.1, 0.4, 0.9, 0.3, 0.1]), 0.05, 0.02), argnums=(0, 1, 2))
def burgers(u, dt, nu):
    u = u.copy()
    dx = 0.25
    for _ in range(3):
        un = u.copy()
        for i in range(1, len(u) - 1):
            advection = un[i] * dt / dx * (un[i] - un[i - 1])
            diffusion = nu * dt / dx**2 * (un[i + 1] - 2 * un[i] + un[i - 1])
            u[i] = un[i] - advection + diffusion
    return np.sum(u**2)


@program(args=(np.array([0.0, 0.5, 1.0, 0.4, 0.0]), 0.4), argnums=(0, 1))
def wave_leapfrog(u0, c):
    u_old, u = u0.copy(), u0.copy()
    for _ in range(4):
        u_new = np.zeros_like(u)
        u_new[1:-1] = 2 * u[1:-1] - u_old[1:-1] + c**2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        u_old, u = u, u_new
    return np.sum(u * u0)


@program(args=(np.linspace(0.1, 1.6, 16).reshape(4, 4) ** 2,))
def laplacian_2d(u):
    lap = np.zeros_like(u)
    lap[1:-1, 1:-1] = (
        u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
    )
    return np.sum(lap**2) + np.sum(np.roll(u, 1, axis=0) * u)


@program(args=(np.array([[0.0, 0.2, 0.1], [0.5, 0.7, 0.3], [0.9, 0.4, 0.8]]),))
def gauss_seidel_sweep_2d(u):
    u = u.copy()
    for _ in range(2):
        for i in range(3):
            for j in range(3):
                left = u[i, j - 1] if j > 0 else 0.0
                right = u[i, j + 1] if j < 2 else 0.0
                up = u[i - 1, j] if i > 0 else 1.0
                down = u[i + 1, j] if i < 2 else 0.0
                u[i, j] = 0.25 * (left + right + up + down) + 0.1 * u[i, j] ** 2
    return np.sum(u**2)


@program(args=(np.array([0.1, 0.4, 0.9, 0.3]),))
def periodic_with_roll(u):
    for _ in range(3):
        u = u + 0.1 * (np.roll(u, 1) - 2 * u + np.roll(u, -1)) - 0.05 * u**3
    return np.sum(u**2)


@program(args=(np.array([0.1, 0.4, 0.9, 0.3]),))
def periodic_with_modulo(u):
    n = len(u)
    v = np.zeros(n)
    for i in range(n):
        v[i] = u[(i + 1) % n] * u[i - 1] - u[i] ** 2
    return np.sum(v**2)


@program(args=(np.array([0.1, 0.4, 0.9, 0.3, 0.6, 0.2]),))
def red_black_sweep(u):
    u = u.copy()
    for colour in range(2):
        for i in range(1 + colour, len(u) - 1, 2):
            u[i] = 0.5 * (u[i - 1] + u[i + 1]) + u[i] ** 2
    return np.sum(u * np.arange(6.0))


@program(args=(np.array([0.1, 0.4, 0.9, 0.3, 0.6]), np.array([0.25, 0.5, 0.25])), argnums=(0, 1))
def convolution_by_loops(x, kernel):
    n, k = len(x), len(kernel)
    out = np.zeros(n - k + 1)
    for i in range(n - k + 1):
        for j in range(k):
            out[i] += x[i + j] * kernel[j]
    return np.sum(out**2)


@program(args=(np.linspace(0.1, 0.9, 9).reshape(3, 3), np.array([[0.5, -0.2], [0.1, 0.7]])), argnums=(0, 1))
def convolution_2d_by_slices(image, kernel):
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            out[i, j] = np.sum(image[i : i + 2, j : j + 2] * kernel)
    return np.sum(np.tanh(out))


@program(args=(np.array([0.1, 0.4, 0.9, 0.3, 0.6]),))
def moving_average(x):
    out = np.array([np.mean(x[max(0, i - 1) : i + 2]) for i in range(len(x))])
    return np.sum(out**2)


@program(args=(np.array([1.0, 0.8, 0.3, 0.2]), 0.1), argnums=(0, 1))
def lax_friedrichs(u, lam):
    flux = lambda v: 0.5 * v**2
    for _ in range(3):
        f = flux(u)
        u = np.concatenate([u[:1], 0.5 * (u[2:] + u[:-2]) - lam * (f[2:] - f[:-2]), u[-1:]])
    return np.sum(u**2)


@program(args=(np.array([1.0, 0.8, 0.3, 0.2]),))
def boundary_conditions_by_name(u):
    def apply_boundary(v, kind):
        if kind == "neumann":
            v[0] = v[1]
            v[-1] = v[-2]
        elif kind == "dirichlet":
            v[0] = v[-1] = 0.0

    u = u.copy()
    for kind in ("neumann", "dirichlet", "neumann"):
        u[1:-1] += 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        apply_boundary(u, kind)
    return np.sum(u**2)


@program(args=(np.array([0.2, 0.5, 0.1, 0.7]),))
def longest_path_on_a_grid(x):
    cost = np.outer(x, x[::-1]) + 0.1
    n, m = cost.shape
    table = np.zeros((n, m))
    table[0, 0] = cost[0, 0]
    for i in range(n):
        for j in range(m):
            if i == 0 and j == 0:
                continue
            above = table[i - 1, j] if i > 0 else -1.0
            before = table[i, j - 1] if j > 0 else -1.0
            table[i, j] = cost[i, j] ** 2 + max(above, before)
    return table[-1, -1]


@program(args=(np.array([0.3, 1.1, 0.8]), np.array([0.2, 0.9, 1.3, 0.4])), argnums=(0, 1))
def soft_dynamic_time_warping(a, b):
    n, m = len(a), len(b)
    r = np.full((n + 1, m + 1), 1e3)
    r[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d = (a[i - 1] - b[j - 1]) ** 2
            choices = -np.array([r[i - 1, j], r[i, j - 1], r[i - 1, j - 1]]) / 0.5
            top = np.max(choices)
            r[i, j] = d - 0.5 * (top + np.log(np.sum(np.exp(choices - top))))
    return r[n, m]
