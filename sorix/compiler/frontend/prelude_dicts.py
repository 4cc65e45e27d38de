"""Dicts whose keys the run decides, as the Python they amount to: lists of keys and of values.

The interpreter reads these classes as it reads the user's. What a dict has and these do not is a
method of ``dict``, which the interpreter refuses to follow for such an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sorix.compiler.frontend.prelude_steps import (
    Unshown,
    admitted,
    become_row,
    copied_dict,
    found_row,
    is_row_of,
    noted,
    place,
    places,
    refuse,
    require_empty,
    require_same,
    resized,
    row,
)


def counted(found: Any, items: Any) -> Any:
    """A counter, which counts these items."""
    for item in items:
        found[item] = found[item] + 1
    return found


class OpenDict(Unshown, dict[Any, Any]):
    """The keys, in the order in which they were put in, and the value of each."""

    what = "a dict whose keys the run decides"
    instead = "loop over its items"

    dict_keys: list[Any]
    dict_values: list[Any]

    def entry_of(self, value: Any) -> Any:
        """What stands among the values for one."""
        return admitted(self, value)

    def value_at(self, at: int) -> Any:
        return self.dict_values[at]

    def __getitem__(self, key: Any) -> Any:
        at = place(self.dict_keys, key)
        if at < 0:
            raise KeyError(key)
        return self.value_at(at)

    def __setitem__(self, key: Any, value: Any) -> None:
        entry = self.entry_of(value)
        at = place(self.dict_keys, key)
        if at < 0:
            self.dict_keys.append(key)
            self.dict_values.append(entry)
        else:
            self.dict_values[at] = entry

    def get(self, key: Any, default: Any = None) -> Any:
        at = place(self.dict_keys, key)
        return default if at < 0 else self.value_at(at)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        entry = self.entry_of(default)
        at = place(self.dict_keys, key)
        if at < 0:
            at = len(self.dict_keys)
            self.dict_keys.append(key)
            self.dict_values.append(entry)
        return self.value_at(at)

    def update(self, other: Any) -> None:  # type: ignore[override]
        if not isinstance(other, dict):
            refuse(
                self.what,
                "is updated with what is no dict",
                "assign each: for k, v in pairs: d[k] = v",
            )
        for key in other:
            self[key] = other[key]

    def copy(self) -> Any:
        return copied_dict(self)

    def __contains__(self, key: Any) -> bool:
        return place(self.dict_keys, key) >= 0

    def __len__(self) -> int:
        return len(self.dict_keys)

    def __iter__(self) -> Iterator[Any]:
        return iter(KeysView(self))

    def keys(self) -> Any:
        return KeysView(self)

    def values(self) -> Any:
        return ValuesView(self)

    def items(self) -> Any:
        return ItemsView(self)


class OpenCounter(OpenDict):
    def update(self, items: Any) -> None:  # type: ignore[override]
        if isinstance(items, dict):
            refuse(
                self.what,
                "counts what another counts",
                "add each: for k in other: c[k] += other[k]",
            )
        counted(self, items)

    def most_common(self, number: Any = None) -> Any:
        found = sorted(self.items(), key=lambda item: -item[1])
        return found if number is None else found[:number]

    def __getitem__(self, key: Any) -> Any:
        at = place(self.dict_keys, key)
        return 0 if at < 0 else self.dict_values[at]


class OpenDefaultDict(OpenDict):
    factory: Any

    def __getitem__(self, key: Any) -> Any:
        at = place(self.dict_keys, key)
        if at < 0:
            at = len(self.dict_keys)
            entry = self.entry_of(self.factory())
            self.dict_keys.append(key)
            self.dict_values.append(entry)
        return self.value_at(at)


class OpenLists(OpenDict):
    """A dict of lists: among its values stand their numbers.

    The items of all lists are in one, in the order in which they were put in, and beside each is
    the number of the list that it is in.
    """

    owners: list[int]
    members: list[Any]
    count: int

    def entry_of(self, value: Any) -> Any:
        if is_row_of(self, value):
            return value.number
        number = self.count
        self.count = number + 1
        for item in value:
            self.owners.append(number)
            self.members.append(item)
        become_row(value, self, number)
        return number

    def value_at(self, at: int) -> Any:
        return row(self, self.dict_values[at])

    def get(self, key: Any, default: Any = None) -> Any:
        require_empty(default)
        at = place(self.dict_keys, key)
        return found_row(self, -1 if at < 0 else self.dict_values[at])


class OpenDefaultLists(OpenLists, OpenDefaultDict):
    pass


class Row(Unshown, list[Any]):
    """A list among the values of such a dict."""

    what = "a list in a dict whose keys the run decides"
    instead = "make a list of its own: list(d[key])"

    owner: Any
    number: int

    def places(self) -> Any:
        return places(self.owner.owners, self.number)

    def __len__(self) -> int:
        return len(self.places())

    def __iter__(self) -> Iterator[Any]:
        before = noted(self.owner.owners)
        noted(self.owner.members)
        for at in self.places():
            yield self.owner.members[at]
            require_same(before, self.owner.owners)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        return self.owner.members[self.places()[index]]

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            refuse(self.what, "has a slice assigned", "assign its items one by one: d[key][i] = v")
        self.owner.members[self.places()[index]] = value

    def append(self, item: Any) -> None:
        self.owner.owners.append(self.number)
        self.owner.members.append(item)

    def extend(self, items: Any) -> None:
        for item in items:
            self.append(item)

    def __iadd__(self, items: Any) -> Any:
        self.extend(items)
        return self

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, list):
            refuse(self.what, "is added to what is no list", "add a list: d[key] + list(other)")
        return list(self) + list(other)

    def copy(self) -> Any:
        return list(self)

    def index(self, item: Any) -> Any:  # type: ignore[override]
        return list(self).index(item)

    def count(self, item: Any) -> Any:
        return list(self).count(item)

    def __contains__(self, item: Any) -> bool:
        return item in list(self)


class FoundRow(Row):
    """What `get` finds, which is no list of the dict's where there is none at the key."""

    def append(self, item: Any) -> None:
        self.refuse_change()

    def __setitem__(self, index: Any, value: Any) -> None:
        self.refuse_change()

    def refuse_change(self) -> Any:
        return refuse(self.what, "was found by get(), and is changed", "change d[key] itself")


