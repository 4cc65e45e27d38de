"""Abstract values: what a name of the user's program holds while it is interpreted.

Numbers are IR atoms (``Var``, ``Const``). Whatever Python can change in place lives in a cell of
the `State`, and names hold a reference to the cell, so that two names for one array, a view of
it, and a list that contains it all see a write, as they do in Python.

Values (immutable)
    ``Var``, ``Const``  a number, or an opaque object
    ``Static``          an object known at compile time: None, a string, a function, a module
    ``Array``           an array: its storage cell, and the view taken of it
    ``Tensor``          a tensor of the runtime around a number or array
    ``Sequence``        a tuple (or NamedTuple) of known length
    ``Reference``       a list, dict, set or instance, or a tuple whose length the run decides:
                        the cell that holds its content
    ``Closure``         a function or lambda defined inside the program
    ``Choice``          one function or another, as the run decides
    ``Descriptor``      a property, static or class method of a class defined inside the program
    ``Bound``, ``Partial``, ``SliceValue``, ``RangeValue``, ``Lazy``  parts of Python's own
    ``GradientOf``, ``Pullback``, ``Checkpointed``  what sorix's own functions return
Contents of cells (immutable too; a write replaces them)
    ``Storage``, ``ListContent``, ``GrownList``, ``DictContent``, ``InstanceContent``, or a value
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Num


class Cell:
    """A place of the program's memory; compared by identity."""

    __slots__ = ("label",)

    def __init__(self, label: str = "") -> None:
        self.label = label

    def __repr__(self) -> str:
        return f"<{self.label or 'cell'} {id(self) & 0xFFFF:x}>"


class Private(Cell):
    """A place that the program itself cannot read: what sorix notes about it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Static:
    """A Python object known at compile time; `path` says how to fetch it again at a call."""

    value: Any
    path: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a view: how to read it from its base, and how to write the base back.

    NumPy's reshape copies where the layout in memory needs it. Where that is not known, `taken_of`
    is what the storage held at the step: as long as it does, view and copy are the same.
    """

    read: Callable[..., Any]
    args: tuple[Atom, ...]
    options: tuple[tuple[str, Atom], ...] = ()
    taken_of: Atom | None = None


