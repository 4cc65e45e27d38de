"""Draws from NumPy's generators, which are data: they happen once, in the order of the program.

A draw is a call that is neither repeated nor moved nor left out; what is said here is which draws
there are, and the type of what they return. One whose parameters the run computes is written in
terms of draws that have none (`prelude_draws`), and so has a derivative.
"""

from __future__ import annotations

import functools
import inspect
import random
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.frontend import calls, containers, numpy_calls, prelude_draws, standard_random
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    GrownList,
    Kwargs,
    ListContent,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.inference.operands import UNKNOWN, shape_of, static, type_of_atom
from sorix.compiler.ir.nodes import Atom, Const, Method, Var
from sorix.compiler.ir.types import GENERATORS, ListOf, Num, Opaque, Shape, Type
from sorix.errors import UnsupportedCallError
from sorix.primitives.generators import SOURCE_MAKERS

_INTEGERS = {
    "integers", "randint", "poisson", "binomial", "geometric", "negative_binomial",
    "hypergeometric", "logseries", "zipf",
}  # fmt: skip
_FLOATS = {
    "standard_normal", "random", "random_sample", "standard_exponential", "standard_cauchy",
    "standard_gamma", "standard_t", "normal", "uniform", "exponential", "lognormal", "laplace",
    "logistic", "gumbel", "rayleigh", "weibull", "pareto", "gamma", "beta", "chisquare", "power",
    "f", "noncentral_chisquare", "noncentral_f", "triangular", "vonmises", "wald",
}  # fmt: skip
_VECTORS = {"dirichlet": "float64", "multivariate_normal": "float64", "multinomial": "int64"}
"""Draws whose last axis is that of their last parameter, with the dtype."""

_FROM_SHAPE = {"rand", "randn"}
_OF_PLACES = {"choice": "a", "permutation": "x"}
"""Draws among the elements of an array, or among the integers below a number."""

_KNOWN = {*_INTEGERS, *_FLOATS, *_VECTORS, *_FROM_SHAPE, *_OF_PLACES, "shuffle", "seed"}
_OF_NUMPY = (np.random.Generator, np.random.RandomState)
_OF_PYTHON = Opaque(random.Random.__name__)
_OPTIONS = {"self", "size", "dtype", "out", "endpoint", "method", "replace", "axis", "shuffle"}


