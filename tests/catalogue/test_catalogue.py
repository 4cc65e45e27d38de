"""Every refusal has a program that meets it, a place, a reason, and says what to write instead."""

from __future__ import annotations

import pytest

from tests.catalogue.checks import refusal
from tests.catalogue.page import PAGE, is_met, section
from tests.catalogue.registry import Entry, load
from tests.catalogue.sites import Site, sites

ENTRIES = list(load().values())
SITES = sites()
WRITTEN = {part.split(":")[0]: part for part in PAGE.read_text().rstrip("\n").split("\n\n")}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_the_message_is_the_one_on_the_page(entry: Entry) -> None:
    assert section(entry) == WRITTEN.get(entry.name), "run python -m tests.catalogue.page"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
def test_the_message_points_at_the_users_line_and_says_what_to_write_instead(entry: Entry) -> None:
    error = refusal(entry)
    assert error.hint, error.reason
    if error.line:
        if entry.way != "situation":  # Which may write the program into a file of its own.
            assert error.file == entry.function.__code__.co_filename
        assert error.source_line.strip()
        assert error.source_line[error.column :].strip()


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.place)
def test_every_place_that_refuses_says_what_to_write_instead(site: Site) -> None:
    assert site.hinted


@pytest.mark.parametrize("site", SITES, ids=lambda s: s.place)
def test_every_place_that_refuses_is_met_by_a_program(site: Site) -> None:
    assert is_met(site), f"add a program that is refused with {site.cls}: {site.pattern}"


def test_the_page_has_nothing_else() -> None:
    assert list(WRITTEN) == [e.name for e in ENTRIES]
