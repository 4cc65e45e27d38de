"""What a reverse sweep needs from inside loops, and how it gets it back.

Requires single assignment. Outside loops a value the reverse sweep needs is simply still in its
variable. Inside, each value needed is one of

* *visible*: the index of a loop is also the index of its reverse;
* *recomputable*: scalar arithmetic on visible values, lengths and shapes, basic indexing of
  arrays from outside all loops, what still stands in an array that the loops leave (`standing`).
  These cost less than recording them;
* *a shape only*: another variable of the same shape serves as well (a *witness*);
* *recorded*, or had from what is recorded, which `differentiate.plan` decides.

Yields `Uses` of a block (what it reads from outside, and whether it needs more than the shape)
and `LoopFacts` of a list of statements.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from sorix.compiler.analyses.standing import standing_values
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Const, For, Slc, Stmt, Tup, Var
from sorix.compiler.ir.types import Dim, Num, Type
from sorix.compiler.ir.walk import (
    atom_vars,
    blocks,
    bound_inside,
    call_atoms,
    defined,
    free_variables,
    stmt_atoms,
)
from sorix.support import (
    broadcast_like,
    diff_transpose,
    expand,
    reshape_like,
    scatter,
    split_like,
    unbroadcast,
    zeros_like,
)

SHAPE_ONLY: dict[object, int] = {
    unbroadcast: 1,
    expand: 1,
    reshape_like: 1,
    broadcast_like: 1,
    zeros_like: 0,
    scatter: 1,
    split_like: 1,
    diff_transpose: 1,
    np.zeros_like: 0,
    np.ones_like: 0,
    np.size: 0,
    np.shape: 0,
    np.ndim: 0,
}
"""Functions that look at the shape of one argument only, and its position."""

SCALAR_ARITHMETIC: frozenset[object] = frozenset(
    {operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod}
    | {operator.neg, operator.pos, operator.not_, operator.and_, operator.or_, operator.eq}
    | {operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.abs, min, max}
    | {abs, int, float, bool}
)
READS: frozenset[object] = frozenset({len, np.size, np.shape, np.ndim, np.transpose, np.diagonal})
SIZES: frozenset[object] = frozenset({np.size, np.shape, len})
READING = READS | {operator.getitem}


# ------------------------------------------------------------------------------- uses


def uses(block: Block) -> dict[Var, bool]:
    """What the block reads from outside, and whether it needs the value (else the shape only)."""
    found: dict[Var, bool] = {}
    _scan_uses(block, found)
    return {var: found[var] for var in free_variables(block)}


def _scan_uses(block: Block, found: dict[Var, bool]) -> None:
    for stmt in block.stmts:
        shaped = _shape_argument(stmt)
        for position, atom in enumerate(stmt_atoms(stmt)):
            _note(atom, position != shaped, found)
        for inner in blocks(stmt):
            _scan_uses(inner, found)
    for atom in block.results:
        _note(atom, True, found)


def _note(atom: Atom, valued: bool, found: dict[Var, bool]) -> None:
    for var in atom_vars(atom):
        found[var] = found.get(var, False) or valued


def _shape_argument(stmt: Stmt) -> int | None:
    if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
        try:
            return SHAPE_ONLY.get(stmt.value.fn)
        except TypeError:
            return None
    return None


# ------------------------------------------------------------------------- facts of loops


def _ways(own: Assign | None, other: Assign | None) -> tuple[Assign | None, Assign | None]:
    """Both ways to have a value again, the better one first: a read costs less than arithmetic."""
    is_read = own is not None and isinstance(own.value, Call) and own.value.fn in READING
    return (own, other) if is_read else (other, own)


@dataclass
class LoopFacts:
    """What is known of the variables bound inside the loops of some statements.

    ``depth`` is the number of loops around a variable's definition (a variable that is absent
    is bound outside all loops); ``definition`` its statement if that is an ``Assign`` of one
    target; ``recomputable`` as the module says; ``position`` counts definitions.
    """

    depth: dict[Var, int] = field(default_factory=dict)
    indices: set[Var] = field(default_factory=set)
    definition: dict[Var, Assign] = field(default_factory=dict)
    recomputable: set[Var] = field(default_factory=set)
    position: dict[Var, int] = field(default_factory=dict)

    def bind(self, var: Var, depth: int) -> None:
        """Note that a variable is bound inside so many loops, after all noted before."""
        self.depth[var] = depth
        self.position[var] = len(self.position)

    def available(self, var: Var, depth: int) -> bool:
        """Whether the reverse of a loop body at this depth can have the value for nothing."""
        own = self.depth.get(var, 0)
        if own == 0 or var in self.indices or var in self.recomputable:
            return True
        return own < depth and is_scalar(var.type)

    def recomputed_from(self, var: Var, at_hand: set[Var]) -> bool:
        """Whether `var` is cheaply computed from available values and those `at_hand`."""
        stmt = self.definition.get(var)
        return stmt is not None and self.follows(stmt, self.depth[var], at_hand)

    def follows(self, stmt: Assign, depth: int, at_hand: set[Var]) -> bool:
        """Whether the statement is cheap, and what it reads is available or `at_hand`."""
        if not is_cheap(stmt):
            return False
        return all(o in at_hand or self.available(o, depth) for o in free_variables(stmt))


def loop_facts(
    stmts: Iterable[Stmt], witness: Callable[[Var], Var | None] = lambda var: None
) -> LoopFacts:
    """The facts of all loops among the statements, nested ones included.

    `witness` gives an array from outside all loops that has the shape of another, if one has.
    """
    stmts = tuple(stmts)
    facts = LoopFacts()
    _scan_loops(stmts, 0, facts)
    others = standing_values(stmts)
    for var, stmt in facts.definition.items():
        if (found := _size_of_witness(stmt, witness)) is not None:
            others[var] = found
    _find_recomputable(facts, others)
    return facts


def _size_of_witness(stmt: Assign, witness: Callable[[Var], Var | None]) -> Assign | None:
    """The size or shape of an array from inside a loop, asked of one from outside."""
    match stmt.value:
        case Call(fn=fn, args=(Var() as array, *rest)) if fn in SIZES:
            other = witness(array)
            if other is not None:
                return replace(stmt, value=replace(stmt.value, args=(other, *rest)))
    return None


def _find_recomputable(facts: LoopFacts, others: dict[Var, Assign]) -> None:
    """Note what can be computed again, by its own statement or by one of `others`.

    What stands in an array may be read at an index that is bound later, so one round may be
    too few.
    """
    changed = True
    while changed:
        changed = False
        for var in facts.position:
            if var in facts.recomputable or facts.depth[var] == 0:
                continue
            for stmt in _ways(facts.definition.get(var), others.get(var)):
                if stmt is not None and facts.follows(stmt, facts.depth[var], set()):
                    facts.definition[var] = stmt
                    facts.recomputable.add(var)
                    changed = changed or bool(others)
                    break


def _scan_loops(stmts: Iterable[Stmt], depth: int, facts: LoopFacts) -> None:
    for stmt in stmts:
        inside = bound_inside(stmt)
        for var in inside:
            facts.bind(var, depth + 1)
        if isinstance(stmt, For) and not (stmt.until and stmt.backwards):
            facts.indices.add(stmt.index)
        for block in blocks(stmt):
            _scan_loops(block.stmts, depth + bool(inside), facts)
        if depth:
            for var in defined(stmt):
                facts.bind(var, depth)
            _note_definition(stmt, facts)


def _note_definition(stmt: Stmt, facts: LoopFacts) -> None:
    if isinstance(stmt, Assign) and len(stmt.targets) == 1:
        facts.definition[stmt.targets[0]] = stmt


def is_cheap(stmt: Assign) -> bool:
    """Whether running the statement again costs less than recording its result."""
    if not isinstance(stmt.value, Call):
        return not isinstance(stmt.value, Tup)
    call, (target,) = stmt.value, stmt.targets
    if call.kwargs:
        return False
    if call.fn in READS:
        return True
    if call.fn is operator.getitem:
        return is_basic(call.args[1])
    return (call.fn in SCALAR_ARITHMETIC or _is_square(call)) and all(
        _is_scalar_atom(atom) for atom in (target, *call_atoms(call))
    )


LIGHT: frozenset[object] = SCALAR_ARITHMETIC | READS | {np.where, np.maximum, np.minimum, np.ravel}


def is_light(stmt: Assign) -> bool:
    """Whether running the statement again costs about as much as recording its result.

    Of arrays, these are views and one pass of simple arithmetic.
    """
    if is_cheap(stmt):
        return True
    call = stmt.value
    if not isinstance(call, Call) or call.kwargs or not isinstance(stmt.targets[0].type, Num):
        return False
    return call.fn in LIGHT or _is_square(call)


_LENGTH = 64
"""What an axis counts as that only the run measures."""


def cost(type_: Type, outer: bool = False) -> int:
    """What it costs to record a value, about: its bytes, and something for the stack.

    An array from outside the innermost loop is recorded once for all its iterations.
    """
    if not isinstance(type_, Num) or type_.shape is None:
        return 8 * _LENGTH**2
    sizes = [dim.offset if dim.symbol is None else _LENGTH for dim in type_.shape]
    size = math.prod(sizes[1:] if outer else sizes)
    return 1 + 16 * max(1, size) * (1 if type_.dtype == "bool" else 8)


def _is_square(call: Call) -> bool:
    exponent = call.args[-1] if call.fn is operator.pow else None
    return isinstance(exponent, Const) and exponent.value == 2


def is_basic(index: Atom) -> bool:
    """Whether indexing with this makes a view or reads one element."""
    match index:
        case Tup(is_list=False):
            return all(is_basic(item) for item in index.items)
        case Slc():
            return True
        case Const():
            return index.value is None or index.value is ... or isinstance(index.value, int)
        case Var():
            return is_scalar(index.type)
    return False


def _is_scalar_atom(atom: Atom) -> bool:
    return isinstance(atom, Var | Const) and is_scalar(atom.type)


def is_scalar(type_: Type) -> bool:
    """A number: a Python one, or a NumPy scalar."""
    return isinstance(type_, Num) and type_.shape == () and type_.kind != "array"


# ------------------------------------------------------------------------------ witnesses

Likeness = tuple[str, tuple[Dim, ...]]


def likeness(var: Var) -> Likeness | None:
    """What two arrays must share for ``zeros_like`` and its kin not to tell them apart."""
    type_ = var.type
    if not isinstance(type_, Num) or type_.shape is None or type_.dtype is None:
        return None
    return None if type_.kind != "array" else (type_.dtype, type_.shape)


def is_steady(type_: Type) -> bool:
    """Whether the shape is the same in all iterations of a loop.

    A dimension that a guard of the specialisation knows is one number for the whole run; one
    that only the run tells (a leading ``_``) might be another in each iteration.
    """
    return isinstance(type_, Num) and type_.shape is not None and not any(dim_symbols(type_))


def dim_symbols(type_: Type) -> list[str]:
    """The symbols of dimensions that only the run tells.

    One and the same may be another number in each iteration of a loop, and after it.
    """
    if not isinstance(type_, Num) or type_.shape is None:
        return []
    symbols = (dim.symbol for dim in type_.shape if dim.symbol is not None)
    return [symbol for symbol in symbols if symbol.startswith("_")]
