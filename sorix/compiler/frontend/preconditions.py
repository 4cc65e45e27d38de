"""What Python's own operations raise, raised on the condition that tells beforehand that they will.

A division by zero, the logarithm of a negative number, an index out of range: where a handler waits
for the exception, it is a branch like any other.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import branching, containers, exceptions, formatting, wording
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Static, Value
from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup
from sorix.compiler.ir.types import TEXT, ListOf, Num


def check_before(it: Interpreter, fn: Any, args: tuple[Atom, ...]) -> None:
    """Where a handler waits for what this call raises, raise it on the condition that it would."""
    if is_of_math(fn, args):
        _raise_now(it, lambda: fn(*(a.value for a in args)))
        return
    if fn in FACTORS and exceptions.handled(it, np.linalg.LinAlgError):
        refused, message = FACTORS[fn]
        _raise_if(it, it.atom(refused, args[0]), np.linalg.LinAlgError, lambda: Static(message))
    rule = RAISES.get(fn)
    if rule is not None and applies(fn, args):
        cls, condition, samples = rule
        if exceptions.handled(it, cls):
            message = functools.partial(_message, it, fn, args, samples)
            _raise_if(it, condition(it, *args), cls, message)
    elif fn in _INDEXING:
        _check_index(it, args[0], args[1], assigned=fn is not operator.getitem)
    _ask(it, fn, args)


def _ask(it: Interpreter, fn: Any, args: tuple[Atom, ...]) -> None:
    """Where no short condition tells whether a call raises, let it tell itself, tried before."""
    wanted = [c for c in _of_doubtful_class(fn, args) if exceptions.handled(it, c)]
    wanted += [c for c in costly(fn, args) if _is_named(it, c)]
    for cls in wanted:
        failing = it.atom(support.fails, Const(cls), Const(fn), *args, hint="fails")
        if (fn, cls) == (operator.pow, OverflowError):
            raised = tuple(map(containers.lift_constant, wording.args_of(lambda: 10.0**400)))
            branching.branch(
                it, failing, functools.partial(exceptions.raise_error, it, cls, raised), _go_on
            )
        else:
            _raise_if(it, failing, cls, functools.partial(_message, it, fn, args, ()))


def _go_on() -> None:
    """Nothing is raised."""


def check_truth(it: Interpreter, atom: Atom) -> None:
    """Where a handler waits for it, raise what an array says that has not one element."""
    type_ = getattr(atom, "type", None)
    if not exceptions.handled(it, ValueError) or not isinstance(type_, Num) or is_number(atom):
        return
    size = it.atom(np.size, atom, hint="n")
    for sample, compare in ((np.zeros(2), operator.gt), (np.zeros(0), operator.lt)):
        said = wording.said(bool, sample)
        if not isinstance(said, wording.Approximate):
            _raise_if(
                it, it.atom(compare, size, Const(1)), ValueError, functools.partial(Static, said)
            )


def _message(it: Interpreter, fn: Any, args: tuple[Atom, ...], samples: Any) -> Value:
    """What is said; where it depends on the numbers, or on their classes, the run knows."""
    said = wording.said_of_numbers(fn, args, samples, it.mixed)
    if said is not None:
        return Static(said)
    return it.builder.call_as(TEXT, support.said_of, Const(fn), *args, hint="message")


def _of_doubtful_class(fn: Any, args: tuple[Atom, ...]) -> tuple[type[Exception], ...]:
    """A division by zero raises if both numbers are Python's own, which only the run may know."""
    doubtful = fn in _DIVIDING and not applies(fn, args) and all(map(_may_be_python, args))
    return (ZeroDivisionError,) if doubtful else ()


