"""``try`` statements, and what raises inside them.

An exception of the program's own is a branch: what follows the ``raise`` up to the end of the
``try``, in the functions called there too, is interpreted as the other way of that branch
(`Interpreter.join`), and the handler is interpreted where the flag of its clause is set. So is what
Python's own operations raise where a condition tells beforehand that they will (a division by zero,
the logarithm of a negative number, an index out of range).

What NumPy may raise otherwise, where the program handles it, cannot be caught in the middle of
generated code. The body is interpreted as if nothing were raised, and the classes handled are
noted: where the generated code raises one of them, the call runs on the eager tape instead.
"""

from __future__ import annotations

import functools
import itertools
import linecache
import math
import operator
from collections.abc import Callable
from typing import Any, NoReturn

import gast
import numpy as np

from sorix import support
from sorix.compiler.frontend import classes, construction, containers, formatting, raised, wording
from sorix.compiler.frontend.exits import leaves_block
from sorix.compiler.frontend.interpreter import Caught, Handlers, Interpreter, Terminated, statement
from sorix.compiler.frontend.values import (
    MISSING,
    Cell,
    InstanceContent,
    Maybe,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    Function,
    Method,
    Raise,
    Slc,
    Tup,
    Var,
)
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import ONE, Dim, ListOf, Num
from sorix.compiler.ir.walk import statements
from sorix.errors import (
    CompileError,
    StructureError,
    UnsupportedCallError,
    UnsupportedFunctionError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

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
    args = content.fields.get(construction.MADE, Sequence(()))
    raise_error(it, content.cls, args.items if isinstance(args, Sequence) else (), value)


def raise_error(
    it: Interpreter, cls: type, args: tuple[Value, ...], value: Value | None = None
) -> NoReturn:
    """Raise to the ``try`` around that handles the class; out of the function where none does."""
    if cls is UnsupportedFunctionError:
        # By a definition of a function of NumPy's, of a call that it does not cover.
        reason = " ".join(str(it.demand(a, "a message")) for a in args)
        raise UnsupportedCallError(reason, "write it with other functions, or as a loop")
    for handlers in reversed(it.tries):
        clause = handlers.clause(cls)
        if clause is None:
            continue
        slot = _slot(handlers, clause, cls)
        it.state.set(handlers.flags[slot], Const(True))
        if handlers.named[clause]:
            kept = _instance(it, cls, args, handlers) if value is None else value
            it.state.set(handlers.values[slot], kept)
        raise Caught
    if classes.is_local(cls):
        raise UnsupportedTypeError(
            f"an exception of class {cls.__name__}, which the function defines, leaves it",
            "define the class at module level",
        )
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


def _plain_text(value: Value) -> Value:
    if isinstance(value, Static) and isinstance(value.value, wording.Approximate):
        return Static(str(value.value))
    return value


class NewSlot(Exception):
    """A class is raised to a clause for the first time: interpret the body again, knowing it."""

    def __init__(self, handlers: Handlers, slot: tuple[int, type]) -> None:
        super().__init__(slot)
        self.handlers, self.slot = handlers, slot


def _slot(handlers: Handlers, clause: int, cls: type) -> int:
    if not handlers.named[clause]:
        return handlers.slots.index((clause, None))
    if (clause, cls) not in handlers.slots:
        raise NewSlot(handlers, (clause, cls))
    return handlers.slots.index((clause, cls))


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
    _require_no_exit(it, node.finalbody)
    inner = (lambda: _handled_try(it, node)) if node.handlers else (lambda: it.execute(node.body))
    protected(it, inner, lambda error: it.execute(node.finalbody))


def _require_no_exit(it: Interpreter, body: list[Any]) -> None:
    found = leaves_block(body)
    if found is not None:
        with it.placed(found):
            raise UnsupportedSyntaxError(
                "a finally block is left by return, break or continue", "leave it at its end"
            )


def _handled_try(it: Interpreter, node: Any) -> None:
    """try/except/else."""
    classes = [_classes(it, handler.type) for handler in node.handlers]
    named = [h.name is not None or _raises_again(h.body) for h in node.handlers]

    def handle(k: int, error: Value) -> None:
        _handle(it, node.handlers[k], error)

    attempt(it, classes, named, lambda: it.execute(node.body), handle, node.orelse)


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


def _handle(it: Interpreter, handler: Any, error: Value) -> None:
    name = handler.name if isinstance(handler.name, str | None) else handler.name.id
    if name is not None:
        it.store(name, error)
    it.handling.append(error)
    try:
        it.execute(handler.body)
    finally:
        it.handling.pop()
    cell = it.frame.cell(name) if name is not None else None
    if cell is not None:
        it.state.set(cell, MISSING)


def attempt(
    it: Interpreter,
    classes: list[tuple[type, ...]],
    named: list[bool],
    body: Callable[[], None],
    handle: Callable[[int, Value], None],
    orelse: list[Any],
) -> None:
    """Interpret `body`, and ``handle(k, error)`` where it raises what ``classes[k]`` handle."""
    builder, start = it.builder, len(it.builder.stmts)
    handlers, end = _guarded(it, classes, named, body, orelse)
    _note_runtime(it, classes, builder, start)
    taken = _taken(it, handlers)
    if end == "raises":
        raise Terminated
    it.split_again()  # What was raised in the ``else``, or past these handlers, goes further out.
    _dispatch(it, taken, handle, certain=end == "caught")


def _guarded(
    it: Interpreter,
    classes: list[tuple[type, ...]],
    named: list[bool],
    body: Callable[[], None],
    orelse: list[Any],
    always: bool = False,
    swallows: bool = False,
) -> tuple[Handlers, str]:
    """Interpret a body under its handlers (they are not those of its ``else``), and say how it
    ends."""
    slots: list[tuple[int, type | None]] = [(k, None) for k, n in enumerate(named) if not n]
    builder, count, before = it.builder, len(it.builder.stmts), it.state
    nameless, frames = _nameless(it), len(it.frames)
    while True:
        handlers = Handlers(classes, named, len(it.kept_loops), slots, always, swallows)
        it.state = before.copy()
        try:
            return handlers, _interpret_under(it, handlers, body, orelse)
        except NewSlot as found:
            if found.handlers is not handlers:
                raise
            slots = [*slots, found.slot]
            del builder.stmts[count:], it.frames[frames:]
        finally:
            _forget_nameless(nameless)


def _interpret_under(
    it: Interpreter, handlers: Handlers, body: Callable[[], None], orelse: list[Any]
) -> str:
    builder, splits, outer = it.builder, len(it.splits), len(it.outer_builders)
    for flag in handlers.flags:
        it.state.set(flag, Const(False))
    it.tries.append(handlers)

    def run() -> None:
        body()
        handlers.active = False
        _execute_else(it, orelse)

    try:
        return it.join(splits, it.outcome(run))
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
    it.branch(it.negate(status), lambda: it.execute(orelse), lambda: None)


def _taken(it: Interpreter, handlers: Handlers) -> list[tuple[int, Atom, Value]]:
    """The clauses whose turn may have come: which, on what condition, and what was raised."""
    taken = []
    for (clause, _), flag_cell, value_cell in zip(
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
) -> None:
    if not taken:
        return
    (k, flag, error), rest = taken[0], taken[1:]
    held = it.hold(error)
    if certain and not rest:
        flag = Const(True)
    it.branch(
        flag,
        lambda: handle(k, it.release(held)),
        lambda: _dispatch(it, rest, handle, certain),
    )


# -- finally --------------------------------------------------------------------------------


def protected(
    it: Interpreter,
    body: Callable[[], None],
    cleanup: Callable[[Value], Atom | None],
    swallows: bool = False,
) -> None:
    """Interpret `body`, then `cleanup` however it ends.

    `cleanup` is given the exception, or MISSING where there is none, and where it `swallows` may
    return the condition under which the exception goes no further.
    """
    builder, start = it.builder, len(it.builder.stmts)
    handlers, end = _guarded(it, [(BaseException,)], [True], body, [], True, swallows)
    if swallows:
        _note_runtime(it, handlers.classes, builder, start)
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
        it.branch(
            raised,
            lambda: _dispatch(it, taken, handle, certain=True),
            lambda: _ignore(cleanup(MISSING)),
        )
    else:
        _dispatch(it, taken, handle, certain=True)
    for cell, value in exits:
        it.state.set(cell, value)


def _ignore(value: object) -> None:
    """Nothing is raised that could be held back."""


def _clean_and_raise(
    it: Interpreter, error: Value, cleanup: Callable[[Value], Atom | None]
) -> None:
    held = it.hold(error)
    swallowed = cleanup(error) or Const(False)
    error = it.release(held)
    it.branch(swallowed, lambda: None, lambda: _raise_again(it, error))


def _suspended(it: Interpreter) -> list[tuple[Cell, Value]]:
    """Forget for a while that the block is left; returns what to remember afterwards."""
    frame = it.frame
    cells = [frame.returned]
    if frame.loops:
        cells += [frame.loops[-1].broke, frame.loops[-1].continued]
    exits = [(cell, it.state.get(cell)) for cell in cells]
    for cell, _ in exits:
        it.state.set(cell, Const(False))
    return exits


# -- what is raised by Python's own operations ------------------------------------------------


def check_before(it: Interpreter, fn: Any, args: tuple[Atom, ...]) -> None:
    """Where a handler waits for what this call raises, raise it on the condition that it would."""
    if _is_of_math(fn, args):
        _raise_now(it, lambda: fn(*(a.value for a in args)))  # type: ignore[union-attr]
        return
    if fn in _FACTORS and handled(it, np.linalg.LinAlgError):
        refused, message = _FACTORS[fn]
        _raise_if(it, it.atom(refused, args[0]), np.linalg.LinAlgError, lambda: Static(message))
    rule = _RAISES.get(fn)
    if rule is None or not handled(it, rule[0]) or not _applies(fn, args):
        if fn in _INDEXING:
            _check_index(it, args[0], args[1], assigned=fn is not operator.getitem)
        return
    cls, condition, samples = rule
    message = wording.said_of_numbers(fn, args, *samples)
    _raise_if(it, condition(it, *args), cls, lambda: Static(message))


def _is_of_math(fn: Any, args: tuple[Atom, ...]) -> bool:
    """Whether Python computes the same here and now: a function of `math`, of constants."""
    known = all(isinstance(a, Const) and isinstance(a.value, int | float) for a in args)
    return known and getattr(fn, "__module__", None) == "math"


def _raise_now(it: Interpreter, compute: Callable[[], Any]) -> None:
    """Raise what computing raises here, if a handler waits for it."""
    try:
        compute()
    except Exception as error:
        if handled(it, type(error)):
            raise_error(it, type(error), (Static(str(error)),))


def _raise_if(it: Interpreter, cond: Atom, cls: type, message: Callable[[], Value]) -> None:
    it.branch(cond, lambda: raise_error(it, cls, (message(),)), lambda: None)


def _applies(fn: Any, args: tuple[Atom, ...]) -> bool:
    """Whether these are numbers of which Python's own operation is taken, not NumPy's."""
    of_math = getattr(fn, "__module__", None) == "math"
    return (len(args) == 1 or not of_math) and all(
        _is_number(a) if of_math else _is_python(a) for a in args
    )


def _is_python(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.kind == "python"


_INDEXING: set[Any] = {operator.getitem, support.store, support.add_at, support.list_set}


def _check_index(it: Interpreter, base: Atom, index: Atom, assigned: bool) -> None:
    type_ = getattr(base, "type", None)
    if not handled(it, IndexError):
        return
    if isinstance(type_, ListOf) and _is_index(index):
        length = it.atom(len, base, hint="n")
        said_of = wording.said_of_assigned_index if assigned else wording.said_of_index
        _check_bounds(it, index, length, lambda: Static(said_of(list, 0, 0)))
    if not isinstance(type_, Num) or type_.rank is None:
        return
    for axis, part in enumerate(_index_parts(index)[: type_.rank]):
        if _is_index(part):
            length = it.atom(np.size, base, Const(axis), hint="n")
            parts = ["index ", part, f" is out of bounds for axis {axis} with size ", length]
            message = functools.partial(formatting.made_of, it, parts)
            _check_bounds(it, part, length, message)
        elif not isinstance(part, Slc):
            return


def check_bounds(it: Interpreter, index: Atom, length: Atom, message: str) -> None:
    """Raise where an index is not one of a sequence of this length."""
    _check_bounds(it, index, length, lambda: Static(message))


def _check_bounds(it: Interpreter, index: Atom, length: Atom, message: Callable[[], Value]) -> None:
    above = it.atom(operator.ge, index, length)
    below = it.atom(operator.lt, index, it.atom(operator.neg, length))
    _raise_if(it, it.atom(operator.or_, above, below), IndexError, message)


def check_not_empty(it: Interpreter, items: Atom, always: bool = False) -> None:
    """Before an element is popped; `always` where popping would not raise by itself."""
    if always or handled(it, IndexError):
        empty = it.atom(operator.eq, it.atom(len, items, hint="n"), Const(0))
        _raise_if(it, empty, IndexError, lambda: Static(wording.said([].pop)))


def _is_index(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.dtype == "int64" and type_.rank == 0


Condition = Callable[..., Atom]


def _when(fn: Any, bound: float, position: int = 0) -> Condition:
    return lambda it, *args: it.atom(fn, args[position], Const(bound))


def _outside_one(it: Interpreter, x: Atom) -> Atom:
    return it.atom(operator.gt, it.atom(operator.abs, x), Const(1))


def _infinite(it: Interpreter, x: Atom) -> Atom:
    return it.atom(operator.eq, it.atom(operator.abs, x), Const(math.inf))


def _zero_to_negative(it: Interpreter, base: Atom, exponent: Atom) -> Atom:
    zero = it.atom(operator.eq, base, Const(0))
    negative = it.atom(operator.lt, exponent, Const(0))
    return it.atom(operator.and_, zero, negative)


_ZERO = (ZeroDivisionError, _when(operator.eq, 0, 1), ((1, 0), (2, 0)))
_RAISES: dict[Any, tuple[type, Condition, tuple[tuple[float, ...], ...]]] = {
    operator.truediv: _ZERO,
    operator.floordiv: _ZERO,
    operator.mod: _ZERO,
    operator.pow: (ZeroDivisionError, _zero_to_negative, ((0, -1), (0, -2))),
    math.sqrt: (ValueError, _when(operator.lt, 0), ((-1,), (-2,))),
    math.log: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log2: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log10: (ValueError, _when(operator.le, 0), ((-1,), (0,))),
    math.log1p: (ValueError, _when(operator.le, -1), ((-1,), (-2,))),
    math.acos: (ValueError, _outside_one, ((2,), (-3,))),
    math.asin: (ValueError, _outside_one, ((2,), (-3,))),
    math.sin: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
    math.cos: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
    math.tan: (ValueError, _infinite, ((math.inf,), (-math.inf,))),
}
"""By function of Python numbers: what it raises, when, and numbers of which it does.

(`math.log` with a base is not here.)
"""


_FACTORS: dict[Any, tuple[Any, str]] = {
    np.linalg.inv: (support.has_no_inverse, "Singular matrix"),
    np.linalg.solve: (support.has_no_inverse, "Singular matrix"),
    np.linalg.cholesky: (support.has_no_cholesky, "Matrix is not positive definite"),
}
"""By function of a matrix: what tells that NumPy refuses it, and in which words."""


# -- what the run may raise -------------------------------------------------------------------


def _note_runtime(
    it: Interpreter, classes: list[tuple[type, ...]], builder: Builder, start: int
) -> None:
    """Note what of the classes handled the generated code of a body might raise by itself."""
    floating = "raise" in it.error_state.values()
    for stmt in statements(Block(tuple(builder.stmts[start:]))):
        if not isinstance(stmt, Assign) or not isinstance(stmt.value, Call):
            continue
        possible = _possible(stmt.value, floating)
        met = [c for clause in classes for c in clause if any(_related(c, p) for p in possible)]
        if met:
            it.handled.update(dict.fromkeys(met))
            it.guarded.update(dict.fromkeys(stmt.targets))


def _place_of(stmt: Any) -> tuple[Any, ...]:
    origin = stmt.origin
    return (origin.file, origin.line, 0, linecache.getline(origin.file, origin.line).rstrip())


def left_to_the_run(
    it: Interpreter, function: Function
) -> tuple[tuple[type[Exception], ...], tuple[Var, ...]]:
    """The classes of exceptions that only the run may show and the program handles, and the
    variables whose computation may raise them."""
    functions = (function, *(routine.function for routine in routines(function)))
    present = [s for f in functions for s in statements(f.body) if isinstance(s, Assign | Effect)]
    guarded = tuple(
        v for s in present if isinstance(s, Assign) for v in s.targets if v in it.guarded
    )
    if not guarded:
        return (), ()
    for stmt in present:
        fn = getattr(getattr(stmt, "value", None), "fn", None)
        if isinstance(stmt, Effect) or (isinstance(fn, Method) and fn.name != "format"):
            raise UnsupportedSyntaxError(
                "an exception that NumPy may raise is handled in a function that has effects",
                "print and call other objects outside of the function",
                *_place_of(stmt),
            )
    return tuple(c if issubclass(c, Exception) else Exception for c in it.handled), guarded


def _related(one: type, other: type) -> bool:
    return issubclass(one, other) or issubclass(other, one)


def _possible(call: Call, floating: bool) -> tuple[type, ...]:
    """What a call may raise that no condition before it told."""
    fn = call.fn
    if fn == Method("format"):
        return ()
    if isinstance(fn, Method) or not callable(fn):
        return (BaseException,)
    numbers = all(_is_number(a) for a in call.args)
    if fn in _NEVER:
        return ()
    if fn in _RAISES and _applies(fn, call.args):
        return (OverflowError,) if fn is operator.pow else ()
    if _is_of_math(fn, call.args):
        return ()
    if getattr(fn, "__module__", None) == "math":
        return (ValueError, OverflowError)
    extra: tuple[type, ...] = (FloatingPointError,) if floating else ()
    if fn in (float, round) and not numbers:
        return (TypeError, *extra)
    if fn in _ARITHMETIC or isinstance(fn, np.ufunc):
        arrays = [a for a in call.args if not _is_number(a)]
        return extra if numbers or _broadcast(arrays) else (ValueError, *extra)
    if fn is operator.getitem:
        return () if _checked_index(call) else (IndexError,)
    if fn in (support.store, support.add_at):
        return (ValueError,) if _checked_index(call) else (IndexError, ValueError)
    if fn is support.list_set and _checked_index(call):
        return ()
    if fn in _REDUCTIONS or (fn in _FACTORS and _fits_factor(*call.args)):
        return extra
    if (getattr(fn, "__module__", None) or "").split(".")[0] in ("numpy", "sorix"):
        # LinAlgError is a ValueError; an average by weights divides by their sum.
        return (ValueError, TypeError, IndexError, ZeroDivisionError, *extra)
    return (Exception,)


def _fits_factor(matrix: Atom, *sides: Atom) -> bool:
    """Whether right sides, if any, are certainly as high as the matrix, which is one matrix."""
    shape = getattr(getattr(matrix, "type", None), "shape", None)
    if shape is None or len(shape) != 2:
        return False
    heights = [getattr(getattr(side, "type", None), "shape", None) or (None,) for side in sides]
    return all(len(h) <= 2 and h[0] is not None and _fit({shape[0], h[0]}) for h in heights)


def _broadcast(arrays: list[Atom]) -> bool:
    """Whether shapes certainly fit: sizes that guards know, equal or 1."""
    if len(arrays) < 2:
        return True
    shapes = [getattr(getattr(a, "type", None), "shape", None) for a in arrays]
    if any(s is None for s in shapes):
        return False
    columns = itertools.zip_longest(*(reversed(s) for s in shapes), fillvalue=ONE)
    return all(_fit({d for d in column if d != ONE}) for column in columns)


def _fit(sizes: set[Dim]) -> bool:
    return not sizes or len(sizes) == 1 and not (next(iter(sizes)).symbol or "").startswith("_")


def _is_number(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.rank == 0


def _checked_index(call: Call) -> bool:
    """Whether all that an index may raise is asked before."""
    type_, index = getattr(call.args[0], "type", None), call.args[1]
    if isinstance(type_, ListOf):
        return _is_index(index)
    parts = _index_parts(index)
    known = isinstance(type_, Num) and type_.rank is not None and len(parts) <= type_.rank
    return known and all(_is_index(part) or isinstance(part, Slc) for part in parts)


def _index_parts(index: Atom) -> tuple[Atom, ...]:
    return index.items if isinstance(index, Tup) and not index.is_list else (index,)


_NEVER: set[Any] = {
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.not_,
    operator.is_, operator.is_not, len, bool, support.list_pop, support.list_repeat,
    np.size, np.shape, np.ndim, np.zeros_like,
    np.ones_like, np.copy, support.detach, support.zeros_like, support.list_append, list,
}  # fmt: skip
_ARITHMETIC: set[Any] = {
    operator.add, operator.sub, operator.mul, operator.neg, operator.pos, operator.abs, abs,
    operator.and_, operator.or_, operator.xor, operator.invert, operator.truediv, operator.pow,
    operator.floordiv, operator.mod, float, round,
}  # fmt: skip
_REDUCTIONS: set[Any] = {np.sum, np.mean, np.prod, np.std, np.var, np.ravel, np.transpose}

statement("Raise")(exec_raise)
statement("Try")(exec_try)
