"""Symbols: stand-ins for values, so that running a rule writes its body down as statements.

A `Symbol` answers to operators, NumPy functions, support functions and the methods of arrays by
emitting the call, in canonical form and typed, into its builder. What is static (rank, dtype,
constant dimensions) it answers with plain Python values; a question that only the run could
answer (the truth of a value) is an error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from sorix.compiler.ir import infer
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.types import NUMBERS, ListOf, Num
from sorix.errors import UnsupportedTypeError
from sorix.primitives.canonical import canonical
from sorix.primitives.methods import method_call
from sorix.support import list_item, zeros_like

OPERATOR_OF: dict[object, Callable[..., object]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
    np.positive: operator.pos,
    np.absolute: operator.abs,
    np.floor_divide: operator.floordiv,
    np.remainder: operator.mod,
    np.matmul: operator.matmul,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
}
"""The operator that stands for a universal function in the IR."""
WRITTEN_AS: dict[object, Callable[..., object]] = {list_item: operator.getitem}
"""What stands in the IR for a function that rules call because the operator is Python's own."""


class RunTimeOnlyError(UnsupportedTypeError, TypeError):
    """A rule asks a symbol for what only the run will tell.

    A TypeError as well: that is what Python expects of an object that has no length.
    """


class Symbol:
    """A value of the program that is being written."""

    __slots__ = ("atom", "builder")
    __array_priority__ = 1000.0
    __hash__ = object.__hash__

    def __init__(self, builder: Builder, atom: Var) -> None:
        self.builder, self.atom = builder, atom

    def __repr__(self) -> str:
        return f"Symbol({self.atom!r})"

    # ------------------------------------------------------------- what is known statically

    @property
    def num(self) -> Num:
        type_ = self.atom.type
        return type_ if isinstance(type_, Num) else Num()

    @property
    def ndim(self) -> int:
        rank = self.num.rank
        if rank is None:
            raise UnsupportedTypeError(
                f"the number of dimensions of '{self.atom.hint}' is not known",
                hint="give the array a rank that is the same on every path, with x.reshape(...)",
            )
        return rank

    @property
    def shape(self) -> tuple[Any, ...]:
        return tuple(self._length(axis) for axis in range(self.ndim))

    def _length(self, axis: int) -> Any:
        assert self.num.shape is not None
        dim = self.num.shape[axis]
        return dim.offset if dim.symbol is None else self.emit(np.size, self, axis)

    @property
    def size(self) -> Any:
        shape = self.num.shape
        if shape is not None and all(dim.symbol is None for dim in shape):
            return int(np.prod([dim.offset for dim in shape], dtype=int))
        return self.emit(np.size, self)

    @property
    def dtype(self) -> Any:
        name = self.num.dtype
        if name is None:
            raise UnsupportedTypeError(
                f"the dtype of '{self.atom.hint}' is not known",
                "say which it is: x.astype(np.float64)",
            )
        return np.dtype(name)

    @property
    def T(self) -> Symbol:
        return self if self.num.rank in (0, 1) else self.emit(np.transpose, self)

    # --------------------------------------------------------------- what becomes a call

    def emit(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Write the call down and return what it stands for: a symbol, or a tuple of them."""
        return emit(self.builder, fn, args, kwargs)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        """NumPy would make an array of symbols, with which its functions do something else."""
        raise UnsupportedTypeError(
            "a derivative rule makes an array of values with np.array() or np.asarray()",
            "write np.stack([...]) in the rule; a value that is an array already needs neither",
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__":
            return NotImplemented
        return self.emit(OPERATOR_OF.get(ufunc, ufunc), *args, **kwargs)

    def __array_function__(self, fn: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self.__sorix_function__(fn, args, kwargs)

    def __sorix_function__(self, fn: Any, args: Any, kwargs: Any) -> Any:
        static = STATIC.get(fn)
        if static is not None and len(args) == 1 and isinstance(args[0], Symbol):
            return static(args[0])
        return self.emit(WRITTEN_AS.get(fn, fn), *args, **kwargs)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def method(*args: Any, **kwargs: Any) -> Any:
            call = method_call(name, (self, *args), kwargs)
            if call is None:
                raise UnsupportedTypeError(
                    f"a derivative rule calls the method {name}() of an array, which has no rule",
                    "write the rule with operators and NumPy functions that have one",
                )
            return self.__sorix_function__(*call)

        if name.startswith("__"):
            raise AttributeError(name)
        return method

    def __getitem__(self, index: Any) -> Any:
        return self.emit(operator.getitem, self, index)

    def __neg__(self) -> Any:
        return self.emit(operator.neg, self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self.emit(operator.abs, self)

    def __invert__(self) -> Any:
        return self.emit(operator.invert, self)

    def _refuse(self, what: str) -> NoReturn:
        raise RunTimeOnlyError(
            f"a derivative rule asks for the {what} of '{self.atom.hint}', which the run decides",
            "write the rule without a branch or loop on values: np.where, or a function of its own"
            " with a rule",
        )

    def __bool__(self) -> bool:
        self._refuse("truth")

    def __len__(self) -> int:
        self._refuse("length")

    def __iter__(self) -> Any:
        if isinstance(self.atom.type, ListOf):
            return iter([_Element(self)])
        shape = self.num.shape
        if not shape or shape[0].symbol is not None:
            self._refuse("length")
        return iter([self[i] for i in range(shape[0].offset)])

    def __index__(self) -> int:
        self._refuse("value")

    def __float__(self) -> float:
        self._refuse("value")


class _Element:
    """What NumPy finds in a list of unknown length when it looks for somebody to call.

    It can nothing else: a rule that goes through the list itself cannot be written down.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Symbol) -> None:
        self._items = items

    def __array_function__(self, fn: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self._items.__array_function__(fn, types, args, kwargs)


def _binary(fn: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(self: Symbol, other: Any) -> Any:
        return self.emit(fn, self, other)

    def reflected(self: Symbol, other: Any) -> Any:
        return self.emit(fn, other, self)

    return forward, reflected


for _name in "add sub mul truediv floordiv mod pow matmul and or xor".split():
    _fn = getattr(operator, _name + "_" if _name in ("and", "or") else _name)
    for _method, _body in zip((f"__{_name}__", f"__r{_name}__"), _binary(_fn), strict=True):
        setattr(Symbol, _method, _body)
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Symbol, f"__{_name}__", _binary(getattr(operator, _name))[0])

STATIC: dict[object, Callable[[Symbol], Any]] = {
    np.ndim: lambda x: x.ndim,
    np.shape: lambda x: x.shape,
    np.size: lambda x: x.size,
    zeros_like: lambda x: 0.0 if _is_scalar(x.num) else x.emit(zeros_like, x),
}
"""Functions that a symbol answers with Python values where they are known."""


def _is_scalar(num: Num) -> bool:
    return num.rank == 0 and num.kind in NUMBERS


def emit(
    builder: Builder, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Write ``fn(*args, **kwargs)`` down in canonical form.

    Of several results it returns a tuple; where there happens to be one, as of ``unstack`` for
    one array, a list, because a tangent of a list may be written into.
    """
    args, kwargs = canonical(fn, args, kwargs)
    atoms = tuple(lower(arg) for arg in args)
    options = {name: lower(value) for name, value in kwargs.items()}
    found = infer.infer(fn, atoms, options)
    types = found if isinstance(found, tuple) else (found,)
    alone = isinstance(found, tuple) and len(found) == 1
    if alone:
        # An assignment to one variable binds all that is returned: a sequence of one value.
        types = (ListOf(types[0]),)
    targets = tuple(Var("t", type_) for type_ in types)
    builder.add(Assign(targets, Call(fn, atoms, tuple(options.items())), builder.origin))
    symbols = tuple(Symbol(builder, var) for var in targets)
    if alone:
        return [symbols[0][0]]
    return symbols if isinstance(found, tuple) else symbols[0]


def lift(builder: Builder, atom: Atom) -> Any:
    """What stands for an atom while a rule runs."""
    match atom:
        case Var():
            return Symbol(builder, atom)
        case Const():
            return atom.value
        case Tup():
            items = [lift(builder, item) for item in atom.items]
            return items if atom.is_list else tuple(items)
        case Slc():
            return slice(*(lift(builder, part) for part in (atom.start, atom.stop, atom.step)))


def lower(value: Any) -> Atom:
    """The atom of a value that a rule made."""
    match value:
        case Symbol():
            return value.atom
        case tuple() | list():
            return Tup(tuple(lower(item) for item in value), isinstance(value, list))
        case slice():
            return Slc(lower(value.start), lower(value.stop), lower(value.step))
    return Const(value)


def needs_unbroadcast(value: Any, like: Any) -> bool:
    """Whether the shapes of two values (symbols or plain) may differ when the program runs."""
    a, b = lower(value), lower(like)
    if isinstance(b, Tup):
        # A list where an array is wanted: ``a[:] = [x, y]``. The cotangent of a list is one.
        type_ = a.type if isinstance(a, Var) else None
        return isinstance(type_, Num) and infer.needs_unbroadcast(type_, infer.num(b))
    if not (isinstance(a, Var | Const) and isinstance(b, Var | Const)):
        return True
    if not (isinstance(a.type, Num) and isinstance(b.type, Num)):
        # The cotangent of a list is a list, never broadcast.
        return False
    return infer.needs_unbroadcast(a.type, b.type)


def needs_broadcast(value: Any, like: Any) -> bool:
    """Whether a tangent (`value`) may be smaller than the result it is of (`like`)."""
    a, b = lower(value), lower(like)
    if not (isinstance(a, Var | Const) and isinstance(b, Var | Const)):
        return True
    x, y = a.type, b.type
    if not (isinstance(x, Num) and isinstance(y, Num)):
        return False
    return x.shape is None or x.shape != y.shape
