"""Derivatives along a direction: `jvp` (forward), `vjp` (reverse), `hvp` (forward over reverse)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sorix.compiler.differentiate.adjoint import is_seedable
from sorix.compiler.dispatch import name_of
from sorix.compiler.verification import verify, verify_tangent
from sorix.errors import NotDifferentiableError
from sorix.func.floats import require_any
from sorix.func.memory import apart_from
from sorix.func.outputs import require_real, unit_like
from sorix.func.pairing import require_computed
from sorix.func.points import Point, once, program_left
from sorix.runtime.intrinsic import intrinsic
from sorix.runtime.options import entrance


@intrinsic("func.jvp")
@entrance
def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    """The value of a function, and its derivative along a direction, in one forward pass.

    Parameters
    ----------
    function : callable
        Of arrays, floats and other Python values; may contain loops, branches and writes.
    primals : sequence
        The arguments.
    tangents : sequence
        The direction: for each argument a value of the same structure; None for an argument
        that does not move.

    Returns
    -------
    (value, tangent)
        What the function returns, and its derivative along `tangents`, of the same structure.

    Raises
    ------
    NotDifferentiableError
        Where the function only changes its arguments: return what it changes, or use `vjp`.

    Examples
    --------
    >>> import sorix
    >>> sorix.func.jvp(lambda x: x**3, (2.0,), (1.0,))
    (8.0, 12.0)
    """
    point = Point(function, primals)
    if point.is_procedure:
        raise NotDifferentiableError(
            f"{name_of(function)}() returns nothing: the tangents of the arrays that it changes "
            "would be lost",
            "return the arrays from the function, or use sorix.func.vjp",
        )
    moving, dots = point.directions(tangents)
    require_computed(point.entry.lowered.result, name_of(function))
    built = point.entry.program.tangent(moving)
    results = point.entry.program.function.body.results
    once(point, "jvp", lambda: verify_tangent(*point.checked))
    count = len(results) + point.seedable
    leaves = point.call(built.functions[0], (*point.values, *dots), count)
    tangents_of = iter(leaves[len(results) :])
    moved = [next(tangents_of) if is_seedable(atom) else 0.0 for atom in results]
    point.require_derivative(leaves)
    for dot in leaves[len(results) :]:
        require_real(dot, point.name)
    moved = [None if leaf is None else dot for leaf, dot in zip(leaves, moved, strict=False)]
    moved = apart_from(moved, dots)  # The direction is the caller's.
    return point.rebuild(leaves), point.rebuild(moved)


@intrinsic("func.vjp")
@entrance
def vjp(function: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., tuple[Any, ...]]]:
    """The value of a function, and the map from a cotangent of it to cotangents of the arguments.

    Parameters
    ----------
    function : callable
        Of arrays, floats and other Python values. It may return any structure of numbers and
        arrays, and may change its arguments in place; the caller's arrays stay as they are.
    *primals
        The arguments.

    Returns
    -------
    (value, pullback)
        ``pullback(cotangent, changed=None)`` takes a cotangent of the structure of the value
        (None where the function returns nothing) and, in the dict `changed`, cotangents of the
        arrays that the function changed, by argument name. It returns a tuple with a cotangent
        for each argument.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> value, pullback = sorix.func.vjp(lambda x, y: x * y, np.array([1.0, 2.0]), 3.0)
    >>> pullback(np.array([1.0, 1.0]))
    (array([3., 3.]), 3.0)

    A procedure that changes its argument:

    >>> def double(a):
    ...     a *= 2.0
    >>> _, pullback = sorix.func.vjp(double, np.array([1.0, 5.0]))
    >>> pullback(None, {"a": np.array([1.0, 0.0])})
    (array([2., 0.]),)
    """
    point = Point(function, primals)
    require_any(primals, point.names)
    point.require_reachable()
    require_computed(point.entry.lowered.result, name_of(function))
    results = point.entry.program.function.body.results
    seeds = tuple(map(is_seedable, results))
    forward, backward = point.entry.program.split(point.wrt, seeds).functions
    once(point, "vjp", lambda: verify(*point.checked))
    *leaves, residual = point.call(forward, point.values, len(results) + 1)
    point.require_derivative(leaves)
    # The caller can write into what he passed and what he is given.
    residual = apart_from(residual, [*point.values, *leaves])

    @entrance
    def pullback(cotangent: Any, changed: dict[str, Any] | None = None) -> tuple[Any, ...]:
        given = point.cotangents(cotangent, changed or {}, leaves)
        bars = point.call(backward, (*residual, *given), len(point.wrt))
        for bar in bars:
            require_real(bar, point.name)
        return point.gradients(apart_from(bars, [residual, given]))

    return point.rebuild(leaves), pullback


@intrinsic("func.hvp")
@entrance
def hvp(function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The product of the Hessian of a scalar function with a direction, forward over reverse.

    Parameters
    ----------
    function : callable
        Returns one number.
    primals, tangents : sequence
        The arguments and the direction, as of `jvp`.

    Returns
    -------
    The derivative of the gradient along `tangents`: for one argument its part alone, for more a
    tuple.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> x, v = np.array([1.0, 2.0]), np.array([1.0, 0.0])
    >>> sorix.func.hvp(lambda x: np.sum(x**3), (x,), (v,))
    array([6., 0.])
    """
    point = Point(function, primals)
    moving, dots = point.directions(tangents)
    seeds = point.scalar_seed()
    gradient = program_left(point, len(seeds)).gradient(point.wrt, seeds)
    built = gradient.tangent(moving)
    count = len(point.wrt)
    seeded = tuple(map(is_seedable, gradient.function.body.results))
    once(point, "gradient", lambda: verify(*point.checked))
    once(point, "hvp", lambda: verify_tangent(gradient, [*point.values, 1.0], point.wrt, seeded))
    one = unit_like(point.entry.program.function.body.results[seeds.index(True)])
    found = point.call(built.functions[0], (*point.values, one, *dots), 2 * count)
    for bar in found:
        require_real(bar, point.name)
    products = point.gradients(found[count:])
    return products[0] if len(products) == 1 else products


@entrance
def source_of(transform: Callable[..., Any], function: Callable[..., Any], *primals: Any) -> str:
    """The generated text that `jvp`, `vjp` or `hvp` of a function runs.

    Of what `grad`, `jacrev` and the others make, the attribute `source` is the text.

    Parameters
    ----------
    transform : {jvp, vjp, hvp}
        Of `vjp`, the text is that of the forward and of the backward sweep.
    function : callable
        Of arrays, floats and other Python values.
    *primals
        The arguments that it is specialised for.

    Returns
    -------
    str
        Python source.

    Raises
    ------
    ValueError
        If the transform is none of these.

    Examples
    --------
    >>> import sorix
    >>> text = sorix.func.source_of(sorix.func.jvp, lambda x: x * x, 3.0)
    >>> "def function__tangent(x, x_dot):" in text
    True
    """
    if transform not in (jvp, vjp, hvp):
        raise ValueError(
            f"{name_of(transform)} is none of jvp, vjp and hvp of sorix.func. Hint: what grad and"
            " the others return has the text as .source, once it was called"
        )
    point = Point(function, primals)
    program = point.entry.program
    if transform is jvp:
        return program.tangent(point.wrt).text
    if transform is vjp:
        return program.split(point.wrt, tuple(map(is_seedable, program.function.body.results))).text
    seeds = point.scalar_seed()
    gradient = program_left(point, len(seeds)).gradient(point.wrt, seeds)
    return gradient.tangent(point.wrt).text
