"""Draws from Python's own generators: the functions of `random`, and the methods of its class.

As in `random_draws`: a draw happens once, and one whose parameters the run computes is written in
terms of draws that have none.
"""

from __future__ import annotations

import inspect
import math
import random
from typing import Any

from sorix.compiler.frontend import calls, wording
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import NONE, Kwargs, Value
from sorix.compiler.ir.nodes import Const, Method, Var
from sorix.compiler.ir.types import FLOAT, INT, Opaque, Type
from sorix.errors import UnsupportedCallError

_TYPES: dict[str, Type] = {
    **dict.fromkeys(("random", "uniform", "triangular", "gauss", "normalvariate"), FLOAT),
    **dict.fromkeys(("expovariate", "lognormvariate", "betavariate", "gammavariate"), FLOAT),
    **dict.fromkeys(("paretovariate", "weibullvariate", "vonmisesvariate"), FLOAT),
    **dict.fromkeys(("randint", "randrange", "getrandbits"), INT),
    "seed": Opaque(),
}


def drawn(it: Interpreter, owner: Var, name: str, args: list[Value], kwargs: Kwargs) -> Value:
    """What ``owner.name(*args, **kwargs)`` returns, for a `random.Random`."""
    text = _TEXTS.get(name)
    if text is not None and not all(isinstance(v, Const) for v in (*args, *kwargs.values())):
        return calls.call_function(it, text, [owner, *args], kwargs)
    if name not in _TYPES:
        raise UnsupportedCallError(
            f"random.{name}() is not followed here",
            "draw with random(), gauss(), randrange() or choice(), or outside of the function",
        )
    _require_fit(name, args, kwargs)
    named: dict[str, Any] = {k: it.read(v) for k, v in kwargs.items()}
    atoms = [it.read(v) for v in args]
    var = it.builder.call_as(_TYPES[name], Method(name), owner, *atoms, **named)
    return NONE if name == "seed" else it.wrap(var)


def _require_fit(name: str, args: list[Value], kwargs: Kwargs) -> None:
    try:
        inspect.signature(getattr(random.Random, name)).bind(None, *args, **kwargs)
    except TypeError as error:
        raise UnsupportedCallError(f"{name}(): {error}", "call it as Python has it") from error


# -- read by the interpreter, as the user's functions are ----------------------------------


def _uniform(rng: Any, a: Any, b: Any) -> Any:
    return a + (b - a) * rng.random()


def _gauss(rng: Any, mu: Any = 0.0, sigma: Any = 1.0) -> Any:
    return mu + rng.gauss(0.0, 1.0) * sigma


def _normalvariate(rng: Any, mu: Any = 0.0, sigma: Any = 1.0) -> Any:
    return mu + rng.normalvariate(0.0, 1.0) * sigma


def _lognormvariate(rng: Any, mu: Any = 0.0, sigma: Any = 1.0) -> Any:
    return math.exp(mu + rng.normalvariate(0.0, 1.0) * sigma)


def _expovariate(rng: Any, lambd: Any = 1.0) -> Any:
    return -math.log(1.0 - rng.random()) / lambd


_OF_NOTHING = wording.said(random.Random(0).choice, [])


def _choice(rng: Any, seq: Any) -> Any:
    if len(seq) == 0:
        raise IndexError(_OF_NOTHING)
    return seq[rng.randrange(len(seq))]


def _shuffle(rng: Any, x: Any) -> None:
    for i in reversed(range(1, len(x))):
        j = rng.randrange(i + 1)
        x[i], x[j] = x[j], x[i]


_TEXTS = {
    "uniform": _uniform,
    "gauss": _gauss,
    "normalvariate": _normalvariate,
    "lognormvariate": _lognormvariate,
    "expovariate": _expovariate,
    "choice": _choice,
    "shuffle": _shuffle,
}
