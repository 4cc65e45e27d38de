"""`compile`: a function whose calls run generated code, and on the tape where it is refused.

A compiled call on tensors is one node of the tape: its forward sweep ran when the node was made,
its backward is the generated reverse sweep. Where the backward must itself be differentiated
(``create_graph``), the generated adjoint is called as a compiled program again, on the tensors.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any, overload

import numpy as np

from sorix.compiler.cache import CacheInfo, default_cache
from sorix.compiler.dispatch import Dispatcher, Entry, name_of
from sorix.compiler.frontend.wrappers import Wrappers, register_wrappers
from sorix.compiler.load import reraise
from sorix.compiler.program import Program
from sorix.errors import CompileError, FallbackWarning
from sorix.runtime.dtypes import get_default_dtype
from sorix.runtime.explain import explain
from sorix.runtime.modes import recording
from sorix.runtime.record import record, wrap
from sorix.runtime.results import rebuilder
from sorix.runtime.tensor import Tensor

register_wrappers(Wrappers(Tensor, get_default_dtype, "_data"))

BACKENDS = ("numpy",)
FALLBACKS = ("tape", "error")


class CompiledFunction:
    """A function and the code generated for it; made by `compile`.

    Attributes
    ----------
    source : str
        The generated text of the function itself, as of the last call.
    """

    def __init__(
        self, function: Callable[..., Any], backend: str = "numpy", fallback: str = "tape"
    ) -> None:
        _require(backend in BACKENDS, f"backend={backend!r} is not one of {BACKENDS}")
        _require(fallback in FALLBACKS, f"fallback={fallback!r} is not one of {FALLBACKS}")
        functools.update_wrapper(self, function)
        self.__sorix_wrapped__ = function
        self._dispatcher = Dispatcher(function)
        self._fallback = fallback
        self._last: Entry | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = self._dispatcher.bind(args, kwargs)
        try:
            entry, values = self._dispatcher.find(arguments)
            plan = entry.plans.get("call")
            if plan is None:
                plan = entry.plans["call"] = Plan(entry, name_of(self.__sorix_wrapped__))
            self._last = entry
            return plan.run(values)
        except CompileError as error:
            return self._refuse(error, args, kwargs)

    def __repr__(self) -> str:
        return f"<compiled {self.__sorix_wrapped__!r}>"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def _refuse(self, error: CompileError, args: Any, kwargs: Any) -> Any:
        if self._fallback == "error":
            raise error
        if not getattr(self, "_warned", False):
            self._warned = True
            warnings.warn(
                f"{name_of(self.__sorix_wrapped__)}() runs on the eager tape: {error}",
                FallbackWarning,
                stacklevel=3,
            )
        return self.__sorix_wrapped__(*args, **kwargs)

    # inspection

    @property
    def source(self) -> str:
        """The generated text of the function itself, for the arguments of the last call."""
        return self._entry().program.primal.text

    def prepare(self, *args: Any, **kwargs: Any) -> None:
        """Compile for such arguments without running the function, so that it can be inspected."""
        self._last, _ = self._dispatcher.find(self._dispatcher.bind(args, kwargs))

    def grad_source(self, order: int = 1, wrt: Sequence[str] | None = None) -> str:
        """The generated text of the derivative of the given order, as of the last call.

        Parameters
        ----------
        order : int
            1 for the adjoint, 2 for the adjoint of the adjoint, and so on.
        wrt : sequence of str, optional
            The names of the arguments to differentiate by; by default the tensors that require
            grad, or where there are none, all floats and arrays of floats.

        Returns
        -------
        str
            Python source.
        """
        _require(order >= 1, "order must be at least 1")
        entry = self._entry()
        program = entry.program
        seeds: tuple[bool, ...] | None = tensor_seeds(entry)
        positions = differentiable(entry, wrt)
        for _ in range(order - 1):
            program, seeds = program.gradient(positions, seeds), None
        return program.joint(positions, seeds).text

    def explain(self) -> str:
        """What was specialised, inlined and recorded for the last call, or why it was refused."""
        if self._last is None and self._dispatcher.refusals:
            error = self._dispatcher.refusals[0][1]
            return f"runs on the eager tape: {error}"
        entry = self._entry()
        return explain(entry, differentiable(entry), tensor_seeds(entry))

    def cache_info(self) -> CacheInfo:
        """How often generated modules were found and made in this process, and what lies on disk."""
        return default_cache().info()

    def _entry(self) -> Entry:
        if self._last is None and self._dispatcher.refusals:
            raise self._dispatcher.refusals[0][1]
        if self._last is None:
            raise CompileError(
                f"{name_of(self.__sorix_wrapped__)}() has not been compiled yet",
                "call it once with the arguments it is to be compiled for",
            )
        return self._last


class Plan:
    """How one specialisation runs: on arrays, or as a node of the tape."""

    def __init__(self, entry: Entry, name: str) -> None:
        self.entry, self.name = entry, name
        lowered = entry.lowered
        self.tensors = tuple(k for k, i in enumerate(lowered.inputs) if i.kind == "tensor")
        self.active = tuple(k for k in self.tensors if lowered.inputs[k].requires_grad)
        self.mutated = lowered.mutated
        self.rebuild = rebuilder(lowered.result)
        self.wrapped = tensor_leaves(lowered.result)
        self.arguments = argument_leaves(lowered.result)
        self.error_state = lowered.error_state
        self.seeds = tensor_seeds(entry)
        self.taped = any(self.seeds) and any(lowered.inputs[k].requires_grad for k in self.tensors)

    @functools.cached_property
    def call(self) -> TapedCall:
        """The specialisation as a node of the tape, an edge of it for each input that matters."""
        inputs, program = self.entry.lowered.inputs, self.entry.program
        active = tuple(k for k in self.tensors if inputs[k].requires_grad)
        return TapedCall(program, program.connected(active, self.seeds), self.seeds, self.name)

    def run(self, values: list[Any]) -> Any:
        """What the function returns for these values of its inputs."""
        try:
            if self.error_state:
                with np.errstate(**self.error_state):  # type: ignore[arg-type]
                    return self._run(values)
            return self._run(values)
        except Exception as error:
            reraise(error)

    def _run(self, values: list[Any]) -> Any:
        leaves: Sequence[Any]
        if self.taped and recording():
            leaves = self.call(values)
        else:
            arrays = [v._data if isinstance(v, Tensor) else v for v in values]
            returned = self.entry.program.primal.functions[0](*arrays)
            leaves = as_tuple(returned, len(self.seeds))
            if self.wrapped:
                leaves = [
                    wrap(np.asarray(v)) if k in self.wrapped else v for k, v in enumerate(leaves)
                ]
        for position, result in self.mutated:
            values[position][...] = leaves[result]
        if self.arguments:
            leaves = list(leaves)
            for index, position in self.arguments:
                leaves[index] = values[position]
        return self.rebuild(leaves)


class TapedCall:
    """A program with some parameters on the tape, run as one node.

    Parameters
    ----------
    active : tuple of int
        The positions of the parameters that are Tensors which require grad.
    seeds : tuple of bool
        For each result, whether it is a Tensor that depends on them.
    """

    def __init__(
        self, program: Program, active: tuple[int, ...], seeds: tuple[bool, ...], name: str
    ) -> None:
        self.program, self.active, self.seeds = program, active, seeds
        self.name = name if name.endswith("Backward") else name + "Backward"
        self.forward, self.backward = program.split(active, seeds).functions
        self.single = len(active) == 1
        self.scalar = seeds == (True,)

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """The results for these arguments; those with a seed are Tensors with this node."""
        arrays = [v._data if isinstance(v, Tensor) else v for v in values]
        inputs = [values[k] for k in self.active]
        if self.scalar:
            result, residual = self.forward(*arrays)
            results = outputs = [result]
        else:
            *results, residual = self.forward(*arrays)
            outputs = [r for r, seeded in zip(results, self.seeds, strict=True) if seeded]
        backward = self.backward

        def pull(cotangents: Any, tensors: Any, outputs: Any, wanted: Any) -> Any:
            if isinstance(cotangents[0], Tensor):
                return self._pull_recorded(arrays, cotangents, tensors)
            try:
                bars = backward(*residual, *cotangents)
            except Exception as error:
                reraise(error)
            if self.single:
                bars = (bars,)
            return [b if type(b) is np.ndarray else np.asarray(b) for b in bars]

        if not inputs:
            return [
                wrap(np.asarray(r)) if s else r for r, s in zip(results, self.seeds, strict=True)
            ]
        recorded = record(self.name, outputs, inputs, pull, residual)
        if len(recorded) == len(results):
            return recorded
        found = iter(recorded)
        return [next(found) if s else r for r, s in zip(results, self.seeds, strict=True)]

    def _pull_recorded(
        self, arrays: list[Any], cotangents: Sequence[Tensor], tensors: Sequence[Tensor]
    ) -> list[Any]:
        """The cotangents of a call, themselves on the tape."""
        gradient = self.program.gradient(self.active, self.seeds)
        values: list[Any] = [*arrays, *cotangents]
        for k, tensor in zip(self.active, tensors, strict=True):
            values[k] = tensor
        moving = tuple(k for k, v in enumerate(values) if isinstance(v, Tensor) and v.requires_grad)
        count = len(self.active)
        if not moving:
            plain = [v._data if isinstance(v, Tensor) else v for v in values]
            bars = as_tuple(gradient.primal.functions[0](*plain), count)
            return [wrap(np.asarray(b)) for b in bars]
        return TapedCall(gradient, moving, (True,) * count, self.name)(values)


def as_tuple(value: Any, count: int) -> tuple[Any, ...]:
    """What a generated function returned, as a tuple: one result is returned bare."""
    return value if count != 1 else (value,)


def differentiable(entry: Entry, wrt: Sequence[str] | None = None) -> tuple[int, ...]:
    """The positions of the inputs that require grad; of all float inputs where none does.

    Where names are given, of the float inputs that are parts of these arguments.
    """
    inputs = entry.lowered.inputs
    found = tuple(k for k, i in enumerate(inputs) if i.requires_grad)
    if found and wrt is None:
        return found
    return tuple(
        k
        for k, i in enumerate(inputs)
        if i.kind != "object"
        and getattr(i.var.type, "is_float", False)
        and (wrt is None or (i.path.root[0] == "arg" and i.path.root[2] in wrt))
    )


def tensor_leaves(shape: Any) -> frozenset[int]:
    """The indices of the leaves that are tensors."""
    found = {shape.index} if shape.kind == "tensor" else set()
    for part in shape.parts:
        found |= tensor_leaves(part)
    return frozenset(found)


def argument_leaves(shape: Any) -> tuple[tuple[int, int], ...]:
    """(leaf, input) for the parts of the result that the caller passed."""
    found = [(shape.index, shape.extra)] if shape.kind == "argument" else []
    for part in shape.parts:
        found += argument_leaves(part)
    return tuple(found)


def tensor_seeds(entry: Entry) -> tuple[bool, ...]:
    """For each result of the IR function, whether a cotangent can arrive there."""
    grads = grad_leaves(entry.lowered.result)
    if not grads and not any(i.kind == "tensor" for i in entry.lowered.inputs):
        from sorix.compiler.differentiate.adjoint import is_seedable

        return tuple(is_seedable(a) for a in entry.lowered.function.body.results)
    return tuple(k in grads for k in range(len(entry.lowered.function.body.results)))


def grad_leaves(shape: Any) -> frozenset[int]:
    """The indices of the leaves that are tensors which require grad."""
    found = {shape.index} if shape.kind == "tensor" and shape.requires_grad else set()
    for part in shape.parts:
        found |= grad_leaves(part)
    return frozenset(found)


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)


@overload
def compile(
    function: Callable[..., Any], /, *, backend: str = "numpy", fallback: str = "tape"
) -> CompiledFunction: ...
@overload
def compile(
    *, backend: str = "numpy", fallback: str = "tape"
) -> Callable[[Callable[..., Any]], CompiledFunction]: ...


def compile(
    function: Callable[..., Any] | None = None, /, *, backend: str = "numpy", fallback: str = "tape"
) -> Any:
    """Compile a function: its calls, and their derivatives, run generated NumPy code.

    Parameters
    ----------
    function : callable
        A function of arrays, tensors, modules and Python values.
    backend : {"numpy"}
        What the generated code runs on.
    fallback : {"tape", "error"}
        What happens where the compiler refuses the function: the call runs on the eager tape,
        with one warning, or the refusal is raised.

    Returns
    -------
    CompiledFunction
        Called as `function`. On tensors, a call is one node of the tape.

    Examples
    --------
    >>> import sorix
    >>> @sorix.compile
    ... def energy(x):
    ...     return (x * x).sum()
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> energy(x).backward()
    >>> x.grad
    tensor([2., 4.])
    """
    if function is None:
        return lambda inner: CompiledFunction(inner, backend, fallback)
    return CompiledFunction(function, backend, fallback)
