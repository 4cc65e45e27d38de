"""Functions under ``functools.cache`` and ``functools.lru_cache``.

The cache of a function that the program defines is a dict of the program: where the arguments are
known, a call is looked up in it, as in the run, and an object that it returned is returned again.
Where the run chooses the arguments, or the cache is the caller's, whether a call was made before
is not known. Then the function is carried out again, which is the same if it does nothing but
return a value, and reads the same; what is new of that value is not written into, as an earlier
call may have returned it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from sorix.compiler.frontend import calls, failing, objects, reached
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.doings import Doings
from sorix.compiler.frontend.frames import Caught, Terminated
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    Closure,
    DictContent,
    InstanceContent,
    Kwargs,
    Maybe,
    Partial,
    Private,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.compiler.ir.types import Num
from sorix.errors import CompileError, UnsupportedCallError, UnsupportedTypeError

LENT = "it is what a cached function returned, and may return again"
"""Why such an object is not written into."""
LEAST_RECENT = 128
"""How many results ``lru_cache`` keeps where it is not told."""


@dataclasses.dataclass(eq=False)
class Cache:
    """What is known of the cache of one function of the program.

    `uncertain`: a call was made of which the run says whether it was made before. `lent`: objects
    were returned that the program may change. `read`: what the function could see when it was
    carried out first, and whether that `changed` until it was again.
    """

    maxsize: int | None
    typed: bool
    depth: int
    uncertain: bool = False
    lent: bool = False
    changed: bool = False
    read: dict[Cell, Any] = dataclasses.field(default_factory=dict)


def remembered(memory: Any, function: Any, cache: Any, *args: Any, **kwargs: Any) -> Any:
    """Stands for a function under ``functools.cache``."""


def is_remembered(value: Value) -> bool:
    """Whether it is a function of the program under ``functools.cache``."""
    return isinstance(value, Partial) and (
        isinstance(value.fn, Static) and value.fn.value is remembered
    )


# -- decorating -----------------------------------------------------------------------------


@builtin(functools.cache)
def _cache(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _made(it, (*args, *kwargs.values())[0], None, False)


@builtin(functools.lru_cache)
def _lru_cache(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(("maxsize", "typed"), args, strict=False)) | kwargs
    typed = bool(it.demand(given.get("typed", Static(False)), "typed="))
    first = given.get("maxsize", Const(LEAST_RECENT))
    if not isinstance(first, Const | Static) or callable(first.value):
        return _made(it, first, LEAST_RECENT, typed)
    size = None if first.value is None else max(0, first.value)
    return Partial(Static(_decorating), (Static(size), Static(typed)), ())


def _decorating(maxsize: int | None, typed: bool, function: Any) -> Any:
    """Stands for ``lru_cache(maxsize=...)``."""


@builtin(_decorating)
def _decorate(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    size, typed, function = args
    return _made(it, function, it.demand(size, "maxsize="), it.demand(typed, "typed="))


def _made(it: Interpreter, function: Value, maxsize: int | None, typed: bool) -> Value:
    cell = Private("cache")
    frame = function.frame if isinstance(function, Closure) else it.frame
    frame.variables[f".{id(cell)}"] = cell
    it.put(cell, DictContent(()))
    cache = Cache(maxsize, typed, len(it.kept_loops))
    return Partial(Static(remembered), (Reference(cell), function, Static(cache)), ())


def attribute(it: Interpreter, owner: Partial, name: str) -> Value:
    """``f.name`` of such a function."""
    memory, function, cache = owner.args
    if name == "__wrapped__":
        return function
    if name == "cache_clear":
        return Partial(Static(_cleared), (memory, cache), ())
    if name in ("cache_info", "cache_parameters"):
        raise UnsupportedCallError(
            f"{name}() of a cached function", "count the calls in the function itself"
        )
    from_function: Value = objects.attribute(it, function, name)
    return from_function


def _cleared(memory: Any, cache: Any) -> None:
    """Stands for ``f.cache_clear``."""


@builtin(_cleared)
def _clear(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    memory, held = args
    assert isinstance(memory, Reference) and isinstance(held, Static)
    cache: Cache = held.value
    if cache.uncertain or len(it.kept_loops) > cache.depth:
        raise UnsupportedCallError(
            "a cache is cleared of which the run knows what is in it",
            "call the function itself, f.__wrapped__(x)",
        )
    it.put(memory.cell, DictContent(()))
    return Static(None)


# -- calls of the program's functions -------------------------------------------------------


@builtin(remembered)
def _call(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    memory, function, held, *rest = args
    assert isinstance(memory, Reference) and isinstance(held, Static)
    cache: Cache = held.value
    _require_hashable(it, (*rest, *kwargs.values()))

    def run() -> Value:
        return calls.call(it, function, rest, kwargs)

    if cache.maxsize == 0:
        return run()
    key = _key(it, cache, rest, kwargs)
    content = it.state.get(memory.cell)
    found = None if key is None or key in content.uncertain else content.get(key)
    lasting = cache.maxsize is None or not (cache.uncertain or len(it.kept_loops) > cache.depth)
    if found is not None and lasting:
        _note_use(it, cache, memory, key, found)
        return found
    _note_read(it, cache, (function, *rest, *kwargs.values()))
    if _is_exact(it, cache, content, key):
        before = it.state.copy()
        value = run()
        cache.lent |= bool(reached.new_cells(it, value, before))
        _note_use(it, cache, memory, key, value)
        return value
    return _carried_out_again(it, cache, function, run, [*rest, *kwargs.values()])


def _note_read(it: Interpreter, cache: Cache, values: Iterable[Value]) -> None:
    """Note what the function sees of the memory, and whether it saw something else before."""
    for cell, content in reached.cells(it, values).items():
        cache.changed |= not reached.same(cache.read.setdefault(cell, content), content)


def _is_exact(it: Interpreter, cache: Cache, content: DictContent, key: Any) -> bool:
    """Whether it is known that a call of this key was not made before, and it can be noted."""
    if key is None or cache.uncertain or len(it.kept_loops) > cache.depth:
        return False
    return key not in content.uncertain and not (cache.maxsize and content.uncertain)


def _note_use(it: Interpreter, cache: Cache, memory: Reference, key: Any, value: Value) -> None:
    """Keep a result as the one used last."""
    content = it.state.get(memory.cell)
    if cache.maxsize is None:
        if content.get(key) is None:
            it.put(memory.cell, content.with_item(key, value))
        return
    items = [*((k, v) for k, v in content.items if k != key), (key, value)]
    it.put(memory.cell, DictContent(tuple(items[-cache.maxsize :])))


def _carried_out_again(
    it: Interpreter, cache: Cache, function: Value, run: Callable[[], Value], given: list[Value]
) -> Value:
    cache.uncertain = True
    before = it.state.copy()
    name = _name(it, function)
    value = _alone(it, run, lambda: _demand(it, given, _does_more(name)))
    new = reached.new_cells(it, value, before)
    if cache.changed or (new and cache.lent):
        _demand(it, given, _depends(name))
    _lend(it, new)
    return value


def _alone(it: Interpreter, run: Callable[[], Value], refuse: Callable[[], NoReturn]) -> Value:
    """What a function returns that does nothing else."""
    doings = Doings(it)
    try:
        value = run()
    except (Terminated, Caught):
        if doings.any():
            refuse()
        raise
    if doings.any():
        refuse()
    return value


def _lend(it: Interpreter, cells: list[Cell]) -> None:
    for cell in cells:
        it.state.freeze(cell, LENT)


def _demand(it: Interpreter, given: list[Value], refusal: CompileError) -> NoReturn:
    """Begin again with integers of the caller's known, where these decide the arguments."""
    for value in given:
        with contextlib.suppress(UnsupportedTypeError):
            it.demand(value, "an argument")
    raise refusal


