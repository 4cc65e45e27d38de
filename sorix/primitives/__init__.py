"""Derivative rules of the primitives; importing the package fills the table."""

from sorix.primitives import (  # noqa: F401  (imported to register their rules)
    activations,
    arithmetic,
    calculus,
    constant,
    cumulative,
    einsum,
    exponential,
    factorisations,
    hyperbolic,
    indexing,
    joining,
    linalg,
    norms,
    products,
    reductions,
    selecting,
    shaping,
    sorting,
    statistics,
    tiling,
    trigonometric,
)
from sorix.primitives.apply import apply_adjoint, apply_tangent, shapes_differ
from sorix.primitives.canonical import canonical, name_of
from sorix.primitives.methods import METHODS, PROPERTIES, TENSOR_METHODS, method_call
from sorix.primitives.table import (
    Rule,
    adjoint,
    bilinear,
    elementwise,
    linear,
    rule_of,
    rules,
    tangent_of,
)
from sorix.support.dispatch import primitive

__all__ = [
    "METHODS",
    "PROPERTIES",
    "TENSOR_METHODS",
    "Rule",
    "adjoint",
    "apply_adjoint",
    "apply_tangent",
    "bilinear",
    "canonical",
    "elementwise",
    "linear",
    "method_call",
    "name_of",
    "primitive",
    "rule_of",
    "rules",
    "shapes_differ",
    "tangent_of",
]
