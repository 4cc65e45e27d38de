"""What the compiler knows of the runtime's tensors, told by the runtime when it is imported.

The compiler never imports the runtime; the runtime describes itself here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Wrappers:
    """The runtime's tensor class, the dtype it gives to lists and Python floats, and the
    attribute that holds a tensor's array."""

    tensor_class: type | None = None
    default_dtype: Callable[[], Any] = lambda: np.float32
    data_field: str = "data"

    def is_tensor(self, value: Any) -> bool:
        return self.tensor_class is not None and isinstance(value, self.tensor_class)


_registered: list[Wrappers] = [Wrappers()]


def register_wrappers(wrappers: Wrappers) -> None:
    """Called once by the runtime."""
    _registered[0] = wrappers


def wrappers() -> Wrappers:
    return _registered[0]