class KeysView(Unshown):
    """What a dict holds when it is asked."""

    what = "a view of a dict whose keys the run decides"
    instead = "make a list of it: list(d.keys())"

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    def __len__(self) -> int:
        return len(self.owner)

    def __iter__(self) -> Iterator[Any]:
        before = noted(self.owner.dict_keys)
        noted(self.owner.dict_values)
        for k in range(len(before)):
            yield self.item(k)
            if resized(before, self.owner.dict_keys):
                raise RuntimeError("dictionary changed size during iteration")

    def __reversed__(self) -> Iterator[Any]:
        before = noted(self.owner.dict_keys)
        noted(self.owner.dict_values)
        for k in range(len(before)):
            yield self.item(len(before) - 1 - k)
            if resized(before, self.owner.dict_keys):
                raise RuntimeError("dictionary changed size during iteration")

    def item(self, k: int) -> Any:
        return self.owner.dict_keys[k]

    def __contains__(self, key: Any) -> bool:
        return key in self.owner


class ValuesView(KeysView):
    def item(self, k: int) -> Any:
        return self.owner.value_at(k)

    def __contains__(self, value: Any) -> bool:
        return value in list(self)


class ItemsView(KeysView):
    instead = "loop over it"

    def item(self, k: int) -> Any:
        return self.owner.dict_keys[k], self.owner.value_at(k)

    def __contains__(self, item: Any) -> bool:
        refuse(self.what, "is searched for an item", "look up its key: k in d and d[k] == v")
        return False
