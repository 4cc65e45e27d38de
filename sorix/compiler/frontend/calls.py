"""Calls: which function is meant, and the inlining of functions whose text can be read."""

from __future__ import annotations

import functools
import inspect
import operator
import types
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import gast
import numpy as np

from sorix.compiler.frontend import (
    arrays,
    assignment,
    beyond_rules,
    branching,
    builtin_functions,
    classes,
    conditions,
    construction,
    containers,
    directions,
    effects,
    exceptions,
    facts,
    failing,
    intrinsics,
    memoised,
    methods,
    numpy_calls,
    numpy_objects,
    objects,
    operands,
    prelude,
    random_draws,
    recursion,
    standard_random,
    superclasses,
    trials,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.callables import CONTEXT_MANAGER
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.dispatching import BOUND_DISPATCH, SINGLE_DISPATCH
from sorix.compiler.frontend.exits import assigned_names, contains_yield, declared
from sorix.compiler.frontend.frames import Frame, routine_key
from sorix.compiler.frontend.inputs import ById, Guard, Path, is_plain_instance
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.marks import mark
from sorix.compiler.frontend.source import Source, source_of
from sorix.compiler.frontend.values import (
    MISSING,
    NONE,
    Array,
    Bound,
    Cell,
    Checkpointed,
    Choice,
    Closure,
    DictContent,
    GradientOf,
    Kwargs,
    Lazy,
    Maybe,
    MethodOf,
    Partial,
    Pullback,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.frontend.wording import Approximate
from sorix.compiler.ir.nodes import Atom, Const, Method, Var
from sorix.compiler.ir.types import GENERATORS, Num, Opaque
from sorix.errors import (
    UnsupportedCallError,
    UnsupportedTypeError,
)
from sorix.primitives import definitions
from sorix.primitives.definitions import definition_of
from sorix.primitives.table import rule_of

CLOSED_MODULES = {
    "numpy", "scipy", "builtins", "math", "torch", "jax", "pandas", "matplotlib", "logging",
}  # fmt: skip
"""Packages whose functions are called as they are, never read."""


_READ_BY_SORIX = (prelude.__name__, standard_random.__name__, definitions.__name__)
"""Modules whose functions are no part of the user's program."""


def call_node(it: Interpreter, node: Any) -> Value:
    """Interpret a call expression."""
    if isinstance(node.func, gast.Name) and node.func.id == "super" and not node.args:
        if it.frame.cell("super") is None:
            return superclasses.super_value(it)
    fn = it.expr(node.func)
    held = it.hold(fn)
    args, kwargs = _arguments(it, node, fn)
    fn = it.release(held)
    it.position = node
    return call(it, fn, args, kwargs)


def _arguments(it: Interpreter, node: Any, fn: Value) -> tuple[list[Value], Kwargs]:
    held: list[tuple[str | None, Any]] = []
    for arg in node.args:
        if isinstance(arg, gast.Starred):
            value = failing.after_star(it, it.expr(arg.value), in_call=True)
            items = assignment.unpacked(it, value, None)
            held += [(None, it.hold(item)) for item in items]
        else:
            is_first = arg is node.args[0]
            value = operands.first_argument(it, fn, node) if is_first else it.expr(arg)
            held.append((None, it.hold(value)))
    for keyword in node.keywords:
        if keyword.arg is None:
            content = containers.content_of(it, it.expr(keyword.value))
            if not isinstance(content, DictContent):
                raise UnsupportedTypeError(
                    "** unpacks something that is not a dict", "give a dict after **"
                )
            held += [(key, it.hold(value)) for key, value in containers.dict_items(content)]
        else:
            held.append((keyword.arg, it.hold(it.expr(keyword.value))))
    values = [(name, it.release(h)) for name, h in held]
    args = [value for name, value in values if name is None]
    return args, {name: value for name, value in values if name is not None}


def call(it: Interpreter, fn: Value, args: list[Value], kwargs: Kwargs) -> Value:
    """Call any callable value."""
    match fn:
        case Closure():
            return call_closure(it, fn, args, kwargs)
        case Choice():
            return _call_chosen(it, fn, 0, args, kwargs)
        case Bound():
            return call(it, fn.fn, [fn.owner, *args], kwargs)
        case MethodOf():
            return methods.call_builtin_method(it, fn.owner, fn.name, args, kwargs)
        case GradientOf():
            return intrinsics.call_gradient(it, fn, args, kwargs)
        case Pullback():
            return directions.call_pullback(it, fn, args, kwargs)
        case Checkpointed():
            return intrinsics.call_checkpointed(it, fn, args, kwargs)
        case Partial():
            return call(it, fn.fn, [*fn.args, *args], {**dict(fn.kwargs), **kwargs})
        case Static():
            return call_static(it, fn, args, kwargs)
        case Reference():
            return call_method(it, fn, "__call__", args, kwargs)
        case Maybe():
            return call(it, fn.value, args, kwargs)
        case Var() if not isinstance(fn.type, Num):
            return call_opaque(it, fn, args, kwargs)
    raise failing.not_possible(
        it,
        fn,
        "{} object is not callable",
        f"{describe(fn, it)} is called",
        "call a function, a class or a method",
    )


def _call_chosen(it: Interpreter, fn: Choice, k: int, args: list[Value], kwargs: Kwargs) -> Value:
    """Call the function of which the run says the number; those before the k-th are excluded."""
    number, option = fn.options[k]
    if k == len(fn.options) - 1:
        return call(it, option, args, dict(kwargs))
    return conditions.either(
        it,
        it.atom(operator.eq, fn.selector, Const(number)),
        lambda: call(it, option, list(args), dict(kwargs)),
        lambda: _call_chosen(it, fn, k + 1, args, kwargs),
    )


def call_method(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    """``owner.name(...)``; special methods are those of the class, whatever the object has."""
    method = classes.special(it, owner, name) if name.startswith("__") else None
    return call(it, objects.attribute(it, owner, name) if method is None else method, args, kwargs)


def _require_fit(it: Interpreter, function: Any, count: int, names: tuple[str, ...]) -> None:
    """Refuse a call that does not fit a built-in function, as Python would."""
    misfit = _misfit(function, count, names)
    if misfit is not None:
        message = f"{function.__name__}(): {misfit}"
        refusal = UnsupportedCallError(message, "give the arguments that the function takes")
        exceptions.may_fail(it, TypeError, Approximate(message), refusal)


_LEAST = {
    iter: 1,
    next: 1,
    min: 1,
    max: 1,
    getattr: 2,
    map: 1,
    filter: 2,
    range: 1,
    slice: 1,
    type: 1,
}
"""How many arguments functions take at least that have no signature."""
_NAMES: dict[Any, frozenset[str]] = {
    zip: frozenset({"strict"}),
    **dict.fromkeys((min, max), frozenset({"key", "default"})),
    **dict.fromkeys((iter, next, getattr, filter, range, slice), frozenset()),
}
"""The names of arguments that they take."""
_LOOSE = {np.arange: True}
"""Functions of NumPy's whose signature says less than they take."""


def _is_of_numpy(target: Any) -> bool:
    is_function = callable(target) and not isinstance(target, type | np.ufunc)
    return is_function and str(getattr(target, "__module__", "")).startswith("numpy")


def require_method_fits(
    it: Interpreter, cls: type, name: str, args: list[Value], kwargs: Kwargs
) -> None:
    """Refuse a call that does not fit a method of a class of NumPy's."""
    method = getattr(cls, name, None)
    if method is not None:
        _require_fit(it, method, len(args) + 1, tuple(kwargs))


def _by_position(function: Any, args: list[Value], kwargs: Kwargs) -> tuple[list[Value], Kwargs]:
    """Arguments of one of Python's own functions, those by position that may be: pow(x, exp=3)."""
    if not kwargs or getattr(function, "__module__", None) != "builtins":
        return args, kwargs
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return args, kwargs
    args, kwargs = list(args), dict(kwargs)
    for parameter in parameters[len(args) :]:
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or parameter.name not in kwargs:
            break
        args.append(kwargs.pop(parameter.name))
    return args, kwargs


@functools.lru_cache(maxsize=1024)
def _misfit(function: Any, count: int, names: tuple[str, ...]) -> str | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        least = _LEAST.get(function, 0)
        unknown = set(names) - _NAMES.get(function, set(names))
        if unknown:
            return f"got an unexpected keyword argument {min(unknown)!r}"
        return f"{least} arguments are needed" if count < least else None
    try:
        signature.bind(*range(count), **dict.fromkeys(names))
    except TypeError as error:
        return str(error)
    return None


def call_static(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """Call a function, class or other object known at compile time."""

    target = fn.value
    trials.require_possible(it, target, args, kwargs)
    handler = _lookup(BUILTINS, target)
    if handler is not None:
        _require_fit(it, target, len(args), tuple(kwargs))
        return handler(it, *_by_position(target, args, kwargs))
    intrinsic = None if isinstance(target, type) else mark(target, "__sorix_intrinsic__")
    if intrinsic in intrinsics.INTRINSICS:
        if isinstance(target, types.FunctionType):
            _require_fit(it, target, len(args), tuple(kwargs))
        return intrinsics.INTRINSICS[intrinsic](it, fn, args, kwargs)
    method = mark(target, "__sorix_method__")
    if method is not None and args and isinstance(args[0], Tensor):
        return call_method(it, args[0], method, args[1:], kwargs)
    lowered = mark(target, "__sorix_lowers_to__")
    if lowered is not None:
        _require_fit(it, target, len(args), tuple(kwargs))
        return numpy_calls.call_primitive(it, lowered, args, kwargs, tensors=True)
    fact = facts.call(it, target, args, kwargs)
    if fact is not None:
        return fact
    if type(getattr(target, "__self__", None)) in GENERATORS.values():
        return _call_generator(it, fn, args, kwargs)
    if isinstance(target, np.vectorize):
        return numpy_objects.call_vectorized(it, fn, args, kwargs)
    if isinstance(target, np.poly1d | np.polynomial.Polynomial):
        return call_method(it, numpy_objects.made_again(it, fn), "__call__", args, kwargs)
    if getattr(target, "__objclass__", None) is np.ndarray and args:
        return methods.call_builtin_method(it, args[0], target.__name__, args[1:], kwargs)
    if isinstance(target, types.BuiltinMethodType) and type(target.__self__) is np.ndarray:
        path = (fn.path or object_path(target)).attr("__self__")
        owner = it.inputs.lift(target.__self__, path)
        return methods.call_builtin_method(it, owner, target.__name__, args, kwargs)
    if _is_of_numpy(target) and _lookup(_LOOSE, target) is None:
        _require_fit(it, target, len(args), tuple(kwargs))
    definition = definition_of(target)
    if definition is not None and rule_of(target) is None and target not in numpy_calls.SPECIAL:
        return beyond_rules.call_definition(it, target, args, kwargs)
    if numpy_calls.is_primitive(target):
        return numpy_calls.call_primitive(it, target, args, kwargs)
    wrapped = mark(target, "__sorix_wrapped__")
    if wrapped is not None:
        return call(it, Static(wrapped, fn.path), args, kwargs)
    if isinstance(target, functools._lru_cache_wrapper):
        return memoised.call_of_callers(it, target, args, kwargs)
    if isinstance(target, type):
        return construction.construct(it, fn, args, kwargs)
    origin = getattr(target, "__origin__", None)
    if isinstance(origin, type) and type(target).__module__ == "typing":
        return call(it, Static(origin), args, kwargs)  # Stack[float]()
    if isinstance(target, functools.partial):
        inner = [_constant(it, v, fn, k) for k, v in enumerate(target.args)]
        named = {k: _constant(it, v, fn, k) for k, v in target.keywords.items()}
        return call(it, Static(target.func), [*inner, *args], {**named, **kwargs})
    if isinstance(target, types.MethodType) and target.__func__ in effects.LOGGED:
        return effects.log(it, target, (fn.path or object_path(target)).attr("__self__"), args)
    if isinstance(target, types.MethodType):
        path = (fn.path or object_path(target)).attr("__self__")
        owner = it.inputs.lift(target.__self__, path)
        return call(it, Static(target.__func__), [owner, *args], kwargs)
    if getattr(target, "__code__", None) is CONTEXT_MANAGER:
        made = call(it, Static(target.__wrapped__), args, kwargs)
        return Lazy("context", (), getattr(made, "extra", None), len(it.kept_loops))
    if getattr(target, "__code__", None) is SINGLE_DISPATCH and args:
        chosen = target.dispatch(builtin_functions.class_of(it, args[0]))
        return call(it, Static(chosen), args, kwargs)
    if getattr(target, "__code__", None) is BOUND_DISPATCH and args:
        return _call_dispatched_method(it, fn, args, kwargs)
    if isinstance(target, types.FunctionType) and _readable(target):
        return call_function(it, target, args, kwargs)
    if is_plain_instance(target):
        owner = it.inputs.lift(target, fn.path or object_path(target))
        return call_method(it, owner, "__call__", args, kwargs)
    inner_fn = getattr(target, "__wrapped__", None)
    if isinstance(inner_fn, types.FunctionType) and _readable(inner_fn):
        return call_function(it, inner_fn, args, kwargs)
    return call_opaque(it, fn, args, kwargs)


def _call_dispatched_method(
    it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs
) -> Value:
    """A method made by ``functools.singledispatchmethod``, bound to an object of the caller's."""
    target = fn.value
    held = zip(target.__code__.co_freevars, target.__closure__, strict=True)
    names = {name: cell.cell_contents for name, cell in held}
    dispatch = names.get("dispatch") or names["self"].dispatcher.dispatch
    chosen = dispatch(builtin_functions.class_of(it, args[0]))
    return call(it, Static(chosen.__get__(names["obj"], names["cls"])), args, kwargs)


def _call_generator(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """Call a method of a generator of random numbers that is the caller's, or NumPy's own."""
    name = fn.value.__name__
    if getattr(np.random, name, None) is fn.value:
        return random_draws.drawn(it, Static(np.random), name, args, kwargs)
    path = (fn.path or object_path(fn.value)).attr("__self__")
    owner = it.inputs.opaque(Static(fn.value.__self__, path))
    return random_draws.drawn(it, owner, name, args, kwargs)


def _lookup(table: dict[Any, Any], key: Any) -> Any:
    try:
        return table.get(key)
    except TypeError:
        return None


def object_path(target: Any) -> Path:
    return Path(("constant", ById(target), getattr(target, "__name__", "object")))


def _constant(it: Interpreter, value: Any, fn: Static, key: Any) -> Value:
    base = fn.path or object_path(fn.value)
    path = base.attr("args").item(key) if isinstance(key, int) else base.attr("keywords").item(key)
    return it.inputs.lift(value, path)


def _readable(target: types.FunctionType) -> bool:
    module = target.__globals__.get("__name__") or ""  # A wrapper's __module__ is of what it wraps.
    return str(module).split(".")[0] not in CLOSED_MODULES


# -- inlining -------------------------------------------------------------------------------


def call_function(it: Interpreter, target: Any, args: list[Value], kwargs: Kwargs) -> Value:
    """Inline a function of the user's by interpreting its text."""
    source = source_of(target)
    own = (target.__module__ or "").startswith(_READ_BY_SORIX)
    base = Path(("constant", ById(target), target.__name__))
    if not own:
        it.inlined.setdefault(f"{target.__qualname__} ({source.file}:{source.node.lineno})")
        it.inputs.guards.append(Guard(base.attr("__code__"), "is", target.__code__))
        if target.__defaults__:  # Of more of them, each would belong to another parameter.
            count = Guard(base.attr("__defaults__"), "length", len(target.__defaults__))
            it.inputs.guards.append(count)
    captured = dict(zip(target.__code__.co_freevars, target.__closure__ or (), strict=False))
    frame = function_frame(source, source.node, target.__name__, target.__globals__, None, captured)
    frame.owner_class, frame.qualname = _owner_class(target, captured), target.__qualname__
    lift = _constant_default if own else it.inputs.lift_default
    defaults = _defaults(lift, target, source.node, base.attr("__defaults__"))
    kw, kw_base = target.__kwdefaults__ or {}, base.attr("__kwdefaults__")
    kw_defaults = tuple(
        lift(kw[a.id], replace(kw_base.item(a.id), name=a.id)) if a.id in kw else None
        for a in source.node.args.kwonlyargs
    )
    value = _inline(it, frame, source.node, defaults, kw_defaults, args, kwargs)
    if own:
        arrays.forget_order(it, value)
    return value


def _constant_default(value: Any, path: Path) -> Value:
    return containers.lift_constant(value)


def _defaults(
    lift: Callable[[Any, Path], Value], target: Any, node: Any, base: Path
) -> tuple[Value, ...]:
    values = target.__defaults__ or ()
    positional = [p.id for p in (*node.args.posonlyargs, *node.args.args)]
    names = positional[len(positional) - len(values) :]
    return tuple(
        lift(value, replace(base.item(k), name=name))
        for k, (value, name) in enumerate(zip(values, names, strict=True))
    )


def _owner_class(target: types.FunctionType, captured: dict[str, Any]) -> type | None:
    cell = captured.get("__class__")
    return cell.cell_contents if cell is not None else None


def function_frame(
    source: Source,
    node: Any,
    name: str,
    module: dict[str, Any],
    parent: Frame | None,
    captured: dict[str, Any],
) -> Frame:
    """A frame for a call of the function with this syntax."""
    body = node.body if isinstance(node.body, list) else [node.body]
    names = assigned_names(body) | set(parameter_names(node))
    outer = declared(body, gast.Nonlocal) | declared(body, gast.Global)
    frame = Frame(name, source, module, frozenset(names - outer), parent, captured)
    frame.node = node
    return frame


def parameter_names(node: Any) -> list[str]:
    """The names of a function's parameters, in order."""
    a = node.args
    names = [p.id for p in (*a.posonlyargs, *a.args)]
    names += [a.vararg.id] if a.vararg else []
    names += [p.id for p in a.kwonlyargs]
    return names + ([a.kwarg.id] if a.kwarg else [])


def qualified_name(fn: Closure) -> str:
    """The ``__qualname__`` of a function of the program."""
    if fn.qualname:
        return fn.qualname
    around = f"{fn.frame.qualname}.<locals>" if fn.cls is None else fn.cls.__qualname__
    return f"{around}.{fn.name}"


def call_closure(it: Interpreter, fn: Closure, args: list[Value], kwargs: Kwargs) -> Value:
    outer: Frame = fn.frame
    frame = function_frame(outer.source, fn.node, fn.name, outer.module, outer, {})
    frame.owner_class, frame.qualname = fn.cls, qualified_name(fn)
    return _inline(it, frame, fn.node, fn.defaults, fn.kw_defaults, args, kwargs)


def _inline(
    it: Interpreter,
    frame: Frame,
    node: Any,
    defaults: tuple[Value, ...],
    kw_defaults: tuple[Value | None, ...],
    args: list[Value],
    kwargs: Kwargs,
) -> Value:
    bound = bind(it, node, frame.name, defaults, kw_defaults, args, kwargs)
    if isinstance(node, gast.FunctionDef) and contains_yield(node.body):
        return Lazy("generator", (), (frame, bound), len(it.kept_loops))
    if isinstance(node, gast.AsyncFunctionDef):
        raise it.unsupported(node)
    if routine_key(frame) in it.inputs.demanded:
        return recursion.call_routine(it, frame, bound)
    return run(it, frame, bound)


def run(it: Interpreter, frame: Frame, bound: Kwargs) -> Value:
    """Interpret the function of a frame on these arguments."""
    it.enter(frame)
    try:
        for name, value in bound.items():
            value = it.named(value, name)
            it.put(frame.variables.setdefault(name, Cell(name)), value)
        return run_body(it, frame)
    finally:
        it.leave()


def run_body(it: Interpreter, frame: Frame) -> Value:
    """Interpret the body of the current frame's function and return what it returns."""
    node = frame.node
    if isinstance(node, gast.Lambda):
        return it.expr(node.body)
    it.execute(node.body)
    return result_of(it, frame)


def result_of(it: Interpreter, frame: Frame) -> Value:
    """What the frame's function returned; None where it fell off its end."""
    returned, value = it.state.get(frame.returned), it.state.get(frame.result)
    if value is MISSING or (isinstance(returned, Const) and not returned.value):
        return NONE  # A ``return`` that a ``finally`` gave up may have left a value.
    if isinstance(returned, Var):
        return _partly_returned(it, frame, returned, value)
    return value.value if isinstance(value, Maybe) and not value.none else value


def _partly_returned(it: Interpreter, frame: Frame, returned: Var, value: Value) -> Value:
    def fall_off() -> None:
        it.put(frame.result, NONE)

    branching.branch(it, returned, lambda: None, fall_off)
    found = it.state.get(frame.result)
    assert found is not MISSING, "a value and None meet in one that may be None"
    return found


def bind(
    it: Interpreter,
    node: Any,
    name: str,
    defaults: tuple[Value, ...],
    kw_defaults: tuple[Value | None, ...],
    args: list[Value],
    kwargs: Kwargs,
) -> Kwargs:
    """Bind arguments to parameters, as Python does."""
    a = node.args
    positional = [p.id for p in (*a.posonlyargs, *a.args)]
    bound: Kwargs = dict(zip(positional, args, strict=False))
    rest = args[len(positional) :]
    if a.vararg:
        bound[a.vararg.id] = Sequence(tuple(rest))
    elif rest:
        _refuse_arguments(it, f"{name}() takes {len(positional)} arguments, {len(args)} given")
    extra: Kwargs = {}
    named = {*(p.id for p in a.args), *(p.id for p in a.kwonlyargs)}
    for key, value in kwargs.items():
        if key in named and key not in bound:
            bound[key] = value
        elif a.kwarg and key not in named:
            extra[key] = value
        else:
            _refuse_arguments(it, f"{name}() got an unexpected argument {key!r}")
    for p, value in zip(positional[len(positional) - len(defaults) :], defaults, strict=True):
        bound.setdefault(p, value)
    for p, kw_value in zip(a.kwonlyargs, kw_defaults, strict=True):
        if kw_value is not None:
            bound.setdefault(p.id, kw_value)
    if a.kwarg:
        bound[a.kwarg.id] = containers.new_dict(it, list(extra.items()))
    missing = [p for p in parameter_names(node) if p not in bound]
    if missing:
        reason = f"{name}() is called without its argument {missing[0]!r}"
        _refuse_arguments(it, reason, "give it, or give it a default")
    return bound


def _refuse_arguments(
    it: Interpreter, reason: str, hint: str = "give the arguments that the function takes"
) -> NoReturn:
    refusal = UnsupportedCallError(reason, hint)
    exceptions.may_fail(it, TypeError, Approximate(reason), refusal)


# -- opaque calls ---------------------------------------------------------------------------


def call_opaque(it: Interpreter, fn: Value, args: list[Value], kwargs: Kwargs) -> Value:
    """Call something that cannot be read. It must not be given arrays: it might write them."""
    label = describe(fn, it) if not isinstance(fn, Static) else _label(fn.value)
    for value in (*args, *kwargs.values()):
        if isinstance(value, Array | Tensor | Reference | Closure):
            raise UnsupportedCallError(
                f"{label} is called with {describe(value, it)}: its text cannot be read, and it"
                " has no derivative rule",
                "write it in Python and NumPy, or register a rule for it, as docs/rules.md shows",
            )
    atoms = [_given(it, v) for v in args]
    named: dict[str, Any] = {k: _given(it, v) for k, v in kwargs.items()}
    if isinstance(fn, Static) and isinstance(fn.value, types.BuiltinMethodType):
        owner = fn.value.__self__
        if owner is not None and not isinstance(owner, types.ModuleType):
            path = (fn.path or object_path(fn.value)).attr("__self__")
            var = it.inputs.opaque(Static(owner, path))
            return opaque_result(
                it, it.builder.call(Method(fn.value.__name__), var, *atoms, **named)
            )
    if isinstance(fn, Static):
        if not callable(fn.value):
            raise failing.not_possible(
                it,
                fn,
                "{} object is not callable",
                f"{describe(fn, it)} is called, and is not a function",
                "call a function, a class or a method",
            )
        if _is_numpy(fn.value):
            return opaque_result(it, it.builder.call(fn.value, *atoms, **named))
        fn = it.inputs.opaque(fn)
    return it.builder.call(Method("__call__"), it.read(fn), *atoms, **named)


def _given(it: Interpreter, value: Value) -> Atom:
    """An argument of a function that cannot be read: a number, or a tuple of them (a shape)."""
    return containers.nested_atom(it, value) if isinstance(value, Sequence) else it.read(value)


def opaque_result(it: Interpreter, var: Var) -> Value:
    """What NumPy returns is taken for an array of unknown dtype and rank."""
    if isinstance(var.type, Opaque):
        object.__setattr__(var, "type", Num())
    return it.wrap(var)


def _is_numpy(target: Any) -> bool:
    return (getattr(target, "__module__", None) or "").split(".")[0] == "numpy"


def _label(target: Any) -> str:
    name = getattr(target, "__qualname__", None) or repr(target)
    module = getattr(target, "__module__", None)
    return f"{module}.{name}()" if module and module != "builtins" else f"{name}()"
