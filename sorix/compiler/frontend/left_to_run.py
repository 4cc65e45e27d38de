"""What the run may raise where no condition tells beforehand, and the program handles.

What NumPy raises cannot be caught in the middle of generated code. The body of the ``try`` is
interpreted as if nothing were raised, and the classes handled are noted: where the generated code
raises one of them, the call runs on the eager tape instead.
"""

from __future__ import annotations

import itertools
import operator
import string
from collections.abc import Iterator
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import preconditions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.user_lines import line_at
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.inference.texts import is_of_texts
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    Function,
    Method,
    Routine,
    Tup,
    Var,
)
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import ONE, TEXT, Dim, ListOf, Num, Opaque
from sorix.compiler.ir.walk import statements
from sorix.errors import UnsupportedSyntaxError


def note(it: Interpreter, classes: list[tuple[type, ...]], builder: Builder, start: int) -> None:
    """Note what of the classes handled the generated code of a body might raise by itself."""
    floating = "raise" in it.error_state.values()
    handled = [c for clause in classes for c in clause]
    for stmt in statements(Block(tuple(builder.stmts[start:]))):
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            met = _met(it, handled, stmt.value, floating)
            if met:
                it.handled.update(dict.fromkeys(met))
                it.guarded.update(dict.fromkeys(stmt.targets))


def _met(it: Interpreter, handled: list[type], call: Call, floating: bool) -> list[type]:
    """The classes handled that a call might raise."""
    possible, costly = _possible(call, floating), preconditions.costly(call.fn, call.args)
    if call.fn not in _OF_NONE and any(a in it.perhaps_none for a in call.args):
        possible = (*possible, TypeError, AttributeError)
    met = [c for c in handled if any(_may_be_met(call.fn, c, p) for p in possible)]
    return met + [c for c in handled if costly and c in preconditions.ANY and c not in met]


