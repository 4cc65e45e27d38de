"""Derivatives of corpus programs as text, read by eye; one file in tests/golden/corpus each.

Set SORIX_UPDATE_GOLDEN=1 to write the files anew, and read what changed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sorix.func.points import Point
from tests.corpus import checks
from tests.corpus.registry import load

GOLDEN = Path(__file__).parent / "golden" / "corpus"
UPDATE = bool(os.environ.get("SORIX_UPDATE_GOLDEN"))
ALL = load()

REVERSE = [
    "add_at",
    "back_substitution",
    "boolean_mask_store_of_values",
    "burgers",
    "cholesky_by_hand",
    "dict_update_and_items",
    "early_return",
    "gauss_seidel",
    "handler_taken",
    "lu_in_place",
    "moving_average",
    "nested_loops",
    "newton_square_root",
    "object_changed_in_a_loop",
    "procedure_changes_its_argument",
    "return_inside_a_loop",
    "rows_and_columns_are_views",
    "series_until_small",
    "sum_of_a_generator",
    "thomas_algorithm",
    "two_arrays_change_places",
    "wave_leapfrog",
]
FORWARD_OVER_REVERSE = ["lotka_volterra_rk4", "repeated_sine", "thomas_algorithm"]


def compared(name: str, text: str) -> None:
    """Compare with the file, in which lines are counted from the first of the program."""
    first = ALL[name.removesuffix("_hvp")].function.__code__.co_firstlineno
    path = GOLDEN / f"{name}.py"
    text = re.sub(r"(\w+\.py):(\d+)", lambda m: f"{m[1]}:{int(m[2]) - first + 1}", text)
    if UPDATE:
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("name", REVERSE)
def test_the_adjoint(name: str) -> None:
    it = checks.case(ALL[name])
    it.gradient(*it.args())
    compared(name, it.gradient.source)


@pytest.mark.parametrize("name", FORWARD_OVER_REVERSE)
def test_the_product_of_the_hessian_with_a_direction(name: str) -> None:
    it = checks.case(ALL[name])
    point = Point(it.scalar, it.args())
    gradient = point.entry.program.gradient(point.wrt, point.scalar_seed())
    compared(f"{name}_hvp", gradient.tangent(point.wrt).text)
