"""The abstract interpreter: runs a function on abstract values and emits IR as it goes.

`Interpreter` holds what every handler shares: the memory (`State`), the statements emitted so far
(`Builder`), the stack of frames, and the caller's inputs. The handlers of statements, expressions
and calls are functions in the sibling modules, found by node type in `STATEMENTS` and
`EXPRESSIONS`; each takes the interpreter first.
"""

from __future__ import annotations

import builtins
import enum
import functools
import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import gast
import numpy as np

from sorix import support
from sorix.compiler.frontend import branching, lifetimes, refusals, rounds
from sorix.compiler.frontend.atoms import atom_type, fold, is_scalar
from sorix.compiler.frontend.contents import folded
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.exits import assigned_names
from sorix.compiler.frontend.frames import (
    Frame,
    Handlers,
    Held,
    Split,
    UndefinedRead,
    routine_key,
)
from sorix.compiler.frontend.inputs import ById, Demand, Inputs, Path
from sorix.compiler.frontend.mixtures import class_key, may_be_complex, mixes
from sorix.compiler.frontend.remaining import Nodes, Remaining
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import (
    MISSING,
    Array,
    Bound,
    Cell,
    Lazy,
    Maybe,
    MethodOf,
    Partial,
    Reference,
    Static,
    Storage,
    Tensor,
    Torn,
    Value,
)
from sorix.compiler.frontend.values import Sequence as Tuple
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import (
    Atom,
    Const,
    Origin,
    Var,
)
from sorix.compiler.ir.public_names import public_names
from sorix.compiler.ir.types import Num, Opaque, Type
from sorix.compiler.ir.walk import atom_vars
from sorix.errors import (
    AliasingError,
    CompileError,
    CompilerLimitError,
    InternalCompilerError,
    ShapeError,
    ShapeMismatchError,
    StructureError,
    UndefinedNameError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

STATEMENTS: dict[str, Callable[[Interpreter, Any, list[Any]], bool]] = {}
"""Called with the statements after it; True where those were interpreted with it."""
EXPRESSIONS: dict[str, Callable[[Interpreter, Any], Value]] = {}

Handler = Callable[["Interpreter", Any], object]

GENERIC = "t"
"""The hint of a temporary that nothing is named after yet."""

NESTED_LINES = 3
"""How many calls inside of each other keep lines of their own in comments."""

DEPTH = 120
"""How deep calls are inlined before the compiler takes them for a recursion."""

ROUNDS = 4
"""So many times a function is on the stack where it is asked what counts its rounds."""

OFTEN = 300
"""How often a function is inlined into itself, at whatever depth."""


_OWN = (
    "sorix.compiler.frontend.prelude",
    "sorix.compiler.frontend.standard_random",
    "sorix.primitives.definitions",
    "sorix.func.columns",
)
"""Modules of sorix's that are read as the user's text is, and are no part of it."""


def _is_own(frame: Frame) -> bool:
    return str(frame.module.get("__name__")).startswith(_OWN)


class Interpreter:
    """See the module's docstring."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.state = State(inputs.initial)
        self.builder = Builder()
        self.frames: list[Frame] = []
        self.kept: list[Frame] = []
        # The attributes of functions of the program, by their syntax and where they were made;
        # None where one piece of syntax made several functions.
        self.attributes: dict[tuple[Any, Frame], Cell | None] = {}
        # The depth of the frame whose lines statements come from: what is inlined has its caller's.
        self.text_depth = 1
        self.position: Any = None
        self.mutated: dict[Cell, None] = {}
        # Where a field of an object of the caller's is assigned.
        self.assigned_at: dict[Cell, tuple[str, int, int, str]] = {}
        self.named_at: dict[Var, int] = {}
        self.identities: dict[Any, int] = {}
        self.exposed: set[Atom] = set()
        self.mixed: set[Var] = set()
        self.perhaps_none: set[Var] = set()
        # On what condition a variable is set that only one way of a branch sets.
        self.set_where: dict[Var, Atom] = {}
        # Of an integer or text that branches choose, all that it can be.
        self.options: dict[Var, tuple[Any, ...]] = {}
        self.in_order: set[Var] = set()
        # The branch after which it is ambiguous which array a name stands for.
        self.parted_at: dict[Cell, Any] = {}
        self.leavable: dict[Any, None] = {}
        self._ways = 0
        self.kept_loops: list[tuple[Any, int]] = []
        # Of kept loops of few iterations, those in which a list took arrays for elements.
        self.short_loops: set[Any] = set()
        self.growing: set[Any] = set()
        # Whether a short list became one of unknown length because the run chooses an item of it.
        self.chose_from_lists = False
        # The statement that does nothing more than the write under way, and its frame.
        self.ending: tuple[Any, Any] = (None, None)
        # The ways of branches left out of the first round of a loop; None in a later round.
        self.left_out: int | None = None
        self.outer_builders: list[Builder] = []
        self.error_state: dict[str, Any] = {}
        # The functions whose text was read, in the order they were first called.
        self.inlined: dict[str, None] = {}
        # What is known of the caches of functions of the caller's.
        self.caches: dict[Any, Any] = {}
        self.grad_enabled = True
        # Whether warnings of the program's own are ignored.
        self.quiet = False
        self.adjoint_in_place: Callable[..., Any] = _no_transform
        self.tangent_in_place: Callable[..., Any] = _no_transform
        # How many values were read that some paths leave unassigned, or None.
        self.doubtful = 0
        # Functions that call themselves and are being interpreted on their own.
        self.recursions: list[Any] = []
        self.entered: dict[Any, int] = {}
        self.tries: list[Handlers] = []
        self.splits: list[Split] = []
        # The exceptions being handled, for ``raise`` alone.
        self.handling: list[Value] = []
        # Exceptions of NumPy's and Python's own that the program handles, and what may raise them.
        self.handled: dict[type, None] = {}
        self.guarded: dict[Var, None] = {}
        # The calls of `sorix.grad`, each with whether it keeps the graph.
        self.gradients_taken: list[Any] = []
        self.check_before: Callable[..., None] = _nothing_to_check
        self.raise_misfit: Callable[..., None] = _nothing_to_check

    # -- emitting ---------------------------------------------------------------------------

    @contextmanager
    def nested(self) -> Iterator[Builder]:
        """Emit into a new list of statements inside the ``with``."""
        saved, depth, splits = self.builder, len(self.outer_builders), len(self.splits)
        self.outer_builders.append(saved)
        self.builder = Builder(saved.origin)
        try:
            yield self.builder
            if len(self.splits) > splits:
                branching.join(self, splits)
        finally:
            self.builder = saved
            del self.outer_builders[depth:]
            del self.splits[splits:]

    def emit(self, fn: Any, *args: Atom, hint: str = GENERIC, **options: Any) -> Value:
        """Emit a call of a primitive; the value is a number or a fresh array."""
        atom = self.atom(fn, *args, hint=hint, **options)
        rank = atom.type.rank if isinstance(atom.type, Num) else None
        return self.wrap(atom, contiguous=rank in (0, 1) or self._computes_in_order(fn, args))

    def _computes_in_order(self, fn: Any, args: tuple[Atom, ...]) -> bool:
        """Whether NumPy lays the result out in C order: element-wise, of operands that are."""
        if not (fn in _ELEMENTWISE or (isinstance(fn, np.ufunc) and fn.signature is None)):
            return False
        return all(a in self.in_order or is_scalar(a) for a in args)

    def atom(self, fn: Any, *args: Atom, hint: str = GENERIC, **options: Any) -> Var | Const:
        """Emit a call of a primitive and return the bare variable, folding constants."""
        found = fold(fn, args, options)
        if found is not None:
            return found
        if self.tries:
            self.check_before(self, fn, args)
        return self.write(fn, args, hint, options)

    def write(self, fn: Any, args: tuple[Atom, ...], hint: str, options: Any) -> Var | Const:
        """Emit a call, unless what it comes to is known."""
        contents = self.inputs.contents
        found = contents.computed(fn, args, options) if contents is not None else None
        constant = folded(found)
        if constant is not None:
            return constant
        var = self.builder.call(fn, *args, hint=hint, **options)
        self._trace(var, (*args, *options.values()))
        if mixes(self.mixed, var, fn, args):
            self.mixed.add(var)
        if fn is operator.pow and may_be_complex(*args):
            return self.write(support.real_number, (var,), hint, {})
        self.note(var, found)
        return self.known(var)

    def call_many(
        self, fn: Any, args: Sequence[Atom], hints: tuple[str, ...], options: Any
    ) -> tuple[Var, ...]:
        """Emit a call that returns as many values as there are hints."""
        many = self.builder.call_many(fn, *args, hints=hints, **options)
        contents = self.inputs.contents
        found = contents.computed(fn, tuple(args), options) if contents is not None else None
        for var, value in zip(many, found or (), strict=False):
            self.note(var, value)
        return many

    def is_known(self, value: Value) -> bool:
        """Whether the elements of an array are facts."""
        contents = self.inputs.contents
        return contents is not None and contents.holds(self.read(value))

    def note(self, var: Var, found: Any) -> None:
        """Let an array be known to hold what was computed."""
        if found is not None and self.inputs.contents is not None:
            self.inputs.contents.note(var, found)
            if self.inputs.contents.holds(var):
                self.inputs.sources[var] = frozenset()

    def known(self, var: Var) -> Var | Const:
        """A constant in place of an integer whose value the types already tell."""
        type_ = var.type
        if isinstance(type_, Num) and type_.kind == "python" and type_.value is not None:
            if type_.value.symbol is None and type_.dtype == "int64":
                return Const(type_.value.offset)
            self._trace_symbol(var, type_.value.symbol)
        return var

    def take_over(self, old: Var, new: Var) -> None:
        """Let what is known of one variable be known of another that holds its value."""
        if old in self.inputs.sources:
            self.inputs.sources[new] = self.inputs.sources[old]
        if old in self.named_at:
            self.named_at[new] = self.named_at[old]

    def _trace(self, var: Var, args: tuple[Atom, ...]) -> None:
        """Remember which integers of the caller's an integer was computed from."""
        if not (isinstance(var.type, Num) and var.type.dtype in _WHOLE):
            return
        found: frozenset[Any] = frozenset()
        for arg in itertools.chain.from_iterable(map(atom_vars, args)):
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

    def wrap(self, atom: Atom, contiguous: bool = False) -> Value:
        """A fresh value around an atom: an array gets a storage cell of its own."""
        type_ = atom.type if isinstance(atom, Var | Const) else None
        if isinstance(type_, Num) and type_.kind in ("array", "any") and isinstance(atom, Var):
            return self.new_array(atom, contiguous)
        assert isinstance(atom, Var | Const)
        return atom

    def new_array(self, atom: Atom, contiguous: bool = False) -> Array:
        hint = atom.hint if isinstance(atom, Var) else GENERIC
        cell = Cell(hint)
        self.put(cell, Storage(atom, contiguous))
        return Array(cell)

    def put(self, cell: Cell, content: Any) -> None:
        """Let a cell hold a content, in the state that is left when the content is found.

        Its expression may branch and leave another state behind than the one it began in.
        """
        self.state.set(cell, content)

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
        raise UnsupportedTypeError(
            f"{describe(value, self)} is used where a number or array is needed",
            "take a number or array out of it before",
        )

    def static_atom(self, value: Static) -> Atom:
        """The atom of a fact: constants print in place, objects become parameters."""
        item = value.value
        if item is None or item is Ellipsis or isinstance(item, str | bytes | np.dtype):
            return Const(item)
        if isinstance(item, type) and (issubclass(item, np.generic) or item in _TYPES):
            return Const(item)
        if isinstance(item, BaseException) or callable(item) and _printable(item):
            return Const(item)
        found = self.inputs.opaque(value)
        if isinstance(item, enum.Enum):
            self.options[found] = (item,)
        return found

    def read_array(self, value: Array) -> Atom:
        content = self.state.get(value.cell)
        if not isinstance(content, Storage):
            raise UndefinedRead(value.cell.label, is_own=True)
        atom = content.atom
        if content.contiguous and isinstance(atom, Var):
            self.in_order.add(atom)
        for step in value.steps:
            if step.taken_of is not None and step.taken_of is not content.atom:
                raise AliasingError(
                    "a reshape, which may be a copy or not, is read after its array was written",
                    "make the array with np.zeros, np.empty or .copy(), or reshape it again",
                )
            hint = value.hint if step is value.steps[-1] and value.hint else GENERIC
            atom = self.write(step.read, (atom, *step.args), hint, dict(step.options))
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

    def demand(self, value: Value | Atom, what: str) -> Any:
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
                contents = self.inputs.contents
                if contents is not None and contents.holds(value):
                    return contents.value(value)
                keys = self.inputs.sources.get(value)
                if keys:
                    raise Demand(keys)
        raise UnsupportedTypeError(
            f"{what} must be known when the function is compiled, and is computed from data",
            "pass it as an argument, or compute it from arguments that are integers",
        )

    def demand_ways_apart(self) -> None:
        """Have the ways out of a loop that is written out go apart, the outermost loop's first."""
        for key in self.leavable:
            if key not in self.inputs.demanded:
                raise Demand(frozenset([key]))

    def count_way(self, most: int) -> None:
        self._ways += 1
        if self._ways > most:
            raise StructureError(
                "how often loops go round decides about the structure of values, in too many ways",
                "let the loop fill an array, and keep count of what it has filled",
            )

    def demand_unroll(self, keys: frozenset[Any]) -> None:
        raise Demand(keys)

    def short_loops_around(self) -> set[Any]:
        """The loops being interpreted that may be written out, as they have few iterations."""
        return {key for key, _ in self.kept_loops} & self.short_loops

    # -- names ------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def roots(self) -> list[Cell]:
        """The cells of variables that can still be read, and written objects of the caller's."""
        found: dict[Cell, None] = {}
        for frame in [*self.frames, *self.kept]:
            found.update(dict.fromkeys(frame.variables.values()))
            found[frame.returned] = found[frame.result] = None
            for loop in frame.loops:
                found[loop.broke] = found[loop.continued] = None
        for handlers in self.tries:
            found.update(dict.fromkeys((*handlers.flags, *handlers.values)))
        initial = self.inputs.initial
        found.update((c, None) for c in initial if c in self.state.cells)
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
        self.put(cell, value)
        return Held(cell, self.frame)

    def held(self, held: Value | Held) -> Any:
        """The value as it is now, which goes on being held."""
        return self.whole(self.state.get(held.cell)) if isinstance(held, Held) else held

    def release(self, held: Value | Held) -> Value:
        """The value as it is now."""
        if not isinstance(held, Held):
            return held
        held.frame.variables.pop(f".{id(held.cell)}", None)
        value = self.state.get(held.cell)
        self.state.cells.pop(held.cell, None)
        return value

    def forget(self, held: Value | Held) -> None:
        """Hold a value no longer."""
        if isinstance(held, Held):
            held.frame.variables.pop(f".{id(held.cell)}", None)
            self.state.cells.pop(held.cell, None)

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
            if value is MISSING and self.frame.is_class and name in self.frame.local_names:
                return self._load_global(name)  # Not that of a function around.
            if value is MISSING:
                raise UndefinedRead(name, self.frame.owns(name))
            return self.present(self.whole(value))
        captured = self._captured(name)
        if captured is not None:
            return captured
        return self._load_global(name)

    def _load_global(self, name: str) -> Value:
        module = self.frame.module
        if name in module:
            path = Path(("global", ById(module), name))
            return self.inputs.lift(module[name], path)
        self.inputs.note_undefined(module, name)
        if hasattr(builtins, name):
            return Static(getattr(builtins, name))
        raise UndefinedNameError(f"the name {name!r} is not defined", "define or import it")

    def whole(self, value: Any) -> Any:
        """A value that has one structure where two paths met; others are refused."""
        if isinstance(value, Torn):
            self.demand_ways_apart()
            raise StructureError(value.reason, value.hint)
        return value

    def present(self, value: Value) -> Value:
        """A value that is read: where some path leaves it unassigned, the run must not be there."""
        if isinstance(value, Maybe):
            self.doubtful += 1
            return value if value.none else value.value
        return value

    def _captured(self, name: str) -> Value | None:
        frame: Frame | None = self.frame
        while frame is not None:
            if name in frame.captured:
                held = frame.captured[name]
                try:
                    return self.inputs.lift(held.cell_contents, Path(("cell", ById(held), name)))
                except ValueError:
                    raise UndefinedRead(name, is_own=False) from None
            frame = frame.parent
        return None

    def outer_variable(self, name: str) -> tuple[Any, Path] | None:
        """What stands behind a name of the module or of a closure of the caller's, not lifted."""
        frame: Frame | None = self.frame
        while frame is not None:
            held = frame.captured.get(name)
            if held is not None:
                try:
                    return held.cell_contents, Path(("cell", ById(held), name))
                except ValueError:
                    return None
            frame = frame.parent
        module = self.frame.module
        return (module[name], Path(("global", ById(module), name))) if name in module else None

    def store(self, name: str, value: Value) -> None:
        cell = self.frame.cell(name)
        if cell is None or name not in self.frame.local_names:
            if cell is None:
                raise UnsupportedSyntaxError(
                    f"the global or outer name {name!r} is assigned",
                    "return the value, and let the caller keep it",
                )
        self.put(cell, self.named(value, name))

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

    def execute(self, nodes: Nodes) -> None:
        """Interpret statements in order, as far as control reaches."""
        for k, node in enumerate(nodes):
            handler = STATEMENTS.get(type(node).__name__)
            if handler is None:
                raise self.unsupported(node)
            with self.placed(node):
                self.inputs.count_step()
                if handler(self, node, Remaining(nodes, k + 1)):
                    return
            status = self.exit_status()
            if isinstance(status, Const):
                if status.value:
                    return
                continue
            if rest := Remaining(nodes, k + 1):
                going = self.negate(status)
                dead = lifetimes.dead_after(self.frame, rest[-1], assigned_names(rest))
                run = functools.partial(self.execute, rest)
                branching.branch(self, going, run, lambda: None, dead)
            return

    def negate(self, cond: Atom) -> Atom:
        return self.atom(operator.not_, cond, hint="going")

    @contextmanager
    def placed(self, node: Any) -> Iterator[None]:
        """Give refusals inside the ``with`` the place of `node`, and statements its line."""
        saved, origin = self.position, self.builder.origin
        self.position = node
        if hasattr(node, "lineno"):
            self._set_origin(node.lineno)
        builder = self.builder
        try:
            yield
        except CompileError as error:
            self._place(error, node)
            raise
        except ShapeError as misfit:
            self.raise_misfit(self, misfit)
            error = ShapeMismatchError(str(misfit), "let the shapes fit, or reshape before")
            self._place(error, node)
            raise error from misfit
        except UndefinedRead as unread:
            unread.place = unread.place or self.place()
            raise
        finally:
            self.position = saved
            builder.origin = origin

    def _set_origin(self, line: int) -> None:
        """Of a function that is called, the statements keep its own lines where it has several."""
        frame = self.frame
        if len(self.frames) == self.text_depth:
            self.builder.origin = Origin(frame.source.file, line)
        elif len(self.frames) > self.text_depth and frame.called_at is not None:
            self.builder.origin = Origin(frame.source.file, line, call=frame.called_at)

    def place(self) -> tuple[str, int, int, str]:
        """Where the interpreter is: file, line, column and the line's text."""
        node, source = self.position, self.frame.source
        line = getattr(node, "lineno", source.node.lineno)
        return source.file, line, getattr(node, "col_offset", 0), source.line(line)

    def _place(self, error: CompileError, node: Any) -> None:
        """Give an error the place of `node`; within text of sorix's, of the line that led there."""
        source = self.frame.source
        if not _is_own(self.frame) and hasattr(node, "lineno"):
            error.at(source.file, node.lineno, node.col_offset, source.line(node.lineno))

    def unsupported(self, node: Any) -> CompileError:
        kind = type(node).__name__
        unknown = f"the syntax {kind} is not differentiated", "write it with other statements"
        reason, hint = refusals.REFUSALS.get(kind, unknown)
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
            self._place(error, node)
            raise
        except ShapeError as misfit:
            self.raise_misfit(self, misfit)
            error = ShapeMismatchError(str(misfit), "let the shapes fit, or reshape before")
            self._place(error, node)
            raise error from misfit
        except UndefinedRead as unread:
            unread.place = unread.place or self.place()
            raise
        finally:
            self.position = saved

    def note_mixture(self, var: Var, a: Atom, b: Atom) -> None:
        """Remember a variable that holds numbers of different classes, or None, on some paths."""
        is_none = any(isinstance(v, Const) and v.value is None for v in (a, b))
        if is_none or {a, b} & self.perhaps_none:
            self.perhaps_none.add(var)
        if {a, b} & self.mixed or class_key(atom_type(a)) != class_key(atom_type(b)):
            self.mixed.add(var)

    def note_options(self, var: Var, a: Atom, b: Atom) -> None:
        """Remember what a variable can be that is one of two things, if that is known of both."""
        known = [self.options_of(atom) for atom in (a, b)]
        if all(known):
            self.options[var] = tuple(dict.fromkeys(value for part in known for value in part))

    def options_of(self, atom: Any) -> tuple[Any, ...]:
        """All that an integer or text can be; nothing where that is not known."""
        if isinstance(atom, Const):
            value = atom.value
            is_fact = isinstance(value, int | str | enum.Enum) and not isinstance(value, bool)
            return (value,) if is_fact else ()
        return self.options.get(atom, ()) if isinstance(atom, Var) else ()

    def _trace_phi(self, out: Var, cond: Atom, a: Atom, b: Atom) -> None:
        self._trace(out, (cond, *(x for x in (a, b) if isinstance(x, Var | Const))))

    # -- calls ------------------------------------------------------------------------------

    def enter(self, frame: Frame) -> None:
        if len(self.frames) > DEPTH:
            rounds.unwind(self)
            raise CompilerLimitError(
                f"calls are nested more than {DEPTH} deep, down to {frame.name}()",
                "call functions of your own less deep inside of each other",
            )
        around = [caller for caller in self.frames if caller.node is frame.node]
        if len(around) >= ROUNDS:
            rounds.demand_changing(self, around)
        if around:
            key = routine_key(frame)
            self.entered[key] = self.entered.get(key, 0) + 1
            if self.entered[key] > OFTEN:
                rounds.outline(self, frame)
        if self._shows_lines(frame):
            frame.called_at = self.builder.origin
        self.frames.append(frame)
        frame.loops_around = len(self.kept_loops)
        self.put(frame.returned, Const(False))

    def _shows_lines(self, frame: Frame) -> bool:
        """Whether statements of an inlined function keep its lines: where it has several.

        A recursion, and what is called deep inside of calls, stands under the line that led there.
        """
        if not isinstance(frame.node, gast.FunctionDef) or self.builder.origin is None:
            return False
        if len(self.builder.origin.way) > NESTED_LINES:
            return False
        if str(frame.module.get("__name__", "")).partition(".")[0] == "sorix":
            return False
        body = [stmt for stmt in frame.node.body if not _is_docstring(stmt)]
        return len(body) > 1 and not any(other.node is frame.node for other in self.frames)

    def leave(self) -> None:
        self.state.freeze_returned(len(self.frames))
        frame = self.frames.pop()
        if frame.escapes:
            self.kept.append(frame)
            return
        for cell in (*frame.variables.values(), frame.returned, frame.result):
            self.state.cells.pop(cell, None)


def _is_docstring(stmt: Any) -> bool:
    return isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Constant)


def statement(*kinds: str) -> Callable[[Handler], Handler]:
    """Register the handler of a statement after which the block goes on."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            STATEMENTS[kind] = lambda it, node, rest: bool(handler(it, node))
        return handler

    return register


def _no_transform(*args: object) -> Any:
    raise InternalCompilerError("the interpreter was given no way to differentiate")


def _nothing_to_check(it: Interpreter, *_: Any) -> None:
    """What stands before a call where no exception of it is handled."""


_WHOLE = {"bool", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))}

_REFERRING = Array | Tensor | Reference | Tuple | Bound | MethodOf | Partial | Maybe | Lazy

_TYPES = {int, float, bool, complex}
_ELEMENTWISE: set[Any] = {
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.neg, operator.pos, operator.abs,
}  # fmt: skip


def _printable(item: Any) -> bool:
    module = getattr(item, "__module__", None) or ""
    named = isinstance(item, np.ufunc) and id(item) in public_names()
    return named or module.split(".")[0] in ("numpy", "math", "operator")
