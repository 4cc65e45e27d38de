"""What a specialisation takes from its caller: paths, parameters and guards.

A value of the caller's is *lifted* when the program first reads it. Floats, integers and arrays
become parameters of the IR function; booleans, strings, None, functions, types and the structure
of containers and objects become facts, each with a guard that a later call must satisfy. An
integer or a dimension becomes a fact too where the program needs it to be one (`Demand`), and all
of them do in an `exact` lowering.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import functools
import itertools
import re
import types
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sorix.compiler.frontend.contents import Contents
from sorix.compiler.frontend.marks import mark
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import (
    FLOAT,
    GENERATORS,
    INT,
    SIGNED,
    Dim,
    ListOf,
    Num,
    Opaque,
    constant,
)
from sorix.errors import (
    CompileError,
    CompilerLimitError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)

LONG = 32
"""A list of more numbers than this is one array-like value, not so many variables."""

EXACT_STEPS = 20_000
"""As many statements are interpreted at most where all lengths are facts."""

SYMBOLS = "nmkpqrstuvwabcdefghijl"


@dataclass(frozen=True, slots=True)
class Path:
    """How to fetch a value at a call: a root, then attribute and item steps.

    `name` is what the user calls the value, where the steps do not say it.
    """

    root: tuple[str, Any, Any]
    steps: tuple[tuple[str, Any], ...] = ()
    name: str = field(default="", compare=False)

    def attr(self, name: str) -> Path:
        return Path(self.root, (*self.steps, ("attr", name)))

    def item(self, key: Any) -> Path:
        return Path(self.root, (*self.steps, ("item", key)))

    def fetch(self, arguments: dict[str, Any]) -> Any:
        kind, owner, name = self.root
        if kind == "arg":
            value = arguments[name]
        elif kind == "global":
            value = owner.value[name]
        elif kind == "cell":
            value = owner.value.cell_contents
        else:
            value = owner.value
        for step, key in self.steps:
            value = getattr(value, key) if step == "attr" else value[key]
        return value

    def __str__(self) -> str:
        text = str(self.root[2])
        for step, key in self.steps:
            text += f".{key}" if step == "attr" else f"[{key!r}]"
        return text

    @property
    def hint(self) -> str:
        """A name for a parameter: the last attribute, with the index of the layer it is in."""
        if self.name:
            return self.name
        named = [str(k) for s, k in self.steps if s == "attr" and k != "data"]
        digits = "".join(str(k) for s, k in self.steps if s == "item" and isinstance(k, int))
        base = named[-1] if named else str(self.root[2])
        keys = [k for s, k in self.steps if s == "item" and isinstance(k, str)]
        if keys and not named:
            base = keys[-1]
        return base + digits if base.isidentifier() else "t"


class ById:
    """Wraps an object that is compared by identity, so that a path can be hashed."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@dataclass(frozen=True, slots=True)
class Guard:
    """A fact a call must satisfy.

    `kind` is "is", "equal", "type", "length", "keys", "contents", "grad"; "same" as what stands at
    another path; "apart", where no two of several paths lead to one object; "lacks" a field of a
    name; "has" (or, where the second of a pair says so, has not) an attribute of a name;
    "undefined", of the variables of a module, where a name is none.
    """

    path: Path
    kind: str
    expected: Any


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """A parameter. ``kind`` is "number", "array", "tensor", "list" or "object".

    Of an array, `constant_dims` are the sizes that a call must have, and `in_order` says that its
    elements must lie in C order.
    """

    path: Path
    var: Var
    kind: str
    requires_grad: bool = False
    constant_dims: tuple[tuple[int, int], ...] = ()
    in_order: bool = False


class TooLong(CompileError):
    """An exact lowering was given up; why the general one was refused is what a user sees."""


class Demand(Exception):
    """The program needs these integers, dimensions or loops to be known: lower it again so.

    Those that only `unwinding` a recursion needs are not, once its function is a routine.
    """

    def __init__(self, keys: frozenset[Any], unwinding: bool = False) -> None:
        super().__init__(keys)
        self.keys, self.unwinding = keys, unwinding


