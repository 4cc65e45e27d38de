"""Derivatives of every program to third order, reverse and forward, against differences."""

from __future__ import annotations

import pytest

from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.programs import PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives_to_third_order_agree_with_differences(name: str) -> None:
    case = PROGRAMS[name]
    for point in case.points:
        check(case.function, *point, order=3, **case.options)
