"""Rows of products, cumulative functions, calculus on samples and linear algebra."""

from __future__ import annotations

import operator

import numpy as np

from sorix import support
from sorix.primitives.versions import numpy_functions
from tests.primitives.row import Row, each, gram, middle, real, square

_ranks = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (6, 3, 4)),
]
_inner = [((3,), (3,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((3,), (2, 4, 3)), ((), (2,))]
_dot = [*_ranks[:9], ((), (2, 3)), ((2, 3), ()), ((), ())]
_contract = {"axes": ((0, 2), (1, 0))}
PRODUCTS = [
    *[Row(np.matmul, (real(*a), real(*b))) for a, b in _ranks],
    *each([operator.matmul, np.linalg.matmul], real(2, 3), real(3, 4)),
    *[Row(np.dot, (real(*a), real(*b))) for a, b in _dot],
    *[Row(np.inner, (real(*a), real(*b))) for a, b in _inner],
    Row(np.vdot, (real(2, 3), real(3, 2))),
    *each([np.outer], real(2, 2), real(3)),
    Row(np.linalg.outer, (real(2), real(3))),
    Row(np.tensordot, (real(2, 3, 4), real(3, 4, 2))),
    Row(np.linalg.tensordot, (real(2, 3, 4), real(3, 4, 2))),
    Row(np.tensordot, (real(2, 3), real(4)), {"axes": 0}),
    Row(np.tensordot, (real(2, 3, 4), real(4, 2, 5)), _contract),
    Row(np.tensordot, (real(2, 3, 4), real(4, 2)), {"axes": ((-1, 0), (0, 1))}),
    Row(np.tensordot, (real(2, 3), real(4, 3)), {"axes": (1, 1)}),
    Row(np.kron, (real(2, 3), real(3, 2))),
    Row(np.kron, (real(2), real(3, 2))),
    Row(np.cross, (real(2, 3), real(3))),
    Row(np.cross, (real(3, 2), real(3, 2)), {"axis": 0}),
    Row(np.cross, (real(3, 2), real(2, 3)), {"axisa": 0, "axisc": 0}),
    Row(np.linalg.cross, (real(2, 3), real(2, 3))),
    *each([np.vecdot, np.linalg.vecdot], real(2, 3), real(3)),
]


def _einsum(subscripts, *shapes):
    oracle = "complex_step" if len(shapes) > 2 else None
    return Row(np.einsum, (subscripts, *(real(*s) for s in shapes)), oracle=oracle)


EINSUM = [
    _einsum("ij,jk->ik", (2, 3), (3, 4)),
    _einsum("ij,jk", (2, 3), (3, 4)),
    _einsum("ij->ji", (2, 3)),
    _einsum("ij->j", (2, 3)),
    _einsum("ii->i", (3, 3)),
    _einsum("ii", (3, 3)),
    _einsum("iji->j", (2, 3, 2)),
    _einsum("i,j->", (2,), (3,)),
    _einsum("...ij,jk->...ik", (2, 2, 3), (3, 4)),
    _einsum("...i,...i->...", (2, 1, 3), (4, 3)),
    _einsum("bi,ij,bj->b", (2, 3), (3, 4), (2, 4)),
    _einsum("ij,ij->ij", (1, 3), (2, 3)),
]

CUMULATIVE = [
    Row(np.cumsum, (real(2, 3),)),
    Row(np.cumsum, (real(2, 3),), {"axis": 1}),
    *each(numpy_functions("cumulative_sum"), real(2, 3), options={"axis": 1}),
    *each(numpy_functions("cumulative_prod"), real(2, 3), options={"axis": 1}),
    Row(np.diff, (real(2, 5),)),
    Row(np.diff, (real(5, 2),), {"n": 2, "axis": 0}),
    Row(np.ediff1d, (real(2, 3),)),
    Row(support.diff_transpose, (real(3, 2), np.zeros((4, 2))), {"axis": 0}),
    Row(support.shift, (real(4),), {"fill": 1.0}),
    Row(support.shift, (real(3, 4),), {"axis": 1, "by": -2}),
    Row(support.linear_recurrence, (real(4), real(4))),
    Row(support.linear_recurrence, (real(2, 4), real(2, 4)), {"axis": 1, "reverse": True}),
    Row(np.cumprod, (real(2, 3),)),
    Row(np.cumprod, (np.array([[2.0, 0.0, 3.0, 0.5], [1.0, 0.0, 0.0, 2.0]]),), {"axis": 1}),
    Row(support.product_of_others, (real(4),)),
    Row(support.product_of_others, (np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.5]]),), {"axis": 1}),
]

