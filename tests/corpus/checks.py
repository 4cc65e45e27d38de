"""What every program of the corpus must satisfy, as functions that raise AssertionError.

A `Case` holds a program's derivatives: they are made once, and several checks use them.
"""

from __future__ import annotations

import collections
import copy
import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import sorix
import sorix.func
from sorix.errors import NotDifferentiableError, SorixError
from sorix.func.eager import eager_value_and_grad
from tests.corpus.differences import (
    copied,
    Vector,
    differentiate,
    fields,
    is_instance,
    pack,
    with_floats,
)
from tests.corpus.registry import Program

# -- functions of the user's, made around a program -----------------------------------------


def weigh(value: Any, weights: Any) -> Any:
    """The inner product of two structures of numbers."""
    if weights is None:
        return 0.0
    if isinstance(weights, dict):
        return sum(weigh(value[key], weights[key]) for key in weights)
    if isinstance(weights, SimpleNamespace):
        return sum(weigh(getattr(value, name), w) for name, w in vars(weights).items())
    if isinstance(weights, tuple | list):
        return sum(weigh(v, w) for v, w in zip(value, weights))
    return np.sum(value * weights)


def weighed(function: Callable[..., Any], weights: Any) -> Callable[..., Any]:
    """A function with one number as result, from one with any structure of numbers."""

    def weighed_sum(*args):  # type: ignore[no-untyped-def]
        return weigh(function(*args), weights)

    return weighed_sum


def procedure(function: Callable[..., Any], position: int, weights: Any) -> Callable[..., Any]:
    """The same for a function that changes one of its arguments."""

    def weighed_change(*args):  # type: ignore[no-untyped-def]
        function(*args)
        return weigh(args[position], weights)

    return weighed_change


def slope(gradient: Callable[..., Any], weights: Any) -> Callable[..., Any]:
    """The derivative along `weights`, as a user's function calling the gradient."""

    def directional(*args):  # type: ignore[no-untyped-def]
        return weigh(gradient(*args), weights)

    return directional


def numbers_like(tree: Any, seed: int) -> Any:
    """A structure like `tree` of numbers about 1, none of them equal, the same at every run."""
    count = [seed]

    def fill(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: fill(part) for key, part in item.items()}
        if isinstance(item, tuple | list | collections.deque):
            return tuple(fill(part) for part in item)
        if item is None or isinstance(item, str):
            return None
        if hasattr(item, "__dict__") or is_instance(item):
            return SimpleNamespace(**{key: fill(part) for key, part in fields(item).items()})
        count[0] += 1
        ramp = np.arange(np.size(item)).reshape(np.shape(item)) + count[0]
        return np.cos(1.7 * ramp) + 0.3 if np.ndim(item) else float(np.cos(1.7 * count[0]) + 1.3)

    return fill(tree)


# -- cases ----------------------------------------------------------------------------------


class Case:
    """A program with its derivatives."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.argnums = program.argnums
        self.point = pack([program.args[k] for k in program.argnums])

    def args(self, point: Vector | None = None) -> list[Any]:
        return with_floats(self.program.args, self.argnums, self.point if point is None else point)

    @functools.cached_property
    def scalar(self) -> Callable[..., Any]:
        """The program, with one number as result."""
        function, args = self.program.function, self.args()
        value = function(*args)
        if self.program.changes is not None:
            weights = numbers_like(args[self.program.changes], 3)
            return procedure(function, self.program.changes, weights)
        if isinstance(value, float | np.floating):
            return function
        return weighed(function, numbers_like(value, 3))

    @functools.cached_property
    def gradient(self) -> Any:
        return sorix.func.value_and_grad(self.scalar, self.argnums, fallback="error")

    @functools.cached_property
    def slope(self) -> Callable[..., Any]:
        """A direction's derivative as a user's function, through the compiler's gradient."""
        gradient = sorix.func.grad(self.scalar, self.argnums, fallback="error")
        return slope(gradient, self.direction)

    @functools.cached_property
    def direction(self) -> Any:
        return numbers_like(gradient_at(self, self.point), 11)

    @functools.cached_property
    def curvature(self) -> Any:
        return sorix.func.value_and_grad(self.slope, self.argnums, fallback="error")

    @functools.cached_property
    def expected(self) -> Vector:
        """The gradient by differences of the plain function."""
        return self._differences(lambda point: float(self.scalar(*self.args(point))))

    def _differences(self, function: Callable[[Vector], Any]) -> Vector:
        found, error = differentiate(function, self.point, self.program.step)
        scale = np.abs(found).max(initial=1e-3)
        assert error < 3e3 * self.program.tolerance * scale, (
            f"differences of {self.program.name} err by {error:.1e}: is it differentiable here?"
        )
        return found

    def compare(self, got: Any, want: Vector, what: str, factor: float = 1.0) -> None:
        got = pack(got)
        assert got.shape == want.shape, f"{what}: {got.size} numbers, {want.size} wanted"
        error = np.abs(got - want).max(initial=0.0)
        bound = factor * self.program.tolerance * (np.abs(want).max(initial=0.0) + 1e-2)
        assert error <= bound, f"{what}: {got} is not {want} (off by {error:.1e})"


