"""Functions of a command, ``python -c TEXT``, are read as those of a file are."""

from __future__ import annotations

import subprocess
import sys

COMMAND = """
from __future__ import annotations
import numpy as np, sorix
def f(x):
    y = np.sin(x)
    return np.sum(y)
g = sorix.func.grad(f, fallback="error")
print(g(np.zeros(2)))
print(g.source)
print(sorix.func.grad(lambda x: x * x, fallback="error")(3.0))
made = {"f": f}
exec(TEXT, made)
try:
    sorix.func.grad(made["f"], fallback="error")(1.0)
except sorix.errors.SourceUnavailableError as error:
    print(error)
"""
OTHER = "def f(x):\n    return x * x\n"


def run(*words):
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_functions_of_a_command_are_read():
    said = run("-Wdefault", "-c", COMMAND.replace("TEXT", repr(OTHER)), "word", "-c")
    assert said.startswith("[1. 1.]")
    assert "# <string>:5  y = np.sin(x)" in said
    assert "# <string>:6  return np.sum(y)" in said
    assert "6.0" in said


def test_other_texts_are_not_taken_for_the_command():
    said = run("-c", COMMAND.replace("TEXT", repr(OTHER)))
    assert "the source text of f() cannot be found (<string>)" in said


def test_flags_before_the_command():
    assert run("-Oc", "import sorix; print(sorix.func.grad(lambda x: x**3)(2.0))") == "12.0\n"
