"""The dotted names of the functions that generated code may call, found by identity.

The frontend refuses what has none, at the user's line; the printer prints them.
"""

from __future__ import annotations

import functools
import math
import operator
import sys
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from sorix.primitives.table import rule_of

_ROOTS: tuple[tuple[str, ModuleType], ...] = (
    ("np", np),
    ("np.linalg", np.linalg),
    ("np.fft", np.fft),
    ("np.random", np.random),
    ("np.exceptions", np.exceptions),
    ("np.polynomial.legendre", np.polynomial.legendre),
    ("np.polynomial.chebyshev", np.polynomial.chebyshev),
    ("np.polynomial.hermite", np.polynomial.hermite),
    ("np.polynomial.hermite_e", np.polynomial.hermite_e),
    ("np.polynomial.laguerre", np.polynomial.laguerre),
    ("math", math),
    ("operator", operator),
)


_NAMED = ("builtins", "copy", "sorix")
"""The packages beside these whose functions are printed under names of their own."""


def has_name(function: Any) -> bool:
    """Whether generated code can call the function by a name."""
    package = str(getattr(function, "__module__", None) or "").split(".")[0]
    if id(function) in public_names() or package in _NAMED:
        return True
    return module_of(function) is not None


def module_of(function: Any) -> str | None:
    """The module that a user's function with a rule is imported from, by its own name.

    None of one that stands in a function or a class, or that something else replaced.
    """
    module, name = getattr(function, "__module__", None), getattr(function, "__name__", "")
    first, *others = str(module).split(".")
    rule = rule_of(function)
    if rule is None or rule.is_own or not name.isidentifier():
        return None
    loaded: Any = sys.modules.get(first)
    owner = functools.reduce(lambda at, part: getattr(at, part, None), others, loaded)
    return str(module) if getattr(owner, name, None) is function else None


@cache
def public_names() -> dict[int, str]:
    """The names by the identity of the function."""
    found: dict[int, str] = {}
    for prefix, module in _ROOTS:
        for name in sorted(vars(module)):
            value = vars(module)[name]
            if name.startswith("_") or not callable(value):
                continue
            preferred = getattr(value, "__name__", None) == name
            if preferred or id(value) not in found:
                found.setdefault(id(value), f"{prefix}.{name}")
                if preferred and found[id(value)].startswith(prefix + "."):
                    found[id(value)] = f"{prefix}.{name}"
    return found
