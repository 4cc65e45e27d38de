"""Optimisers over contiguous parameter and gradient buffers, under PyTorch's names."""

from sorix.optim.adam import Adam, AdamW
from sorix.optim.optimizer import Optimizer
from sorix.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
