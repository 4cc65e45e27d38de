"""Whether a function of one number has another slope before zero than after it.

At a kink there is no derivative: what a rule says there (``relu`` has 0 at 0) is a convention that
differences cannot tell. The slopes of both sides differ by ``f''(0) h`` where f is smooth, so that
their difference shrinks with the step; at a kink it stays, up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

STEPS = (1e-3, 1e-4, 1e-5)
_STAYS = 0.7


def has_kink(along: Callable[[float], float]) -> bool:
    """Whether the slopes of the two sides differ at zero, and by the same for all steps."""
    here = along(0.0)
    jumps = []
    for step in STEPS:
        after, before = along(step), along(-step)
        jump = abs((after - here) - (here - before)) / step
        rounding = 16 * np.finfo(float).eps * max(map(abs, (here, after, before))) / step
        if not jump > rounding:  # Also where one is not a number.
            return False
        jumps.append(jump)
    return min(jumps) > _STAYS * max(jumps)
