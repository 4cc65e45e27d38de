"""Fits and models: regressions, likelihoods, networks by hand, splines, transforms."""

import math

import numpy as np

from tests.corpus.registry import program

_T = np.linspace(0.0, 1.0, 5)
_Y = np.array([0.1, 0.5, 0.7, 1.2, 1.4])
_X = np.array([[0.2, 0.7], [-0.4, 0.1], [0.9, -0.3], [0.5, 0.6]])
_LABELS = np.array([1.0, 0.0, 1.0, 1.0])


@program(args=(np.array([0.3, 1.1]),))
def least_squares(p):
    residual = p[0] + p[1] * _T - _Y
    return 0.5 * residual @ residual


@program(args=(np.array([1.2, 0.8, 0.1]),))
def exponential_fit(p):
    a, b, c = p
    model = a * np.exp(-b * _T) + c
    return np.mean((model - _Y) ** 2)


@program(args=(np.array([0.4, -0.3]), 0.1), argnums=(0, 1))
def logistic_regression(w, b):
    z = _X @ w + b
    p = 1 / (1 + np.exp(-z))
    return -np.mean(_LABELS * np.log(p) + (1 - _LABELS) * np.log(1 - p)) + 0.01 * w @ w


@program(args=(np.array([0.4, -0.3]),))
def logistic_regression_by_loops(w):
    loss = 0.0
    for x, y in zip(_X, _LABELS):
        z = 0.0
        for wi, xi in zip(w, x):
            z += wi * xi
        loss += math.log(1 + math.exp(-z)) if y == 1.0 else math.log(1 + math.exp(z))
    return loss / len(_LABELS)


@program(args=(np.array([[0.1, 0.4], [-0.3, 0.2], [0.5, -0.1]]),))
def softmax_cross_entropy(w):
    logits = _X @ w.T
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    targets = np.array([0, 2, 1, 0])
    return -np.mean(log_p[np.arange(4), targets])


@program(args=(np.array([0.3, 0.9]), np.array([0.4, 0.7]), np.array([0.6, 0.4])), argnums=(0, 1, 2))
def gaussian_mixture(means, sigmas, weights):
    total = 0.0
    for y in _Y:
        density = 0.0
        for k in range(2):
            z = (y - means[k]) / sigmas[k]
            density += weights[k] * np.exp(-0.5 * z**2) / (sigmas[k] * np.sqrt(2 * np.pi))
        total += np.log(density)
    return total


@program(args=(0.7, 1.3, 0.2), argnums=(0, 1, 2), tolerance=1e-7)
def gaussian_process(length, amplitude, noise):
    d = _T[:, None] - _T[None, :]
    k = amplitude**2 * np.exp(-0.5 * (d / length) ** 2) + noise**2 * np.eye(5)
    low = np.linalg.cholesky(k)
    alpha = np.linalg.solve(k, _Y)
    return 0.5 * _Y @ alpha + np.sum(np.log(np.diag(low))) + 2.5 * np.log(2 * np.pi)


@program(args=(0.7, 1.3), argnums=(0, 1))
def gaussian_process_by_loops(length, noise):
    n = 3
    k = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            k[i, j] = np.exp(-((_T[i] - _T[j]) ** 2) / length)
            if i == j:
                k[i, j] += noise
    sign, logdet = np.linalg.slogdet(k)
    return 0.5 * _Y[:n] @ np.linalg.inv(k) @ _Y[:n] + 0.5 * logdet


@program(
    args=({"w1": np.array([[0.3, -0.2, 0.1], [0.5, 0.4, -0.6]]), "b1": np.zeros(3), "w2": np.array([0.2, -0.4, 0.7])},)
)
def perceptron_by_hand(params):
    hidden = np.tanh(_X @ params["w1"] + params["b1"])
    out = hidden @ params["w2"]
    return np.mean((out - _LABELS) ** 2)


