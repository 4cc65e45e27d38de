"""The table of tests: each row one primitive, arguments, and how its derivative is judged."""

from __future__ import annotations

from tests.primitives.rows_algebra import (
    CALCULUS,
    CUMULATIVE,
    EINSUM,
    LINALG,
    PRODUCTS,
    SORTING,
    TILING,
)
from tests.primitives.rows_elementwise import (
    ACTIVATIONS,
    ARITHMETIC,
    EXPONENTIAL,
    HYPERBOLIC,
    SELECTING,
    TRIGONOMETRIC,
)
from tests.primitives.rows_shapes import INDEXING, JOINING, REDUCTIONS, SHAPING

ROWS = [
    *[*ARITHMETIC, *EXPONENTIAL, *TRIGONOMETRIC, *HYPERBOLIC, *ACTIVATIONS, *REDUCTIONS],
    *[*SHAPING, *JOINING, *PRODUCTS, *EINSUM, *INDEXING, *SELECTING, *CUMULATIVE, *TILING],
    *[*SORTING, *CALCULUS, *LINALG],
]
