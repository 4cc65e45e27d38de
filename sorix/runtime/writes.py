"""Which arrays were written in place, and when, by the clock the tape's nodes are numbered with.

The tape saves arrays, not copies of them. A node may use a saved array only if nothing wrote
into its memory after the node was recorded. Writers (the optimisers, in-place operations, the
accumulation of gradients) call `note_write`; the backward sweep calls `check_unwritten` for
nodes older than the last write, which in an ordinary training loop are none.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from sorix.errors import InPlaceError

tick = itertools.count(1).__next__
"""The clock: numbers nodes and writes in the order they happen."""

_written: dict[int, tuple[weakref.ref[Any], int]] = {}
_room = 1024
_last = 0


def last_write() -> int:
    """When an array was last written."""
    return _last


def root_of(array: np.ndarray) -> np.ndarray:
    """The array that owns the memory `array` looks at."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def note_write(array: np.ndarray) -> None:
    """Note that the memory of `array` is written now."""
    global _last
    root = root_of(array)
    _last = tick()
    if len(_written) >= _room:
        _drop_dead()
    _written[id(root)] = (weakref.ref(root), _last)


def note_writes(arrays: Iterable[np.ndarray]) -> None:
    """Note that the memory of each array is written now; one entry for arrays that share it."""
    global _last
    roots = {}
    for array in arrays:
        base = array.base
        root = (
            array if base is None else base if getattr(base, "base", 0) is None else root_of(array)
        )
        roots[id(root)] = root
    if not roots:
        return
    _last = tick()
    if len(_written) >= _room:
        _drop_dead()
    for key, root in roots.items():
        _written[key] = (weakref.ref(root), _last)


def _drop_dead() -> None:
    global _room
    for key in [key for key, (root, _) in _written.items() if root() is None]:
        del _written[key]
    _room = max(1024, 2 * len(_written))


def check_unwritten(saved: Iterable[object], since: int) -> None:
    """Raise InPlaceError if one of the arrays in `saved` was written after `since`."""
    for value in saved:
        if isinstance(value, np.ndarray):
            root = root_of(value)
            entry = _written.get(id(root))
            if entry is not None and entry[1] > since and entry[0]() is root:
                raise InPlaceError(
                    "one of the variables needed for gradient computation has been modified "
                    f"by an inplace operation: {value.dtype} of shape {value.shape}. "
                    "Hint: run backward before the write, or compute with a clone()."
                )
        elif isinstance(value, (tuple, list)):
            check_unwritten(value, since)
