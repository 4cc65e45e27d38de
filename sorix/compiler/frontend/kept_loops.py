"""A loop that the run counts: its body, interpreted until a round agrees with what it assumed."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import gast

from sorix.compiler.frontend import branching, conditions, lifetimes, likeness, substitution
from sorix.compiler.frontend.atoms import atom_type, join_atoms
from sorix.compiler.frontend.exits import assigned_names, stored_bases
from sorix.compiler.frontend.frames import Caught, Exits, Terminated, moments
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import RemadeError, State
from sorix.compiler.frontend.values import MISSING, Array, Cell, Closure, Storage
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Block, Const, If, Tup, Var
from sorix.compiler.ir.shapes import FRESH
from sorix.compiler.ir.types import BOOL, ListOf, Num, Opaque, fits_kind
from sorix.errors import StructureError

ROUNDS = 12


class TestChangesState(Exception):
    """The condition of a loop changes the state; it cannot be a plain test."""

    __test__ = False


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
        self.telling = True
        self.after: State | None = None
        self.since = next(moments)
        is_loop = bool(syntax) and isinstance(syntax[0], gast.For | gast.While)
        self.node = syntax[0] if is_loop else None

    def settle(self) -> None:
        """Interpret the body until what it leaves fits what it was given."""
        self._guess()
        for k in range(ROUNDS):
            self.telling = k < ROUNDS // 2
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
        for cell in self._dead():  # Not to meet what an iteration leaves in them.
            self.head.cells.pop(cell, None)
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
            end = branching.outcome(it, self.run)
            if branching.join(it, depth, end, frozenset(self._dead())) == "raises":
                return None
            self.exit = self._exit_of()
        return it.state

    def _changed_by_test(self) -> bool:
        cells, before = self.it.state.cells, self.head.cells
        return any(cell in cells and cell in before for cell in cells.apart(before))

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
        it.put(self.exits.continued, Const(False))
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
        roots += [c for c in initial if c in saved.cells]
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
        builders = (it.builder, self.builder)
        self.merge = branching.merge_of(it, (first, after), builders, phi)
        self.merge.is_remade, self.merge.telling = self._is_remade, self.telling
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
        merge = self.merge
        if merge.newly_frozen() or merge.less_ordered() or merge.more_tensors or merge.loses:
            return False
        if not agrees:
            return False
        self._take_over_frozen(after)
        self.results = [results.get(p, p) for p in self.params]
        return True

    def _take_over_frozen(self, after: State) -> None:
        """What an iteration freezes is frozen at the head; the merge agrees on what is merged."""
        head = self.head
        for cell, why in after.frozen.items():
            others = after.others.get(cell)
            if cell not in head.frozen:
                head.frozen[cell] = why
            elif cell not in head.others or self.merge.stays(cell):
                continue
            elif others is None:
                del head.others[cell]
                continue
            if others is not None:
                head.others[cell] = head.others.get(cell, frozenset()) | others

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
        """Names first assigned in the body have no value at its head, nor have those that it
        assigns before it reads them."""
        it = self.it
        roots, dead = set(self._roots()), self._dead()
        for frame in it.frames:
            for cell in frame.variables.values():
                if (cell in dead or not self.entry.holds(cell)) and cell not in roots:
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
                    items.append(items.pop(k))
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
                cond = Const(bool(cond.value))
            if conditions.is_bool(cond) and conditions.harmless(builder.stmts):
                with self.it.nested() as joint:
                    both = self._both(going, cond)
                return Block((*prefix.stmts, *builder.stmts, *joint.stmts), (both,)), block
            out = Var("going", BOOL)
            test = If(
                going, Block(tuple(builder.stmts), (cond,)), Block((), (Const(False),)), (out,)
            )
            return Block((*prefix.stmts, test), (out,)), block
        return builder.block(cond), block

    def _both(self, going: Atom, cond: Atom) -> Atom:
        if isinstance(cond, Const):
            return going if cond.value else cond
        return self.it.atom(operator.and_, going, cond)

    def finish(self) -> None:
        """After the loop, the parameters' places hold what they last were."""
        it = self.it
        outs: dict[Var, Atom] = dict(zip(self.params, self.outs, strict=True))
        for noted in (it.mixed, it.perhaps_none):
            noted.update(out for p, out in zip(self.params, self.outs, strict=True) if p in noted)
        state = self.head.copy()
        for cell in state.cells.apart(self.entry.cells):  # The parameters are in no other.
            if cell in state.cells:
                state.cells[cell] = substitution.substitute(state.cells[cell], outs)
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
        branching.split_again(it)


def _anything(param: Var) -> Atom:
    """What a variable holds before it is assigned: a list may be copied all the same."""
    return Tup((), is_list=True) if isinstance(param.type, ListOf) else Const(None)


def _same(a: Atom, b: Atom) -> bool:
    if a is b:
        return True
    return isinstance(a, Const) and isinstance(b, Const) and likeness.same_constant(a, b)


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
