"""Functions that call themselves until their data say stop: each becomes a routine.

A recursion that integers end is inlined; where data end it, that would not end. So the function
is interpreted on its own, once for each form of arguments (`forms`): its numbers and arrays are
parameters, and where it calls itself, a call of the routine is emitted.

Of what type the parameters and results are is found by interpreting the function until a round
agrees with what it assumed. In the first round nothing is known of the results, and a way that
calls the function again ends there; what the other ways return is the first guess.

What the function reads from outside becomes a parameter, too, handed on unchanged; so nothing
outside may be written.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sorix.compiler.frontend import branching, calls, likeness
from sorix.compiler.frontend.atoms import atom_type
from sorix.compiler.frontend.forms import Form, fitted, put_together, taken_apart
from sorix.compiler.frontend.frames import Frame, Terminated, routine_key
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import (
    Array,
    Bound,
    Cell,
    DictContent,
    InstanceContent,
    Kwargs,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    Reference,
    Sequence,
    Static,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    Function,
    Origin,
    Routine,
    Var,
)
from sorix.compiler.ir.routines import handed_on
from sorix.compiler.ir.shapes import FRESH, fresh_dim
from sorix.compiler.ir.types import Dim, ListOf, Num, Type, fits_kind, join
from sorix.compiler.ir.walk import free_variables, substitute
from sorix.errors import CompilerLimitError, StructureError, UnsupportedSyntaxError

ROUNDS = 12
NESTED = 6
"""How many such functions may be interpreted inside of each other."""

SHARED = "a function that calls itself may have returned it, or a part of it"

EMPTY = ListOf(Num())
"""The type of an empty list, which has no elements to tell theirs."""

Spec = Const | Type
"""Of an argument: its type, or the constant that it is in every call."""


@dataclass
class Result:
    """What a routine returns: a form and the types of its leaves, and which leaves the caller
    must not write into, as they may be parts of an argument or of each other."""

    form: Form
    types: list[Type]
    shared: list[bool]
    handed_back: bool = False
    """Whether a list, dict or object in it may be an argument's, or stand in it twice."""
    outer: frozenset[Cell] = frozenset()
    """The lists, dicts and objects in it that are known outside by other names."""


@dataclass(eq=False)
class Recursion:
    """A function that is being interpreted on its own."""

    function: Any
    name: str
    form: Form
    specs: list[Spec]
    result: Result | None = None
    routine: Routine = field(init=False)
    params: list[Var] = field(default_factory=list)
    widened: bool = False
    waited: bool = False

    def begin(self, it: Interpreter) -> list[Value]:
        """A new round: a parameter for each argument that differs from call to call."""
        self.routine = Routine(self.name, (), ())
        self.widened, self.params = False, []
        leaves: list[Value] = []
        for spec, hint in zip(self.specs, self.hints, strict=True):
            if isinstance(spec, Const):
                leaves.append(spec)
                continue
            param = Var(hint, spec)
            self.params.append(param)
            leaves.append(it.wrap(param))
        return leaves

    hints: list[str] = field(default_factory=list)

    def symbols(self) -> set[str]:
        """The symbols that stand for sizes of the parameters."""
        types = [spec for spec in self.specs if isinstance(spec, Num)]
        return {dim.symbol for t in types for dim in t.shape or () if dim.symbol is not None}


def call_routine(it: Interpreter, frame: Frame, bound: Kwargs) -> Value:
    """Call the function of the frame as a routine, which is made where it is not being made."""
    function = _identity(frame)
    given: Value = Sequence(tuple(bound.values()))
    kept = _reachable(it, given)
    for recursion in reversed(it.recursions):
        if recursion.function == function:
            leaves: list[Value] = []
            form = taken_apart(it, fitted(it, given, recursion.form), leaves)
            if recursion.form == form:
                return _again(it, recursion, leaves, [it.read(leaf) for leaf in leaves], kept)
    leaves = []
    form = taken_apart(it, given, leaves)
    atoms = [it.read(leaf) for leaf in leaves]
    if len(it.recursions) >= NESTED:
        raise CompilerLimitError(
            f"{frame.name}() calls itself with other functions or structures each time",
            "pass the same functions on, and let numbers and arrays differ",
        )
    specs, sizes = [], dict[tuple[str | None, int], Dim]()
    for atom in atoms:
        specs.append(atom if isinstance(atom, Const) else _general(atom_type(atom), sizes))
    recursion = Recursion(function, frame.name, form, specs)
    names = [name for name, value in bound.items() for _ in _leaves_in(it, value)]
    recursion.hints = [name if name.isidentifier() else "t" for name in names]
    return _first(it, recursion, frame, list(bound), leaves, atoms, kept)


