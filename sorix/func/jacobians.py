"""Whole matrices of derivatives: `jacrev` by rows, `jacfwd` by columns, `hessian`.

A row is what the reverse sweep of `vjp` makes of a unit cotangent, a column what the code of `jvp`
makes of a unit tangent, a column of a Hessian what that of `hvp` does. The function itself is run
once for all rows, and once for each column.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sorix.compiler.differentiate.adjoint import is_seedable
from sorix.compiler.dispatch import Dispatcher, name_of, shown
from sorix.compiler.frontend.marks import mark
from sorix.compiler.pipeline import Built
from sorix.compiler.program import Program
from sorix.compiler.verification import verify, verify_tangent
from sorix.errors import NotCompiledError, NotDifferentiableError
from sorix.func.blocks import by_arguments, by_results, matrix_of, size, units
from sorix.func.columns import hessian_read, jacobian_read
from sorix.func.floats import require_floats
from sorix.func.outputs import NOTHING, refuse_tensors, unit_like
from sorix.func.pairing import require_computed
from sorix.func.places import ArgNums, as_positions, place_of
from sorix.func.points import Point, once, program_left
from sorix.runtime.found import name_that_finds
from sorix.runtime.intrinsic import read_as
from sorix.runtime.options import entrance
from sorix.runtime.tracebacks import shorten


class JacobianFunction:
    """All derivatives of a function of arrays; made by `jacrev`, `jacfwd` and `hessian`.

    Attributes
    ----------
    source : str
        The generated text, as of the last call.
    """

    __sorix_intrinsic__ = "read_as"

    def __init__(
        self,
        function: Callable[..., Any],
        argnums: ArgNums,
        transform: str,
        run: Callable[[Point], tuple[Built, Any]],
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.function, self.argnums = function, as_positions(argnums)
        self.transform, self._run = transform, run
        read = hessian_read if transform == "hessian" else jacobian_read
        self.__sorix_read_as__ = read(function, self.argnums)
        self._dispatcher = Dispatcher(mark(function, "__sorix_wrapped__") or function)
        self._built: Built | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            refuse_tensors((args, kwargs), f"the derivative of {name_of(self.function)}()")
            bind = self._dispatcher.bind
            place = functools.partial(place_of, bind=bind, count=len(args), argnums=self.argnums)
            require_floats(args, self.argnums, place)
            point = Point(self.function, args, kwargs, self.argnums, self._dispatcher)
            self._built, found = self._run(point)
            return found
        except Exception as error:
            shorten(error)
            raise

    def __reduce__(self) -> str | tuple[Any, ...]:
        """As functions are pickled and copied; what was compiled stays behind."""
        parts = (self.function, self.argnums, self.transform, self._run)
        return name_that_finds(self) or (JacobianFunction, parts)

    def __repr__(self) -> str:
        return f"<sorix.func.{self.transform} of {shown(self.function)}, argnums={self.argnums}>"

    @property
    def source(self) -> str:
        """The generated text, as of the last call."""
        if self._built is None:
            raise NotCompiledError(
                f"the derivative of {name_of(self.function)}() has not been compiled yet",
                "call it once with the arguments it is to be compiled for",
            )
        return self._built.text


# -- ways to a matrix -----------------------------------------------------------------------


def _by_rows(point: Point) -> tuple[Built, Any]:
    """Reverse mode: a sweep for each number that the function returns."""
    results = _results(point)
    seeds = tuple(map(is_seedable, results))
    built = point.entry.program.split(point.wrt, seeds)
    forward, backward = built.functions
    once(point, "vjp", lambda: verify(*point.checked))
    *leaves, residual = point.call(forward, point.values, len(results) + 1)
    point.require_derivative(leaves)
    seeded = list(itertools.compress(leaves, seeds))
    rows = (point.call(backward, (*residual, *unit), len(point.wrt)) for unit in units(seeded))
    matrix = matrix_of(point, rows, point.inputs, size(seeded))
    return built, by_results(point, leaves, seeds, matrix)


def _by_columns(point: Point) -> tuple[Built, Any]:
    """Forward mode: a run for each number of the arguments."""
    results = _results(point)
    seeds = tuple(map(is_seedable, results))
    program = point.entry.program
    once(point, "jvp", lambda: verify_tangent(*point.checked))
    found = _runs(point, program, point.values, len(results) + sum(seeds))
    first = next(found, None)
    if first is None:
        first = point.call(program.primal.functions[0], point.values, len(results))
        found = iter(())
    else:
        found = itertools.chain([first], found)
    leaves = first[: len(results)]
    point.require_derivative(leaves)
    seeded = list(itertools.compress(leaves, seeds))
    columns = (run[len(results) :] for run in found)
    matrix = matrix_of(point, columns, seeded, size(point.inputs)).T
    return program.tangent(point.wrt), by_results(point, leaves, seeds, matrix)


def _second(point: Point) -> tuple[Built, Any]:
    """Forward over reverse: a run of the gradient for each number of the arguments."""
    seeds = point.scalar_seed()
    gradient = program_left(point, len(seeds)).gradient(point.wrt, seeds)
    seeded = tuple(map(is_seedable, gradient.function.body.results))
    once(point, "gradient", lambda: verify(*point.checked))
    once(point, "hvp", lambda: verify_tangent(gradient, [*point.values, 1.0], point.wrt, seeded))
    one = unit_like(point.entry.program.function.body.results[seeds.index(True)])
    count = len(point.wrt)
    found = _runs(point, gradient, [*point.values, one], 2 * count)
    columns = (run[count:] for run in found)
    matrix = matrix_of(point, columns, point.inputs, size(point.inputs)).T
    return gradient.tangent(point.wrt), by_arguments(point, matrix)


def _results(point: Point) -> tuple[Any, ...]:
    """The results of a function that returns what can be differentiated."""
    name, lowered = name_of(point.function), point.entry.lowered
    if lowered.result.kind == "static" and lowered.result.extra is None:
        raise NotDifferentiableError(
            f"{name}() returns {NOTHING}, and its Jacobian is asked for",
            "return the numbers and arrays that it computes, or those that it changes",
        )
    if lowered.raises:
        point.call(point.entry.program.primal.functions[0], point.values, 0)
    require_computed(lowered.result, name)
    return tuple(point.entry.program.function.body.results)


def _runs(
    point: Point, program: Program, values: Sequence[Any], count: int
) -> Iterator[tuple[Any, ...]]:
    """What the program's tangent returns for each unit direction.

    It is run once for each of them. What it prints is printed once, and what may compute something
    else when it is run again, as it draws numbers, is refused.
    """
    first = program.tangent(point.wrt).functions[0]
    is_run_again = size(point.inputs) > 1
    again = program.again.tangent(point.wrt).functions[0] if is_run_again else first
    functions = itertools.chain([first], itertools.repeat(again))
    for function, dots in zip(functions, units(point.inputs), strict=False):
        yield point.call(function, (*values, *dots), count)


# -- transforms -----------------------------------------------------------------------------


@read_as(jacobian_read)
@entrance
def jacrev(function: Callable[..., Any], argnums: ArgNums = 0) -> JacobianFunction:
    """The Jacobian of a function of arrays in reverse mode: a sweep for each number of the value.

    Parameters
    ----------
    function : callable
        Of arrays, floats and other Python values; returns numbers and arrays, or a tuple, list or
        dict of them.
    argnums : int or tuple of int
        The positions of the arguments to differentiate in.

    Returns
    -------
    callable
        Called as `function`. Of a value of shape ``s`` by an argument of shape ``t``, the
        Jacobian has shape ``s + t``. It has the structure of the value, in the place of each
        number or array that of the argument (a tuple of these for a tuple of `argnums`). Its
        `source` is the generated text.

    Raises
    ------
    CompileError
        Where the compiler refuses the function; the tape does not step in.

    See Also
    --------
    jacfwd : the same by columns, for values with more numbers than the argument.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> def polar(p):
    ...     return np.array([p[0] * np.cos(p[1]), p[0] * np.sin(p[1])])
    >>> sorix.func.jacrev(polar)(np.array([2.0, 0.0]))
    array([[1., 0.],
           [0., 2.]])
    """
    return JacobianFunction(function, argnums, "jacrev", _by_rows)


@read_as(jacobian_read)
@entrance
def jacfwd(function: Callable[..., Any], argnums: ArgNums = 0) -> JacobianFunction:
    """The Jacobian of a function of arrays in forward mode: a run for each number of the argument.

    Parameters, results and errors are those of `jacrev`.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> def circle(t):
    ...     return np.array([np.cos(t), np.sin(t)])
    >>> sorix.func.jacfwd(circle)(0.0)
    array([-0.,  1.])
    """
    return JacobianFunction(function, argnums, "jacfwd", _by_columns)


@read_as(hessian_read)
@entrance
def hessian(function: Callable[..., Any], argnums: ArgNums = 0) -> JacobianFunction:
    """The second derivatives of a function with one number as result, forward over reverse.

    Parameters
    ----------
    function : callable
        Returns one number.
    argnums : int or tuple of int
        The positions of the arguments to differentiate in.

    Returns
    -------
    callable
        Called as `function`. For an argument of shape ``s`` the Hessian has shape ``s + s``. For
        an argument with structure, or a tuple of `argnums`, it has that structure, and in the
        place of each float or array the same structure again.

    Raises
    ------
    CompileError
        Where the compiler refuses the function; the tape does not step in.

    See Also
    --------
    hvp : its product with a direction, in one run.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> sorix.func.hessian(lambda p: p[0] ** 2 * p[1])(np.array([2.0, 0.0]))
    array([[0., 4.],
           [4., 0.]])
    """
    return JacobianFunction(function, argnums, "hessian", _second)
