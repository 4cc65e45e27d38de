"""Functional transforms of functions of arrays: arrays in, arrays out."""

from sorix.func.directional import hvp, jvp, vjp
from sorix.func.jacobians import hessian, jacfwd, jacrev
from sorix.func.transforms import grad, value_and_grad

__all__ = ["grad", "hessian", "hvp", "jacfwd", "jacrev", "jvp", "value_and_grad", "vjp"]
