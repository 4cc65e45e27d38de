"""The table of tests: each row one primitive, arguments, and how its derivative is judged."""

from __future__ import annotations

import builtins
import copy
import math
import operator
from dataclasses import dataclass, field

import numpy as np

from sorix import support


@dataclass(frozen=True)
class Row:
    """A call of a primitive, and the order, tolerance and oracle of its test.

    `oracle` None stands for the rule's own. `wrap` is applied to the argument first, where the
    primitive needs one of a special form (a symmetric matrix).
    """

    function: object
    args: tuple
    options: dict = field(default_factory=dict)
    order: int = 3
    tolerance: float | None = None
    oracle: str | None = None
    wrap: object = None

    def __str__(self):
        module = getattr(self.function, "__module__", "np") or "np"
        shapes = [str(np.shape(a)) if _is_array(a) else "." for a in self.args]
        options = [f"{k}={v}" for k, v in self.options.items() if np.ndim(v) == 0]
        return f"{module}.{self.function.__name__}-{'-'.join(shapes + options)}"


def _is_array(x):
    return isinstance(x, np.ndarray | np.floating)


_rng = np.random.default_rng(20240)


def real(*shape):
    """Values of both signs, none near 0, no two equal."""
    n = int(np.prod(shape))
    spread = np.linspace(0.3, 1.7, n) * np.where(np.arange(n) % 2, -1.0, 1.0)
    return _rng.permutation(spread + _rng.uniform(-0.05, 0.05, n) / max(n, 1)).reshape(shape)[()]


def positive(*shape):
    return _rng.permutation(np.linspace(0.5, 1.9, int(np.prod(shape)))).reshape(shape)[()]


def small(*shape):
    return 0.45 * real(*shape)


def large(*shape):
    return 1.2 + positive(*shape)


def square(n, *stack):
    return 0.3 * _rng.normal(size=(*stack, n, n)) + np.eye(n) * np.linspace(1.0, 2.0, n)


def each(functions, *args, **more):
    return [Row(function, args, **more) for function in functions]


def gram(x):
    """A symmetric positive definite matrix made of any."""
    transposed = np.swapaxes(x, -1, -2)
    return x @ transposed + np.eye(np.shape(x)[-1])


def middle(x):
    return x + np.swapaxes(x, -1, -2)


ARITHMETIC = [
    *each([np.add, operator.add, np.subtract, operator.sub], real(3, 1), real(4)),
    *each([np.multiply, operator.mul], real(3, 1), real(2, 1, 4)),
    *each([np.divide, operator.truediv], real(3, 1), positive(4)),
    *each([np.add, np.multiply, np.divide], 2.0, positive(3)),
    *each([np.subtract, np.multiply, np.divide], positive(3), 2.0),
    *each([np.negative, operator.neg, np.positive, operator.pos], real(3), oracle="exact"),
    *each([np.float64, builtins.float], real(), oracle="fd5"),
    Row(np.float32, (real(3).astype(np.float32),), oracle="exact", tolerance=1e-6),
    *each([np.reciprocal, np.square], real(3)),
    *each([np.power, np.float_power, operator.pow], positive(3, 1), real(4)),
    *each([math.pow, builtins.pow], positive(), real(), oracle="fd5"),
    *[Row(operator.pow, (real(3), n)) for n in (0, 1, 2, 3, 5, -1, -2, 2.0)],
    *[Row(operator.pow, (positive(3), n)) for n in (0.5, 1.5, -0.5)],
    Row(operator.pow, (positive(4), np.arange(4))),
    *[Row(operator.pow, (base, real(3))) for base in (2, 2.5, 1)],
    *each([np.sqrt], positive(3)),
    *each([math.sqrt, math.cbrt], positive(), oracle="fd5"),
    Row(np.cbrt, (real(3),)),
    Row(np.hypot, (real(3, 1), real(4))),
    Row(math.hypot, (real(), real()), oracle="fd5"),
    *each([np.remainder, operator.mod, np.fmod], large(3), positive(2, 1)),
    Row(math.fmod, (large(), 0.7), oracle="fd5"),
]

