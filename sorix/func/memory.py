"""Arrays that must not change when somebody writes into others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np


def apart_from(values: Any, others: Iterable[Any]) -> Any:
    """The same values, the arrays copied that may share memory with one of the others."""
    arrays = [a for a in _arrays(others) if a.size]

    def apart(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            shared = any(np.may_share_memory(value, other) for other in arrays)
            return value.copy(order="K") if shared else value
        if type(value) in (tuple, list):
            return type(value)(map(apart, value))
        return value

    return apart(values) if arrays else values


def _arrays(values: Iterable[Any]) -> Iterator[np.ndarray]:
    for value in values:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple | list):
            yield from _arrays(value)
