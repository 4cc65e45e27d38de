"""From a function and the arguments of a call to an IR function, and what a call must satisfy.

`lower` interprets the function's text on the abstract values of these arguments. Where the program
turns out to need an integer, a dimension or a loop known, it is interpreted again with that fact
given.
"""

from __future__ import annotations

import functools
import itertools
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import gast
import numpy as np

from sorix.compiler.frontend import (
    array_views,
    array_writers,
    assignment,
    attribute_functions,
    calls,
    comparisons,
    contexts,
    definitions,
    exceptions,
    expressions,
    generators,
    grown_tuples,
    iterator_functions,
    left_to_run,
    library_functions,
    loops,
    misfits,
    namespaces,
    numpy_special,
    open_dicts,
    open_lists,
    operators_in_place,
    ordering,
    patterns,
    preconditions,
    prelude_algorithms,
    stacking,
    statements,
    zeros,
)
from sorix.compiler.frontend.callables import is_plain, signature_of, within
from sorix.compiler.frontend.calls import call, function_frame, run_body
from sorix.compiler.frontend.classes import is_local
from sorix.compiler.frontend.containers import content_of, dict_items
from sorix.compiler.frontend.contents import Contents
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.exits import contains_yield
from sorix.compiler.frontend.frames import Frame, Terminated, UndefinedRead, routine_key
from sorix.compiler.frontend.gradients_taken import GradientTaken
from sorix.compiler.frontend.inputs import Demand, Guard, Input, Inputs, Path, TooLong, number_class
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.refusals import REFUSALS
from sorix.compiler.frontend.source import Source, source_of
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    MethodOf,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.frontend.wrappers import Wrappers
from sorix.compiler.ir.nodes import Atom, Block, Const, Function, Origin, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import free_variables
from sorix.errors import (
    AliasingError,
    CompileError,
    CompilerLimitError,
    InternalCompilerError,
    ShapeError,
    ShapeMismatchError,
    SourceUnavailableError,
    StructureError,
    UndefinedNameError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

HANDLERS = (
    attribute_functions,
    calls,
    array_views,
    array_writers,
    assignment,
    comparisons,
    contexts,
    definitions,
    exceptions,
    expressions,
    generators,
    iterator_functions,
    library_functions,
    loops,
    namespaces,
    numpy_special,
    open_lists,
    operators_in_place,
    ordering,
    patterns,
    stacking,
    statements,
    zeros,
)
"""The modules whose import fills the tables of handlers."""

RESTARTS = 200
RESULTS = 100_000
"""Numbers and arrays in the containers that a function may return, one met twice counted twice."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The structure of a result: ``kind`` "leaf", "tensor", "tuple", "list", "dict", "object",
    "static"; ``index`` of a leaf among the IR function's results. Of a "collection", the one part
    is a list whose length the run decides, and `extra` the class made of it. What is `optional`
    may be None, as the run decides."""

    kind: str
    index: int = -1
    parts: tuple[Shape, ...] = ()
    extra: Any = None
    requires_grad: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Lowered:
    """A function lowered for one kind of arguments.

    ``function.body.results`` are the leaves of the result, described by ``result``, and then the
    final values of the caller's arrays that the program wrote: ``mutated`` pairs their inputs'
    positions with the results' positions. ``inlined`` names the functions of the user's whose text
    became part of it. Where the generated code raises one of `handled`, the program would handle
    it; `guarded` are the variables whose computation may raise it. Where the program `raises`, it
    returns nothing, whatever the numbers are. `gradients_taken` are its calls of `sorix.grad`.
    """

    function: Function
    inputs: tuple[Input, ...]
    guards: tuple[Guard, ...]
    result: Shape
    mutated: tuple[tuple[int, int], ...] = ()
    error_state: dict[str, Any] = field(default_factory=dict)
    inlined: tuple[str, ...] = ()
    handled: tuple[type[Exception], ...] = ()
    guarded: tuple[Var, ...] = ()
    raises: bool = False
    gradients_taken: tuple[GradientTaken, ...] = ()


def lower(
    fn: Callable[..., Any],
    arguments: dict[str, Any],
    wrappers: Wrappers,
    adjoint_in_place: Callable[..., Any],
    independent: frozenset[str] = frozenset(),
    tangent_in_place: Callable[..., Any] | None = None,
) -> Lowered:
    """Lower `fn` for a call with these arguments (by parameter name, defaults applied).

    `independent` are the arguments that are variables of their own even where the same object
    is passed for two. A refusal carries the guards collected so far (``facts``): it holds for
    every call that satisfies them.

    A program refused for arrays of any length and layout may be followed for these very ones, where
    its lists have as many elements as the arrays, or its reshapes are views: before it is refused,
    that is tried. Then, with what its arrays of integers hold as facts; at last, with its dicts as
    ones whose keys the run decides, where one is asked for such a key.
    """
    asked: list[Inputs] = []

    def inputs_for(
        demanded: frozenset[Any], exact: bool = False, known: bool = False, open: bool = False
    ) -> Inputs:
        contents = Contents() if known else None
        inputs = Inputs(demanded, wrappers.is_tensor, independent, exact, contents, open)
        inputs.tensor_class = wrappers.tensor_class
        asked.append(inputs)
        return inputs

    def interpreter(inputs: Inputs) -> Interpreter:
        it = Interpreter(inputs)
        it.adjoint_in_place = adjoint_in_place
        it.tangent_in_place = tangent_in_place or it.tangent_in_place
        it.check_before = preconditions.check_before
        it.raise_misfit = misfits.raise_misfit
        return it

    attempt = functools.partial(_attempt, fn, arguments, interpreter)
    try:
        return attempt(inputs_for)
    except _MAY_DEPEND_ON_LENGTHS as error:
        if isinstance(error, CompilerLimitError):
            raise
        last: CompileError = error
        for options in _OTHER_WAYS:
            if options.get("known") and not _has_integer_arrays(last):
                continue
            if options.get("open") and not any(inputs.asks_open for inputs in asked):
                continue
            try:
                return attempt(functools.partial(inputs_for, **options))
            except CompileError as again:
                last = again
                error.facts = again.facts
        # Of a dict whose keys the run decides, what is wrong with it says more than that it is one.
        raise (last if last is not error and asked[-1].open else error) from None


_OTHER_WAYS: tuple[dict[str, bool], ...] = (
    {"exact": True},
    {"exact": True, "known": True},
    {"open": True},
    {"open": True, "exact": True},
)
"""How a program is followed that was refused; see `lower`."""


def _has_integer_arrays(error: CompileError) -> bool:
    """Whether a program that was refused reads arrays whose contents can be facts."""
    if isinstance(error, TooLong):
        return False
    facts: Any = error.facts
    read = [i.var.type for i in facts[1] if i.kind == "array"] if facts else []
    return any(np.dtype(t.dtype).kind in "biu" for t in read)


_MAY_DEPEND_ON_LENGTHS = (
    StructureError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
    UnsupportedCallError,
    AliasingError,
)


def _attempt(
    fn: Callable[..., Any],
    arguments: dict[str, Any],
    interpreter: Callable[[Inputs], Interpreter],
    inputs_for: Callable[[frozenset[Any]], Inputs],
) -> Lowered:
    demanded: frozenset[Any] = frozenset()
    unwound: frozenset[Any] = frozenset()
    for _ in range(RESTARTS):
        inputs = inputs_for(demanded)
        try:
            return _lower(fn, arguments, inputs, interpreter(inputs))
        except Demand as need:
            if need.keys <= demanded:
                raise InternalCompilerError(f"{set(need.keys)} is known, and asked for") from None
            if need.unwinding:
                unwound |= need.keys - demanded
            elif any(key[0] == "routine" for key in need.keys):
                demanded, unwound = demanded - unwound, frozenset()
            demanded |= need.keys
        except CompileError as error:
            error.facts = (inputs.facts(), tuple(inputs.inputs))
            raise
    raise CompilerLimitError(
        "too many values must be known when the function is compiled",
        "pass fewer values that choose among objects",
    )


def _lower(
    fn: Callable[..., Any],
    arguments: dict[str, Any],
    inputs: Inputs,
    it: Interpreter,
) -> Lowered:
    written = underlying(fn)
    source = source_of(written)
    code = calls.object_path(written).attr("__code__")
    inputs.guards.append(Guard(code, "is", written.__code__))
    frame = _entry_frame(fn, source)
    it.builder.origin = Origin(source.file, source.node.lineno)
    it.enter(frame)
    try:
        value = _run(it, frame, fn, arguments)
        leaves: list[Atom] = []
        shape = _shape_of(it, value, leaves)
        mutated = _mutated(it, leaves)
    except ShapeError as shape_error:
        if isinstance(shape_error, CompileError):
            raise
        mismatch = ShapeMismatchError(
            str(shape_error), "check the shapes: print them before this line"
        )
        node = it.position if it.position is not None else source.node
        line = getattr(node, "lineno", source.node.lineno)
        where = it.frames[-1].source if it.frames else source
        column = getattr(node, "col_offset", 0)
        raise mismatch.at(where.file, line, column, where.line(line)) from shape_error
    except CompileError as error:
        node = it.position if it.position is not None else source.node
        line = getattr(node, "lineno", source.node.lineno)
        frame_source = it.frames[-1].source if it.frames else source
        raise error.at(
            frame_source.file, line, getattr(node, "col_offset", 0), frame_source.line(line)
        ) from error.__cause__
    body = Block(tuple(it.builder.stmts), tuple(leaves))
    shape, mutated = _drop_unused(inputs, body, shape, mutated)
    params = tuple(i.var for i in inputs.inputs)
    origin = Origin(source.file, source.node.lineno)
    function = Function(_name(fn), params, body, origin)
    return Lowered(
        function,
        tuple(inputs.inputs),
        inputs.facts(),
        shape,
        mutated,
        it.error_state,
        tuple(it.inlined),
        *left_to_run.left_to_the_run(it, function),
        raises=value is RAISED,
        gradients_taken=tuple(it.gradients_taken),
    )


def _drop_unused(
    inputs: Inputs, body: Block, shape: Shape, mutated: tuple[tuple[int, int], ...]
) -> tuple[Shape, tuple[tuple[int, int], ...]]:
    """Numbers that were read but matter for nothing are no parameters; their types stay facts."""
    used = set(free_variables(body))
    kept = [i for i in inputs.inputs if i.kind != "number" or i.var in used]
    places = {id(i): k for k, i in enumerate(kept)}
    moved = {k: places.get(id(i), -1) for k, i in enumerate(inputs.inputs)}
    for item in inputs.inputs:
        if id(item) not in places:
            assert isinstance(item.var.type, Num)
            inputs.guards.append(Guard(item.path, "type", number_class(item.var.type)))
    inputs.inputs = kept
    return _moved(shape, moved), tuple((moved[k], r) for k, r in mutated)


def _moved(shape: Shape, moved: dict[int, int]) -> Shape:
    parts = tuple(_moved(p, moved) for p in shape.parts)
    extra = moved[shape.extra] if shape.kind == "argument" else shape.extra
    return replace(shape, parts=parts, extra=extra)


def underlying(fn: Any) -> types.FunctionType:
    """The Python function whose text a callable stands for."""
    named = fn
    for _ in range(100):
        if is_plain(fn):
            return fn
        fn = within(fn)
    if isinstance(named, type):
        raise UnsupportedTypeError(
            f"a derivative of the class {named.__name__} is asked for",
            "pass a function that makes the object, and returns a number that it holds",
        )
    raise SourceUnavailableError(
        f"{getattr(named, '__name__', named)!s}() is not written in Python,"
        " so it has no text to read",
        "wrap it in a function of your own",
    )


def _entry_frame(fn: Any, source: Source) -> Frame:
    inner = underlying(fn)
    captured = dict(zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=False))
    frame = function_frame(source, source.node, inner.__name__, inner.__globals__, None, captured)
    frame.qualname = inner.__qualname__
    cell = captured.get("__class__")
    frame.owner_class = cell.cell_contents if cell is not None else None
    return frame


