"""Atoms and calls of the IR as Python expressions, the way a NumPy programmer writes them.

Operators are infix, reads are subscripts, and where a value is known to be an array its
attributes are used: ``x.T``, ``x.shape[0]``, ``x.size``, ``x.reshape(-1)``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sorix.compiler.emit.callees import BINARY, COMPARE, UNARY, dotted_name
from sorix.compiler.emit.constants import constant_expression
from sorix.compiler.emit.signs import sign_first
from sorix.compiler.ir.nodes import Atom, Call, Const, Method, Routine, Slc, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.support import list_repeat

LOAD = ast.Load()


class Expressions:
    """Prints atoms and calls; notes what must be imported for them.

    `names` gives every variable that has one its name; a variable in `nested` has none and is
    printed as the call that computes it. `called` names the routines of the module, and the user's
    functions that it imports.
    """

    def __init__(
        self,
        names: Mapping[Var, str],
        nested: Mapping[Var, Call],
        called: Mapping[Any, str],
    ) -> None:
        self._names, self._nested, self._called = names, nested, called
        self.modules: set[str] = set()
        self.support: set[str] = set()

    def use(self, dotted: str) -> ast.expr:
        """The expression for a dotted name, with its import noted."""
        if dotted.startswith("support:"):
            name = dotted.removeprefix("support:")
            self.support.add(name)
            return ast.Name(name, LOAD)
        first, *attributes = dotted.split(".")
        if attributes:
            self.modules.add(first)
        expression: ast.expr = ast.Name(first, LOAD)
        for attribute in attributes:
            expression = ast.Attribute(expression, attribute, LOAD)
        return expression

    def atom(self, atom: Atom) -> ast.expr:
        if isinstance(atom, Var):
            nested = self._nested.get(atom)
            return ast.Name(self._names[atom], LOAD) if nested is None else self.call(nested)
        if isinstance(atom, Const):
            return constant_expression(atom.value, self.use)
        if isinstance(atom, Tup):
            if _holds_slice(atom) and not atom.is_list:
                return ast.Subscript(self.use("np.s_"), self.index(atom), LOAD)
            items = [self.atom(item) for item in atom.items]
            return ast.List(items, LOAD) if atom.is_list else ast.Tuple(items, LOAD)
        return ast.Subscript(self.use("np.s_"), self.index(atom), LOAD)

    def index(self, atom: Atom) -> ast.expr:
        """An atom inside the brackets of a subscript."""
        if isinstance(atom, Slc):
            parts = (atom.start, atom.stop, atom.step)
            return ast.Slice(*(None if _is_none(part) else self.atom(part) for part in parts))
        if isinstance(atom, Tup) and not atom.is_list:
            return ast.Tuple([self.index_item(item) for item in atom.items], LOAD)
        return self.atom(atom)

    def index_item(self, atom: Atom) -> ast.expr:
        return self.index(atom) if isinstance(atom, Slc) else self.atom(atom)

    def call(self, call: Call) -> ast.expr:
        fn = call.fn
        if not call.kwargs and not isinstance(fn, Method | Routine):
            if fn in BINARY and len(call.args) == 2:
                left, right = map(self.atom, call.args)
                return ast.BinOp(left, BINARY[fn](), right)
            if fn is operator.neg and self._is_float_product(call.args[0]):
                return sign_first(self.atom(call.args[0]))
            if fn in UNARY and len(call.args) == 1:
                return ast.UnaryOp(UNARY[fn](), self.atom(call.args[0]))
            if fn in COMPARE and len(call.args) == 2:
                left, right = map(self.atom, call.args)
                return ast.Compare(left, [COMPARE[fn]()], [right])
            if fn is operator.getitem and len(call.args) == 2:
                return self.subscript(call.args[0], call.args[1], LOAD)
        special = None if isinstance(fn, Method | Routine) else _SPECIAL.get(fn)
        if special is not None and (printed := special(self, call)) is not None:
            return printed
        return self._plain_call(call)

    def _is_float_product(self, atom: Atom) -> bool:
        """Whether the atom is printed as a product whose first factor may be negated instead.

        Not so of a bool, which NumPy does not negate.
        """
        call = self._nested.get(atom) if isinstance(atom, Var) else None
        if call is None or call.fn not in (operator.mul, operator.truediv):
            return False
        first = call.args[0]
        made = self._nested.get(first) if isinstance(first, Var) else None
        if made is not None and made.fn in (operator.mul, operator.truediv):
            return self._is_float_product(first)
        return _is_float(first)

    def subscript(self, value: Atom, index: Atom, context: ast.expr_context) -> ast.Subscript:
        match index:
            case Tup(items=(Slc() | Const() as only,), is_list=False) if is_array(value):
                index = only  # ``x[1:,]`` is ``x[1:]``
        return ast.Subscript(self.atom(value), self.index(index), context)

    def _plain_call(self, call: Call) -> ast.expr:
        args, function = call.args, call.fn
        if isinstance(function, Method):
            receiver, args = self.atom(args[0]), args[1:]
            called = receiver
            if function.name != "__call__":
                called = ast.Attribute(receiver, function.name, LOAD)
        elif isinstance(function, Routine) or function in self._called:
            called = ast.Name(self._called[function], LOAD)
        else:
            called = self.use(dotted_name(function))
        return ast.Call(called, [self.atom(a) for a in args], self.keywords(call.kwargs))

    def keywords(self, kwargs: Sequence[tuple[str, Atom]]) -> list[ast.keyword]:
        return [ast.keyword(name, self.atom(value)) for name, value in kwargs]


def _holds_slice(atom: Tup) -> bool:
    return any(isinstance(item, Slc) for item in atom.items)


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Const) and atom.value is None


def is_array(atom: Atom) -> bool:
    """Whether `atom` is surely an ndarray when the program runs."""
    return isinstance(atom, Var) and isinstance(atom.type, Num) and atom.type.kind == "array"


def _is_float(atom: Atom) -> bool:
    if isinstance(atom, Const):
        return type(atom.value) in (int, float)
    return isinstance(atom, Var) and isinstance(atom.type, Num) and bool(atom.type.is_float)


Special = Callable[[Expressions, Call], ast.expr | None]


def _attribute(name: str) -> Special:
    """``fn(x)`` as ``x.name``, for an array and nothing but the array."""

    def printed(to: Expressions, call: Call) -> ast.expr | None:
        if len(call.args) != 1 or call.kwargs or not is_array(call.args[0]):
            return None
        return ast.Attribute(to.atom(call.args[0]), name, LOAD)

    return printed


def _method(name: str, spread: bool = False) -> Special:
    """``fn(x, ...)`` as ``x.name(...)``; with `spread`, a tuple argument is written out."""

    def printed(to: Expressions, call: Call) -> ast.expr | None:
        if not call.args or not is_array(call.args[0]):
            return None
        args = call.args[1:]
        if spread and len(args) == 1 and isinstance(args[0], Tup) and args[0].items:
            args = args[0].items
        called = ast.Attribute(to.atom(call.args[0]), name, LOAD)
        return ast.Call(called, [to.atom(a) for a in args], to.keywords(call.kwargs))

    return printed


def _size(to: Expressions, call: Call) -> ast.expr | None:
    """``np.size(x, axis)`` as ``x.shape[axis]``, ``np.size(x)`` as ``x.size``."""
    axes = [*call.args[1:], *(value for _, value in call.kwargs)]
    if not call.args or not is_array(call.args[0]) or len(axes) > 1:
        return None
    array = to.atom(call.args[0])
    if not axes or _is_none(axes[0]):
        return ast.Attribute(array, "size", LOAD)
    return ast.Subscript(ast.Attribute(array, "shape", LOAD), to.atom(axes[0]), LOAD)


def _contains(to: Expressions, call: Call) -> ast.expr | None:
    container, item = map(to.atom, call.args)
    return ast.Compare(item, [ast.In()], [container])


def _index(to: Expressions, call: Call) -> ast.expr | None:
    """Unlike ``int(x)``, this refuses what is no integer."""
    return ast.Call(ast.Attribute(to.atom(call.args[0]), "__index__", LOAD), [], [])


def _getattr(to: Expressions, call: Call) -> ast.expr | None:
    if len(call.args) != 2 or not isinstance(call.args[1], Const):
        return None
    name = call.args[1].value
    if not (isinstance(name, str) and name.isidentifier()):
        return None
    return ast.Attribute(to.atom(call.args[0]), name, LOAD)


def _list(to: Expressions, call: Call) -> ast.expr | None:
    """A list that is empty, or whose items are written out."""
    if not call.args:
        return ast.List([], LOAD)
    (items,) = call.args
    return to.atom(items) if isinstance(items, Tup) and items.is_list else None


def _repeated(to: Expressions, call: Call) -> ast.expr | None:
    """``[v] * n``, where the count is no list."""
    value, count = call.args
    if not (isinstance(count, Var | Const) and isinstance(count.type, Num)):
        return None
    return ast.BinOp(ast.List([to.atom(value)], LOAD), ast.Mult(), to.atom(count))


_SPECIAL: dict[object, Special] = {
    list: _list,
    operator.contains: _contains,
    operator.index: _index,
    np.size: _size,
    np.shape: _attribute("shape"),
    np.ndim: _attribute("ndim"),
    np.transpose: _attribute("T"),
    np.copy: _method("copy"),
    np.sum: _method("sum"),
    np.mean: _method("mean"),
    np.reshape: _method("reshape", spread=True),
    getattr: _getattr,
    list_repeat: _repeated,
}
if hasattr(np, "astype"):
    _SPECIAL[np.astype] = _method("astype")
