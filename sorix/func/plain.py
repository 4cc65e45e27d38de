"""The function behind a transform, run for comparison on copies of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.compiler.dispatch import Entry
from sorix.compiler.plain_runs import NotIsolatedError, Plain, leaves_of, run_plainly
from sorix.func.trees import copied, flatten, replaced


def plain_on_copies(
    function: Callable[..., Any], entry: Entry, arguments: dict[str, Any], wrt: Sequence[int]
) -> Plain | None:
    """The function of the values of its inputs; None where its run would be noticed."""
    lowered = entry.lowered
    touched = (*wrt, *(position for position, _ in lowered.mutated))
    # What is asked of NumPy in a part of the function, generated code asks in all of it.
    if lowered.error_state or any(lowered.inputs[k].path.root[0] != "arg" for k in touched):
        return None

    def run(point: Sequence[Any]) -> dict[int, Any]:
        try:
            given = _given(arguments, {str(lowered.inputs[k].path): point[k] for k in wrt})
        except Exception as error:
            raise NotIsolatedError from error
        found = leaves_of(lowered.result, run_plainly(function, given))
        for position, result in lowered.mutated:
            found[result] = lowered.inputs[position].path.fetch(given)
        return found

    return run


def _given(arguments: dict[str, Any], moved: dict[str, Any]) -> dict[str, Any]:
    """Copies of the arguments, with other numbers at these places.

    An array given as two arguments is two: they are variables of their own.
    """
    places = dict(moved)
    for path, value in moved.items():
        if isinstance(value, list):
            places.update((f"{path}[{k}]", item) for k, item in enumerate(value))
    return {name: _placed(name, copied(v, {}), places) for name, v in arguments.items()}


def _placed(name: str, tree: Any, places: dict[str, Any]) -> Any:
    before = flatten(tree, name)
    after = [_at(leaf, places.get(path)) for path, leaf in before]
    if all(new is old for new, (_, old) in zip(after, before, strict=True)):
        return tree
    return after[0] if [path for path, _ in before] == [name] else replaced(tree, iter(after))


def _at(leaf: Any, value: Any) -> Any:
    """The leaf with another value: an array in place, as it may be in several places."""
    if value is None:
        return leaf
    if isinstance(leaf, np.ndarray):
        leaf[...] = value
        return leaf
    return leaf if value == leaf else type(leaf)(value)