EXPONENTIAL = [
    *each([np.exp, np.expm1, np.exp2, np.log1p], small(3)),
    *each([math.exp, math.expm1, math.exp2, math.log1p], small(), oracle="fd5"),
    *each([np.log, np.log2, np.log10], positive(3)),
    *each([math.log, math.log2, math.log10], positive(), oracle="fd5"),
    Row(math.log, (positive(), np.float64(3.0)), oracle="fd5"),
    *each([np.logaddexp, np.logaddexp2], real(3, 1), real(4)),
]

TRIGONOMETRIC = [
    *each([np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan], small(3)),
    *each([math.sin, math.cos, math.tan], small(), oracle="fd5"),
    *each([math.asin, math.acos, math.atan], small(), oracle="fd5"),
    Row(np.arctan2, (real(3, 1), real(4))),
    Row(math.atan2, (real(), real()), oracle="fd5"),
    Row(np.sinc, (np.array([-3.3, -0.4, 0.0, 1e-3, 0.7, 1.0, 6.2]),)),
    Row(support.sinc_derivative, (real(3),), {"order": 2}),
    *each([np.deg2rad, np.radians, np.rad2deg, np.degrees], real(3)),
    *each([math.radians, math.degrees], real()),
    Row(np.unwrap, (np.array([0.1, 3.0, -3.0, 1.0]),)),
]

HYPERBOLIC = [
    *each([np.sinh, np.cosh, np.tanh, np.arcsinh, np.arctanh], small(3)),
    *each([math.sinh, math.cosh, math.tanh, math.asinh, math.atanh], small(), oracle="fd5"),
    Row(np.arccosh, (large(3),)),
    Row(math.acosh, (large(),), oracle="fd5"),
]

ACTIVATIONS = [
    *each([support.sigmoid, support.softplus, support.silu], real(3)),
    *each([support.relu, support.leaky_relu], real(3)),
    Row(support.elu, (real(3),), oracle="fd5"),
    Row(support.leaky_relu, (real(3),), {"slope": 0.2}),
    Row(support.elu, (real(3),), {"alpha": 0.7}, oracle="fd5"),
    *each([support.softmax, support.log_softmax, support.logsumexp], real(2, 3)),
    *each(
        [support.softmax, support.log_softmax, support.logsumexp], real(2, 3), options={"axis": 0}
    ),
    Row(support.logsumexp, (real(2, 3),), {"axis": 1, "keepdims": True}),
]

_axes = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 2)}, {"keepdims": True}]
REDUCTIONS = [
    *[Row(f, (real(2, 3, 2),), o) for f in (np.sum, np.mean) for o in _axes],
    *[Row(np.prod, (real(2, 3, 2),), o) for o in _axes],
    Row(np.prod, (np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.5]]),), {"axis": 1}),
    *[Row(f, (real(2, 3, 2),), o) for f in (np.max, np.min) for o in _axes],
    *each([np.amax, np.amin, np.ptp], real(2, 3), options={"axis": 1}),
    *[Row(f, (real(2, 3, 2),), o) for f in (np.var, np.std) for o in [*_axes, {"ddof": 1}]],
    Row(np.nansum, (real(2, 3),), {"axis": 0}, oracle="fd5"),
    Row(np.nan_to_num, (real(3),)),
    Row(np.average, (real(2, 3), None, None)),
    Row(np.average, (real(2, 3), 1, positive(3))),
    Row(np.average, (real(2, 3), None, positive(2, 3))),
    Row(support.item, (real(1, 1),)),
    Row(np.median, (real(5),)),
    Row(np.median, (real(2, 4),), {"axis": 1}),
    Row(np.median, (real(4, 2),), {"axis": 0, "keepdims": True}),
    Row(np.quantile, (real(6), 0.3)),
    Row(np.percentile, (real(6, 2), 42.0), {"axis": 0}),
]

