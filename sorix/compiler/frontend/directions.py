"""``jvp``, ``vjp`` and ``hvp`` met inside a program: expanded where they stand.

The function is interpreted on copies of its arguments whose floats are variables of their own.
Forward mode replaces the statements that come out by themselves with their tangents; reverse mode
appends their reverse sweep where the pullback is called. What comes out is plain IR in both cases,
so that it may be differentiated again, to any order.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import branching, containers, intrinsics, objects
from sorix.compiler.frontend.apart import called_apart, number_of
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.frames import Caught, Terminated
from sorix.compiler.frontend.independents import (
    Visitor,
    holds_floats,
    independent,
    mapped,
    may_move,
    rebuilt,
)
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.outlining import routine_from
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    DictContent,
    GradientOf,
    GrownList,
    InstanceContent,
    Kwargs,
    Maybe,
    Pullback,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Const, Stmt, Var
from sorix.compiler.ir.types import ListOf, Num
from sorix.compiler.ir.walk import clone, with_origin
from sorix.errors import (
    NotDifferentiableError,
    ShapeMismatchError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

Place = tuple[Value, Value | None]
"""A number, array or grown list, and what stands at its place in a tangent or cotangent."""


@intrinsics.intrinsic("func.jvp")
def _jvp(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    given = intrinsics.bound("function primals tangents", args, kwargs)
    primals = _items(it, given["primals"], "the primals of jvp()")
    tangents = _items(it, given["tangents"], "the tangents of jvp()")
    return Sequence(_moved(it, given["function"], primals, tangents))


@intrinsics.intrinsic("func.hvp")
def _hvp(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """The tangent of the gradient."""
    given = intrinsics.bound("function primals tangents", args, kwargs)
    primals = _items(it, given["primals"], "the primals of hvp()")
    tangents = _items(it, given["tangents"], "the tangents of hvp()")
    positions = tuple(k for k, primal in enumerate(primals) if holds_floats(it, primal))
    gradient = GradientOf(given["function"], positions, False, False)
    _, moved = _moved(it, gradient, primals, tangents)
    assert isinstance(moved, Sequence)
    found = dict(zip(positions, moved.items, strict=True))
    products = tuple(
        found[k] if k in found else rebuilt(it, primal, iter(()), iter(()), floats_only=True)
        for k, primal in enumerate(primals)
    )
    return products[0] if len(products) == 1 else Sequence(products)


@intrinsics.intrinsic("func.vjp")
def _vjp(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    function, primals = (args[0], args[1:]) if args else (kwargs["function"], [])
    wrt: list[Var] = []
    inner = [independent(it, primal, wrt, floats_only=True) for primal in primals]
    templates = tuple(independent(it, primal, [], floats_only=True) for primal in primals)
    stmts, value, atoms = _interpreted(it, function, inner, "vjp")
    it.builder.stmts.extend(stmts)
    results = iter(atoms)
    template = mapped(it, value, _numbers(it, lambda: next(results)))
    name = intrinsics.name_of(function)
    pullback = Pullback(
        name, tuple(stmts), tuple(wrt), tuple(atoms), template, templates, it.builder
    )
    return Sequence((value, pullback))


def _items(it: Interpreter, value: Value, what: str) -> tuple[Value, ...]:
    items = None if isinstance(value, Static) else containers.static_items(it, value)
    if items is None:
        raise UnsupportedTypeError(
            f"{what} are {describe(value, it)}", "give a tuple with one item for each argument"
        )
    return items


# -- forward mode ---------------------------------------------------------------------------


def _moved(
    it: Interpreter, function: Value, primals: tuple[Value, ...], tangents: tuple[Value, ...]
) -> tuple[Value, Value]:
    """The value of a function, and its tangent."""
    if len(tangents) != len(primals):
        raise ShapeMismatchError(
            f"{len(primals)} primals and {len(tangents)} tangents are given",
            "give one tangent for each argument, and None for one that does not move",
        )
    wrt: list[Var] = []
    inner = [independent(it, primal, wrt, floats_only=True) for primal in primals]
    places = [
        place
        for primal, tangent in zip(primals, tangents, strict=True)
        for place in _beside(it, primal, tangent)
    ]
    dots: dict[Var, Atom] = {}
    variables = iter(wrt)
    for number, tangent in places:
        dot = _direction(it, number, tangent)
        if _moves(it, number):
            var = next(variables)
            if dot is not None:
                dots[var] = dot
    stmts, value, atoms = _interpreted(it, function, inner, "jvp")
    moved_stmts, moved = it.tangent_in_place(stmts, dots, atoms)
    it.builder.stmts.extend(moved_stmts)
    found = iter(moved)
    return value, mapped(it, value, _numbers(it, lambda: next(found)))


def _numbers(it: Interpreter, following: Callable[[], Atom]) -> Visitor:
    """Puts other numbers into a structure, in the order in which `_leaves` finds its own."""

    def leaf(number: Value) -> Value:
        wrapped = it.wrap(following())
        return Tensor(wrapped, number.requires_grad) if isinstance(number, Tensor) else wrapped

    def instance(content: InstanceContent, each: Callable[[Value], Value]) -> Value:
        fields = {name: each(v) for name, v in objects.fields_of(it, content).items()}
        cell = Cell(content.cls.__name__.lower())
        it.put(cell, InstanceContent(content.cls, fields))
        return Reference(cell)

    def grown(content: GrownList) -> GrownList:
        return GrownList(tuple(following() for _ in content.atoms), content.template)

    return Visitor(leaf, instance, grown, tolerant=True)


def _interpreted(
    it: Interpreter, function: Value, args: list[Value], what: str
) -> tuple[list[Stmt], Value, list[Atom]]:
    """The statements that a call of the function is, its value, and the numbers in that."""
    if it.tries:
        raise UnsupportedSyntaxError(
            f"{what}() stands in a try statement",
            "put the try statement into the function",
        )
    depth = len(it.splits)
    found: list[Value] = []
    atoms: list[Atom] = []

    def run() -> None:
        value = number_of(it, called_apart(it, function, args, {}), f"{what}()")
        found.append(value)
        atoms.extend(_leaves(it, value))

    with it.nested() as builder:
        end = branching.join(it, depth, branching.outcome(it, run))
    if end != "goes on":
        it.builder.stmts.extend(builder.stmts)
        raise Terminated if end == "raises" else Caught
    return builder.stmts, found[0], atoms


def _leaves(it: Interpreter, value: Value) -> list[Atom]:
    """The atoms of the numbers in a structure."""
    found: list[Atom] = []
    for number, _ in _beside(it, value, None):
        found.append(it.read(number))
    return found


# -- reverse mode ---------------------------------------------------------------------------


def call_pullback(it: Interpreter, fn: Pullback, args: list[Value], kwargs: Kwargs) -> Value:
    """Append the reverse sweep; the cotangents of the arguments."""
    given = intrinsics.bound("cotangent changed", args, kwargs)
    changed = given.get("changed", NONE)
    if not (isinstance(changed, Static) and changed.value is None):
        raise UnsupportedCallError(
            "a pullback is given cotangents of changed arguments inside a compiled function",
            "return the arrays that the function changes from it",
        )
    seeds: dict[Var, Atom] = {}
    numbers = _beside(it, fn.value, given["cotangent"])
    for atom, (number, cotangent) in zip(fn.results, numbers, strict=True):
        bar = _direction(it, number, cotangent, strict=False)
        if bar is not None and isinstance(atom, Var) and _moves(it, number):
            seeds[atom] = bar if atom not in seeds else it.atom(operator.add, seeds[atom], bar)
    bars = iter(_swept(it, fn, seeds))
    sources = iter(fn.wrt)
    return Sequence(
        tuple(rebuilt(it, primal, bars, sources, floats_only=True) for primal in fn.primals)
    )


def _swept(it: Interpreter, fn: Pullback, seeds: dict[Var, Atom]) -> tuple[Atom | None, ...]:
    """The cotangents of the variables, their reverse sweep appended.

    Where the sweep needs what the statements did not leave, as what a loop computed on its way,
    and they stand in another block, or were extended before, they are run again.
    """
    if not seeds:
        return (None,) * len(fn.wrt)
    stmts, origin = list(fn.stmts), it.builder.origin
    found = it.adjoint_in_place(stmts, seeds, list(fn.wrt))
    if list(found.forward) != stmts:
        place = _place_of(it, fn)
        if place is None:
            found = _run_again(it, fn, seeds)
        else:
            it.builder.stmts[place : place + len(stmts)] = found.forward
    it.builder.stmts.extend(with_origin(stmt, origin) for stmt in found.reverse)
    for bar in found.cotangents:
        if isinstance(bar, Var):
            it.named_at[bar] = intrinsics.UNNAMED
    cotangents: tuple[Atom | None, ...] = found.cotangents
    return cotangents


def _place_of(it: Interpreter, fn: Pullback) -> int | None:
    """Where the statements stand in this block; None where they do not, or not as they were."""
    stmts, own = fn.stmts, it.builder.stmts
    if it.builder is not fn.builder:
        return None
    for k, stmt in enumerate(own):
        if stmt is stmts[0]:
            same = all(a is b for a, b in zip(own[k : k + len(stmts)], stmts, strict=False))
            return k if same and len(own) >= k + len(stmts) else None
    return None


def _run_again(it: Interpreter, fn: Pullback, seeds: dict[Var, Atom]) -> Any:
    """The sweep over one call of a routine that does what the statements did."""
    again = clone(Block(fn.stmts, tuple(seeds)))
    routine, args = routine_from(fn.name, again, it.builder.origin)
    targets = tuple(Var(var.hint, var.type) for var in seeds)
    call = Assign(targets, Call(routine, args), it.builder.origin)
    bars = dict(zip(targets, seeds.values(), strict=True))
    return it.adjoint_in_place([call], bars, list(fn.wrt))


# -- tangents and cotangents of a structure -------------------------------------------------


def _moves(it: Interpreter, number: Value) -> bool:
    """Whether a place of `_beside` can have a derivative."""
    if isinstance(number, Var) and isinstance(number.type, ListOf):
        return True
    return may_move(it, number)


def _direction(
    it: Interpreter, number: Value, given: Value | None, strict: bool = True
) -> Atom | None:
    """The tangent or cotangent of a number, in its shape and dtype; None for zero."""
    if given is None or isinstance(given, Static) and given.value is None:
        return None
    if not _moves(it, number):
        if strict and not (isinstance(given, Const) and not given.value):
            raise NotDifferentiableError(
                "a tangent is given for an integer: only floats have one",
                "pass a float or an array of floats, or None as its tangent",
            )
        return None
    if not it.is_numeric(given):
        raise UnsupportedTypeError(
            f"{describe(given, it)} is given as the tangent or cotangent of a number or array",
            "give a value of the structure of what it belongs to",
        )
    atom, own, type_ = it.read(given), it.type_of(number), it.type_of(given)
    if not (isinstance(own, Num) and isinstance(type_, Num)):
        return atom
    _require_shape(it, own, type_)
    if isinstance(atom, Const) and isinstance(atom.value, int):
        return Const(float(atom.value))
    wanted = own.dtype if own.kind not in ("python", "number") else "float64"
    weak = type_.kind in ("python", "number") and own.rank == 0
    if wanted and type_.dtype != wanted and not weak:
        return it.atom(support.cast, atom, Const(np.dtype(wanted)))
    return atom


def _require_shape(it: Interpreter, own: Num, given: Num) -> None:
    """Refuse another shape; where only one of two sizes is known, that of the argument is asked."""
    if own.shape is None or given.shape is None:
        return
    fits = len(own.shape) == len(given.shape)
    for a, b in zip(own.shape, given.shape, strict=False):
        known = [dim.symbol for dim in (a, b) if dim.symbol is not None]
        if a == b or len(known) == 2:
            continue
        keys = it.inputs.dimensions.get(known[0]) if known else None
        if keys and not keys <= it.inputs.demanded:
            it.demand_unroll(keys)
        fits = fits and bool(known) and 1 not in (a.offset, b.offset)
    if not fits:
        raise ShapeMismatchError(
            f"a tangent or cotangent of shape {_shown(given)} is given for a value of shape"
            f" {_shown(own)}",
            "give one of the same shape",
        )


def _shown(type_: Num) -> str:
    return "(" + ", ".join(map(str, type_.shape or ())) + ")"


def _beside(it: Interpreter, value: Value, other: Value | None) -> Iterator[Place]:
    """The numbers in a structure, each with what stands at its place in another."""
    if isinstance(value, Maybe):
        value = value.value
    if other is not None and isinstance(other, Static) and other.value is None:
        other = None
    content = containers.content_of(it, value)
    if it.is_numeric(value):
        yield value, other
    elif isinstance(content, DictContent):
        for key, item in content.items:
            yield from _beside(it, item, _part(it, other, key))
    elif isinstance(content, InstanceContent):
        for name, item in objects.fields_of(it, content).items():
            yield from _beside(it, item, _part(it, other, name))
    elif isinstance(content, GrownList):
        others = containers.content_of(it, other) if other is not None else None
        if other is not None and not isinstance(others, GrownList):
            raise _misfit(it, other)
        atoms: Any = others.atoms if others is not None else (None,) * len(content.atoms)
        yield from zip(content.atoms, atoms, strict=True)
    elif not isinstance(value, Static):
        items = containers.static_items(it, value) or ()
        others_ = _parts(it, other, len(items))
        for item, part in zip(items, others_, strict=True):
            yield from _beside(it, item, part)


def _part(it: Interpreter, other: Value | None, key: Any) -> Value | None:
    """What a tangent has under a key, or as a field."""
    if other is None:
        return None
    content = containers.content_of(it, other)
    if isinstance(content, InstanceContent):
        return objects.fields_of(it, content).get(key)
    if isinstance(content, DictContent):
        return content.get(key)
    raise _misfit(it, other)


def _parts(it: Interpreter, other: Value | None, count: int) -> tuple[Value | None, ...]:
    if other is None:
        return (None,) * count
    items = None if it.is_numeric(other) else containers.static_items(it, other)
    if items is None or len(items) != count:
        raise _misfit(it, other)
    return items


def _misfit(it: Interpreter, other: Value) -> ShapeMismatchError:
    return ShapeMismatchError(
        f"{describe(other, it)} is given as a tangent or cotangent that does not have the"
        " structure of what it belongs to",
        "give a value of the same structure",
    )
