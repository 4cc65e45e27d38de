"""Walking and rebuilding the frozen IR.

Every helper is linear in the size of what it is given and recurses on the nesting of blocks
only, never on the number of statements. Collections come in program order, as tuples: a set of
variables has an order that differs from run to run, and generated text must not.

What a statement *reads* is split in two: the atoms of its own line (``stmt_atoms``) and what its
nested blocks read of the outside (``free_variables``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Origin,
    Pop,
    Push,
    Raise,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)


def atom_vars(atom: Atom) -> tuple[Var, ...]:
    """The variables an atom reads, in order, repeated where they are read repeatedly."""
    if isinstance(atom, Var):
        return (atom,)
    if isinstance(atom, Const):
        return ()
    found: list[Var] = []
    for part in atom.items if isinstance(atom, Tup) else (atom.start, atom.stop, atom.step):
        if isinstance(part, Var):
            found.append(part)
        elif not isinstance(part, Const):
            found += atom_vars(part)
    return tuple(found)


def call_atoms(call: Call) -> tuple[Atom, ...]:
    """The arguments of a call, positional ones first."""
    return (*call.args, *[atom for _, atom in call.kwargs]) if call.kwargs else call.args


def call_vars(call: Call) -> tuple[Var, ...]:
    return _distinct(call_atoms(call))


def stmt_atoms(stmt: Stmt) -> tuple[Atom, ...]:
    """The atoms on the statement's own line; those of nested blocks are not among them.

    A stack that is pushed to or popped from is among them.
    """
    if isinstance(stmt, Assign):  # most statements are
        value = stmt.value
        return call_atoms(value) if isinstance(value, Call) else (value,)
    match stmt:
        case Effect(call=call) | Update(call=call):
            return call_atoms(call)
        case If():
            return (stmt.cond,)
        case For():
            return (stmt.start, stmt.stop, stmt.step, *stmt.inits)
        case While():
            return stmt.inits
        case Push():
            return (stmt.stack, stmt.value)
        case Pop():
            return (stmt.stack,)
        case Raise():
            return (stmt.kind, *stmt.args)
    raise TypeError(f"not a statement: {stmt!r}")


def stmt_vars(stmt: Stmt) -> tuple[Var, ...]:
    """The variables read on the statement's own line, each once."""
    return _distinct(stmt_atoms(stmt))


def defined(stmt: Stmt) -> tuple[Var, ...]:
    """The variables that statements after this one may read because of it."""
    match stmt:
        case Assign():
            return stmt.targets
        case If():
            return stmt.outs
        case For() | While():
            return stmt.outs if stmt.trips is None else (*stmt.outs, stmt.trips)
        case Pop():
            return (stmt.target,)
        case Update():
            return (stmt.target,) if stmt.value is None else (stmt.target, stmt.value)
        case _:
            return ()