def _name(fn: Any) -> str:
    name = underlying(fn).__name__
    return name if name.isidentifier() else "function"


RAISED = Static(None)
"""The value of a program that always raises."""


def _run(it: Interpreter, frame: Frame, fn: Any, arguments: dict[str, Any]) -> Value:
    """Interpret the body of a plain function in the root frame; call any other callable."""
    lifted = {
        name: it.inputs.lift(value, Path(("arg", None, name))) for name, value in arguments.items()
    }
    try:
        if is_plain(fn) and routine_key(frame) not in it.inputs.demanded:
            for name, value in lifted.items():
                it.put(frame.variables.setdefault(name, Cell(name)), value)
            _require_ordinary(it, frame.node)
            return run_body(it, frame)
        it.text_depth = len(it.frames) + 1  # The lines are those of what it calls.
        return call(it, Static(fn), *_spread(it, fn, lifted))
    except Terminated:
        return RAISED
    except UndefinedRead as error:
        raise UndefinedNameError(
            f"the name {error.name!r} is read before it is assigned",
            "assign it on every path",
            *(error.place or ()),
        ) from None


def _require_ordinary(it: Interpreter, node: Any) -> None:
    """Refuse a function that, when called, gives a generator or a coroutine."""
    if isinstance(node, gast.AsyncFunctionDef):
        raise it.unsupported(node)
    if not isinstance(node, gast.Lambda) and contains_yield(node.body):
        raise UnsupportedSyntaxError(*REFUSALS["Yield"])


