"""From a rule to cotangents and tangents: what the tape and the compiler share.

Both functions run on whatever kind of value the caller has (arrays, Tensors, symbols); all they
ask of it are operators and the functions that rules call. What is certainly zero is None, and
stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NoReturn

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.table import Rule
from sorix.support import broadcast_like, unbroadcast, zeros_like
from sorix.support.broadcasting import shape_of

Needs = Callable[[Any, Any], bool]


def shapes_differ(value: Any, like: Any) -> bool:
    """Whether `value` must be summed or spread to have the shape of `like`."""
    return shape_of(value) != shape_of(like)


def apply_adjoint(
    rule: Rule,
    y_bar: Any,
    y: Any,
    args: Sequence[Any],
    options: dict[str, Any],
    wanted: Sequence[bool] | None = None,
    needs: Needs = shapes_differ,
) -> tuple[Any, ...]:
    """The cotangents of a primitive's positional arguments.

    Parameters
    ----------
    rule : Rule
    y_bar, y
        Cotangent and value of the result; tuples where the primitive returns several, with
        None for a cotangent that is zero.
    args, options
        The call in canonical form.
    wanted
        For each argument, whether its cotangent is asked for; all where left out.
    needs
        ``needs(x_bar, x)`` decides whether `x_bar` is unbroadcast to the shape of `x`.

    Returns
    -------
    tuple, one entry for each of `args`: its cotangent; None where that is zero, does not exist
    or is not wanted; for an argument that is a tuple or list, a sequence of such.
    """
    if rule.derive is None:
        return (None,) * len(args)
    if rule.kind == "elementwise":
        found = rule.derive(y, *args, **options)
    else:
        if isinstance(y_bar, tuple | list):
            y_bar = _without_none(y_bar, y)
        found = rule.derive(y_bar, y, *args, **options)
    parts = parts_of(rule, found, len(args))
    result: list[Any] = []
    for i, x in enumerate(args):
        part = parts[i] if i < len(parts) and (wanted is None or wanted[i]) else None
        part = _called(part)
        if rule.kind == "elementwise":
            part = _scaled(y_bar, part)
        result.append(_shaped_like(part, x, needs))
    return tuple(result)


def parts_of(rule: Rule, found: Any, count: int) -> tuple[Any, ...]:
    """What a rule returned for each of `count` arguments.

    A rule of a program's own must say it of all that it can be differentiated in: what is left
    out by mistake would be a derivative of zero.
    """
    parts = found if type(found) is tuple else (found,)
    if not max(rule.wrt, default=-1) < len(parts) <= count and not rule.is_own:
        name = getattr(rule.function, "__name__", repr(rule.function))
        given = "one value" if len(parts) == 1 else f"{len(parts)} values"
        raise UnsupportedFunctionError(
            f"the rule of {name} returns {given} for {count} argument{'s' * (count != 1)}. Hint:"
            " return a tuple with one for each, None where there is no derivative"
        )
    return parts


def apply_tangent(
    rule: Rule,
    dots: Sequence[Any],
    y: Any,
    args: Sequence[Any],
    options: dict[str, Any],
    needs: Needs = shapes_differ,
) -> Any:
    """The tangent of a primitive's result, or None where it is certainly zero.

    Parameters
    ----------
    rule : Rule
    dots
        For each positional argument its tangent, or None; for a sequence of arrays, a
        sequence of such.
    y, args, options
        Value of the result, and the call in canonical form.
    needs
        ``needs(y_dot, y)`` decides whether `y_dot` is broadcast to the shape of `y`.
    """
    if rule.derive is None or all(_is_zero(dot) for dot in dots):
        return None
    if rule.tangent is not None:
        y_dot = rule.tangent(tuple(dots), y, *args, **options)
    elif rule.kind == "elementwise":
        y_dot = _elementwise_tangent(rule, dots, y, args, options)
    elif rule.kind == "linear":
        y_dot = _linear_tangent(rule, dots, args, options)
    elif rule.kind == "bilinear":
        y_dot = _bilinear_tangent(rule, dots, args, options)
    else:
        name = getattr(rule.function, "__name__", repr(rule.function))
        raise UnsupportedFunctionError(f"{name} has no tangent rule; use reverse mode")
    return _broadcast(y_dot, y, needs)


def _broadcast(y_dot: Any, y: Any, needs: Needs) -> Any:
    """A tangent, or those of several results, with the shape of the result."""
    if y_dot is None:
        return None
    if isinstance(y_dot, tuple | list):
        if not isinstance(y, tuple | list):
            return y_dot
        kind = list if isinstance(y_dot, list) else tuple
        return kind(_broadcast(dot, v, needs) for dot, v in zip(y_dot, y, strict=True))
    return broadcast_like(y_dot, y) if needs(y_dot, y) else y_dot


def _scaled(v: Any, partial: Any) -> Any:
    """``v * partial``, without the multiplication where it is by 1 or -1."""
    if partial is None:
        return None
    if type(partial) is int and partial in (1, -1):
        return v if partial == 1 else -v
    return v * partial


def _called(part: Any) -> Any:
    return part() if type(part) is FunctionType else part


def _shaped_like(x_bar: Any, x: Any, needs: Needs) -> Any:
    if x_bar is None:
        return None
    if isinstance(x, tuple | list):
        if not isinstance(x_bar, tuple | list):
            return unbroadcast(x_bar, x) if needs(x_bar, x) else x_bar
        kind = list if isinstance(x_bar, list) else tuple
        return kind(_shaped_like(v, item, needs) for v, item in zip(x_bar, x, strict=True))
    return unbroadcast(x_bar, x) if needs(x_bar, x) else x_bar


def _without_none(y_bar: Any, y: Any) -> Any:
    if not isinstance(y_bar, tuple | list):
        return zeros_like(y) if y_bar is None else y_bar
    kind = list if isinstance(y_bar, list) else tuple
    return kind(_without_none(b, v) for b, v in zip(y_bar, y, strict=True))


def _is_zero(dot: Any) -> bool:
    return dot is None or isinstance(dot, tuple | list) and all(_is_zero(item) for item in dot)


def _elementwise_tangent(
    rule: Rule, dots: Sequence[Any], y: Any, args: Sequence[Any], options: dict[str, Any]
) -> Any:
    assert rule.derive is not None
    found = rule.derive(y, *args, **options)
    partials = parts_of(rule, found, len(args))
    total = None
    for partial, dot in zip(partials, dots, strict=False):
        if dot is not None and partial is not None:
            total = added(total, _scaled(dot, _called(partial)))
    return total


def _linear_tangent(
    rule: Rule, dots: Sequence[Any], args: Sequence[Any], options: dict[str, Any]
) -> Any:
    moved = list(args)
    for i in rule.wrt:
        if i < len(args):
            moved[i] = _with_zeros(dots[i], args[i])
    return rule.function(*moved, **options)


def _with_zeros(dot: Any, x: Any) -> Any:
    """A tangent for `x` whose missing parts are zeros."""
    if dot is None:
        return zeros_like(x)
    if isinstance(dot, tuple | list) and isinstance(x, tuple | list):
        kind = list if isinstance(x, list) else tuple
        return kind(_with_zeros(d, v) for d, v in zip(dot, x, strict=True))
    return dot


def _bilinear_tangent(
    rule: Rule, dots: Sequence[Any], args: Sequence[Any], options: dict[str, Any]
) -> Any:
    total = None
    for i in rule.wrt:
        if i < len(args) and dots[i] is not None:
            moved = [*args[:i], dots[i], *args[i + 1 :]]
            total = added(total, rule.function(*moved, **options))
    return total


def refused(what: str) -> Callable[[], NoReturn]:
    """A cotangent that exists and is not implemented: asking for it is an error.

    A rule that returned None there would claim that the derivative is zero.
    """

    def refuse() -> NoReturn:
        raise UnsupportedFunctionError(f"no derivative is implemented with respect to {what}")

    return refuse


def refuse_tangent(dots: Sequence[Any], what: str) -> None:
    """The same in a tangent rule, for arguments with these tangents."""
    if not _is_zero(tuple(dots)):
        refused(what)()


def added(total: Any, term: Any) -> Any:
    """``total + term``, where either may be None for zero."""
    if total is None:
        return term
    return total if term is None else total + term
