"""The table is closed: whatever a rule calls has a rule itself.

The sources of all rules are read with `ast`; every call and operator in them must be of a
primitive with a rule, of a helper in the same package (which is then read too), or of one of the
Python functions that work on facts known before the program runs.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import operator
import textwrap
import types

import numpy as np
import pytest

from sorix.compiler.differentiate.symbols import WRITTEN_AS
from sorix.errors import SorixError
from sorix.primitives import rule_of, rules

STATIC = {
    *(isinstance, len, tuple, list, zip, range, sorted, enumerate, max, min, abs, int, float, type),
    *(any, all, set, slice, reversed, getattr, dict, next, callable, bool, sum, np.dtype),
}
STATIC_MODULES = {"math", "string"}
METHODS_OF_TEXT_AND_LISTS = {
    *("append", "index", "replace", "partition", "split", "count", "join", "startswith"),
    "items",
}
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Pow: operator.pow,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
    ast.USub: operator.neg,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}


class Faults(ast.NodeVisitor):
    """What a function calls that is not closed; the helpers it calls are read as well."""

    def __init__(self, function, seen):
        self.function, self.seen, self.found = function, seen, []
        self.scope = {**vars(builtins), **function.__globals__}

    def visit_BinOp(self, node):
        self.check(OPERATORS[type(node.op)], node)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        self.check(OPERATORS[type(node.op)], node)
        self.generic_visit(node)

    def visit_Raise(self, node):
        pass

    def visit_Call(self, node):
        target = self.resolve(node.func)
        if target is not None:
            self.check(target, node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        for statement in node.body:
            self.visit(statement)

    def resolve(self, node):
        if isinstance(node, ast.Name):
            return self.scope.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.resolve(node.value)
            if isinstance(owner, types.ModuleType):
                return getattr(owner, node.attr)
            if node.attr not in METHODS_OF_TEXT_AND_LISTS:
                self.found.append(f"method {node.attr}")
        return None

    def check(self, target, node):
        target = WRITTEN_AS.get(target, target)
        if rule_of(target) is None and _is_static(target):
            return
        if isinstance(node, ast.Call) and _ignores_overrides(target):
            self.found.append(f"{ast.unparse(node)}: does not give way to symbols")
        elif rule_of(target) is not None:
            return
        elif getattr(target, "__module__", "").startswith("sorix.primitives"):
            self.found += faults(target, self.seen)
        else:
            self.found.append(f"{ast.unparse(node)}: {target}")


def _ignores_overrides(target):
    """NumPy functions, such as ``np.full``, that make plain arrays of whatever they are given."""
    dispatching = isinstance(target, np.ufunc) or type(target) is type(np.sum)
    return getattr(target, "__module__", None) == "numpy" and not dispatching


def _is_static(target):
    if isinstance(target, type) and issubclass(target, SorixError):
        return True
    module = getattr(target, "__module__", None)
    return (
        module in STATIC_MODULES
        or isinstance(target, types.FunctionType | type)
        and (target in STATIC)
        or target in STATIC
    )


def faults(function, seen):
    if function in seen:
        return []
    seen.add(function)
    tree = _parsed(function)
    visitor = Faults(function, seen)
    visitor.visit(tree)
    return visitor.found


@functools.cache
def _parsed(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


@pytest.mark.parametrize(
    "function",
    [r.function for r in rules().values() if r.derive],
    ids=lambda function: function.__name__,
)
def test_a_rule_calls_only_what_has_a_rule(function):
    rule = rule_of(function)
    found = faults(rule.derive, set())
    if rule.tangent is not None:
        found += faults(rule.tangent, set())
    assert found == []


def test_a_call_without_a_rule_is_found():
    def rule(y, x):
        return np.apply_along_axis(x)

    assert faults(rule, set())


def test_a_call_that_symbols_cannot_answer_is_found():
    def rule(y, x):
        return np.ones(x)

    assert faults(rule, set()) == ["np.ones(x): does not give way to symbols"]
