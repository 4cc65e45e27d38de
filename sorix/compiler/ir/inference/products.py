"""Products of arrays that sum over axes: matmul and its kin, tensordot, einsum."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    NONE,
    UNKNOWN,
    axis_in,
    axis_of,
    num,
    static,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import available, typed
from sorix.compiler.ir.nodes import Atom, Const
from sorix.compiler.ir.shapes import broadcast, differ, fresh_shape, product, show
from sorix.compiler.ir.types import Dim, Num, Shape, Type
from sorix.errors import ShapeError

LAST = Const(-1)


def product_type(x: Num, y: Num, shape: Shape | None) -> Num:
    """The type of a product with this shape; a product without axes left is a NumPy scalar."""
    dtype = probe(_dot, _line(x), _line(y))[0]
    return Num(dtype, shape, "any" if shape is None else "array" if shape else "scalar")


def _line(x: Num) -> Num:
    return Num(x.dtype, (Dim(None, 1),), "array")


def _dot(a: Any, b: Any) -> Any:
    return np.matmul(a, b)


def check_contracted(a: Dim, b: Dim, x: Shape, y: Shape) -> None:
    if differ(a, b):
        raise ShapeError(f"shapes {show(x)} and {show(y)}: sizes {a} and {b} are not the same")


@typed(operator.matmul, np.matmul, *available(np.linalg, "matmul"))
def matmul(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    if x.shape is None or y.shape is None:
        return product_type(x, y, None)
    if () in (x.shape, y.shape):
        raise ShapeError("a matrix product needs operands with at least one axis")
    return product_type(x, y, matmul_shape(x.shape, y.shape))


def matmul_shape(x: Shape, y: Shape) -> Shape:
    check_contracted(x[-1], y[0] if len(y) == 1 else y[-2], x, y)
    if len(y) == 1:
        return x[:-1]
    if len(x) == 1:
        return (*y[:-2], y[-1])
    return (*broadcast(x[:-2], y[:-2]), x[-2], y[-1])


@typed(np.dot)
def dot(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    if x.shape is None or y.shape is None:
        return product_type(x, y, None)
    if () in (x.shape, y.shape):
        return product_type(x, y, x.shape or y.shape)
    at = 0 if len(y.shape) == 1 else len(y.shape) - 2
    check_contracted(x.shape[-1], y.shape[at], x.shape, y.shape)
    return product_type(x, y, (*x.shape[:-1], *y.shape[:at], *y.shape[at + 1 :]))


@typed(np.inner)
def inner(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    if x.shape is None or y.shape is None:
        return product_type(x, y, None)
    if () in (x.shape, y.shape):
        return product_type(x, y, x.shape or y.shape)
    check_contracted(x.shape[-1], y.shape[-1], x.shape, y.shape)
    return product_type(x, y, (*x.shape[:-1], *y.shape[:-1]))


@typed(np.outer, *available(np.linalg, "outer"))
def outer(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    if x.shape is None or y.shape is None:
        return product_type(x, y, fresh_shape(2))
    return product_type(x, y, (product(x.shape), product(y.shape)))


@typed(*available(np, "vdot"))
def vdot(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    return product_type(num(a), num(b), ())


@typed(*available(np, "vecdot"), *available(np.linalg, "vecdot"))
def vecdot(fn: Callable[..., Any], x1: Atom, x2: Atom, axis: Atom = NONE) -> Type:
    x, y = num(x1), num(x2)
    if x.shape is None or y.shape is None or static(axis) not in (None, -1):
        return product_type(x, y, None)
    check_contracted(x.shape[-1], y.shape[-1], x.shape, y.shape)
    return product_type(x, y, broadcast(x.shape[:-1], y.shape[:-1]))


@typed(np.kron)
def kron(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    if x.shape is None or y.shape is None:
        return product_type(x, y, None)
    rank = max(len(x.shape), len(y.shape))
    pairs = zip(_padded(x.shape, rank), _padded(y.shape, rank), strict=True)
    return product_type(x, y, tuple(product(pair) for pair in pairs))


def _padded(shape: Shape, rank: int) -> Shape:
    return (Dim(None, 1),) * (rank - len(shape)) + shape


@typed(np.cross)
def cross(
    fn: Callable[..., Any],
    a: Atom,
    b: Atom,
    axisa: Atom = LAST,
    axisb: Atom = LAST,
    axisc: Atom = LAST,
    axis: Atom = NONE,
) -> Type:
    return _crossed(a, b, *((axisa, axisb, axisc) if static(axis) is None else (axis,) * 3))


@typed(*available(np.linalg, "cross"))
def linalg_cross(fn: Callable[..., Any], x1: Atom, x2: Atom, axis: Atom = LAST) -> Type:
    return _crossed(x1, x2, axis, axis, axis)


def _crossed(a: Atom, b: Atom, axisa: Atom, axisb: Atom, axisc: Atom) -> Type:
    x, y = num(a), num(b)
    i, j = axis_of(axisa, x.rank), axis_of(axisb, y.rank)
    if x.shape is None or y.shape is None or i is None or j is None:
        return product_type(x, y, None)
    two, three = Dim(None, 2), Dim(None, 3)
    lead = broadcast(x.shape[:i] + x.shape[i + 1 :], y.shape[:j] + y.shape[j + 1 :])
    if (x.shape[i], y.shape[j]) == (two, two):
        return product_type(x, y, lead)
    if three not in (x.shape[i], y.shape[j]):
        return product_type(x, y, None)
    k = axis_of(axisc, len(lead) + 1)
    return product_type(x, y, None if k is None else (*lead[:k], three, *lead[k:]))


@typed(np.tensordot, *available(np.linalg, "tensordot"))
def tensordot(fn: Callable[..., Any], a: Atom, b: Atom, axes: Atom | None = None) -> Type:
    x, y = num(a), num(b)
    given = 2 if axes is None else static(axes)
    if x.shape is None or y.shape is None or given is UNKNOWN:
        return product_type(x, y, None)
    left, right = _contracted_axes(given, len(x.shape), len(y.shape))
    for i, j in zip(left, right, strict=True):
        check_contracted(x.shape[i], y.shape[j], x.shape, y.shape)
    kept = [dim for i, dim in enumerate(x.shape) if i not in left]
    kept += [dim for j, dim in enumerate(y.shape) if j not in right]
    result = product_type(x, y, tuple(kept))
    return result if kept else Num(result.dtype, (), "array")


def _contracted_axes(given: Any, x: int, y: int) -> tuple[list[int], list[int]]:
    if isinstance(given, int):
        return list(range(x - given, x)), list(range(given))
    left, right = ([side] if isinstance(side, int) else list(side) for side in given)
    return [axis_in(i, x) for i in left], [axis_in(j, y) for j in right]


# --------------------------------------------------------------------------------- einsum


@typed(np.einsum)
def einsum(
    fn: Callable[..., Any], subscripts: Atom, *operands: Atom, optimize: Atom = NONE
) -> Type:
    types = [num(operand) for operand in operands]
    text = static(subscripts)
    dtype = probe(_multiplied, *map(_line, types))[0] if len(types) < 5 else None
    if not isinstance(text, str):
        return Num(dtype)
    shapes = [x.shape for x in types]
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return Num(dtype, _einsum_rank(text))
    shape = _einsum_shape(text.replace(" ", ""), known)
    return Num(dtype, shape, "array" if shape else "any")


def _multiplied(*operands: Any) -> Any:
    return np.einsum(",".join("i" * len(operands)) + "->i", *operands)


def _einsum_rank(text: str) -> Shape | None:
    output = text.replace(" ", "").partition("->")
    return fresh_shape(len(output[2])) if output[1] and "..." not in text else None


def _einsum_shape(text: str, shapes: list[Shape]) -> Shape:
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(shapes):
        raise ShapeError(f"einsum of {inputs!r} needs {len(terms)} operands, not {len(shapes)}")
    sizes: dict[str, Dim] = {}
    batch: Shape = ()
    for term, shape in zip(terms, shapes, strict=True):
        batch = broadcast(batch, _read_term(term, shape, sizes))
    if not arrow:
        output = _implicit_output(terms, "..." in inputs)
    before, dots, after = output.partition("...")
    ends = [tuple(sizes[label] for label in part) for part in (before, after)]
    return (*ends[0], *(batch if dots else ()), *ends[1])


def _read_term(term: str, shape: Shape, sizes: dict[str, Dim]) -> Shape:
    """Note the size of each label of one operand; returns what ``...`` stands for."""
    before, dots, after = term.partition("...")
    rest = len(shape) - len(before) - len(after)
    if rest < 0 or (rest and not dots):
        raise ShapeError(f"einsum subscripts {term!r} do not fit shape {show(shape)}")
    named = (*shape[: len(before)], *shape[len(before) + rest :])
    for label, dim in zip(before + after, named, strict=True):
        try:
            sizes[label] = broadcast((sizes.get(label, dim),), (dim,))[0]
        except ShapeError:
            raise ShapeError(f"einsum label {label!r} has sizes {sizes[label]} and {dim}") from None
    return shape[len(before) : len(before) + rest]


def _implicit_output(terms: list[str], dots: bool) -> str:
    labels = "".join(terms).replace(".", "")
    once = sorted(label for label in set(labels) if labels.count(label) == 1)
    return ("..." if dots else "") + "".join(once)
