"""`x = x + y` for `x += y` and the other way about, where nobody else sees the array.

Whether that holds is found by running the program: before each candidate a probe looks at what
is written, and counts who refers to it.
"""

from __future__ import annotations

import ast
import copy
import itertools
import sys
from typing import Any

import numpy as np

from tests.metamorphic.ground import Ground, blocks, is_pure, transformation
from tests.metamorphic.making import call, made

PROBE = "probe_of_the_test"


@transformation
def spell_out(ground: Ground) -> bool:
    """`x = x + y` for `x += y`."""
    return _rewrite(ground, ast.AugAssign, _spelt_out)


@transformation
def augment(ground: Ground) -> bool:
    """`x += y` for `x = x + y`."""
    return _rewrite(ground, ast.Assign, _augmented)


def _spelt_out(statement: Any) -> ast.stmt:
    target = statement.target
    old = copy.deepcopy(target)
    old.ctx = ast.Load()
    return ast.Assign([target], ast.BinOp(old, statement.op, statement.value))


def _augmented(statement: Any) -> ast.stmt:
    return ast.AugAssign(statement.targets[0], statement.value.op, statement.value.right)


def _rewrite(ground: Ground, kind: type[ast.stmt], change: Any) -> bool:
    places = [
        (block, k)
        for block in blocks(ground.function)
        for k, statement in enumerate(block)
        if isinstance(statement, kind) and _target_of(statement) is not None
    ]
    legal = _unshared(ground, places)
    for number in legal:
        block, k = places[number]
        block[k] = change(block[k])
    return bool(legal)


def _target_of(statement: ast.stmt) -> ast.expr | None:
    """What a statement updates: a name, or an element whose place is free of calls."""
    if isinstance(statement, ast.AugAssign):
        target = statement.target
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if not isinstance(statement.value, ast.BinOp):
            return None
        if ast.unparse(statement.value.left) != ast.unparse(target):
            return None
    else:
        return None
    element = isinstance(target, ast.Subscript) and is_pure(target.value) and is_pure(target.slice)
    return target if element or isinstance(target, ast.Name) else None


def _unshared(ground: Ground, places: list[Any]) -> list[int]:
    """The places whose target was, whenever it was reached, a number or an array of nobody else."""
    if not places:
        return []
    seen: dict[int, bool] = {}
    probed = copy.deepcopy(ground)
    _insert_probes(probed, places, ground)
    probed.function.decorator_list = []
    call(made(probed, {PROBE: _Probe(seen)}))
    return [k for k in range(len(places)) if seen.get(k, False)]


def _insert_probes(probed: Ground, places: list[Any], ground: Ground) -> None:
    numbers = {id(block[k]): n for n, (block, k) in enumerate(places)}
    for old, new in zip(list(blocks(ground.function)), list(blocks(probed.function))):
        for k in range(len(old) - 1, -1, -1):
            number = numbers.get(id(old[k]))
            if number is not None:
                new.insert(k, _probing(number, new[k]))


def _probing(number: int, statement: ast.stmt) -> ast.stmt:
    target = _target_of(statement)
    assert target is not None
    whole = target if isinstance(target, ast.Name) else target.value  # type: ignore[attr-defined]
    element = "None" if isinstance(target, ast.Name) else ast.unparse(target)
    text = f"{PROBE}({number}, {ast.unparse(whole)}, {element})"
    return ast.parse(text).body[0]


class _Probe:
    """Notes of each place whether all that was met there may be updated either way."""

    def __init__(self, seen: dict[int, bool]) -> None:
        self.seen = seen

    def __call__(self, number: int, whole: Any, element: Any) -> None:
        if element is not None:
            # x[i] += y is x[i] = x[i] + y in an array; in a list, where x[i] is a number.
            good = isinstance(whole, np.ndarray) or _is_number(element)
        elif isinstance(whole, np.ndarray):
            good = whole.base is None and sys.getrefcount(whole) <= ALONE
        else:
            good = _is_number(whole)
        self.seen[number] = good and self.seen.get(number, True)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.generic)


def _references_of_a_fresh_array() -> int:
    count = itertools.count()

    def probe(number: int, whole: Any, element: Any) -> int:
        return sys.getrefcount(whole)

    fresh = np.zeros(2)
    return probe(next(count), fresh, None)


ALONE = _references_of_a_fresh_array()
