"""`Module`: an object whose attributes hold parameters and other modules.

What holds
    - A parameter belongs to a module if it can be reached from an attribute of it: directly,
      through another module, or through plain lists, tuples and dicts of either. Nothing is
      registered; what an attribute holds now is what counts.
    - The name of a parameter is the path to it: ``net.0.W``, ``blocks.left.b``.
    - A parameter or module reachable twice is listed once, under its first name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

from sorix.errors import StateDictError
from sorix.nn.parameter import Parameter
from sorix.runtime.tensor import Tensor

Members = Iterator[tuple[str, object]]


class LoadResult(NamedTuple):
    """Names that `Module.load_state_dict` found on one side only; both empty if strict."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module:
    """Base of all networks and layers.

    A subclass sets parameters and modules as attributes in ``__init__`` and says what to compute
    in ``forward``, or in ``__call__`` itself.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = nn.Parameter(3.0)
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> layer = Scale()
    >>> layer(sorix.tensor(2.0)).item()
    6.0
    >>> [name for name, _ in layer.named_parameters()]
    ['factor']
    """

    training: bool = True

    def __init__(self) -> None:
        super().__init__()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; a subclass defines it, or ``__call__``."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.forward(*args, **kwargs)

    def named_parameters(
        self, prefix: str = "", recurse: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters with their names, each once, in the order their attributes were set."""
        seen: set[int] = set()
        for path, module in self.named_modules(prefix) if recurse else [(prefix, self)]:
            for name, value in module._members():
                if isinstance(value, Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield _join(path, name), value

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once: what an optimiser takes."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all modules in it with their names, each once, outermost first."""
        seen: set[int] = set()
        stack: list[tuple[str, Module]] = [(prefix, self)]
        while stack:
            path, module = stack.pop()
            if id(module) not in seen:
                seen.add(id(module))
                yield path, module
                children = [(_join(path, name), child) for name, child in module.named_children()]
                stack.extend(reversed(children))

    def modules(self) -> Iterator[Module]:
        """This module and all modules in it, each once."""
        for _, module in self.named_modules():
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, with their names, each once."""
        seen: set[int] = set()
        for name, value in self._members():
            if isinstance(value, Module) and id(value) not in seen:
                seen.add(id(value))
                yield name, value

    def children(self) -> Iterator[Module]:
        """The modules directly in this one, each once."""
        for _, module in self.named_children():
            yield module

    def _members(self) -> Members:
        """What the attributes hold, plain containers opened."""
        for name, value in vars(self).items():
            yield from _open(name, value)

    def train(self, mode: bool = True) -> Self:
        """Set ``training`` here and in every module inside; returns the module."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """The same as ``train(False)``."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Set ``requires_grad`` of every parameter; returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def zero_grad(self, set_to_none: bool = False) -> None:
        """Set the gradient of every parameter to zeros (or to None).

        Zeros are written into the existing array, which an optimiser may own.
        """
        for parameter in self.parameters():
            grad = parameter.grad
            if set_to_none or grad is None:
                parameter.grad = None
            elif grad.requires_grad:
                # A gradient made with create_graph=True is part of a graph that may be in use.
                parameter.grad = Tensor(np.zeros_like(grad.data))
            else:
                grad.data[...] = 0

    def apply(self, fn: Callable[[Module], object]) -> Self:
        """Call ``fn`` on every module, innermost first; returns the module."""
        for module in reversed(list(self.modules())):
            fn(module)
        return self

    def to(self, dtype: Any) -> Self:
        """Change the dtype of every parameter, before an optimiser is made; returns the module."""
        for parameter in self.parameters():
            parameter.data = parameter.data.astype(dtype)
            parameter.grad = None
        return self

    def float(self) -> Self:
        """The same as ``to(float32)``."""
        return self.to(np.float32)

    def double(self) -> Self:
        """The same as ``to(float64)``."""
        return self.to(np.float64)

    def state_dict(self) -> dict[str, np.ndarray]:
        """A copy of the value of every parameter, by name.

        Unlike PyTorch's, the arrays are not changed by further training.
        """
        return {name: parameter.data.copy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> LoadResult:
        """Copy values into the parameters, in place.

        Parameters
        ----------
        state : mapping of str to array or Tensor
            As returned by `state_dict`.
        strict : bool
            Refuse a state whose names are not exactly those of the parameters.

        Raises
        ------
        StateDictError
            If names (where strict) or shapes do not match; no parameter was changed then.
        """
        own = dict(self.named_parameters())
        found = LoadResult([k for k in own if k not in state], [k for k in state if k not in own])
        arrays = {name: _as_array(state[name]) for name in own if name in state}
        faults = _name_faults(found) if strict else []
        faults += _shape_faults(own, arrays)
        if faults:
            raise StateDictError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t"
                + "\n\t".join(faults)
            )
        for name, array in arrays.items():
            own[name].data[...] = array
        return found

    def extra_repr(self) -> str:
        """What ``repr`` shows in the parentheses of a module without modules inside."""
        return ""

    def __repr__(self) -> str:
        children = [f"({name}): {child!r}" for name, child in self.named_children()]
        extra = self.extra_repr()
        if not children:
            return f"{type(self).__name__}({extra})"
        lines = "\n".join(([extra] if extra else []) + children).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {lines}\n)"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _open(name: str, value: object) -> Members:
    """A value under its name, or the values in it, where it is a plain container."""
    if isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _open(f"{name}.{i}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _open(f"{name}.{key}", item)
    else:
        yield name, value


def _as_array(value: Any) -> np.ndarray:
    return value.data if isinstance(value, Tensor) else np.asarray(value)


def _name_faults(found: LoadResult) -> list[str]:
    labelled = (("Missing", found.missing_keys), ("Unexpected", found.unexpected_keys))
    return [
        f"{label} key(s) in state_dict: " + ", ".join(f'"{name}"' for name in names) + ". "
        for label, names in labelled
        if names
    ]


def _shape_faults(own: Mapping[str, Parameter], arrays: Mapping[str, np.ndarray]) -> list[str]:
    return [
        f"size mismatch for {name}: copying a param with shape {array.shape} from checkpoint, "
        f"the shape in current model is {own[name].data.shape}."
        for name, array in arrays.items()
        if array.shape != own[name].data.shape
    ]