@program(args=([np.array([[0.3, -0.2], [0.5, 0.4]]), np.array([[0.1, 0.6], [-0.3, 0.2]])],))
def deep_network_in_a_loop(weights):
    h = _X
    for i, w in enumerate(weights):
        h = h @ w
        if i < len(weights) - 1:
            h = np.maximum(h, 0.1 * h)
    return np.sum(h**2)


@program(args=(np.array([[0.3, -0.2], [0.5, 0.4]]), np.array([0.7, -0.1])), argnums=(0, 1))
def recurrent_network(w, u):
    h = np.zeros(2)
    for x in _Y:
        h = np.tanh(w @ h + u * x)
    return np.sum(h**2)


@program(args=(np.linspace(-0.4, 0.5, 12).reshape(4, 3), np.array([0.1, 0.2, -0.1, 0.3])), argnums=(0, 1))
def lstm_cell(w, b):
    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    h, c = 0.0, 0.0
    for x in _Y[:3]:
        z = w @ np.array([x, h, 1.0]) + b
        i, f, o, g = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), np.tanh(z[3])
        c = f * c + i * g
        h = o * np.tanh(c)
    return h**2 + c


@program(args=(np.array([1.0, -0.5, 0.25, 2.0]), 0.7), argnums=(0, 1))
def horner(coefficients, x):
    value = 0.0
    for c in coefficients[::-1]:
        value = value * x + c
    return value


@program(args=(np.array([1.0, -0.5, 0.25, 2.0]), 0.4), argnums=(0, 1))
def clenshaw_chebyshev(c, x):
    b1 = b2 = 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + 2 * x * b1 - b2, b1
    return c[0] + x * b1 - b2


@program(args=(np.array([0.2, 0.9, 0.4, 1.1]), 1.6), argnums=(0, 1))
def linear_interpolation(y, t):
    x = np.array([0.0, 1.0, 2.0, 3.0])
    for i in range(len(x) - 1):
        if x[i] <= t <= x[i + 1]:
            w = (t - x[i]) / (x[i + 1] - x[i])
            return (1 - w) * y[i] + w * y[i + 1]
    raise ValueError("out of range")


@program(args=(np.array([0.2, 0.9, 0.4, 1.1, 0.3]), 1.6), argnums=(0, 1))
def natural_cubic_spline(y, t):
    n = len(y)
    m = np.zeros(n)
    c, d = np.zeros(n), np.zeros(n)
    for i in range(1, n - 1):
        rhs = 6 * (y[i + 1] - 2 * y[i] + y[i - 1])
        w = 4.0 - c[i - 1]
        c[i] = 1.0 / w
        d[i] = (rhs - d[i - 1]) / w
    for i in range(n - 2, 0, -1):
        m[i] = d[i] - c[i] * m[i + 1]
    i = int(t)
    s = t - i
    return (
        m[i] * (1 - s) ** 3 / 6 + m[i + 1] * s**3 / 6
        + (y[i] - m[i] / 6) * (1 - s) + (y[i + 1] - m[i + 1] / 6) * s
    )  # fmt: skip


@program(args=(np.array([0.2, 0.9, 0.4, 1.1]), 0.3), argnums=(0, 1))
def bezier_de_casteljau(points, t):
    p = points.copy()
    n = len(p)
    for r in range(1, n):
        for i in range(n - r):
            p[i] = (1 - t) * p[i] + t * p[i + 1]
    return p[0]


@program(args=(0.4,))
def cox_de_boor(x):
    knots = [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0]

    def basis(i, k):
        if k == 0:
            return 1.0 if knots[i] <= x < knots[i + 1] else 0.0
        total = 0.0
        if knots[i + k] != knots[i]:
            total += (x - knots[i]) / (knots[i + k] - knots[i]) * basis(i, k - 1)
        if knots[i + k + 1] != knots[i + 1]:
            total += (knots[i + k + 1] - x) / (knots[i + k + 1] - knots[i + 1]) * basis(i + 1, k - 1)
        return total

    return sum(c * basis(i, 2) for i, c in enumerate([1.0, -0.5, 2.0, 0.3]))


