"""Loops: unrolled over containers of known structure, kept as loops over everything else.

The body of a kept loop is interpreted on a general state, in which every number that changes from
one iteration to the next is a parameter. Which ones change, and of what type they are, is found
by interpreting the body until a round agrees with what it assumed; the statements of the earlier
rounds are thrown away.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, NoReturn

import gast

from sorix.compiler.frontend import (
    assignment,
    branching,
    calls,
    conditions,
    generators,
    iterables,
    leaving,
    prelude,
    segments,
)
from sorix.compiler.frontend.frames import Exits, Terminated
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import GENERIC, STATEMENTS, Interpreter, statement
from sorix.compiler.frontend.kept_loops import KeptLoop, TestChangesState
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.frontend.state import RemadeError
from sorix.compiler.frontend.values import (
    Cell,
    Checkpointed,
    Lazy,
    RangeValue,
    Value,
)
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Call,
    Const,
    Effect,
    For,
    Method,
    Raise,
    Routine,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import INT
from sorix.compiler.ir.walk import statements
from sorix.errors import (
    CompilerLimitError,
    StructureError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)
from sorix.primitives.table import rule_of

SHORT = 64
"""A loop of so many iterations is unrolled where its values have no one structure."""


def exec_for(it: Interpreter, node: Any, rest: Nodes) -> bool:
    """Interpret a ``for``; True where the rest of the block was interpreted with it."""
    source = it.expr(node.iter)
    if isinstance(node.iter, gast.Call) and isinstance(source, Lazy) and source.kind == "count":
        # Nobody else has it: it is the generator that the documentation writes.
        source = calls.call_function(it, prelude.count_from, list(source.extra), {})
    leave = leaving.Leaving(it, node, rest, lambda broke: _or_else(it, broke, node.orelse))
    loop_over(
        it,
        source,
        key=(it.frame.source.file, node.lineno, node.col_offset),
        bind=lambda value: assignment.assign(it, node.target, value),
        body=lambda: it.execute(node.body),
        syntax=[node],
        orelse=node.orelse,
        leave=leave,
    )
    return leave.done


def _drive(
    it: Interpreter,
    run: Callable[[Callable[[Value], None]], None],
    consume: Callable[[Value], None],
    orelse: list[Any],
) -> None:
    """A loop over a generator: its body runs where the generator yields."""
    exits = Exits()
    frame = it.frame
    frame.loops.append(exits)
    it.put(exits.broke, Const(False))
    it.put(exits.continued, Const(False))

    def body(value: Value) -> None:
        it.put(exits.continued, Const(False))
        consume(value)
        it.put(exits.continued, Const(False))

    try:
        run(body)
    finally:
        broke = it.state.get(exits.broke)
        frame.loops.pop()
    _or_else(it, broke, orelse)


def _or_else(it: Interpreter, broke: Any, orelse: list[Any]) -> None:
    """The ``else`` of a loop, which neither a break nor a return has left."""
    left = [v for v in (broke, it.exit_status()) if not isinstance(v, Const) or v.value]
    if not orelse or any(isinstance(v, Const) for v in left):
        return
    done: Atom = Const(False)
    for status in left:
        done = status if isinstance(done, Const) else it.atom(operator.or_, done, status)
    branching.branch(it, it.negate(done), lambda: it.execute(orelse), lambda: None)


def loop_over(
    it: Interpreter,
    iterable: Value | iterables.Walk,
    key: Any,
    bind: Callable[[Value], object],
    body: Callable[[], None],
    syntax: list[Any],
    orelse: list[Any],
    at_once: bool = False,
    leave: leaving.Leaving | None = None,
) -> None:
    """Interpret a ``for`` loop, unrolled or kept."""

    checkpointed = iterable if isinstance(iterable, Checkpointed) else None
    if isinstance(iterable, Checkpointed):
        iterable = iterable.target
    if not isinstance(iterable, tuple | iterables.Indexed):
        iterable = iterables.resolve(it, iterable)
    if not isinstance(iterable, tuple | iterables.Indexed) and iterables.is_generator(iterable):
        if checkpointed is not None:
            raise UnsupportedTypeError(
                "sorix.checkpoint() is given a generator, whose steps cannot be made again",
                "loop over a range, an array or a list",
            )

        def consume(value: Value) -> None:
            bind(value)
            body()

        return _drive(it, lambda each: generators.drive(it, iterable, each), consume, orelse)
    taken = it.state.get(iterable.cell) if isinstance(iterable, Lazy) else None
    walk = iterable
    if not isinstance(walk, tuple | iterables.Indexed):
        walk = iterables.walk(it, walk, key, at_once)
    if isinstance(walk, iterables.Indexed) and ("unroll", key) in it.inputs.demanded:
        walk = iterables.written_out(it, walk)
    exits = Exits()
    it.frame.loops.append(exits)
    it.put(exits.broke, Const(False))
    it.put(exits.continued, Const(False))
    # What is walked is still there when the body gives its name to something else.
    held = it.hold(iterable)
    try:
        if isinstance(walk, tuple):
            live = iterables.live_list(it, iterable, taken)
            _unrolled(it, walk if live is None else live, 0, bind, body, exits, leave)
        else:
            _kept_for(it, walk, key, bind, body, syntax, exits, checkpointed)
        if isinstance(walk, tuple) and isinstance(iterable, Lazy):
            iterables.note_end(it, iterable, taken, len(walk))
    finally:
        it.forget(held)
        broke = it.state.get(exits.broke)
        it.frame.loops.pop()
    if leave is None or not leave.done:
        _or_else(it, broke, orelse)
    return None


def _unrolled(
    it: Interpreter,
    items: tuple[Any, ...] | Callable[[int], Value | None],
    first: int,
    bind: Callable[[Value], object],
    body: Callable[[], None],
    exits: Exits,
    leave: leaving.Leaving | None,
) -> None:
    """Interpret the body for each item from the first on; those of a list are asked for in turn."""
    leave = leave or leaving.Leaving(it, None, [], lambda broke: None)
    for k in range(first, first + iterables.UNROLL_LIMIT):
        if isinstance(items, tuple):
            item = iterables.force(items[k]) if k < len(items) else None
        else:
            item = items(k)
        if item is None:
            return leave.finish(exits)
        it.put(exits.continued, Const(False))
        bind(item)
        body()
        it.put(exits.continued, Const(False))
        status = it.exit_status()
        if isinstance(status, Const):
            if status.value:
                return leave.finish(exits)
            continue
        if isinstance(items, tuple) and k + 1 == len(items):
            return leave.after_the_last(exits, status)
        again = functools.partial(_unrolled, it, items, k + 1, bind, body, exits, leave)
        return leave.part(exits, it.negate(status), again)
    raise CompilerLimitError(
        f"a loop would have to be unrolled more than {iterables.UNROLL_LIMIT} times",
        "keep numbers and arrays in it, not objects, so that it stays a loop",
    )


def _kept_for(
    it: Interpreter,
    walk: iterables.Indexed | RangeValue,
    key: Any,
    bind: Callable[[Value], object],
    body: Callable[[], None],
    syntax: list[Any],
    exits: Exits,
    checkpointed: Checkpointed | None,
) -> None:
    if isinstance(walk, RangeValue):
        start, stop, step = walk.start, walk.stop, walk.step

        def item(k: Atom) -> Value:
            return k
    elif walk.length is None:
        raise UnsupportedTypeError(
            "a loop runs over an iterator without an end", "loop over zip() of it and a range"
        )
    else:
        start, stop, step = Const(0), walk.length, Const(1)
        item = walk.item
    if isinstance(step, Const) and step.value == 0:
        raise UnsupportedTypeError("range() with a step of 0", "give a step that is not 0")
    index = Var(GENERIC, INT)
    it.inputs.sources[index] = frozenset([("unroll", key)])

    def run() -> None:
        it.put(exits.continued, Const(False))
        bind(item(index))
        body()

    frozen = set(it.state.frozen)
    kept = KeptLoop(it, run, syntax, exits)
    it.kept_loops.append((key, len(it.outer_builders)))
    if _is_short(start, stop, step) and key is not None:
        it.short_loops.add(key)
    try:
        kept.settle()
    except RemadeError as error:
        _demand_unrolled(it, key, error)
    except (StructureError, UnsupportedTypeError):
        if key in it.short_loops:
            raise Demand(frozenset([("unroll", key)])) from None
        raise
    finally:
        it.kept_loops.pop()
    block, until = kept.block()
    loop = For(
        index,
        start,
        stop,
        step,
        tuple(kept.params),
        tuple(kept.inits),
        block,
        tuple(kept.outs),
        until,
        origin=it.builder.origin,
    )
    if checkpointed is None:
        it.builder.add(loop)
    else:
        segments.add_in_segments(it, loop, checkpointed.segment)
    kept.finish()
    if key in it.short_loops:
        # Written out, each iteration knows which array a name stands for.
        conditions.note_ambiguous(it, ("unroll", key), frozen)


def _demand_unrolled(it: Interpreter, key: Any, error: RemadeError) -> NoReturn:
    """Have a loop written out, if that was not found impossible before."""
    if key is not None and ("unroll", key) not in it.inputs.demanded:
        raise Demand(frozenset([("unroll", key)])) from None
    raise StructureError(error.reason, error.hint) from None


def _is_short(start: Atom, stop: Atom, step: Atom) -> bool:
    """Whether the number of iterations is known, and small enough to write them all out."""
    bounds = [a.value for a in (start, stop, step) if isinstance(a, Const)]
    return len(bounds) == 3 and len(range(*bounds)) <= SHORT


def exec_while(it: Interpreter, node: Any) -> None:

    key = (it.frame.source.file, node.lineno, node.col_offset)
    exits = Exits()
    it.frame.loops.append(exits)
    it.put(exits.broke, Const(False))
    it.put(exits.continued, Const(False))
    try:
        kept = ("kept", key) in it.inputs.demanded
        if ("unroll", key) in it.inputs.demanded and not kept:
            _unrolled_while(it, node, key, exits)
        else:
            test = lambda: conditions.condition(it, node.test)  # noqa: E731
            _kept_while(it, node, None if kept else key, exits, test)
    finally:
        broke = it.state.get(exits.broke)
        it.frame.loops.pop()
    _or_else(it, broke, node.orelse)


def _unrolled_while(it: Interpreter, node: Any, key: Any, exits: Exits) -> None:

    def known(value: Atom, what: str) -> Any:
        if isinstance(value, Var) and not it.inputs.sources.get(value):
            raise Demand(frozenset([("kept", key)]))  # The data decide: it cannot be unrolled.
        return it.demand(value, what)

    for _ in range(iterables.UNROLL_LIMIT):
        cond = conditions.condition(it, node.test)
        if not known(cond, "the condition of a loop whose counter chooses among objects"):
            return
        it.put(exits.continued, Const(False))
        it.execute(node.body)
        it.put(exits.continued, Const(False))
        status = it.exit_status()
        if known(status, "the exit of an unrolled loop"):
            return
    raise CompilerLimitError(
        f"a loop would have to be unrolled more than {iterables.UNROLL_LIMIT} times",
        "keep numbers and arrays in it, not objects, so that it stays a loop",
    )


def _kept_while(
    it: Interpreter, node: Any, key: Any, exits: Exits, test: Callable[[], Atom]
) -> None:
    going = Cell("going")
    it.frame.variables[f".{id(going)}"] = going
    it.put(going, Const(True))

    def run() -> None:
        """One iteration: evaluate the condition, then the body, or stop."""
        it.put(exits.continued, Const(False))
        cond = test()
        if isinstance(cond, Const) and not cond.value:
            it.put(going, Const(False))
            return
        branching.branch(
            it, cond, lambda: it.execute(node.body), lambda: it.put(going, Const(False))
        )

    simple = KeptLoop(it, lambda: it.execute(node.body), [node], exits, test=test, key=key)
    simple.structural = key is not None and not isinstance(node.test, gast.Constant)
    saved = it.state.copy()
    it.kept_loops.append((key, len(it.outer_builders)))
    flagged = False
    try:
        try:
            simple.settle()
        except TestChangesState:
            it.state, flagged = saved, True
            _flagged_while(it, run, node, exits, going)
    except RemadeError as error:
        _demand_unrolled(it, key, error)
    except (StructureError, UnsupportedTypeError):
        if isinstance(simple.cond, Const) and key is not None and not flagged:
            raise Demand(frozenset([("unroll", key)])) from None
        raise
    else:
        if not flagged:
            _add_while(it, simple)
    finally:
        it.kept_loops.pop()
    it.frame.variables.pop(f".{id(going)}", None)
    it.state.cells.pop(going, None)


def _flagged_while(
    it: Interpreter, run: Callable[[], None], node: Any, exits: Exits, going: Cell
) -> None:
    """A loop whose condition binds names or has effects: test inside, and carry the answer."""

    def test() -> Atom:
        value = it.state.get(going)
        assert isinstance(value, Var | Const)
        return value

    loop = KeptLoop(it, run, [node], exits, test=test, always=[going])
    loop.settle()
    _add_while(it, loop)


def _add_while(it: Interpreter, loop: KeptLoop) -> None:
    test_block, block = loop.while_blocks()
    going = test_block.results[0]
    endless = isinstance(going, Const) and bool(going.value)
    if endless and not any(map(_acts, statements(block))):
        # Nobody reads what it computes, so that it would be left out with all that it may raise.
        raise UnsupportedSyntaxError(
            "a loop is never left, but by an exception of an operation in it",
            "leave it with break, return or raise: while xs: xs.pop()",
        )
    it.builder.add(
        While(
            tuple(loop.params),
            tuple(loop.inits),
            test_block,
            block,
            tuple(loop.outs),
            origin=it.builder.origin,
        )
    )
    loop.finish()
    if endless:
        raise Terminated


def _acts(stmt: Stmt) -> bool:
    """Whether a statement stays although nobody reads what it computes."""
    if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
        fn = stmt.value.fn
        return isinstance(fn, Method | Routine) or not (fn is list or rule_of(fn))
    return isinstance(stmt, Effect | Raise)


STATEMENTS["For"] = exec_for
statement("While")(exec_while)