SHAPING = [
    *each([np.reshape], real(2, 6), (3, 4)),
    Row(np.reshape, (real(2, 6), (3, -1)), {"order": "F"}),
    Row(np.ravel, (real(2, 3),)),
    Row(np.ravel, (real(2, 3),), {"order": "F"}),
    *each([np.squeeze, np.copy, np.ascontiguousarray, np.asfortranarray, copy.copy], real(2, 1, 3)),
    Row(np.squeeze, (real(2, 1, 3),), {"axis": 1}),
    *each([np.expand_dims], real(2, 3), (0, -1)),
    *each([np.atleast_1d, np.atleast_2d, np.atleast_3d], real(3)),
    Row(np.transpose, (real(2, 3, 4),)),
    Row(np.transpose, (real(2, 3, 4),), {"axes": (2, 0, 1)}),
    Row(np.transpose, (real(2, 3, 4),), {"axes": (-1, 0, -2)}),
    Row(np.matrix_transpose, (real(2, 3, 4),)),
    *each([np.swapaxes], real(2, 3, 4), 0, -1),
    Row(np.moveaxis, (real(2, 3, 4), 0, 2)),
    Row(np.moveaxis, (real(2, 3, 4), (0, 1), (-1, -2))),
    *[Row(np.rollaxis, (real(2, 3, 4, 5), i), {"start": j}) for i, j in [(2, 1), (0, 3), (-1, 0)]],
    *each([np.broadcast_to], real(3, 1), (2, 3, 4)),
    Row(np.conjugate, (real(3),), oracle="exact"),
    Row(support.cast, (real(3), np.float64)),
    Row(np.astype, (real(3), np.float64)),
    Row(np.flip, (real(2, 3),)),
    Row(np.flip, (real(2, 3),), {"axis": 1}),
    *each([np.fliplr, np.flipud, np.rot90], real(2, 3)),
    Row(np.rot90, (real(2, 3, 2),), {"k": 3, "axes": (0, 2)}),
    Row(np.roll, (real(2, 3), 2)),
    Row(np.roll, (real(2, 3), (1, -1)), {"axis": (0, 1)}),
    Row(support.reshape_like, (real(2, 3), np.zeros((3, 2), int))),
    Row(support.broadcast_like, (real(3, 1), np.zeros((2, 3, 4), int))),
    Row(support.unbroadcast, (real(2, 3, 4), np.zeros((3, 1), int))),
    Row(support.unbroadcast, (real(2, 3), 1)),
    Row(support.expand, (real(2), np.zeros((2, 3), int)), {"axis": 1}),
    Row(support.expand, (real(), np.zeros((2, 3), int))),
]

_pair = (real(2, 3), real(1, 3))
JOINING = [
    Row(np.concatenate, (_pair,)),
    Row(np.concatenate, ((real(2, 1), real(2, 2)),), {"axis": 1}),
    Row(np.concatenate, (_pair,), {"axis": None}),
    Row(support.split_like, (real(3, 2), (np.zeros((1, 2), int), np.zeros((2, 2), int)))),
    Row(support.split_like, (real(4), (np.zeros((1, 2), int), np.zeros(2, int))), {"axis": None}),
    Row(np.stack, ((real(2, 3), real(2, 3)),)),
    Row(np.stack, ((real(2, 3), real(2, 3)),), {"axis": -1}),
    Row(support.unstack, (real(2, 3),)),
    Row(support.unstack, (real(2, 3),), {"axis": 1}),
    Row(np.vstack, ((real(3), real(2, 3)),)),
    Row(np.hstack, ((real(3), real(2)),)),
    Row(np.hstack, ((real(2, 3), real(2, 1)),)),
    Row(np.dstack, ((real(2, 3), real(2, 3)),)),
    Row(np.column_stack, ((real(3), real(3, 2)),)),
    Row(np.append, (real(2, 2), real(3))),
    Row(np.append, (real(2, 2), real(1, 2)), {"axis": 0}),
    Row(np.split, (real(6, 2), 3)),
    Row(np.array_split, (real(2, 5), (1, 3)), {"axis": 1}),
    *each([np.hsplit, np.vsplit, np.dsplit], real(2, 2, 2), 2),
    Row(np.array, (real(2, 3),)),
    Row(np.array, ((real(), (real(), real())[0]),)),
    Row(np.array, (((real(), real()), (real(), real())),)),
    Row(np.asarray, ([real(), real()],)),
    Row(support.packed, ([real(2), real(2)],)),
    Row(support.entries, (real(2), [1, 2])),
    Row(np.full, ((2, 3), real(3))),
    Row(np.full_like, (np.zeros((2, 3)), real())),
    Row(np.meshgrid, (real(2), real(3), real(4))),
    Row(np.meshgrid, (real(2), real(3)), {"indexing": "ij"}),
    Row(np.broadcast_arrays, (real(3, 1), real(4))),
    Row(np.linspace, (real(), real()), {"num": 5}),
    Row(np.linspace, (real(2), real(2)), {"num": 4, "endpoint": False}),
    Row(support.list_append, ([real(2), real()], real(3))),
    Row(support.list_pop, ([real(2), real(3)],)),
    Row(support.list_set, ([real(2), real(3)], 1, real(3))),
    Row(support.list_add, ([real(2), [real(3)]], [real(2), [real(3)]])),
    Row(support.list_add_at, ([real(2), real(3)], 0, real(2))),
]

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

