"""Dicts whose keys the run decides, as the Python they amount to: lists of keys and of values.

The interpreter reads these classes as it reads the user's. What a dict has and these do not is a
method of ``dict``, which the interpreter refuses to follow for such an object.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def place(keys: Any, key: Any) -> int:
    """The place of a key among others, -1 where it is none of them; see `open_dicts`."""
    raise NotImplementedError


def noted(items: Any) -> Any:
    """What a list holds now."""
    raise NotImplementedError


def resized(before: Any, items: Any) -> bool:
    """Whether a list has another length than it had before."""
    raise NotImplementedError


def copied(found: Any) -> Any:
    """Another dict of the same keys and values."""
    raise NotImplementedError


def refuse(what: str) -> Any:
    """Refuse the program that does this with such a dict; see `open_dicts`."""
    raise NotImplementedError


def counted(found: Any, items: Any) -> Any:
    """A counter, which counts these items."""
    for item in items:
        found[item] = found[item] + 1
    return found


class OpenDict(dict[Any, Any]):
    """The keys, in the order in which they were put in, and the value of each."""

    dict_keys: list[Any]
    dict_values: list[Any]

    def __getitem__(self, key: Any) -> Any:
        at = place(self.dict_keys, key)
        if at < 0:
            raise KeyError(key)
        return self.dict_values[at]

    def __setitem__(self, key: Any, value: Any) -> None:
        at = place(self.dict_keys, key)
        if at < 0:
            self.dict_keys.append(key)
            self.dict_values.append(value)
        else:
            self.dict_values[at] = value

    def get(self, key: Any, default: Any = None) -> Any:
        at = place(self.dict_keys, key)
        return default if at < 0 else self.dict_values[at]

    def setdefault(self, key: Any, default: Any = None) -> Any:
        at = place(self.dict_keys, key)
        if at < 0:
            self.dict_keys.append(key)
            self.dict_values.append(default)
            return default
        return self.dict_values[at]

    def update(self, other: Any) -> None:  # type: ignore[override]
        if not isinstance(other, dict):
            refuse("is updated with what is no dict")
        for key in other:
            self[key] = other[key]

    def copy(self) -> Any:
        return copied(self)

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

    def __eq__(self, other: object) -> bool:
        refuse("is compared")
        return False

    def __ne__(self, other: object) -> bool:
        refuse("is compared")
        return False

    def __repr__(self) -> str:
        refuse("is printed")
        return ""


class OpenCounter(OpenDict):
    def update(self, items: Any) -> None:  # type: ignore[override]
        if isinstance(items, dict):
            refuse("counts what another counts")
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
            value = self.factory()
            self.dict_keys.append(key)
            self.dict_values.append(value)
            return value
        return self.dict_values[at]


class KeysView:
    """What a dict holds when it is asked."""

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

    def item(self, k: int) -> Any:
        return self.owner.dict_keys[k]

    def __contains__(self, key: Any) -> bool:
        return key in self.owner

    def __eq__(self, other: object) -> bool:
        refuse("is compared")
        return False

    def __repr__(self) -> str:
        refuse("is printed")
        return ""


class ValuesView(KeysView):
    def item(self, k: int) -> Any:
        return self.owner.dict_values[k]

    def __contains__(self, value: Any) -> bool:
        return value in self.owner.dict_values


class ItemsView(KeysView):
    def item(self, k: int) -> Any:
        return self.owner.dict_keys[k], self.owner.dict_values[k]

    def __contains__(self, item: Any) -> bool:
        refuse("is looked through for an item")
        return False
