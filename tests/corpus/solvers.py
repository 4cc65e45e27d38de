"""Factorisations, substitutions, iterative solvers, root finders and optimisers."""

import numpy as np

from tests.corpus.registry import program

_SPD = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.1]])
_B = np.array([0.7, -0.4, 1.2])


@program(args=(_SPD.copy(),))
def cholesky_by_hand(a):
    n = a.shape[0]
    low = np.zeros_like(a)
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s -= low[i, k] * low[j, k]
            if i == j:
                low[i, j] = np.sqrt(s)
            else:
                low[i, j] = s / low[j, j]
    return np.sum(np.log(np.diag(low))) + low[2, 0] * low[2, 1]


@program(args=(_SPD.copy(),))
def cholesky_vectorised(a):
    a = a.copy()
    n = len(a)
    for j in range(n):
        a[j, j] = np.sqrt(a[j, j])
        a[j + 1 :, j] /= a[j, j]
        for k in range(j + 1, n):
            a[k:, k] -= a[k:, j] * a[k, j]
    return np.sum(np.tril(a) ** 3)


@program(args=(_SPD.copy(),))
def lu_in_place(a):
    a = a.copy()
    n = len(a)
    for k in range(n - 1):
        for i in range(k + 1, n):
            a[i, k] = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    return np.prod(np.diag(a)) + a[2, 0] * a[0, 2]


@program(args=(np.array([[0.1, 2.0, 0.3], [1.5, 0.3, -0.2], [0.4, 0.2, 1.1]]), _B.copy()), argnums=(0, 1))
def gauss_elimination_with_pivoting(a, b):
    a, b = a.copy(), b.copy()
    n = len(b)
    for k in range(n):
        p = k + np.argmax(np.abs(a[k:, k]))
        if p != k:
            a[[k, p]] = a[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            m = a[i, k] / a[k, k]
            a[i, k:] -= m * a[k, k:]
            b[i] -= m * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - a[i, i + 1 :] @ x[i + 1 :]) / a[i, i]
    return np.sum(x**2)


@program(args=(np.tril(_SPD), _B.copy()), argnums=(0, 1))
def forward_substitution(low, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - np.dot(low[i, :i], x[:i])) / low[i, i]
    return x @ x


@program(args=(np.triu(_SPD), _B.copy()), argnums=(0, 1))
def back_substitution(up, b):
    n = len(b)
    x = b.copy()
    for i in reversed(range(n)):
        for j in range(i + 1, n):
            x[i] -= up[i, j] * x[j]
        x[i] /= up[i, i]
    return np.sum(x**3)


