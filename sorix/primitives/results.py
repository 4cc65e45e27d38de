"""The classes of the tuples that functions of `np.linalg` return; their fields have names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_CLASSES: dict[Callable[..., Any], type] = {
    function: type(function(np.eye(1)))
    for function in (np.linalg.eigh, np.linalg.qr, np.linalg.slogdet, np.linalg.svd)
}


def class_of_result(function: Callable[..., Any]) -> type:
    """The class of the tuple that a function returns, where it returns one.

    Examples
    --------
    >>> import numpy as np
    >>> issubclass(class_of_result(np.linalg.eigh), tuple)
    True
    """
    return _CLASSES.get(function, tuple)
