"""Whole scripts as people write them: none was written with the compiler in mind."""

import numpy as np

from tests.corpus.registry import program

_RNG = np.random.default_rng(0)
_SQUARE = _RNG.normal(size=(4, 4))
_SPD = _SQUARE @ _SQUARE.T + 4 * np.eye(4)


@program(args=(np.array([1.0, 0.5, 0.8, 0.3]), np.array([1.0, 0.7]), 6, 0.1), argnums=(0, 1))
def lotka_volterra_script(params, x0, n, dt):
    a, b, c, d = params
    x = np.zeros((n, 2))
    x[0] = x0

    def rhs(s):
        return np.array([a * s[0] - b * s[0] * s[1], -c * s[1] + d * s[0] * s[1]])

    for i in range(n - 1):
        k1 = rhs(x[i])
        k2 = rhs(x[i] + dt / 2 * k1)
        k3 = rhs(x[i] + dt / 2 * k2)
        k4 = rhs(x[i] + dt * k3)
        x[i + 1] = x[i] + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.sum((x[:, 0] - 1.5) ** 2)


@program(args=(_SPD,), argnums=(0,))
def cholesky_logdet_script(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    for i in range(n):
        for j in range(i + 1):
            s = np.dot(L[i, :j], L[j, :j])
            if i == j:
                L[i, i] = np.sqrt(A[i, i] - s)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return 2 * np.sum(np.log(np.diag(L)))


@program(args=(0.3, _RNG.normal(size=(5, 5)), 3), argnums=(0, 1))
def wave_2d_script(c, u0, steps):
    u = u0.copy()
    up = u0.copy()
    for _ in range(steps):
        lap = np.zeros_like(u)
        lap[1:-1, 1:-1] = (
            u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1]
        )
        un = 2 * u - up + c**2 * lap
        un[0, :] = 0
        un[-1, :] = 0
        un[:, 0] = 0
        un[:, -1] = 0
        up, u = u, un
    return np.sum(u**2) + u[2, 2]


@program(args=(0.1, 0.5, _RNG.normal(size=6)), argnums=(0, 2))
def kalman_script(q, r, z):
    x = 0.0
    P = 1.0
    ll = 0.0
    xs = []
    for zk in z:
        P = P + q
        S = P + r
        K = P / S
        innov = zk - x
        ll += -0.5 * (np.log(2 * np.pi * S) + innov**2 / S)
        x = x + K * innov
        P = (1 - K) * P
        xs.append(x)
    return ll + 0.1 * np.mean(np.array(xs))


@program(
    args=(_RNG.normal(size=(3, 2)), _RNG.normal(size=(3, 2)), np.array([1.0, 2.0, 0.5]), 0.05, 3),
    argnums=(0, 2),
)
def nbody_script(pos, vel, m, dt, steps):
    pos = pos.copy()
    vel = vel.copy()
    n = len(m)
    for s in range(steps):
        acc = np.zeros_like(pos)
        for i in range(n):
            for j in range(n):
                if i != j:
                    d = pos[j] - pos[i]
                    r = np.sqrt(np.sum(d**2) + 0.01)
                    acc[i] += m[j] * d / r**3
        vel += dt * acc
        pos += dt * vel
    return 0.5 * np.sum(m[:, None] * vel**2)


@program(
    args=(
        _RNG.normal(size=(3, 4)),
        _RNG.normal(size=4),
        _RNG.normal(size=(4, 3)),
        _RNG.normal(size=3),
        _RNG.normal(size=(5, 3)),
        np.array([0, 2, 1, 1, 0]),
    ),
    argnums=(0,),
)
def mlp_script(W1, b1, W2, b2, X, y):
    h = np.maximum(0, X @ W1 + b1)
    o = h @ W2 + b2
    o = o - o.max(axis=1, keepdims=True)
    p = np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@program(args=(_RNG.normal(size=7), 0.1, 0.5, 0.05, 3), argnums=(0,))
