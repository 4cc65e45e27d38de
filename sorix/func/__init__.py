"""Functional transforms of functions of arrays: arrays in, arrays out."""

from sorix.func.directional import hvp, jvp, source_of, vjp
from sorix.func.jacobians import hessian, jacfwd, jacrev
from sorix.func.transforms import grad, value_and_grad

__all__ = [
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacrev",
    "jvp",
    "source_of",
    "value_and_grad",
    "vjp",
]
