"""The abstract interpreter: runs a function on abstract values and emits IR as it goes.

`Interpreter` holds what every handler shares: the memory (`State`), the statements emitted so far
(`Builder`), the stack of frames, and the caller's inputs. The handlers of statements, expressions
and calls are functions in the sibling modules, found by node type in `STATEMENTS` and
`EXPRESSIONS`; each takes the interpreter first.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from sorix.compiler.frontend import refusals
from sorix.compiler.frontend.inputs import ById, Demand, Inputs, Path
from sorix.compiler.frontend.source import Source
from sorix.compiler.frontend.state import Merge, State, same_constant
from sorix.compiler.frontend.values import (
    MISSING,
    Array,
    Bound,
    Cell,
    InstanceContent,
    Lazy,
    Maybe,
    MethodOf,
    Partial,
    Reference,
    Static,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.frontend.values import Sequence as Tuple
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Atom,
    Block,
    Const,
    If,
    Origin,
    Raise,
    Slc,
    Tup,
    Var,
)
from sorix.compiler.ir.shapes import fresh_dim
from sorix.compiler.ir.types import BOOL, ListOf, Num, Opaque, Type, join
from sorix.errors import (
    CompileError,
    CompilerLimitError,
    StructureError,
    UndefinedNameError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

STATEMENTS: dict[str, Callable[[Interpreter, Any, list[Any]], bool]] = {}
"""Called with the statements after it; True where those were interpreted with it."""
EXPRESSIONS: dict[str, Callable[[Interpreter, Any], Value]] = {}

Handler = Callable[["Interpreter", Any], None]

GENERIC = "t"
"""The hint of a temporary that nothing is named after yet."""

DEPTH = 120
"""How deep calls are inlined before the compiler takes them for a recursion."""


class Terminated(Exception):
    """The block being interpreted always raises; what follows is not reached."""


class UndefinedRead(Exception):
    """A name is read that has no value on this path (a run would raise UnboundLocalError)."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Exits:
    """The cells that say whether a loop was left (`break`) or its iteration ended (`continue`)."""

    __slots__ = ("broke", "continued")

    def __init__(self) -> None:
        self.broke, self.continued = Cell("broke"), Cell("skip")


