"""The affine layer."""

from __future__ import annotations

from math import sqrt
from typing import Any

from sorix.nn.module import Module
from sorix.nn.parameter import Parameter
from sorix.runtime.dtypes import get_default_dtype
from sorix.runtime.random import generator


class Linear(Module):
    """``x @ W + b``.

    ``W`` has shape ``(in_features, out_features)`` and ``b`` shape ``(1, out_features)``; both
    are drawn uniformly from ``[-1/sqrt(in_features), 1/sqrt(in_features)]`` with the generator
    that `sorix.manual_seed` seeds.

    Parameters
    ----------
    in_features, out_features : int
    bias : bool
        Without it, ``b`` is None.
    dtype : dtype, optional
        Of the parameters; the default dtype unless given.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> layer = nn.Linear(3, 2)
    >>> layer.W.shape, layer.b.shape
    ((3, 2), (1, 2))
    >>> layer(sorix.ones(5, 3)).shape
    (5, 2)
    """

    b: Parameter | None

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, dtype: Any = None
    ) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        bound = 1.0 / sqrt(in_features) if in_features else 0.0
        self.W = _draw(bound, (in_features, out_features), dtype)
        self.b = _draw(bound, (1, out_features), dtype) if bias else None

    def forward(self, x: Any) -> Any:
        y = x @ self.W
        return y if self.b is None else y + self.b

    def extra_repr(self) -> str:
        bias = self.b is not None
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={bias}"


def _draw(bound: float, shape: tuple[int, int], dtype: Any) -> Parameter:
    values = generator().uniform(-bound, bound, shape)
    return Parameter(values.astype(get_default_dtype() if dtype is None else dtype))
