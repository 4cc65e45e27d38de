"""Which array a call of NumPy is given to write its result into, by name or by position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sorix.primitives.canonical import form_of

_OF_METHODS = {
    "reduce": ("array", "axis", "dtype", "out", "keepdims", "initial", "where"),
    "accumulate": ("array", "axis", "dtype", "out"),
    "reduceat": ("array", "indices", "axis", "dtype", "out"),
}
"""The parameters of a ufunc's methods, in the order in which they may be given by position."""


def with_out_named(
    fn: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The same call, in which `out` is given by name, if at all.

    Examples
    --------
    >>> import numpy as np
    >>> with_out_named(np.dot, ["a", "b", "c"], {})
    (['a', 'b'], {'out': 'c'})
    >>> with_out_named(np.add.reduce, ["a", 0, None, "c", True], {})
    (['a'], {'axis': 0, 'dtype': None, 'out': 'c', 'keepdims': True})
    """
    args, kwargs = list(args), dict(kwargs)
    if isinstance(fn, np.ufunc):
        if fn.nin < len(args) <= fn.nin + fn.nout:
            kwargs["out"] = args[fn.nin] if fn.nout == 1 else tuple(args[fn.nin :])
            args = args[: fn.nin]
        return args, kwargs
    names = _names_of(fn)
    if "out" not in names:
        return args, kwargs
    kept = 1 if _is_of_ufunc(fn) else names.index("out")
    return args[:kept], {**dict(zip(names[kept:], args[kept:], strict=False)), **kwargs}


def _is_of_ufunc(fn: Any) -> bool:
    return isinstance(getattr(fn, "__self__", None), np.ufunc)


def _names_of(fn: Any) -> tuple[str, ...]:
    if _is_of_ufunc(fn):
        return _OF_METHODS.get(fn.__name__, ())
    form = form_of(fn)
    return () if form is None or form.variadic else form.names