def _note_called(it: Interpreter, functions: tuple[Function, ...]) -> None:
    """Note the same of what routines compute that are called where a handler waits."""
    handled = list(it.handled)
    todo = [c for f in functions for c in _guarded_calls(it, f)]
    reached: dict[Routine, None] = {}
    while todo:
        routine = todo.pop().fn
        if not isinstance(routine, Routine) or routine in reached:
            continue
        reached[routine] = None
        for stmt in statements(routine.function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
                if _met(it, handled, stmt.value, floating=True):
                    it.guarded.update(dict.fromkeys(stmt.targets))
                todo.append(stmt.value)


def _guarded_calls(it: Interpreter, function: Function) -> Iterator[Call]:
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            if any(v in it.guarded for v in stmt.targets):
                yield stmt.value


def _place_of(stmt: Any) -> tuple[Any, ...]:
    origin = stmt.origin
    return (origin.file, origin.line, 0, line_at(origin.file, origin.line).rstrip())


def left_to_the_run(
    it: Interpreter, function: Function
) -> tuple[tuple[type[Exception], ...], tuple[Var, ...]]:
    """The classes of exceptions that only the run may show and the program handles, and the
    variables whose computation may raise them."""
    functions = (function, *(routine.function for routine in routines(function)))
    _note_called(it, functions)
    present = [s for f in functions for s in statements(f.body) if isinstance(s, Assign | Effect)]
    guarded = tuple(
        v for s in present if isinstance(s, Assign) for v in s.targets if v in it.guarded
    )
    if not guarded:
        return (), ()
    for stmt in present:
        if isinstance(stmt, Effect) or _asks_an_object(stmt):
            raise UnsupportedSyntaxError(
                "an exception that NumPy may raise is handled in a function that has effects",
                "print and call other objects outside of the function",
                *_place_of(stmt),
            )
    return tuple(c if issubclass(c, Exception) else Exception for c in it.handled), guarded


def _asks_an_object(stmt: Assign) -> bool:
    call = stmt.value
    return isinstance(call, Call) and isinstance(call.fn, Method) and not is_of_texts(call)


def _may_be_met(fn: Any, handled: type, possible: type) -> bool:
    """Whether what a call raises, of the class `possible` or one below it, may be handled."""
    if issubclass(handled, np.linalg.LinAlgError) and possible is ValueError:
        return _factors(fn) and fn not in preconditions.FACTORS
    return _related(handled, possible)


def _factors(fn: Any) -> bool:
    """Whether a function of NumPy's or sorix's may fail at a factorisation, as those in linalg."""
    module = getattr(fn, "__module__", None) or ""
    if module in ("numpy", "_operator", "builtins", "math"):
        return fn in _FITS
    return not module.startswith("sorix.support.") or module == support.solve_by_r.__module__


def _related(one: type, other: type) -> bool:
    return issubclass(one, other) or issubclass(other, one)


def _possible(call: Call, floating: bool) -> tuple[type, ...]:
    """What a call may raise that no condition before it told."""
    fn = call.fn
    if is_of_texts(call):
        return (Exception,) if fn != Method("format") else _possible_of_format(call)
    if isinstance(fn, Method) or not callable(fn):
        return (BaseException,)
    numbers = all(preconditions.is_number(a) for a in call.args)
    if fn in _NEVER:
        return ()
    if fn in preconditions.RAISES and preconditions.applies(fn, call.args):
        return ()
    if numbers and (fn in (int, round) or getattr(fn, "__module__", None) == "math"):
        return ()
    if getattr(fn, "__module__", None) == "math":
        return (ValueError, OverflowError, ZeroDivisionError, TypeError)
    extra: tuple[type, ...] = (FloatingPointError,) if floating else ()
    if fn in (float, round) and not numbers:
        return (TypeError, *extra)
    if fn in _ARITHMETIC or isinstance(fn, np.ufunc):
        if any(isinstance(getattr(a, "type", None), Opaque | ListOf) for a in call.args):
            return () if _are_joined(call) else (Exception,)
        arrays = [a for a in call.args if not preconditions.is_number(a)]
        return extra if numbers or _broadcast(arrays) else (ValueError, *extra)
    if fn is operator.getitem:
        return () if preconditions.checked_index(call) else (IndexError,)
    if fn in (support.store, support.add_at):
        return (ValueError,) if preconditions.checked_index(call) else (IndexError, ValueError)
    if fn is support.list_set and preconditions.checked_index(call):
        return ()
    if (fn in _REDUCTIONS and _has_axes(call)) or (
        fn in preconditions.FACTORS and _fits_factor(*call.args)
    ):
        return extra
    if (getattr(fn, "__module__", None) or "").split(".")[0] in ("numpy", "sorix"):
        # LinAlgError is a ValueError; an average by weights divides by their sum.
        return (ValueError, TypeError, IndexError, ZeroDivisionError, *extra)
    return (Exception,)


def _possible_of_format(call: Call) -> tuple[type, ...]:
    """Whether ``format(3.5, "d")`` raises was asked, where class and format are known."""
    template, *values = call.args
    if not isinstance(template, Const):
        return (Exception,)
    specs = "".join(spec or "" for _, _, spec, _ in string.Formatter().parse(template.value))
    asked = "c" not in specs and "{" not in specs and all(map(_is_of_known_class, values))
    return () if asked or not specs else (Exception,)


def _is_of_known_class(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    known = isinstance(type_, Num) and type_.rank == 0 and type_.kind in ("python", "scalar")
    return known and type_.dtype not in (None, "bool")


def _are_joined(call: Call) -> bool:
    """Whether texts, or lists, are added."""
    kinds = [getattr(a, "type", None) for a in call.args]
    of_one_class = all(k == TEXT for k in kinds) or all(isinstance(k, ListOf) for k in kinds)
    return call.fn is operator.add and of_one_class


def _has_axes(call: Call) -> bool:
    """Whether an array certainly has the axes that a call names, each named once."""
    rank = getattr(getattr(call.args[0], "type", None), "rank", None)
    given = [atom for name, atom in call.kwargs if name in ("axis", "axes")] + [*call.args[1:2]]
    axes = [a for atom in given for a in (atom.items if isinstance(atom, Tup) else (atom,))]
    if not all(isinstance(a, Const) and isinstance(a.value, int | None) for a in axes):
        return False
    numbers = [a.value for a in axes if isinstance(a, Const) and a.value is not None]
    if call.fn is np.transpose and numbers and len(numbers) != rank:
        return False
    return not numbers or (
        rank is not None
        and all(-rank <= k < rank for k in numbers)
        and len({k % rank for k in numbers}) == len(numbers)
    )


def _fits_factor(matrix: Atom, *sides: Atom) -> bool:
    """Whether right sides, if any, are certainly as high as the matrix, which is one matrix."""
    shape = getattr(getattr(matrix, "type", None), "shape", None)
    if shape is None or len(shape) != 2:
        return False
    heights = [getattr(getattr(side, "type", None), "shape", None) or (None,) for side in sides]
    return all(len(h) <= 2 and h[0] is not None and _fit({shape[0], h[0]}) for h in heights)


def _broadcast(arrays: list[Atom]) -> bool:
    """Whether shapes certainly fit: sizes that guards know, equal or 1."""
    if len(arrays) < 2:
        return True
    shapes = [getattr(getattr(a, "type", None), "shape", None) for a in arrays]
    if any(s is None for s in shapes):
        return False
    columns = itertools.zip_longest(*(reversed(s) for s in shapes), fillvalue=ONE)
    return all(_fit({d for d in column if d != ONE}) for column in columns)


def _fit(sizes: set[Dim]) -> bool:
    return not sizes or len(sizes) == 1 and not (next(iter(sizes)).symbol or "").startswith("_")


_NEVER: set[Any] = {
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.not_,
    operator.is_, operator.is_not, isinstance, len, bool, support.list_pop, support.list_repeat,
    np.size, np.shape, np.ndim, np.zeros_like,
    np.ones_like, np.copy, support.detach, support.zeros_like, support.list_append, list,
    support.fails, support.said_of, support.place_of, support.places_of,
    support.fails, support.said_of, support.has_no_inverse, support.has_no_cholesky,
}  # fmt: skip
_OF_NONE: set[Any] = {
    operator.eq, operator.ne, operator.not_, operator.is_, operator.is_not, isinstance, bool,
}  # fmt: skip
"""What can be asked of None."""
_ARITHMETIC: set[Any] = {
    operator.add, operator.sub, operator.mul, operator.neg, operator.pos, operator.abs, abs,
    operator.and_, operator.or_, operator.xor, operator.invert, operator.truediv, operator.pow,
    operator.floordiv, operator.mod, float, round,
}  # fmt: skip
_FITS: set[Any] = {np.polyfit, np.roots, np.poly}
"""Functions outside of ``np.linalg`` that factor matrices."""
_REDUCTIONS: set[Any] = {np.sum, np.mean, np.prod, np.std, np.var, np.ravel, np.transpose}