class Inputs:
    """Lifts the caller's values; see the module's docstring."""

    def __init__(
        self,
        demanded: frozenset[Any],
        is_tensor: Callable[[Any], bool],
        independent: frozenset[str] = frozenset(),
        exact: bool = False,
        contents: Contents | None = None,
        open: bool = False,
    ) -> None:
        self.contents = contents
        self.open, self.asks_open = open, False
        self.reads_lists = self.appends = False
        self.demanded, self.independent, self.exact = demanded, independent, exact
        self._steps = 0
        self.is_tensor = is_tensor
        self.inputs: list[Input] = []
        self.guards: list[Guard] = []
        self.initial: dict[Cell, Any] = {}
        self.sources: dict[Var, frozenset[Any]] = {}
        self.cells: dict[Cell, Input] = {}
        self.dimensions: dict[str, frozenset[Any]] = {}
        self.tensor_class: type | None = None
        self.tensor_classes: dict[Any, type] = {}
        self._lifted: dict[Path, Any] = {}
        self._open: set[int] = set()
        self._objects: dict[int, tuple[Any, Any, Path]] = {}
        # Whether the program asked if two objects are one, and they were not.
        self.tells_apart = False
        self._undefined: set[tuple[int, str]] = set()
        self._symbols = itertools.chain(SYMBOLS, (f"n{k}" for k in itertools.count(1)))

    def count_step(self) -> None:
        """Give up an exact lowering that becomes long: it is tried for programs of few elements."""
        self._steps += 1
        if self.exact and self._steps > EXACT_STEPS:
            raise TooLong("the program is too long to be written out for these lengths")

    def open_at(self, place: Any) -> None:
        """Have what is made at a place be a dict or set whose keys the run decides, see `open`."""
        self.asks_open = True
        if self.open and place not in self.demanded:
            raise Demand(frozenset([place]))

    def lift(self, value: Any, path: Path) -> Value:
        """The abstract value of a value of the caller's."""
        found = self._lifted.get(path)
        if found is None:
            try:
                found = self._lifted[path] = self._lift(value, path)
            except CompileError:
                self._note_refused(value, path)
                raise
        return found

    def _note_refused(self, value: Any, path: Path) -> None:
        """Let a refusal be of this class (and dtype) of value only."""
        self.guards.append(Guard(path, "type", type(value)))
        if isinstance(value, np.ndarray):
            self.guards.append(Guard(path.attr("dtype"), "equal", value.dtype))

    def facts(self) -> tuple[Guard, ...]:
        """What a later call must satisfy to be answered as this one is."""
        paths = tuple(path for _, _, path in self._objects.values())
        if not self.tells_apart or len(paths) < 2:
            return tuple(self.guards)
        return (*self.guards, Guard(paths[0], "apart", paths))

    def note_undefined(self, module: dict[str, Any], name: str) -> None:
        """A module has no variable of this name: what it stands for is built in, or nothing."""
        if (id(module), name) in self._undefined or _is_of_sorix(module):
            return
        self._undefined.add((id(module), name))
        path = Path(("constant", ById(module), "globals()"))
        self.guards.append(Guard(path, "undefined", name))

    def lift_default(self, value: Any, path: Path) -> Value:
        """The abstract value of a default of a function that is called: a number is a constant."""
        if type(value) in (int, float):
            # Of floats the object counts: a NaN equals nothing, and -0.0 equals 0.0.
            self.guards.append(Guard(path, "equal" if type(value) is int else "is", value))
            return Const(value)
        return self.lift(value, path)

    def _lift(self, value: Any, path: Path) -> Any:
        if value is None or isinstance(value, str | bytes | type(...)):
            self.guards.append(Guard(path, "equal", value))
            return Static(value, path)
        if isinstance(value, bool | np.bool_):
            self.guards.append(Guard(path, "equal", value))
            return Const(bool(value))
        if isinstance(value, enum.Enum):
            self.guards.append(Guard(path, "is", value))
            return Static(value, path)
        if isinstance(value, int | float | complex | np.number):
            return self._number(value, path)
        if isinstance(value, _FIXED):
            self.guards.append(Guard(path, "equal", value))
            return Static(value, path)
        return self._once(value, path)

    def _number(self, value: Any, path: Path) -> Any:
        if isinstance(value, complex | np.complexfloating):
            raise UnsupportedTypeError(
                f"{path} is complex; derivatives of complex values are not taken",
                "pass real and imaginary parts",
            )
        _require_exact(value, path, (int, float), np.number)
        if isinstance(value, int) and (self.exact or ("int", path) in self.demanded):
            self.guards.append(Guard(path, "equal", value))
            return Const(value)
        type_ = INT if isinstance(value, int) else FLOAT
        if isinstance(value, np.number):
            type_ = Num(value.dtype.name, (), "scalar")
        if type_ == INT:
            type_ = replace(INT, value=Dim(SIGNED + str(path)))
        var = self._parameter(path, type_, "number")
        if isinstance(value, int):
            self.sources[var] = frozenset([("int", path)])
        return var

    def _container(self, value: Any, path: Path) -> Any:
        """A tuple, list, dict or deque, whose items are lifted at once."""
        if id(value) in self._open:
            raise CompilerLimitError(
                f"{path} is a {type(value).__name__} that contains itself",
                "pass the numbers in lists or dicts that do not lead back to themselves",
            )
        self._open.add(id(value))
        try:
            if isinstance(value, tuple):
                return self._tuple(value, path)
            if isinstance(value, list):
                return self._list(value, path)
            if isinstance(value, collections.deque):
                return self._queue(value, path)
            return self._dict(value, path)
        finally:
            self._open.discard(id(value))

    def _once(self, value: Any, path: Path) -> Any:
        """One object reached by two paths is one value; later calls must keep it so.

        Arguments that a derivative is taken in are variables of their own, whatever is passed.
        """
        kind, _, name = path.root
        if kind == "arg" and name in self.independent:
            return self._object(value, path)
        known = self._objects.get(id(value))
        if known is not None:
            self.guards.append(Guard(path, "same", known[2]))
            return known[1]
        lifted = self._object(value, path)
        self._objects[id(value)] = (value, lifted, path)
        return lifted

    def _object(self, value: Any, path: Path) -> Any:
        if isinstance(value, np.ndarray):
            return self._array(value, path, path, "array")
        if self.is_tensor(value):
            held = np.asarray(getattr(value, wrappers().data_field))
            inner = self._array(held, path, path, "tensor", value.requires_grad)
            self.guards.append(Guard(path, "grad", value.requires_grad))
            self.guards.append(Guard(path, "type", type(value)))
            self.tensor_classes[path] = type(value)
            return Tensor(inner, value.requires_grad, path)
        if isinstance(value, tuple | list | dict | types.MappingProxyType | collections.deque):
            return self._container(value, path)
        if isinstance(value, slice):
            self.guards.append(Guard(path, "type", slice))
            parts = ("start", "stop", "step")
            return SliceValue(*(self.lift(getattr(value, p), path.attr(p)) for p in parts))
        if isinstance(value, range):
            self.guards.append(Guard(path, "type", range))
            self.guards.append(Guard(path.attr("step"), "equal", value.step))
            start = self.lift(value.start, path.attr("start"))
            return RangeValue(start, self.lift(value.stop, path.attr("stop")), Const(value.step))
        if isinstance(value, set | frozenset):
            return self._set(value, path)
        if is_plain_instance(value):
            self.guards.append(Guard(path, "type", type(value)))
            cell = Cell(path.hint)
            self.initial[cell] = InstanceContent(type(value), {}, value, path)
            return Reference(cell)
        fixed = isinstance(value, _FACTS) or callable(value)
        guard = Guard(path, "is", value) if fixed else Guard(path, "type", type(value))
        self.guards.append(guard)
        return Static(value, path)

    def _array(
        self, value: np.ndarray, path: Path, key: Path, kind: str, grad: bool = False
    ) -> Array:
        _require_exact(value, path, (np.ndarray,))
        if value.dtype.kind not in "biuf":
            raise UnsupportedTypeError(
                f"{path} is an array of dtype {value.dtype}; only real numbers are differentiated",
                "pass arrays of floats, integers or booleans",
            )
        if not value.dtype.isnative:
            raise UnsupportedTypeError(
                f"{path} is an array of dtype {value.dtype.str}, whose bytes are in the order of"
                " other machines",
                f"pass a copy in this machine's: {path}.astype(np.{value.dtype.name})",
            )
        shape = []
        known = []
        for axis, size in enumerate(value.shape):
            if size < 2 or self.exact or ("dim", key, axis) in self.demanded:
                shape.append(constant(size))
                known.append((axis, size))
            else:
                shape.append(Dim(next(self._symbols)))
        type_ = Num(value.dtype.name, tuple(shape), "array")
        var = Var(path.hint, type_)
        in_order = self.exact and value.flags.c_contiguous
        found = Input(path, var, kind, grad, tuple(known), in_order)
        self.inputs.append(found)
        if self.contents is not None and kind == "array":
            kept = self.contents.keep(var, value)
            if kept is not None:
                self.guards.append(Guard(path, "contents", kept))
                self.sources[var] = frozenset()
        cell = Cell(path.hint)
        self.initial[cell] = Storage(var, in_order)
        self.cells[cell] = found
        for axis, dim in enumerate(shape):
            if dim.symbol is not None:
                self.dimensions[dim.symbol] = frozenset([("dim", key, axis)])
        return Array(cell)

    def _tuple(self, value: tuple[Any, ...], path: Path) -> Any:
        _require_plain(value, path, tuple)
        self.guards.append(Guard(path, "type", type(value)))
        self.guards.append(Guard(path, "length", len(value)))
        items = tuple(self.lift(v, path.item(k)) for k, v in enumerate(value))
        return Sequence(items, type(value))

    def _list(self, value: list[Any], path: Path) -> Any:
        _require_plain(value, path, list)
        self.reads_lists = True
        if self.appends:
            raise UnsupportedSyntaxError(
                "a list of the caller's is appended to, and one is read",
                "change a copy (list(xs), dict(d)) and return it",
            )
        self.guards.append(Guard(path, "type", type(value)))
        cell = Cell(path.hint)
        if len(value) > LONG and all(type(v) is float for v in value):
            from_caller = self._parameter(path, ListOf(FLOAT), "list")
            self.initial[cell] = _grown(from_caller)
            return Reference(cell)
        self.guards.append(Guard(path, "length", len(value)))
        items = tuple(self.lift(v, path.item(k)) for k, v in enumerate(value))
        self.initial[cell] = ListContent(items)
        return Reference(cell)

    def _set(self, value: Any, path: Path) -> Any:
        """A set of facts, in an order that is the same in every process."""
        _require_exact(value, path, (set, frozenset))
        self.guards.append(Guard(path, "equal", type(value)(value)))
        ordered = sorted(value, key=lambda v: (type(v).__name__, repr(v)))
        cell = Cell(path.hint)
        self.initial[cell] = ListContent(tuple(map(_constant, ordered)), type(value))
        return Reference(cell)

    def _queue(self, value: Any, path: Path) -> Any:
        _require_exact(value, path, (collections.deque,))
        self.guards.append(Guard(path, "type", type(value)))
        self.guards.append(Guard(path, "length", len(value)))
        self.guards.append(Guard(path.attr("maxlen"), "equal", value.maxlen))
        items = tuple(self.lift(v, path.item(k)) for k, v in enumerate(value))
        cell = Cell(path.hint)
        self.initial[cell] = ListContent(items, collections.deque, value.maxlen)
        return Reference(cell)

    def _dict(self, value: Any, path: Path) -> Any:
        _require_plain(value, path, dict)
        self.guards.append(Guard(path, "type", type(value)))
        self.guards.append(Guard(path, "keys", tuple(value)))
        cell = Cell(path.hint)
        items = tuple((k, self.lift(v, path.item(k))) for k, v in value.items())
        factory = None
        if type(value) is collections.defaultdict and value.default_factory is not None:
            factory = self.lift(value.default_factory, path.attr("default_factory"))
        self.initial[cell] = DictContent(items, type(value), factory=factory)
        return Reference(cell)

    def _parameter(self, path: Path, type_: Any, kind: str) -> Var:
        var = Var(path.hint, type_)
        self.inputs.append(Input(path, var, kind))
        return var

    def opaque(self, static: Static) -> Var:
        """A parameter for an object that the generated code must call or pass on."""
        key = ("opaque", id(static.value))
        found = self._lifted.get(key)  # type: ignore[call-overload]
        if found is None:
            path = static.path or Path(("constant", ById(static.value), "value"))
            type_ = Opaque(type(static.value).__name__)
            var = Var(path.hint, type_ if GENERATORS.get(type_) is type(static.value) else Opaque())
            self.inputs.append(Input(path, var, "object"))
            found = self._lifted[key] = var  # type: ignore[index]
        return found


