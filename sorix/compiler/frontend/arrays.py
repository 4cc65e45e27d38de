"""Arrays of the interpreted program: indexing, views, and writes in place.

A name holds an `Array`: the cell of its storage and the steps of the view taken of it. Reading
emits the steps; writing through a view emits, from the inside out, the store into each base of
the steps, and replaces the content of the cell, so that every other name and view sees it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import exceptions, failing, sharing, taken_rows, written_tensors
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import GENERIC, Interpreter
from sorix.compiler.frontend.state import CHOSEN_ELEMENT, KEPT_APART, SHARED_ELEMENT
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    FlatStep,
    GrownList,
    ListContent,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Step,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.shapes import show
from sorix.compiler.ir.types import NUMBERS, ListOf, Num
from sorix.errors import AliasingError, ShapeError, UnsupportedTypeError


def index_atom(it: Interpreter, value: Value, is_bound: bool = False) -> Atom:
    """The atom of an index expression, or of the bound of a slice, which may be None."""
    match value:
        case Const() | Var():
            return value
        case Static() if value.value is None or value.value is Ellipsis:
            return Const(value.value)
        case SliceValue():
            return Slc(*(index_atom(it, v, True) for v in (value.start, value.stop, value.step)))
        case Sequence():
            return Tup(tuple(index_atom(it, v) for v in value.items))
        case Maybe() if value.none and not is_bound:
            return _not_none(it, it.read(value))
        case Array() | Tensor() | Maybe():
            return it.read(value)
        case RangeValue():
            return it.atom(np.arange, value.start, value.stop, value.step)
        case Static() if isinstance(value.value, slice):
            s = value.value
            return Slc(Const(s.start), Const(s.stop), Const(s.step))
        case Reference():
            value = taken_rows.as_list(it, value)
            assert isinstance(value, Reference)
            content = it.state.get(value.cell)
            if isinstance(content, ListContent):
                return Tup(tuple(index_atom(it, v) for v in content.items), is_list=True)
            if isinstance(content, GrownList) and content.cls is tuple:
                raise UnsupportedTypeError(
                    "a tuple whose length the run decides is used as an index",
                    "index with a tuple of known length, or with a list or array of integers",
                )
            if isinstance(content, GrownList) and len(content.atoms) == 1:
                return it.atom(np.array, content.atoms[0])
    raise UnsupportedTypeError(
        f"{describe(value, it)} is used as an index of an array",
        "index with integers, slices and arrays",
    )


def _not_none(it: Interpreter, atom: Atom) -> Atom:
    """An index that is None on some paths, where ``a[None]`` would be a view of the array."""
    return it.atom(operator.index, atom) if is_integer(atom) else atom


def _parts(index: Atom) -> tuple[Atom, ...]:
    return index.items if isinstance(index, Tup) and not index.is_list else (index,)


def is_basic(index: Atom) -> bool:
    """Whether the index takes a view: integers, slices, None and Ellipsis only."""
    return all(_is_basic_part(part) for part in _parts(index))


def _is_basic_part(part: Atom) -> bool:
    if isinstance(part, Slc):
        return True
    if isinstance(part, Const):
        return not isinstance(part.value, bool)
    return is_integer(part)


def is_integer(atom: Any) -> bool:
    if isinstance(atom, Const):
        return isinstance(atom.value, int | np.integer) and not isinstance(atom.value, bool)
    type_ = getattr(atom, "type", None)
    return (
        isinstance(type_, Num)
        and type_.rank == 0
        and type_.dtype is not None
        and np.dtype(type_.dtype).kind in "iu"
    )


def getitem(it: Interpreter, base: Value, index: Value, hint: str = GENERIC) -> Value:
    """``base[index]`` of an array, a number, or an opaque object."""
    if isinstance(base, Tensor):
        return _of_tensor(it, base, operator.getitem, index_atom(it, index))
    atom = index_atom(it, index)
    if not isinstance(base, Array):
        return it.emit(operator.getitem, it.read(base), atom)
    if not is_basic(atom):
        return it.emit(operator.getitem, it.read(base), atom)
    if it.tries:
        # A view is read where it is used, and raises where it is taken.
        it.check_before(it, operator.getitem, (it.read(base), atom))
    view = compose(it, base, atom)
    type_ = it.type_of(view)
    if isinstance(type_, Num) and type_.rank == 0 and type_.kind == "scalar":
        step = view.steps[-1]
        inner = it.read_array(Array(view.cell, view.steps[:-1]))
        return it.atom(step.read, inner, *step.args)
    return view


def compose(it: Interpreter, base: Array, index: Atom) -> Array:
    """The view of a view, with ``a[i][j]`` taken as ``a[i, j]``.

    Of what nothing is known, not: it may be a tuple of arrays.
    """
    if base.steps:
        last = base.steps[-1]
        whole = it.type_of(Array(base.cell, base.steps[:-1]))
        if last.read is operator.getitem and whole != Num():
            head = _parts(last.args[0])
            if all(is_integer(p) for p in head):
                joined = Tup((*head, *_parts(index)))
                return Array(base.cell, (*base.steps[:-1], Step(operator.getitem, (joined,))))
    return Array(base.cell, (*base.steps, Step(operator.getitem, (index,))))


def view(it: Interpreter, base: Value, fn: Any, *args: Atom, **options: Any) -> Value:
    """A reshaping of an array: a view where NumPy certainly makes one, else a fresh value."""
    if isinstance(base, Tensor):
        return _of_tensor(it, base, fn, *args, **options)
    if isinstance(base, Maybe):
        return view(it, base.value, fn, *args, **options)
    if not isinstance(base, Array):
        return it.emit(fn, it.read(base), *args, **options)
    ordered = fn not in (np.reshape, np.ravel) or (not options and in_order(it, base))
    taken_of = None if ordered else it.state.get(base.cell).atom
    step = Step(fn, args, tuple(options.items()), taken_of)
    return _tried(it, Array(base.cell, (*base.steps, step)))


def _tried(it: Interpreter, view: Array) -> Array:
    """Take the view here and now, where a handler waits for what that raises."""
    if it.tries and (exceptions.handled(it, ValueError) or exceptions.handled(it, IndexError)):
        it.read_array(view)
    return view


def flat_view(base: Array) -> Array:
    """``base.flat``: the elements in C order, written through whatever the layout."""
    return Array(base.cell, (*base.steps, FlatStep(np.ravel, ())))


def in_order(it: Interpreter, array: Array) -> bool:
    """Whether the elements certainly lie in C order, one after the other."""
    content = it.state.get(array.cell)
    kept = all(_keeps_order(step) for step in array.steps)
    return kept and isinstance(content, Storage) and content.contiguous


def forget_order(it: Interpreter, value: Value) -> None:
    """Take it that arrays with rows may lie in any order: as NumPy itself would have made them."""
    for part in value.items if isinstance(value, Sequence) else (value,):
        content = it.state.get(part.cell) if isinstance(part, Array) else None
        if isinstance(part, Array) and isinstance(content, Storage):
            type_ = it.type_of(part)
            if not (isinstance(type_, Num) and type_.rank in (0, 1)):
                it.put(part.cell, replace(content, contiguous=False))


def _keeps_order(step: Step) -> bool:
    """Whether a part of an array in C order is in C order: rows one after the other are."""
    if step.read is not operator.getitem:
        return step.read in _SAME_ORDER and step.taken_of is None
    parts = [p for p in _parts(step.args[0]) if not (isinstance(p, Const) and p.value is None)]
    while parts and is_integer(parts[0]):
        parts.pop(0)
    return not parts or (len(parts) == 1 and _is_run(parts[0]))


def _is_run(part: Atom) -> bool:
    """Whether an index takes elements one after the other: ``...``, or a slice of step 1."""
    if isinstance(part, Slc):
        return isinstance(part.step, Const) and part.step.value in (None, 1)
    return isinstance(part, Const) and part.value is Ellipsis


_SAME_ORDER: set[Any] = {np.reshape, np.ravel, np.squeeze, np.expand_dims}


def _of_tensor(it: Interpreter, base: Tensor, fn: Any, *args: Atom, **options: Any) -> Tensor:
    """Tensors are not written in place: a part of one is a value, with an identity of its own."""
    it.exposed.add(it.read(base))
    value = it.emit(fn, it.read(base), *args, **options)
    if not it.grad_enabled:
        value = it.emit(support.detach, it.read(value))
    return Tensor(value, base.requires_grad and it.grad_enabled)


# -- writing --------------------------------------------------------------------------------


def require_writable(it: Interpreter, array: Array) -> None:
    """Refuse to write into an array that another may share memory with.

    Written out, a loop makes a list whose elements are known by name; kept apart, a short list
    from which the run chooses is one.
    """
    why = None if sharing.told_apart(it, array.cell) else it.state.frozen.get(array.cell)
    if why is CHOSEN_ELEMENT or why is SHARED_ELEMENT and it.chose_from_lists:
        _require_kept_apart(it)
    growing = it.growing | it.short_loops_around()
    if why is SHARED_ELEMENT and growing:
        it.demand_unroll(frozenset(("unroll", key) for key in growing))
    if why:
        require_parted(it, array.cell)
        raise AliasingError(
            f"an array is written in place while {why}",
            "write to a copy (a = a.copy()), or assign a new array (a = a + v)",
        )
    if array.cell in it.inputs.cells:
        it.mutated[array.cell] = None


def _require_kept_apart(it: Interpreter) -> None:
    if KEPT_APART not in it.inputs.demanded:
        raise Demand(frozenset([KEPT_APART]))


PERHAPS_SHARED = "it may share its memory with another array"


def share(it: Interpreter, *values: Value) -> None:
    """Let these arrays be read only: writing into one might change another."""
    for value in values:
        if isinstance(value, Maybe):
            value = value.value
        if isinstance(value, Array):
            it.state.freeze(value.cell, PERHAPS_SHARED)
        elif isinstance(value, Sequence):
            share(it, *value.items)


PARTED = 5
"""So many branches may go apart to the end of their block: the text doubles with each."""


def require_parted(it: Interpreter, cell: Cell) -> None:
    """Interpret again with the ways of a branch apart, where it made this array ambiguous."""
    key = it.parted_at.get(cell)
    parted = sum(k[0] == "parted" for k in it.inputs.demanded)
    if key is not None and key not in it.inputs.demanded and parted < PARTED:
        raise Demand(frozenset([key]))


def setitem(it: Interpreter, base: Value, index: Value, value: Value) -> None:
    """``base[index] = value`` of an array."""
    base = _array(it, base)
    write(it, base, index_atom(it, index), value)


def write(it: Interpreter, base: Array, index: Atom, value: Value) -> None:
    """Emit ``base[index] = value`` into the storage that `base` is a view of."""
    if _is_mask(index):
        require_apart(base, value)
    given = written_tensors.element(it, value)
    if isinstance(given, Var) and isinstance(given.type, ListOf):
        given = it.atom(np.array, given)  # Its cotangent is an array, and that of a list is none.
    _require_dtype(it, base, given)
    if base.steps and is_basic(index):
        base, index = _last_index(compose(it, base, index))
    replace_content(it, base, lambda old: it.atom(support.store, old, index, given))


def _is_mask(index: Atom) -> bool:
    type_ = getattr(index, "type", None)
    return isinstance(type_, Num) and type_.dtype == "bool" and type_.rank != 0


def _require_dtype(it: Interpreter, base: Array, given: Atom) -> None:
    """Refuse a float for an array that may be one of integers: it has no derivative then."""
    of_base, of_given = it.type_of(base), getattr(given, "type", None)
    is_open = isinstance(of_base, Num) and of_base.dtype is None
    if is_open and isinstance(given, Var) and isinstance(of_given, Num) and of_given.is_float:
        require_writable(it, base)
        raise UnsupportedTypeError(
            "a float is written into an array of which the run decides whether it is one of"
            " integers, which cut it off",
            "say which it is: a = a.astype(float)",
        )


def require_apart(base: Array, value: Value) -> None:
    """Refuse a view of what is written: where a mask is set, NumPy reads it as it writes."""
    if isinstance(value, Array) and value.cell == base.cell:
        raise AliasingError(
            "values from an array are written into it where a mask is set, one after the other",
            "copy them before: a[mask] = a[0].copy()",
        )


def add_in_place(it: Interpreter, base: Array, index: Atom, value: Atom) -> None:
    """Emit ``base[index] += value`` for an index that names no element twice."""
    _require_dtype(it, base, value)
    if base.steps and is_basic(index):
        base, index = _last_index(compose(it, base, index))
    replace_content(it, base, lambda old: it.atom(support.add_at, old, index, value))


def _last_index(array: Array) -> tuple[Array, Atom]:
    return Array(array.cell, array.steps[:-1]), array.steps[-1].args[0]


def replace_content(it: Interpreter, array: Array, change: Any) -> None:
    """Give the (viewed part of the) storage the value ``change(old)``."""
    require_writable(it, array)
    content = it.state.get(array.cell)
    assert isinstance(content, Storage)
    _require_views(it, array)
    new = _rewritten(it, content.atom, array.steps, change)
    if isinstance(new, Var) and isinstance(content.atom, Var):
        object.__setattr__(new, "hint", content.atom.hint)
    it.put(array.cell, replace(content, atom=new))


def _rewritten(
    it: Interpreter, base: Atom, steps: tuple[Step, ...], change: Callable[[Atom], Atom]
) -> Atom:
    if not steps:
        return change(base)
    step, rest = steps[0], steps[1:]
    if step.read is operator.getitem and not rest:
        inner = it.atom(step.read, base, *step.args)
        return it.atom(support.store, base, step.args[0], change(inner))
    options: dict[str, Any] = dict(step.options)
    inner = it.builder.call(step.read, base, *step.args, **options)
    return _undo(it, step, base, _rewritten(it, inner, rest, change))


def _undo(it: Interpreter, step: Step, base: Atom, new: Atom) -> Atom:
    """The base with what `step` views of it replaced by `new`."""
    if step.read is operator.getitem:
        return it.atom(support.store, base, step.args[0], new)
    if step.read is np.transpose:
        axes = dict(step.options).get("axes")
        if axes is None:
            return it.atom(np.transpose, new)
        order = [it.demand(a, "an axis") for a in getattr(axes, "items", ())]
        back = Tup(tuple(Const(int(k)) for k in np.argsort(order)))
        return it.atom(np.transpose, new, axes=back)
    if step.read is np.swapaxes:
        options: dict[str, Any] = dict(step.options)
        return it.atom(np.swapaxes, new, *step.args, **options)
    if step.read in (np.reshape, np.ravel, np.squeeze, np.expand_dims):
        return it.atom(support.reshape_like, new, base)
    raise AliasingError(
        f"an array is written through a view made by {step.read.__name__}()",
        "write to the array itself, with an index",
    )


def _require_views(it: Interpreter, array: Array) -> None:
    """A reshape of an array that may not be contiguous is a view or a copy: undecidable."""
    if any(step.taken_of is not None for step in array.steps):
        raise AliasingError(
            "an array is written through reshape() or ravel(), which may or may not be a copy",
            "make the base with np.zeros, np.empty or .copy(), or write to it with an index",
        )


def _array(it: Interpreter, value: Value) -> Array:
    if isinstance(value, Maybe):
        return _array(it, value.value)
    if isinstance(value, Array):
        return value
    written_tensors.require_no_target(value)
    raise failing.not_possible(
        it,
        value,
        "{} object does not support item assignment",
        f"an element of {describe(value)} is assigned",
        "assign to elements of arrays, lists and dicts",
    )


def augment(it: Interpreter, fn: Any, target: Array, operand: Value) -> None:
    """``target op= operand`` of an array, in place: dtype and shape are the target's."""
    content = it.state.get(target.cell)
    everything = Const(Ellipsis)
    old_type = it.type_of(target)
    value = written_tensors.operand(it, old_type, operand)
    require_fits(old_type, infer(fn, (Var("t", old_type), value), {}))
    if target.steps and target.steps[-1].read is operator.getitem:
        base, index = _last_index(target)
        if fn is operator.add:
            return add_in_place(it, base, index, value)
        if fn is operator.sub:
            return add_in_place(it, base, index, it.atom(operator.neg, value))

    def change(old: Atom) -> Atom:
        new = it.atom(fn, old, value)
        if same_kind(getattr(old, "type", None), getattr(new, "type", None)):
            return new
        return it.atom(support.store, old, everything, new)

    contiguous = content.contiguous if isinstance(content, Storage) else False
    replace_content(it, target, change)
    if contiguous:
        now = it.state.get(target.cell)
        it.put(target.cell, replace(now, contiguous=True))
    return None


