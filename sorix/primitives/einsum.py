"""Einstein sums: the cotangent of an operand is an Einstein sum of the others."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters, ascii_lowercase
from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.apply import added
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import eye_along, ones_along

_BY_NUMBER = sorted(ascii_letters)


@adjoint(np.einsum, wrt=tuple(range(1, 32)), oracle="exact")
def einsum(y_bar: Any, y: Any, subscripts: str, *operands: Any, optimize: Any = False) -> Any:
    inputs, output = explicit(subscripts, operands)
    return None, *(
        lambda i=i: _cotangent(y_bar, inputs, output, operands, i) for i in range(len(operands))
    )


@tangent_of(np.einsum)
def einsum_tangent(
    dots: Any, y: Any, subscripts: str, *operands: Any, optimize: Any = False
) -> Any:
    total = None
    for i, dot in enumerate(dots[1:]):
        if dot is not None:
            moved = [*operands[:i], dot, *operands[i + 1 :]]
            total = added(total, np.einsum(subscripts, *moved))
    return total


def subscripts(labels: Sequence[Any], operands: int) -> str:
    """The subscripts that lists of numbers stand for, one an operand and perhaps the result's.

    Letters are given in the order of the numbers, as the axes of a result that is left out are.

    Examples
    --------
    >>> subscripts([[0, 7], [7, 2], [0, 2]], 2)
    'ac,cb->ab'
    """
    numbers = sorted({int(k) for axes in labels for k in axes if k is not Ellipsis})
    letters = ascii_lowercase if len(numbers) <= len(ascii_lowercase) else "".join(_BY_NUMBER)
    if len(numbers) > len(letters):
        raise UnsupportedFunctionError(f"np.einsum() of more than {len(letters)} labels")
    named = dict(zip(numbers, letters, strict=False))
    written = ["".join("..." if k is Ellipsis else named[int(k)] for k in axes) for axes in labels]
    return "->".join([",".join(written[:operands]), *written[operands:]])


def explicit(subscripts: Any, operands: Any) -> tuple[list[str], str]:
    """Labels of each operand and of the result, one letter an axis.

    An ellipsis is written out in letters of its own, and a result left out is filled in.

    Examples
    --------
    >>> import numpy as np
    >>> explicit("ij,jk", (np.ones((2, 2)), np.ones((2, 2))))
    (['ij', 'jk'], 'ik')
    """
    if not isinstance(subscripts, str):
        raise UnsupportedFunctionError("np.einsum has a rule only for subscripts in a string")
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    spare = [letter for letter in ascii_letters if letter not in subscripts]
    widths = [np.ndim(x) - len(s) + 3 for s, x in zip(inputs, operands, strict=True) if "..." in s]
    dots = "".join(spare[: max(widths, default=0)])
    if not arrow:
        letters = left.replace(",", "").replace(".", "")
        once = sorted(c for c in set(letters) if letters.count(c) == 1)
        output = "..." + "".join(once)
    written = [
        s.replace("...", dots[len(dots) - (np.ndim(x) - len(s) + 3) :]) if "..." in s else s
        for s, x in zip(inputs, operands, strict=True)
    ]
    return written, output.replace("...", dots)


def _cotangent(y_bar: Any, inputs: list[str], output: str, operands: Any, i: int) -> Any:
    others = [x for k, x in enumerate(operands) if k != i]
    labels = [s for k, s in enumerate(inputs) if k != i]
    target, extra_labels, extra = _distinct(inputs[i], operands[i])
    known = output + "".join(
        letter
        for s, x in zip([*labels, *extra_labels], [*others, *extra], strict=True)
        for letter, size in zip(s, np.shape(x), strict=True)
        if not (type(size) is int and size == 1)
    )
    for k, letter in enumerate(target):
        if letter not in known:
            # Summed in this operand alone, or with others of size 1 that were broadcast along the
            # axis: its cotangent is the same along it.
            extra_labels.append(letter)
            extra.append(ones_along(operands[i], axis=k))
    subscripts = ",".join([output, *labels, *extra_labels]) + "->" + target
    return np.einsum(subscripts, y_bar, *others, *extra)


def _distinct(labels: str, x: Any) -> tuple[str, list[str], list[Any]]:
    """Labels of `x` made distinct; a repeated one is tied to the first by an identity matrix."""
    spare = (letter for letter in reversed(ascii_letters) if letter not in labels)
    target, extra_labels, extra = "", [], []
    for k, letter in enumerate(labels):
        if letter in target:
            fresh = next(spare)
            extra_labels.append(letter + fresh)
            extra.append(eye_along(x, axis=k))
            letter = fresh
        target += letter
    return target, extra_labels, extra