@program(args=(np.array([0.3, 0.8, -0.5, 0.2]),))
def discrete_fourier_power(x):
    n = len(x)
    power = 0.0
    for k in range(n):
        re = im = 0.0
        for t in range(n):
            angle = 2 * math.pi * k * t / n
            re += x[t] * math.cos(angle)
            im -= x[t] * math.sin(angle)
        power += (k + 1) * (re**2 + im**2)
    return power


@program(args=(np.array([0.3, 0.8, -0.5, 0.2]),))
def haar_wavelet(x):
    y = x.copy()
    n = len(y)
    while n > 1:
        half = n // 2
        a = (y[0:n:2] + y[1:n:2]) / np.sqrt(2)
        d = (y[0:n:2] - y[1:n:2]) / np.sqrt(2)
        y[:half] = a
        y[half:n] = d
        n = half
    return np.sum(y**2 * np.arange(1, 5) ** 2)


@program(args=(np.array([[0.2, 0.4, 0.6], [0.5, 0.1, 0.3], [0.9, 0.7, 0.8]]),))
def attention(x):
    scores = x @ x.T / np.sqrt(3.0)
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return np.sum((weights @ x) ** 2)


@program(args=(np.array([[0.2, 0.4], [0.5, 0.1], [0.9, 0.7]]),))
def pairwise_distances(x):
    energy = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            r = np.linalg.norm(x[i] - x[j])
            energy += 1 / r**6 - 1 / r**3
    return energy * 0.01


@program(args=(np.array([[0.2, 0.4], [0.5, 0.1]]),), order=2)
def k_means_loss(centres):
    loss = 0.0
    for p in _X:
        best = np.inf
        for c in centres:
            d = np.sum((p - c) ** 2)
            if d < best:
                best = d
        loss += best
    return loss


@program(args=(np.array([0.4, 0.6]), np.array([[1.0, 0.2], [0.2, 0.5]])), argnums=(0, 1))
def multivariate_normal(mu, cov):
    total = 0.0
    for x in _X:
        d = x - mu
        total += -0.5 * d @ np.linalg.solve(cov, d) - 0.5 * np.log(np.linalg.det(cov))
    return total


@program(args=(np.array([0.3, 0.5]),))
def poisson_likelihood(p):
    counts = [0, 2, 1, 3, 2]
    total = 0.0
    for k, t in zip(counts, _T):
        rate = np.exp(p[0] + p[1] * t)
        total += k * np.log(rate) - rate - math.lgamma(k + 1)
    return -total


@program(args=(np.array([0.3, -0.1, 0.2]),))
def huber_loss(p):
    r = p[0] + p[1] * _T + p[2] * _T**2 - _Y
    a = np.abs(r)
    return np.sum(np.where(a < 0.5, 0.5 * r**2, 0.5 * (a - 0.25)))


@program(args=(np.array([[0.2, 0.7], [-0.4, 0.1], [0.9, -0.3]]), np.array([0.5, -0.2, 0.8])), argnums=(0, 1))
def batch_normalisation(x, gamma):
    mean = x.mean(axis=0)
    var = ((x - mean) ** 2).mean(axis=0)
    z = (x - mean) / np.sqrt(var + 1e-3)
    return np.sum(gamma[:, None] * z**3)


@program(args=(np.array([0.2, 0.7, 0.1]), np.array([0.5, 0.3, 0.4])), argnums=(0, 1))
def kl_divergence(a, b):
    p, q = a / np.sum(a), b / np.sum(b)
    return np.sum(p * np.log(p / q))


@program(args=(np.array([0.2, 0.7, 0.1]),))
def adam_by_hand(x):
    m, v = np.zeros(3), np.zeros(3)
    for t in range(1, 4):
        g = 2 * x + np.cos(x)
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g**2
        x = x - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
    return np.sum(x**2)


