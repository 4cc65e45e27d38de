"""`grad` and `backward` under PyTorch's module name."""

from sorix.runtime.backward import backward, grad
from sorix.runtime.modes import enable_grad, no_grad, set_grad_enabled

__all__ = ["backward", "enable_grad", "grad", "no_grad", "set_grad_enabled"]