def burgers_script(u, nu, dx, dt, nt):
    for n in range(nt):
        un = u.copy()
        u = un.copy()
        u[1:-1] = (
            un[1:-1]
            - un[1:-1] * dt / dx * (un[1:-1] - un[:-2])
            + nu * dt / dx**2 * (un[2:] - 2 * un[1:-1] + un[:-2])
        )
        u[0] = (
            un[0]
            - un[0] * dt / dx * (un[0] - un[-2])
            + nu * dt / dx**2 * (un[1] - 2 * un[0] + un[-2])
        )
        u[-1] = u[0]
    return np.sum(u**3)


@program(args=(2.3,), argnums=(0,))
def newton_sqrt_script(a):
    x = a
    it = 0
    while abs(x * x - a) > 1e-12 and it < 50:
        x = 0.5 * (x + a / x)
        it += 1
    return x


@program(
    args=(
        _RNG.normal(size=5) * 0.2,
        _RNG.normal(size=5) * 0.1 + 2,
        _RNG.normal(size=5) * 0.2,
        _RNG.normal(size=5),
    ),
    argnums=(1,),
)
def thomas_script(a, b, c, d):
    n = len(d)
    cp = np.empty(n)
    dp = np.empty(n)
    x = np.empty(n)
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[-1] = dp[-1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return np.sum(x**2)


class Pendulum:
    def __init__(self, l, g=9.81):
        self.l = l
        self.g = g
        self.theta = 1.0
        self.omega = 0.0

    def step(self, dt):
        self.omega -= dt * self.g / self.l * np.sin(self.theta)
        self.theta += dt * self.omega


@program(args=(1.3, 20), argnums=(0,))
def pendulum_object_script(l, n):
    p = Pendulum(l)
    for _ in range(n):
        p.step(0.01)
    return p.theta


@program(args=(np.array([0.1, 0.2, -1.0]), _RNG.normal(size=4), _RNG.normal(size=4)), argnums=(0,))
def gaussian_process_script(theta, X, y):
    l, s, n = np.exp(theta)
    d2 = (X[:, None] - X[None, :]) ** 2
    K = s * np.exp(-0.5 * d2 / l**2) + n * np.eye(len(X))
    L = np.linalg.cholesky(K)
    al = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * y @ al + np.sum(np.log(np.diag(L)))


@program(args=(np.array([0.5, 0.3, 0.2]), _RNG.normal(size=6)), argnums=(0,))
def iir_list_script(b, x):
    y = [0.0] * len(x)
    for n in range(len(x)):
        y[n] = b[0] * x[n]
        if n > 0:
            y[n] += b[1] * y[n - 1]
        if n > 1:
            y[n] -= b[2] * y[n - 2]
    return sum(v * v for v in y)


@program(args=(_RNG.normal(size=(12, 6)) * 0.5, _RNG.normal(size=(4, 2))), argnums=(0,))
def lstm_script(W, x):
    h = np.zeros(3)
    c = np.zeros(3)
    sig = lambda z: 1 / (1 + np.exp(-z))
    for t in range(x.shape[0]):
        z = W @ np.concatenate([x[t], h, [1.0]])
        i, f, o, g = np.split(z, 4)
        c = sig(f) * c + sig(i) * np.tanh(g)
        h = sig(o) * np.tanh(c)
    return np.sum(h)


@program(args=(_SPD, _RNG.normal(size=4), 5), argnums=(0,))
def gauss_seidel_script(A, b, iters):
    x = np.zeros_like(b)
    for _ in range(iters):
        for i in range(len(b)):
            s = 0.0
            for j in range(len(b)):
                if j != i:
                    s += A[i, j] * x[j]
            x[i] = (b[i] - s) / A[i, i]
    return np.linalg.norm(x)


@program(args=(_SQUARE, _RNG.normal(size=4)), argnums=(0,))
def lu_pivoting_script(A, b):
    A = A.copy()
    b = b.copy()
    n = len(b)
    for k in range(n - 1):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            f = A[i, k] / A[k, k]
            A[i, k:] -= f * A[k, k:]
            b[i] -= f * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return np.sum(x * x)


@program(args=(_RNG.normal(size=(2, 3)), _RNG.normal(size=(6, 3))), argnums=(0,))
def kmeans_script(C, X):
    d = ((X[:, None, :] - C[None, :, :]) ** 2).sum(-1)
    return d.min(axis=1).mean()


@program(args=(np.array([0.04, 0.5, 0.05]), np.array([0.5, 0.2, 0.3])), argnums=(0,))
def heston_script(params, z):
    S, v = 100.0, params[0]
    for k in range(len(z)):
        v = max(v + params[1] * (params[2] - v) * 0.1, 1e-8)
        S = S * np.exp((0.01 - 0.5 * v) * 0.1 + np.sqrt(v * 0.1) * z[k])
    return max(S - 100.0, 0.0)


@program(args=(_RNG.normal(size=7), 2), argnums=(0,))
def smoothing_window_script(y, w):
    out = np.zeros(len(y))
    for i in range(len(y)):
        lo = max(0, i - w)
        hi = min(len(y), i + w + 1)
        out[i] = y[lo:hi].mean()
    return np.sum(np.diff(out) ** 2)


@program(args=(_RNG.normal(size=4), _RNG.normal(size=3)), argnums=(0,))
def time_warping_script(a, b):
    n, m = len(a), len(b)
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = cost + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return D[n, m]


@program(args=(_RNG.normal(size=3), _RNG.normal(size=(5, 3)), _RNG.normal(size=5)), argnums=(0,))
def adam_fit_script(w, X, y):
    m = np.zeros_like(w)
    v = np.zeros_like(w)
    for t in range(1, 6):
        g = 2 * X.T @ (X @ w - y) / len(y)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return np.sum((X @ w - y) ** 2)


@program(args=(_RNG.normal(size=5),), argnums=(0,))
def dft_script(x):
    n = len(x)
    re = np.zeros(n)
    im = np.zeros(n)
    k = np.arange(n)
    for j in range(n):
        re[j] = np.sum(x * np.cos(2 * np.pi * k * j / n))
        im[j] = -np.sum(x * np.sin(2 * np.pi * k * j / n))
    return np.sum(np.sqrt(re**2 + im**2 + 1e-3))


@program(args=(_RNG.normal(size=(3, 3)), 0.7), argnums=(0,))
def ising_script(s, J):
    e = 0
    for i in range(s.shape[0]):
        for j in range(s.shape[1]):
            nb = s[(i + 1) % s.shape[0], j] + s[i, (j + 1) % s.shape[1]]
            e -= J * s[i, j] * nb
    return e


@program(args=(_RNG.normal(size=(4, 2)), 0.3), argnums=(0, 1))
def bezier_script(P, t):
    pts = [p for p in P]
    while len(pts) > 1:
        pts = [(1 - t) * pts[i] + t * pts[i + 1] for i in range(len(pts) - 1)]
    return np.sum(pts[0] ** 2)


def simpson(f, a, b, n):
    h = (b - a) / n
    s = f(a) + f(b)
    for i in range(1, n):
        s += f(a + i * h) * (4 if i % 2 else 2)
    return s * h / 3


@program(args=(0.8,), argnums=(0,))
def simpson_script(a):
    return simpson(lambda x: np.exp(-a * x**2) * x, 0.0, a, 10)


@program(args=(0.3, _RNG.normal(size=(6, 3))), argnums=(1,))
def spectral_script(theta, X):
    mu = X.mean(0)
    Xc = X - mu
    S = Xc.T @ Xc / len(X) + theta * np.eye(X.shape[1])
    w, V = np.linalg.eigh(S)
    return np.log(w).sum() + w[-1]
