"""The function behind a compiled call on tensors, run for comparison.

The tensors hold other arrays while it runs, and their own again afterwards. A function that writes
into the caller's arrays is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.compiler.dispatch import Entry
from sorix.compiler.plain_runs import Plain, leaves_of, run_plainly
from sorix.runtime.modes import enable_grad
from sorix.runtime.tensor import Tensor


def plain_on_tensors(
    function: Callable[..., Any], entry: Entry, arguments: dict[str, Any], values: Sequence[Any]
) -> Plain | None:
    """The function of the values of its inputs; None where its run would be noticed."""
    if entry.lowered.mutated or entry.lowered.error_state:
        return None

    def run(point: Sequence[Any]) -> dict[int, Any]:
        held = [(v, v._data) for v in values if isinstance(v, Tensor)]
        try:
            for value, moved in zip(values, point, strict=True):
                if isinstance(value, Tensor):
                    value._data = np.asarray(moved, value._data.dtype)
            # Derivatives inside are computed in compiled code whatever the mode outside.
            with enable_grad():
                returned = run_plainly(function, arguments)
            return leaves_of(entry.lowered.result, returned)
        finally:
            for tensor, data in held:
                tensor._data = data

    return run