def _grown(var: Var) -> Any:

    return GrownList((var,), Var("item", FLOAT))


def _constant(value: Any) -> Value:
    return Const(value) if isinstance(value, bool | int | float) else Static(value)


def _require_exact(
    value: Any, path: Path, classes: tuple[type, ...], derived: type | tuple[()] = ()
) -> None:
    """Refuse numbers and arrays whose class may have operators of its own."""
    if type(value) not in classes and not isinstance(value, derived):
        raise UnsupportedTypeError(
            f"{path} is of class {type(value).__name__}, derived from {_base(value, classes)}",
            f"pass an object of class {_base(value, classes)} itself",
        )


def _base(value: Any, classes: tuple[type, ...]) -> str:
    return next((cls for cls in classes if isinstance(value, cls)), classes[0]).__name__


_OVERRIDDEN = (
    "__getitem__", "__setitem__", "__iter__", "__len__", "__contains__", "__eq__", "__bool__",
    "__reversed__", "__getattribute__", "get", "items", "keys", "values", "append", "pop",
)  # fmt: skip


def _require_plain(value: Any, path: Path, base: type) -> None:
    """Refuse containers whose class says itself what they contain."""
    for cls in type(value).__mro__:
        if cls in (base, types.MappingProxyType) or cls.__module__ == "collections":
            return
        own = [name for name in _OVERRIDDEN if name in vars(cls)]
        if own:
            raise UnsupportedTypeError(
                f"{path} is of class {cls.__name__}, a {base.__name__} with its own {own[0]}()",
                f"pass a {base.__name__}",
            )


