"""The page of all messages, to be read aloud: tests/golden/messages.txt.

python -m tests.catalogue.page      write it
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.catalogue.checks import outcome, refusal
from tests.catalogue.registry import Entry, load
from tests.catalogue.sites import Site

PAGE = Path(__file__).parents[1] / "golden" / "messages.txt"


def section(entry: Entry) -> str:
    """One program's part of the page: the message as a user sees it, without the file's folder."""
    error = refusal(entry)
    reason = re.sub(r"(/[^\s/]+)+/(?=\w+\.py)", "", error.reason)
    lines = [f"{entry.name}: {type(error).__name__}", f"    {reason}"]
    if error.line:
        text = error.source_line
        indent = len(text) - len(text.lstrip())
        lines += [f"        {text.strip()}", f"        {' ' * max(0, error.column - indent)}^"]
    lines.append(f"    Instead: {error.hint}")
    if entry.way not in ("situation", "tape"):
        lines.append(f"    The tape {outcome(entry)}.")
    return "\n".join(lines)


def page() -> str:
    """The text of the whole page."""
    return "\n\n".join(section(entry) for entry in load().values()) + "\n"


def is_met(site: Site) -> bool:
    """Whether some program is refused with the message of this place."""
    if site.pattern is None:
        return True
    refusals = [refusal(entry) for entry in load().values()]
    found = (e for e in refusals if type(e).__name__ == site.cls)
    return any(re.fullmatch(site.pattern, e.reason) for e in found)


if __name__ == "__main__":
    PAGE.write_text(page())
