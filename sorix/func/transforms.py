"""Gradients of functions of arrays: `grad` and `value_and_grad`."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.dispatch import Dispatcher, Entry, name_of, shown
from sorix.compiler.frontend.marks import mark
from sorix.compiler.verification import verification_asked, verify
from sorix.errors import (
    CompileError,
    FallbackWarning,
    NonScalarError,
    NotCompiledError,
    NotDifferentiableError,
    ShapeError,
    SorixError,
)
from sorix.func.eager import eager_value_and_grad
from sorix.func.floats import no_float, require_floats
from sorix.func.inputs import bar_at, is_float
from sorix.func.outputs import (
    kind_of_result,
    refuse_tensors,
    require_derivative,
    require_real,
    unit_like,
)
from sorix.func.places import (
    ArgNums,
    Place,
    as_positions,
    at_place,
    place_of,
    positions_of,
    within,
    written,
)
from sorix.func.plain import plain_on_copies
from sorix.func.trees import NUMBERS, flatten, holds_floats, like_leaf, rebuild
from sorix.runtime.explain import explain
from sorix.runtime.found import name_that_finds
from sorix.runtime.intrinsic import intrinsic
from sorix.runtime.options import FALLBACKS, TRUTH, entrance, require_option
from sorix.runtime.plan import as_tuple
from sorix.runtime.results import rebuilder
from sorix.runtime.tracebacks import line_of, shorten

_MEANS_A_TENSOR = re.compile(r"\btype (Tensor|Number)\b|'(Tensor|Number)'")
"""What Python says of the tensor that stands for a float or an array, and not of these."""


class GradFunction:
    """The gradient of a function of arrays; made by `grad` and `value_and_grad`."""

    __sorix_intrinsic__ = "func.grad"

    def __init__(
        self,
        function: Callable[..., Any],
        argnums: ArgNums,
        has_aux: bool,
        has_value: bool,
        fallback: str,
    ) -> None:
        # What is known of `function` alone, such as what it wraps, must not be taken over.
        require_option("has_aux", has_aux, TRUTH)
        require_option("fallback", fallback, FALLBACKS)
        functools.update_wrapper(self, function, updated=())
        self.function, self.argnums = function, as_positions(argnums)
        self.has_aux, self.has_value = has_aux, has_value
        self._fallback = fallback
        self._dispatcher = Dispatcher(mark(function, "__sorix_wrapped__") or function)
        self._last: _Plan | CompileError | None = None
        self._warned = False

    def __repr__(self) -> str:
        name = "value_and_grad" if self.has_value else "grad"
        aux = ", has_aux=True" if self.has_aux else ""
        return f"<sorix.func.{name} of {shown(self.function)}, argnums={self.argnums}{aux}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        """As functions are pickled and copied; what was compiled stays behind."""
        parts = (self.function, self.argnums, self.has_aux, self.has_value, self._fallback)
        return name_that_finds(self) or (GradFunction, parts)

    @property
    def positions(self) -> tuple[int, ...]:
        return positions_of(self.argnums)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            refuse_tensors((args, kwargs), f"the gradient of {name_of(self.function)}()")
            try:
                return self._compiled(args, kwargs)
            except CompileError as error:
                require_floats(args, self.argnums, lambda p: self._place(p, args))
                if self._fallback == "error" or isinstance(error, NotDifferentiableError):
                    raise
                refusal = error
            # Out here, what the program raises on the tape is not shown as raised by the refusal.
            return self._eager(refusal, args, kwargs)
        except Exception as error:
            shorten(error)
            raise

    def _compiled(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        arguments = self._dispatcher.bind(args, kwargs)
        places = tuple(self._place(p, args) for p in self.positions)
        self._dispatcher.independent = frozenset(name for name, _ in places)
        entry, values = self._dispatcher.find(arguments)
        if entry.lowered.raises:
            entry.run(entry.program.primal.functions[0], values)
        plan = entry.plans.get(places)
        if plan is None:
            plan = entry.plans[places] = _Plan(
                entry, list(places), self.has_aux, self._dispatcher.function
            )
            plan.unverified = verification_asked(self.function)
        self._last = plan
        (value, aux), gradients = plan.run(values, arguments)
        return self._packed(value, aux, gradients)

    def _place(self, position: int, args: tuple[Any, ...]) -> Place:
        return place_of(position, self._dispatcher.bind, len(args), self.argnums)

    def _packed(self, value: Any, aux: Any, gradients: list[Any]) -> Any:
        gradient = gradients[0] if isinstance(self.argnums, int) else tuple(gradients)
        if self.has_value:
            return ((value, aux) if self.has_aux else value), gradient
        return (gradient, aux) if self.has_aux else gradient

    def _eager(self, error: CompileError, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        positions = [p % len(args) for p in self.positions]
        try:
            value, aux, gradients = eager_value_and_grad(
                self.function, positions, self.has_aux, args, kwargs
            )
        except (SorixError, TypeError, ValueError) as raised:
            refusal = _refusal_behind(raised)
            if refusal is None and not _MEANS_A_TENSOR.search(str(raised)):
                raise
            error.add_note(_on_the_tape(refusal or raised))
            raise error from None
        self._warn(error)
        self._last = error
        return self._packed(value, aux, gradients)

    def _warn(self, error: CompileError) -> None:
        """Say once that the tape took a call, and why."""
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"{name_of(self.function)}() runs on the eager tape: {error}",
                FallbackWarning,
                stacklevel=4,
            )

    @property
    def source(self) -> str:
        """The generated text, as of the last call."""
        return self._plan().built.text

    def explain(self) -> str:
        """What was specialised and recorded for the last call, or why it was refused."""
        if isinstance(self._last, CompileError):
            return f"runs on the eager tape: {self._last}"
        plan = self._plan()
        return explain(plan.entry, plan.wrt, plan.seeds)

    def _plan(self) -> _Plan:
        if isinstance(self._last, CompileError):
            raise NotCompiledError.refused(self._last)
        if self._last is None:
            raise NotCompiledError(
                f"the gradient of {name_of(self.function)}() has not been compiled yet",
                "call it once with the arguments it is to be compiled for",
            )
        return self._last


def _on_the_tape(error: BaseException) -> str:
    """What is said of a call that the tape does not take: why, to one who made no tensor."""
    reason = error.reason if isinstance(error, CompileError) else str(error)
    reason, _, _ = reason.partition(" Hint: ")  # What to do with a tensor of one's own.
    line = line_of(error)
    return (
        "The eager tape, where tensors stand for floats and arrays, does not take the call either:"
        f" {line + ': ' if line else ''}{reason.removesuffix('.')}"
    )


def _refusal_behind(error: BaseException) -> SorixError | None:
    """What was refused where a call on the tape ended so; None for an exception of the program's.

    NumPy wraps what a conversion raised; it is the cause. What was being handled then, the context,
    says nothing, and may lead back to the error itself. Shapes that do not fit are the program's.
    """
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, SorixError):
            return None if isinstance(cause, ShapeError) else cause
        seen.add(id(cause))
        cause = cause.__cause__
    return None


class _Plan:
    """How the gradient runs for one specialisation."""

    def __init__(
        self, entry: Entry, places: list[Place], has_aux: bool, function: Callable[..., Any]
    ) -> None:
        self.entry, self.places, self.has_aux = entry, places, has_aux
        self.function, self.name = function, name_of(function)
        lowered = entry.lowered
        self.wrt = tuple(
            k for k, i in enumerate(lowered.inputs)
            if any(within(i.path, p) for p in places) and is_float(i)
        )  # fmt: skip
        self.paths = {str(lowered.inputs[k].path): n for n, k in enumerate(self.wrt)}
        self.output = _output(lowered.result, has_aux)
        self.seeds = tuple(k == self.output for k in range(len(lowered.function.body.results)))
        self.built = entry.program.joint(self.wrt, self.seeds)
        self.seed = unit_like(lowered.function.body.results[self.output])
        self.rebuild = rebuilder(lowered.result)
        self.unverified = False

    def run(self, values: list[Any], arguments: dict[str, Any]) -> tuple[Any, list[Any]]:
        count = len(self.seeds)
        if self.unverified:
            plain = plain_on_copies(self.function, self.entry, arguments, self.wrt)
            self.entry.check(verify, self.entry.program, values, self.wrt, self.seeds, plain)
            self.unverified = False
        try:
            returned = self.entry.run(self.built.functions[0], (*values, self.seed))
        except Exception:
            self._require_number(values)
            raise
        returned = as_tuple(returned, count + len(self.wrt))
        for bar in returned[count:]:
            require_real(bar, self.name)
        leaves, bars = returned[:count], returned[count:]
        require_derivative(leaves[self.output], self.name)
        _require_number(leaves[self.output])
        value = self.rebuild(leaves)
        result = value if self.has_aux else (value, None)
        gradients = [self._gradient(place, arguments, bars) for place in self.places]
        return result, gradients

    def _require_number(self, values: list[Any]) -> None:
        """Where the adjoint failed: say whether it did because the result is an array.

        Its cotangent is taken for a number then, which may not fit what it meets.
        """
        type_ = getattr(self.entry.lowered.function.body.results[self.output], "type", None)
        if getattr(type_, "rank", None) != 0:
            try:
                again = self.entry.program.again.primal.functions[0]
            except CompileError:
                return  # Another run would draw other numbers: what was raised has to do.
            returned = as_tuple(again(*values), len(self.seeds))
            _require_number(returned[self.output])

    def _gradient(self, place: Place, arguments: dict[str, Any], bars: Any) -> Any:
        argument, name = at_place(arguments, place), written(place)
        leaves = []
        if argument is None or isinstance(argument, str | bytes):
            raise no_float(name, argument)
        for path, leaf in flatten(argument):
            bar = bar_at(name + path, self.paths, bars)
            if bar is None:
                leaves.append(_no_derivative(name + path, leaf))
            else:
                leaves.append(like_leaf(bar, leaf))
        return rebuild(argument, iter(leaves))


def _require_number(result: Any) -> None:
    if np.ndim(result) != 0:
        raise NonScalarError(
            "gradients are taken of functions with one number as result; this one returned an "
            f"array of shape {np.shape(result)}. Return its sum, or another number"
        )


def _no_derivative(path: str, leaf: Any) -> Any:
    """Zero for a float the function does not use; a refusal for what is not a float."""
    if isinstance(leaf, NUMBERS) and holds_floats(leaf):
        return like_leaf(np.zeros(np.shape(leaf)), leaf)
    raise no_float(path, leaf)


def _output(shape: Any, has_aux: bool) -> int:
    """The index of the number that is differentiated."""
    part = shape.parts[0] if has_aux and shape.kind == "tuple" and len(shape.parts) == 2 else shape
    if has_aux and part is shape:
        raise NotDifferentiableError(
            "has_aux=True needs a function that returns (value, aux)",
            "return a pair, or leave out has_aux",
        )
    if part.kind == "tensor":
        array = "x.detach().numpy()" if part.requires_grad else "x.numpy()"
        raise NotDifferentiableError(
            "the function computes with a tensor from outside, on whose tape the gradient would not"
            " be",
            f"use the tensor's array: {array}, or sorix.grad() with tensors throughout",
        )
    if part.kind != "leaf":
        raise NotDifferentiableError(
            "gradients are taken of functions that return one number; this one returns"
            f" {kind_of_result(part)}",
            "return a float; for more results, return (float, others) and give has_aux=True",
        )
    return int(part.index)


@intrinsic("func.make_grad")
@entrance
def grad(
    function: Callable[..., Any],
    argnums: ArgNums = 0,
    has_aux: bool = False,
    fallback: str = "tape",
) -> GradFunction:
    """The gradient of a function of arrays, as generated code.

    Parameters
    ----------
    function : callable
        Takes arrays, floats and other Python values, returns one float (or ``(float, aux)``).
        It may contain loops, branches and in-place writes; the caller's arrays stay as they are.
    argnums : int or tuple of int
        The positions of the arguments to differentiate in.
    has_aux : bool
        Whether the function returns a pair whose second part is passed through.
    fallback : {"tape", "error"}
        What happens where the compiler refuses the function.

    Returns
    -------
    callable
        Called as `function`; returns the gradient, shaped as the argument (a tuple of them for
        a tuple of `argnums`), or ``(gradient, aux)``.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> def f(x):
    ...     return np.sum(np.sin(x) * x)
    >>> sorix.func.grad(f)(np.array([0.0, 1.0]))
    array([0.        , 1.38177329])
    """
    return GradFunction(function, argnums, has_aux, False, fallback)


@intrinsic("func.make_value_and_grad")
@entrance
def value_and_grad(
    function: Callable[..., Any],
    argnums: ArgNums = 0,
    has_aux: bool = False,
    fallback: str = "tape",
) -> GradFunction:
    """The value and the gradient of a function of arrays; see `grad`.

    Returns
    -------
    callable
        Called as `function`; returns ``(value, gradient)``, or ``((value, aux), gradient)``.

    Examples
    --------
    >>> import sorix
    >>> sorix.func.value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """
    return GradFunction(function, argnums, has_aux, True, fallback)
