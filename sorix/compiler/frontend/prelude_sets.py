"""Sets whose elements the run decides, as the Python they amount to: a list without repetitions.

The interpreter reads this class as it reads the user's; see `open_sets`. The order in which Python
walks through a set is not the order of that list, so what depends on it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sorix.compiler.frontend.prelude_steps import Unshown, copied_set, place, refuse


class OpenSet(Unshown, set[Any]):
    what = "a set whose elements the run decides"
    instead = "keep its elements in a list, too, or a flag for each: seen = [False] * n"
    set_items: list[Any]

    def add(self, item: Any) -> None:
        if place(self.set_items, item) < 0:
            self.set_items.append(item)

    def discard(self, item: Any) -> None:
        at = place(self.set_items, item)
        if at >= 0:
            del self.set_items[at]

    def remove(self, item: Any) -> None:
        at = place(self.set_items, item)
        if at < 0:
            raise KeyError(item)
        del self.set_items[at]

    def update(self, items: Any) -> None:  # type: ignore[override]
        for item in items:
            self.add(item)

    def clear(self) -> None:
        self.set_items.clear()

    def copy(self) -> Any:
        return copied_set(self)

    def __contains__(self, item: Any) -> bool:
        return place(self.set_items, item) >= 0

    def __len__(self) -> int:
        return len(self.set_items)

    def __iter__(self) -> Iterator[Any]:
        refuse(self.what, "is looped over, in an order that is not known", self.instead)
        return iter(())
