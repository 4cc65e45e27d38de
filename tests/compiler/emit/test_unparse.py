"""Printed text parses to the tree it was printed from, with no parentheses it does not need."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sorix.compiler.emit import unparse as unparsing
from sorix.compiler.emit.unparse import comment_marker, unparse

EXPRESSIONS = [
    "a + b * c",
    "(a + b) * c",
    "a - (b - c)",
    "a - b - c",
    "a / b / c * d",
    "a / (b * c)",
    "-a ** b",
    "(-a) ** b",
    "a ** -b",
    "a ** b ** c",
    "(a ** b) ** c",
    "-(a * b)",
    "-a * b",
    "a @ b.T",
    "(a @ b).T",
    "x[:, None]",
    "x[1:-1, ::2, ...]",
    "x[()]",
    "x[i,]",
    "x[[0, 1], :]",
    "f(x)[0].T",
    "(a, b)[0]",
    "[1, 2][0]",
    "not a == b",
    "(not a) == b",
    "a < b < c",
    "(a < b) & (c < d)",
    "a & b | c ^ d",
    "~a << 2",
    "(1).real",
    "(1.5).real",
    "(-1).real",
    "a if b else c",
    "(a if b else c) + d",
    "(a or b) and c",
    "f(*args, key=1, **kwargs)",
    "lambda x: x + 1",
    "{'a': 1}",
    "x if a else y if b else z",
    "(yield)",
    "f'{a!r} and {b:>{c}}'",
    'f"it\'s {a}"',
    "'it\\'s \"quoted\"'",
    "1e400",
    "-1",
    "2 + 3j",
    "(a := 1)",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_survives_printing(expression):
    tree = ast.parse(f"y = {expression}")
    assert ast.dump(ast.parse(unparse(tree))) == ast.dump(tree)


@pytest.mark.parametrize("expression", EXPRESSIONS[:35])
def test_there_are_no_needless_parentheses(expression):
    assert unparse(ast.parse(f"y = {expression}")) == f"y = {expression}\n"


STATEMENTS = """
import math
import numpy as np
from sorix.support import expand


def f(a, b=1, *c, d, e=2, **g):
    \"\"\"What it does.\"\"\"
    x, y = y, x
    (z,) = (x,)
    x[0] += 1
    while True:
        if not a:
            break
        elif b:
            continue
        else:
            pass
    for i in reversed(range(3)):
        raise ValueError('no')
    else:
        pass
    del x
    return x, (y, z)
"""


def test_statements_survive_printing():
    tree = ast.parse(STATEMENTS)
    assert ast.dump(ast.parse(unparse(tree))) == ast.dump(tree)


def test_this_projects_own_sources_survive_printing():
    for path in sorted(Path(unparsing.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text())
        assert ast.dump(ast.parse(unparse(tree))) == ast.dump(tree), path


def test_a_wrong_printer_is_noticed_and_replaced(monkeypatch):
    monkeypatch.setattr(unparsing.PreciseUnparser, "_BinOp", lambda self, t: self.write("0"))
    assert unparse(ast.parse("y = a + b")) == "y = a + b\n"


def test_a_printer_that_fails_is_replaced(monkeypatch):
    monkeypatch.delattr(unparsing.PreciseUnparser, "_Call")
    monkeypatch.delattr(unparsing.Unparser, "_Call")
    assert unparse(ast.parse("y = f(a)")) == "y = f(a)\n"


def test_comments_stand_where_their_markers_were():
    tree = ast.parse("if a:\n    b = 1")
    branch = tree.body[0]
    branch.body.insert(0, comment_marker(0))
    tree.body.append(comment_marker(1))
    assert unparse(tree, ["# inside", "# below"]) == "if a:\n    # inside\n    b = 1\n# below\n"


def test_many_imported_names_stand_one_a_line():
    names = [f"name_number_{k}" for k in range(10)]
    text = unparse(ast.parse(f"from sorix.support import {', '.join(names)}"))
    assert text.startswith("from sorix.support import (\n    name_number_0,\n")