def number_class(type_: Num) -> type:
    """The class of the numbers of a type."""
    if type_.kind == "python":
        return {"float64": float, "int64": int}[type_.dtype or "float64"]
    return np.dtype(type_.dtype).type


_FIXED = (decimal.Decimal, datetime.date, datetime.time, datetime.timedelta, re.Pattern)
"""Classes of objects that equal ones can stand for."""

_FACTS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.ModuleType,
    type,
    np.dtype,
    np.ufunc,
)


def is_plain_instance(value: Any) -> bool:
    """Whether `value` is an object of a class written in Python, whose fields can be followed."""
    cls = type(value)
    if hasattr(cls, "__sorix_intrinsic__") or mark(value, "__sorix_wrapped__") is not None:
        return False
    if isinstance(value, _FACTS) or cls.__module__.split(".")[0] in _CLOSED:
        return False
    return (
        bool(cls.__flags__ & _WRITTEN)
        and cls.__module__ != "builtins"
        and not isinstance(value, int | float | str | np.ndarray | BaseException)
    )


@functools.lru_cache(maxsize=1024)
def slots_of(cls: type) -> tuple[str, ...]:
    """The names of the slots that a class and its bases have, those of the bases first."""
    names: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        if base.__flags__ & _WRITTEN:
            members = vars(base).items()
            names.update((n, None) for n, m in members if isinstance(m, types.MemberDescriptorType))
    return tuple(names)


_WRITTEN = 1 << 9
"""The flag of classes that a ``class`` statement made."""

_CLOSED = {
    "numpy",
    "builtins",
    "random",
    "functools",
    "itertools",
    "io",
    "logging",
    "threading",
    "typing",
}


def _is_of_sorix(module: dict[str, Any]) -> bool:
    """Whether these are the variables of a module that no program changes."""
    return str(module.get("__name__")).startswith("sorix.")