def require_fits(target: Any, result: Any) -> None:
    """Refuse what a ufunc does not write into an array: another kind of number, more dimensions."""
    if not (isinstance(target, Num) and isinstance(result, Num)) or target.kind in NUMBERS:
        return
    into, given = target.dtype, result.dtype
    known = given or (into if into and np.dtype(into).kind == "f" else "float64")
    if into is not None and not np.can_cast(known, into, "same_kind"):
        raise UnsupportedTypeError(
            f"an array of {into} is given values of {known} in place, which NumPy refuses",
            "make it an array of floats before: a = a.astype(float)",
        )
    if None not in (target.rank, result.rank) and target.rank < result.rank:
        shapes = f"{show(target.shape)} from values of shape {show(result.shape)}"
        raise ShapeError(f"an array of shape {shapes} is computed in place")


def same_kind(a: Any, b: Any) -> bool:
    """Whether the types prove equal dtype and shape, and without axes that both are arrays or
    numbers: of an array NumPy computes a number there, in which no other name sees a change."""
    return (
        isinstance(a, Num)
        and isinstance(b, Num)
        and a.dtype is not None
        and a.dtype == b.dtype
        and a.shape is not None
        and a.shape == b.shape
        and (bool(a.shape) or a.kind == b.kind)
    )
