"""Truth of abstract values, boolean operators and comparisons."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import gast

from sorix.compiler.frontend import calls, containers
from sorix.compiler.frontend.exits import surely_exits
from sorix.compiler.frontend.interpreter import (
    EXPRESSIONS,
    STATEMENTS,
    Caught,
    Interpreter,
    Terminated,
    UndefinedRead,
    describe,
)
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError


def condition(it: Interpreter, node: Any) -> Atom:
    """The truth of an expression used as a condition."""
    return truth(it, it.expr(node))


def truth(it: Interpreter, value: Value) -> Atom:
    match value:
        case Const():
            return Const(bool(value.value))
        case Static():
            return Const(bool(value.value))
        case Var():
            return value
        case Array() | Tensor():
            return it.read(value)
        case Maybe():
            return it.read(value)
        case Sequence():
            return Const(bool(value.items))
        case Reference():
            return _truth_of_content(it, value)
    return Const(True)


def _truth_of_content(it: Interpreter, value: Reference) -> Atom:
    content = it.state.get(value.cell)
    match content:
        case ListContent():
            return Const(bool(content.items))
        case DictContent():
            certain = len(content.items) > len(content.uncertain)
            return Const(certain or bool(containers.dict_items(content)))
        case GrownList():
            return it.atom(operator.gt, it.atom(len, content.atoms[0]), Const(0))
        case InstanceContent():
            if hasattr(content.cls, "__bool__"):
                return truth(it, calls.call_method(it, value, "__bool__", [], {}))
            if hasattr(content.cls, "__len__"):
                return truth(it, calls.call_method(it, value, "__len__", [], {}))
    return Const(True)


def either(
    it: Interpreter, cond: Atom, then: Callable[[], Value], orelse: Callable[[], Value]
) -> Value:
    """The value of one expression or the other, only one of them evaluated by the run."""
    if isinstance(cond, Const):
        return then() if cond.value else orelse()
    cell = Cell("t")
    it.frame.variables[f".{id(cell)}"] = cell

    def keep(run: Callable[[], Value]) -> Callable[[], None]:
        def evaluate() -> None:
            value = run()  # Before the state is looked up: `run` may branch, and so replace it.
            it.state.set(cell, value)

        return evaluate

    it.branch(cond, keep(then), keep(orelse))
    del it.frame.variables[f".{id(cell)}"]
    value = it.state.get(cell)
    it.state.cells.pop(cell, None)
    return value.value if isinstance(value, Maybe) and not value.none else value


def bool_op(it: Interpreter, node: Any) -> Value:
    stop_at = isinstance(node.op, gast.Or)
    return _bool_chain(it, node.values, stop_at)


def _bool_chain(it: Interpreter, nodes: list[Any], stop_at: bool) -> Value:
    value = it.expr(nodes[0])
    if len(nodes) == 1:
        return value
    cond = truth(it, value)
    if isinstance(cond, Const):
        return value if cond.value is stop_at else _bool_chain(it, nodes[1:], stop_at)
    if _is_bool(cond):
        other = _if_harmless(it, lambda: _bool_chain(it, nodes[1:], stop_at))
        if other is not None:
            return it.atom(operator.or_ if stop_at else operator.and_, cond, other)

    def rest() -> Value:
        return _bool_chain(it, nodes[1:], stop_at)

    if stop_at:
        return either(it, cond, lambda: value if not _is_bool(cond) else Const(True), rest)
    return either(it, cond, rest, lambda: value if not _is_bool(cond) else Const(False))


def _if_harmless(it: Interpreter, evaluate: Callable[[], Value]) -> Atom | None:
    """The truth value of an expression where the run may evaluate it needlessly, else None."""
    state, doubtful = it.state.copy(), it.doubtful
    try:
        with it.nested() as builder:
            other = evaluate()
    except (Terminated, Caught, UndefinedRead):
        it.state = state
        return None
    if _is_bool(other) and _harmless(builder.stmts) and it.doubtful == doubtful:
        it.builder.stmts.extend(builder.stmts)
        return other  # type: ignore[return-value]
    it.state = state
    return None


def _is_bool(atom: Any) -> bool:
    if isinstance(atom, Const):
        return isinstance(atom.value, bool)
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.dtype == "bool" and type_.rank == 0


_HARMLESS = {
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
    operator.not_, operator.and_, operator.or_, operator.add, operator.sub, operator.mul,
    operator.neg, operator.is_, operator.is_not, len, abs,
}  # fmt: skip


def _harmless(stmts: list[Any]) -> bool:
    """Whether evaluating the statements needlessly can neither raise nor warn."""

    return all(
        isinstance(s, Assign)
        and (not isinstance(s.value, Call) or s.value.fn in _HARMLESS)
        and isinstance(s.targets[0].type, Num)
        and s.targets[0].type.rank == 0
        for s in stmts
    )


_COMPARE: dict[str, Any] = {
    "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
    "Eq": operator.eq, "NotEq": operator.ne, "Is": operator.is_, "IsNot": operator.is_not,
    "In": operator.contains, "NotIn": operator.contains,
}  # fmt: skip


def compare(it: Interpreter, node: Any) -> Value:
    left = it.expr(node.left)
    if len(node.ops) == 1:
        held = it.hold(left)
        right = it.expr(node.comparators[0])
        return compare_values(it, type(node.ops[0]).__name__, it.release(held), right)
    return _compare_chain(it, left, list(zip(node.ops, node.comparators, strict=True)))


def _compare_chain(it: Interpreter, left: Value, parts: list[Any]) -> Value:
    (op, right_node), rest = parts[0], parts[1:]
    right = it.expr(right_node)
    value = compare_values(it, type(op).__name__, left, right)
    if not rest:
        return value
    cond = truth(it, value)
    if isinstance(cond, Var) and _is_bool(cond):
        other = _if_harmless(it, lambda: _compare_chain(it, right, rest))
        if other is not None:
            return it.atom(operator.and_, cond, other)
    return either(it, cond, lambda: _compare_chain(it, right, rest), lambda: Const(False))


def compare_values(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    fn = _COMPARE[op]
    if op in ("Is", "IsNot"):
        return _identity(it, fn, left, right)
    if op in ("In", "NotIn"):
        found = _contains(it, left, right)
        return found if op == "In" else it.atom(operator.not_, truth(it, found))
    if it.is_numeric(left) and it.is_numeric(right):
        result = it.emit(fn, it.read(left), it.read(right))
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return Tensor(result, False)
        return result
    return _compare_structures(it, op, fn, left, right)


def _compare_structures(it: Interpreter, op: str, fn: Any, left: Value, right: Value) -> Value:
    if isinstance(left, Static | Const) and isinstance(right, Static | Const):
        return Const(bool(fn(left.value, right.value)))

    one, two = containers.static_items(it, left), containers.static_items(it, right)
    if one is not None and two is not None and op in ("Eq", "NotEq"):
        equal: Var | Const = Const(len(one) == len(two))
        for a, b in zip(one, two, strict=False):
            equal = it.atom(operator.and_, equal, truth(it, compare_values(it, "Eq", a, b)))
        return equal if op == "Eq" else it.atom(operator.not_, equal)
    if isinstance(left, Static | Var) and isinstance(right, Static | Var):
        return it.emit(fn, it.read(left), it.read(right))
    if op in ("Eq", "NotEq") and type(left) is not type(right):
        return Const(op == "NotEq")
    raise UnsupportedTypeError(f"{describe(left)} is compared with {describe(right)}")


def _identity(it: Interpreter, fn: Any, left: Value, right: Value) -> Value:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Static) and one.value is None:
            if isinstance(other, Maybe) and other.none:
                return it.atom(fn, it.read(_first_leaf(other)), Const(None))
            same = isinstance(other, Static) and other.value is None
            return Const(same if fn is operator.is_ else not same)
    if isinstance(left, Static | Const) and isinstance(right, Static | Const):
        return Const(bool(fn(left.value, right.value)))
    if isinstance(left, Array) and isinstance(right, Array) and not left.steps and not right.steps:
        return Const((left.cell is right.cell) == (fn is operator.is_))
    if isinstance(left, Reference) and isinstance(right, Reference):
        return Const((left.cell is right.cell) == (fn is operator.is_))
    if type(left) is not type(right):
        return Const(fn is operator.is_not)
    raise UnsupportedTypeError("it cannot be decided whether these are one object")


def _first_leaf(value: Value) -> Value:
    while isinstance(value, Maybe | Sequence):
        value = value.value if isinstance(value, Maybe) else value.items[0]
    return value


def _contains(it: Interpreter, item: Value, container: Value) -> Value:

    if isinstance(container, Static) and isinstance(item, Static | Const):
        return Const(item.value in container.value)
    content = it.state.get(container.cell) if isinstance(container, Reference) else None
    if isinstance(content, DictContent):
        key = it.demand(item, "a key of a dict")
        return Const(containers.dict_get(content, key) is not None)
    items = containers.static_items(it, container)
    if items is None:
        raise UnsupportedTypeError(f"'in' looks into {describe(container)}")
    found: Var | Const = Const(False)
    for other in items:
        found = it.atom(operator.or_, found, truth(it, compare_values(it, "Eq", item, other)))
    return found


def unary_not(it: Interpreter, node: Any) -> Var | Const:
    return it.atom(operator.not_, truth(it, it.expr(node.operand)))


EXPRESSIONS["BoolOp"] = bool_op
EXPRESSIONS["Compare"] = compare


def exec_if(it: Interpreter, node: Any, rest: list[Any]) -> bool:
    """Interpret an ``if``; True where the rest of the block was interpreted with it."""

    cond = condition(it, node.test)
    if isinstance(cond, Const):
        it.execute(node.body if cond.value else node.orelse)
        return False
    then, orelse, consumed = node.body, node.orelse, False
    if rest and surely_exits(then):
        orelse, consumed = [*orelse, *rest], True
    elif rest and surely_exits(orelse):
        then, consumed = [*then, *rest], True
    it.branch(cond, lambda: it.execute(then), lambda: it.execute(orelse))
    return consumed


STATEMENTS["If"] = exec_if
