"""A function specialised for arguments, at which derivatives of it are taken."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.compiler.differentiate.adjoint import is_seedable
from sorix.compiler.dispatch import Dispatcher, name_of
from sorix.compiler.frontend.inputs import Path
from sorix.compiler.frontend.marks import mark
from sorix.compiler.host import deeply
from sorix.compiler.plain_runs import Plain
from sorix.compiler.program import Program
from sorix.compiler.verification import verification_asked
from sorix.errors import NonScalarError, NotDifferentiableError, ShapeError
from sorix.func.floats import require_same_or_zero
from sorix.func.inputs import bar_at, is_float
from sorix.func.outputs import refuse_tensors, require_derivative
from sorix.func.pairing import cotangents_beside, require_shape, tangents_beside
from sorix.func.places import ArgNums, place_of, positions_of, within
from sorix.func.plain import plain_on_copies
from sorix.func.trees import NUMBERS, flatten, holds_floats, like_leaf, rebuild
from sorix.runtime.plan import as_tuple
from sorix.runtime.results import rebuilder
from sorix.runtime.tensor import Tensor

_dispatchers: weakref.WeakKeyDictionary[Any, Dispatcher] = weakref.WeakKeyDictionary()


class Point:
    """A function specialised for arguments, all of whose floats are variables.

    Or those only of the arguments at `argnums`, where that is given; the dispatcher is the
    caller's then, as one that was made for other variables does not fit.
    """

    @property
    def is_procedure(self) -> bool:
        """Whether the function returns nothing, and changes an argument."""
        lowered = self.entry.lowered
        return bool(lowered.mutated) and lowered.result.kind == "static"

    def __init__(
        self,
        function: Callable[..., Any],
        primals: Sequence[Any],
        keywords: dict[str, Any] | None = None,
        argnums: ArgNums | None = None,
        dispatcher: Dispatcher | None = None,
    ) -> None:
        _require_sequence(primals, "primals")
        self.function, self.primals = function, tuple(primals)
        refuse_tensors((self.primals, keywords), f"the derivative of {name_of(function)}()")
        dispatcher = dispatcher or dispatcher_of(function)
        arguments = dispatcher.bind(self.primals, keywords or {})
        self.names = dispatcher.bind.labels(len(self.primals))
        self.passed = {name.partition("[")[0] for name in self.names}
        count, bind = len(self.primals), dispatcher.bind
        positions = () if argnums is None else positions_of(argnums)
        self.is_single = isinstance(argnums, int)
        self.places = tuple(place_of(p, bind, count, argnums or 0) for p in positions)
        named = arguments if argnums is None else (name for name, _ in self.places)
        dispatcher.independent = frozenset(named)
        self.entry, self.values = dispatcher.find(arguments)
        self.entered, self.arguments = dispatcher.function, arguments
        self.wrt = tuple(
            k
            for k, i in enumerate(self.entry.lowered.inputs)
            if is_float(i) and self._is_variable(i.path, argnums is None)
        )
        self.rebuild = rebuilder(self.entry.lowered.result)
        self.seedable = sum(map(is_seedable, self.entry.program.function.body.results))
        self.paths = {str(self.entry.lowered.inputs[k].path): n for n, k in enumerate(self.wrt)}

    @property
    def name(self) -> str:
        return name_of(self.function)

    @property
    def inputs(self) -> list[Any]:
        """The values of the variables."""
        return [self.values[k] for k in self.wrt]

    def _is_variable(self, path: Path, all_are: bool) -> bool:
        if all_are:
            return path.root[0] == "arg" and str(path.root[2]) in self.passed
        return any(within(path, place) for place in self.places)

    @property
    def checked(
        self,
    ) -> tuple[Program, list[Any], tuple[int, ...], tuple[bool, ...], Plain | None]:
        """What a check of the first derivative is called with."""
        program = self.entry.program
        return (
            program,
            self.values,
            self.wrt,
            tuple(map(is_seedable, program.function.body.results)),
            plain_on_copies(self.entered, self.entry, self.arguments, self.wrt),
        )

    def call(
        self, function: Callable[..., Any], values: Sequence[Any], count: int
    ) -> tuple[Any, ...]:
        """The `count` results of a generated function."""
        return as_tuple(self.entry.run(function, values), count)

    def directions(self, tangents: Sequence[Any]) -> tuple[tuple[int, ...], list[Any]]:
        """The inputs that move, and their tangents.

        One that does not must not have a tangent of zero: its derivative may be infinite there.
        """
        _require_sequence(tangents, "tangents")
        if len(tangents) != len(self.primals):
            raise ShapeError(
                f"{len(self.primals)} primals and {len(tangents)} tangents are given. Hint: give"
                " one tangent for each argument, and None for one that does not move"
            )
        given: dict[str, Any] = {}
        refuse_tensors(tuple(tangents), f"the derivative of {self.name}()")
        for name, primal, tangent in zip(self.names, self.primals, tangents, strict=True):
            deeply(tangents_beside, primal, tangent, name, given)
            if isinstance(primal, tuple | list | dict) and tangent is not None:
                deeply(require_same_or_zero, name, primal, tangent)
        moving, dots = [], []
        for path, position in self.paths.items():
            value, what = self.values[self.wrt[position]], f"the tangent of {path}"
            dot = given.get(path)
            if isinstance(value, list):
                items = [given.get(f"{path}[{k}]") for k in range(len(value))]
                dot = None if all(item is None for item in items) else items
            if dot is not None:
                moving.append(self.wrt[position])
                dots.append(_shaped(dot, value, what))
        return tuple(moving), dots

    def require_reachable(self) -> None:
        """Refuse floats that no cotangent comes back for: those of a set, or of a tensor."""
        for name, primal in zip(self.names, self.primals, strict=True):
            for path, leaf in flatten(primal):
                constant = isinstance(leaf, Tensor) and not leaf.requires_grad
                if not constant and not isinstance(leaf, NUMBERS) and holds_floats(leaf):
                    raise NotDifferentiableError(
                        f"the derivative with respect to {name}{path} is asked for, which is"
                        f" {type(leaf).__name__}: only floats have one",
                        "pass a float or an array of floats, or wrap the function in one of fewer"
                        " arguments",
                    )

    def require_derivative(self, leaves: Sequence[Any]) -> None:
        """Refuse what alone is returned and has no derivative."""
        shape = self.entry.lowered.result
        if shape.index >= 0:
            require_derivative(leaves[shape.index], self.name)

    def cotangents(
        self, cotangent: Any, changed: dict[str, Any], leaves: Sequence[Any]
    ) -> list[Any]:
        """The cotangents of the IR function's results that can have one."""
        inputs = self.entry.lowered.inputs
        written = {result: str(inputs[k].path) for k, result in self.entry.lowered.mutated}
        unknown = changed.keys() - set(written.values())
        if unknown:
            raise NotDifferentiableError(
                f"{self.name}() does not change {', '.join(sorted(unknown))}",
                "give cotangents of the arrays that it writes into",
            )
        refuse_tensors((cotangent, changed), f"the pullback of {self.name}()")
        shape = self.entry.lowered.result
        given = deeply(lambda: dict(cotangents_beside(shape, cotangent)))
        given.update((k, changed.get(name)) for k, name in written.items())
        return [
            _shaped(given.get(k), leaf, f"the cotangent of {written.get(k, 'the value')}")
            for k, (atom, leaf) in enumerate(
                zip(self.entry.program.function.body.results, leaves, strict=True)
            )
            if is_seedable(atom)
        ]

    def gradients(self, bars: Sequence[Any]) -> tuple[Any, ...]:
        """Cotangents in the structure of the arguments."""
        found = []
        for name, primal in zip(self.names, self.primals, strict=True):
            leaves = []
            for path, leaf in flatten(primal):
                bar = bar_at(name + path, self.paths, bars)
                leaves.append(_zero(leaf) if bar is None else like_leaf(bar, leaf))
            found.append(rebuild(primal, iter(leaves)))
        return tuple(found)

    def scalar_seed(self) -> tuple[bool, ...]:
        if self.entry.lowered.raises:
            self.entry.run(self.entry.program.primal.functions[0], self.values)
        results = self.entry.program.function.body.results
        if self.entry.lowered.result.kind != "leaf":
            raise NonScalarError("a Hessian is taken of functions that return one number")
        index = self.entry.lowered.result.index
        type_ = getattr(results[index], "type", None)
        if getattr(type_, "dtype", None) == "bool":
            require_derivative(False, self.name)
        if getattr(type_, "rank", None) not in (0, None):
            raise NonScalarError("a Hessian is taken of functions that return one number")
        return tuple(k == index for k in range(len(results)))


