"""`Parameter`: a tensor that a module owns and an optimiser may change."""

from __future__ import annotations

from typing import Any

from sorix.runtime.creation import tensor
from sorix.runtime.tensor import Tensor


class Parameter(Tensor):
    """A tensor that counts as a parameter of the module whose attribute it is.

    Parameters
    ----------
    data : array_like or Tensor
        The initial value, copied.
    requires_grad : bool

    Examples
    --------
    >>> from sorix import nn
    >>> p = nn.Parameter([1.0, 2.0])
    >>> p.requires_grad, p.shape
    (True, (2,))
    """

    __slots__ = ()

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(tensor(data).data, requires_grad)
