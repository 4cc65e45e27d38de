"""Losses made of the derivatives of expressions that are easily differentiated wrongly.

Each row gives an expression and, in NumPy and by hand, its derivatives; the loss is a sum of
squares of them. Its gradient is compared with five-point differences of the formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import sorix
from tests.runtime.differences import assert_close, gradient

A = np.array([[1.0, -0.5, 0.3], [0.2, 2.0, -1.0], [0.7, 0.1, 1.5]])
W = np.array([0.5, -1.0, 2.0])
INDEX = np.array([0, 2, 2])


@dataclass
class Row:
    """An expression `u(x, y)`, and its derivatives in x and y for the cotangent one."""

    name: str
    u: Callable[..., Any]
    by_hand: Callable[..., Any]
    x: np.ndarray
    y: np.ndarray


def power_of_itself(x, y):
    return x**x * (np.log(x) + 1) * np.sum(y), np.sum(x**x) * np.ones_like(y)


def matrix_products(x, y):
    ones = np.ones((x.shape[0], y.shape[1]))
    return 3 * (x @ y) ** 2 @ y.T, x.T @ (3 * (x @ y) ** 2 * ones)


def scattered(x, y):
    bar = np.zeros_like(x)
    np.add.at(bar, INDEX, 3 * x[INDEX] ** 2 * y)
    return bar, x[INDEX] ** 3


POINT = np.array([0.6, 1.3, 2.2])
ROWS = [
    Row(
        "a column times a row, broadcast",
        lambda x, y: (x * y) ** 3,
        lambda x, y: (
            (3 * (x * y) ** 2 * y).sum(1, keepdims=True),
            (3 * (x * y) ** 2 * x).sum(0, keepdims=True),
        ),
        POINT[:, None],
        W[None, :],
    ),
    Row(
        "a number beside an array, broadcast",
        lambda x, y: np.sin(x * y) + y,
        lambda x, y: (np.cos(x * y) * y, np.sum(np.cos(x * y) * x + 1)),
        POINT,
        np.array(0.7),
    ),
    Row(
        "a bias row, broadcast",
        lambda x, y: np.exp(x + y),
        lambda x, y: (np.exp(x + y), np.exp(x + y).sum(0)),
        A,
        W,
    ),
    Row(
        "an element x[i]",
        lambda x, y: x[1] ** 3 * y,
        lambda x, y: (np.array([0, 3 * x[1] ** 2 * np.sum(y), 0]), x[1] ** 3 * np.ones(3)),
        POINT,
        W,
    ),
    Row(
        "a row x[i] and a column x[:, j]",
        lambda x, y: x[0] ** 2 * x[:, 2] * y,
        lambda x, y: (
            np.array([[1.0], [0], [0]]) * (2 * x[0] * x[:, 2] * y)
            + np.array([0, 0, 1.0]) * (x[0] ** 2 * y)[:, None],
            x[0] ** 2 * x[:, 2],
        ),
        A,
        W,
    ),
    Row("repeated indices", lambda x, y: x[INDEX] ** 3 * y, scattered, POINT, W),
    Row("a matrix product", lambda x, y: (x @ y) ** 3, matrix_products, A, A.T + 0.3),
    Row(
        "a matrix and a vector",
        lambda x, y: (x @ y) ** 3,
        lambda x, y: (3 * np.outer((x @ y) ** 2, y), x.T @ (3 * (x @ y) ** 2)),
        A,
        W,
    ),
    Row(
        "abs",
        lambda x, y: abs(x) * x * y,
        lambda x, y: (2 * np.abs(x) * y, np.abs(x) * x),
        np.array([-1.5, 0.4, 2.0]),
        W,
    ),
    Row("x**x", lambda x, y: x**x * np.sum(y), power_of_itself, POINT, W),
    Row(
        "2**x",
        lambda x, y: 2**x * y,
        lambda x, y: (2**x * np.log(2) * y, 2**x),
        np.array([-1.5, 0.4, 2.0]),
        W,
    ),
    Row(
        "x**y",
        lambda x, y: x**y,
        lambda x, y: (y * x ** (y - 1), x**y * np.log(x)),
        POINT,
        W,
    ),
]


def loss_of(row):
    def loss(x, y):
        u = row.u(x, y)
        bars = sorix.grad(u, [x, y], grad_outputs=sorix.ones_like(u), create_graph=True)
        return (bars[0] ** 2).sum() + 2 * (bars[1] ** 2).sum()

    return loss


def formula_of(row):
    def loss(x, y):
        bars = row.by_hand(x, y)
        return np.sum(bars[0] ** 2) + 2 * np.sum(bars[1] ** 2)

    return loss


@pytest.mark.parametrize("engine", ["tape", "compiled"])
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_gradient_of_a_loss_of_derivatives(engine, row):
    loss, formula = loss_of(row), formula_of(row)
    if engine == "compiled":
        loss = sorix.compile(loss, fallback="error")
    x = sorix.tensor(row.x.copy(), requires_grad=True)
    y = sorix.tensor(row.y.copy(), requires_grad=True)
    value = loss(x, y)
    np.testing.assert_allclose(value.item(), formula(row.x, row.y), rtol=1e-13)
    value.backward()
    assert_close(x.grad.data, gradient(lambda v: formula(v, row.y), row.x), 1e-8)
    assert_close(y.grad.data, gradient(lambda v: formula(row.x, v), row.y), 1e-8)