_ROAD = np.poly1d([0.5, -1.0, 2.0])


@program(args=(np.array([0.1, 0.9, 2.1, 2.8, 4.2]), 1.7), argnums=(0, 1))
def a_fitted_polynomial_that_is_called(y, at):
    t = np.arange(5.0)
    fit = np.poly1d(np.polyfit(t, y, 2))
    slope = fit.deriv()
    misfit = np.sum((fit(t) - y) ** 2)
    return misfit + slope(at) * fit(at) + (fit * slope)(0.5) + fit.order * _ROAD(at)


@program(args=(np.array([0.1, 0.9, 2.1, 2.8, 4.2]),))
def a_series_fitted_on_its_own_domain(y):
    t = np.linspace(1.0, 3.0, 5)
    fit = np.polynomial.Polynomial.fit(t, y, 2)
    area = fit.integ()
    return np.sum(fit.convert().coef ** 2) + area(3.0) - area(1.0) + fit.deriv()(2.0)


@program(args=(np.array([0.1, 0.9, 2.3, 2.8, 4.2]),))
def errors_of_a_fitted_line(y):
    line, spread = np.polyfit(np.arange(5.0), y, 1, cov=True)
    return line[0] / np.sqrt(spread[0, 0]) + np.sqrt(np.diag(spread))[1]


@program(args=(np.array([0.4, 1.2, 0.7]), 1.5), argnums=(0, 1))
def charges_gathered_on_a_grid(charges, length):
    at = np.array([[0.1, 0.4], [0.6, 0.2], [0.8, 0.9]]) * length
    cells, rows, _ = np.histogram2d(at[:, 0], at[:, 1], bins=(2, 3), weights=charges)
    return np.sum(cells**2) / (rows[1] - rows[0])


_POINTS = np.array([[0.1, 0.2], [1.1, 0.9], [0.3, -0.1], [0.8, 1.2], [0.2, 0.6]])


@program(args=(_POINTS,))
def clusters_of_k_means(points):
    centres = [points[0].copy(), points[1].copy()]
    for _ in range(3):
        sums, counts = [np.zeros(2) for _ in centres], [0] * len(centres)
        for p in points:
            k = int(np.argmin([np.sum((p - c) ** 2) for c in centres]))
            sums[k] += p
            counts[k] += 1
        for k in range(len(centres)):
            if counts[k] > 0:
                centres[k] = sums[k] / counts[k]
    return sum(np.sum(c**2) for c in centres)


@program(args=(_POINTS,))
def centres_moved_to_each_point(points):
    centres = [points[0] * 1.0, points[1] * 1.0]
    for p in points:
        k = np.argmin([np.linalg.norm(p - c) for c in centres])
        centres[k] += 0.1 * (p - centres[k])
    return np.sum(centres[0] ** 2) + np.sum(centres[1] ** 3)


@program(args=(_POINTS,))
def weights_of_the_layer_that_the_run_chooses(points):
    weights = [points[:2].copy(), points[2:4].copy()]
    h = np.ones(2)
    for _ in range(5):
        k = int(h[0] > 1.0)
        h = np.tanh(weights[k] @ h) + 0.5
        weights[k][0, 0] *= 1.1
        weights[k] -= 0.01 * np.outer(h, h)
    return np.sum(h**2) + np.sum(weights[0]) + np.sum(weights[1] ** 2)


@program(args=(_POINTS, _POINTS[1:4] * 0.9, 3), argnums=(0, 1))
def clusters_in_rows_of_an_array(points, centres, steps):
    c = centres.copy()
    for _ in range(steps):
        sums, counts = np.zeros_like(c), np.zeros(len(c))
        for p in points:
            k = int(np.argmin([np.sum((p - centre) ** 2) for centre in c]))
            sums[k] += p
            counts[k] += 1
        for k in range(len(c)):
            if counts[k] > 0:
                c[k] = sums[k] / counts[k]
    return np.sum(c**2)
