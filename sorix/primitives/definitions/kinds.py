"""Lists and numbers where an array is needed."""

from __future__ import annotations

from typing import Any

import numpy as np


def array_of(x: Any) -> Any:
    """A list or tuple as an array; anything else as it is."""
    return np.array(x) if isinstance(x, list | tuple) else x


def vector_of(x: Any) -> Any:
    """The same, and a number as an array of one element."""
    x = array_of(x)
    return np.reshape(x, (1,)) if np.ndim(x) == 0 else x