@functools.cache
def case(program: Program) -> Case:
    return Case(program)


def gradient_at(it: Case, point: Vector) -> Any:
    return it.gradient(*it.args(point))[1]


# -- checks ---------------------------------------------------------------------------------


def check_gradient(program: Program) -> None:
    """Value as plain Python's, gradient as differences', arguments as they were."""
    it = case(program)
    args = it.args()
    before = copy.deepcopy(args)
    value, gradient = it.gradient(*args)
    plain = it.scalar(*it.args())
    assert np.allclose(value, plain, rtol=1e-12, atol=1e-14), f"value: {value} is not {plain}"
    assert np.array_equal(pack(args), pack(before)), "the call changed its arguments"
    it.compare(gradient, it.expected, "gradient")


def check_second_derivative(program: Program) -> None:
    """The derivative of a slope, against differences of the slope through the first gradient."""
    it = case(program)
    weights = pack(it.direction)

    def slope_at(point: Vector) -> float:
        return float(pack(gradient_at(it, point)) @ weights)

    value, gradient = it.curvature(*it.args())
    assert np.allclose(value, slope_at(it.point), rtol=1e-10, atol=1e-12), "value of the slope"
    it.compare(gradient, it._differences(slope_at), "second derivative", factor=10.0)


def check_tape(program: Program) -> str:
    """The eager tape is right, or refuses with an error of its own; says which."""
    it = case(program)
    try:
        args = tuple(it.args())
        value, _, gradient = eager_value_and_grad(it.scalar, it.argnums, False, args, {})
    except (SorixError, TypeError, ValueError) as error:
        refusal = root_cause(error)
        if not isinstance(refusal, SorixError):
            raise
        return f"refused: {type(refusal).__name__}"
    plain = it.scalar(*it.args())
    assert np.allclose(value, plain, rtol=1e-12, atol=1e-14), f"tape value: {value} is not {plain}"
    it.compare(gradient, it.expected, "tape")
    return "right"


def root_cause(error: BaseException) -> BaseException:
    """NumPy wraps what a conversion of a tensor raised."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


@np.errstate(all="ignore")  # The program's own np.errstate is no part of the text.
def check_text(program: Program, folder: Path) -> None:
    """The generated text, as a module of the user's, can be differentiated again."""
    it = case(program)
    args = it.args()
    it.gradient(*args)
    plan = it.gradient._plan()
    _, values = it.gradient._dispatcher.find(it.gradient._dispatcher.bind(tuple(args), {}))
    module = imported(folder / f"generated_{program.name}.py", it.gradient.source)
    adjoint = getattr(module, plan.built.functions[0].__name__)
    count = len(plan.seeds)

    def cotangents(*inputs):  # type: ignore[no-untyped-def]
        return adjoint(*inputs, 1.0)[count:]

    weights = numbers_like(tuple(cotangents(*map(copied, values))), 5)
    again = sorix.func.grad(slope(cotangents, weights), plan.wrt, fallback="error")
    point = pack([values[k] for k in plan.wrt])

    def slope_at(at: Vector) -> float:
        moved = with_floats(tuple(values), plan.wrt, at)
        return float(pack(cotangents(*moved)) @ pack(weights))

    want, _ = differentiate(slope_at, point, program.step)
    it.compare(again(*map(copied, values)), want, "derivative of the text", factor=10.0)


def imported(path: Path, text: str) -> Any:
    """A module with this text, written to a file so that its source can be read."""
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_refusal(program: Program) -> None:
    """The compiler refuses with the class that is expected, and says where."""
    assert program.refused is not None
    gradient = sorix.func.grad(program.function, program.argnums, fallback="error")
    try:
        gradient(*copy.deepcopy(program.args))
    except program.refused as error:
        # Arguments of the wrong kind have no place in the text.
        if not (error.line or program.refused is NotDifferentiableError):
            raise AssertionError("the error has no place") from error
        return
    raise AssertionError(f"{program.name} is not refused with {program.refused.__name__}")


def check_forward_refusal(program: Program) -> None:
    """Forward mode refuses the same program with the same class."""
    assert program.refused is not None
    args = copy.deepcopy(program.args)
    tangents = [copy.deepcopy(a) if k in program.argnums else None for k, a in enumerate(args)]
    try:
        sorix.func.jvp(program.function, args, tangents)
    except program.refused:
        return
    raise AssertionError(f"jvp of {program.name} is not refused with {program.refused.__name__}")


def check_forward(program: Program) -> None:
    """The tangent along a direction, against differences of the plain function along it."""
    it = case(program)
    args = it.args()
    moving = numbers_like(tuple(args[k] for k in it.argnums), 17)
    direction = with_floats(program.args, it.argnums, pack(moving))
    tangents = [d if k in it.argnums else None for k, d in enumerate(direction)]
    value, tangent = sorix.func.jvp(it.scalar, args, tangents)
    plain = it.scalar(*it.args())
    assert np.allclose(value, plain, rtol=1e-12, atol=1e-14), f"value: {value} is not {plain}"
    it.compare(tangent, np.array([it.expected @ pack(moving)]), "tangent", factor=10.0)
