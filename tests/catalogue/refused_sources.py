"""Functions whose text cannot be read, or is no longer theirs."""

import importlib.util
import sys
import tempfile
import types
from pathlib import Path

import sorix.func
from tests.catalogue.registry import situation

_DOUBLE = "def double(x):\n    return x * 2\n"


def _module(text):
    """A module that a user wrote into a file; and the file, which may be edited."""
    path = Path(tempfile.mkdtemp(), "program.py")
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, path


def _gradient_of_edited(text):
    module, path = _module(_DOUBLE)
    path.write_text(text)
    sorix.func.grad(module.double, fallback="error")(0.5)


@situation
def file_edited_after_the_import():
    _gradient_of_edited(_DOUBLE.replace("x * 2", "x * 2000"))


@situation
def file_edited_and_not_finished():
    _gradient_of_edited(_DOUBLE.replace("x * 2", "x * ("))


@situation
def body_of_a_generator_expression():
    code = next(c for c in _doubles.__code__.co_consts if isinstance(c, types.CodeType))
    sorix.func.grad(types.FunctionType(code, {}), fallback="error")(0.5)


def _doubles(xs):
    return (2 * x for x in xs)


@situation
def functions_in_functions_in_functions():
    calls = (f"def f{k}(x):\n    return f{k - 1}(x)\n" for k in range(1, 200))
    module, _ = _module("def f0(x):\n    return x\n" + "".join(calls))
    sorix.func.grad(module.f199, fallback="error")(0.5)


@situation
def tuples_in_tuples_in_tuples():
    nested = ()
    for _ in range(10 * sys.getrecursionlimit()):
        nested = (nested,)
    sorix.func.grad(lambda x, nested: x, fallback="error")(0.5, nested)
