"""Whether NumPy would refuse a matrix: asked where the program handles its ``LinAlgError``."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.dispatch import primitive


@primitive
def has_no_inverse(x: Any) -> bool:
    """Whether ``np.linalg.inv(x)``, and so ``np.linalg.solve(x, b)``, raises ``LinAlgError``.

    Examples
    --------
    >>> import numpy as np
    >>> has_no_inverse(np.ones((2, 2))), has_no_inverse(np.eye(2))
    (True, False)
    """
    try:
        # It makes the same factors, and says by a sign of 0 that a pivot is exactly 0.
        sign, _ = np.linalg.slogdet(x)
    except np.linalg.LinAlgError:
        return True
    return bool(np.any(sign == 0))


@primitive
def has_no_cholesky(x: Any) -> bool:
    """Whether ``np.linalg.cholesky(x)`` raises ``LinAlgError``.

    Examples
    --------
    >>> import numpy as np
    >>> has_no_cholesky(-np.eye(2)), has_no_cholesky(np.eye(2))
    (True, False)
    """
    try:
        np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        return True
    return False
