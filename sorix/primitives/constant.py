"""Functions whose derivative is zero wherever it exists: comparisons, rounding, shapes, makers."""

from __future__ import annotations

import builtins
import math
import operator

import numpy as np

from sorix.primitives.table import constant
from sorix.support import (
    detach,
    dtype_of,
    eye_along,
    eye_like,
    fails,
    has_no_cholesky,
    has_no_inverse,
    ones_along,
    place_of,
    places_of,
    said_of,
    spans_all,
    steps_along,
    zeros_like,
)

constant(
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge),
    *(operator.and_, operator.or_, operator.xor, operator.invert, operator.not_),
    *(operator.lshift, operator.rshift, operator.floordiv, operator.truth, operator.index),
    *(operator.is_, operator.is_not, operator.contains, builtins.isinstance),
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert),
    *(np.left_shift, np.right_shift),
)
constant(
    *(np.floor, np.ceil, np.trunc, np.rint, np.round, np.fix, np.sign, np.signbit),
    *(np.floor_divide, math.floor, math.ceil, math.trunc, math.isqrt, builtins.round),
    *(builtins.int, builtins.bool, np.int64, np.int32, np.bool_, np.spacing, math.ulp),
)
constant(
    *(np.isnan, np.isinf, np.isfinite, np.isneginf, np.isposinf, np.isclose, np.allclose),
    *(np.array_equal, np.array_equiv, np.iscomplexobj, np.isrealobj, np.isscalar),
    *(math.isnan, math.isinf, math.isfinite, math.isclose, np.any, np.all, np.isin),
)
constant(
    *(np.shape, np.ndim, np.size, np.result_type, dtype_of, builtins.len, np.finfo, np.iinfo),
    *(np.argmax, np.argmin, np.argsort, np.argpartition, np.nanargmax, np.nanargmin),
    *(np.lexsort, np.searchsorted, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero),
    *(np.digitize, np.unravel_index, np.ravel_multi_index, np.indices),
    *(np.gcd, np.lcm, math.gcd, math.lcm),
    *(np.broadcast_shapes, np.triu_indices, np.tril_indices),
    *(np.diag_indices, np.linalg.matrix_rank, np.promote_types, np.issubdtype, np.can_cast),
    *(np.isreal, np.iscomplex, np.shares_memory, np.may_share_memory),
    *(has_no_cholesky, has_no_inverse, spans_all, fails, said_of, place_of, places_of),
)
constant(
    *(detach, zeros_like, np.zeros_like, np.ones_like, np.empty_like, np.zeros, np.ones, np.empty),
    *(eye_along, eye_like, ones_along, steps_along),
    *(np.eye, np.identity, np.arange, np.tri, builtins.range),
    *(np.hanning, np.hamming, np.blackman, np.bartlett),
    *(np.polynomial.legendre.leggauss, np.polynomial.chebyshev.chebgauss),
    *(np.polynomial.hermite.hermgauss, np.polynomial.hermite_e.hermegauss),
    np.polynomial.laguerre.laggauss,
)