@program(
    args=(np.array([0.3, -0.2, 0.4]), np.array([2.0, 2.5, 1.9, 2.2]), np.array([0.1, 0.5, -0.3]), np.array([1.0, 0.2, -0.7, 0.4])),
    argnums=(0, 1, 2, 3),
)
def thomas_algorithm(a, b, c, d):
    n = len(d)
    b, d = b.copy(), d.copy()
    for i in range(1, n):
        w = a[i - 1] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    x = np.empty(n)
    x[-1] = d[-1] / b[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return np.sum(x**2)


@program(args=(_SPD.copy(), _B.copy()), argnums=(0, 1))
def jacobi_iteration(a, b):
    d = np.diag(a)
    r = a - np.diag(d)
    x = np.zeros_like(b)
    for _ in range(6):
        x = (b - r @ x) / d
    return x @ x


@program(args=(_SPD.copy(), _B.copy()), argnums=(0, 1))
def gauss_seidel(a, b):
    n = len(b)
    x = np.zeros(n)
    for _ in range(4):
        for i in range(n):
            s = 0.0
            for j in range(n):
                if j != i:
                    s += a[i, j] * x[j]
            x[i] = (b[i] - s) / a[i, i]
    return x @ b


@program(args=(_SPD.copy(), _B.copy(), 1.1), argnums=(0, 1, 2))
def successive_over_relaxation(a, b, omega):
    x = np.zeros(3)
    for _ in range(4):
        for i in range(3):
            sigma = a[i, :i] @ x[:i] + a[i, i + 1 :] @ x[i + 1 :]
            x[i] += omega * ((b[i] - sigma) / a[i, i] - x[i])
    return np.sum(x**2)


@program(args=(_SPD.copy(), _B.copy()), argnums=(0, 1), tolerance=1e-7)
def conjugate_gradient(a, b):
    x = np.zeros_like(b)
    r = b - a @ x
    p = r.copy()
    rr = r @ r
    for _ in range(2):
        ap = a @ p
        alpha = rr / (p @ ap)
        x += alpha * p
        r -= alpha * ap
        new = r @ r
        p = r + (new / rr) * p
        rr = new
    return x @ x


@program(args=(_SPD.copy(),))
def power_iteration(a):
    v = np.array([1.0, 0.5, 0.2])
    for _ in range(8):
        v = a @ v
        v /= np.linalg.norm(v)
    return v @ a @ v


@program(args=(_SPD.copy(),))
def gram_schmidt(a):
    q = np.zeros_like(a)
    for j in range(3):
        v = a[:, j].copy()
        for i in range(j):
            v -= (q[:, i] @ a[:, j]) * q[:, i]
        q[:, j] = v / np.sqrt(v @ v)
    return q[0, 1] * q[2, 2] + q[1, 0]


@program(args=(_SPD.copy(),))
def householder_qr(a):
    r = a.copy()
    for k in range(2):
        x = r[k:, k]
        v = x.copy()
        v[0] += np.sign(x[0]) * np.linalg.norm(x)
        v = v / np.linalg.norm(v)
        r[k:, k:] -= 2.0 * np.outer(v, v @ r[k:, k:])
    return np.abs(r[0, 0] * r[1, 1] * r[2, 2]) + r[0, 2]


@program(args=(_SPD.copy(),))
def jacobi_eigenvalue_rotation(a):
    a = a.copy()
    for p, q in [(0, 1), (0, 2), (1, 2)]:
        theta = 0.5 * np.arctan2(2 * a[p, q], a[q, q] - a[p, p])
        c, s = np.cos(theta), np.sin(theta)
        rotation = np.eye(3)
        rotation[p, p] = rotation[q, q] = c
        rotation[p, q], rotation[q, p] = s, -s
        a = rotation.T @ a @ rotation
    return a[0, 0] * a[1, 1] + a[2, 2] ** 2


@program(args=(np.array([0.8, 0.3]),))
def newton_system(p):
    x = np.array([1.0, 1.0])
    for _ in range(6):
        f = np.array([x[0] ** 2 + p[0] * x[1] - 2.0, x[0] * x[1] - p[1]])
        jac = np.array([[2 * x[0], p[0]], [x[1], x[0]]])
        x = x - np.linalg.solve(jac, f)
    return x[0] * x[1] ** 2


@program(args=(0.7,))
def secant_method(a):
    f = lambda t: t**3 + a * t - 1.0
    x0, x1 = 0.2, 1.0
    for _ in range(7):
        f0, f1 = f(x0), f(x1)
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        if abs(x1 - x0) < 1e-10:
            break
    return x1


@program(args=(np.array([1.0, -1.5, 0.4]), 0.1), argnums=(0, 1))
def gradient_descent_by_hand(x, rate):
    velocity = np.zeros_like(x)
    for _ in range(5):
        gradient = 4 * x**3 - 2 * x
        velocity = 0.9 * velocity - rate * gradient
        x = x + velocity * 0.1
    return np.sum(x**4 - x**2)


@program(args=(_SPD.copy(), _B.copy()), argnums=(0, 1))
def matrix_inverse_by_gauss_jordan(a, b):
    n = len(a)
    m = np.hstack([a, np.eye(n)])
    for k in range(n):
        m[k] /= m[k, k]
        for i in range(n):
            if i != k:
                m[i] -= m[i, k] * m[k]
    return b @ m[:, n:] @ b


@program(args=(_SPD.copy(),))
def determinant_by_minors(a):
    def det(m):
        if len(m) == 1:
            return m[0][0]
        total = 0.0
        for j in range(len(m)):
            minor = [row[:j] + row[j + 1 :] for row in m[1:]]
            total += (-1) ** j * m[0][j] * det(minor)
        return total

    return det([[a[i, j] for j in range(3)] for i in range(3)])


@program(args=(_SPD.copy() * 0.3,))
def matrix_exponential_by_series(a):
    term = np.eye(3)
    total = np.eye(3)
    for k in range(1, 8):
        term = term @ a / k
        total += term
    return np.trace(total) * total[0, 1]


@program(args=(_SPD.copy(),))
def newton_schulz_inverse(a):
    x = a.T / (np.linalg.norm(a) ** 2)
    for _ in range(6):
        x = x @ (2 * np.eye(3) - a @ x)
    return np.sum(x**2)


@program(args=(np.array([0.5, -1.2, 0.3]), 0.15), argnums=(0, 1))
def proximal_gradient_lasso(b, lam):
    x = np.zeros(3)
    for _ in range(4):
        z = x - 0.3 * (_SPD @ x - b)
        x = np.sign(z) * np.maximum(np.abs(z) - 0.3 * lam, 0.0)
    return np.sum(x**2)


@program(args=(np.array([0.3, 0.9, -0.5]), np.array([0.0, 1.0, 2.5]), 1.3), argnums=(0, 1, 2))
def newton_divided_differences(y, x, at):
    c = y.copy()
    n = len(c)
    for j in range(1, n):
        for i in range(n - 1, j - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (x[i] - x[i - j])
    value = c[n - 1]
    for i in range(n - 2, -1, -1):
        value = value * (at - x[i]) + c[i]
    return value


@program(args=(np.array([0.4, 0.3, 0.3]), np.array([[0.9, 0.1, 0.2], [0.05, 0.7, 0.3], [0.05, 0.2, 0.5]])), argnums=(0, 1))
def markov_chain_stationary(p, transition):
    previous = p * 0
    k = 0
    while np.max(np.abs(p - previous)) > 1e-3 and k < 40:
        previous = p
        p = transition @ p
        p = p / p.sum()
        k += 1
    return np.sum(p * np.log(p))


@program(args=(np.array([[0.3, 0.8], [0.6, 0.1]]),))
def sinkhorn(cost):
    k = np.exp(-cost / 0.5)
    u, v = np.ones(2), np.ones(2)
    a, b = np.array([0.4, 0.6]), np.array([0.7, 0.3])
    for _ in range(6):
        u = a / (k @ v)
        v = b / (k.T @ u)
    plan = u[:, None] * k * v
    return np.sum(plan * cost)


@program(args=(np.array([1.1, 1.4, 1.2, 1.7, 1.5, 1.9, 1.3]),))
def natural_cubic_spline_in_lists(a):
    n = len(a)
    h = 1.0
    alpha = [0] * n
    for i in range(1, n - 1):
        alpha[i] = 3 / h * (a[i + 1] - a[i]) - 3 / h * (a[i] - a[i - 1])
    l, mu, z = [1] + [0] * (n - 1), [0] * n, [0] * n
    for i in range(1, n - 1):
        l[i] = 4 * h - h * mu[i - 1]
        mu[i] = h / l[i]
        z[i] = (alpha[i] - h * z[i - 1]) / l[i]
    l[n - 1], z[n - 1] = 1, 0
    b, c, d = [0] * n, [0] * n, [0] * n
    for j in range(n - 2, -1, -1):
        c[j] = z[j] - mu[j] * c[j + 1]
        b[j] = (a[j + 1] - a[j]) / h - h * (c[j + 1] + 2 * c[j]) / 3
        d[j] = (c[j + 1] - c[j]) / (3 * h)
    t = 0.37
    return sum(a[i] + b[i] * t + c[i] * t**2 + d[i] * t**3 for i in range(n - 1))


MATRIX = [[0.1, 2.0, 1.0], [3.0, 4.5, 0.7], [1.0, -1.0, 2.0]]


@program(args=(MATRIX, [1.0, 2.0, 3.0]), argnums=(0, 1))
def elimination_with_rows_exchanged(a, b):
    n = len(a)
    m = [row[:] + [v] for row, v in zip(a, b)]
    for c in range(n):
        p = c
        for r in range(c + 1, n):
            if abs(m[r][c]) > abs(m[p][c]):
                p = r
        m[c], m[p] = m[p], m[c]
        for r in range(c + 1, n):
            f = m[r][c] / m[c][c]
            for j in range(c, n + 1):
                m[r][j] -= f * m[c][j]
    x = [0.0] * n
    for i in range(n - 1, -1, -1):
        s = m[i][n]
        for j in range(i + 1, n):
            s -= m[i][j] * x[j]
        x[i] = s / m[i][i]
    return x[0] + 2 * x[1] * x[2]


@program(args=(MATRIX,))
def determinant_by_rows_exchanged(a):
    n = len(a)
    u = [row[:] for row in a]
    det = 1.0
    for c in range(n):
        p = max(range(c, n), key=lambda r: abs(u[r][c]))
        if p != c:
            u[c], u[p] = u[p], u[c]
            det = -det
        for r in range(c + 1, n):
            f = u[r][c] / u[c][c]
            u[r] = [x - f * y for x, y in zip(u[r], u[c])]
    for i in range(n):
        det *= u[i][i]
    return det


@program(args=(MATRIX,))
def rows_exchanged_by_a_third_variable(a):
    m = [row[:] for row in a]
    n = len(m)
    for c in range(n):
        p = c
        for r in range(c + 1, n):
            if abs(m[r][c]) > abs(m[p][c]):
                p = r
        kept = m[c]
        m[c] = m[p]
        m[p] = kept
        for r in range(c + 1, n):
            f = m[r][c] / m[c][c]
            for j in range(c, n):
                m[r][j] -= f * m[c][j]
    return m[0][0] * m[1][1] ** 2 * m[2][2]
