"""Rows of functions that act entry by entry, or choose between entries."""

from __future__ import annotations

import builtins
import math
import operator

import numpy as np

from sorix import support
from tests.primitives.row import Row, each, large, positive, real, small

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
    *each([np.divmod], large(3), positive(2, 1)),
    Row(builtins.divmod, (large(), np.float64(0.7)), oracle="fd5"),
    Row(np.modf, (large(3),)),
    Row(math.modf, (large(),), oracle="fd5"),
    Row(np.frexp, (np.array([1.3, -0.7, 5.1]),)),
    Row(math.frexp, (np.float64(-2.7),)),
    Row(np.ldexp, (real(3), np.array([1, 0, -2]))),
    Row(math.fsum, ((real(), real(), real()),), oracle="fd5"),
    Row(math.ldexp, (real(), 3), oracle="fd5"),
    Row(math.remainder, (large(), np.float64(0.7)), oracle="fd5"),
    Row(np.nextafter, (real(3), real(3)), order=1, oracle="fd5"),
    Row(math.nextafter, (real(), real()), order=1, oracle="fd5"),
    Row(np.heaviside, (np.array([1.0, 0.0, -2.0]), real(3)), fixed=(0,)),
    Row(math.fmod, (large(), 0.7), oracle="fd5"),
]

EXPONENTIAL = [
    *each([np.exp, np.expm1, np.exp2, np.log1p], small(3)),
    *each([math.exp, math.expm1, math.exp2, math.log1p], small(), oracle="fd5"),
    *each([np.log, np.log2, np.log10], positive(3)),
    *each([math.log, math.log2, math.log10], positive(), oracle="fd5"),
    Row(math.log, (positive(), np.float64(3.0)), oracle="fd5"),
    *each([math.erf, math.erfc], real()),
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
    *each([math.lgamma, math.gamma], np.float64(2.7)),
    *each([math.lgamma, math.gamma], np.float64(-1.4), order=2),
    Row(support.polygamma, (np.array([0.3, 2.2, 15.7]),), tolerance=1e-9),
    Row(support.polygamma, (np.array([-0.4, 1.2, -2.6]),), {"order": 1}, order=2, tolerance=1e-8),
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

_mask = np.array([True, False, True])
_across = np.array([[-1.5, 0.3, 1.2], [0.1, -0.9, 1.7]])
SELECTING = [
    Row(np.where, (_mask, real(2, 3), real(2, 1))),
    Row(np.where, (_mask, 0.0, real(3))),
    *each([np.maximum, np.minimum, np.fmax, np.fmin], real(3, 1), 1.03 * real(4)),
    *each([np.maximum, np.minimum], real(3), 0.0),
    Row(np.clip, (real(5), -0.6, 0.9)),
    Row(np.clip, (real(5), None, 0.9)),
    Row(np.clip, (real(5), None, None)),
    Row(np.clip, (real(5), -0.6, None)),
    Row(np.clip, (_across, np.array([-1.1, -0.4, -0.7]), np.array([[0.8], [1.4]]))),
    *each([np.absolute, np.fabs, operator.abs, builtins.abs], real(3)),
    Row(math.fabs, (real(),)),
    Row(np.copysign, (real(3), np.array([1.0, -1.0, -2.0]))),
    Row(math.copysign, (real(), -1.0)),
    Row(np.select, ([_mask, ~_mask], [real(3), real(3)], real(3))),
    Row(np.select, ([_mask], [real(2, 3)], 0.0)),
    *each([builtins.min, builtins.max], real(), real()),
]
