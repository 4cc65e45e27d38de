"""Two memories become one where the ways of a branch, or the rounds of a loop, meet.

`Merge` walks both memories from the same roots at once, pairs what stands at the same place, and
asks its client for a variable (a phi) wherever two numbers differ. Where two names share one array
on one side and not on the other, the merged cells are frozen: reading them is right, a write
through one of them could not be attributed, and is refused.
"""

from __future__ import annotations

import enum
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sorix.compiler.frontend import key_orders, likeness
from sorix.compiler.frontend.merged_sharing import Images, tell_others, tells_more
from sorix.compiler.frontend.state import AMBIGUOUS, SHARED_ELEMENT, LostError, RemadeError, State
from sorix.compiler.frontend.values import (
    LOST,
    MISSING,
    Array,
    Bound,
    Cell,
    Choice,
    Closure,
    Descriptor,
    DictContent,
    GrownList,
    InstanceContent,
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
    Storage,
    Taken,
    Tensor,
    Torn,
    _Missing,
)
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Const, Tup, Var
from sorix.errors import AliasingError, StructureError


class Merge:
    """Merge two states; see the module's docstring.

    Parameters
    ----------
    phi : callable
        ``phi(a, b, hint)``: the atom that stands for `a` on the first side and `b` on the second.
    read : callable
        ``read(side, value)``: the atom of an array (view) on side 0 or 1, emitted there.
    field : callable
        ``field(content, name)``: a field of an object of the caller's that a side did not write.
    """

    def __init__(
        self,
        first: State,
        second: State,
        phi: Callable[[Atom, Atom, str], Atom],
        read: Callable[[int, Any], Atom],
        field: Callable[[InstanceContent, str], Any],
    ) -> None:
        self.first, self.second = first, second
        self.phi, self.read, self.field = phi, read, field
        self.result = State(first.initial, first.functions)
        self.result.cells = first.cells.copy()
        for cell in second.cells.apart(first.cells):
            a, b = first.cells.get(cell), second.cells.get(cell)
            if isinstance(a, Taken) or isinstance(b, Taken):
                self.result.cells[cell] = a if a == b else Taken(None)
            elif a is None:
                self.result.cells[cell] = b
        self.result.frozen = {**first.frozen, **second.frozen}
        self.loses = False  # Whether the first side knows what the merged one does not.
        self.telling = True  # Whether what is frozen here may be told apart later.
        self._images = Images()
        self.result.returned = {**first.returned, **second.returned}
        self._pairs: dict[tuple[Cell, Cell], Cell] = {}
        self._fresh: list[tuple[Cell, tuple[tuple[int, Array], ...]]] = []
        self.more_tensors = False  # Whether what is no tensor on the first side may be one.
        self._in_lists: tuple[set[Cell], set[Cell]] = (set(), set())
        self.is_remade: Callable[[Closure], bool] = _is_never
        self.remade: list[Cell] = []
        self.open_at: Callable[[Any], None] = lambda site: None
        self.listed: Callable[[int, list[Atom]], list[Atom]] = lambda side, columns: columns
        self._partners: tuple[dict[Cell, set[Cell]], dict[Cell, set[Cell]]] = (
            defaultdict(set),
            defaultdict(set),
        )

    def run(self, roots: Iterable[Cell], tolerant: Callable[[Cell], bool]) -> State:
        """Merge what the roots reach; `tolerant(root)`: give up on a root that has no merge."""
        for root in roots:
            if any(side.cells.get(root) is LOST for side in (self.first, self.second)):
                self._lose(root)
                self.result.cells[root] = LOST
                continue
            a, b = self.first.get(root), self.second.get(root)
            if isinstance(a, Storage) and isinstance(b, Storage):
                self._held_by_caller(root)
            try:
                self.result.cells[root] = self.content(a, b, root.label)
            except LostError:
                self._lose(root)
                self.result.cells[root] = LOST  # A dead name refers to what is lost.
            except (StructureError, AliasingError) as error:
                if not tolerant(root):
                    raise
                if isinstance(error, RemadeError):
                    self.remade.append(root)
                self.result.cells[root] = Torn(error.reason, error.hint)
        self._freeze()
        self._freeze_fresh()
        self._freeze_listed()
        self._tell_others()
        self._mark_lost(self.result, {*roots, *self._pairs.values()})
        return self.result

    def _lose(self, cell: Cell) -> None:
        """Note whether the first side knows what the merged one does not."""
        self.loses |= self.first.cells.get(cell) is not LOST

    def _held_by_caller(self, root: Cell) -> None:
        """An array that the caller sees is itself on both sides, whatever names stand for it."""
        self._pairs[root, root] = root
        for partners in self._partners:
            partners[root].add(root)

    def mark_lost_of_first(self, state: State, roots: Iterable[Cell]) -> None:
        """The same in a copy of the first side, where its cells stand for the merged ones."""
        sides = [pair for _, arrays in self._fresh for pair in arrays]
        whole = (value.cell for side, value in sides if side == 0 and not value.steps)
        self._mark_lost(state, {*roots, *(cell for cell, _ in self._pairs), *whole})

    def _mark_lost(self, state: State, reached: set[Cell]) -> None:
        """Mark the cells that a side changed, and that were not merged, so that none reads them.

        They are garbage, unless the compiler holds a value without saying so; then it must not
        go on with what one of the sides knew.
        """
        for cell in self.second.cells.apart(self.first.cells):
            first = self.first.cells.get(cell)
            second = self.second.cells.get(cell)
            if first is None or second is None or cell in reached or isinstance(first, Taken):
                continue
            constant = isinstance(first, Const) and isinstance(second, Const)
            if not (constant and likeness.same_constant(first, second)):
                state.cells[cell] = LOST

    def newly_frozen(self) -> bool:
        """Whether a cell that could be written on the first side cannot be after the merge, or
        only after more others are out of reach."""
        return tells_more(self.first, self.result, self._images)

    def stays(self, cell: Cell) -> bool:
        """Whether something led to a cell of the first side."""
        return self._images.stays(cell)

    def _tell_others(self) -> None:
        if not self.result.frozen:
            return
        for (a, b), target in self._pairs.items():
            self._images.add(0, a, target)
            self._images.add(1, b, target)
        for target, arrays in self._fresh:
            for side, value in arrays:
                self._images.add(side, value.cell, target)
        if self.telling:
            sides = (self.first, self.second)
            tell_others(self.result, sides, self._images, self._frozen_for_good())

    def _frozen_for_good(self) -> set[Cell]:
        """What the caller has, and what a list took, is seen by others than the names here."""
        found: set[Cell] = set()
        for side, partners in enumerate(self._partners):
            for cell, others in partners.items():
                pairs = ((cell, other) if side == 0 else (other, cell) for other in others)
                if len(others) > 1 and not all(pair in self._pairs for pair in pairs):
                    found |= self._images.of(side, cell)
        for _, arrays in self._fresh:
            for side, value in arrays:
                if value.cell in self.result.initial:
                    found |= self._images.of(side, value.cell)
        for side, cells in enumerate(self._in_lists):
            found |= {*cells, *self._images.of_all(side, cells)}
        return found

    def less_ordered(self) -> bool:
        """Whether an array known to lie in C order on the first side need not after the merge."""
        for (a, _), target in self._pairs.items():
            before, now = self.first.cells.get(a), self.result.cells.get(target)
            if isinstance(before, Storage) and isinstance(now, Storage):
                if before.contiguous and not now.contiguous:
                    return True
        return False

    def _freeze(self) -> None:
        for side, partners in enumerate(self._partners):
            for cell, others in partners.items():
                if len(others) > 1:
                    for other in others:
                        pair = (cell, other) if side == 0 else (other, cell)
                        if pair in self._pairs:
                            self.result.frozen[self._pairs[pair]] = AMBIGUOUS

    # -- cells ------------------------------------------------------------------------------

    def cell(self, a: Cell, b: Cell, hint: str) -> Cell:
        pair = (a, b)
        found = self._pairs.get(pair)
        if found is not None:
            return found
        target = a if a is b else Cell(hint)
        self._pairs[pair] = target
        self._partners[0][a].add(b)
        self._partners[1][b].add(a)
        for side, state, held in ((0, self.first, a), (1, self.second, b)):
            if a is not b and isinstance(state.initial.get(held), Storage):
                self._partners[side][held].add(held)  # The caller's name for it is another.
        for frozen, cell in ((self.first.frozen, a), (self.second.frozen, b)):
            if cell in frozen:
                self.result.frozen[target] = frozen[cell]
        for returned, cell in ((self.first.returned, a), (self.second.returned, b)):
            if cell in returned:
                self.result.returned[target] = returned[cell]
        if self.first.cells.get(a) is LOST or self.second.cells.get(b) is LOST:
            self._lose(a)
            self.result.cells[target] = LOST  # A dead variable still refers to it.
            return target
        try:
            content = self.content(self.first.get(a), self.second.get(b), hint)
        except (LostError, StructureError, AliasingError):
            # Whoever else refers to it must not take one side's content for the merged one.
            del self._pairs[pair]
            self.result.cells[target] = LOST
            raise
        self.result.cells[target] = content
        return target

    def content(self, a: Any, b: Any, hint: str) -> Any:
        if isinstance(a, Storage) and isinstance(b, Storage):
            # Also where both are the same: a loop must see that what it carries stays as it is.
            atom = self.phi(a.atom, b.atom, hint)
            contiguous = a.contiguous and b.contiguous
            same = atom is a.atom and contiguous is a.contiguous
            return a if same else Storage(atom, contiguous)
        if isinstance(a, ListContent | GrownList) and isinstance(b, ListContent | GrownList):
            return self._lists(a, b, hint)
        if isinstance(a, DictContent) and isinstance(b, DictContent) and a.cls is b.cls:
            return self._dicts(a, b, hint)
        if isinstance(a, InstanceContent) and isinstance(b, InstanceContent):
            return self._instances(a, b, hint)
        return self.value(a, b, hint)

    def _lists(self, a: Any, b: Any, hint: str) -> Any:
        if isinstance(a, ListContent) and isinstance(b, ListContent):
            if len(a.items) == len(b.items) and (a.cls, a.longest) == (b.cls, b.longest):
                if a.is_set:
                    return self._sets(a, b, hint)
                items = (self.value(x, y, hint) for x, y in zip(a.items, b.items, strict=True))
                return a.with_items(items)
            if a.is_set and b.is_set:
                return self._refuse_sets(a, b, hint)
        if a.cls is not b.cls or any(_is_bound(v) for v in (a, b)):
            return _refuse(hint)
        return self._grow(a, b, hint)

    def _sets(self, a: ListContent, b: ListContent, hint: str) -> ListContent:
        """Sets of the same facts and objects."""
        for one, other in zip(a.items, b.items, strict=True):
            if isinstance(one, Reference) and isinstance(other, Reference):
                if one.cell is not other.cell:
                    self._refuse_sets(a, b, hint)
                self.value(one, other, hint)
            elif not likeness.same_statics((one,), (other,)):
                self._refuse_sets(a, b, hint)
        return a

    def _refuse_sets(self, a: ListContent, b: ListContent, hint: str) -> Any:
        """Sets that differ, or one set whose elements the run decides."""
        if a.site is not None and a.site == b.site:
            self.open_at(a.site)
        return _refuse(hint)

    def _grow(self, a: Any, b: Any, hint: str) -> GrownList:
        """Lists of different lengths become one IR list for each leaf of an element."""
        join = functools.partial(likeness.joined, which=f"list {hint!r}")
        template = functools.reduce(join, [*_templates(a), *_templates(b)])
        if isinstance(a, GrownList):
            self.more_tensors |= likeness.tensors(a.template) != likeness.tensors(template)
        left = self._columns(a, template, 0, hint)
        right = self._columns(b, template, 1, hint)
        atoms = tuple(self.phi(x, y, hint) for x, y in zip(left, right, strict=True))
        return GrownList(atoms, template, a.cls)

    def _columns(self, content: Any, template: Any, side: int, hint: str) -> list[Atom]:
        if isinstance(content, GrownList):
            return list(content.atoms)
        read = functools.partial(self._listed, side)
        rows = [likeness.leaves(item, read, hint) for item in content.items]
        width = len(likeness.leaves(template, lambda v: UNDEFINED, hint))
        columns = (tuple(row[k] for row in rows) for k in range(width))
        return self.listed(side, [Tup(column, is_list=True) for column in columns])

    def _listed(self, side: int, value: Any) -> Atom:
        """What a list takes that may be longer on the other side; it is read here and now."""
        if isinstance(value, Array):
            self._in_lists[side].add(value.cell)
        return self.read(side, value)

    def _dicts(self, a: DictContent, b: DictContent, hint: str) -> DictContent:
        items = []
        for key in key_orders.in_both([k for k, _ in a.items], [k for k, _ in b.items]):
            left, right = a.get(key), b.get(key)
            left = MISSING if left is None else left
            right = MISSING if right is None else right
            items.append((key, self.value(left, right, f"{hint}_{key}")))
        either = key_orders.differing(a, b)
        uncertain = a.uncertain | b.uncertain | either
        factory = a.factory if a.factory is b.factory else self.value(a.factory, b.factory, hint)
        site = a.site if a.site == b.site else None
        return DictContent(tuple(items), a.cls, uncertain, factory, site)

    def _instances(self, a: InstanceContent, b: InstanceContent, hint: str) -> InstanceContent:
        if a.cls is not b.cls or a.external is not b.external:
            raise StructureError(
                f"{hint!r} is an object of one class or another, depending on a branch",
                "make objects of one class, and let a field say which",
            )
        fields = {}
        for name in dict.fromkeys([*a.fields, *b.fields]):
            left = a.fields[name] if name in a.fields else self.field(a, name)
            right = b.fields[name] if name in b.fields else self.field(b, name)
            fields[name] = self.value(left, right, name)
        return InstanceContent(a.cls, fields, a.external, a.path)

    # -- values -----------------------------------------------------------------------------

    def value(self, a: Any, b: Any, hint: str) -> Any:
        for side in (a, b):
            if isinstance(side, Torn):
                raise StructureError(side.reason, side.hint)
        if a is MISSING or b is MISSING or isinstance(a, Maybe) or isinstance(b, Maybe):
            return self._maybe(a, b, hint)
        if likeness.is_absent(a) != likeness.is_absent(b):
            return self._optional(a, b, hint)
        if isinstance(a, Var | Const) and isinstance(b, Var | Const):
            return self._atoms(a, b, hint)
        if isinstance(a, Array) and isinstance(b, Array):
            return self._arrays(a, b, hint)
        if isinstance(a, Array | Var | Const) and isinstance(b, Array | Var | Const):
            atom = self.phi(self.read(0, a), self.read(1, b), hint)
            return self._fresh_array(atom, hint, ((0, a), (1, b)))
        if likeness.is_function(a) and likeness.is_function(b):
            return self._functions(a, b, hint)
        if isinstance(a, Static) and isinstance(b, Static):
            return self._statics(a, b, hint)
        if likeness.is_text(a) and likeness.is_text(b):
            return self.phi(self.read(0, a), self.read(1, b), hint)
        if self._is_tuple(0, a) and self._is_tuple(1, b) and _differ_in_length(a, b):
            return self._grown_tuple(a, b, hint)
        if type(a) is type(b):
            return self._alike(a, b, hint)
        if {type(a), type(b)} == {Tensor, Var} or {type(a), type(b)} == {Tensor, Const}:
            left = a.value if isinstance(a, Tensor) else a
            right = b.value if isinstance(b, Tensor) else b
            self.more_tensors |= a is left
            return Tensor(self.value(left, right, hint), True)
        return _refuse(hint)

    def _alike(self, a: Any, b: Any, hint: str) -> Any:
        if a is b and isinstance(a, Lazy):
            for part in a.parts:
                if isinstance(part, Array | Reference | Sequence | Lazy):
                    self.value(part, part, hint)  # What it walks is reached through it.
            return a
        if a is b and not isinstance(
            a, Sequence | Reference | Bound | Partial | Tensor | Closure | MethodOf
        ):
            return a
        match a:
            case Tensor():
                grad = a.requires_grad or b.requires_grad
                self.more_tensors |= grad and not a.requires_grad
                leaf = a.leaf if a.leaf is b.leaf else None
                return Tensor(self.value(a.value, b.value, hint), grad, leaf)
            case Sequence() if a.cls is b.cls and len(a.items) == len(b.items):
                pairs = enumerate(zip(a.items, b.items, strict=True))
                return Sequence(tuple(self.value(x, y, f"{hint}{k}") for k, (x, y) in pairs), a.cls)
            case Reference():
                return Reference(self.cell(a.cell, b.cell, hint))
            case Bound():
                return Bound(self.value(a.fn, b.fn, hint), self.value(a.owner, b.owner, hint))
            case Partial() if len(a.args) == len(b.args) and _keys(a) == _keys(b):
                args = tuple(self.value(x, y, hint) for x, y in zip(a.args, b.args, strict=True))
                named = zip(a.kwargs, b.kwargs, strict=True)
                kwargs = tuple((k, self.value(x, y, k)) for (k, x), (_, y) in named)
                return Partial(self.value(a.fn, b.fn, hint), args, kwargs)
            case SliceValue():
                parts = ((a.start, b.start), (a.stop, b.stop), (a.step, b.step))
                return SliceValue(*(self.value(x, y, hint) for x, y in parts))
            case RangeValue():
                ends = ((a.start, b.start), (a.stop, b.stop), (a.step, b.step))
                return RangeValue(*(self.phi(x, y, hint) for x, y in ends))
            case Closure() if a.node is b.node and a.frame is b.frame:
                return self._closures(a, b, hint)
            case MethodOf() if a.name == b.name:
                return MethodOf(self.value(a.owner, b.owner, hint), a.name)
        return _refuse(hint)

    def _is_tuple(self, side: int, value: Any) -> bool:
        return self._content_of_tuple(side, value) is not None

    def _content_of_tuple(self, side: int, value: Any) -> Any:
        """A tuple, of a length that the run may decide, as a list; None of other values."""
        if isinstance(value, Sequence):
            return ListContent(value.items, tuple) if value.cls is tuple else None
        content = (self.first, self.second)[side].get(value.cell) if _refers(value) else None
        return content if isinstance(content, GrownList) and content.cls is tuple else None

    def _grown_tuple(self, a: Any, b: Any, hint: str) -> Reference:
        """Tuples of different lengths: a new one, since nobody can change what they hold."""
        left, right = self._content_of_tuple(0, a), self._content_of_tuple(1, b)
        cell = Cell(hint)
        self.result.cells[cell] = self._grow(left, right, hint)
        return Reference(cell)

    def _functions(self, a: Any, b: Any, hint: str) -> Any:
        """One function or another is chosen by a number."""
        self._require_lasting(b)
        if likeness.same_function(a, b):
            return a
        if isinstance(a, Closure) and isinstance(b, Closure):
            if a.node is b.node and a.frame is b.frame:
                return self._closures(a, b, hint)
        one, other = self._choice(a), self._choice(b)
        options = tuple(sorted((dict(one.options) | dict(other.options)).items()))
        if len(options) > MANY or not all(likeness.is_plain_function(fn) for _, fn in options):
            return _refuse(hint)
        return Choice(self.phi(one.selector, other.selector, "choice"), options)

    def _require_lasting(self, value: Any) -> None:
        """At the head of a loop, a function of one iteration does not stand for the next one's.

        Both have one text, and see variables of different calls: as a layer around the layers so
        far, which is another function in each iteration.
        """
        options = value.options if isinstance(value, Choice) else ((0, value),)
        if any(isinstance(fn, Closure) and self.is_remade(fn) for _, fn in options):
            raise RemadeError(
                "a loop leaves a function that an iteration made, and data decide how many"
                " iterations there are",
                "loop over a range of known length, or carry the numbers that the function sees",
            )

    def _choice(self, value: Any) -> Choice:
        if isinstance(value, Choice):
            return value
        number = self.first.number(value)
        return Choice(Const(number), ((number, value),))

    def _closures(self, a: Closure, b: Closure, hint: str) -> Closure:
        """One function made twice: what its defaults hold may differ."""
        pairs = zip(a.defaults, b.defaults, strict=True)
        defaults = tuple(self.value(x, y, hint) for x, y in pairs)
        named = tuple(
            None if x is None else self.value(x, y, hint)
            for x, y in zip(a.kw_defaults, b.kw_defaults, strict=True)
        )
        return replace(a, defaults=defaults, kw_defaults=named)

    def _maybe(self, a: Any, b: Any, hint: str) -> Any:
        none = any(isinstance(v, Maybe) and v.none or likeness.is_absent(v) for v in (a, b))
        left = a.value if isinstance(a, Maybe) else a
        right = b.value if isinstance(b, Maybe) else b
        if left is MISSING and right is MISSING:
            return MISSING
        assigned = self._assigned(a, b, hint)
        if (
            left is MISSING
            or right is MISSING
            or likeness.is_absent(left) != likeness.is_absent(right)
        ):
            found = self._optional(left, right, hint, none)
            if not isinstance(found, Maybe):
                return found if assigned is None else Maybe(found, False, None, assigned)
            present = self._presence(a, b, none, hint)
            return replace(found, present=present, assigned=assigned)
        value = self.value(left, right, hint)
        return Maybe(value, none, self._presence(a, b, none, hint), assigned)

    def _assigned(self, a: Any, b: Any, hint: str) -> Atom | None:
        """Whether there is a value or None, where a path leaves it unassigned."""
        one, other = _is_assigned(a), _is_assigned(b)
        if isinstance(one, Const) and isinstance(other, Const) and one.value == other.value:
            return None if one.value else one
        return self.phi(one, other, f"set_{hint}")

    def _presence(self, a: Any, b: Any, none: bool, hint: str) -> Atom | None:
        """Whether there is a value, where that cannot be told from the value."""
        inner = b if a is MISSING or likeness.is_absent(a) else a
        inner = inner.value if isinstance(inner, Maybe) else inner
        if not none or isinstance(inner, Var | Const | Array | Tensor):
            return None
        sides = []
        for value in (a, b):
            held = value.value if isinstance(value, Maybe) else value
            there: Atom = Const(held is not MISSING and not likeness.is_absent(held))
            sides.append(value.present if isinstance(value, Maybe) and value.present else there)
        return self.phi(sides[0], sides[1], f"has_{hint}")

    def _optional(self, a: Any, b: Any, hint: str, none: bool = True) -> Any:
        """One side holds nothing (unassigned, or None), the other a value."""
        first_is_empty = b is not MISSING and likeness.is_absent(a)
        empty, full = (a, b) if a is MISSING or first_is_empty else (b, a)
        none = none or likeness.is_absent(empty)
        if isinstance(full, Static) and not likeness.is_absent(full):
            return Maybe(full, none) if empty is MISSING else self._statics(a, b, hint)
        if likeness.is_absent(full):
            return Maybe(full, True)
        filler = Const(None) if likeness.is_absent(empty) else UNDEFINED
        side = 1 if full is b else 0

        def merged(atom: Atom) -> Atom:
            return self.phi(filler, atom, hint) if side else self.phi(atom, filler, hint)

        value = self._map(full, merged, side, hint)
        return Maybe(value, none, self._presence(a, b, none, hint))

    def _map(self, value: Any, merged: Callable[[Atom], Atom], side: int, hint: str) -> Any:
        """A value of one side alone, its numbers those of a run that may not have them."""

        def inner(part: Any) -> Any:
            return self._map(part, merged, side, hint)

        match value:
            case Var() | Const():
                return merged(value)
            case Array():
                return self._fresh_array(merged(self.read(side, value)), hint, ((side, value),))
            case Tensor():
                return Tensor(inner(value.value), value.requires_grad)
            case Sequence():
                return Sequence(tuple(map(inner, value.items)), value.cls)
            case Reference():
                return Reference(self._one_sided_cell(value.cell, merged, side, hint))
            case Bound():
                return Bound(inner(value.fn), inner(value.owner))
            case MethodOf():
                return MethodOf(inner(value.owner), value.name)
            case Partial():
                kwargs = tuple((k, inner(v)) for k, v in value.kwargs)
                return Partial(inner(value.fn), tuple(map(inner, value.args)), kwargs)
            case Closure():
                self._require_lasting(value)
                if likeness.is_plain_function(value):
                    return value  # One of several to choose from only as long as it is plain.
                defaults = tuple(map(inner, value.defaults))
                named = tuple(None if v is None else inner(v) for v in value.kw_defaults)
                return replace(value, defaults=defaults, kw_defaults=named)
            case SliceValue():
                return SliceValue(inner(value.start), inner(value.stop), inner(value.step))
            case RangeValue():
                return RangeValue(merged(value.start), merged(value.stop), merged(value.step))
            case Choice():
                self._require_lasting(value)
                return replace(value, selector=merged(value.selector))
            case Maybe():
                flags = (value.present, value.assigned)
                there, assigned = (None if flag is None else merged(flag) for flag in flags)
                return Maybe(inner(value.value), value.none, there, assigned)
            case Static() | _Missing() | Descriptor():
                return value
        return _refuse(hint)

    def _one_sided_cell(
        self, cell: Cell, merged: Callable[[Atom], Atom], side: int, hint: str
    ) -> Cell:
        """The cell of a list, dict or object that only one side has a name for."""
        if all(state.get(cell) is not MISSING for state in (self.first, self.second)):
            return self.cell(cell, cell, hint)
        if (cell, cell) in self._pairs:
            return cell
        self._pairs[cell, cell] = cell
        content = (self.first, self.second)[side].get(cell)

        def inner(part: Any) -> Any:
            return self._map(part, merged, side, hint)

        match content:
            case ListContent():
                content = replace(content, items=tuple(map(inner, content.items)))
            case GrownList():
                content = replace(content, atoms=tuple(map(merged, content.atoms)))
            case DictContent():
                content = content.with_items((k, inner(v)) for k, v in content.items)
            case InstanceContent():
                fields = {k: inner(v) for k, v in content.fields.items()}
                content = replace(content, fields=fields)
        self.result.cells[cell] = content
        return cell

    def _atoms(self, a: Atom, b: Atom, hint: str) -> Atom:
        if isinstance(a, Const) and isinstance(b, Const) and likeness.same_constant(a, b):
            return a
        return self.phi(a, b, hint)

    def _statics(self, a: Static, b: Static, hint: str) -> Any:
        if a.value is b.value or (
            type(a.value) is type(b.value)
            and likeness.is_comparable(a.value)
            and a.value == b.value
        ):
            return a
        if all(isinstance(v.value, str | None | enum.Enum) for v in (a, b)):
            return self.phi(self.read(0, a), self.read(1, b), hint)
        return _refuse(hint)

    def _arrays(self, a: Array, b: Array, hint: str) -> Any:
        if likeness.same_steps(a, b):
            return Array(self.cell(a.cell, b.cell, hint), a.steps)
        atom = self.phi(self.read(0, a), self.read(1, b), hint)
        return self._fresh_array(atom, hint, ((0, a), (1, b)))

    def _fresh_array(self, atom: Atom, hint: str, sides: tuple[tuple[int, Any], ...]) -> Array:
        """A cell for one array or another (or a number, or nothing); see `_freeze_fresh`."""
        cell = Cell(hint)
        self.result.cells[cell] = Storage(atom)
        arrays = tuple((side, value) for side, value in sides if isinstance(value, Array))
        self._fresh.append((cell, arrays))
        return Array(cell)

    def _freeze_fresh(self) -> None:
        """A fresh cell stands for an array that has no other name; where it has, writing into
        either would have to be seen through the other, and neither may be written any more."""
        reached = [{pair[side] for pair in self._pairs} for side in (0, 1)]
        uses = Counter((side, value.cell) for _, arrays in self._fresh for side, value in arrays)
        for cell, arrays in self._fresh:
            for side, value in arrays:
                why = (self.first, self.second)[side].frozen.get(value.cell)
                shared = value.steps or uses[side, value.cell] > 1 or value.cell in reached[side]
                if why or shared or value.cell in self.result.initial:
                    self.result.frozen[cell] = why or AMBIGUOUS
                    self._freeze_everywhere(side, value.cell, why or AMBIGUOUS)

    def _freeze_listed(self) -> None:
        """What became an element of a list that the run makes longer has another name there."""
        for side, cells in enumerate(self._in_lists):
            for cell in cells:
                self._freeze_everywhere(side, cell, SHARED_ELEMENT)

    def _freeze_everywhere(self, side: int, cell: Cell, why: str) -> None:
        """Freeze a cell of one side, and those that stand for it after the merge."""
        self.result.frozen[cell] = why
        for pair, target in self._pairs.items():
            if pair[side] is cell:
                self.result.frozen[target] = why


