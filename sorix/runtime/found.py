"""What stands in a module under its own name: that is how functions are pickled and copied."""

from __future__ import annotations

import functools
import sys
from typing import Any


def name_that_finds(made: Any) -> str | None:
    """The qualified name under which its module has `made` itself, or None.

    What a decorator made stands there; what was made beside the function does not.

    Examples
    --------
    >>> name_that_finds(functools.reduce), name_that_finds(functools.partial(max))
    ('reduce', None)
    """
    name: str = getattr(made, "__qualname__", "")
    try:
        found = functools.reduce(getattr, name.split("."), sys.modules[made.__module__])
    except (AttributeError, KeyError):
        return None
    return name if found is made else None
