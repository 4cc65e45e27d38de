"""Functions of the standard library's that choose another by the class of their first argument.

They are known by their code, which all that are made in one way share.
"""

from __future__ import annotations

import functools
import types

SINGLE_DISPATCH = functools.singledispatch(lambda x: x).__code__  # type: ignore[attr-defined]
"""The code of every function made by ``functools.singledispatch``."""
BOUND_DISPATCH = getattr(
    functools.singledispatchmethod(lambda x: x).__get__(object()), "__code__", types.CodeType
)
"""That of every method made by ``functools.singledispatchmethod``, found on an object."""
DISPATCHING = (SINGLE_DISPATCH, BOUND_DISPATCH)