def _reachable(it: Interpreter, given: Value) -> list[Cell]:
    """The lists, dicts and objects in the arguments that a name can still reach."""
    cells = _held(it, given, {})
    known: dict[Cell, None] = {}
    for root in it.roots() if cells else ():
        _held(it, it.state.get(root), known)
    return [cell for cell in cells if cell in known or cell in it.inputs.initial]


def _held(it: Interpreter, value: Any, found: dict[Cell, None]) -> dict[Cell, None]:
    """The cells of the lists, dicts and objects in a value, those inside of others too."""
    match value:
        case Reference() if value.cell not in found:
            found[value.cell] = None
            _held(it, it.state.get(value.cell), found)
        case Sequence() | ListContent():
            for item in value.items:
                _held(it, item, found)
        case DictContent():
            for _, item in value.items:
                _held(it, item, found)
        case InstanceContent():
            for item in value.fields.values():
                _held(it, item, found)
        case Maybe() | Tensor():
            _held(it, value.value, found)
        case Bound() | MethodOf():
            _held(it, value.owner, found)
        case Partial():
            for item in (*value.args, *(v for _, v in value.kwargs)):
                _held(it, item, found)
    return found


def _identity(frame: Frame) -> Any:
    """Equal for calls of one function: the same text, that reads the same names from outside."""
    cells = tuple((name, id(cell)) for name, cell in frame.captured.items())
    return routine_key(frame), id(frame.parent), id(frame.module), cells


def _leaves_in(it: Interpreter, value: Value) -> list[Value]:
    leaves: list[Value] = []
    taken_apart(it, value, leaves)
    return leaves


def _general(type_: Type, sizes: dict[tuple[str | None, int], Dim]) -> Type:
    """The type of a parameter: equal sizes stay equal, and are else not known."""
    if isinstance(type_, ListOf):
        return ListOf(_general(type_.element, {}))
    if not isinstance(type_, Num):
        return type_
    shape = type_.shape and tuple(
        dim if dim.symbol is None else sizes.setdefault((dim.symbol, dim.offset), fresh_dim())
        for dim in type_.shape
    )
    return replace(type_, shape=shape, value=None)


# -- calls of a routine ---------------------------------------------------------------------


def _again(
    it: Interpreter,
    recursion: Recursion,
    leaves: list[Value],
    atoms: list[Atom],
    kept: list[Cell],
) -> Value:
    """The call of a function from within it."""
    _widen(recursion, atoms)
    if recursion.result is None:
        recursion.waited = True
        raise Terminated
    return _call(it, recursion, recursion.routine, (), leaves, atoms, kept)


def _call(
    it: Interpreter,
    recursion: Recursion,
    routine: Routine,
    outside: tuple[Var, ...],
    leaves: list[Value],
    atoms: list[Atom],
    kept: list[Cell],
) -> Value:
    result = recursion.result
    assert result is not None
    pairs = zip(recursion.specs, atoms, strict=True)
    args = (*(atom for spec, atom in pairs if not isinstance(spec, Const)), *outside)
    call = Call(routine, args)
    sizes = _sizes(recursion, atoms)
    targets = tuple(Var("t", _called_type(type_, sizes)) for type_ in result.types)
    if targets:
        it.builder.add(Assign(targets, call, it.builder.origin))
    else:
        it.builder.add(Effect(call, it.builder.origin))
    values = [it.wrap(target) for target in targets]
    for value, shared in zip(values, result.shared, strict=True):
        if shared and isinstance(value, Array):
            it.state.freeze(value.cell, SHARED)
    if any(result.shared):
        for leaf in leaves:
            if isinstance(leaf, Array):
                it.state.freeze(leaf.cell, SHARED)
    made: list[Cell] = []
    found = put_together(it, result.form, iter(values), made)
    if result.outer or (result.handed_back and (kept or len(made) > 1)):
        for cell in (*kept, *made, *result.outer):
            it.state.freeze(cell, SHARED)
    return found


