"""What does not change a program's meaning must not change its value or its gradient.

Every program of the corpus is rewritten and compiled again. In an ordinary run, each goes through
new names and dead code together, and through two more of the transformations, by a digest of its
name; ``SORIX_METAMORPHIC=all`` runs every transformation on every program.
"""

from __future__ import annotations

import os
import zlib

import numpy as np
import pytest

from sorix.errors import CompileError
from tests.corpus import checks
from tests.corpus.differences import pack
from tests.corpus.registry import Program, load
from tests.metamorphic import augmenting, branches, extracting, loops, names  # noqa: F401
from tests.metamorphic.ground import TRANSFORMATIONS
from tests.metamorphic.making import text_of, transformed

ALL = os.environ.get("SORIX_METAMORPHIC") == "all"
COMPILED = [p for p in load().values() if p.refused is None]
ROTATED = [n for n in TRANSFORMATIONS if n not in ("rename", "dead_code")]

MAY_REFUSE = {
    ("late_binding_in_a_loop", "for_to_while"): (
        "a while loop is kept as one, and a list of functions needs a known length"
    ),
    ("array_written_before_the_raise", "dead_code"): (
        "a second name for an array, made in a try that raises later, counts as read"
    ),
    ("recursive_itself", "dead_code"): (
        "a helper of one more level exceeds the depth to which calls are followed"
    ),
    ("checkpointing", "try_finally"): (
        "what is run again for its derivative may not stand in a try statement"
    ),
    ("two_names_of_what_a_loop_made", "for_to_while"): (
        "only a loop whose iterations are counted is written out"
    ),
    ("elimination_with_rows_exchanged", "extract_expressions"): (
        "a helper hands out the rows that the run chooses, before they are exchanged"
    ),
    ("field_that_is_its_old_self", "extract_statements"): (
        "a helper is given one array as two, and hands one of them back"
    ),
    ("array_named_from_a_list_and_changed", "extract_expressions"): (
        "a helper hands out the array that the run chooses, before it is changed"
    ),
    ("array_named_from_a_list_while_its_items_are_written", "extract_expressions"): (
        "a helper hands out the array that the run chooses, before it is changed"
    ),
    ("array_named_from_a_list_while_its_items_are_written", "extract_statements"): (
        "a helper hands out the array that the run chooses, which it has changed"
    ),
    ("array_named_by_a_view_of_itself_and_written_after_the_loop", "dead_code"): (
        "a second name for a view counts as read"
    ),
    ("directions_read_by_a_closure_and_replaced", "dead_code"): (
        "a second name for a view counts as read"
    ),
    ("views_of_a_dict_with_keys_of_the_run", "try_finally"): (
        "a KeyError of a loop's, which holds the key, is handled outside of the loop"
    ),
    ("dict_that_grows_while_a_loop_runs_over_it", "try_finally"): (
        "a KeyError of a loop's, which holds the key, is handled outside of the loop"
    ),
    ("copies_of_a_dict_with_keys_of_the_run", "try_finally"): (
        "a KeyError of a loop's, which holds the key, is handled outside of the loop"
    ),
    ("array_written_after_a_loop_that_returns_if_it_is_entered", "dead_code"): (
        "a second name for an array that is written and replaced in a loop counts as read"
    ),
    ("sensitivities_by_several_arguments", "try_finally"): (
        "a derivative that the program takes may not stand in a try statement"
    ),
}
"""By program or topic, and transformation: why the rewritten program may be refused."""

ASKS_FOR_NAMES = {"names_of_a_scope"}
"""Programs that look at their own variables, which other names and more of them change."""


def chosen(program: Program) -> list[tuple[str, ...]]:
    if ALL:
        return [(name,) for name in TRANSFORMATIONS]
    start = zlib.crc32(program.name.encode())
    picked = {ROTATED[start % len(ROTATED)], ROTATED[start // 7 % len(ROTATED)]}
    return [("rename", "dead_code"), *((name,) for name in sorted(picked))]


@pytest.mark.parametrize(
    "program",
    [p for p in COMPILED if p.name not in ASKS_FOR_NAMES],
    ids=lambda p: f"{p.topic}-{p.name}",
)
def test_rewritten_programs_agree(program: Program) -> None:
    faults = [fault for way in chosen(program) if (fault := disagreement(program, way))]
    assert not faults, "\n\n".join(faults)


def disagreement(program: Program, way: tuple[str, ...]) -> str:
    """What is wrong with the program rewritten this way; nothing if all is well."""
    again = transformed(program, way)
    if again is None:
        return ""
    about = f"{program.name} after {' and '.join(way)}"
    one, other = checks.case(program), checks.Case(again)
    other.__dict__["direction"] = None
    plain, after = one.scalar(*one.args()), other.scalar(*other.args())
    if not np.allclose(plain, after, rtol=1e-12, atol=1e-14):
        return f"{about}: the rewriting is wrong, {after} is not {plain}\n{text_of(again)}"
    try:
        value, gradient = other.gradient(*other.args())
    except CompileError as error:
        if any(
            (kind, name) in MAY_REFUSE for name in way for kind in (program.name, program.topic)
        ):
            return ""
        return f"{about}: refused, {type(error).__name__}: {error}\n{text_of(again)}"
    want_value, want = one.gradient(*one.args())
    if not np.allclose(value, want_value, rtol=1e-12, atol=1e-14):
        return f"{about}: value {value} is not {want_value}\n{text_of(again)}"
    got, expected = pack(gradient), pack(want)
    scale = np.abs(expected).max(initial=0.0) + 1e-2
    if got.shape != expected.shape or not np.abs(got - expected).max(initial=0.0) <= 1e-9 * scale:
        return f"{about}: gradient {got} is not {expected}\n{text_of(again)}"
    return ""