def _name(it: Interpreter, function: Value) -> str:
    if isinstance(function, Closure):
        return f"{function.name}()"
    return describe(function, it)


def _does_more(name: str) -> CompileError:
    return UnsupportedCallError(
        f"{name} is cached, and does more than return a value: whether it does so depends on the"
        " calls before",
        "call it with arguments that are known when the function is compiled, or keep the results"
        " in a dict of your own",
    )


def _depends(name: str) -> CompileError:
    return UnsupportedCallError(
        f"{name} is cached, and would return something else now than it did: which of both it"
        " returns depends on the calls before",
        "pass it all that it reads, and change a copy of what it returns",
    )


# -- calls of the caller's functions --------------------------------------------------------


def call_of_callers(it: Interpreter, target: Any, args: list[Value], kwargs: Kwargs) -> Value:
    """Call a function of the caller's that is cached: what is in its cache is not known."""
    given = (*args, *kwargs.values())
    _require_hashable(it, given)
    before = it.state.copy()

    def refuse() -> NoReturn:
        raise _does_more(f"{target.__name__}()")

    cache = it.caches.setdefault(target, Cache(None, False, 0))
    _note_read(it, cache, given)
    if cache.changed:
        raise _depends(f"{target.__name__}()")
    value = _alone(it, lambda: calls.call(it, Static(target.__wrapped__), args, kwargs), refuse)
    _lend(it, reached.new_cells(it, value, before))
    return value


