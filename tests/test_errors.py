"""The page of errors names every class that a user can meet."""

from pathlib import Path

import pytest

from sorix import errors

PAGE = (Path(__file__).parents[1] / "docs" / "errors.md").read_text()
CLASSES = [
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, Exception | Warning)
]


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_errors_is_on_the_page(name: str) -> None:
    assert f"{name}`" in PAGE
