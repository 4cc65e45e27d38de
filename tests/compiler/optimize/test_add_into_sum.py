"""Parts put into zeros that are added to an array in the end, shown as code before and after."""

from __future__ import annotations

import pytest

from sorix.compiler.optimize.add_into_sum import add_into_sum
from tests.compiler.optimize.test_passes import after


def of_cotangents(*lines: str, adjoint: bool = True) -> str:
    head = 'def f(x: "n", z: "n", v: float):\n'
    text = head + "".join(f"    {line}\n" for line in lines)
    return after([add_into_sum], text, adjoint)


@pytest.mark.parametrize("total", ["t + z", "z + t"])
def test_the_parts_are_added_to_the_array_one_by_one(total: str) -> None:
    found = of_cotangents("s = scatter(v, x, 0)", "t = add_at(s, 1, v)", f"y = {total}", "return y")
    assert "scatter" not in found
    assert "add_at(z, 0, v)" in found
    assert "z +" not in found and "+ z" not in found


def test_not_where_the_array_is_made_after_the_parts() -> None:
    found = of_cotangents("s = scatter(v, x, 0)", "w = z * v", "y = s + w", "return y")
    assert "scatter" in found


def test_not_where_the_parts_are_read_elsewhere() -> None:
    found = of_cotangents("s = scatter(v, x, 0)", "y = s + z", "return y, s")
    assert "scatter" in found


def test_not_of_what_the_user_wrote() -> None:
    found = of_cotangents("s = scatter(v, x, 0)", "y = s + z", "return y", adjoint=False)
    assert "scatter" in found
