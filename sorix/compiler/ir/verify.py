"""What holds of every IR function, checked in one place.

Binding
    1. Every variable is bound once in the whole function.
    2. Every variable read is bound before, in the same block or one that encloses it; what a
       ``While`` binds in its test is also visible in its body.
Arities
    3. ``If``: both branches leave as many results as there are outs, except a branch that ends
       in ``Raise``. Loops: params, inits, results and outs are equally many; a test has one
       result. An assignment to several variables is of a call or a variable.
    4. With ``until``, the last carried variable of a ``For`` is a bool.
Values
    5. ``UNDEFINED`` stands only among the results of an ``If`` branch, or of a block that ends
       in ``Raise``, or of the inits of a loop; never inside a tuple, a call or a condition.
    6. Bounds of a loop are integers; the step is not the constant 0.
Statements
    7. ``Raise`` names an exception class and is the last statement of its block.
    8. A stack is made by ``list()``, passed in as a parameter, received from a routine or
       unpacked from what was; it is only pushed to, popped from, returned, or passed to a
       routine.
    9. ``Update`` appears only in a planned function; there it writes into a variable, in place
       of a call whose first argument is that variable, which nothing reads afterwards.
    10. A call of a routine has one argument for each parameter and one target for each result,
        as its function does; no keyword twice.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable

import numpy as np

from sorix.compiler.ir import walk
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Pop,
    Push,
    Raise,
    Routine,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.printer import show_stmt
from sorix.compiler.ir.types import Num
from sorix.errors import InternalCompilerError


def verify(function: Function, planned: bool = False) -> None:
    """Raise InternalCompilerError where `function` breaks an invariant.

    Parameters
    ----------
    function : Function
        With all routines it calls.
    planned : bool
        Whether ``plan_updates`` has run, so that ``Update`` may appear.
    """
    seen: set[int] = set()
    pending = [function]
    while pending:
        current = pending.pop()
        if id(current) not in seen:
            seen.add(id(current))
            _Verifier(current, planned).run()
            called = (c.fn for c in walk.calls(current.body) if isinstance(c.fn, Routine))
            pending += [routine.function for routine in called]


class _Verifier:
    def __init__(self, function: Function, planned: bool) -> None:
        self.function = function
        self.planned = planned
        self.bound: set[Var] = set()
        self.visible: set[Var] = set()
        self.overwritten: dict[Var, None] = {}
        self.stacks = _stacks(function)

    def run(self) -> None:
        self.bind(self.function.params, None)
        visible = self.block(self.function.body)
        self.results(self.function.body, visible, allow_undefined=False, stacks=True)

    def fail(self, invariant: str, stmt: Stmt | None) -> None:
        where = f" in\n{show_stmt(stmt)}" if stmt is not None else ""
        raise InternalCompilerError(f"IR of {self.function.name}: {invariant}{where}")

    # --------------------------------------------------------------------------- binding

    def bind(self, variables: Iterable[Var], stmt: Stmt | None) -> None:
        for var in variables:
            if not isinstance(var, Var):
                self.fail(f"{var!r} is bound and is not a variable", stmt)
            if var in self.bound:
                self.fail(f"{var!r} is bound twice", stmt)
            if var in self.stacks and not _may_make_stack(stmt):
                self.fail(f"the stack {var!r} is not made by list()", stmt)
            self.bound.add(var)
            self.visible.add(var)

    def leave(self, variables: Iterable[Var]) -> None:
        """Bound further in, and not visible any more."""
        self.visible.difference_update(variables)

    def read(self, atoms: Iterable[Atom], stmt: Stmt | None, stacks: bool = False) -> None:
        for atom in atoms:
            if atom is UNDEFINED:
                self.fail("UNDEFINED is read", stmt)
            self.read_one(atom, stmt, stacks)

    def read_one(self, atom: Atom, stmt: Stmt | None, stacks: bool) -> None:
        if not isinstance(atom, Var | Const | Tup | Slc):
            self.fail(f"{atom!r} is not an atom", stmt)
        if isinstance(atom, Tup):
            self.read(atom.items, stmt, stacks)
        elif isinstance(atom, Slc):
            self.read((atom.start, atom.stop, atom.step), stmt)
        elif isinstance(atom, Var):
            self.read_variable(atom, stmt, stacks)

    def read_variable(self, var: Var, stmt: Stmt | None, stacks: bool) -> None:
        if var not in self.visible:
            what = "out of its block" if var in self.bound else "before it is bound"
            self.fail(f"{var!r} is read {what}", stmt)
        if var in self.overwritten:
            self.fail(f"{var!r} is read after it was written in place", stmt)
        if var in self.stacks and not stacks:
            self.fail(f"the stack {var!r} is read as a value", stmt)

    # ---------------------------------------------------------------------------- blocks

    def block(self, block: Block) -> list[Var]:
        """Check the statements; returns what they bind, which is visible until `leave`."""
        mine: list[Var] = []
        for i, stmt in enumerate(block.stmts):
            if isinstance(stmt, Raise) and i < len(block.stmts) - 1:
                self.fail("Raise is not the last statement of its block", stmt)
            self.stmt(stmt)
            self.bind(walk.defined(stmt), stmt)
            mine += walk.defined(stmt)
        return mine

    def results(
        self,
        block: Block,
        mine: list[Var],
        allow_undefined: bool,
        stmt: Stmt | None = None,
        stacks: bool = False,
    ) -> None:
        """Check the results of a block, after which what it binds is out of sight."""
        free = allow_undefined or walk.raises(block)
        given = [atom for atom in block.results if not (free and atom is UNDEFINED)]
        self.read(given, stmt, stacks)
        self.leave(mine)

    # ------------------------------------------------------------------------ statements

    def stmt(self, stmt: Stmt) -> None:
        if not isinstance(stmt, Stmt):
            raise InternalCompilerError(f"IR of {self.function.name}: {stmt!r} is not a statement")
        if not isinstance(stmt, Push | Pop):
            stacks = _may_take_stacks(stmt)
            # A variable that only the loop assigns has no value before it.
            free = stmt.inits if isinstance(stmt, For | While) else ()
            atoms = walk.stmt_atoms(stmt)
            self.read((a for a in atoms if a is not UNDEFINED or a not in free), stmt, stacks)
        match stmt:
            case Assign():
                self.assign(stmt)
            case If():
                self.branches(stmt)
            case For():
                self.counted_loop(stmt)
            case While():
                self.while_loop(stmt)
            case Push():
                self.read((stmt.stack,), stmt, stacks=True)
                self.read((stmt.value,), stmt)
            case Pop():
                self.read((stmt.stack,), stmt, stacks=True)
            case Effect():
                self.call(stmt.call, stmt)
            case Raise():
                self.raised(stmt)
            case Update():
                self.update(stmt)

    def assign(self, stmt: Assign) -> None:
        if not stmt.targets:
            self.fail("an assignment without a target", stmt)
        if isinstance(stmt.value, Call):
            self.call(stmt.value, stmt)
        elif len(stmt.targets) > 1 and not isinstance(stmt.value, Var):
            self.fail("several targets of a value that is no call", stmt)

    def call(self, call: Call, stmt: Stmt) -> None:
        names = [name for name, _ in call.kwargs]
        if len(set(names)) < len(names):
            self.fail("a keyword is given twice", stmt)
        if isinstance(call.fn, Routine):
            self.routine(call.fn, call, stmt)

    def routine(self, routine: Routine, call: Call, stmt: Stmt) -> None:
        arity, given = len(routine.params), len(routine.function.params)
        if call.kwargs or not len(call.args) == arity == given:
            self.fail(f"{routine.name} has {given} parameters", stmt)
        if len(routine.results) != len(routine.function.body.results):
            self.fail(f"{routine.name} is said to have {len(routine.results)} results", stmt)
        if isinstance(stmt, Assign) and len(stmt.targets) != len(routine.results):
            self.fail(f"{routine.name} has {len(routine.results)} results", stmt)

    def branches(self, stmt: If) -> None:
        gone: dict[Var, None] = {}
        for block in (stmt.then, stmt.orelse):
            if len(block.results) != len(stmt.outs) and not walk.raises(block):
                self.fail(f"a branch leaves {len(block.results)} of {len(stmt.outs)} results", stmt)
            before = len(self.overwritten)
            self.results(block, self.block(block), allow_undefined=True, stmt=stmt)
            # What one branch writes in place is still whole in the other.
            while len(self.overwritten) > before:
                gone[self.overwritten.popitem()[0]] = None
        self.overwritten.update(gone)

    def carried(self, stmt: For | While) -> None:
        counts = (len(stmt.params), len(stmt.inits), len(stmt.outs))
        if len(set(counts)) > 1:
            self.fail("params, inits and outs of a loop are {}, {} and {}".format(*counts), stmt)
        if len(stmt.body.results) != len(stmt.params) and not walk.raises(stmt.body):
            self.fail(f"the body leaves {len(stmt.body.results)} results", stmt)

    def counted_loop(self, stmt: For) -> None:
        self.carried(stmt)
        for bound in (stmt.start, stmt.stop, stmt.step):
            if not _may_be(bound, "iu"):
                self.fail("a bound of a loop is not an integer", stmt)
        if isinstance(stmt.step, Const) and stmt.step.value == 0:
            self.fail("the step of a loop is 0", stmt)
        if stmt.until and not (stmt.params and _may_be(stmt.params[-1], "b")):
            self.fail("the last carried variable of an until loop is not a bool", stmt)
        inside = (stmt.index, *stmt.params)
        self.bind(inside, stmt)
        self.results(stmt.body, self.block(stmt.body), allow_undefined=False, stmt=stmt)
        self.leave(inside)

    def while_loop(self, stmt: While) -> None:
        self.carried(stmt)
        if len(stmt.test.results) != 1:
            self.fail(f"the test of a loop has {len(stmt.test.results)} results", stmt)
        self.bind(stmt.params, stmt)
        tested = self.block(stmt.test)
        self.results(stmt.test, [], allow_undefined=False, stmt=stmt)
        self.results(stmt.body, self.block(stmt.body), allow_undefined=False, stmt=stmt)
        self.leave((*stmt.params, *tested))

    def raised(self, stmt: Raise) -> None:
        if isinstance(stmt.kind, Var):
            return
        kind = stmt.kind.value if isinstance(stmt.kind, Const) else None
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            self.fail("Raise does not name an exception class", stmt)

    def update(self, stmt: Update) -> None:
        self.call(stmt.call, stmt)
        if not self.planned:
            self.fail("Update before the updates are planned", stmt)
        if not (stmt.call.args and isinstance(stmt.call.args[0], Var)):
            self.fail("Update does not write into a variable", stmt)
        else:
            self.overwritten[stmt.call.args[0]] = None


def _may_be(atom: Atom, kinds: str) -> bool:
    """Whether the atom may be one number of such a dtype, as far as its type tells."""
    if isinstance(atom, Tup | Slc):
        return False
    type_ = atom.type
    if not isinstance(type_, Num):
        return isinstance(atom, Var)
    known = type_.dtype is None or np.dtype(type_.dtype).kind in kinds
    return known and type_.shape in ((), None)


def _stacks(function: Function) -> set[Var]:
    """The variables that are pushed to or popped from."""
    return {s.stack for s in walk.statements(function.body) if isinstance(s, Push | Pop)}


def _may_make_stack(stmt: Stmt | None) -> bool:
    """Whether the statement can bind a stack: a parameter, ``list()``, residuals unpacked."""
    if stmt is None:
        return True
    if not isinstance(stmt, Assign):
        return False
    return isinstance(stmt.value, Var) or (
        isinstance(stmt.value, Call)
        and (isinstance(stmt.value.fn, Routine) or stmt.value.fn in (list, operator.getitem))
    )


def _may_take_stacks(stmt: Stmt) -> bool:
    """Whether the statement hands stacks to a routine."""
    return (
        isinstance(stmt, Assign)
        and isinstance(stmt.value, Call)
        and isinstance(stmt.value.fn, Routine)
    )
