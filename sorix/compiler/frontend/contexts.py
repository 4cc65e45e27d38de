"""``with`` statements: modes of the tape, NumPy's error state, objects of Python classes."""

from __future__ import annotations

import contextlib
import types
import warnings
from typing import Any, NoReturn

import gast
import numpy as np

from sorix.compiler.frontend import (
    assignment,
    calls,
    classes,
    conditions,
    containers,
    exceptions,
    generators,
)
from sorix.compiler.frontend.frames import Held
from sorix.compiler.frontend.interpreter import Interpreter, statement
from sorix.compiler.frontend.marks import mark
from sorix.compiler.frontend.source import source_of
from sorix.compiler.frontend.values import (
    MISSING,
    NONE,
    Cell,
    Closure,
    InstanceContent,
    Lazy,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const
from sorix.errors import UnsupportedSyntaxError


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
        if item.optional_vars is not None:
            assignment.assign(it, item.optional_vars, _entered(it, item.context_expr))
        quiet = it.quiet
        try:
            _enter(it, node, k + 1)
        finally:
            it.quiet = quiet
        return
    handled = _suppressed(it, item.context_expr)
    if handled is not None:
        exceptions.attempt(it, [handled], [False], lambda: _enter(it, node, k + 1), _forget, [])
        return
    manager = it.expr(item.context_expr)
    if isinstance(manager, Lazy) and manager.kind == "context":
        _enter_generator(it, node, k, manager)
    else:
        _enter_object(it, node, k, manager)


def _forget(clause: int, error: Value) -> None:
    """What ``contextlib.suppress`` does with an exception."""


def _suppressed(it: Interpreter, node: Any) -> tuple[type, ...] | None:
    """The classes of ``contextlib.suppress(...)``, or None."""
    if not isinstance(node, gast.Call):
        return None
    fn = it.expr(node.func)
    if not isinstance(fn, Static) or fn.value is not contextlib.suppress:
        return None
    return exceptions.exception_classes(it, Sequence(tuple(it.expr(a) for a in node.args)))


def _mode_of(it: Interpreter, node: Any) -> bool | None:
    """Whether the context is no_grad (False) or enable_grad (True)."""
    if not isinstance(node, gast.Call):
        return None
    fn = it.expr(node.func)
    name = mark(getattr(fn, "value", None), "__sorix_intrinsic__")
    return {"no_grad": False, "enable_grad": True}.get(name)


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


def _entered(it: Interpreter, node: Any) -> Value:
    """What ``with nullcontext(value) as name`` binds."""
    fn = it.expr(node.func)
    if not isinstance(fn, Static) or fn.value is not contextlib.nullcontext:
        raise UnsupportedSyntaxError(
            "the warnings or the state that a context gives are kept",
            "use the context without `as`",
        )
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return it.expr(given[0]) if given else NONE


def _enter_object(it: Interpreter, node: Any, k: int, manager: Value) -> None:
    if not isinstance(containers.content_of(it, manager), InstanceContent):
        raise it.unsupported(node)
    held = it.hold(manager)
    value = calls.call_method(it, manager, "__enter__", [], {})

    def body() -> None:
        if node.items[k].optional_vars is not None:
            assignment.assign(it, node.items[k].optional_vars, value)
        _enter(it, node, k + 1)

    def leave(error: Value) -> Atom | None:
        owner = it.state.get(held.cell) if isinstance(held, Held) else held
        return _leave(it, owner, error)

    exceptions.protected(it, body, leave, _may_swallow(it, manager))
    it.release(held)


def _may_swallow(it: Interpreter, manager: Value) -> bool:
    """Whether the ``__exit__`` of an object may return something true."""
    method = classes.special(it, manager, "__exit__")
    fn = None if method is None else method.fn
    node = fn.node if isinstance(fn, Closure) else None
    if isinstance(fn, Static) and isinstance(fn.value, types.FunctionType):
        node = source_of(fn.value).node
    returned = [n.value for n in gast.walk(node) if isinstance(n, gast.Return)] if node else []
    return any(v is not None and not _is_false(v) for v in returned)


def _is_false(node: Any) -> bool:
    return isinstance(node, gast.Constant) and not node.value


def _leave(it: Interpreter, manager: Value, error: Value) -> Atom | None:
    """Call ``__exit__``; whether it holds the exception back."""
    if error is MISSING:
        calls.call_method(it, manager, "__exit__", [NONE, NONE, NONE], {})
        return None
    content = containers.content_of(it, error)
    given: list[Value] = [Static(content.cls), error, NONE]
    found = conditions.truth(it, calls.call_method(it, manager, "__exit__", given, {}))
    return found if isinstance(found, Const) else it.atom(bool, found)


def _enter_generator(it: Interpreter, node: Any, k: int, manager: Lazy) -> None:
    """A function under ``contextlib.contextmanager``: the body runs where it yields."""
    yielded = Cell("yielded")
    it.frame.variables[f".{id(yielded)}"] = yielded
    it.put(yielded, Const(False))
    depth = len(it.kept_loops)

    def body(value: Value) -> None:
        before = it.state.get(yielded)
        if len(it.kept_loops) > depth or not (isinstance(before, Const) and not before.value):
            _refuse_yields()
        it.put(yielded, Const(True))
        if node.items[k].optional_vars is not None:
            assignment.assign(it, node.items[k].optional_vars, value)
        _enter(it, node, k + 1)

    try:
        generators.drive(it, manager, body, closes=False)
    finally:
        it.frame.variables.pop(f".{id(yielded)}", None)
    _require_yielded(it.state.get(yielded))


def _require_yielded(yielded: Value) -> None:
    if not (isinstance(yielded, Const) and yielded.value):
        _refuse_yields()


def _refuse_yields() -> NoReturn:
    raise UnsupportedSyntaxError(
        "a context manager yields more than once, in a loop, or not on every path",
        "yield in one place, outside of branches and loops",
    )


statement("With")(exec_with)