def _sizes(recursion: Recursion, atoms: list[Atom]) -> dict[str, Dim]:
    """The sizes of a call's arguments, by the symbols of the parameters."""
    found: dict[str, Dim] = {}
    for spec, atom in zip(recursion.specs, atoms, strict=True):
        given = atom_type(atom)
        if isinstance(spec, Num) and isinstance(given, Num) and given.shape is not None:
            for dim, size in zip(spec.shape or (), given.shape, strict=False):
                if dim.symbol is not None:
                    found.setdefault(dim.symbol, size)
    return found


def _called_type(type_: Type, sizes: dict[str, Dim]) -> Type:
    """The type of a result of a call, whose arguments have these sizes."""
    if isinstance(type_, ListOf):
        return ListOf(_called_type(type_.element, {}))
    if not isinstance(type_, Num) or not type_.shape:
        return type_
    return replace(type_, shape=tuple(_called_dim(dim, sizes) for dim in type_.shape))


def _called_dim(dim: Dim, sizes: dict[str, Dim]) -> Dim:
    if dim.symbol is None or not dim.symbol.startswith("_"):
        return dim
    # A size that is cut off may be negative as a sum, and then adding to it is not exact.
    known = sizes.get(dim.symbol) if dim.offset <= 0 else None
    return fresh_dim() if known is None else known.shifted(dim.offset)


def _widen(recursion: Recursion, atoms: list[Atom]) -> None:
    """Let the parameters be general enough for one more call."""
    sizes: dict[str, Dim] = {}
    for k, (spec, atom) in enumerate(zip(recursion.specs, atoms, strict=True)):
        if isinstance(spec, Const):
            if isinstance(atom, Const) and likeness.same_constant(spec, atom):
                continue
            wider = _joined(_general(atom_type(spec), {}), atom_type(atom))
        elif _takes(spec, atom_type(atom), sizes):
            continue
        else:
            wider = _joined(spec, atom_type(atom))
        recursion.specs[k], recursion.widened = wider, True


def _takes(spec: Type, given: Type, sizes: dict[str, Dim]) -> bool:
    """Whether a parameter can be given this; sizes that are one symbol must be equal."""
    if not (isinstance(spec, Num) and isinstance(given, Num)):
        return spec == given or (given == EMPTY and isinstance(spec, ListOf))
    if spec.dtype not in (None, given.dtype) or not fits_kind(given.kind, spec.kind):
        return False
    if spec.shape is None:
        return True
    if given.shape is None or len(given.shape) != len(spec.shape):
        return False
    return all(
        dim == size if dim.symbol is None else sizes.setdefault(dim.symbol, size) == size
        for dim, size in zip(spec.shape, given.shape, strict=True)
    )


def _joined(a: Type, b: Type) -> Type:
    """What describes both, with sizes of its own where they may differ."""
    for one, other in ((a, b), (b, a)):
        if one == EMPTY and isinstance(other, ListOf):
            return other
    found = join(a, b, fresh_dim)
    if found is None:
        raise StructureError(
            "a function calls itself with one kind of thing or another",
            "give each argument the same structure in every call",
        )
    if isinstance(found, Num):
        shape = found.shape and tuple(
            dim if dim.symbol is None else fresh_dim() for dim in found.shape
        )
        return replace(found, shape=shape, value=None)
    return found


# -- the routine ----------------------------------------------------------------------------


def _newly_frozen(before: State, after: State) -> dict[Cell, str]:
    """What cannot be written any more of what there was before, and why."""
    return {
        cell: why
        for cell, why in after.frozen.items()
        if cell in before.cells
        and (cell not in before.frozen or before.others.get(cell) != after.others.get(cell))
    }


def _first(
    it: Interpreter,
    recursion: Recursion,
    frame: Frame,
    names: list[str],
    leaves: list[Value],
    atoms: list[Atom],
    kept: list[Cell],
) -> Value:
    """Make the routine, and call it."""
    before, lines = it.state, it.text_depth
    it.recursions.append(recursion)
    try:
        for _ in range(ROUNDS):
            it.state, it.text_depth = before.copy(), len(it.frames) + 1
            block = _round(it, recursion, frame, names)
            if block is not None:
                break
        else:
            raise StructureError(
                f"what {frame.name}() is given and returns does not settle",
                "call it with what it will be given: 0.0 for a float, not 0; np.zeros for an array",
            )
        frozen = _newly_frozen(before, it.state)
    finally:
        it.recursions.pop()
        it.state, it.text_depth = before, lines
    for cell, why in frozen.items():
        it.state.freeze(cell, why)
    routine, outside = _defined(recursion, frame, block)
    return _call(it, recursion, routine, outside, leaves, atoms, kept)


