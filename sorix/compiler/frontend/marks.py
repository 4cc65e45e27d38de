"""The marks by which sorix's own functions and objects are known in a user's program.

``functools.wraps`` copies the attributes of what it wraps, the marks among them. A wrapper of the
user's is none of sorix's functions for all that: its own body is what a call runs.
"""

from __future__ import annotations

import types
from typing import Any


def mark(value: Any, name: str) -> Any:
    """The mark of this name that sorix gave a function or an object, or None."""
    if isinstance(value, types.FunctionType):
        module = value.__globals__.get("__name__", "")
    else:
        module = (value if isinstance(value, type) else type(value)).__module__
    own = str(module).partition(".")[0] == "sorix"
    return getattr(value, name, None) if own else None