_fancy = np.array([0, 2, 2])
_grid = (np.array([0, 1, 1]), np.array([2, 0, 0]))
_mask = np.array([True, False, True])
INDEXING = [
    *[
        Row(operator.getitem, (real(3, 4), idx))
        for idx in (
            1,
            -1,
            slice(1, None),
            (slice(None), 2),
            (Ellipsis, None, slice(None, None, -2)),
        )
    ],
    *[Row(operator.getitem, (real(3, 4), idx)) for idx in (_fancy, _grid, _mask, (_mask, 1))],
    Row(operator.getitem, ([real(2), real(3)], 1)),
    Row(operator.getitem, ([real(2), real(3), real()], slice(1, None))),
    Row(support.scatter, (real(3), np.zeros((3, 4), int), (slice(None), 1))),
    Row(support.scatter, (real(3), np.zeros(4, int), _fancy)),
    *each([support.add_at, support.store], real(3, 4), (slice(1, None), 1), real(2)),
    *each([support.add_at, support.store], real(3, 4), (0, slice(None)), real()),
    Row(support.add_at, (real(4), _fancy, real(3))),
    Row(support.store, (real(4), np.array([0, 2]), real(2))),
    Row(np.take, (real(3, 4), _fancy)),
    Row(np.take, (real(3, 4), _fancy), {"axis": -1}),
    Row(np.take_along_axis, (real(3, 4), np.array([[0], [3], [3]])), {"axis": 1}),
    Row(support.scatter_along, (real(3, 1), np.zeros((3, 4), int), np.array([[0], [3], [3]]))),
    Row(np.diagonal, (real(3, 4),)),
    Row(np.diagonal, (real(2, 3, 4),), {"offset": -1, "axis1": 1, "axis2": 2}),
    Row(np.diagonal, (real(3, 4, 2),), {"offset": 1, "axis1": 1, "axis2": 0}),
    Row(np.linalg.diagonal, (real(3, 4),)),
    Row(np.linalg.diagonal, (real(2, 3, 4),), {"offset": 1}),
    Row(np.trace, (real(3, 4),)),
    Row(np.trace, (real(3, 4),), {"offset": 1, "axis1": 1, "axis2": 0}),
    Row(np.trace, (real(2, 3, 4),), {"axis1": -2, "axis2": -1}),
    Row(np.diag, (real(3),), {"k": -1}),
    Row(np.diag, (real(3, 4),), {"k": 1}),
    Row(np.diagflat, (real(2, 2),), {"k": 1}),
    *each([np.tril, np.triu], real(3, 3), options={"k": 1}),
    Row(np.compress, (_mask, real(3, 2)), {"axis": 0}),
    Row(np.compress, (_mask, real(3, 2))),
    Row(np.extract, (_mask, real(3))),
]