TILING = [
    Row(np.tile, (real(3), 2)),
    Row(np.tile, (real(2, 3), (2, 1, 3))),
    Row(np.tile, (real(2, 3), (2,))),
    Row(support.untile, (real(4, 3), np.zeros((2, 3), int), (2, 1))),
    Row(np.repeat, (real(2, 3), 2)),
    Row(np.repeat, (real(2, 3), np.array([1, 0, 2])), {"axis": 1}),
    Row(support.unrepeat, (real(4), np.zeros(2, int), 2)),
    Row(np.pad, (real(2, 3), 1)),
    Row(np.pad, (real(2, 3), ((1, 2), (0, 1))), {"constant_values": 3.0}),
    *[Row(np.pad, (real(3, 3), 2), {"mode": m}) for m in ("edge", "wrap", "reflect", "symmetric")],
    Row(support.unpad, (real(5), np.zeros(3, int), 1)),
    Row(support.unpad, (real(5), np.zeros(3, int), 1), {"mode": "edge"}),
]

SORTING = [
    Row(np.sort, (real(2, 4),)),
    Row(np.sort, (real(4, 2),), {"axis": 0}),
    Row(np.sort, (real(2, 3),), {"axis": None}),
    Row(np.partition, (real(5), 2)),
]

_samples = (np.array([-0.5, 0.3, 1.2, 1.9, 2.4]), np.array([0.0, 1.0, 1.5, 2.2]), real(4))
CALCULUS = [
    Row(np.interp, _samples),
    *[
        Row(np.convolve, (real(n), real(m)), {"mode": mode})
        for n, m in [(5, 3), (3, 4), (4, 4)]
        for mode in ("full", "same", "valid")
    ],
    *[
        Row(support.convolve_transpose, (real(k), real(3), np.zeros(5, int)), {"mode": mode})
        for k, mode in [(7, "full"), (5, "same"), (3, "valid")]
    ],
    *[
        Row(np.correlate, (real(n), real(m)), {"mode": mode})
        for n, m in [(5, 2), (3, 4)]
        for mode in ("full", "valid")
    ],
    Row(np.gradient, (real(5),)),
    Row(np.gradient, (real(4, 5),)),
    Row(np.gradient, (real(4, 5), 0.5, 2.0), {"edge_order": 2}),
    Row(np.gradient, (real(4, 5), np.array([0.0, 1.0, 1.5, 3.0])), {"axis": 0}, fixed=(1,)),
    Row(
        np.gradient, (real(4, 5), np.float64(0.7), np.float64(0.7)), {"edge_order": 2}, oracle="fd5"
    ),
    Row(np.gradient, (real(4, 5), np.float64(0.7)), oracle="fd5"),
    Row(np.gradient, (real(4, 5), np.float64(0.7)), {"axis": 1}, oracle="fd5"),
    Row(support.gradient_transpose, (real(5), np.zeros(5, int), 0.5), {"axis": 0}, fixed=(2,)),
    Row(
        support.gradient_transpose,
        (real(5), np.zeros(5, int), np.float64(0.7)),
        {"axis": 0},
        oracle="fd5",
    ),
    Row(np.trapezoid, (real(5), None), {"dx": 0.5}),
    Row(np.trapezoid, (real(5), real(5))),
    Row(np.trapezoid, (real(4, 3), real(4)), {"axis": 0}),
    Row(np.trapezoid, (real(4, 3), real(4, 3)), {"axis": 0}),
]

