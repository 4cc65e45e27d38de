"""``try`` statements, and what raises inside them.

An exception of the program's own is a branch: what follows the ``raise`` up to the end of the
``try``, in the functions called there too, is interpreted as the other way of that branch
(`branching.join`), and the handler is interpreted where the flag of its clause is set. So is what
Python's own operations raise where a condition tells beforehand that they will, see
`preconditions`; for the rest see `left_to_run`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import gast

from sorix.compiler.frontend import (
    branching,
    classes,
    construction,
    containers,
    left_to_run,
    lifetimes,
    raised,
    wording,
)
from sorix.compiler.frontend.exits import assigned_names, leaves_block
from sorix.compiler.frontend.frames import Caught, Handlers, Slot, Terminated
from sorix.compiler.frontend.interpreter import Interpreter, statement
from sorix.compiler.frontend.values import (
    MISSING,
    Cell,
    InstanceContent,
    Maybe,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Raise
from sorix.errors import (
    CompileError,
    StructureError,
    UnsupportedCallError,
    UnsupportedFunctionError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

Dead = tuple[frozenset[Cell], frozenset[Cell]]
"""The variables that nobody reads after a protected block, and after all of its statement."""

NONE_DEAD: Dead = (frozenset(), frozenset())

# -- raising --------------------------------------------------------------------------------


def exec_raise(it: Interpreter, node: Any) -> None:
    if node.exc is None:
        _raise_again(it, it.handling[-1] if it.handling else MISSING)
    if node.cause is not None:
        _require_cause(it, it.expr(node.cause))
    kind = node.exc
    if isinstance(kind, gast.Call):
        cls = it.expr(kind.func)
        if isinstance(cls, Static) and _is_exception(cls.value):
            if any(isinstance(a, gast.Starred) for a in kind.args) or kind.keywords:
                raise UnsupportedSyntaxError(
                    "an exception is made with * or keyword arguments",
                    "give its arguments by position",
                )
            raise_error(it, cls.value, tuple(it.evaluated(kind.args)) if kind.args else ())
    raised = it.expr(kind)
    if isinstance(raised, Static) and _is_exception(raised.value):
        raise_error(it, raised.value, ())
    _raise_again(it, raised)


def _require_cause(it: Interpreter, cause: Value) -> None:
    """``raise ... from cause`` says nothing to a handler, but the cause must be an exception."""
    content = containers.content_of(it, cause)
    if isinstance(content, InstanceContent) and issubclass(content.cls, BaseException):
        return
    if isinstance(cause, Static) and (cause.value is None or _is_exception(cause.value)):
        return
    raise UnsupportedSyntaxError(
        "an exception is raised from what is no exception",
        "raise it from an exception or None",
    )


def _is_exception(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _raise_again(it: Interpreter, value: Value) -> NoReturn:
    if isinstance(value, Maybe):
        value = value.value
    content = containers.content_of(it, value)
    if not isinstance(content, InstanceContent) or not issubclass(content.cls, BaseException):
        raise UnsupportedSyntaxError(
            "what is raised is not an exception class or a call of one", "raise ValueError(...)"
        )
    made = content.fields.get(construction.MADE)
    raise_error(it, content.cls, made.items if isinstance(made, Sequence) else None, value)


def raise_error(
    it: Interpreter, cls: type, args: tuple[Value, ...] | None, value: Value | None = None
) -> NoReturn:
    """Raise to the ``try`` around that handles the class; out of the function where none does.

    `args` is None of a `value` whose arguments the run decides.
    """
    if cls is UnsupportedFunctionError and args is not None:
        # By a definition of a function of NumPy's, of a call that it does not cover.
        reason = " ".join(str(it.demand(a, "a message")) for a in args)
        raise UnsupportedCallError(reason, "write it with other functions, or as a loop")
    around = _tries_around_generator(it) if issubclass(cls, StopIteration) else None
    for k, handlers in reversed(list(enumerate(it.tries))):
        if around is not None and k < around:
            break
        clause = handlers.clause(cls)
        if clause is None:
            continue
        slot = _slot(handlers, clause, cls, None if args is None else len(args))
        if handlers.named[clause]:
            kept = _instance(it, cls, args or (), handlers) if value is None else value
            it.put(handlers.values[slot], kept)
        # Nothing is raised before its constructor is through, which may branch.
        it.put(handlers.flags[slot], Const(True))
        raise Caught
    if around is not None:
        _leave_generator(it, around)
    if classes.is_local(cls):
        raise UnsupportedTypeError(
            f"an exception of class {cls.__name__}, which the function defines, leaves it",
            "define the class at module level",
        )
    if args is None:
        _refuse_open_arguments(cls)
    if cls is UnsupportedFunctionError and args:
        # A definition of a function of NumPy's has no text for this call of it.
        reason, _, hint = str(it.demand(args[0], "a message")).partition(" Hint: ")
        raise UnsupportedCallError(reason, hint.rstrip(".") or "write it with other functions")
    args = tuple(map(_plain_text, args))
    kind: Atom
    if raised.is_plain(it, args):
        atoms = tuple(containers.nested_atom(it, a) for a in args)
        named = cls.__module__.split(".")[0] in ("builtins", "numpy")
        kind = Const(cls) if named else it.inputs.opaque(Static(cls))
    else:
        kind, atoms = raised.maker(it, cls, args)
    it.builder.add(Raise(kind, atoms, it.builder.origin))
    raise Terminated


def _refuse_open_arguments(cls: type) -> NoReturn:
    raise UnsupportedTypeError(
        f"an exception of class {cls.__name__} leaves the function, and how many arguments it"
        " has depends on a branch or an iteration",
        "raise it where it is made, or give it as many arguments on every path",
    )


def _tries_around_generator(it: Interpreter) -> int | None:
    """How many of the ``try`` statements are around the generator whose body is interpreted; None
    where there is none. Where it yields, what consumes it is: a frame that was entered before."""
    at = len(it.frames) - 1
    while at >= 0:
        frame = it.frames[at]
        if frame.on_yield is not None:
            return frame.tries_around
        at = it.frames.index(frame) - 1
    return None


def _leave_generator(it: Interpreter, around: int) -> NoReturn:
    """StopIteration, which would end who consumes a generator, leaves it as another exception."""
    inside = it.tries[around:]
    del it.tries[around:]
    try:
        raise_error(it, RuntimeError, (Static("generator raised StopIteration"),))
    finally:
        it.tries += inside


def _plain_text(value: Value) -> Value:
    if isinstance(value, Static) and isinstance(value.value, wording.Approximate):
        return Static(str(value.value))
    return value


class NewSlot(Exception):
    """A class is raised to a clause for the first time, or with so many arguments: interpret the
    body again, knowing it."""

    def __init__(self, handlers: Handlers, slot: Slot) -> None:
        super().__init__(slot)
        self.handlers, self.slot = handlers, slot


def _slot(handlers: Handlers, clause: int, cls: type, count: int | None) -> int:
    # To be raised again, an exception must have one number of arguments.
    slot = (clause, cls, count) if handlers.named[clause] else (clause, None, None)
    if slot not in handlers.slots:
        raise NewSlot(handlers, slot)
    return handlers.slots.index(slot)


def _instance(it: Interpreter, cls: type, args: tuple[Value, ...], handlers: Handlers) -> Value:
    """The exception as an object that the handler sees."""
    if len(it.kept_loops) > handlers.depth and not all(isinstance(a, Static | Const) for a in args):
        raise StructureError(
            "an exception that holds values is raised inside a loop and handled outside it",
            "keep the values in variables, and raise the exception without them",
        )
    return construction.new_exception(it, cls, args)


def may_fail(
    it: Interpreter, cls: type[BaseException], message: Any, otherwise: CompileError
) -> NoReturn:
    """What fails wherever it is reached: raised there, or refused where that is certain."""
    if handled(it, cls) or it.outer_builders:
        raise_error(it, cls, (containers.lift_constant(message),))
    raise otherwise


def handled(it: Interpreter, cls: type) -> bool:
    """Whether a ``try`` around handles exceptions of this class."""
    return any(h.clause(cls) is not None for h in it.tries if not h.always or h.swallows)


# -- try ------------------------------------------------------------------------------------


def exec_try(it: Interpreter, node: Any) -> None:
    if not node.finalbody:
        _handled_try(it, node)
        return
    inner = (lambda: _handled_try(it, node)) if node.handlers else (lambda: it.execute(node.body))
    leaves = leaves_block(node.finalbody) is not None

    def cleanup(error: Value) -> Atom | None:
        it.execute(node.finalbody)
        return it.exit_status() if leaves else None  # An exception goes no further.

    names = assigned_names([node])
    handled = lifetimes.dead_after_handlers(it.frame, node, names)
    after = lifetimes.dead_after(it.frame, node, names)
    protected(it, inner, cleanup, swallows=leaves, dead=(handled, after))


def _dead(it: Interpreter, node: Any) -> Dead:
    """The variables that nobody reads after the body of a ``try``, and after its handlers."""
    names = assigned_names([node])
    after = lifetimes.dead_after_handlers(it.frame, node, names)
    return after & lifetimes.dead_after(it.frame, node.body[-1], names), after


def _handled_try(it: Interpreter, node: Any) -> None:
    """try/except/else."""
    classes = [_classes(it, handler.type) for handler in node.handlers]
    named = [_is_read(it, h) or _raises_again(h.body) for h in node.handlers]

    def handle(k: int, error: Value) -> None:
        _handle(it, node.handlers[k], error if named[k] else MISSING)

    attempt(it, classes, named, lambda: it.execute(node.body), handle, node.orelse, _dead(it, node))


def _classes(it: Interpreter, node: Any) -> tuple[type, ...]:
    if node is None:
        return (BaseException,)
    return exception_classes(it, it.expr(node))


def exception_classes(it: Interpreter, value: Value) -> tuple[type, ...]:
    found = it.demand(value, "the class of an exception")
    classes = found if isinstance(found, tuple) else (found,)
    if not all(_is_exception(c) for c in classes):
        raise UnsupportedSyntaxError(
            "what is handled is not an exception class",
            "name an exception class, or a tuple of them",
        )
    return classes


def _raises_again(body: list[Any]) -> bool:
    return any(
        isinstance(n, gast.Raise) and n.exc is None for stmt in body for n in gast.walk(stmt)
    )


def _is_read(it: Interpreter, handler: Any) -> bool:
    """Whether the handler has a name for the exception, and something in it may read that."""
    name = _name(handler)
    return name is not None and lifetimes.read_in(it.frame, name, handler.body)


def _name(handler: Any) -> str | None:
    return handler.name if isinstance(handler.name, str | None) else handler.name.id


def _handle(it: Interpreter, handler: Any, error: Any) -> None:
    name = _name(handler)
    if name is not None:
        it.store(name, error)
    it.handling.append(error)
    try:
        it.execute(handler.body)
    finally:
        it.handling.pop()
    cell = it.frame.cell(name) if name is not None else None
    if cell is not None:
        it.put(cell, MISSING)


def attempt(
    it: Interpreter,
    classes: list[tuple[type, ...]],
    named: list[bool],
    body: Callable[[], None],
    handle: Callable[[int, Value], None],
    orelse: list[Any],
    dead: Dead = NONE_DEAD,
) -> None:
    """Interpret `body`, and ``handle(k, error)`` where it raises what ``classes[k]`` handle."""
    builder, start = it.builder, len(it.builder.stmts)
    handlers, end = _guarded(it, classes, named, body, orelse, dead=dead[0])
    left_to_run.note(it, classes, builder, start)
    taken = _taken(it, handlers)
    if end == "raises":
        raise Terminated
    branching.split_again(
        it
    )  # What was raised in the ``else``, or past these handlers, goes further out.
    _dispatch(it, taken, handle, end == "caught", dead[1])


def _guarded(
    it: Interpreter,
    classes: list[tuple[type, ...]],
    named: list[bool],
    body: Callable[[], None],
    orelse: list[Any],
    always: bool = False,
    swallows: bool = False,
    dead: frozenset[Cell] = frozenset(),
) -> tuple[Handlers, str]:
    """Interpret a body under its handlers (they are not those of its ``else``), and say how it
    ends."""
    slots: list[Slot] = [(k, None, None) for k, n in enumerate(named) if not n]
    builder, count, before = it.builder, len(it.builder.stmts), it.state
    nameless, frames = _nameless(it), len(it.frames)
    while True:
        handlers = Handlers(classes, named, len(it.kept_loops), slots, always, swallows)
        it.state = before.copy()
        try:
            return handlers, _interpret_under(it, handlers, body, orelse, dead)
        except NewSlot as found:
            if found.handlers is not handlers:
                raise
            slots = [*slots, found.slot]
            del builder.stmts[count:], it.frames[frames:]
        finally:
            _forget_nameless(nameless)


def _interpret_under(
    it: Interpreter,
    handlers: Handlers,
    body: Callable[[], None],
    orelse: list[Any],
    dead: frozenset[Cell],
) -> str:
    builder, splits, outer = it.builder, len(it.splits), len(it.outer_builders)
    for flag in handlers.flags:
        it.put(flag, Const(False))
    it.tries.append(handlers)

    def run() -> None:
        body()
        handlers.active = False
        _execute_else(it, orelse)

    try:
        return branching.join(it, splits, branching.outcome(it, run), dead)
    except NewSlot:
        it.builder = builder
        del it.splits[splits:], it.outer_builders[outer:]
        raise
    finally:
        it.tries.remove(handlers)


def _forget_nameless(nameless: list[tuple[Any, set[str]]]) -> None:
    for frame, known in nameless:
        for name in [n for n in frame.variables if n.startswith(".") and n not in known]:
            del frame.variables[name]


def _nameless(it: Interpreter) -> list[tuple[Any, set[str]]]:
    """The values held for an expression under way; an exception leaves others behind."""
    return [(f, {n for n in f.variables if n.startswith(".")}) for f in it.frames]


def _execute_else(it: Interpreter, orelse: list[Any]) -> None:
    if not orelse:
        return
    status = it.exit_status()
    branching.branch(it, it.negate(status), lambda: it.execute(orelse), lambda: None)


def _taken(it: Interpreter, handlers: Handlers) -> list[tuple[int, Atom, Value]]:
    """The clauses whose turn may have come: which, on what condition, and what was raised."""
    taken = []
    for (clause, *_), flag_cell, value_cell in zip(
        handlers.slots, handlers.flags, handlers.values, strict=True
    ):
        flag, error = it.state.get(flag_cell), it.state.get(value_cell)
        it.state.cells.pop(flag_cell, None)
        it.state.cells.pop(value_cell, None)
        if not isinstance(flag, Const) or flag.value:
            taken.append((clause, flag, error.value if isinstance(error, Maybe) else error))
    return taken


def _dispatch(
    it: Interpreter,
    taken: list[tuple[int, Atom, Value]],
    handle: Callable[[int, Value], None],
    certain: bool,
    dead: frozenset[Cell],
) -> None:
    if not taken:
        return
    (k, flag, error), rest = taken[0], taken[1:]
    held = it.hold(error)
    if certain and not rest:
        flag = Const(True)
    branching.branch(
        it,
        flag,
        lambda: handle(k, it.release(held)),
        lambda: _dispatch(it, rest, handle, certain, dead),
        dead,
    )


# -- finally --------------------------------------------------------------------------------


def protected(
    it: Interpreter,
    body: Callable[[], None],
    cleanup: Callable[[Value], Atom | None],
    swallows: bool = False,
    dead: Dead = NONE_DEAD,
) -> None:
    """Interpret `body`, then `cleanup` however it ends.

    `cleanup` is given the exception, or MISSING where there is none, and where it `swallows` may
    return the condition under which the exception goes no further.
    """
    builder, start = it.builder, len(it.builder.stmts)
    handlers, end = _guarded(it, [(BaseException,)], [True], body, [], True, swallows, dead[0])
    if swallows:
        left_to_run.note(it, handlers.classes, builder, start)
    taken = _taken(it, handlers)
    if end == "raises":
        raise Terminated
    exits = _suspended(it)

    def handle(clause: int, error: Value) -> None:
        _clean_and_raise(it, error, cleanup)

    if end == "goes on":
        raised: Atom = Const(False)
        for _, flag, _ in taken:
            raised = it.atom(operator.or_, raised, flag, hint="raised")
        branching.branch(
            it,
            raised,
            lambda: _dispatch(it, taken, handle, True, dead[1]),
            lambda: _ignore(cleanup(MISSING)),
            dead[1],
        )
    else:
        _dispatch(it, taken, handle, True, dead[1])
    # Where the cleanup left the block itself, how the body left it is forgotten.
    branching.branch(it, it.exit_status(), lambda: None, lambda: _remember(it, exits))


def _remember(it: Interpreter, exits: list[tuple[Cell, Value]]) -> None:
    for cell, value in exits:
        it.put(cell, value)


def _ignore(value: object) -> None:
    """Nothing is raised that could be held back."""


def _clean_and_raise(
    it: Interpreter, error: Value, cleanup: Callable[[Value], Atom | None]
) -> None:
    held = it.hold(error)
    swallowed = cleanup(error) or Const(False)
    error = it.release(held)
    branching.branch(it, swallowed, lambda: None, lambda: _raise_again(it, error))


def _suspended(it: Interpreter) -> list[tuple[Cell, Value]]:
    """Forget for a while that the block is left; returns what to remember afterwards."""
    frame = it.frame
    cells = [frame.returned]
    if frame.loops:
        cells += [frame.loops[-1].broke, frame.loops[-1].continued]
    exits = [(cell, it.state.get(cell)) for cell in cells]
    for cell, _ in exits:
        it.put(cell, Const(False))
    return exits


statement("Raise")(exec_raise)
statement("Try")(exec_try)
