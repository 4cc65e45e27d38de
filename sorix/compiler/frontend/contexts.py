"""``with`` statements: the modes of the tape, NumPy's error state, and objects of Python classes."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import gast
import numpy as np

from sorix.compiler.frontend import assignment, calls, containers
from sorix.compiler.frontend.interpreter import Interpreter, statement
from sorix.compiler.frontend.values import NONE, InstanceContent, Static, Value


def exec_with(it: Interpreter, node: Any) -> None:
    _enter(it, node, 0)


def _enter(it: Interpreter, node: Any, k: int) -> None:
    if k == len(node.items):
        it.execute(node.body)
        return
    item = node.items[k]
    mode = _mode_of(it, item.context_expr)
    if mode is not None:
        saved, it.grad_enabled = it.grad_enabled, mode
        try:
            _enter(it, node, k + 1)
        finally:
            it.grad_enabled = saved
        return
    if _is_harmless(it, item.context_expr):
        _enter(it, node, k + 1)
        return
    _enter_object(it, node, k, it.expr(item.context_expr))


def _mode_of(it: Interpreter, node: Any) -> bool | None:
    """Whether the context is no_grad (False) or enable_grad (True)."""
    if not isinstance(node, gast.Call):
        return None
    fn = it.expr(node.func)
    name = getattr(getattr(fn, "value", None), "__sorix_intrinsic__", None)
    return {"no_grad": False, "enable_grad": True}.get(name)  # type: ignore[arg-type]


_QUIET = {np.errstate, warnings.catch_warnings, contextlib.nullcontext}


def _is_harmless(it: Interpreter, node: Any) -> bool:
    """Contexts that change no value: what they set is set for the whole generated function."""
    if not isinstance(node, gast.Call):
        return False
    fn = it.expr(node.func)
    target = fn.value if isinstance(fn, Static) else None
    if target is np.errstate:
        options = {k.arg: it.demand(it.expr(k.value), "an error state") for k in node.keywords}
        it.error_state.update(options)
    return target in _QUIET if callable(target) else False


def _enter_object(it: Interpreter, node: Any, k: int, manager: Value) -> None:

    if not isinstance(containers.content_of(it, manager), InstanceContent):
        raise it.unsupported(node)
    value = calls.call_method(it, manager, "__enter__", [], {})
    if node.items[k].optional_vars is not None:
        assignment.assign(it, node.items[k].optional_vars, value)
    _enter(it, node, k + 1)
    calls.call_method(it, manager, "__exit__", [NONE, NONE, NONE], {})


statement("With")(exec_with)
