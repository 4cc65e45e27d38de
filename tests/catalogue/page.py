"""The page of all messages, to be read aloud: tests/golden/messages.txt.

python -m tests.catalogue.page      write it
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.catalogue.checks import outcome, refusal
from tests.catalogue.registry import Entry, load
from tests.catalogue.sites import Site, sites

UNMET = Path(__file__).parent / "unmet.txt"
"""The messages that no program meets yet: a list to be worked off, and not to be added to."""
PAGE = Path(__file__).parents[1] / "golden" / "messages.txt"


def section(entry: Entry) -> str:
    """One program's part of the page: the message as a user sees it, without the file's folder."""
    error = refusal(entry)
    lines = [f"{entry.name}: {type(error).__name__}", f"    {error.reason}"]
    if error.line:
        text = error.source_line
        indent = len(text) - len(text.lstrip())
        lines += [f"        {text.strip()}", f"        {' ' * max(0, error.column - indent)}^"]
    lines.append(f"    Instead: {error.hint}")
    if entry.way != "situation":
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


def message(site: Site) -> str:
    """A place's message as it is listed, with dots for what is filled in."""
    words = re.sub(r"\\(.)", r"\1", (site.pattern or "").replace(".*", "…"))
    return f"{site.cls}: {words}"


if __name__ == "__main__":
    PAGE.write_text(page())
    unmet = sorted({message(site) for site in sites() if not is_met(site)})
    UNMET.write_text("".join(f"{line}\n" for line in unmet))
