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
from dataclasses import replace
from typing import Any, NoReturn

import gast

from sorix.compiler.frontend import (
    assignment,
    calls,
    conditions,
    generators,
    iterables,
    leaving,
    lifetimes,
    prelude,
    segments,
)
from sorix.compiler.frontend.exits import assigned_names, stored_bases
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import (
    GENERIC,
    STATEMENTS,
    Caught,
    Exits,
    Interpreter,
    Terminated,
    atom_type,
    join_atoms,
    moments,
    statement,
)
from sorix.compiler.frontend.state import Merge, RemadeError, State, same_constant
from sorix.compiler.frontend.values import (
    MISSING,
    Array,
    Bound,
    Cell,
    Checkpointed,
    Choice,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    RangeValue,
    Sequence,
    SliceValue,
    Step,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Block, Const, For, If, Tup, Var, While
from sorix.compiler.ir.shapes import FRESH
from sorix.compiler.ir.types import BOOL, INT, ListOf, Num, Opaque, fits_kind
from sorix.compiler.ir.walk import substitute_atom
from sorix.errors import CompilerLimitError, StructureError, UnsupportedTypeError

ROUNDS = 12
SHORT = 64
"""A loop of so many iterations is unrolled where its values have no one structure."""


# -- statements -----------------------------------------------------------------------------


def exec_for(it: Interpreter, node: Any, rest: list[Any]) -> bool:
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
    it.state.set(exits.broke, Const(False))
    it.state.set(exits.continued, Const(False))

    def body(value: Value) -> None:
        it.state.set(exits.continued, Const(False))
        consume(value)
        it.state.set(exits.continued, Const(False))

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
    it.branch(it.negate(done), lambda: it.execute(orelse), lambda: None)


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
    it.state.set(exits.broke, Const(False))
    it.state.set(exits.continued, Const(False))
    # What is walked is still there when the body gives its name to something else.
    held = it.hold(iterable)  # type: ignore[arg-type]
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
        it.state.set(exits.continued, Const(False))
        bind(item)
        body()
        it.state.set(exits.continued, Const(False))
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
            return k  # type: ignore[assignment,return-value]
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
        it.state.set(exits.continued, Const(False))
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
    it.state.set(exits.broke, Const(False))
    it.state.set(exits.continued, Const(False))
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
        it.state.set(exits.continued, Const(False))
        it.execute(node.body)
        it.state.set(exits.continued, Const(False))
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
    it.state.set(going, Const(True))

    def run() -> None:
        """One iteration: evaluate the condition, then the body, or stop."""
        it.state.set(exits.continued, Const(False))
        cond = test()
        if isinstance(cond, Const) and not cond.value:
            it.state.set(going, Const(False))
            return
        it.branch(cond, lambda: it.execute(node.body), lambda: it.state.set(going, Const(False)))

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


class TestChangesState(Exception):
    """The condition of a loop changes the state; it cannot be a plain test."""

    __test__ = False


# -- the fixpoint ---------------------------------------------------------------------------


class KeptLoop:
    """Finds the general state at the head of a loop; see the module's docstring."""

    def __init__(
        self,
        it: Interpreter,
        run: Callable[[], None],
        syntax: list[Any],
        exits: Exits,
        test: Callable[[], Atom] | None = None,
        key: Any = None,
        always: list[Cell] | None = None,
    ) -> None:
        self.it, self.run, self.syntax, self.exits = it, run, syntax, exits
        self.test, self.key, self.always = test, key, always or []
        self.params: list[Var] = []
        self.inits: list[Atom] = []
        self.outs: list[Var] = []
        self.results: list[Atom] = []
        self.entry = it.state
        self.head = it.state
        self.builder = Builder()
        self.test_builder = Builder()
        self.cond: Atom = Const(True)
        self.exit: Atom = Const(False)
        self.structural = self.ran = False
        self.after: State | None = None
        self.since = next(moments)
        is_loop = bool(syntax) and isinstance(syntax[0], gast.For | gast.While)
        self.node = syntax[0] if is_loop else None

    def settle(self) -> None:
        """Interpret the body until what it leaves fits what it was given."""
        self._guess()
        for k in range(ROUNDS):
            after, tentative = self._tentative_round() if k == 0 else (self._round(), False)
            if after is None and not tentative:
                self.results = [UNDEFINED for _ in self.params]
                return
            if after is None:
                continue
            if not tentative and self._agrees(after):
                self._require_lasting()
                return
            self._widen(after)
        raise StructureError(
            "the values carried from one iteration to the next do not settle",
            "give each variable before the loop what it will hold: 0.0 for a float, not 0; np.zeros"
            " for an array",
        )

    def _require_lasting(self) -> None:
        """Refuse a function of one iteration that is called, or returned, after the loop."""
        results = {frame.result for frame in self.it.frames}
        for cell in self.merge.remade:
            if cell in results or self._is_certainly_needed(cell):
                torn = self.merge.result.cells[cell]
                raise RemadeError(torn.reason, torn.hint)

    # first guess: what the syntax says is assigned in the body

    def _guess(self) -> None:
        it = self.it
        self.head = self.entry.copy()
        names = assigned_names(self.syntax)
        bases = stored_bases(self.syntax)
        cells = [it.frame.cell(n) for n in sorted(names | bases)] + self.always
        for cell in dict.fromkeys(cells):
            if cell is None or not self.entry.holds(cell):
                continue
            value = self.entry.get(cell) if self.entry.holds(cell) else MISSING
            label = cell.label
            if isinstance(value, Var | Const) and (label in names or cell in self.always):
                self.head.set(cell, self._param(label, value))
            elif isinstance(value, Array) and label in bases:
                content = self.entry.cells.get(value.cell)  # Of a dead name, it may be lost.
                if isinstance(content, Storage) and self._kept(content):
                    new = self._param(label, content.atom)
                    self.head.set(value.cell, Storage(new, content.contiguous))

    def _kept(self, content: Storage) -> bool:
        return isinstance(content.atom, Var) and content.atom not in self.params

    def _param(self, hint: str, init: Atom) -> Var:
        type_ = atom_type(init)
        if isinstance(type_, Num) and type_.value is not None:
            type_ = Num(type_.dtype, type_.shape, type_.kind)
        param = Var(hint, type_)
        self.params.append(param)
        self.inits.append(init)
        if self.key is not None and isinstance(type_, Num) and type_.dtype == "int64":
            known = self.it.inputs.sources.get(init) if isinstance(init, Var) else frozenset()
            if known is not None and not type_.shape:
                self.it.inputs.sources[param] = frozenset([("unroll", self.key)]) | known
        return param

    # one round

    def _tentative_round(self) -> tuple[State | None, bool]:
        """The first round, and whether a way of a branch was left out of it.

        What the body cannot do with the values from before the loop, as an addition to None, is
        taken for what no first iteration does; the later rounds know what the values become.
        """
        it = self.it
        outer, it.left_out = it.left_out, 0
        try:
            after = self._round()
            return after, it.left_out > 0
        finally:
            it.left_out = outer

    def _round(self) -> State | None:
        it = self.it
        it.state = self.head.copy()
        if self.test is not None:
            depth = len(it.splits)
            with it.nested() as self.test_builder:
                try:
                    self.cond = self.test()
                except (Terminated, Caught):
                    raise TestChangesState from None
                if len(it.splits) > depth:
                    raise TestChangesState
            if isinstance(self.cond, Const) and self.structural and not self.ran:
                # What the condition asks of a container of known structure decides the loop.
                raise Demand(frozenset([("unroll", self.key)]))
            self.ran = True
            if self.always == [] and self._changed_by_test():
                raise TestChangesState
        depth = len(it.splits)
        with it.nested() as self.builder:
            if it.join(depth, it.outcome(self.run)) == "raises":
                return None
            self.exit = self._exit_of()
        return it.state

    def _changed_by_test(self) -> bool:
        cells = self.it.state.cells
        return any(
            self.head.cells.get(cell) is not content
            for cell, content in cells.items()
            if cell in self.head.cells
        )

    def _exit_of(self) -> Atom:
        """Whether the loop is left after this iteration."""
        it = self.it
        status: Atom = Const(False)
        raised = (cell for handlers in it.tries for cell in handlers.flags)
        for cell in (it.frame.returned, self.exits.broke, *raised):
            value = it.state.get(cell)
            if isinstance(value, Var) or (isinstance(value, Const) and value.value):
                status = (
                    value
                    if isinstance(status, Const)
                    else it.atom(operator.or_, status, value, hint="done")
                )
        it.state.set(self.exits.continued, Const(False))
        return status

    # agreement

    def _roots(self) -> list[Cell]:
        """Variables with a value before the loop, and those read before the body assigns them."""
        it = self.it
        it.state, saved = self.entry, it.state
        dead = self._dead()
        roots = [c for c in it.roots() if self.entry.holds(c) and c not in dead]
        for frame in it.frames:
            for name, cell in frame.variables.items():
                if not self.entry.holds(cell) and (frame is not it.frame or self._needs(name)):
                    roots.append(cell)
        for frame in it.frames:
            roots += [frame.result] if not self.entry.holds(frame.result) else []
        roots += [cell for handlers in it.tries for cell in handlers.values]
        it.state = saved
        initial = it.inputs.initial
        roots += [c for c in saved.cells if c in initial]
        return list(dict.fromkeys(roots))

    def _dead(self) -> set[Cell]:
        """The variables that the body assigns before it reads them, and nobody reads later."""
        frame = self.it.frame
        assigned = assigned_names(self.syntax)
        return {
            cell
            for name, cell in frame.variables.items()
            if name in assigned and not self._needs(name)
        }

    def _needs(self, name: str) -> bool:
        """Whether the value of a name at the head of the loop, or after it, may be read."""
        function = self.it.frame.node
        if self.node is None or not isinstance(function, gast.FunctionDef):
            return True
        return lifetimes.of(function).read_from_head(name, self.node)

    def _is_certainly_needed(self, cell: Cell) -> bool:
        frame = self.it.frame
        is_function = self.node is not None and isinstance(frame.node, gast.FunctionDef)
        return is_function and any(
            cell is own and self._needs(name) for name, own in frame.variables.items()
        )

    def _is_remade(self, fn: Closure) -> bool:
        """Whether a function sees the variables of a call that an iteration made."""
        return bool(fn.frame.made > self.since)

    def _merge(self, first: State, after: State, phi: Any) -> State:
        it = self.it
        entry_builder = it.builder

        def read(side: int, value: Any) -> Atom:
            saved = it.state, it.builder
            it.state, it.builder = (first, entry_builder) if side == 0 else (after, self.builder)
            try:
                return it.read(value)
            finally:
                it.state, it.builder = saved

        self.merge = Merge(first, after, phi, read, it._field)
        self.merge.is_remade = self._is_remade
        entry, self.after = self.entry, after
        self.roots = self._roots()
        return self.merge.run(self.roots, lambda root: not entry.holds(root))

    def _agrees(self, after: State) -> bool:
        """Whether every place of the head state describes what stands there after the body."""
        results: dict[Var, Atom] = {}
        agrees = True
        known = set(self.params)

        def phi(a: Atom, b: Atom, hint: str) -> Atom:
            nonlocal agrees
            if isinstance(a, Var) and a in known:
                if a in results and not _same(results[a], b) or not _fits(b, a):
                    agrees = False
                results[a] = b
                return a
            if not _same(a, b):
                agrees = False
            return a

        try:
            self._merge(self.head, after, phi)
        except StructureError:
            return False
        if self.merge.newly_frozen() or self.merge.less_ordered() or not agrees:
            return False
        for cell, why in after.frozen.items():
            self.head.frozen.setdefault(cell, why)
        self.results = [results.get(p, p) for p in self.params]
        return True

    # generalisation

    def _widen(self, after: State) -> None:
        old_types = {id(p): p.type for p in self.params}
        pairs: dict[Any, Var] = {}
        params: list[Var] = []
        inits: list[Atom] = []
        known = {id(p): i for p, i in zip(self.params, self.inits, strict=True)}

        def phi(a: Atom, b: Atom, hint: str) -> Atom:
            if _same(a, b):
                return a
            if isinstance(b, Var) and id(b) in known and _same(known[id(b)], a):
                type_: Any = old_types[id(b)]
            else:
                type_ = join_atoms(a, b)
            key = (_identity(a), _identity(b))
            if key not in pairs:
                if isinstance(type_, Num) and type_.value is not None:
                    type_ = Num(type_.dtype, type_.shape, type_.kind)
                pairs[key] = Var(_hint(a, b, hint), type_)
                self._trace(pairs[key], a)
                self.it.note_mixture(pairs[key], a, b)
                params.append(pairs[key])
                inits.append(a)
            return pairs[key]

        self.head = self._merge(self.entry, after, phi)
        self._drop_unknown(after)
        self.params, self.inits = params, inits

    def _trace(self, param: Var, init: Atom) -> None:
        if self.key is None or not isinstance(param.type, Num):
            return
        if param.type.dtype == "int64" and param.type.rank == 0:
            known = self.it.inputs.sources.get(init) if isinstance(init, Var) else frozenset()
            if known is not None:
                self.it.inputs.sources[param] = frozenset([("unroll", self.key)]) | known

    def _drop_unknown(self, after: State) -> None:
        """Names first assigned in the body have no value at its head."""
        it = self.it
        roots = set(self._roots())
        for frame in it.frames:
            for cell in frame.variables.values():
                if not self.entry.holds(cell) and cell not in roots:
                    self.head.cells.pop(cell, None)

    # the result

    def block(self) -> tuple[Block, bool]:
        """The body of a ``for``, and whether its last result says to leave the loop."""
        until = not isinstance(self.exit, Const) or bool(self.exit.value)
        if until:
            self._carry_exit()
        self.outs = [Var(p.hint, p.type) for p in self.params]
        pairs = zip(self.inits, self.params, strict=True)
        self.inits = [_anything(p) if i is UNDEFINED else i for i, p in pairs]
        return self.builder.block(*self.results), until

    def _carry_exit(self) -> None:

        for k, result in enumerate(self.results):
            if result is self.exit and isinstance(self.inits[k], Const):
                for items in (self.params, self.inits, self.results):
                    items.append(items.pop(k))  # type: ignore[arg-type]
                return
        self.params.append(Var("done", BOOL))
        self.inits.append(Const(False))
        self.results.append(self.exit)

    def while_blocks(self) -> tuple[Block, Block]:
        block, until = self.block()
        cond = self.cond
        builder = self.test_builder
        if until:
            done = self.params[-1]
            with self.it.nested() as prefix:
                going = self.it.negate(done)
            if isinstance(cond, Const):
                return Block((*prefix.stmts, *builder.stmts), (going,)), block

            if conditions.is_bool(cond) and conditions._harmless(builder.stmts):
                with self.it.nested() as joint:
                    both = self.it.atom(operator.and_, going, cond)
                return Block((*prefix.stmts, *builder.stmts, *joint.stmts), (both,)), block
            out = Var("going", BOOL)
            test = If(
                going, Block(tuple(builder.stmts), (cond,)), Block((), (Const(False),)), (out,)
            )
            return Block((*prefix.stmts, test), (out,)), block
        return builder.block(cond), block

    def finish(self) -> None:
        """After the loop, the parameters' places hold what they last were."""
        it = self.it
        outs: dict[Var, Atom] = dict(zip(self.params, self.outs, strict=True))
        it.mixed.update(out for p, out in zip(self.params, self.outs, strict=True) if p in it.mixed)
        state = self.head.copy()
        for cell, content in list(state.cells.items()):
            changed = substitute(content, outs)
            if changed is not content:
                state.cells[cell] = changed
        if self.after is not None:
            self.merge.mark_lost_of_first(state, self.roots)
        for cell in self._dead():
            state.cells.pop(cell, None)
        it.state = state
        if self.exit is not None and not isinstance(self.exit, Const):
            for p, o in zip(self.params, self.outs, strict=True):
                keys = it.inputs.sources.get(p)
                if keys:
                    it.inputs.sources[o] = keys
        it.split_again()


def _anything(param: Var) -> Atom:
    """What a variable holds before it is assigned: a list may be copied all the same."""
    return Tup((), is_list=True) if isinstance(param.type, ListOf) else Const(None)


def substitute(value: Any, outs: dict[Var, Atom]) -> Any:
    """The value or content with variables replaced."""

    def sub(v: Any) -> Any:
        return substitute(v, outs)

    def each(items: tuple[Any, ...]) -> tuple[Any, ...]:
        new = tuple(map(sub, items))
        return items if all(a is b for a, b in zip(items, new, strict=True)) else new

    match value:
        case Var():
            return outs.get(value, value)
        case Storage():
            new = sub(value.atom)
            return value if new is value.atom else Storage(new, value.contiguous)
        case Array():
            steps = tuple(_substitute_step(s, outs) for s in value.steps)
            same = all(a is b for a, b in zip(steps, value.steps, strict=True))
            return value if same else Array(value.cell, steps, value.hint)
        case Tensor():
            new = sub(value.value)
            return value if new is value.value else Tensor(new, value.requires_grad, value.leaf)
        case Maybe():
            new = sub(value.value)
            there, assigned = (
                None if flag is None else sub(flag) for flag in (value.present, value.assigned)
            )
            same = (new, there, assigned) == (value.value, value.present, value.assigned)
            return value if same else Maybe(new, value.none, there, assigned)
        case Sequence():
            items = each(value.items)
            return value if items is value.items else Sequence(items, value.cls)
        case ListContent():
            items = each(value.items)
            return value if items is value.items else value.with_items(items)
        case GrownList():
            atoms = each(value.atoms)
            return value if atoms is value.atoms else value.with_atoms(atoms)
        case DictContent():
            items = each(tuple(v for _, v in value.items))
            keys = (k for k, _ in value.items)
            pairs = tuple(zip(keys, items, strict=True))
            return DictContent(pairs, value.cls, value.uncertain, value.factory)
        case InstanceContent():
            fields = {k: sub(v) for k, v in value.fields.items()}
            return InstanceContent(value.cls, fields, value.external, value.path)
        case RangeValue():
            return RangeValue(*each((value.start, value.stop, value.step)))
        case SliceValue():
            return SliceValue(*each((value.start, value.stop, value.step)))
        case Bound():
            return Bound(sub(value.fn), sub(value.owner))
        case MethodOf():
            return MethodOf(sub(value.owner), value.name)
        case Partial():
            kwargs = tuple((k, sub(v)) for k, v in value.kwargs)
            return Partial(sub(value.fn), each(value.args), kwargs)
        case Choice():
            return replace(value, selector=sub(value.selector))
        case Closure():
            named = tuple(None if v is None else sub(v) for v in value.kw_defaults)
            return replace(value, defaults=each(value.defaults), kw_defaults=named)
    return value


def _substitute_step(step: Any, outs: dict[Var, Atom]) -> Any:

    args = tuple(substitute_atom(a, outs) for a in step.args)
    taken_of = None if step.taken_of is None else substitute_atom(step.taken_of, outs)
    same = all(a is b for a, b in zip(args, step.args, strict=True))
    if same and taken_of is step.taken_of:
        return step
    return Step(step.read, args, step.options, taken_of)


def _same(a: Atom, b: Atom) -> bool:
    if a is b:
        return True
    return isinstance(a, Const) and isinstance(b, Const) and same_constant(a, b)


def _identity(atom: Atom) -> Any:
    if isinstance(atom, Const):
        return (type(atom.value).__name__, repr(atom.value))
    return id(atom)


def _hint(a: Atom, b: Atom, hint: str) -> str:
    if hint and hint not in ("t", "list"):
        return hint
    for atom in (a, b):
        if isinstance(atom, Var):
            return atom.hint
    return hint or "t"


def _fits(value: Atom, param: Var) -> bool:
    """Whether the type of `value` is at most that of `param`."""
    if isinstance(value, Const) and (value is UNDEFINED or value.value is None):
        return True
    return _type_fits(atom_type(value), param.type)


def _type_fits(a: Any, b: Any) -> bool:
    if a == b or isinstance(b, Opaque):
        return True
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return _type_fits(a.element, b.element)
    if not (isinstance(a, Num) and isinstance(b, Num)):
        return False
    if b.dtype is not None and a.dtype != b.dtype and not _is_integer_beside_float(a, b):
        return False
    if not fits_kind(a.kind, b.kind):
        return False
    if b.shape is None:
        return b.most is None or (a.highest_rank is not None and a.highest_rank <= b.most)
    if a.shape is None or len(a.shape) != len(b.shape):
        return False
    return all(
        x == y or (y.symbol is not None and y.symbol.startswith(FRESH) and y.offset == 0)
        for x, y in zip(a.shape, b.shape, strict=True)
    )


def _is_integer_beside_float(a: Num, b: Num) -> bool:
    """Numbers only: `join` calls both a float, so that the variable can carry a derivative."""
    return b.dtype == "float64" and a.dtype == "int64" and a.kind != "array" != b.kind


STATEMENTS["For"] = exec_for
statement("While")(exec_while)
