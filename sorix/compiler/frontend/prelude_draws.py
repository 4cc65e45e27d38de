"""Draws of NumPy's generators whose parameters the run computes, in terms of draws that have none.

Each computes what NumPy computes from the same stream of random numbers, and as arithmetic it has
a derivative with respect to its parameters (the pathwise, or reparameterised, one). The
interpreter reads these functions as it reads the user's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of


def drawn_shape(size: Any, *parameters: Any) -> Any:
    """The shape of a draw; None for a number."""
    if size is not None:
        return size
    shape = np.broadcast_shapes(*[np.shape(p) for p in parameters])
    return shape if len(shape) > 0 else None


def require_not_negative(name: Any, values: Any) -> None:
    if np.any(values < 0):
        raise ValueError(f"{name} < 0")


def normal(rng: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return loc + scale * rng.standard_normal(drawn_shape(size, loc, scale))


def uniform(rng: Any, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
    width = high - low
    if isinstance(rng, np.random.Generator):
        require_not_negative("high - low", width)
    return low + width * rng.random(drawn_shape(size, low, high))


def exponential(rng: Any, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return scale * rng.standard_exponential(drawn_shape(size, scale))


def lognormal(rng: Any, mean: Any = 0.0, sigma: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("sigma", sigma)
    return np.exp(normal(rng, mean, sigma, size))


def laplace(rng: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return loc + scale * rng.laplace(size=drawn_shape(size, loc, scale))


def logistic(rng: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return loc + scale * rng.logistic(size=drawn_shape(size, loc, scale))


def gumbel(rng: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return loc + scale * rng.gumbel(size=drawn_shape(size, loc, scale))


def rayleigh(rng: Any, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return scale * rng.rayleigh(size=drawn_shape(size, scale))


def weibull(rng: Any, a: Any, size: Any = None) -> Any:
    require_not_negative("a", a)
    return rng.standard_exponential(drawn_shape(size, a)) ** (1.0 / a)


def pareto(rng: Any, a: Any, size: Any = None) -> Any:
    if np.any(a <= 0):
        raise ValueError("a <= 0")
    return np.expm1(rng.standard_exponential(drawn_shape(size, a)) / a)


def gamma(rng: Any, shape: Any, scale: Any = 1.0, size: Any = None) -> Any:
    require_not_negative("scale", scale)
    return scale * rng.standard_gamma(shape, drawn_shape(size, shape, scale))


def multivariate_normal(
    rng: Any,
    mean: Any,
    cov: Any,
    size: Any = None,
    check_valid: Any = "warn",
    tol: Any = 1e-8,
    method: Any = "svd",
) -> Any:
    mean = array_of(mean)
    if size is None:
        shape = np.shape(mean)
    elif isinstance(size, int | np.integer):
        shape = (size, len(mean))
    else:
        shape = (*size, len(mean))
    return mean + rng.standard_normal(shape) @ root_of(cov, method).T


def root_of(cov: Any, method: Any) -> Any:
    """What standard normal vectors are multiplied with to have this covariance."""
    if method == "cholesky":
        return np.linalg.cholesky(cov)
    if method == "eigh":
        values, vectors = np.linalg.eigh(cov)
        return vectors * np.sqrt(values)
    u, s, _ = np.linalg.svd(cov, full_matrices=False)
    return u * np.sqrt(s)


def permutation(rng: Any, x: Any, axis: Any = 0) -> Any:
    x = array_of(x)
    return np.take(x, rng.permutation(np.shape(x)[axis]), axis)


def choice(rng: Any, a: Any, size: Any = None, replace: Any = True, p: Any = None) -> Any:
    a = array_of(a)
    return a[rng.choice(len(a), size, replace, p)]


def shuffle(rng: Any, x: Any) -> None:
    x[:] = x[rng.permutation(len(x))]


def shuffle_list(rng: Any, x: Any) -> None:
    order = rng.permutation(len(x))
    values = np.array(x)
    for k in range(len(x)):
        x[k] = values[order[k]].item()
