"""Modules made of other modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, overload

from sorix.nn.module import Members, Module


class Sequential(Module):
    """Layers applied one after the other.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    >>> net(sorix.zeros(5, 1)).shape
    (5, 1)
    >>> net[0]
    Linear(in_features=1, out_features=16, bias=True)
    >>> len(net), [type(layer).__name__ for layer in net]
    (3, ['Linear', 'Tanh', 'Linear'])
    """

    def __init__(self, *layers: Module) -> None:
        super().__init__()
        for layer in layers:
            if not callable(layer):
                raise TypeError(f"{type(layer).__name__} is not a Module subclass")
        self.layers = list(layers)

    def forward(self, x: Any) -> Any:
        h = x
        for layer in self.layers:
            h = layer(h)
        return h

    def append(self, layer: Module) -> Sequential:
        """Add a layer at the end; returns the container."""
        self.layers.append(layer)
        return self

    def _members(self) -> Members:
        # The layers are named "0", "1", ..., as in PyTorch, not "layers.0".
        for name, value in super()._members():
            yield name.removeprefix("layers."), value

    @overload
    def __getitem__(self, index: int) -> Module: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Module | Sequential:
        if isinstance(index, slice):
            return Sequential(*self.layers[index])
        if not -len(self.layers) <= index < len(self.layers):
            raise IndexError(f"index {index} is out of range")
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)
