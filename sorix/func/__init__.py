"""Functional transforms of functions of arrays: arrays in, arrays out."""

from sorix.func.transforms import grad, value_and_grad

__all__ = ["grad", "value_and_grad"]
