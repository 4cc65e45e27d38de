"""What a call would raise, asked before it is made.

Whether Python's division by zero raises depends on the class of the numbers, which the run knows:
NumPy's warn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.support.dispatch import primitive


@primitive
def fails(kind: type[Exception], function: Callable[..., Any], *args: Any) -> bool:
    """Whether ``function(*args)`` raises an exception of the class `kind`.

    Examples
    --------
    >>> import operator
    >>> import numpy as np
    >>> fails(ZeroDivisionError, operator.truediv, 1.0, 0.0)
    True
    >>> fails(ZeroDivisionError, operator.truediv, np.float64(1.0), 0.0)
    False
    """
    return isinstance(_raised_by(function, args), kind)


@primitive
def said_of(function: Callable[..., Any], *args: Any) -> str:
    """The text of the exception that ``function(*args)`` raises.

    Examples
    --------
    >>> import operator
    >>> said_of(operator.truediv, 1, 0)
    'division by zero'
    """
    return str(_raised_by(function, args) or "")


def _raised_by(function: Callable[..., Any], args: tuple[Any, ...]) -> Exception | None:
    try:
        with np.errstate(all="ignore"):
            function(*args)
    except Exception as error:
        return error
    return None


class ComplexNumberError(ArithmeticError):
    """Python made a complex number where generated code computes with real ones."""


@primitive
def real_number(x: Any) -> Any:
    """`x`, refused where it is complex.

    Python makes a complex number of a negative float to the power of a fraction.

    Examples
    --------
    >>> real_number(4.0**0.5)
    2.0
    """
    if isinstance(x, complex):
        raise ComplexNumberError(f"{x} is complex")
    return x