def program_left(point: Point, count: int) -> Program:
    """The program that is left to differentiate: where a path may return None, the function is
    run to see whether it did, and what it printed then is not printed again."""
    program = point.entry.program
    if not point.entry.lowered.result.optional:
        return program
    point.require_derivative(point.call(program.primal.functions[0], point.values, count))
    return program.again


def _require_sequence(given: Any, what: str) -> None:
    """Refuse one argument where a tuple of them is meant: an array would be spread out."""
    if not isinstance(given, tuple | list):
        raise TypeError(
            f"the {what} are given as {type(given).__name__}. Hint: write a tuple with one item for"
            " each argument of the function: (x,)"
        )


def once(point: Point, what: str, check: Callable[[], None]) -> None:
    """Check a derivative at its first call, where that is asked for."""
    if verification_asked(point.function) and what not in point.entry.verified:
        point.entry.check(check)
        point.entry.verified.add(what)


def dispatcher_of(function: Callable[..., Any]) -> Dispatcher:
    function = mark(function, "__sorix_wrapped__") or function
    try:
        found = _dispatchers.get(function)
        if found is None:
            found = _dispatchers[function] = Dispatcher(function)
        return found
    except TypeError:  # An object that cannot be referred to weakly.
        return Dispatcher(function)


def _shaped(given: Any, value: Any, what: str) -> Any:
    """A tangent or cotangent shaped as what it belongs to; zeros where none is given."""
    if isinstance(value, list):
        given = [None] * len(value) if given is None else given
        if np.ndim(given) != 1 or len(given) != len(value):
            raise ShapeError(f"{what} has shape {np.shape(given)}, and must have {(len(value),)}")
        return [_shaped(g, v, what) for g, v in zip(given, value, strict=True)]
    if given is None:
        return np.zeros_like(value) if isinstance(value, np.ndarray) else 0.0
    require_shape(given, value, what)
    if isinstance(value, np.ndarray):
        return np.asarray(given, value.dtype)
    return type(value)(given) if isinstance(value, np.floating) else float(given)


def _zero(leaf: Any) -> Any:
    """The cotangent of what does not matter: None of what is no number (a function, say)."""
    if isinstance(leaf, NUMBERS):
        return like_leaf(np.zeros_like(leaf, float), leaf)
    return None
