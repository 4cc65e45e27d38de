"""Whether an inferred type describes a value: the check behind the tests of `infer`.

A case is written once with symbolic shapes, typed once, and run with several sizes::

    case(np.sum, array("n, 3"), axis=0)
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.inference.probing import describe
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Dim, ListOf, Num, Opaque, lower_bound

Sizes = dict[str, int]
PUBLIC = ({"n": 2, "m": 3, "k": 4}, {"n": 5, "m": 2, "k": 7}, {"n": 3, "m": 3, "k": 3})
HIDDEN = (0, 1, 2, 5)
SIGNED_VALUES = (-3, -1, 0, 1, 2, 4)


@dataclass(frozen=True)
class Argument:
    """A value whose type is written with symbols: an array, a number, an integer expression."""

    type: Any
    make: Callable[[Sizes], Any]
    symbols: frozenset[str] = field(default_factory=frozenset)


def dim(text: str) -> Dim:
    match = re.fullmatch(r"\s*(_?±?[a-z]+)?\s*([+-]?\s*\d+)?\s*", text)
    assert match, text
    return Dim(match[1], int((match[2] or "0").replace(" ", "")))


def _names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"_?±?[a-z]+", text))


def array(shape: str = "", dtype: str = "float64", square: bool = False) -> Argument:
    """An array of this shape; `square` adds a multiple of the identity, so that it inverts."""
    dims = tuple(dim(part) for part in shape.split(",")) if shape else ()

    def make(sizes: Sizes) -> Any:
        concrete = tuple(max(0, evaluate_dim(d, sizes)) for d in dims)
        values = np.random.default_rng(len(concrete)).uniform(0.5, 1.5, concrete)
        values = np.asarray(values * 4 if dtype.startswith(("int", "uint")) else values)
        if square:
            values = values + values.swapaxes(-1, -2) + 9 * np.eye(concrete[-1])
        return np.asarray(values > 1) if dtype == "bool" else values.astype(dtype)

    return Argument(Num(dtype, dims, "array"), make, _names(shape))


def index(shape: str, dtype: str = "int64") -> Argument:
    """An array of zeros and ones that can index."""
    mould = array(shape)
    return Argument(
        Num(dtype, mould.type.shape, "array"),
        lambda sizes: (mould.make(sizes) > 1).astype(dtype),
        mould.symbols,
    )


def number(value: Any) -> Argument:
    """A number known only to the run; a NumPy scalar where `value` is one."""
    dtype, kind = describe(value)
    return Argument(Num(dtype, (), kind), lambda sizes: value)


def integer(expression: str) -> Argument:
    """A Python int with a symbolic value."""
    value = dim(expression)
    return Argument(
        Num("int64", (), "python", value),
        lambda sizes: evaluate_dim(value, sizes),
        _names(expression),
    )


def list_of(item: Argument, length: int) -> Argument:
    return Argument(
        ListOf(item.type), lambda sizes: [item.make(sizes) for _ in range(length)], item.symbols
    )


@dataclass(frozen=True)
class Case:
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    loose: bool

    def __str__(self) -> str:
        return getattr(self.fn, "__name__", str(self.fn))


def case(fn: Callable[..., Any], *args: Any, loose: bool = False, **kwargs: Any) -> Case:
    """`loose` allows the dtype or rank of the result to be unknown."""
    return Case(fn, args, kwargs, loose)


# -------------------------------------------------------------------- atoms and values


def to_atom(template: Any) -> Atom:
    if isinstance(template, Argument):
        return Var("x", template.type)
    if isinstance(template, tuple | list):
        return Tup(tuple(map(to_atom, template)), isinstance(template, list))
    if isinstance(template, slice):
        return Slc(*map(to_atom, (template.start, template.stop, template.step)))
    return Const(template)


def to_value(template: Any, sizes: Sizes) -> Any:
    if isinstance(template, Argument):
        return template.make(sizes)
    if isinstance(template, tuple | list):
        return type(template)(to_value(item, sizes) for item in template)
    if isinstance(template, slice):
        parts = (template.start, template.stop, template.step)
        return slice(*(to_value(part, sizes) for part in parts))
    return template


def symbols(template: Any) -> set[str]:
    if isinstance(template, Argument):
        return set(template.symbols)
    if isinstance(template, slice):
        template = (template.start, template.stop, template.step)
    if isinstance(template, tuple | list):
        return set().union(*map(symbols, template))
    return set()


def assignments(names: set[str]) -> list[Sizes]:
    """Sizes to try: public symbols at least 2, hidden ones also 0 and 1."""
    hidden = sorted(name for name in names if name.startswith("_"))
    choices = itertools.product(*(SIGNED_VALUES if "±" in name else HIDDEN for name in hidden))
    return [{**base, **dict(zip(hidden, c))} for c in choices for base in PUBLIC]


# ------------------------------------------------------------------------------ checks


def check(case: Case) -> None:
    """Type the call once, make it with several sizes, compare."""
    atoms = tuple(map(to_atom, case.args))
    options = {name: to_atom(value) for name, value in case.kwargs.items()}
    inferred = infer(case.fn, atoms, options)
    if not case.loose:
        assert_known(inferred)
    ran = 0
    for sizes in assignments(symbols((*case.args, *case.kwargs.values()))):
        args = [to_value(arg, sizes) for arg in case.args]
        kwargs = {name: to_value(value, sizes) for name, value in case.kwargs.items()}
        try:
            with np.errstate(all="ignore"):
                result = case.fn(*args, **kwargs)
        except (ValueError, TypeError, IndexError, ZeroDivisionError, np.linalg.LinAlgError):
            continue
        ran += 1
        try:
            assert_describes(inferred, result, sizes, {})
        except AssertionError as error:
            raise AssertionError(f"{case}: {inferred!r} at {sizes}: {error}") from None
    assert ran, f"{case} ran with no sizes"


def assert_known(inferred: Any) -> None:
    for type_ in inferred if isinstance(inferred, tuple) else (inferred,):
        element = type_.element if isinstance(type_, ListOf) else type_
        assert isinstance(element, Num), inferred
        assert element.dtype is not None, inferred
        assert element.shape is not None, inferred


def assert_describes(type_: Any, value: Any, sizes: Sizes, bound: Sizes) -> None:
    if isinstance(type_, tuple):
        assert isinstance(value, tuple | list)
        assert len(type_) == len(value)
        for item, part in zip(type_, value):
            assert_describes(item, part, sizes, bound)
    elif isinstance(type_, ListOf):
        assert isinstance(value, tuple | list)
        for part in value:
            assert_describes(type_.element, part, sizes, {})
    elif not isinstance(type_, Opaque):
        assert_num(type_, value, sizes, bound)


def assert_num(type_: Num, value: Any, sizes: Sizes, bound: Sizes) -> None:
    dtype, kind = describe(value)
    assert type_.dtype in (None, dtype), f"dtype is {dtype}"
    # What is no array may be a number of whichever class, as the run decides.
    allowed = {"any", kind} | (set() if kind == "array" else {"number"})
    assert type_.kind in allowed, f"kind is {kind}"
    if type_.shape is not None:
        assert len(type_.shape) == np.ndim(value), f"shape is {np.shape(value)}"
        for d, length in zip(type_.shape, np.shape(value)):
            assert_size(d, length, sizes, bound)
    if type_.value is not None:
        expected = evaluate_dim(type_.value, sizes)
        assert value == expected, f"value is {value}, not {expected}"


def assert_size(d: Dim, length: int, sizes: Sizes, bound: Sizes) -> None:
    if d.symbol is not None and "?" in d.symbol:
        if d.offset == 0:
            assert bound.setdefault(d.symbol, length) == length, f"{d.symbol} is {length} as well"
        return
    expected = max(0, evaluate_dim(d, sizes))
    assert length == expected, f"{d!r} is {length}, not {expected}"


def evaluate_dim(d: Dim, sizes: Sizes) -> int:
    if d.symbol is None:
        return d.offset
    if d.symbol in sizes:
        return sizes[d.symbol] + d.offset
    names = {name.replace("_±", "pm"): size for name, size in sizes.items()}
    text = d.symbol.removeprefix("_").replace("_±", "pm").replace("±", "pm")
    value: int = eval(text, {}, names)
    assert d.symbol.startswith("_") or value >= 2, f"{d.symbol} is {value}"
    assert lower_bound(d) <= value + d.offset
    return value + d.offset


# ------------------------------------------------------------------- common arguments

F = array("n, m")
V = array("n")
ONE_COLUMN = array("n, 1")
MAYBE = array("_p")
F32 = array("n, m", "float32")
INTS = array("n, m", "int64")
BOOLS = array("n, m", "bool")
ZERO_D = array("")
PY_FLOAT, PY_INT, NP_FLOAT = number(2.5), number(3), number(np.float32(1.5))
