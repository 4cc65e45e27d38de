"""Python's built-in functions on abstract values."""

from __future__ import annotations

import enum
import functools
import operator
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    absent,
    calls,
    classes,
    conditions,
    construction,
    containers,
    expressions,
    failing,
    formatting,
    grown_tuples,
    iterables,
    list_methods,
    loops,
    number_classes,
    objects,
    open_dicts,
    open_sets,
    ranges,
    special_results,
    subscripts,
    taken_out,
    text_methods,
    texts,
)
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import ById
from sorix.compiler.frontend.interpreter import GENERIC, Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Bound,
    Cell,
    Choice,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    Kwargs,
    Lazy,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    SuperValue,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Call, Const, Effect, Var
from sorix.compiler.ir.types import INT, NUMBERS, Num
from sorix.errors import UnsupportedCallError, UnsupportedTypeError


@builtin(range)
def _range(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    atoms = [it.read(_bound(it, a)) for a in args]
    if len(atoms) == 1:
        return RangeValue(Const(0), atoms[0], Const(1))
    step = atoms[2] if len(atoms) > 2 else Const(1)
    return RangeValue(atoms[0], atoms[1], step)


def _bound(it: Interpreter, value: Value) -> Value:
    if containers.is_none(value):
        reason = "a bound of range() is None"
        hint = "pass an integer, or test it with if"
        message = "{} object cannot be interpreted as an integer"
        raise failing.not_possible(it, value, message, reason, hint)
    if isinstance(value, Maybe):
        return absent.value_of(it, value, TypeError, range, None, always=True)
    if isinstance(value, Const | Static):
        containers.computed(it, lambda: operator.index(value.value), "give an integer")
    return value


@builtin(len)
def _len(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0]
    if isinstance(value, Maybe):
        value = absent.value_of(it, value, TypeError, len, None, always=True)
    method = classes.special(it, value, "__len__")
    if method is not None:
        return special_results.required(it, "__len__", calls.call(it, method, [], {}))
    if isinstance(value, Static) and isinstance(value.value, str | bytes | tuple | enum.EnumType):
        return Const(len(value.value))
    if isinstance(value, Static | Closure) or failing.has_no_length(it, value):
        raise failing.not_possible(
            it,
            value,
            "object of type {} has no len()",
            f"len() of {describe(value, it)}",
            "count the items, or make a list of them",
        )
    items = containers.static_items(it, value)
    if items is not None:
        return Const(len(items))
    if isinstance(value, Tensor) or _is_surely_array(it, value):
        return it.atom(np.size, it.read(value), Const(0), hint="n")
    if isinstance(value, RangeValue):
        return ranges.length(it, value)
    content = containers.content_of(it, value)
    if isinstance(content, GrownList):
        return it.atom(len, content.atoms[0], hint="n")
    if isinstance(content, InstanceContent):
        return special_results.of(it, value, "__len__")
    return it.atom(len, it.read(value), hint="n")


def _is_surely_array(it: Interpreter, value: Value) -> bool:
    """Whether a value is an ndarray, and not a tuple that a library's function may return."""
    type_ = it.type_of(value) if isinstance(value, Array) else None
    return isinstance(type_, Num) and type_.kind == "array"


@builtin(list)
def _list(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return collected(it, args[0]) if args else containers.new_list(it, [])


def collected(it: Interpreter, value: Value) -> Reference:
    """A new list of what an iterable yields."""

    content = containers.content_of(it, value)
    if isinstance(content, GrownList):
        cell = Cell("list")
        it.put(cell, replace(content, cls=list))
        return Reference(cell)
    source: Value | iterables.Walk = iterables.resolve(it, value)
    taken = it.state.get(value.cell) if isinstance(value, Lazy) else None
    if not iterables.is_generator(source):
        source = iterables.walk(it, source, None, at_once=True)
    held = it.hold(containers.new_list(it, []))
    loops.loop_over(
        it,
        source,
        key=("collected", id(it.position)),
        bind=lambda v: list_methods.append(it, it.held(held), v),
        body=lambda: None,
        syntax=[],
        orelse=[],
    )
    if isinstance(value, Lazy) and source is not value and isinstance(source, tuple):
        iterables.note_end(it, value, taken, len(source))
    result = it.release(held)
    assert isinstance(result, Reference)
    return result


@builtin(tuple)
def _tuple(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not args:
        return Sequence(())
    if grown_tuples.is_tuple(it, args[0]):
        return args[0]
    few = _few_elements(it, args[0])
    if few is not None:
        return Sequence(few)
    return grown_tuples.as_tuple(it, collected(it, args[0]))


def _few_elements(it: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """The elements of an array that certainly has so many, and few."""
    type_ = it.type_of(value) if isinstance(value, Array) else None
    if not (isinstance(type_, Num) and type_.rank == 1):
        return None
    size = it.atom(np.size, it.read(value), Const(0))
    if not isinstance(size, Const) or size.value > containers.FEW:
        return None
    return tuple(subscripts.subscript(it, value, Const(k), "t") for k in range(size.value))


@builtin(dict)
def _dict(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if args and not kwargs and open_dicts.is_open_dict(it, args[0]):
        return open_dicts.copied(it, args[0], open_dicts.CLASSES[dict])
    place = open_dicts.site(it, it.position)
    return open_dicts.opened(it, dict_of(it, args, kwargs), place)


def dict_of(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Reference:
    """``dict(...)``, with keys that are facts."""
    items: list[tuple[Any, Value]] = []
    if args:
        content = containers.content_of(it, args[0])
        if isinstance(content, DictContent):
            items += containers.dict_items(content)
        else:
            for pair in iterables.known_items(it, args[0], "dict()"):
                key, value = iterables.known_items(it, pair, "an item of dict()")
                items.append((it.demand(key, "a key of a dict"), value))
    return containers.new_dict(it, [*items, *kwargs.items()])


@builtin(set)
def _set(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items = args[0] if args else Sequence(())
    return open_sets.made_of(it, items, open_dicts.site(it, it.position), "set()")


@builtin(frozenset)
def _frozenset(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    items = iterables.known_items(it, args[0], "frozenset()") if args else ()
    return containers.new_set(it, items, frozenset)


@builtin(sum)
def _sum(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    start = args[1] if len(args) > 1 else kwargs.get("start", Const(0))
    return fold(it, lambda a, b: _binary(it, operator.add, a, b), args[0], start)


def _binary(it: Interpreter, fn: Any, a: Value, b: Value) -> Value:

    if isinstance(a, Const) and a.value == 0 and fn is operator.add and it.is_numeric(b):
        if not (isinstance(b, Const)):
            return _positive(it, b)
    return expressions.binary(it, fn, a, b)


def _positive(it: Interpreter, value: Value) -> Value:
    """``0 + x``, without the addition where `x` is a float number (not -0.0's sign, as sum())."""
    type_ = it.type_of(value)
    if isinstance(value, Tensor):
        return Tensor(_positive(it, value.value), value.requires_grad)
    if isinstance(type_, Num) and type_.kind in NUMBERS and type_.dtype == "float64":
        return value
    return it.emit(operator.add, Const(0), it.read(value))


def fold(
    it: Interpreter, combine: Callable[[Value, Value], Value], iterable: Value, start: Value
) -> Value:
    """Fold an iterable into one value, by a loop where its length is not known."""

    cell = Cell("total")
    it.frame.variables[f".{id(cell)}"] = cell
    it.put(cell, start)

    def step(item: Value) -> None:
        value = combine(it.state.get(cell), item)  # May branch, and so replace the state.
        it.put(cell, value)

    loops.loop_over(it, iterable, ("fold", id(it.position)), step, lambda: None, [], [])
    value = it.state.get(cell)
    del it.frame.variables[f".{id(cell)}"]
    return value


@builtin(functools.reduce)
def _reduce(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    fn, iterable = args[0], args[1]
    if isinstance(iterable, Lazy):
        iterable = collected(it, iterable)
    items = containers.static_items(it, iterable)
    if len(args) > 2:
        start = args[2]
    elif items:
        start, iterable = items[0], Sequence(items[1:])
    elif isinstance(iterable, Array):
        start = subscripts.subscript(it, iterable, Const(0), GENERIC)
        iterable = subscripts.subscript(it, iterable, SliceValue(Const(1), NONE, NONE), GENERIC)
    else:
        raise UnsupportedTypeError(
            "reduce() without a start over something of unknown length",
            "give reduce() a start, or write the loop",
        )
    return fold(it, lambda a, b: calls.call(it, fn, [a, b], {}), iterable, start)


@builtin(abs)
def _abs(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if isinstance(args[0], Tensor):
        return expressions.tensor_call(it, operator.abs, args[0])
    method = classes.special(it, args[0], "__abs__")
    if method is not None:
        return calls.call(it, method, [], {})
    return it.emit(operator.abs, it.read(args[0]))


@builtin(pow)
def _pow(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    power = _binary(it, operator.pow, args[0], args[1])
    if len(args) < 3 or containers.is_none(args[2]):
        return power
    known = [it.demand(a, "an argument of pow() with a modulus") for a in args]
    return Const(containers.computed(it, lambda: pow(*known)))


@builtin(float, int)
def _unused(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise AssertionError


@builtin(float)
def _float(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], Static):
        text = args[0].value
        return Const(containers.computed(it, lambda: float(text)))
    method = classes.special(it, args[0], "__float__") if args else None
    if method is not None:
        return calls.call(it, method, [], {})
    return it.atom(float, it.read(taken_out.number_of(it, args[0]))) if args else Const(0.0)


@builtin(int)
def _int(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    base = args[1] if len(args) > 1 else kwargs.get("base")
    if base is not None:
        return _int_of_base(it, args[0], base)
    if args and isinstance(args[0], Static):
        text = args[0].value
        return Const(containers.computed(it, lambda: int(text)))
    if not args:
        return Const(0)
    for name in ("__int__", "__index__", "__trunc__"):
        method = classes.special(it, args[0], name)
        if method is not None:
            found = calls.call(it, method, [], {})
            return special_results.required(it, "__int__", found)
    type_ = it.type_of(args[0])
    if isinstance(type_, Num) and type_.kind == "python" and type_.dtype == "int64":
        return args[0]
    return it.atom(int, it.read(args[0]))


def _int_of_base(it: Interpreter, text: Value, base: Value) -> Value:
    """``int(text, base)``."""
    if isinstance(text, Static) and isinstance(base, Const):
        return Const(containers.computed(it, lambda: int(text.value, base.value)))
    return it.builder.call_as(INT, int, it.read(text), it.read(base))


@builtin(bool)
def _bool(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    cond = conditions.truth(it, args[0])
    if isinstance(cond, Const):
        return cond
    return it.atom(bool, cond)


@builtin(round)
def _round(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    method = classes.special(it, args[0], "__round__")
    if method is not None:
        return calls.call(it, method, args[1:], {})
    args = [a for a in args if not containers.is_none(a)]
    if all(isinstance(a, Const) for a in args):
        numbers: list[Any] = [it.demand(a, "round()") for a in args]
        return containers.lift_constant(containers.computed(it, lambda: round(*numbers)))
    return it.emit(round, *(it.read(a) for a in args))


@builtin(divmod)
def _divmod(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    a, b = (it.read(v) for v in args)
    return Sequence((it.emit(operator.floordiv, a, b), it.emit(operator.mod, a, b)))


@builtin(print)
def _print(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    atoms = tuple(texts.shown(it, a) for a in args)
    named = tuple((k, _option(it, v)) for k, v in kwargs.items())
    it.builder.add(Effect(Call(print, atoms, named), it.builder.origin))
    return NONE


def _option(it: Interpreter, value: Value) -> Atom:
    """An option of ``print``; a file may be an object of a class written in Python."""
    content = containers.content_of(it, value)
    if isinstance(content, InstanceContent) and content.external is not None:
        return it.inputs.opaque(Static(content.external, content.path))
    return containers.nested_atom(it, value)


@builtin(slice)
def _slice(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) == 1:
        return SliceValue(NONE, args[0], NONE)
    return SliceValue(args[0], args[1], args[2] if len(args) > 2 else NONE)


@builtin(isinstance)
def _isinstance(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    classes = args[1]
    items = classes.items if isinstance(classes, Sequence) else (classes,)
    wanted = tuple(it.demand(c, "the class of isinstance()") for c in items)
    _require_plain_check(wanted)
    containers.computed(it, lambda: isinstance(None, wanted))
    return number_classes.is_instance(it, args[0], tuple(_one_by_one(wanted)))


def _one_by_one(wanted: tuple[Any, ...]) -> Iterator[Any]:
    """The classes of a tuple, in which others may stand, and ``int | float``."""
    for cls in wanted:
        inner = cls.__args__ if isinstance(cls, types.UnionType) else cls
        yield from _one_by_one(inner) if isinstance(inner, tuple) else (inner,)


def _require_plain_check(wanted: tuple[Any, ...]) -> None:
    """Refuse classes whose metaclass says what their instances are."""
    for cls in wanted:
        check = getattr(type(cls), "__instancecheck__", None)
        if getattr(check, "__module__", "typing") not in ("abc", "typing", "enum", None):
            raise UnsupportedCallError(
                f"isinstance() asks the metaclass of {cls.__name__}",
                "ask for what tells the objects apart",
            )


@builtin(issubclass)
def _issubclass(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Const(issubclass(*(it.demand(a, "a class") for a in args)))


@builtin(type)
def _type(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(class_of(it, args[0]))


@builtin(callable)
def _callable(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = args[0]
    if isinstance(value, Choice | Closure | Bound | MethodOf | Partial):
        return Const(True)
    return Const(any("__call__" in vars(base) for base in class_of(it, value).__mro__))


def class_of(it: Interpreter, value: Value) -> type:
    """The class a value has in the run."""
    match value:
        case Maybe() if not value.none:
            return class_of(it, value.value)
        case Static() | Const():
            return type(value.value)
        case Sequence():
            return value.cls
        case Tensor():
            own = it.inputs.tensor_classes.get(value.leaf, it.inputs.tensor_class)
            assert own is not None
            return own
        case Closure() | Choice():
            return type(class_of)
        case Array():
            type_ = it.type_of(value)
            if isinstance(type_, Num) and type_.kind == "array":
                return np.ndarray
        case Var() if value not in it.mixed:
            return number_classes.class_of_number(value)
        case Reference():
            return _class_of_content(it, it.state.get(value.cell))
        case RangeValue():
            return range
        case SliceValue():
            return slice
    raise UnsupportedTypeError(
        f"the class of {describe(value, it)} is not known",
        "test a flag of your own instead of the class",
    )


def _class_of_content(it: Interpreter, content: Any) -> type:
    match content:
        case ListContent() | GrownList():
            return content.cls
        case DictContent():
            return content.cls
        case InstanceContent():
            return open_dicts.plain_class(content.cls)
    raise UnsupportedTypeError(
        "the class of a value is not known", "test a flag of your own instead of the class"
    )


@builtin(super)
def _super(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) != 2:
        raise UnsupportedCallError(
            "super() is called with one argument", "write super().name in a method"
        )
    return SuperValue(args[1], it.demand(args[0], "the class in super()"))


@builtin(BaseException.__init__)
def _keep_args(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    objects.set_field(it, args[0], "args", Sequence(tuple(args[1:])))
    return NONE


@builtin(object.__init__)
def _init_object(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return NONE


@builtin(dict.__init__)
def _init_dict(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    owner = args[0]
    assert isinstance(owner, Reference)
    given = containers.content_of(it, _dict(it, args[1:], kwargs))
    for key, value in given.items:
        subscripts.store_builtin_item(it, owner, containers.lift_constant(key), value)
    return NONE


@builtin(object.__new__)
def _new_object(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return construction.new_object(it, it.demand(args[0], "a class"))


@builtin(functools.partial)
def _partial(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Partial(args[0], tuple(args[1:]), tuple(kwargs.items()))


@builtin(repr)
def _repr(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return texts.repr_of(it, args[0])


@builtin(str)
def _str(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not args:
        return Static("")
    if len(args) > 1 or kwargs:
        return text_methods.call(it, args[0], "decode", args[1:], kwargs)
    return texts.str_of(it, args[0])


@builtin(format)
def _format(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return formatting.formatted(it, [formatting.Field(args[0], "", tuple(args[1:]))])


def _of_facts(function: Any) -> None:
    @builtin(function)
    def fold_call(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        if all(isinstance(arg, Static | Const) for arg in args):
            known = [arg.value for arg in args]
            return containers.lift_constant(containers.computed(it, lambda: function(*known)))
        return it.builder.call(function, *(it.read(arg) for arg in args))


for _function in (ord, chr, ascii, bin, hex, oct):
    _of_facts(_function)


@builtin(id)
def _id(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """A number for the object, the same in every run; good for sets of what was seen."""
    value = args[0].value if isinstance(args[0], Maybe) else args[0]
    if isinstance(value, Tensor):
        value = value.value
    key: Any = value.cell if isinstance(value, Array | Reference) else None
    if isinstance(value, Static):
        key = ById(value.value)
    if key is None:
        raise UnsupportedCallError(
            "id() of a number has no meaning in generated code", "compare the numbers themselves"
        )
    return Const(it.identities.setdefault(key, 1_000_000 + len(it.identities)))


@builtin(hash)
def _hash(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError(
        "hash() has no meaning in generated code", "use the value itself as a key"
    )


@builtin(eval, exec, compile)
def _exec(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError("eval() and exec() are not differentiated", "write a function")
