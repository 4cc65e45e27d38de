"""One call through both engines: the eager tape and generated code must tell the same story."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import sorix
from sorix import nn


def compiled(function: Callable[..., Any]) -> Any:
    """The function through the compiler, which must accept it."""
    return sorix.compile(fallback="error")(function)


def leaf(values: Any, dtype: Any = np.float64) -> sorix.Tensor:
    return sorix.tensor(np.array(values, dtype), requires_grad=True)


def network(inputs: int = 1, hidden: int = 5, dtype: Any = np.float64, seed: int = 7) -> nn.Module:
    sorix.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(inputs, hidden, dtype=dtype), nn.Tanh(), nn.Linear(hidden, 1, dtype=dtype)
    )


def tensors(value: Any) -> Iterator[sorix.Tensor]:
    """The tensors in arguments or results, parameters of modules included."""
    if isinstance(value, sorix.Tensor):
        yield value
    elif isinstance(value, nn.Module):
        yield from value.parameters()
    elif isinstance(value, dict):
        for part in value.values():
            yield from tensors(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from tensors(part)


def plain(value: Any) -> Any:
    """A result with arrays in the place of tensors."""
    if isinstance(value, sorix.Tensor):
        return value.data
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def derivatives(function: Callable[..., Any], args: Any, kwargs: Any, order: int) -> list[Any]:
    """The result, then the gradient of a weighed sum of it, then of a sum of that, and so on."""
    result = function(*args, **kwargs)
    found = [plain(result)]
    leaves = [t for t in tensors([list(args), kwargs]) if t.requires_grad]
    total = _weighed(tensors(result))
    for step in range(order):
        if total is None:  # The engines need not know alike what is constant.
            found.append([np.zeros(t.shape, t.dtype) for t in leaves])
            continue
        bars = sorix.grad(total, leaves, create_graph=step + 1 < order, allow_unused=True)
        found.append(
            [np.zeros(t.shape, t.dtype) if b is None else b.data for t, b in zip(leaves, bars)]
        )
        total = _weighed(b for b in bars if b is not None)
    return found


def _weighed(parts: Any) -> Any:
    total = None
    for k, part in enumerate(t for t in parts if t.requires_grad):
        weights = np.cos(np.arange(part.data.size) + k).reshape(part.shape)
        term = (part * weights.astype(part.data.dtype)).sum()
        total = term if total is None else total + term
    return total


def assert_equal_trees(got: Any, want: Any, tolerance: float) -> None:
    assert type(got) is type(want), f"{type(got)} is not {type(want)}"
    if isinstance(want, dict):
        assert list(got) == list(want)
        got, want = list(got.values()), list(want.values())
    if isinstance(want, list):
        assert len(got) == len(want)
        for g, w in zip(got, want):
            assert_equal_trees(g, w, tolerance)
    elif isinstance(want, np.ndarray):
        assert (got.dtype, got.shape) == (want.dtype, want.shape)
        scale = np.abs(want).max(initial=1e-3)
        np.testing.assert_allclose(got, want, rtol=0, atol=tolerance * scale)
    elif isinstance(want, float):
        np.testing.assert_allclose(got, want, rtol=tolerance)
    else:
        assert got == want


def agree(
    function: Callable[..., Any],
    *args: Any,
    order: int = 2,
    tolerance: float = 1e-12,
    **kwargs: Any,
) -> Any:
    """Results and derivatives to `order` are the same; returns the compiled function."""
    through = compiled(function)
    want = derivatives(function, copy_of_arrays(args), copy_of_arrays(kwargs), order)
    got = derivatives(through, args, kwargs, order)
    assert_equal_trees(got, want, tolerance)
    return through


def copy_of_arrays(value: Any) -> Any:
    """Plain arrays copied, since a call may write them; tensors and modules as they are."""
    if isinstance(value, np.ndarray):
        return copy.copy(value)
    if isinstance(value, dict):
        return {key: copy_of_arrays(part) for key, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(map(copy_of_arrays, value))
    return value
