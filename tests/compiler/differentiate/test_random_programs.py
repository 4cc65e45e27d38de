"""Derivatives of random programs, reverse and forward, first and second order."""

from __future__ import annotations

import pytest

from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.random_programs import random_point, random_program


@pytest.mark.parametrize("block", range(8))
def test_second_derivatives_of_random_programs(block: int) -> None:
    for seed in range(12 * block, 12 * block + 12):
        check(random_program(seed), *random_point(seed), order=2)


def test_third_derivatives_of_random_programs() -> None:
    for seed in range(1000, 1010):
        check(random_program(seed), *random_point(seed), order=3)
