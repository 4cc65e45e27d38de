"""The examples of the README and of the guide run, and print what stands below them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

import sorix
from sorix.primitives import table

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n*^```text\n(?P<output>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)


def examples():
    for page in PAGES:
        for i, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            name = f"{page.relative_to(ROOT)}-{i}"
            yield pytest.param(match["code"], match["output"], id=name)


@pytest.mark.example
@pytest.mark.parametrize("code, output", list(examples()))
def test_example_runs_and_prints_what_is_shown(code, output, tmp_path, capsys, monkeypatch):
    # In a file, as the compiler reads the text of what it compiles.
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    np.random.seed(0)
    sorix.manual_seed(0)
    with mock.patch.dict(table._rules):  # Rules that an example registers are the example's.
        runpy.run_path(str(script), run_name="__main__")
    printed = capsys.readouterr().out
    assert output is None or printed.strip() == output.strip()


def test_readme_has_two_commands_of_one_line_each():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert [block.count("\n") for block in blocks] == [1, 1]
    main_job, tests = blocks
    assert "examples/gradient_penalty.py" in main_job
    assert "pytest" in tests


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing
