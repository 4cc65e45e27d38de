"""Broadcasting: scalars, rows, columns, added axes, outer combinations, mixed ranks."""

import numpy as np

from tests.corpus.registry import program

_A = np.array([[0.6, 0.2, 0.9], [1.4, 0.7, 0.3]])


@program(args=(_A.copy(), np.array([1.0, -2.0, 0.5]), 0.3), argnums=(0, 1, 2))
def matrix_row_scalar(a, row, s):
    return np.sum((a * row + s) ** 2 / (1 + s**2))


@program(args=(_A.copy(), np.array([[1.5], [0.4]])), argnums=(0, 1))
def column_against_matrix(a, col):
    return np.sum(a**2 / col) - np.sum(np.maximum(a, col) * a)


@program(args=(np.array([0.6, 0.2]), np.array([0.9, 1.4, 0.7])), argnums=(0, 1))
def outer_difference(x, y):
    d = x[:, None] - y[None, :]
    return np.sum(np.exp(-(d**2)))


@program(args=(np.array(0.7), _A.copy()), argnums=(0, 1))
def zero_dimensional_array(s, a):
    return np.sum(a * s) * s


@program(args=(np.array([[0.5]]), _A.copy()), argnums=(0, 1))
def axes_of_length_one(k, a):
    return np.sum((a - k) ** 2) + np.sum(k * 3)


@program(args=(np.array([0.6, 0.2, 0.9]), 2.0), argnums=(0, 1))
def scalar_expands(x, s):
    y = np.full(3, s) + np.ones((2, 3)) * x
    return np.sum(y * np.broadcast_to(x, (2, 3)))


@program(args=(np.array([0.6, 0.2, 0.9]),))
def expand_dims_and_squeeze(x):
    t = np.expand_dims(x, (0, 2))
    u = np.squeeze(t, axis=0) @ np.ones((1, 2))
    return np.sum(u**2) + np.sum(np.atleast_2d(x) ** 3)


@program(args=(np.array([0.6, 0.2, 0.9]), np.array([0.1, 0.5])), argnums=(0, 1))
def meshgrid_function(x, y):
    xx, yy = np.meshgrid(x, y)
    return np.sum(np.sin(xx) * yy**2)


@program(args=(np.ones((2, 1, 3)) * 0.4, np.array([[0.3], [0.8]])), argnums=(0, 1))
def three_against_two_axes(t, m):
    return np.sum((t + m) ** 2 * np.arange(6.0).reshape(2, 3))


@program(args=(np.array([0.6, 0.2, 0.9]), 0.5), argnums=(0, 1))
def powers_with_arrays(x, p):
    return np.sum(x**p + p**x + x**x + 2**x + x**2 + x**-1.5)


@program(args=(np.array([0.6, 0.2, 0.9]), np.array([1, 2, 3])))
def integer_array_operand(x, n):
    return np.sum(x**n + n * x - x / n + n**x)


@program(args=(np.array([0.6, 0.2, 0.9], dtype=np.float32),), tolerance=2e-3, step=0.05)
def single_precision(x):
    y = np.sin(x) * 2
    return np.sum(y * x)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def scalar_minus_array(x):
    y = 1 - x
    y = 2 / (1 + y)
    y = 3 % 2 + y
    return np.sum(-y * +x)


@program(args=(np.array([0.6, 0.2, 0.9]),))
def number_of_numpy_and_python(x):
    a = np.float64(2.0) * x[0]
    b = float(x[1]) if False else x[1]
    c = x[2].item() if False else x[2]
    return a * b + c**2
