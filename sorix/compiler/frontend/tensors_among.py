"""Whether there are tensors among values: the values themselves, or what their containers hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sorix.compiler.frontend import containers
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import GrownList, Maybe, Static, Tensor, Value


def has_tensor(it: Interpreter, values: Iterable[object]) -> bool:
    """Whether one of the values is a tensor, or holds one at any depth."""
    return any(_holds(it, value, lambda tensor: True) for value in values)


def requires_grad(it: Interpreter, values: Iterable[object]) -> bool:
    """Whether one of the values is a tensor that requires grad, or holds one at any depth."""
    return any(_holds(it, value, lambda tensor: tensor.requires_grad) for value in values)


def _holds(it: Interpreter, value: object, wanted: Callable[[Tensor], bool]) -> bool:
    if isinstance(value, Maybe):
        value = value.value
    if isinstance(value, Tensor):
        return wanted(value)
    if not isinstance(value, Value) or isinstance(value, Static) or it.is_numeric(value):
        return False
    content = containers.content_of(it, value)
    items = containers.static_items(it, value)
    if isinstance(content, GrownList):
        items = (content.template,)
    return any(_holds(it, item, wanted) for item in items or ())