SELECTING = [
    Row(np.where, (_mask, real(2, 3), real(2, 1))),
    Row(np.where, (_mask, 0.0, real(3))),
    *each([np.maximum, np.minimum, np.fmax, np.fmin], real(3, 1), 1.03 * real(4)),
    *each([np.maximum, np.minimum], real(3), 0.0),
    Row(np.clip, (real(5), -0.6, 0.9)),
    Row(np.clip, (real(5), None, 0.9)),
    Row(np.clip, (real(5), -0.6, None)),
    Row(np.clip, (real(2, 5), small(5) - 0.9, small(2, 1) + 0.9)),
    *each([np.absolute, np.fabs, operator.abs, builtins.abs], real(3)),
    Row(math.fabs, (real(),)),
    Row(np.copysign, (real(3), np.array([1.0, -1.0, -2.0]))),
    Row(math.copysign, (real(), -1.0)),
    Row(np.select, ([_mask, ~_mask], [real(3), real(3)], real(3))),
    Row(np.select, ([_mask], [real(2, 3)], 0.0)),
    *each([builtins.min, builtins.max], real(), real()),
]

CUMULATIVE = [
    Row(np.cumsum, (real(2, 3),)),
    Row(np.cumsum, (real(2, 3),), {"axis": 1}),
    Row(np.diff, (real(2, 5),)),
    Row(np.diff, (real(5, 2),), {"n": 2, "axis": 0}),
    Row(np.ediff1d, (real(2, 3),)),
    Row(support.diff_transpose, (real(3, 2),), {"axis": 0}),
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
    Row(np.gradient, (real(5),)),
    Row(np.gradient, (real(4, 5),)),
    Row(np.gradient, (real(4, 5), 0.5, 2.0), {"edge_order": 2}),
    Row(np.gradient, (real(4, 5), np.array([0.0, 1.0, 1.5, 3.0])), {"axis": 0}),
    Row(support.gradient_transpose, (real(5), np.zeros(5, int), 0.5), {"axis": 0}),
    Row(np.trapezoid, (real(5), None), {"dx": 0.5}),
    Row(np.trapezoid, (real(5), real(5))),
    Row(np.trapezoid, (real(4, 3), real(4)), {"axis": 0}),
    Row(np.trapezoid, (real(4, 3), real(4, 3)), {"axis": 0}),
]

LINALG = [
    Row(np.linalg.inv, (square(3),)),
    Row(np.linalg.inv, (square(2, 2),)),
    Row(np.linalg.solve, (square(3), real(3))),
    Row(np.linalg.solve, (square(3), real(3, 2))),
    Row(np.linalg.solve, (square(3, 2), real(3))),
    Row(np.linalg.solve, (square(3, 2), real(2, 3, 2))),
    Row(np.linalg.det, (square(3),)),
    Row(np.linalg.det, (square(2, 3),)),
    Row(np.linalg.slogdet, (square(3),)),
    Row(np.linalg.slogdet, (square(2, 3),)),
    *[Row(np.linalg.matrix_power, (square(3), n)) for n in (0, 1, 4, -2)],
    Row(np.linalg.pinv, (real(3, 2),), tolerance=1e-8),
    Row(np.linalg.pinv, (real(2, 3),), tolerance=1e-8),
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
    Row(np.linalg.svd, (square(3)[:, :2],), {"full_matrices": False}, tolerance=1e-7),
    Row(np.linalg.svd, (square(3)[:2],), {"full_matrices": False}, tolerance=1e-7),
    Row(np.linalg.svd, (square(3),), {"compute_uv": False}, tolerance=1e-7),
    Row(np.linalg.qr, (square(3)[:, :2],)),
    Row(np.linalg.qr, (square(3),)),
]

ROWS = [
    *[*ARITHMETIC, *EXPONENTIAL, *TRIGONOMETRIC, *HYPERBOLIC, *ACTIVATIONS, *REDUCTIONS],
    *[*SHAPING, *JOINING, *PRODUCTS, *EINSUM, *INDEXING, *SELECTING, *CUMULATIVE, *TILING],
    *[*SORTING, *CALCULUS, *LINALG],
]
