"""A script that shows, on its own, a generated derivative and differences side by side.

It holds the generated texts and the inputs to the last bit, and needs NumPy, and `sorix.support`
where the texts do.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sorix.compiler.pipeline import Built

_CHECK = '''\
def results(point):
    """What the program returns, of that what can be differentiated."""
    found = primal(*[copied(value) for value in point])
    return {picked}


def along(step):
    """The weighted results at a step along the direction."""
    point = list(inputs)
    for k, by in direction.items():
        point[k] = moved(point[k], step, by)
    return dot(results(point), weights)


def copied(value):
    return value.copy() if isinstance(value, (np.ndarray, list)) else value


def moved(value, step, by):
    if isinstance(value, list):
        return [moved(v, step, b) for v, b in zip(value, by)]
    return value + step * by


def dot(a, b):
    if isinstance(a, list):
        return sum(dot(x, y) for x, y in zip(a, b))
    return float(np.sum(np.asarray(a, float) * np.asarray(b, float)))
'''

_REVERSE = """\
found = derivative(*[copied(value) for value in inputs], *weights)
print("the adjoint:", dot(list(found[{count}:]), list(direction.values())))
"""

_FORWARD = """\
found = derivative(*[copied(value) for value in inputs], *direction.values())
print("the tangent:", dot(list(found[{count}:]), weights))
"""

_DIFFERENCES = """\
for h in {steps}:
    quotient = (along(-2 * h) - 8 * along(-h) + 8 * along(h) - along(2 * h)) / (12 * h)
    print("five-point differences, step", h, ":", quotient)
"""


@dataclass(frozen=True)
class Case:
    """What a check compared.

    Parameters
    ----------
    primal, derivative : Built
        The generated modules.
    inputs : sequence
        Arguments of the primal.
    direction : mapping
        For the positions of inputs that move, whereto.
    weights : sequence
        Cotangents of the results that have one.
    seeds : sequence of bool
        Which these are.
    count : int
        The number of results.
    forward : bool
        Whether the derivative is a tangent.
    steps : sequence of float
        Of the differences.
    """

    primal: Built
    derivative: Built
    inputs: Sequence[Any]
    direction: Mapping[int, Any]
    weights: Sequence[Any]
    seeds: Sequence[bool]
    count: int
    forward: bool
    steps: Sequence[float]


def reproducer(case: Case) -> str:
    """The script."""
    seeded = [k for k, seed in enumerate(case.seeds) if seed]
    picked = "[found]" if case.count == 1 else f"[found[k] for k in {seeded}]"
    moving = (f"{k}: {written(v)}" for k, v in case.direction.items())
    parts = (
        "import numpy as np\nfrom numpy import inf, nan\n",
        _maker("make_primal", case.primal),
        _maker("make_derivative", case.derivative),
        "primal, derivative = make_primal(), make_derivative()\n"
        f"inputs = {_display(map(written, case.inputs))}\n"
        f"direction = {{{', '.join(moving)}}}\n"
        f"weights = {_display(map(written, case.weights))}\n",
        _CHECK.format(picked=picked),
        (_FORWARD if case.forward else _REVERSE).format(count=case.count),
        _DIFFERENCES.format(steps=tuple(sorted(case.steps, reverse=True))),
    )
    return "\n\n".join(parts)


def value_reproducer(primal: Built, inputs: Sequence[Any], told: str) -> str:
    """The script for a value: what the generated code returns, and what the function did."""
    parts = (
        "import numpy as np\nfrom numpy import inf, nan\n",
        _maker("make_primal", primal),
        f"inputs = {_display(map(written, inputs))}\n"
        'print("the generated code:", make_primal()(*inputs))\n'
        f'print("the function", {told!r})\n',
    )
    return "\n\n".join(parts)


def _maker(name: str, built: Built) -> str:
    """A function that makes the generated one; the modules may name others of theirs alike."""
    body = textwrap.indent(built.text.rstrip("\n"), "    ")
    return f"def {name}():\n{body}\n\n    return {built.functions[0].__name__}\n"


def _display(items: Any) -> str:
    return f"[{', '.join(items)}]"


def written(value: Any) -> str:
    """Python that makes the value; arrays come out with the same bits and layout.

    >>> written(np.array([[0.1, 2.0]]))
    "np.array([[0.1, 2.0]], dtype='float64')"
    """
    if isinstance(value, list):
        return _display(map(written, value))
    if isinstance(value, np.ndarray):
        in_columns = value.flags.f_contiguous and not value.flags.c_contiguous
        made = f"np.array({value.tolist()!r}, dtype={str(value.dtype)!r}"
        made += ", order='F')" if in_columns else ")"
        return made if value.size else f"{made}.reshape({value.shape})"
    if isinstance(value, np.generic):
        return f"np.{type(value).__name__}({value.item()!r})"
    return repr(value)
