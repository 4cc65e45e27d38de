"""Random numbers drawn inside of the program, from generators with a seed."""

import random

import numpy as np

from tests.corpus.registry import program

_X = np.array([1.3, -0.4, 0.8])
_MATRIX = np.array([[1.0, 0.3, 0.1], [0.2, 0.5, 0.7], [0.4, 0.9, -0.2]])


@program(args=(_X,))
def a_seeded_generator(x):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=3)
    return noise @ x**2 + rng.uniform(0, 1) * x[0] + np.sum(rng.random((2, 3)) @ x)


@program(args=(_X,))
def the_global_generator(x):
    np.random.seed(1)
    total = np.random.randn(3) @ x
    for _ in range(4):
        z = np.random.normal(0.0, 1.0, size=len(x))
        total = total + np.sum(np.exp(0.1 * x * z))
        if np.random.rand() < 0.5:
            total = total * x[0]
    return total


@program(args=(_X, 0.7), argnums=(0, 1))
def draws_around_values(mean, scale):
    rng = np.random.RandomState(5)
    a = rng.normal(mean, scale)
    b = rng.normal(mean[0], scale, 4)
    return np.sum(a**2) + np.sum(np.sin(b)) + rng.uniform(mean[1], scale) ** 2


@program(args=(_X, 0.7, 1.4), argnums=(0, 1, 2))
def draws_of_many_distributions(x, s, k):
    rng = np.random.default_rng(3)
    located = np.sum(rng.laplace(x, s)) + rng.gumbel(s, s) + rng.logistic(1.0, s, size=2).sum()
    scaled = rng.exponential(s) + rng.rayleigh(s) + rng.gamma(2.0, s) + rng.lognormal(x[0], s)
    shaped = rng.weibull(k) * rng.pareto(k)
    return located * scaled + shaped + rng.poisson(3.0) * s + rng.poisson(np.abs(x)) @ x


@program(args=(_X, _MATRIX), argnums=(0, 1), tolerance=1e-7)
def draws_of_vectors(mean, factor):
    rng = np.random.default_rng(3)
    covariance = factor @ factor.T + np.diag([1.0, 2.0, 3.0])
    a = rng.multivariate_normal(mean, covariance, method="cholesky")
    b = rng.multivariate_normal(np.zeros(3), covariance, size=4)
    return np.sum(a**3) + np.sum(b @ mean) + rng.dirichlet([1.0, 2.0, 3.0]) @ mean


@program(args=(_X,))
def draws_of_places(x):
    rng = np.random.default_rng(0)
    i, order = rng.integers(0, 3), rng.permutation(3)
    sample = rng.choice(3, size=4)
    path = []
    for _ in range(3):
        path.append(x[0] * rng.standard_normal() + x[order][0])
    return np.std(path) + x[i] ** 2 + np.sum(x[sample] ** 3)


@program(args=(_X, _MATRIX), argnums=(0, 1))
def elements_in_random_order(x, rows):
    rng = np.random.default_rng(2)
    rows, places = rows.copy(), list(range(3))
    rng.shuffle(rows)
    rng.shuffle(places)
    y = rng.permutation(x) + rng.choice(x, 3, replace=False) ** 2
    return rows[0] @ rows[1] + rows[2] @ y + x[places[0]] ** 3 + y[0] * rng.choice(x)


@program(args=(0.3, 1.2), argnums=(0, 1))
def metropolis_steps(theta, sigma):
    def log_density(x):
        return -0.5 * (x - theta) ** 2 / sigma**2

    rng = np.random.Generator(np.random.PCG64(12))
    x, total = 0.0, 0.0
    for _ in range(40):
        proposed = x + 0.5 * rng.standard_normal()
        if np.log(rng.uniform()) < log_density(proposed) - log_density(x):
            x = proposed
        total += log_density(x)
    return total / 40


class _Noise:
    def __init__(self, scale, seed=None, rng=None):
        self.rng = np.random.default_rng(seed) if rng is None else rng
        self.scale = scale

    def __call__(self, x):
        assert isinstance(self.rng, np.random.Generator)
        return x + self.scale * self.rng.standard_normal(x.shape)


@program(args=(_X, 0.3), argnums=(0, 1))
def a_generator_in_a_field(x, scale):
    noise = _Noise(scale, seed=4)
    for _ in range(3):
        x = np.tanh(noise(x))
        while noise.rng.random() < 0.4:
            x = x * scale
    return np.sum(_Noise(scale, rng=noise.rng)(x) ** 2)


@program(args=(_X,))
def generators_of_the_standard_library(x):
    random.seed(3)
    rng = random.Random(5)
    total = random.random() * x[0] + random.gauss(x[1], 2.0) + random.uniform(0, x[2])
    values = [v * 2 for v in x]
    rng.shuffle(values)
    for _ in range(6):
        if rng.random() < 0.5:
            total += x[rng.randrange(3)] * rng.uniform(-1, 1) + rng.choice(values) ** 2
    return total * values[0] + rng.expovariate(x[0]) + rng.lognormvariate(x[1], x[2])