def bound_inside(stmt: Stmt) -> tuple[Var, ...]:
    """The variables a loop binds for its blocks: the index and the carried variables."""
    match stmt:
        case For():
            return (stmt.index, *stmt.params)
        case While():
            return stmt.params
        case _:
            return ()


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The nested blocks, in the order they run."""
    if isinstance(stmt, Assign):  # most statements are
        return ()
    match stmt:
        case If():
            return (stmt.then, stmt.orelse)
        case For():
            return (stmt.body,)
        case While():
            return (stmt.test, stmt.body)
        case _:
            return ()


def raises(block: Block) -> bool:
    """Whether the block ends by raising an exception."""
    return bool(block.stmts) and isinstance(block.stmts[-1], Raise)


def statements(block: Block) -> Iterator[Stmt]:
    """Every statement of the block and of the blocks nested in it, in program order."""
    stack: list[Iterator[Stmt]] = [iter(block.stmts)]
    while stack:
        for stmt in stack[-1]:
            yield stmt
            if isinstance(stmt, (If, For, While)):
                stack += [iter(inner.stmts) for inner in reversed(blocks(stmt))]
                break
        else:
            stack.pop()


def calls(block: Block) -> Iterator[Call]:
    """Every call in the block and in the blocks nested in it."""
    for stmt in statements(block):
        if isinstance(stmt, Assign):
            if isinstance(stmt.value, Call):
                yield stmt.value
        elif isinstance(stmt, (Effect, Update)):
            yield stmt.call


def read_variables(function: Function) -> list[Var]:
    """Every variable that is read, once for each time the text reads it."""
    found: list[Var] = []
    results = [function.body.results]
    for stmt in statements(function.body):
        for atom in stmt_atoms(stmt):
            if isinstance(atom, Var):
                found.append(atom)
            elif not isinstance(atom, Const):
                found += atom_vars(atom)
        if not isinstance(stmt, Assign):
            results += [inner.results for inner in blocks(stmt)]
    for atoms in results:
        for atom in atoms:
            found += atom_vars(atom)
    return found


def count_reads(function: Function) -> Counter[Var]:
    """How often the text of the function reads each variable."""
    return Counter(read_variables(function))


def variables(function: Function) -> tuple[Var, ...]:
    """Every variable the function binds, in program order."""
    found = dict.fromkeys(function.params)
    for stmt in statements(function.body):
        found.update(dict.fromkeys((*bound_inside(stmt), *defined(stmt))))
    return tuple(found)


def free_variables(*parts: Block | Stmt) -> tuple[Var, ...]:
    """What the parts, run one after the other, read and do not bind, in order of first use."""
    read: dict[Var, None] = {}
    bound: set[Var] = set()
    for part in parts:
        if isinstance(part, Block):
            _scan_block(part, read, bound)
        else:
            _scan_stmt(part, read, bound)
    return tuple(var for var in read if var not in bound)


def _scan_block(block: Block, read: dict[Var, None], bound: set[Var]) -> None:
    for stmt in block.stmts:
        _scan_stmt(stmt, read, bound)
    _read_all(block.results, read)


def _scan_stmt(stmt: Stmt, read: dict[Var, None], bound: set[Var]) -> None:
    # One set of bound variables for all scopes suffices: a variable is bound once in a function.
    _read_all(stmt_atoms(stmt), read)
    bound.update(bound_inside(stmt))
    for block in blocks(stmt):
        _scan_block(block, read, bound)
    bound.update(defined(stmt))


def _read_all(atoms: Iterable[Atom], read: dict[Var, None]) -> None:
    for atom in atoms:
        for var in atom_vars(atom):
            read[var] = None


def _distinct(atoms: Iterable[Atom]) -> tuple[Var, ...]:
    read: dict[Var, None] = {}
    _read_all(atoms, read)
    return tuple(read)


# ---------------------------------------------------------------------------- rebuilding

OnAtom = Callable[[Atom], Atom]
OnVar = Callable[[Var], Var]
OnBlock = Callable[[Block], Block]


def map_atom(atom: Atom, leaf: OnAtom) -> Atom:
    """The atom with `leaf` applied to its variables and constants; itself where none changes."""
    if isinstance(atom, (Var, Const)):
        return leaf(atom)
    if isinstance(atom, Tup):
        items = tuple([map_atom(item, leaf) for item in atom.items])
        changed = any(new is not old for new, old in zip(items, atom.items, strict=True))
        return Tup(items, atom.is_list) if changed else atom
    start, stop = map_atom(atom.start, leaf), map_atom(atom.stop, leaf)
    step = map_atom(atom.step, leaf)
    same = start is atom.start and stop is atom.stop and step is atom.step
    return atom if same else Slc(start, stop, step)


def map_call(call: Call, leaf: OnAtom) -> Call:
    """The call with `leaf` applied to what its arguments are made of."""
    return Call(
        call.fn,
        tuple([map_atom(atom, leaf) for atom in call.args]),
        tuple([(name, map_atom(atom, leaf)) for name, atom in call.kwargs]),
    )


def rebuild(stmt: Stmt, leaf: OnAtom, binder: OnVar, block: OnBlock) -> Stmt:
    """A copy: `leaf` on the atoms read, `block` on nested blocks, `binder` on variables bound.

    They are called in program order: what is read before what is bound, the variables bound
    for a block before the block, the block before what the statement leaves behind.
    """
    if isinstance(stmt, Assign):  # most statements are
        old = stmt.value
        value = map_call(old, leaf) if isinstance(old, Call) else map_atom(old, leaf)
        return Assign(tuple([binder(var) for var in stmt.targets]), value, stmt.origin)

    def atoms(old: tuple[Atom, ...]) -> tuple[Atom, ...]:
        return tuple(map_atom(atom, leaf) for atom in old)

    def binders(old: tuple[Var, ...]) -> tuple[Var, ...]:
        return tuple(binder(var) for var in old)

    match stmt:
        case If():
            cond = map_atom(stmt.cond, leaf)
            then, orelse = block(stmt.then), block(stmt.orelse)
            return If(cond, then, orelse, binders(stmt.outs), stmt.origin)
        case For():
            return _rebuild_for(stmt, atoms, binders, binder, block)
        case While():
            inits = atoms(stmt.inits)
            params = binders(stmt.params)
            test, body = block(stmt.test), block(stmt.body)
            outs = binders(stmt.outs)
            trips = None if stmt.trips is None else binder(stmt.trips)
            return While(params, inits, test, body, outs, trips, stmt.origin)
        case Push():
            pushed = map_atom(stmt.value, leaf)
            return Push(_stack(stmt.stack, leaf), pushed, stmt.origin)
        case Pop():
            stack = _stack(stmt.stack, leaf)
            return Pop(binder(stmt.target), stack, stmt.origin)
        case Effect():
            return Effect(map_call(stmt.call, leaf), stmt.origin)
        case Raise():
            kind = leaf(stmt.kind)
            assert isinstance(kind, Const | Var)
            return Raise(kind, atoms(stmt.args), stmt.origin)
        case Update():
            call = map_call(stmt.call, leaf)
            target = binder(stmt.target)
            popped = None if stmt.value is None else binder(stmt.value)
            return Update(target, call, stmt.origin, popped)
    raise TypeError(f"not a statement: {stmt!r}")


def _rebuild_for(
    stmt: For,
    atoms: Callable[[tuple[Atom, ...]], tuple[Atom, ...]],
    binders: Callable[[tuple[Var, ...]], tuple[Var, ...]],
    binder: OnVar,
    block: OnBlock,
) -> For:
    start, stop, step = atoms((stmt.start, stmt.stop, stmt.step))
    inits = atoms(stmt.inits)
    index, params = binder(stmt.index), binders(stmt.params)
    body = block(stmt.body)
    return replace(
        stmt,
        index=index,
        start=start,
        stop=stop,
        step=step,
        params=params,
        inits=inits,
        body=body,
        outs=binders(stmt.outs),
        trips=None if stmt.trips is None else binder(stmt.trips),
    )


def _stack(stack: Var, leaf: OnAtom) -> Var:
    new = leaf(stack)
    if not isinstance(new, Var):
        raise TypeError(f"a stack can be replaced by a variable only, not by {new!r}")
    return new


def _same(var: Var) -> Var:
    return var


def _keep(atom: Atom) -> Atom:
    return atom


def map_blocks(stmt: Stmt, on_block: OnBlock) -> Stmt:
    """The statement with `on_block` applied to its nested blocks; itself where it has none."""
    return rebuild(stmt, _keep, _same, on_block) if blocks(stmt) else stmt


def substitute(block: Block, mapping: Mapping[Var, Atom]) -> Block:
    """A copy of the block that reads ``mapping[v]`` where it read ``v``; binders stay.

    Atoms put in are not themselves searched for variables to replace.
    """
    leaf = _lookup(mapping)

    def on_block(inner: Block) -> Block:
        stmts = tuple(rebuild(stmt, leaf, _same, on_block) for stmt in inner.stmts)
        return Block(stmts, tuple(map_atom(atom, leaf) for atom in inner.results))

    return on_block(block)


def substitute_atom(atom: Atom, mapping: Mapping[Var, Atom]) -> Atom:
    return map_atom(atom, _lookup(mapping))


def substitute_stmt(stmt: Stmt, mapping: Mapping[Var, Atom]) -> Stmt:
    return rebuild(stmt, _lookup(mapping), _same, lambda inner: substitute(inner, mapping))


def _lookup(mapping: Mapping[Var, Atom]) -> OnAtom:
    def leaf(atom: Atom) -> Atom:
        return mapping.get(atom, atom) if isinstance(atom, Var) else atom

    return leaf


def clone(block: Block, mapping: Mapping[Var, Atom] | None = None) -> Block:
    """A copy in which every variable bound is a new one, so that both may stand in one function.

    Variables the block reads from outside become ``mapping[v]`` where that is given.
    """
    atoms: dict[Var, Atom] = dict(mapping or {})

    def binder(var: Var) -> Var:
        new = Var(var.hint, var.type)
        atoms[var] = new
        return new

    leaf = _lookup(atoms)

    def on_block(inner: Block) -> Block:
        stmts = tuple(rebuild(stmt, leaf, binder, on_block) for stmt in inner.stmts)
        return Block(stmts, tuple(map_atom(atom, leaf) for atom in inner.results))

    return on_block(block)


def rename(function: Function) -> Function:
    """A copy of the function that shares no variable with it."""
    params = tuple(Var(param.hint, param.type) for param in function.params)
    renamed = dict(zip(function.params, params, strict=True))
    own = tuple(renamed[param] for param in function.own)
    return replace(function, params=params, body=clone(function.body, {**renamed}), own=own)


def inline(function: Function, args: tuple[Atom, ...]) -> Block:
    """The function's body on these arguments, with new variables: ready to be spliced in."""
    return clone(function.body, dict(zip(function.params, args, strict=True)))


def with_origin(stmt: Stmt, origin: Origin | None) -> Stmt:
    """The statement, and all inside it, as coming from another line."""
    moved = map_blocks(
        stmt, lambda block: replace(block, stmts=tuple(with_origin(s, origin) for s in block.stmts))
    )
    return replace(moved, origin=origin)