def costly(fn: Any, args: tuple[Atom, ...]) -> tuple[type[Exception], ...]:
    """What is asked at the price of another call: only where a handler names the class.

    Where the only handler is one of any exception, it is left to the run.
    """
    if fn is operator.pow:
        return (OverflowError,) if all(map(_may_be_python, args)) else ()
    if not all(map(is_number, args)) or is_of_math(fn, args):
        return ()
    if fn in (int, round):
        return (ValueError, OverflowError)
    if getattr(fn, "__module__", None) != "math" or (fn in RAISES and applies(fn, args)):
        return ()
    return _OF_MATH.get(fn, (ValueError, OverflowError, ZeroDivisionError, TypeError))


def _may_be_python(atom: Atom) -> bool:
    """Whether this may be a number of Python's own."""
    type_ = getattr(atom, "type", None)
    known = isinstance(type_, Num) and type_.rank in (0, None)
    return known and type_.kind in ("python", "number", "any")


def _is_named(it: Interpreter, cls: type) -> bool:
    """Whether a handler around names the class, or one between it and any exception."""
    named = [c for h in it.tries if h.active for clause in h.classes for c in clause]
    return any(issubclass(cls, c) for c in named if c not in ANY)


def is_of_math(fn: Any, args: tuple[Atom, ...]) -> bool:
    """Whether Python computes the same here and now: a function of `math`, of constants."""
    known = all(isinstance(a, Const) and isinstance(a.value, int | float) for a in args)
    return known and getattr(fn, "__module__", None) == "math"


def _raise_now(it: Interpreter, compute: Callable[[], Any]) -> None:
    """Raise what computing raises here, if a handler waits for it."""
    try:
        compute()
    except Exception as error:
        if exceptions.handled(it, type(error)):
            exceptions.raise_error(it, type(error), (Static(str(error)),))


def _raise_if(it: Interpreter, cond: Atom, cls: type, message: Callable[[], Value]) -> None:
    branching.branch(it, cond, lambda: exceptions.raise_error(it, cls, (message(),)), _go_on)


def applies(fn: Any, args: tuple[Atom, ...]) -> bool:
    """Whether these are numbers of which Python's own operation is taken, not NumPy's."""
    of_math = getattr(fn, "__module__", None) == "math"
    return (len(args) == 1 or not of_math) and all(
        is_number(a) if of_math else _is_python(a) for a in args
    )


