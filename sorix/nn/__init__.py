"""Layers, losses and the `Module` that holds their parameters, under PyTorch's names.

Everything here is plain Python over `sorix.runtime`: parameters are found by walking the
attributes of a module, and a forward pass is ordinary arithmetic, so that the compiler reads a
layer of the library exactly as it reads a user's.
"""

from sorix.nn import functional
from sorix.nn.activation import ReLU, Sigmoid, SiLU, Sin, Softplus, Tanh
from sorix.nn.container import Sequential
from sorix.nn.linear import Linear
from sorix.nn.loss import MSELoss
from sorix.nn.module import LoadResult, Module
from sorix.nn.parameter import Parameter

__all__ = [
    "Linear",
    "LoadResult",
    "MSELoss",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Sin",
    "Softplus",
    "Tanh",
    "functional",
]