def _is_never(fn: Closure) -> bool:
    return False


MANY = 16
"""Of so many functions the run may choose one."""


def _refers(value: Any) -> bool:
    return isinstance(value, Reference)


def _differ_in_length(a: Any, b: Any) -> bool:
    """Whether one of two tuples is of a length that the run decides, or both of known ones."""
    known = isinstance(a, Sequence) and isinstance(b, Sequence)
    return not known or len(a.items) != len(b.items)


def _is_bound(content: ListContent | GrownList) -> bool:
    """Whether it is a set, or a deque of a greatest length: it cannot become a list that grows."""
    return isinstance(content, ListContent) and (content.is_set or content.longest is not None)


def _templates(content: Any) -> tuple[Any, ...]:
    return (content.template,) if isinstance(content, GrownList) else content.items


def _is_assigned(value: Any) -> Atom:
    if isinstance(value, Maybe) and value.assigned is not None:
        return value.assigned
    return Const(value is not MISSING)


def _keys(partial: Partial) -> tuple[str, ...]:
    return tuple(k for k, _ in partial.kwargs)


def _refuse(hint: str) -> Any:
    raise StructureError(
        f"{hint!r} holds one kind of thing or another, depending on a branch or an iteration",
        "give it the same structure (number, array, tuple of the same length) on every path",
    )
