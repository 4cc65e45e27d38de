"""`Optimizer`: parameter groups, ``zero_grad`` and ``step`` for every optimiser.

A subclass says how many state buffers it needs (``states``), and updates one run of values in
place (``_update``). Everything about where the values live is in `sorix.optim.slab`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sorix.errors import DTypeError
from sorix.optim.slab import Array, Slab, make_slabs
from sorix.runtime.modes import enable_grad
from sorix.runtime.tensor import Tensor

Group = dict[str, Any]
Params = Iterable[Tensor] | Iterable[Mapping[str, Any]]


class Optimizer:
    """Base of the optimisers.

    An optimiser moves the values of its parameters into one contiguous array per dtype, and
    their gradients into another: ``p.data`` and ``p.grad.data`` are views of these, the gradients
    zeros to begin with. Arrays that shared memory with ``p.data`` before no longer do.

    Parameters
    ----------
    params : iterable of Tensor, or of dicts
        A dict is a group: ``{"params": ..., "lr": ...}`` with options of its own.
    defaults : dict
        The options of groups that do not say otherwise.
    """

    states = 0

    def __init__(self, params: Params, defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups = [
            {**self.defaults, **group} for group in _as_groups(params, type(self).__name__)
        ]
        _check_parameters([p for group in self.param_groups for p in group["params"]])
        for group in self.param_groups:
            self._check_options(group)
        self._slabs = [make_slabs(group["params"], self.states) for group in self.param_groups]

    def _check_options(self, group: Group) -> None:
        """Refuse options out of range; a subclass adds its own."""
        _check(group["lr"] >= 0.0, "Invalid learning rate", group["lr"])
        _check(group["weight_decay"] >= 0.0, "Invalid weight_decay value", group["weight_decay"])

    def _update(self, group: Group, step: int, data: Array, grad: Array, *states: Array) -> None:
        """Update `data` in place, the `step`-th time, counted from 1."""
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = False) -> None:
        """Set all gradients to zeros, or to None.

        With zeros (the default), the gradients stay views of one buffer, and a parameter that the
        next loss does not use has a zero gradient. With None, ``step`` leaves it as it is, and
        PyTorch's default behaviour results.
        """
        for slab in self._all_slabs():
            if set_to_none:
                for p in slab.parameters:
                    p.grad = None
            else:
                slab.zero_grad()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and its gradients first; its result is returned.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group, slabs in zip(self.param_groups, self._slabs, strict=True):
            for slab in slabs:
                for count, buffers in slab.ready():
                    self._update(group, count, *buffers)
                slab.settle()
        return loss

    def _all_slabs(self) -> Iterable[Slab]:
        return (slab for slabs in self._slabs for slab in slabs)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])


def _check(holds: bool, sentence: str, value: object) -> None:
    if not holds:
        raise ValueError(f"{sentence}: {value}")


def _as_groups(params: Any, name: str) -> list[Group]:
    """The argument of an optimiser as a list of groups, each with a list of parameters."""
    if isinstance(params, Tensor | np.ndarray | Mapping) or not isinstance(params, Iterable):
        raise TypeError(
            f"params argument given to the optimizer should be an iterable of Tensors or dicts, "
            f"but got {type(params).__name__}; write {name}(model.parameters())"
        )
    items = list(params)
    if not items:
        raise ValueError("optimizer got an empty parameter list")
    if not isinstance(items[0], Mapping):
        return [{"params": items}]
    groups = []
    for group in items:
        members = group["params"]
        members = [members] if isinstance(members, Tensor) else list(members)
        groups.append({**group, "params": members})
    return groups


def _check_parameters(parameters: list[Any]) -> None:
    for p in parameters:
        if not isinstance(p, Tensor):
            raise TypeError(
                f"optimizer can only optimize Tensors, but one of the params is {type(p).__name__}"
            )
        if not p.is_leaf:
            raise ValueError("can't optimize a non-leaf Tensor")
        if p.data.dtype.kind != "f":
            raise DTypeError(
                f"optimizer can only optimize Tensors of floating point dtype, "
                f"but one of the params is {p.data.dtype}"
            )
    if len({id(p) for p in parameters}) != len(parameters):
        raise ValueError("some parameters appear in more than one parameter group")
