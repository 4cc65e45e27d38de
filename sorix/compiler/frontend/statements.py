"""Statements that are neither assignments, branches nor loops."""

from __future__ import annotations

import importlib
import operator
from typing import Any

import gast

from sorix.compiler.frontend import (
    branching,
    callers_logs,
    calls,
    chosen_items,
    conditions,
    containers,
    exceptions,
    expressions,
    objects,
)
from sorix.compiler.frontend.interpreter import STATEMENTS, Interpreter, statement
from sorix.compiler.frontend.private_names import written_name
from sorix.compiler.frontend.state import AMBIGUOUS
from sorix.compiler.frontend.values import NONE, Array, Sequence, Static, Value
from sorix.compiler.ir.nodes import Const


def exec_expr(it: Interpreter, node: Any) -> None:
    if not isinstance(node.value, gast.Constant) and not callers_logs.append(it, node.value):
        it.expr(node.value)


def exec_pass(it: Interpreter, node: Any) -> None:
    """Nothing."""


def exec_return(it: Interpreter, node: Any) -> None:
    value = NONE if node.value is None else it.expr(node.value)
    frame = it.frame
    if len(it.frames) == 1:
        value = it.named(value, "result")
    if len(it.kept_loops) > frame.loops_around and not _does_more_at_its_end(frame.node):
        value = _snapshot(it, value)
    it.put(frame.result, value)
    it.put(frame.returned, Const(True))


def _snapshot(it: Interpreter, value: Value) -> Value:
    """The arrays of what is returned from within a loop, as they are now.

    The function writes into none of them after it has returned, so that the iterations that did
    not return may; the caller may not, who would see one array where the run has two.
    """
    match value:
        case Array():
            it.state.returned[value.cell] = len(it.frames)
            made = it.new_array(it.read(value))
            assert isinstance(made, Array)
            it.state.freeze(made.cell, AMBIGUOUS)
            return made
        case Sequence():
            return Sequence(tuple(_snapshot(it, item) for item in value.items), value.cls)
    return value


def _does_more_at_its_end(function: Any) -> bool:
    """Whether a function may run statements after ``return``."""
    body = function.body if isinstance(function.body, list) else [function.body]
    inner = (node for statement in body for node in gast.walk(statement))
    return any(isinstance(node, gast.With) or getattr(node, "finalbody", None) for node in inner)


def exec_break(it: Interpreter, node: Any) -> None:
    it.put(it.frame.loops[-1].broke, Const(True))


def exec_continue(it: Interpreter, node: Any) -> None:
    it.put(it.frame.loops[-1].continued, Const(True))


def exec_function(it: Interpreter, node: Any) -> None:
    decorators = [it.hold(it.expr(decorator)) for decorator in node.decorator_list]
    value: Value = expressions.closure(it, node, written_name(node))
    for decorator in reversed(decorators):
        value = calls.call(it, it.release(decorator), [value], {})
    it.store(node.name, value)


def exec_assert(it: Interpreter, node: Any) -> None:
    cond = conditions.condition(it, node.test)

    def fail() -> None:
        args = () if node.msg is None else (it.expr(node.msg),)
        exceptions.raise_error(it, AssertionError, args)

    if isinstance(cond, Const):
        if not cond.value:
            fail()
        return
    branching.branch(it, it.atom(operator.not_, cond), fail, lambda: None)


def exec_import(it: Interpreter, node: Any) -> None:
    """Imports inside a function bind modules, which are facts."""
    for alias in node.names:
        module = _imported(it, alias.name)
        if alias.asname is None:
            module = importlib.import_module(alias.name.split(".")[0])
        it.store(alias.asname or alias.name.split(".")[0], Static(module))


def exec_import_from(it: Interpreter, node: Any) -> None:
    package = it.frame.module.get("__package__") if node.level else None
    module = _imported(it, "." * node.level + (node.module or ""), package)
    for alias in node.names:
        if not hasattr(module, alias.name):
            _imported(it, f"{module.__name__}.{alias.name}")
        it.store(alias.asname or alias.name, _variable(it, module, alias.name))


def _variable(it: Interpreter, module: Any, name: str) -> Value:
    """What a variable of a module holds, which the next call may find changed."""
    if name in vars(module):
        return objects.attribute(it, Static(module), name)
    return Static(getattr(module, name))


def _imported(it: Interpreter, name: str, package: Any = None) -> Any:
    hint = "install what is imported, or leave the import out"
    return containers.computed(it, lambda: importlib.import_module(name, package), hint)


statement("Expr")(exec_expr)
STATEMENTS["Expr"] = chosen_items.apart(STATEMENTS["Expr"])
statement("Pass")(exec_pass)
statement("Return")(exec_return)
statement("Break")(exec_break)
statement("Continue")(exec_continue)
statement("FunctionDef")(exec_function)
statement("Assert")(exec_assert)
statement("Import")(exec_import)
statement("ImportFrom")(exec_import_from)
statement("Nonlocal")(exec_pass)
statement("Global")(exec_pass)