def _is_python(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.kind == "python"


ANY = (Exception, BaseException)
_DIVIDING: set[Any] = {operator.truediv, operator.floordiv, operator.mod, operator.pow}
_OF_MATH: dict[Any, tuple[type[Exception], ...]] = {
    **dict.fromkeys((math.exp, math.expm1, math.cosh, math.sinh), (OverflowError,)),
    **dict.fromkeys((math.atan, math.atan2, math.asinh, math.tanh, math.hypot), ()),
    **dict.fromkeys((math.erf, math.erfc, math.fabs, math.copysign, math.degrees), ()),
    **dict.fromkeys((math.radians, math.isnan, math.isinf, math.isfinite), ()),
}
"""Functions of `math` that raise less than others of numbers."""
_INDEXING: set[Any] = {operator.getitem, support.store, support.add_at, support.list_set}


def _check_index(it: Interpreter, base: Atom, index: Atom, assigned: bool) -> None:
    type_ = getattr(base, "type", None)
    if not exceptions.handled(it, IndexError):
        return
    if isinstance(type_, ListOf) and is_index(index):
        length = it.atom(len, base, hint="n")
        said_of = wording.said_of_assigned_index if assigned else wording.said_of_index
        _check_bounds(it, index, length, lambda: Static(said_of(list, 0, 0)))
    if not isinstance(type_, Num) or type_.rank is None:
        return
    for axis, part in enumerate(index_parts(index)[: type_.rank]):
        if is_index(part):
            length = it.atom(np.size, base, Const(axis), hint="n")
            parts = ["index ", part, f" is out of bounds for axis {axis} with size ", length]
            message = functools.partial(formatting.made_of, it, parts)
            _check_bounds(it, part, length, message)
        elif not isinstance(part, Slc):
            return


def check_bounds(it: Interpreter, index: Atom, length: Atom, message: str) -> None:
    """Raise where an index is not one of a sequence of this length."""
    _check_bounds(it, index, length, lambda: Static(message))


def _check_bounds(it: Interpreter, index: Atom, length: Atom, message: Callable[[], Value]) -> None:
    _raise_if(it, _is_outside(it, index, length), IndexError, message)


def _is_outside(it: Interpreter, index: Atom, length: Atom) -> Atom:
    if isinstance(index, Const):
        needed = index.value + 1 if index.value >= 0 else -index.value
        return it.atom(operator.lt, length, Const(needed))
    above = it.atom(operator.ge, index, length)
    below = it.atom(operator.lt, index, it.atom(operator.neg, length))
    return it.atom(operator.or_, above, below)


def check_not_empty(it: Interpreter, items: Atom, always: bool = False) -> None:
    """Before an element is popped; `always` where popping would not raise by itself."""
    if always or exceptions.handled(it, IndexError):
        empty = it.atom(operator.eq, it.atom(len, items, hint="n"), Const(0))
        _raise_if(it, empty, IndexError, lambda: Static(wording.said([].pop)))


def is_index(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.dtype == "int64" and type_.rank == 0


Condition = Callable[..., Atom]


def _when(fn: Any, bound: float, position: int = 0) -> Condition:
    return lambda it, *args: it.atom(fn, args[position], Const(bound))


def _outside_one(it: Interpreter, x: Atom) -> Atom:
    return it.atom(operator.gt, it.atom(operator.abs, x), Const(1))


def _infinite(it: Interpreter, x: Atom) -> Atom:
    return it.atom(operator.eq, it.atom(operator.abs, x), Const(math.inf))


def _zero_to_negative(it: Interpreter, base: Atom, exponent: Atom) -> Atom:
    zero = it.atom(operator.eq, base, Const(0))
    negative = it.atom(operator.lt, exponent, Const(0))
    return it.atom(operator.and_, zero, negative)


_ZERO = (ZeroDivisionError, _when(operator.eq, 0, 1), ((1, 0), (2, 0)))
RAISES: dict[Any, tuple[type, Condition, tuple[tuple[float, ...], ...]]] = {
    operator.truediv: _ZERO,
    operator.floordiv: _ZERO,
    operator.mod: _ZERO,
    operator.pow: (ZeroDivisionError, _zero_to_negative, ((0, -1), (0, -2))),
    math.sqrt: (ValueError, _when(operator.lt, 0), ((-1,), (-2,))),
    math.log: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log2: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log10: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log1p: (ValueError, _when(operator.le, -1), ((-1,), (-2,))),
    math.acos: (ValueError, _outside_one, ((2,), (-3,))),
    math.asin: (ValueError, _outside_one, ((2,), (-3,))),
    math.sin: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
    math.cos: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
    math.tan: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
}
"""By function of Python numbers: what it raises, when, and numbers of which it does.

(`math.log` with a base is not here.)
"""


FACTORS: dict[Any, tuple[Any, str]] = {
    np.linalg.inv: (support.has_no_inverse, "Singular matrix"),
    np.linalg.solve: (support.has_no_inverse, "Singular matrix"),
    np.linalg.cholesky: (support.has_no_cholesky, "Matrix is not positive definite"),
}
"""By function of a matrix: what tells that NumPy refuses it, and in which words."""


def checked_index(call: Call) -> bool:
    """Whether all that an index may raise is asked before."""
    type_, index = getattr(call.args[0], "type", None), call.args[1]
    if isinstance(type_, ListOf):
        return is_index(index)
    parts = index_parts(index)
    known = isinstance(type_, Num) and type_.rank is not None and len(parts) <= type_.rank
    return known and all(is_index(part) or isinstance(part, Slc) for part in parts)


def index_parts(index: Atom) -> tuple[Atom, ...]:
    return index.items if isinstance(index, Tup) and not index.is_list else (index,)


def is_number(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.rank == 0
