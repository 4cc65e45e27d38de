"""A row of the table of tests, and arguments for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Row:
    """A call of a primitive, and the order, tolerance and oracle of its test.

    `oracle` None stands for the rule's own. `wrap` is applied to the argument first, where the
    primitive needs one of a special form (a symmetric matrix). `fixed` are positions that are
    not differentiated although they hold floats.
    """

    function: object
    args: tuple
    options: dict = field(default_factory=dict)
    order: int = 3
    tolerance: float | None = None
    oracle: str | None = None
    wrap: object = None
    fixed: tuple = ()

    def __str__(self):
        module = getattr(self.function, "__module__", "np") or "np"
        shapes = [str(np.shape(a)) if _is_array(a) else "." for a in self.args]
        options = [f"{k}={v}" for k, v in self.options.items() if np.ndim(v) == 0]
        return f"{module}.{self.function.__name__}-{'-'.join(shapes + options)}"


def _is_array(x):
    return isinstance(x, np.ndarray | np.floating)


_rng = np.random.default_rng(20240)


def real(*shape):
    """Values of both signs, none near 0, no two equal."""
    n = int(np.prod(shape))
    spread = np.linspace(0.3, 1.7, n) * np.where(np.arange(n) % 2, -1.0, 1.0)
    return _rng.permutation(spread + _rng.uniform(-0.05, 0.05, n) / max(n, 1)).reshape(shape)[()]


def positive(*shape):
    return _rng.permutation(np.linspace(0.5, 1.9, int(np.prod(shape)))).reshape(shape)[()]


def small(*shape):
    return 0.45 * real(*shape)


def large(*shape):
    return 1.2 + positive(*shape)


def square(n, *stack):
    return 0.3 * _rng.normal(size=(*stack, n, n)) + np.eye(n) * np.linspace(1.0, 2.0, n)


def each(functions, *args, **more):
    return [Row(function, args, **more) for function in functions]


def gram(x):
    """A symmetric positive definite matrix made of any."""
    transposed = np.swapaxes(x, -1, -2)
    return x @ transposed + np.eye(np.shape(x)[-1])


def middle(x):
    return x + np.swapaxes(x, -1, -2)
