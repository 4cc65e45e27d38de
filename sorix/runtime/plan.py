"""How one specialisation of a compiled function runs: on arrays, or as a node of the tape."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.compiler.differentiate.adjoint import is_seedable
from sorix.compiler.differentiate.repeat import require_repeatable
from sorix.compiler.dispatch import Entry
from sorix.compiler.ir.types import Opaque
from sorix.compiler.load import reraise
from sorix.compiler.program import Program
from sorix.compiler.verification import verify
from sorix.runtime.modes import recording
from sorix.runtime.plain import plain_on_tensors
from sorix.runtime.record import own, record, wrap
from sorix.runtime.results import rebuilder
from sorix.runtime.tensor import Tensor


class Plan:
    """How one specialisation runs: on arrays, or as a node of the tape."""

    def __init__(self, entry: Entry, name: str, verified: bool = False) -> None:
        self.entry, self.name, self.unverified = entry, name, verified
        lowered = entry.lowered
        self.tensors = tuple(k for k, i in enumerate(lowered.inputs) if i.kind == "tensor")
        self.active = tuple(k for k in self.tensors if lowered.inputs[k].requires_grad)
        self.mutated = lowered.mutated
        self.rebuild = rebuilder(lowered.result)
        self.wrapped = tensor_leaves(lowered.result)
        self.arguments = argument_leaves(lowered.result)
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
        return self.entry.run(self._run, (values,))

    def verify(
        self, function: Callable[..., Any], arguments: dict[str, Any], values: list[Any]
    ) -> None:
        """Check the value, and on the tape the derivative, against the function itself, once."""
        taped = self.taped and recording()
        what = "call" if taped else "value"
        if what in self.entry.verified:
            return
        arrays = [v._data if isinstance(v, Tensor) else v for v in values]
        plain = plain_on_tensors(function, self.entry, arguments, values)
        wrt = self.call.active if taped else ()
        self.entry.check(verify, self.entry.program, arrays, wrt, self.seeds, plain)
        self.entry.verified.add(what)
        self.unverified = not taped

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
        params = program.function.params
        self.objects = {k for k, p in enumerate(params) if isinstance(p.type, Opaque)}

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """The results for these arguments; those with a seed are Tensors with this node."""
        # What the program appends to, or draws from, must be the caller's own.
        arrays = [v if k in self.objects else _kept(v) for k, v in enumerate(values)]
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
        """The cotangents of a call, themselves on the tape; for them the call is made again."""
        require_repeatable(self.program.function)
        gradient = self.program.again.gradient(self.active, self.seeds)
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


def _kept(value: Any) -> Any:
    """An argument as a node keeps it; what is no tensor's the caller may write unnoticed."""
    if isinstance(value, list):
        return list(map(_kept, value))
    return value._data if isinstance(value, Tensor) else own(value)


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
        return tuple(is_seedable(a) for a in entry.lowered.function.body.results)
    return tuple(k in grads for k in range(len(entry.lowered.function.body.results)))


def grad_leaves(shape: Any) -> frozenset[int]:
    """The indices of the leaves that are tensors which require grad."""
    found = {shape.index} if shape.kind == "tensor" and shape.requires_grad else set()
    for part in shape.parts:
        found |= grad_leaves(part)
    return frozenset(found)