class Frame:
    """One call being interpreted: its variables, and where its text stands."""

    def __init__(
        self,
        name: str,
        source: Source,
        module: dict[str, Any],
        local_names: frozenset[str],
        parent: Frame | None = None,
        captured: dict[str, Any] | None = None,
    ) -> None:
        self.name, self.source, self.module = name, source, module
        self.local_names, self.parent = local_names, parent
        self.captured = captured or {}
        self.variables: dict[str, Cell] = {}
        self.returned, self.result = Cell("returned"), Cell("result")
        self.loops: list[Exits] = []
        self.on_yield: Callable[[Value], None] | None = None
        self.node: Any = None
        self.owner: Value | None = None
        self.owner_class: type | None = None
        self.escapes = False

    def cell(self, name: str) -> Cell | None:
        """The variable's cell in this frame or the one around that defines it."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.local_names:
                return frame.variables.setdefault(name, Cell(name))
            frame = frame.parent
        return None


class Held:
    """A value kept in a nameless variable of a frame; see `Interpreter.hold`."""

    __slots__ = ("cell", "frame")

    def __init__(self, cell: Cell, frame: Frame) -> None:
        self.cell, self.frame = cell, frame


class Interpreter:
    """See the module's docstring."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.state = State(inputs.initial)
        self.builder = Builder()
        self.frames: list[Frame] = []
        self.kept: list[Frame] = []
        self.position: Any = None
        self.mutated: dict[Cell, None] = {}
        self.named_at: dict[Var, int] = {}
        self.identities: dict[Any, int] = {}
        self.kept_loops: list[tuple[Any, int]] = []
        self.outer_builders: list[Builder] = []
        self.error_state: dict[str, str] = {}
        # The functions whose text was read, in the order they were first called.
        self.inlined: dict[str, None] = {}
        self.grad_enabled = True
        self.adjoint_in_place: Callable[..., Any] = _no_transform

    # -- emitting ---------------------------------------------------------------------------

    @contextmanager
    def nested(self) -> Iterator[Builder]:
        """Emit into a new list of statements inside the ``with``."""
        saved = self.builder
        self.outer_builders.append(saved)
        self.builder = Builder(saved.origin)
        try:
            yield self.builder
        finally:
            self.builder = saved
            self.outer_builders.pop()

    def emit(self, fn: Any, *args: Atom, hint: str = GENERIC, **options: Atom) -> Value:
        """Emit a call of a primitive; the value is a number or a fresh array."""
        return self.wrap(self.atom(fn, *args, hint=hint, **options))

    def atom(self, fn: Any, *args: Atom, hint: str = GENERIC, **options: Atom) -> Atom:
        """Emit a call of a primitive and return the bare variable, folding constants."""
        folded = fold(fn, args, options)
        if folded is not None:
            return folded
        var = self.builder.call(fn, *args, hint=hint, **options)
        self._trace(var, args)
        return self.known(var)

    def known(self, var: Var) -> Atom:
        """A constant in place of an integer whose value the types already tell."""
        type_ = var.type
        if isinstance(type_, Num) and type_.kind == "python" and type_.value is not None:
            if type_.value.symbol is None and type_.dtype == "int64":
                return Const(type_.value.offset)
            self._trace_symbol(var, type_.value.symbol)
        return var

    def _trace(self, var: Var, args: tuple[Atom, ...]) -> None:
        """Remember which integers of the caller's an integer was computed from."""
        if not (isinstance(var.type, Num) and var.type.dtype in ("int64", "bool")):
            return
        found: frozenset[Any] = frozenset()
        for arg in args:
            if isinstance(arg, Var):
                known = self.inputs.sources.get(arg)
                if known is None:
                    return
                found |= known
        if found:
            self.inputs.sources[var] = found

    def _trace_symbol(self, var: Var, symbol: str | None) -> None:
        if symbol is not None and var not in self.inputs.sources:
            known = self.inputs.dimensions.get(symbol)
            if known is not None:
                self.inputs.sources[var] = known

    def wrap(self, atom: Atom) -> Value:
        """A fresh value around an atom: an array gets a storage cell of its own."""
        type_ = atom.type if isinstance(atom, Var | Const) else None
        if isinstance(type_, Num) and type_.kind in ("array", "any") and isinstance(atom, Var):
            return self.new_array(atom)
        assert isinstance(atom, Var | Const)
        return atom

    def new_array(self, atom: Atom, contiguous: bool = False) -> Array:
        hint = atom.hint if isinstance(atom, Var) else GENERIC
        cell = Cell(hint)
        rank = atom.type.rank if isinstance(atom, Var) and isinstance(atom.type, Num) else None
        self.state.set(cell, Storage(atom, contiguous or rank in (0, 1)))
        return Array(cell)

    def read(self, value: Value) -> Atom:
        """The atom of a number or array, emitting the view where it is one."""
        match value:
            case Var() | Const():
                return value
            case Array():
                return self.read_array(value)
            case Tensor():
                return self.read(value.value)
            case Maybe():
                return self.read(value.value)
            case Static():
                return self.static_atom(value)
        raise UnsupportedTypeError(f"{describe(value)} is used where a number or array is needed")

    def static_atom(self, value: Static) -> Atom:
        """The atom of a fact: constants print in place, objects become parameters."""
        item = value.value
        if item is None or item is Ellipsis or isinstance(item, str | bytes | np.dtype):
            return Const(item)
        if isinstance(item, type) and (issubclass(item, np.generic) or item in _TYPES):
            return Const(item)
        if isinstance(item, BaseException) or callable(item) and _printable(item):
            return Const(item)
        return self.inputs.opaque(value)

    def read_array(self, value: Array) -> Atom:
        content = self.state.get(value.cell)
        if not isinstance(content, Storage):
            raise UndefinedRead(value.cell.label)
        atom = content.atom
        for step in value.steps:
            hint = value.hint if step is value.steps[-1] and value.hint else GENERIC
            atom = self.builder.call(step.read, atom, *step.args, hint=hint, **dict(step.options))
        return atom

    def is_numeric(self, value: Value) -> bool:
        match value:
            case Var() | Const():
                return True
            case Array():
                return True
            case Tensor():
                return True
            case Maybe():
                return self.is_numeric(value.value)
        return False

    def type_of(self, value: Value) -> Type:
        """The type of a number or array, without leaving statements behind."""
        match value:
            case Var() | Const():
                return value.type
            case Tensor() | Maybe():
                return self.type_of(value.value)
            case Array():
                with self.nested():
                    atom = self.read_array(value)
                return atom.type if isinstance(atom, Var | Const) else Opaque()
        return Opaque()

    # -- facts ------------------------------------------------------------------------------

    def demand(self, value: Value, what: str) -> Any:
        """The Python value of something that must be known at compile time."""
        match value:
            case Const() | Static():
                return value.value
            case Tensor() | Maybe():
                return self.demand(value.value, what)
            case Array():
                return self.demand(self.read(value), what)
            case Tuple():
                items = [self.demand(item, what) for item in value.items]
                return value.cls(*items) if hasattr(value.cls, "_fields") else tuple(items)
            case Var():
                keys = self.inputs.sources.get(value)
                if keys:
                    raise Demand(keys)
        raise UnsupportedTypeError(
            f"{what} must be known when the function is compiled, and is computed from data",
            "pass it as an argument, or compute it from arguments that are integers",
        )

    def demand_unroll(self, keys: frozenset[Any]) -> None:
        raise Demand(keys)

    # -- names ------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def roots(self) -> list[Cell]:
        """The cells of every variable that can still be read, and written objects of the caller's."""
        found: dict[Cell, None] = {}
        for frame in [*self.frames, *self.kept]:
            found.update(dict.fromkeys(frame.variables.values()))
            found[frame.returned] = found[frame.result] = None
            for loop in frame.loops:
                found[loop.broke] = found[loop.continued] = None
        initial = self.inputs.initial
        found.update((c, None) for c in self.state.cells if c in initial)
        return list(found)

    def hold(self, value: Value) -> Value | Held:
        """Keep a value across the evaluation of others, which may branch or loop.

        Where states are merged, what is reached from a variable is; so a value that refers to
        memory is put in a nameless variable until `release`.
        """
        if not isinstance(value, _REFERRING):
            return value
        cell = Cell(GENERIC)
        self.frame.variables[f".{id(cell)}"] = cell
        self.state.set(cell, value)
        return Held(cell, self.frame)

    def release(self, held: Value | Held) -> Value:
        """The value as it is now."""
        if not isinstance(held, Held):
            return held
        held.frame.variables.pop(f".{id(held.cell)}", None)
        value = self.state.get(held.cell)
        self.state.cells.pop(held.cell, None)
        return value

    def evaluated(self, nodes: Sequence[Any]) -> list[Value]:
        """The values of expressions, evaluated in order."""
        if len(nodes) == 1:
            return [self.expr(nodes[0])]
        held = [self.hold(self.expr(node)) for node in nodes]
        return [self.release(h) for h in held]

    def load(self, name: str) -> Value:
        cell = self.frame.cell(name)
        if cell is not None:
            value = self.state.get(cell)
            if value is MISSING:
                raise UndefinedRead(name)
            return value.value if isinstance(value, Maybe) and not value.none else value
        captured = self._captured(name)
        if captured is not None:
            return captured
        module = self.frame.module
        if name in module:
            path = Path(("global", ById(module), name))
            return self.inputs.lift(module[name], path)
        if hasattr(builtins, name):
            return Static(getattr(builtins, name))
        raise UndefinedNameError(f"the name {name!r} is not defined")

    def _captured(self, name: str) -> Value | None:
        frame: Frame | None = self.frame
        while frame is not None:
            if name in frame.captured:
                held = frame.captured[name]
                try:
                    return self.inputs.lift(held.cell_contents, Path(("cell", ById(held), name)))
                except ValueError:
                    raise UndefinedRead(name) from None
            frame = frame.parent
        return None

    def store(self, name: str, value: Value) -> None:
        cell = self.frame.cell(name)
        if cell is None or name not in self.frame.local_names:
            if cell is None:
                raise UnsupportedSyntaxError(
                    f"the global or outer name {name!r} is assigned",
                    "return the value, and let the caller keep it",
                )
        self.state.set(cell, self.named(value, name))

    def named(self, value: Value, name: str) -> Value:
        """Let what has no name yet, or an inlined callee's, be called after its variable."""
        match value:
            case Var() if value.hint == GENERIC or self.named_at.get(value, 0) > len(self.frames):
                object.__setattr__(value, "hint", name)
                self.named_at[value] = len(self.frames)
            case Array() if value.steps and not value.hint:
                return Array(value.cell, value.steps, name)
            case Array():
                content = self.state.get(value.cell)
                if isinstance(content, Storage) and isinstance(content.atom, Var):
                    self.named(content.atom, name)
            case Tensor():
                return Tensor(self.named(value.value, name), value.requires_grad, value.leaf)
        return value

    # -- control ----------------------------------------------------------------------------

    def exit_status(self) -> Atom:
        """Whether the rest of the block is skipped: constant, or a variable that will tell."""
        frame = self.frame
        cells = [frame.returned]
        if frame.loops:
            cells += [frame.loops[-1].broke, frame.loops[-1].continued]
        dynamic: list[Atom] = []
        for cell in cells:
            value = self.state.get(cell)
            if isinstance(value, Const) and value.value:
                return Const(True)
            if isinstance(value, Var):
                dynamic.append(value)
        if not dynamic:
            return Const(False)
        status = dynamic[0]
        for other in dynamic[1:]:
            status = self.atom(operator.or_, status, other, hint="done")
        return status

    def execute(self, nodes: list[Any]) -> None:
        """Interpret statements in order, as far as control reaches."""
        for k, node in enumerate(nodes):
            rest = nodes[k + 1 :]
            handler = STATEMENTS.get(type(node).__name__)
            if handler is None:
                raise self.unsupported(node)
            with self.placed(node):
                if handler(self, node, rest):
                    return
            status = self.exit_status()
            if isinstance(status, Const):
                if status.value:
                    return
                continue
            if rest:
                going = self.negate(status)
                self.branch(going, lambda rest=rest: self.execute(rest), lambda: None)
            return

    def negate(self, cond: Atom) -> Atom:
        return self.atom(operator.not_, cond, hint="going")

    @contextmanager
    def placed(self, node: Any) -> Iterator[None]:
        """Give refusals inside the ``with`` the place of `node`, and statements its line."""
        saved, origin = self.position, self.builder.origin
        self.position = node
        if len(self.frames) == 1 and hasattr(node, "lineno"):
            self.builder.origin = Origin(self.frame.source.file, node.lineno)
        builder = self.builder
        try:
            yield
        except CompileError as error:
            source = self.frame.source
            raise error.at(
                source.file, node.lineno, node.col_offset, source.line(node.lineno)
            ) from error.__cause__
        finally:
            self.position = saved
            builder.origin = origin

    def unsupported(self, node: Any) -> CompileError:
        kind = type(node).__name__

        reason, hint = refusals.REFUSALS.get(kind, (f"{kind} is not differentiated", ""))
        source = self.frame.source
        error = UnsupportedSyntaxError(reason, hint)
        if hasattr(node, "lineno"):
            error.at(source.file, node.lineno, node.col_offset, source.line(node.lineno))
        return error

    def expr(self, node: Any) -> Value:
        """Interpret an expression."""
        handler = EXPRESSIONS.get(type(node).__name__)
        if handler is None:
            raise self.unsupported(node)
        saved, self.position = self.position, node
        try:
            return handler(self, node)
        except CompileError as error:
            if not error.line and hasattr(node, "lineno"):
                source = self.frame.source
                error.at(source.file, node.lineno, node.col_offset, source.line(node.lineno))
            raise
        finally:
            self.position = saved

    def branch(self, cond: Atom, then: Callable[[], None], orelse: Callable[[], None]) -> None:
        """Interpret both ways of a condition only the run will decide, and merge them."""
        if isinstance(cond, Const):
            (then if cond.value else orelse)()
            return
        before = self.state
        sides = [self._side(before, then), self._side(before, orelse)]
        (first, then_builder, then_ends), (second, else_builder, else_ends) = sides
        origin = self.builder.origin
        if then_ends or else_ends:
            self._one_sided(cond, sides)
            return
        pairs: list[tuple[Var, Atom, Atom]] = []
        builders = (then_builder, else_builder)
        phi = self._phi_of(cond, pairs)
        merge = Merge(first, second, phi, self._reader((first, second), builders), self._field)
        self.state = first
        roots = self.roots()
        self.state = second
        roots = list(dict.fromkeys([*roots, *self.roots()]))
        frames_cells = {c for f in self.frames for c in (f.result, f.returned)}
        self.state = merge.run(roots, lambda root: root not in frames_cells)
        outs = tuple(out for out, _, _ in pairs)
        if outs or then_builder.stmts or else_builder.stmts:
            then_block = then_builder.block(*(a for _, a, _ in pairs))
            else_block = else_builder.block(*(b for _, _, b in pairs))
            self.builder.add(If(cond, then_block, else_block, outs, origin))

    def _side(self, before: State, run: Callable[[], None]) -> tuple[State, Builder, bool]:
        self.state = before.copy()
        ends = False
        with self.nested() as builder:
            try:
                run()
            except Terminated:
                ends = True
            except UndefinedRead as error:
                message = f"cannot access local variable {error.name!r}"
                self.builder.add(Raise(Const(UnboundLocalError), (Const(message),), builder.origin))
                ends = True
        return self.state, builder, ends

    def _one_sided(self, cond: Atom, sides: list[tuple[State, Builder, bool]]) -> None:
        """One way raises: what follows the branch is the other way."""
        (first, then_builder, then_ends), (second, else_builder, else_ends) = sides
        origin = self.builder.origin
        if then_ends and else_ends:
            self.builder.add(If(cond, then_builder.block(), else_builder.block(), (), origin))
            raise Terminated
        if else_ends:
            cond = self.negate(cond)
            then_builder, else_builder, second = else_builder, then_builder, first
        self.builder.add(If(cond, then_builder.block(), Block(()), (), origin))
        self.builder.stmts.extend(else_builder.stmts)
        self.state = second

    def _phi_of(
        self, cond: Atom, pairs: list[tuple[Var, Atom, Atom]]
    ) -> Callable[[Atom, Atom, str], Atom]:
        made: dict[Any, Var] = {}

        def phi(a: Atom, b: Atom, hint: str) -> Atom:
            if a is b:
                return a
            if isinstance(a, Const) and isinstance(b, Const):
                if same_constant(a, b):
                    return a
                if a.value is True and b.value is False:
                    return cond
            key = (_key(a), _key(b))
            if key not in made:
                made[key] = Var(_hint(a, b, hint), join_atoms(a, b))
                pairs.append((made[key], a, b))
                self._trace_phi(made[key], cond, a, b)
            return made[key]

        return phi

    def _trace_phi(self, out: Var, cond: Atom, a: Atom, b: Atom) -> None:
        self._trace(out, (cond, *(x for x in (a, b) if isinstance(x, Var | Const))))

    def _reader(
        self, states: tuple[State, State], builders: tuple[Builder, Builder]
    ) -> Callable[[int, Any], Atom]:
        def read(side: int, value: Any) -> Atom:
            saved = self.state, self.builder
            self.state, self.builder = states[side], builders[side]
            try:
                return self.read(value)
            finally:
                self.state, self.builder = saved

        return read

    def _field(self, content: InstanceContent, name: str) -> Value:
        """A field of the caller's object, or MISSING where it has none."""
        if content.external is None or name not in vars(content.external):
            return MISSING
        return self.inputs.lift(vars(content.external)[name], content.path.attr(name))

    # -- calls ------------------------------------------------------------------------------

    def enter(self, frame: Frame) -> None:
        if len(self.frames) > DEPTH:
            self._unwind(frame)
            raise CompilerLimitError(
                f"calls are nested more than {DEPTH} deep: {frame.name}() may be recursive with a"
                " depth that depends on data",
                "write the recursion as a loop, or let its depth depend on an integer argument",
            )
        self.frames.append(frame)
        self.state.set(frame.returned, Const(False))

    def _unwind(self, frame: Frame) -> None:
        """A recursion that an integer of the caller's ends is inlined with that integer known."""
        keys: frozenset[Any] = frozenset()
        for caller in self.frames:
            if caller.node is frame.node:
                for cell in caller.variables.values():
                    value = self.state.get(cell)
                    if isinstance(value, Var):
                        keys |= self.inputs.sources.get(value, frozenset())
        if keys - self.inputs.demanded:
            raise Demand(keys)

    def leave(self) -> None:
        frame = self.frames.pop()
        if frame.escapes:
            self.kept.append(frame)
            return
        for cell in (*frame.variables.values(), frame.returned, frame.result):
            self.state.cells.pop(cell, None)


