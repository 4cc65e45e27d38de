"""Losses as modules."""

from __future__ import annotations

from typing import Any

from sorix.nn import functional
from sorix.nn.module import Module


class MSELoss(Module):
    """The squared error ``(input - target)**2``, averaged, summed or as it is.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> nn.MSELoss()(sorix.tensor([1.0, 2.0]), sorix.tensor([1.0, 4.0])).item()
    2.0
    """

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__()
        functional.check_reduction(reduction)
        self.reduction = reduction

    def forward(self, input: Any, target: Any) -> Any:
        return functional.mse_loss(input, target, reduction=self.reduction)
