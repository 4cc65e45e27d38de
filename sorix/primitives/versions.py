"""Functions that NumPy has only from some version on."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np


def numpy_functions(*names: str) -> tuple[Callable[..., Any], ...]:
    """Those of the named functions that the installed NumPy has.

    Examples
    --------
    >>> len(numpy_functions("sum", "linalg.norm", "no_such_function"))
    2
    """
    found = []
    for name in names:
        try:
            found.append(attrgetter(name)(np))
        except AttributeError:
            continue
    return tuple(found)
