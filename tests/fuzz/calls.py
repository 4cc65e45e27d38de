"""Calls of NumPy's functions, with arguments drawn by the names of their parameters."""

from __future__ import annotations

import copy
import inspect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import Parameter
from typing import Any

import numpy as np

from sorix.primitives import rules
from sorix.primitives.canonical import name_of
from sorix.primitives.definitions import definitions
from tests.fuzz.generate import NAME, Program

SHAPES = (
    (),
    (1,),
    (2,),
    (3,),
    (3,),
    (4,),
    (2, 3),
    (3, 3),
    (3, 3),
    (4, 3),
    (1, 3),
    (3, 1),
    (2, 3, 3),
)
OPTIONS: dict[str, tuple[Any, ...]] = {
    "axis": (None, 0, 1, -1, -2, (0, 1), (0,)),
    "axes": (0, 1, 2, ([0], [1])),
    "axis1": (0, 1),
    "axis2": (0, 1, -1),
    "q": (0.3, 50, [0.1, 0.9], 1),
    "bins": (3, [-1.0, 0.0, 1.0]),
    "mode": ("full", "same", "valid", "constant", "edge", "reflect", "wrap", "clip", "reduced"),
    "method": ("linear", "lower", "midpoint", "hazen"),
    "ord": (None, 1, 2, -1, np.inf, "fro", "nuc", 3),
    "pad_width": (1, (1, 2), ((1, 0), (0, 2))),
    "window_shape": (2, (2, 2), 3),
    "indices_or_sections": (1, 2, 3, [1, 2]),
    "repeats": (2, [1, 2, 1]),
    "reps": (2, (2, 1), (1, 2, 2)),
    "shift": (1, -1, (1, 2)),
    "UPLO": ("L", "U"),
    "indexing": ("xy", "ij"),
    "side": ("left", "right"),
    "order": ("C", "F"),
    **dict.fromkeys(("deg", "m", "n", "ddof", "correction", "size", "N"), (0, 1, 2, 3)),
    **dict.fromkeys(("k", "offset"), (0, 1, -1)),
    **dict.fromkeys(("num",), (2, 5)),
    **dict.fromkeys(("rcond", "tol", "period", "left", "right"), (None, 0.5)),
    **dict.fromkeys(("dtype", "out", "like", "interpolation", "weights"), (None,)),
    **dict.fromkeys(
        ("keepdims", "rowvar", "bias", "full", "increasing", "tensor", "returned", "density")
        + ("compute_uv", "full_matrices", "hermitian", "endpoint", "retstep", "upper", "invert")
        + ("return_index", "return_inverse", "return_counts", "subok", "nan", "sorted"),
        (True, False),
    ),
}
WITHOUT_ARRAYS = ("random", "nditer", "ndindex", "fromiter", "vectorize", "frompyfunc", "poly1d")
CHANGING = ("copyto", "put", "place", "shuffle", "fill_diagonal")
OBJECTS = ("Polynomial", "_polybase", "ix_", "piecewise", "apply_", "fromfunction", "unravel")
COUNTED = ("hanning", "hamming", "blackman", "bartlett", "diag_indices", "tensorsolve", "empty")
NOT_DRAWN = (*WITHOUT_ARRAYS, *CHANGING, *OBJECTS, *COUNTED)


@dataclass(frozen=True)
class Call:
    """A call that NumPy answers."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def result(self) -> Any:
        """What NumPy returns."""
        return self.function(*copy.deepcopy(self.args), **copy.deepcopy(self.kwargs))

    def __str__(self) -> str:
        return f"{name_of(self.function)}(*{self.args!r}, **{self.kwargs!r})"

    def program(self, seed: int) -> Program:
        """The same with its first argument as a variable, and one number as result."""
        args = [f"a{k}" for k in range(1, len(self.args))]
        options = [f"{name}={value!r}" for name, value in self.kwargs.items()]
        call = f"{name_of(self.function)}({', '.join(['x', *args, *options])})"
        text = (
            f"import numpy as np\nfrom numpy import inf\n\n\ndef weighed(v):\n    if isinstance(v, tuple):\n"
            f"        return sum(weighed(part) for part in v)\n"
            f"    return np.sum(np.sin(v) + 0.3 * v * v)\n\n\n"
            f"def {NAME}({', '.join(['x', *args])}):\n    return weighed({call})\n"
        )
        return Program(seed, text, self.args)


def functions() -> list[Callable[..., Any]]:
    """Functions of NumPy's with a rule or a definition, that take arrays and return them."""
    known = {name_of(fn): fn for fn in (*rules(), *definitions())}
    drawn = (name for name in known if name.startswith("np."))
    return [known[name] for name in drawn if not any(part in name for part in NOT_DRAWN)]


def calls(function: Callable[..., Any], seed: int, count: int) -> Iterator[Call]:
    """Up to so many calls of a function, the same at every run."""
    rng = random.Random(f"{seed}/{name_of(function)}")
    numbers = np.random.default_rng(rng.randrange(2**32))
    made = 0
    for _ in range(20 * count):
        if made == count:
            return
        call = _drawn(function, rng, numbers)
        if call is not None and _is_answered(call):
            made += 1
            yield call


def _drawn(
    function: Callable[..., Any], rng: random.Random, numbers: np.random.Generator
) -> Call | None:
    if isinstance(function, np.ufunc):
        return Call(function, tuple(_array(rng, numbers) for _ in range(function.nin)), {})
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return None
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.kind is Parameter.VAR_POSITIONAL:
            args += [_array(rng, numbers) for _ in range(rng.choice((1, 2)))]
        elif parameter.kind is Parameter.VAR_KEYWORD:
            continue
        elif parameter.default is Parameter.empty and parameter.kind is not Parameter.KEYWORD_ONLY:
            args.append(_argument(parameter.name, bool(args), rng, numbers))
        elif parameter.name in OPTIONS and rng.random() < 0.35:
            kwargs[parameter.name] = rng.choice(OPTIONS[parameter.name])
    return Call(function, tuple(args), kwargs)


def _argument(name: str, is_later: bool, rng: random.Random, numbers: np.random.Generator) -> Any:
    if name in OPTIONS and is_later:
        return rng.choice(OPTIONS[name])
    if name in ("tup", "arrays", "seq"):
        first = _array(rng, numbers)
        return [first, 2 * first if rng.random() < 0.5 else _array(rng, numbers)]
    return _array(rng, numbers)


def _array(rng: random.Random, numbers: np.random.Generator) -> Any:
    drawn = numbers.normal(size=rng.choice(SHAPES))
    return np.abs(drawn) + 0.2 if rng.random() < 0.3 else drawn


def _is_answered(call: Call) -> bool:
    try:
        found = call.result()
    except Exception:  # Of calls drawn blindly NumPy raises all there is.
        return False
    parts = found if isinstance(found, tuple) else (found,)
    return bool(parts) and all(_is_finite(part) for part in parts)


def _is_finite(part: Any) -> bool:
    if not isinstance(part, np.ndarray | np.generic | float):
        return False
    return np.asarray(part).dtype.kind in "fib" and bool(np.isfinite(part).all())
