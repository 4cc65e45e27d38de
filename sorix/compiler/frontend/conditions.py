"""Truth of abstract values, boolean operators and comparisons."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gast

from sorix.compiler.frontend import (
    branching,
    containers,
    lifetimes,
    preconditions,
    ranges,
    special_results,
)
from sorix.compiler.frontend.exits import assigned_names, surely_exits
from sorix.compiler.frontend.frames import Caught, Terminated, UndefinedRead
from sorix.compiler.frontend.interpreter import EXPRESSIONS, STATEMENTS, Interpreter
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.frontend.state import AMBIGUOUS, CHOSEN_ELEMENT
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    Static,
    Tensor,
    Torn,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import StructureError


def condition(it: Interpreter, node: Any) -> Atom:
    """The truth of an expression used as a condition.

    Of ``a and b`` the truth alone is wanted: lists, say, need no merge.
    """
    if isinstance(node, gast.BoolOp):
        value = _bool_chain(it, node.values, isinstance(node.op, gast.Or), condition)
        return truth(it, value)
    return truth(it, it.expr(node))


def truth(it: Interpreter, value: Value) -> Atom:
    match value:
        case Torn():
            raise StructureError(value.reason, value.hint)
        case Const():
            return Const(bool(value.value))
        case Static():
            return Const(bool(value.value))
        case Var() | Array() | Tensor():
            atom = it.read(value)
            preconditions.check_truth(it, atom)
            return atom
        case Maybe() if not value.none:
            return truth(it, value.value)
        case Maybe() if value.present is not None:
            there = either(
                it, value.present, lambda: as_bool(it, value.value), lambda: Const(False)
            )
            return truth(it, there)
        case Maybe():
            return it.read(value)
        case Sequence():
            return Const(bool(value.items))
        case Reference():
            return _truth_of_content(it, value)
        case RangeValue():
            return it.atom(operator.gt, ranges.length(it, value), Const(0))
        case Lazy() if value.kind in containers.VIEWS:
            return Const(bool(containers.static_items(it, value)))
    return Const(True)


def as_bool(it: Interpreter, value: Value) -> Value:
    """The truth as one bool, also of an array."""
    cond = truth(it, value)
    return cond if isinstance(cond, Const) or is_bool(cond) else it.atom(bool, cond)


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
                return truth(it, special_results.of(it, value, "__bool__"))
            if hasattr(content.cls, "__len__"):
                return truth(it, special_results.of(it, value, "__len__"))
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
            it.put(cell, value)

        return evaluate

    branching.branch(it, cond, keep(then), keep(orelse))
    del it.frame.variables[f".{id(cell)}"]
    value = it.state.get(cell)
    it.state.cells.pop(cell, None)
    return value.value if isinstance(value, Maybe) and not value.none else value


def bool_op(it: Interpreter, node: Any) -> Value:
    stop_at = isinstance(node.op, gast.Or)
    return _bool_chain(it, node.values, stop_at, Interpreter.expr)


def _bool_chain(
    it: Interpreter,
    nodes: list[Any],
    stop_at: bool,
    evaluate: Callable[[Interpreter, Any], Value],
) -> Value:
    value = evaluate(it, nodes[0])
    if len(nodes) == 1:
        return value
    cond = truth(it, value)

    def rest() -> Value:
        return _bool_chain(it, nodes[1:], stop_at, evaluate)

    if isinstance(cond, Const):
        return value if cond.value is stop_at else rest()
    if is_bool(cond):
        other = if_harmless(it, rest)
        if isinstance(other, Const):  # It settles the whole, or says nothing.
            return other if other.value is stop_at else cond
        if other is not None:
            return it.atom(operator.or_ if stop_at else operator.and_, cond, other)

    # A list, say, is itself the value, though its truth is a bool.
    kept = Const(stop_at) if is_bool(cond) and it.is_numeric(value) else value
    if stop_at:
        return either(it, cond, lambda: kept, rest)
    return either(it, cond, rest, lambda: kept)


def if_harmless(it: Interpreter, evaluate: Callable[[], Value]) -> Atom | None:
    """The truth value of an expression where the run may evaluate it needlessly, else None."""
    state, doubtful = it.state.copy(), it.doubtful
    try:
        with it.nested() as builder:
            other = evaluate()
    except (Terminated, Caught, UndefinedRead):
        it.state = state
        return None
    unharmed = harmless(builder.stmts) and it.doubtful == doubtful
    if is_bool(other) and unharmed and not it.state.differs_from(state):
        it.builder.stmts.extend(builder.stmts)
        return other
    it.state = state
    return None


def is_bool(atom: Any) -> bool:
    if isinstance(atom, Const):
        return isinstance(atom.value, bool)
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.dtype == "bool" and type_.rank == 0


_HARMLESS = {
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
    operator.not_, operator.and_, operator.or_, operator.add, operator.sub, operator.mul,
    operator.neg, operator.is_, operator.is_not, len, abs,
}  # fmt: skip


def harmless(stmts: list[Any]) -> bool:
    """Whether evaluating the statements needlessly can neither raise nor warn."""

    return all(
        isinstance(s, Assign)
        and (not isinstance(s.value, Call) or s.value.fn in _HARMLESS)
        and isinstance(s.targets[0].type, Num)
        and s.targets[0].type.rank == 0
        for s in stmts
    )


def unary_not(it: Interpreter, node: Any) -> Var | Const:
    return it.atom(operator.not_, truth(it, it.expr(node.operand)))


EXPRESSIONS["BoolOp"] = bool_op


def exec_if(it: Interpreter, node: Any, rest: Nodes) -> bool:
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
    key = parting(it, node)
    if rest and not consumed and key in it.inputs.demanded:
        then, orelse, consumed = [*then, *rest], [*orelse, *rest], True
    names = assigned_names([*then, *orelse])
    dead = lifetimes.dead_after(it.frame, rest[-1] if consumed else node, names)
    with noting_ambiguous(it, key):
        branching.branch(it, cond, lambda: it.execute(then), lambda: it.execute(orelse), dead)
    return consumed


def parting(it: Interpreter, node: Any) -> Any:
    """What to demand so that the ways of a branch go apart to the end of their block.

    Where they choose among arrays (``dst = a if even else b``) and the chosen one is written, each
    way then knows which array it writes.
    """
    return ("parted", (it.frame.source.file, node.lineno, node.col_offset))


@contextmanager
def noting_ambiguous(it: Interpreter, key: Any) -> Iterator[None]:
    """Note the arrays that cannot be told apart any more after the branch inside."""
    before = set(it.state.frozen)
    yield
    note_ambiguous(it, key, before)


def note_ambiguous(it: Interpreter, key: Any, before: set[Cell]) -> None:
    """Note what is ambiguous now, and was not frozen before; see `noting_ambiguous`."""
    for cell, why in it.state.frozen.items():
        known = it.parted_at.get(cell)
        chosen = why in (AMBIGUOUS, CHOSEN_ELEMENT)
        if chosen and cell not in before and known in (None, *it.inputs.demanded):
            it.parted_at[cell] = key


STATEMENTS["If"] = exec_if