def drawn(
    it: Interpreter, owner: Var | Static, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    """What ``owner.name(*args, **kwargs)`` returns; `owner` is a generator, or ``np.random``."""
    if isinstance(owner, Var) and owner.type == _OF_PYTHON:
        return standard_random.drawn(it, owner, name, args, kwargs)
    if name not in _KNOWN or not _is_none(kwargs.get("out", NONE)):
        raise UnsupportedCallError(
            f"the method {name}() of a generator is not followed here",
            "draw with normal(), uniform(), random() or integers(), or outside of the function",
        )
    given = _bound(name, args, kwargs)
    text = getattr(prelude_draws, name, None)
    if text is not None and _is_computed(it, name, given):
        return _by_text(it, text, owner, given)
    atoms = [containers.nested_atom(it, v) for v in args]
    named: dict[str, Any] = {k: containers.nested_atom(it, v) for k, v in kwargs.items()}
    bound = {k: containers.nested_atom(it, v) for k, v in given.items()}
    type_ = _type_of(name, atoms, bound)
    if isinstance(owner, Static):
        return it.wrap(it.builder.call_as(type_, getattr(owner.value, name), *atoms, **named))
    var = it.builder.call_as(type_, Method(name), owner, *atoms, **named)
    return NONE if name == "seed" else it.wrap(var)


@functools.cache
def _signature(name: str) -> inspect.Signature:
    cls = next(c for c in _OF_NUMPY if hasattr(c, name))
    return inspect.signature(getattr(cls, name))


def _bound(name: str, args: list[Value], kwargs: Kwargs) -> dict[str, Value]:
    """The arguments by name; those that give a shape alone have none."""
    if name in _FROM_SHAPE:
        return {}
    try:
        given = dict(_signature(name).bind(None, *args, **kwargs).arguments)
    except TypeError as error:
        raise UnsupportedCallError(f"{name}(): {error}", "call it as NumPy has it") from error
    return {k: v for k, v in given.items() if k != "self"}


def _is_none(value: Value) -> bool:
    return isinstance(value, Static | Const) and value.value is None


def _is_computed(it: Interpreter, name: str, given: dict[str, Value]) -> bool:
    """Whether a parameter is more than a constant of the program's text."""
    if name == "shuffle":
        return True
    if name in _OF_PLACES:
        return not _is_integer(it, given[_OF_PLACES[name]])
    return any(not isinstance(v, Const) for k, v in given.items() if k not in _OPTIONS)


def _is_integer(it: Interpreter, value: Value) -> bool:
    type_ = it.type_of(value)
    return isinstance(type_, Num) and type_.rank == 0


def _by_text(it: Interpreter, text: Any, owner: Var | Static, given: dict[str, Value]) -> Value:
    if text is prelude_draws.shuffle and _is_list_of_numbers(it, given["x"]):
        text = prelude_draws.shuffle_list
    extra = sorted(given.keys() - inspect.signature(text).parameters.keys())
    if extra or text is prelude_draws.shuffle and not isinstance(given["x"], Array):
        what = f"with {extra[0]}=" if extra else "of what is no array, nor a list of numbers"
        raise UnsupportedCallError(
            f"{text.__name__}() {what} is not followed here",
            "draw integers with rng.permutation(n) or rng.choice(n), and index with them",
        )
    shuffled = text is prelude_draws.shuffle_list
    values: Kwargs = {
        k: v if shuffled or k in _OPTIONS else _as_array(it, v) for k, v in given.items()
    }
    return calls.call_function(it, text, [owner], values)


def _is_list_of_numbers(it: Interpreter, value: Value) -> bool:
    """Whether it is a list all of whose elements are numbers of one type."""
    match containers.content_of(it, value):
        case ListContent(cls=cls, items=items) if cls is list:
            types = {it.type_of(item) for item in items}
        case GrownList(atoms=(Var(type=ListOf(element=element)),)):
            types = {element}
        case _:
            return False
    kinds = {(t.dtype, t.rank) for t in types if isinstance(t, Num)}
    return len(kinds) == 1 and all(isinstance(t, Num) and t.rank == 0 for t in types)


def _as_array(it: Interpreter, value: Value) -> Value:
    if isinstance(value, Reference | Sequence):
        return numpy_calls.call_primitive(it, np.array, [value], {})
    return value


# -- types ----------------------------------------------------------------------------------


def _type_of(name: str, args: list[Atom], given: dict[str, Atom]) -> Type:
    if name == "seed":
        return Opaque()
    if name in _FROM_SHAPE:
        shapes = [shape_of(dim) for dim in args]
        shape = None if None in shapes else sum((s for s in shapes if s), ())
        return Num("float64", shape, "array" if shape else "python" if shape == () else "any")
    size = given.get("size", Const(None))
    if name == "permutation":
        return Num("int64", shape_of(given["x"]), "array")
    if name == "choice":
        return _sized("int64", size, ())
    parameters = [_shape(v) for k, v in given.items() if k not in _OPTIONS]
    if name in _VECTORS:
        return _vectors(_VECTORS[name], size, parameters[-1])
    dtype = "int64" if name in _INTEGERS else "float64"
    known = static(given.get("dtype", Const(dtype)))
    type_ = _sized(None if known is UNKNOWN else np.dtype(known).name, size, _alone(parameters))
    return replace(type_, kind="scalar") if name == "integers" and type_.kind == "python" else type_


def _sized(dtype: str | None, size: Atom, alone: Shape | None) -> Num:
    """The type of draws of a size, or `alone` where no size is given."""
    asked = static(size) is not None
    shape = shape_of(size) if asked else alone
    if shape is None:
        return Num(dtype)
    if asked or shape:
        return Num(dtype, shape, "array")
    return Num("float64" if dtype == "float32" else dtype, (), "python")


def _vectors(dtype: str, size: Atom, each: Shape | None) -> Num:
    leading = () if static(size) is None else shape_of(size)
    if leading is None or each is None:
        return Num(dtype)
    return Num(dtype, (*leading, each[-1]), "array")


def _alone(parameters: list[Shape | None]) -> Shape | None:
    """The shape of one draw for each element of the parameters."""
    wide = [shape for shape in parameters if shape is None or shape]
    if not wide:
        return ()
    return wide[0] if len(wide) == 1 else None


def _shape(atom: Atom) -> Shape | None:
    type_ = type_of_atom(atom)
    return type_.shape if isinstance(type_, Num) else None


# -- generators -----------------------------------------------------------------------------


def _maker(make: Any, type_: Type, hint: str) -> None:
    @builtin(make)
    def made(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        given = [containers.nested_atom(it, v) for v in args]
        named: dict[str, Any] = {k: containers.nested_atom(it, v) for k, v in kwargs.items()}
        if make is random.Random:  # Generated code cannot name it, so it is handed over.
            cls = it.inputs.opaque(Static(make))
            return it.builder.call_as(type_, Method("__call__"), cls, *given, hint=hint, **named)
        return it.builder.call_as(type_, make, *given, hint=hint, **named)


for _type, _class in GENERATORS.items():
    _maker(_class, _type, "rng")
_maker(np.random.default_rng, Opaque("Generator"), "rng")
for _class in SOURCE_MAKERS:
    _maker(_class, Opaque(), "bits")