def statement(*kinds: str) -> Callable[[Handler], Handler]:
    """Register the handler of a statement after which the block goes on."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            STATEMENTS[kind] = lambda it, node, rest: bool(handler(it, node))
        return handler

    return register


def _no_transform(*args: object) -> Any:
    raise UnsupportedSyntaxError("sorix.grad() cannot be expanded here")


def fold(fn: Any, args: tuple[Atom, ...], options: dict[str, Atom]) -> Const | None:
    """The constant a call of constants comes to, where Python can compute it here and now."""
    if options or fn not in _FOLDABLE or not args:
        return None
    values = []
    for arg in args:
        if not isinstance(arg, Const) or not isinstance(arg.value, bool | int | float):
            return None
        values.append(arg.value)
    try:
        result = fn(*values)
    except Exception:
        return None
    if isinstance(result, int) and result.bit_length() > 4096:
        return None
    return Const(result) if isinstance(result, bool | int | float) else None


_FOLDABLE = {
    getattr(operator, name)
    for name in (
        "add sub mul truediv floordiv mod pow neg pos abs eq ne lt le gt ge not_ and_ or_ xor"
        " invert lshift rshift"
    ).split()
} | {abs, min, max, int, float, bool, round}

_REFERRING = Array | Tensor | Reference | Tuple | Bound | MethodOf | Partial | Maybe | Lazy

_TYPES = {int, float, bool, complex}


def _printable(item: Any) -> bool:
    module = getattr(item, "__module__", None) or ""
    return isinstance(item, np.ufunc) or module.split(".")[0] in ("numpy", "math", "operator")


def _key(atom: Atom) -> Any:
    if isinstance(atom, Const):
        return (type(atom.value).__name__, repr(atom.value))
    return id(atom)


def _hint(a: Atom, b: Atom, hint: str) -> str:
    for atom in (a, b):
        if isinstance(atom, Var) and atom.hint not in (GENERIC, ""):
            return hint if hint and hint != GENERIC else atom.hint
    return hint or GENERIC


def join_atoms(a: Atom, b: Atom) -> Type:
    """The type of a variable that is `a` on one path and `b` on another."""
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Const) and (one is UNDEFINED or one.value is None):
            return atom_type(other)
        if isinstance(one, Tup) and not one.items:
            return atom_type(other)
    joined = join(atom_type(a), atom_type(b), fresh_dim)
    if joined is None:
        if isinstance(a, Tup) or isinstance(b, Tup):
            raise StructureError("a list holds elements of different kinds")
        return Num()
    return joined


def atom_type(atom: Atom) -> Type:
    """The type of an atom; a list display of numbers is a list of their common type."""

    if isinstance(atom, Var | Const):
        if isinstance(atom, Const) and isinstance(atom.value, bool):
            return BOOL
        type_ = atom.type
        if isinstance(atom, Const) and isinstance(type_, Num):
            return Num(type_.dtype, type_.shape, type_.kind)
        return type_
    if isinstance(atom, Tup) and atom.is_list:
        element: Type | None = None
        for item in atom.items:
            found = atom_type(item)
            element = found if element is None else join(element, found, fresh_dim)
            if element is None:
                raise StructureError("a list holds elements of different kinds")
        return ListOf(element if element is not None else Num())
    return Opaque()


def describe(value: Any) -> str:
    """What a value is, in a sentence about the user's program."""
    match value:
        case Static():
            return f"{value.value!r}"
        case Slc() | Tup():
            return "an index"
    return f"a {type(value).__name__.lower()}"