@dataclass(frozen=True, slots=True)
class FlatStep(Step):
    """The step to ``a.flat``: writes go through it, but a part of it is a copy."""


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    cell: Cell
    steps: tuple[Step, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    value: Value
    requires_grad: bool
    leaf: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    items: tuple[Value, ...]
    cls: type = tuple


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    cell: Cell


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the program: its syntax, and the variables it can see."""

    node: Any
    frame: Any
    defaults: tuple[Value, ...]
    kw_defaults: tuple[Value | None, ...]
    name: str
    cls: type | None = None
    """The class of the program whose method it is."""
    qualname: str = ""
    """Its ``__qualname__``, where that is not told by where it stands."""
    abstract: bool = False
    """Whether ``abc.abstractmethod`` marks it."""


@dataclass(frozen=True, slots=True, eq=False)
class Descriptor:
    """What ``property`` and its like make of a function of the program.

    `kind` is "property", "static", "class" or "cached".
    """

    kind: str
    fn: Value
    setter: Value | None = None
    deleter: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several functions; the run says which by its number (see `State.number`)."""

    selector: Atom
    options: tuple[tuple[int, Value], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A method with its object (`fn` is a Static function or a Closure)."""

    fn: Value
    owner: Value


@dataclass(frozen=True, slots=True, eq=False)
class MethodOf:
    """A method of a built-in kind of value (array, list, dict, string), by name."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    fn: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, eq=False)
class GradientOf:
    """What `sorix.func.grad` makes of a function."""

    function: Value
    argnums: int | tuple[int, ...]
    has_aux: bool
    has_value: bool


@dataclass(frozen=True, slots=True, eq=False)
class Pullback:
    """What `sorix.func.vjp` returns beside the value: the map from its cotangent to cotangents.

    The statements `stmts` computed `value` from the variables `wrt`, which are the floats of
    `primals`. They stand in `builder`, if the pullback is not called in another block. `value` and
    `primals` are copies that nobody else refers to.
    """

    name: str
    stmts: tuple[Any, ...]
    wrt: tuple[Var, ...]
    results: tuple[Atom, ...]
    value: Value
    primals: tuple[Value, ...]
    builder: Any


@dataclass(frozen=True, slots=True, eq=False)
class Checkpointed:
    """What `sorix.checkpoint` makes of a function, or of what a loop runs over.

    `segment` is the number of iterations in a segment of the loop, None where the run decides.
    """

    target: Value
    segment: Atom | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SliceValue:
    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True, slots=True, eq=False)
class RangeValue:
    start: Atom
    stop: Atom
    step: Atom


@dataclass(frozen=True, slots=True, eq=False)
class Lazy:
    """An iterator around others (zip, enumerate, map, a generator), or a view of a dict.

    The cell holds what was `Taken` of it; `depth` counts the loops around the place it was made.
    `site` is that place, where it can be made as an object instead, which any loop may take from.
    """

    kind: str
    parts: tuple[Value, ...]
    extra: Any = None
    depth: int = 0
    site: Any = None
    cell: Cell = field(default_factory=lambda: Cell("taken"))


@dataclass(frozen=True, slots=True, eq=False)
class SuperValue:
    """``super()``: attributes are looked up past `after` in the order of the owner's class."""

    owner: Value
    after: type


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


class _Lost:
    """The content of a cell that paths changed and no merge reached; reading it is refused."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "LOST"


LOST = _Lost()
"""The value of a name that is not assigned yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Torn:
    """What a name holds that has no one structure where two paths meet; reading it is refused."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True, eq=False)
class Maybe:
    """A value on some paths; on others None, where `none`, or not assigned.

    `assigned` says whether it is assigned at all, and is None where it certainly is. Where the
    value is no number or array, `present` says whether it is not None.
    """

    value: Value
    none: bool = False
    present: Atom | None = None
    assigned: Atom | None = None


Value = (
    Var
    | Const
    | Static
    | Array
    | Tensor
    | Sequence
    | Reference
    | Closure
    | Choice
    | Descriptor
    | Bound
    | MethodOf
    | Partial
    | GradientOf
    | Pullback
    | Checkpointed
    | SliceValue
    | RangeValue
    | Lazy
    | SuperValue
    | Maybe
    | Torn
    | _Missing
)

NONE = Static(None)
SENT = Static(None)
"""What ``yield`` gives in a generator that a loop consumes."""
Kwargs = dict[str, Value]
"""The keyword arguments of a call."""


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """The present value of an array. `contiguous`: C order is certain (a reshape is a view)."""

    atom: Atom
    contiguous: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """How many items were taken of an iterator; None where it has been walked to some end."""

    count: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ListContent:
    """A list of known length; of a set or deque where `cls` says so, of at most `longest` items.

    `site` is the place where the program makes a set, see `open_sets`.
    """

    items: tuple[Value, ...]
    cls: type = list
    longest: int | None = None
    site: Any = None

    def made_at(self, site: Any) -> ListContent:
        return ListContent(self.items, self.cls, self.longest, site)

    @property
    def is_set(self) -> bool:
        return issubclass(self.cls, set | frozenset)

    def with_items(self, items: Iterable[Value]) -> ListContent:
        """The same kind of list with other items; too many are dropped at its beginning."""
        kept = tuple(items)
        if self.longest is not None:
            kept = kept[max(0, len(kept) - self.longest) :]
        return ListContent(kept, self.cls, self.longest, self.site)


@dataclass(frozen=True, slots=True, eq=False)
class GrownList:
    """A list whose length the run decides: one IR list for each leaf of `template`.

    A deque or tuple is one where `cls` says so.
    """

    atoms: tuple[Atom, ...]
    template: Value
    cls: type = list

    def with_atoms(self, atoms: Iterable[Atom]) -> GrownList:
        """The same kind of list with other items."""
        return GrownList(tuple(atoms), self.template, self.cls)


@dataclass(frozen=True, slots=True, eq=False)
class DictContent:
    """A dict; whether the keys in `uncertain` are there depends on the path taken. `factory`
    is a defaultdict's; `site`, where the program makes it, see `open_dicts`."""

    items: tuple[tuple[Any, Value], ...]
    cls: type = dict
    uncertain: frozenset[Any] = frozenset()
    factory: Value | None = None
    site: Any = None

    def made_at(self, site: Any) -> DictContent:
        return DictContent(self.items, self.cls, self.uncertain, self.factory, site)

    def get(self, key: Any) -> Value | None:
        for k, v in self.items:
            if k == key:
                return v
        return None

    def with_items(self, items: Any) -> DictContent:
        """The same kind of dict with other items."""
        kept = tuple(items)
        uncertain = self.uncertain & {k for k, _ in kept}
        return DictContent(kept, self.cls, uncertain, self.factory, self.site)

    def with_item(self, key: Any, value: Value) -> DictContent:
        items = tuple((dict(self.items) | {key: value}).items())
        keys = [k for k, _ in items]
        # Where it was, and where it is put now, may be different places among the others.
        misplaced = keys[keys.index(key) :] if key in self.uncertain and key != keys[-1] else ()
        uncertain = self.uncertain - {key} | {*misplaced}
        return DictContent(items, self.cls, uncertain, self.factory, self.site)


@dataclass(frozen=True, slots=True, eq=False)
class InstanceContent:
    """The fields of an object; those of an object of the caller's are fetched when read."""

    cls: type
    fields: dict[str, Value] = field(default_factory=dict)
    external: Any = None
    path: Any = None

    def with_field(self, name: str, value: Value) -> InstanceContent:
        return InstanceContent(self.cls, {**self.fields, name: value}, self.external, self.path)


def is_number(value: object) -> bool:
    """Whether `value` is a plain number (not an array): a numeric Var or Const."""
    return isinstance(value, Var | Const) and isinstance(value.type, Num)


def computed_with(value: Value) -> Value:
    """A value as an operand: where some path leaves None for a tensor, the run computes with the
    tensor or raises."""
    if isinstance(value, Maybe) and isinstance(value.value, Tensor):
        return value.value
    return value