# -- keys -----------------------------------------------------------------------------------


def _require_hashable(it: Interpreter, values: Iterable[Value]) -> None:
    for value in values:
        unhashable = _unhashable(it, value)
        if unhashable is not None:
            raise failing.not_possible(
                it,
                unhashable,
                "unhashable type: {}",
                f"a cached function is called with {describe(unhashable, it)}, which has no hash",
                "pass numbers, strings and tuples of them",
            )


def _unhashable(it: Interpreter, value: Value) -> Value | None:
    """What of an argument Python refuses as a key."""
    if isinstance(value, Maybe) and not value.none:
        return _unhashable(it, value.value)
    if isinstance(value, Sequence):
        return next(filter(None, (_unhashable(it, item) for item in value.items)), None)
    if isinstance(value, Array):
        type_ = it.type_of(value)
        is_array = isinstance(type_, Num) and (type_.kind == "array" or bool(type_.rank))
        return value if is_array else None
    if isinstance(value, Reference):
        cls = failing.class_of(it, value)
        return value if cls is not None and cls.__hash__ is None else None
    return None


def _key(it: Interpreter, cache: Cache, args: list[Value], kwargs: Kwargs) -> Any:
    """What ``lru_cache`` takes for the arguments; None where the run decides some of them."""
    facts = [_fact(it, v) for v in (*args, *kwargs.values())]
    if None in facts:
        return None
    values = [fact[0] for fact in facts if fact is not None]
    if len(values) == 1 and not kwargs and not cache.typed and type(values[0]) in (int, str):
        return ("alone", values[0])
    types = tuple(map(type, values)) if cache.typed else ()
    return (len(args), *values, tuple(kwargs), types)


def _fact(it: Interpreter, value: Value) -> tuple[Any] | None:
    """What stands for an argument in a key, in a tuple; None where it is not known."""
    match value:
        case Const() | Static():
            return (value.value,)
        case Closure():
            return (value,)
        case Sequence():
            facts = [_fact(it, item) for item in value.items]
            return None if None in facts else (tuple(f[0] for f in facts if f is not None),)
        case Reference():
            content = it.state.get(value.cell)
            is_object = isinstance(content, InstanceContent)
            by_identity = is_object and content.cls.__hash__ is object.__hash__
            return (value.cell,) if by_identity and value.cell not in it.state.frozen else None
    return None
