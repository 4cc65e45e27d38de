"""The generator that random tensors, and the initial weights of layers, are drawn from."""

from __future__ import annotations

import numpy as np

from sorix.runtime.intrinsic import intrinsic

_generator = np.random.default_rng()


def generator() -> np.random.Generator:
    """The generator everything random in sorix draws from.

    Examples
    --------
    >>> import sorix
    >>> from sorix.runtime.random import generator
    >>> _ = sorix.manual_seed(0)
    >>> a = generator().standard_normal()
    >>> _ = sorix.manual_seed(0)
    >>> bool(a == generator().standard_normal())
    True
    """
    return _generator


@intrinsic("manual_seed")
def manual_seed(seed: int) -> np.random.Generator:
    """Start the sequence of random numbers anew.

    NumPy's own generators are neither used nor changed.

    Parameters
    ----------
    seed : int

    Returns
    -------
    numpy.random.Generator
        The new generator.

    Examples
    --------
    >>> import sorix
    >>> _ = sorix.manual_seed(3)
    >>> a = sorix.rand(2)
    >>> _ = sorix.manual_seed(3)
    >>> bool((sorix.rand(2) == a).all())
    True
    """
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator
