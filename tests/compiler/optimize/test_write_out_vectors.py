"""Products of vectors and their axes in cotangents, shown as code before and after."""

from __future__ import annotations

import pytest

from sorix.compiler.optimize.write_out_vectors import write_out_vectors
from tests.compiler.optimize.test_passes import after


def of_cotangents(text: str, adjoint: bool = True) -> str:
    return after([write_out_vectors], f'def f(a: "n", b: "m", A: "n, m"):\n    {text}', adjoint)


@pytest.mark.parametrize(
    "product",
    [
        "a[..., None] * b",
        "b * a[..., None]",
        "a[:, None] * b[..., None, :]",
        "a[:, None] * b[None, :]",
    ],
)
def test_a_column_times_a_row_is_the_outer_product(product: str) -> None:
    assert "= np.outer(a, b)" in of_cotangents(f"y = {product}\n    return y")


def test_another_new_axis_of_a_vector_is_written_without_an_ellipsis() -> None:
    assert "a[:, None] * A" in of_cotangents("y = a[..., None] * A\n    return y")
    assert "b[None, :] * A" in of_cotangents("y = b[..., None, :] * A\n    return y")


def test_of_a_matrix_the_last_axis_is_not_the_second() -> None:
    assert "A[..., None] * b" in of_cotangents("y = A[..., None] * b\n    return y")


def test_what_the_user_wrote_stays() -> None:
    found = of_cotangents("y = a[..., None] * b\n    return y", adjoint=False)
    assert "a[..., None] * b" in found