def _round(it: Interpreter, recursion: Recursion, frame: Frame, names: list[str]) -> Block | None:
    """Interpret the function once; its block, where what was assumed was right."""
    before, depth = it.state.copy(), len(it.splits)
    returned: list[Value] = []
    atoms: list[Atom] = []
    with it.nested() as builder:
        leaves = recursion.begin(it)
        cells: list[Cell] = []
        given = put_together(it, recursion.form, iter(leaves), cells)
        assert isinstance(given, Sequence)
        kept = {cell: it.state.get(cell) for cell in cells}
        bound = dict(zip(names, given.items, strict=True))
        end = branching.join(
            it, depth, branching.outcome(it, lambda: returned.append(calls.run(it, frame, bound)))
        )
        if end == "goes on":
            parts: list[Value] = []
            result = returned[0]
            if recursion.result is not None:
                result = fitted(it, result, recursion.result.form)
            form = taken_apart(it, result, parts)
            atoms = [it.read(part) for part in parts]
    if end != "goes on":
        _without_end(it, recursion, frame)
        return None
    _require_unwritten(it, frame, before.cells, kept)
    own = [_is_own(it, part, before.cells, kept, parts) for part in parts]
    cells = _containers(it, returned[0])
    found = Result(
        form,
        [_result_type(atom) for atom in atoms],
        [not each for each in own],
        handed_back=len(set(cells)) < len(cells) or any(cell in kept for cell in cells),
        outer=frozenset(c for c in cells if c in before.cells or c in it.inputs.initial),
    )
    agrees = _agrees(recursion, found) and not recursion.widened
    return Block(tuple(builder.stmts), tuple(atoms)) if agrees else None


def _without_end(it: Interpreter, recursion: Recursion, frame: Frame) -> None:
    """A round in which every way calls a function of which nothing is known yet."""
    if recursion.widened:
        return
    if any(outer.waited and outer.result is None for outer in it.recursions[:-1]):
        raise Terminated
    if recursion.waited and recursion.result is None:
        raise UnsupportedSyntaxError(
            f"{frame.name}() calls itself on every path", "return a value on one of them"
        )
    raise UnsupportedSyntaxError(
        f"{frame.name}() calls itself, and raises on every path", "return a value on one of them"
    )


def _result_type(atom: Atom) -> Type:
    type_ = atom_type(atom)
    return replace(type_, value=None) if isinstance(type_, Num) else type_


def _agrees(recursion: Recursion, found: Result) -> bool:
    """Whether the results are those assumed; if not, they are what is assumed next."""
    old = recursion.result
    if old is None:
        recursion.result = found
        return not recursion.waited
    if old.form != found.form and _grows(old.form, found.form):
        recursion.result = found
        return False
    if old.form != found.form:
        raise StructureError(
            f"{recursion.name}() returns one kind of thing or another",
            "return a value of the same structure on every path",
        )
    symbols = recursion.symbols()
    pairs = list(zip(old.types, found.types, strict=True))
    fits = all(_describes(a, b, symbols) for a, b in pairs)
    shared = [a or b for a, b in zip(old.shared, found.shared, strict=True)]
    handed_back, outer = old.handed_back or found.handed_back, old.outer | found.outer
    if fits and (shared, handed_back, outer) == (old.shared, old.handed_back, old.outer):
        return True
    types = [a if _describes(a, b, symbols) else _joined(a, b) for a, b in pairs]
    recursion.result = Result(old.form, types, shared, handed_back, outer)
    return False


def _grows(old: Form, new: Form) -> bool:
    """Whether the forms differ only where a list of known length is one that grows."""
    known = {"list": list, "tuple": old.extra}.get(old.kind)
    if new.kind == "grown" and known is new.extra:
        return all(part == new.parts[0] for part in old.parts)
    if (old.kind, len(old.parts)) != (new.kind, len(new.parts)):
        return False
    return not old.parts or all(
        a == b or _grows(a, b) for a, b in zip(old.parts, new.parts, strict=True)
    )


