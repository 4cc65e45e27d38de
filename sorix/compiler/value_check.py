"""Whether generated code returns what the user's function returns.

Numbers may differ as far as rounding makes them, which depends on the function: so it is run once
more, at a point that is moved by less than anybody would call another point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sorix.compiler.plain_runs import Plain

RELATIVE, SINGLE = 1e-7, 1e-3
NEARBY = 1e-12


def different(
    plain: Plain, returned: Sequence[Any], point: Sequence[Any]
) -> tuple[int, Any] | None:
    """The first leaf that is another, with what the function itself gives there; None for none."""
    own = plain(point)
    nearby: dict[int, Any] | None = None
    for index, value in sorted(own.items()):
        if agrees(returned[index], value):
            continue
        if nearby is None:
            nearby = _nearby(plain, point)
        if not agrees(returned[index], value, nearby.get(index)):
            return index, value
    return None


def _nearby(plain: Plain, point: Sequence[Any]) -> dict[int, Any]:
    try:
        return plain([_shifted(value) for value in point])
    except Exception:  # At a point that the user did not ask for.
        return {}


def _shifted(value: Any) -> Any:
    if isinstance(value, list):
        return [_shifted(item) for item in value]
    floating = isinstance(value, float | np.floating) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "f"
    )
    return value * (1.0 + NEARBY) if floating else value


def agrees(a: Any, b: Any, nearby: Any = None) -> bool:
    """Whether two leaves are the same number, array or list of such, up to rounding."""
    if isinstance(a, list) or isinstance(b, list):
        beside = nearby if isinstance(nearby, list) else [None] * len(b)
        alike = isinstance(a, list | tuple) and len(a) == len(b) == len(beside)
        return alike and all(map(agrees, a, b, beside))
    if isinstance(b, str | bytes) or b is None:
        return bool(a == b)
    x, y = np.asarray(a), np.asarray(b)
    if x.shape != y.shape:
        return False
    if x.dtype.kind not in "fc" and y.dtype.kind not in "fc":
        return bool(np.array_equal(x, y))
    return _close(x, y, nearby)


def _close(x: np.ndarray, y: np.ndarray, nearby: Any) -> bool:
    single = any(each.dtype in (np.float16, np.float32, np.complex64) for each in (x, y))
    relative = SINGLE if single else RELATIVE
    finite = y[np.isfinite(y)]
    allowed = relative * float(np.max(np.abs(finite), initial=0.0))
    if nearby is not None and np.shape(nearby) == y.shape:
        with np.errstate(all="ignore"):
            moved = np.abs(np.asarray(nearby) - y)
        allowed += 10.0 * float(np.max(moved[np.isfinite(moved)], initial=0.0))
    return bool(np.allclose(x, y, rtol=relative, atol=allowed, equal_nan=True))
