"""Numerical calculus on samples: interpolation, convolution, gradients, integrals."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.apply import added, refuse_tangent, refused
from sorix.primitives.table import adjoint, bilinear, tangent_of
from sorix.support import (
    convolve_transpose,
    diff_transpose,
    gradient_transpose,
    scatter,
    unbroadcast,
)


@adjoint(np.interp, oracle="fd5")
def interp(y_bar: Any, y: Any, x: Any, xp: Any, fp: Any) -> Any:
    i, t, slope, inside = _segment(y, x, xp, fp)
    bend = np.where(inside, y_bar * slope, 0.0)
    return (
        lambda: bend,
        lambda: scatter(-bend * (1.0 - t), xp, i) + scatter(-bend * t, xp, i + 1),
        lambda: scatter(y_bar * (1.0 - t), fp, i) + scatter(y_bar * t, fp, i + 1),
    )


@tangent_of(np.interp)
def interp_tangent(dots: Any, y: Any, x: Any, xp: Any, fp: Any) -> Any:
    x_dot, xp_dot, fp_dot = dots
    i, t, slope, inside = _segment(y, x, xp, fp)
    total = None if x_dot is None else np.where(inside, slope * x_dot, 0.0)
    if xp_dot is not None:
        moved = (1.0 - t) * xp_dot[i] + t * xp_dot[i + 1]
        total = added(total, np.where(inside, -slope * moved, 0.0))
    if fp_dot is not None:
        total = added(total, (1.0 - t) * fp_dot[i] + t * fp_dot[i + 1])
    return total


def _segment(y: Any, x: Any, xp: Any, fp: Any) -> tuple[Any, Any, Any, Any]:
    """Which segment `x` is in, where in it, its slope, and whether `x` is in any."""
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, np.size(xp) - 2)
    width = xp[i + 1] - xp[i]
    inside = (x >= xp[0]) & (x <= xp[-1])
    t = np.clip((x - xp[i]) / width, 0.0, 1.0)
    return i, t, (fp[i + 1] - fp[i]) / width, inside


@bilinear(np.convolve)
def convolve(y_bar: Any, y: Any, a: Any, v: Any, mode: str = "full") -> Any:
    return (
        lambda: convolve_transpose(y_bar, v, a, mode=mode),
        lambda: convolve_transpose(y_bar, a, v, mode=mode),
    )


@bilinear(convolve_transpose)
def convolve_transpose_(z_bar: Any, z: Any, y_bar: Any, v: Any, a: Any, mode: Any = "full") -> Any:
    return (
        lambda: np.convolve(z_bar, v, mode=mode),
        lambda: convolve_transpose(y_bar, z_bar, v, mode=mode),
    )


@bilinear(np.correlate)
def correlate(y_bar: Any, y: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """A convolution with the second argument reversed, but for where "same" cuts."""
    return (
        lambda: convolve_transpose(y_bar, np.flip(v), a, mode=mode),
        lambda: np.flip(convolve_transpose(y_bar, a, v, mode=mode)),
    )


@adjoint(np.gradient, wrt=tuple(range(8)), oracle="exact")
def gradient(
    y_bar: Any, y: Any, x: Any, *spacing: Any, axis: Any = None, edge_order: int = 1
) -> Any:
    axes = _axes(x, axis)
    y, y_bar = _parts(y, axes), _parts(y_bar, axes)
    steps = _steps(spacing, axes)

    def x_bar() -> Any:
        total = None
        for part, step, i in zip(y_bar, steps, axes, strict=True):
            total = added(total, gradient_transpose(part, x, step, axis=i, edge_order=edge_order))
        return total

    shares = [_spacing_bar(*each) for each in zip(y_bar, y, steps, strict=True)]
    if len(spacing) == 1 and len(axes) > 1:
        return x_bar, lambda: _sum_of(shares)
    return x_bar, *shares[: len(spacing)]


@tangent_of(np.gradient)
def gradient_tangent(
    dots: Any, y: Any, x: Any, *spacing: Any, axis: Any = None, edge_order: Any = 1
) -> Any:
    x_dot, *moved = dots
    axes = _axes(x, axis)
    y_dot = None
    if x_dot is not None:
        y_dot = np.gradient(x_dot, *spacing, axis=axis, edge_order=edge_order)
    if all(dot is None for dot in moved):
        return y_dot
    found = []
    for k, part in enumerate(_parts(y, axes)):
        dot, step = _steps(moved, axes)[k], _steps(spacing, axes)[k]
        own = None if y_dot is None else _parts(y_dot, axes)[k]
        found.append(own if dot is None else added(own, _spacing_dot(part, step, dot)))
    if len(axes) == 1:
        return found[0]
    return tuple(np.zeros_like(x) if part is None else part for part in found)


def _axes(x: Any, axis: Any) -> tuple[int, ...]:
    axes = tuple(range(np.ndim(x))) if axis is None else axis
    return axes if isinstance(axes, tuple) else (axes,)


def _parts(y: Any, axes: tuple[int, ...]) -> Any:
    """The gradients along each of the axes; along one alone they are no tuple."""
    return y if isinstance(y, tuple | list) else (y,)


def _steps(spacing: Any, axes: tuple[int, ...]) -> Any:
    return tuple(spacing) * len(axes) if len(spacing) == 1 else spacing or (1.0,) * len(axes)


def _spacing_bar(part: Any, y: Any, step: Any) -> Any:
    """A gradient is divided by its spacing, where that is a number."""
    if np.ndim(step) > 0:
        return refused("the coordinates of np.gradient")
    return lambda: -np.sum(part * y) / step


def _sum_of(shares: Any) -> Any:
    total = None
    for share in shares:
        total = added(total, share())
    return total


def _spacing_dot(y: Any, step: Any, step_dot: Any) -> Any:
    if np.ndim(step) > 0:
        refuse_tangent((step_dot,), "the coordinates of np.gradient")
    return -y * (step_dot / step)


@adjoint(gradient_transpose, wrt=(0, 2), oracle="exact")
def gradient_transpose_(
    z_bar: Any, z: Any, y_bar: Any, x: Any, spacing: Any, axis: int = 0, edge_order: int = 1
) -> Any:
    return (
        lambda: _gradient(z_bar, spacing, axis, edge_order),
        None,
        _spacing_bar(z_bar, z, spacing),
    )


@tangent_of(gradient_transpose)
def gradient_transpose_tangent(
    dots: Any, z: Any, y_bar: Any, x: Any, spacing: Any, axis: int = 0, edge_order: int = 1
) -> Any:
    y_dot, _, step_dot = dots
    z_dot = None
    if y_dot is not None:
        z_dot = gradient_transpose(y_dot, x, spacing, axis=axis, edge_order=edge_order)
    return z_dot if step_dot is None else added(z_dot, _spacing_dot(z, spacing, step_dot))


def _gradient(v: Any, spacing: Any, axis: Any, edge_order: Any) -> Any:
    return np.gradient(v, spacing, axis=axis, edge_order=edge_order)


@bilinear(np.trapezoid)
def trapezoid(z_bar: Any, z: Any, y: Any, x: Any, dx: float = 1.0, axis: int = -1) -> Any:
    """Half the width of each interval goes to both its ends."""
    spread = np.expand_dims(z_bar, axis)
    width = _widths(y, x, dx, axis)
    pairs = _pairs(y, axis)
    return (
        lambda: _to_both_ends(0.5 * spread * width, y, axis),
        None if x is None else lambda: _widths_bar(0.5 * spread * pairs, y, x, axis),
    )


@tangent_of(np.trapezoid)
def trapezoid_tangent(dots: Any, z: Any, y: Any, x: Any, dx: float = 1.0, axis: int = -1) -> Any:
    y_dot, x_dot = dots
    total = None
    if y_dot is not None:
        total = np.sum(0.5 * _widths(y, x, dx, axis) * _pairs(y_dot, axis), axis=axis)
    if x_dot is not None:
        moved = np.sum(0.5 * _widths(y, x_dot, dx, axis) * _pairs(y, axis), axis=axis)
        total = added(total, moved)
    return total


def _cut(y: Any, axis: int, part: slice) -> Any:
    return y[(slice(None),) * (axis % np.ndim(y)) + (part,)]


def _pairs(y: Any, axis: int) -> Any:
    """Sums of neighbours."""
    return _cut(y, axis, slice(1, None)) + _cut(y, axis, slice(None, -1))


def _widths(y: Any, x: Any, dx: Any, axis: int) -> Any:
    if x is None:
        if np.ndim(dx) > 0:
            raise UnsupportedFunctionError("np.trapezoid has a rule only for one number as dx")
        return dx
    if np.ndim(x) == np.ndim(y):
        return np.diff(x, axis=axis)
    if np.ndim(x) != 1:
        raise UnsupportedFunctionError(
            "np.trapezoid has a rule only for x of one dimension, or of as many as y has"
        )
    shape = [1] * np.ndim(y)
    shape[axis] = -1
    return np.reshape(np.diff(x), tuple(shape))


def _to_both_ends(halves: Any, y: Any, axis: int) -> Any:
    """The transpose of `_pairs`."""
    before = [(0, 0)] * np.ndim(y)
    before[axis] = (0, 1)
    after = [(0, 0)] * np.ndim(y)
    after[axis] = (1, 0)
    part = _cut(y, axis, slice(1, None))
    whole = unbroadcast(halves + np.zeros_like(part), part)
    return np.pad(whole, tuple(before)) + np.pad(whole, tuple(after))


def _widths_bar(width_bar: Any, y: Any, x: Any, axis: int) -> Any:
    if np.ndim(x) == np.ndim(y):
        return diff_transpose(unbroadcast(width_bar, np.diff(x, axis=axis)), x, axis=axis)
    others = tuple(i for i in range(np.ndim(y)) if i != axis % np.ndim(y))
    return diff_transpose(np.sum(width_bar, axis=others) if others else width_bar, x)