def _spread(
    it: Interpreter, fn: Any, lifted: dict[str, Value]
) -> tuple[list[Value], dict[str, Value]]:
    """Lifted arguments as a call's: positional where the signature allows."""

    def given(names: Value) -> dict[str, Value]:
        content = content_of(it, names)
        assert isinstance(content, DictContent)
        return dict(dict_items(content))

    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for name, parameter in signature_of(fn).parameters.items():
        value = lifted[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            assert isinstance(value, Sequence)
            args.extend(value.items)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            kwargs[name] = value
        elif parameter.kind is parameter.VAR_KEYWORD:
            kwargs |= given(value)
        else:
            args.append(value)
    return args, kwargs


def _shape_of(it: Interpreter, value: Value, leaves: list[Atom]) -> Shape:
    """Describe a result and collect its leaves."""

    def leaf(atom: Atom, kind: str = "leaf", grad: bool = False) -> Shape:
        if len(leaves) >= RESULTS:
            raise CompilerLimitError(
                f"the function returns more than {RESULTS:,} numbers and arrays in containers",
                "return them as one array, or each of them once",
            )
        leaves.append(atom)
        return Shape(kind, len(leaves) - 1, requires_grad=grad)

    match value:
        case Var() | Const() | Array():
            found = leaf(it.read(value))
            return _as_argument(it, value, found)
        case Tensor():
            found = leaf(it.read(value), "tensor", value.requires_grad)
            return _as_argument(it, value.value, found) if value.leaf is not None else found
        case Maybe():
            return replace(_shape_of(it, value.value, leaves), optional=value.none)
        case Static():
            return Shape("static", extra=value.value)
        case Sequence():
            parts = tuple(_shape_of(it, v, leaves) for v in value.items)
            return Shape("tuple", parts=parts, extra=value.cls)
        case Reference():
            return _shape_of_content(it, value, leaves)
        case SliceValue():
            bounds = (value.start, value.stop, value.step)
            parts = tuple(_shape_of(it, v, leaves) for v in bounds)
            return Shape("slice", parts=parts)
    if isinstance(value, MethodOf):
        what = f"{value.name}, an attribute or a method of {describe(value.owner, it)}"
    else:
        what = describe(value, it)
    raise UnsupportedTypeError(
        f"the function returns {what}",
        "return numbers, arrays, and tuples, lists or dicts of them",
    )


def _as_argument(it: Interpreter, value: Value, found: Shape) -> Shape:
    """What the caller passed and gets back is the same object."""
    if not isinstance(value, Array) or value.steps or value.cell not in it.inputs.cells:
        return found
    position = it.inputs.inputs.index(it.inputs.cells[value.cell])
    return Shape("argument", found.index, extra=position)


def _shape_of_content(it: Interpreter, value: Reference, leaves: list[Atom]) -> Shape:
    content = content_of(it, value)
    match content:
        case ListContent():
            parts = tuple(_shape_of(it, v, leaves) for v in content.items)
            if content.cls not in (list, set):
                raise _not_returned(content.cls)
            return Shape("set" if content.is_set else "list", parts=parts)
        case GrownList() if content.cls is not list:
            if content.cls is not tuple:
                raise _not_returned(content.cls)
            row = _shape_of(it, grown_tuples.as_list(it, value), leaves)
            return Shape("collection", parts=(row,), extra=content.cls)
        case GrownList():
            if len(content.atoms) == 1:
                leaves.append(content.atoms[0])
                return Shape("leaf", len(leaves) - 1)
            start = len(leaves)
            leaves.extend(content.atoms)
            row = _shape_of(it, content.template, [])
            return Shape("rows", start, (row,), len(content.atoms))
        case DictContent():
            parts = tuple(_shape_of(it, v, leaves) for _, v in dict_items(content))
            return Shape(
                "dict", parts=parts, extra=(content.cls, tuple(k for k, _ in content.items))
            )
        case InstanceContent() if content.cls is prelude_algorithms.Counter:
            raise _not_returned(itertools.count)
        case InstanceContent() if open_dicts.is_open_class(content.cls):
            raise UnsupportedTypeError(
                "the function returns a dict or set whose keys the run decides",
                "return lists of its keys and of its values",
            )
        case InstanceContent() if is_local(content.cls):
            raise UnsupportedTypeError(
                "the function returns an object of a class that it defines",
                "define the class at module level",
            )
        case InstanceContent() if content.external is None:
            parts = tuple(_shape_of(it, v, leaves) for v in content.fields.values())
            return Shape("object", parts=parts, extra=(content.cls, tuple(content.fields)))
        case InstanceContent():
            return Shape("static", extra=content.external)
    if isinstance(value, MethodOf):
        what = f"{value.name}, an attribute or a method of {describe(value.owner, it)}"
    else:
        what = describe(value, it)
    raise UnsupportedTypeError(
        f"the function returns {what}",
        "return numbers, arrays, and tuples, lists or dicts of them",
    )


def _not_returned(cls: type) -> UnsupportedTypeError:
    return UnsupportedTypeError(f"the function returns a {cls.__name__}", "return a list")


def _mutated(it: Interpreter, leaves: list[Atom]) -> tuple[tuple[int, int], ...]:
    """Results for the caller's arrays that the program wrote."""
    found = []
    for cell in it.mutated:
        position = it.inputs.inputs.index(it.inputs.cells[cell])
        content = it.state.get(cell)
        assert isinstance(content, Storage)
        leaves.append(content.atom)
        found.append((position, len(leaves) - 1))
    for cell, content in it.state.cells.items():
        if isinstance(content, InstanceContent) and content.external is not None and content.fields:
            raise UnsupportedSyntaxError(
                f"a field of {type(content.external).__name__}, an object of the caller's, is"
                " assigned",
                "return the new value, and let the caller assign it",
                *it.assigned_at.get(cell, ()),
            )
    return tuple(found)