def _containers(it: Interpreter, value: Value) -> list[Cell]:
    """The lists, dicts and objects in a result, one as often as it stands there."""
    seen: list[Cell] = []

    def note(part: Any) -> None:
        if isinstance(part, Sequence):
            for item in part.items:
                note(item)
        elif isinstance(part, Reference):
            seen.append(part.cell)
            if seen.count(part.cell) == 1:
                for item in _items(it.state.get(part.cell)):
                    note(item)

    note(value)
    return seen


def _items(content: Any) -> list[Any]:
    match content:
        case ListContent():
            return list(content.items)
        case DictContent():
            return [item for _, item in content.items]
        case InstanceContent():
            return list(content.fields.values())
    return []


def _describes(old: Type, new: Type, symbols: set[str]) -> bool:
    """Whether what has the type `new` has the type `old`, sizes of parameters being given."""
    if old == new or (new == EMPTY and isinstance(old, ListOf)):
        return True
    if not (isinstance(old, Num) and isinstance(new, Num)):
        return False
    if old.dtype not in (None, new.dtype) or not fits_kind(new.kind, old.kind):
        return False
    if old.shape is None or new.shape is None or len(old.shape) != len(new.shape):
        return old.shape is None
    return all(
        a == b or (_is_unknown(a) and a.symbol not in symbols)
        for a, b in zip(old.shape, new.shape, strict=True)
    )


def _is_unknown(dim: Dim) -> bool:
    return dim.symbol is not None and dim.symbol.startswith(FRESH) and dim.offset == 0


def _defined(recursion: Recursion, frame: Frame, block: Block) -> tuple[Routine, tuple[Var, ...]]:
    """The routine, and what it reads from outside, which calls of it are given as well."""
    params = recursion.params
    outside = tuple(var for var in free_variables(block) if var not in set(params))
    inside = tuple(Var(var.hint, var.type) for var in outside)
    assert recursion.result is not None
    types = tuple(recursion.result.types)
    routine = Routine(recursion.name, (*params, *inside), types)
    block = handed_on(block, recursion.routine, routine, outside)
    block = substitute(block, dict(zip(outside, inside, strict=True)))
    origin = Origin(frame.source.file, frame.node.lineno)
    routine.define(Function(recursion.name, routine.params, block, origin))
    return routine, outside


# -- what must stay as it is ----------------------------------------------------------------


def _require_unwritten(
    it: Interpreter, frame: Frame, before: dict[Cell, Any], kept: dict[Cell, Any]
) -> None:
    """Refuse a function that writes into its arguments, or into anything from outside."""
    initial = it.inputs.initial
    for cell, now in it.state.cells.items():
        old = kept.get(cell, before.get(cell, initial.get(cell)))
        if old is not None and not _same_content(old, now):
            raise UnsupportedSyntaxError(
                f"{frame.name}() calls itself, and changes {cell.label or 'what'!r}, which is not"
                " its own",
                "return the new value, or work on a copy",
            )


def _same_content(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Const):
        return likeness.same_constant(a, b)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_same_content, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same_content, a.values(), b.values()))
    if isinstance(a, Var | Cell | Frame):
        return False
    if isinstance(a, Static):
        return a.value is b.value
    if isinstance(a, str | bytes | int | frozenset | type):
        return a == b
    return dataclasses.is_dataclass(a) and all(_same_content(*pair) for pair in _fields(a, b))


def _fields(a: Any, b: Any) -> Iterator[tuple[Any, Any]]:
    return ((getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))


def _is_own(
    it: Interpreter, part: Value, before: dict[Cell, Any], kept: dict[Cell, Any], all_: list[Value]
) -> bool:
    """Whether an array returned is one that only the result refers to; of numbers, always."""
    if not isinstance(part, Array):
        return True
    outer = part.cell in before or part.cell in kept or part.cell in it.inputs.initial
    others = sum(isinstance(other, Array) and other.cell is part.cell for other in all_)
    content = it.state.get(part.cell)
    return not (
        outer or others > 1 or part.cell in it.state.frozen or not isinstance(content, Storage)
    )
