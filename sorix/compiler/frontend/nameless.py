"""Functions that generated code has no name for: it imports NumPy, `math` and sorix's own alone.

Those that have a rule may still be differentiated, where their value is not needed; the printer
refuses them where it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.ir.public_names import has_name
from sorix.errors import UnsupportedCallError
from sorix.primitives.canonical import name_of
from sorix.primitives.definitions import definition_of
from sorix.primitives.table import rule_of


def require_name(fn: Any) -> None:
    """Refuse to call a primitive, or a method of a ufunc, that has neither name nor rule."""
    owner = getattr(fn, "__self__", None)
    called = owner if isinstance(owner, np.ufunc) else fn
    if has_name(called) or definition_of(called) is not None or rule_of(called) is not None:
        return
    if isinstance(called, np.ufunc):
        raise UnsupportedCallError(
            f"{name_of(called)}() is a ufunc that is not NumPy's, and has no derivative rule",
            "write it with NumPy's functions, or register a rule with sorix.primitives for a"
            " function that calls it, as docs/rules.md shows",
        )
    if str(getattr(called, "__module__", None) or "").split(".")[0] == "numpy":
        raise UnsupportedCallError(
            f"{called.__module__}.{called.__name__}() is called, which is not differentiated",
            "use a function that NumPy has at its top, or in linalg",
        )