_three = np.array([[1.8, -0.4, 0.3], [0.5, 2.6, -0.7], [0.2, 0.9, 3.7]])
_tilted = np.array([[1.0, -0.4, 0.3], [0.5, 1.9, -0.7]])
LINALG = [
    Row(np.linalg.inv, (square(3),)),
    Row(np.linalg.inv, (square(2, 2),)),
    Row(np.linalg.solve, (square(3), real(3))),
    Row(np.linalg.solve, (square(3), real(3, 2))),
    Row(np.linalg.solve, (square(3, 2), real(3))),
    Row(np.linalg.solve, (square(3, 2), real(2, 3, 2))),
    Row(np.linalg.det, (square(3),)),
    Row(np.linalg.det, (square(2, 3),)),
    Row(support.cofactors, (_three,)),
    Row(support.cofactors, (np.stack([_three, _three.T + 1.0]),)),
    Row(support.cofactors_along, (_three, _three.T - 1.0)),
    Row(support.cofactors_along, (np.stack([_three, _three.T + 1.0]), np.stack([_three] * 2))),
    Row(np.linalg.slogdet, (square(3),)),
    Row(np.linalg.slogdet, (square(2, 3),)),
    *[Row(np.linalg.matrix_power, (square(3), n)) for n in (0, 1, 4, -2)],
    Row(np.linalg.pinv, (real(3, 2),), tolerance=1e-8),
    Row(np.linalg.pinv, (real(2, 3),), tolerance=1e-8),
    Row(np.linalg.multi_dot, ((real(2, 3), real(3, 4), real(4, 2)),)),
    Row(np.linalg.multi_dot, ((real(3), real(3, 4), real(4)),)),
    *[Row(np.linalg.norm, (_tilted,), {"ord": p}) for p in (1, -1, np.inf, -np.inf)],
    *[Row(np.linalg.norm, (square(3)[:2],), {"ord": p}, tolerance=1e-7) for p in ("nuc", 2, -2)],
    Row(np.linalg.vector_norm, (real(2, 3),)),
    Row(np.linalg.vector_norm, (real(2, 3),), {"axis": 1, "ord": 3, "keepdims": True}),
    Row(np.linalg.norm, (real(3),)),
    Row(np.linalg.norm, (real(2, 3),)),
    Row(np.linalg.norm, (real(2, 3),), {"axis": 1, "keepdims": True}),
    *[Row(np.linalg.norm, (real(2, 3),), {"ord": p, "axis": 1}) for p in (1, 2, 3, 1.5, np.inf)],
    Row(np.linalg.norm, (real(3),), {"ord": -np.inf}),
    Row(np.linalg.norm, (real(2, 3, 2),), {"ord": "fro", "axis": (0, 2)}),
    Row(np.linalg.cholesky, (square(3),), wrap=gram),
    Row(np.linalg.cholesky, (square(2, 2),), wrap=gram),
    Row(np.linalg.eigh, (square(3),), wrap=middle, tolerance=1e-7),
    Row(np.linalg.eigvalsh, (square(3),), wrap=middle, tolerance=1e-7),
    # Of a matrix that is not symmetric, NumPy reads the lower triangle.
    Row(np.linalg.cholesky, (gram(square(3)) + np.triu(real(3, 3), k=1),)),
    Row(np.linalg.eigh, (square(3),), tolerance=1e-7),
    Row(np.linalg.eigvalsh, (square(3),), tolerance=1e-7),
    Row(np.linalg.svd, (square(3)[:, :2],), {"full_matrices": False}, tolerance=1e-7),
    Row(np.linalg.svd, (square(3)[:2],), {"full_matrices": False}, tolerance=1e-7),
    Row(np.linalg.svd, (square(3),), {"compute_uv": False}, tolerance=1e-7),
    Row(np.linalg.svd, (_three,), {"full_matrices": False}, tolerance=1e-7),
    Row(np.linalg.svd, (_three,), tolerance=1e-7),
    Row(support.solve_by_r, (_three, _three[:, :2].copy())),
    Row(np.linalg.qr, (square(3)[:, :2],)),
    Row(np.linalg.qr, (square(3),)),
]
