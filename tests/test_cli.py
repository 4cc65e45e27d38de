"""The command line: what it prints, and what it says of a wrong command."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import numpy as np
import pytest

import sorix
from sorix import cli

PROGRAM = """\
import numpy as np
import sorix

def energy(q, stiffness=2.0):
    return stiffness * np.sum(q ** 2)

def count(n: int):
    return n

def shout(x):
    print("boo")
    return (x * x).sum()

@sorix.compile
def scaled(x, /, *, factor=2.0):
    return x * factor

def counted(x):
    global calls
    calls = x
    return x

class Oven:
    def __init__(self, rate=2.0):
        print("an oven is made")
        self.rate = rate

    def heat(self, x):
        return self.rate * x * x

    @staticmethod
    def double(x):
        return 2.0 * x

class Stove(Oven):
    def __init__(self, rate):
        self.rate = rate

stove = Stove(3.0)
print("the file is run")

VALUE = 3

if __name__ == "__main__":
    raise SystemExit("run as a script")

def first(a, b):
    return 2.0 * a
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    yield str(path)
    sys.modules.pop("program", None)


def test_version_is_the_package_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"sorix {sorix.__version__}\n"


def test_python_m_sorix_is_the_command():
    result = subprocess.run(
        [sys.executable, "-m", "sorix", "--version"], capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith("sorix ")


def test_without_a_command_the_help_is_shown(capsys):
    assert cli.main([]) == 0
    assert "show" in capsys.readouterr().out
    assert cli.main(["cache"]) == 0
    assert "clear" in capsys.readouterr().out


def test_show_prints_the_generated_gradient(program, capsys):
    assert cli.main(["show", f"{program}:energy", "--arg", "q=float64[n]", "--wrt", "q"]) == 0
    text = capsys.readouterr().out
    assert "return result, q_bar\n" in text
    assert "stiffness_bar" not in text
    compile(text, "generated", "exec")


def test_show_order_zero_prints_the_primal(program, capsys):
    assert cli.main(["show", f"{program}:energy", "--arg", "q=float64[n]", "--order", "0"]) == 0
    text = capsys.readouterr().out
    assert "def energy(q, stiffness):" in text
    assert "(q ** 2).sum()" in text
    assert "q_bar" not in text


@pytest.mark.parametrize("type_", ["float", "float64[n]"])
def test_show_order_two_differentiates_again(program, capsys, type_):
    assert cli.main(["show", f"{program}:energy", "--arg", f"q={type_}", "--order", "2"]) == 0
    text = capsys.readouterr().out
    assert "q_hat" in text
    compile(text, "generated", "exec")


def test_show_compiles_and_does_not_run(program, capsys):
    assert cli.main(["show", f"{program}:shout", "--arg", "x=float32[n]"]) == 0
    out = capsys.readouterr().out
    assert "print('boo')" in out
    assert "\nboo" not in out


def test_show_takes_a_compiled_function_and_its_keywords(program, capsys):
    assert cli.main(["show", f"{program}:scaled", "--arg", "x=float64[n,2]", "--order", "0"]) == 0
    assert "def scaled(x, factor):" in capsys.readouterr().out


def test_show_prints_forward_mode(program, capsys):
    command = ["show", f"{program}:energy", "--arg", "q=float64[n]", "--mode", "forward"]
    assert cli.main([*command, "--wrt", "q"]) == 0
    text = capsys.readouterr().out
    assert "def energy__tangent(q, stiffness, q_dot):" in text
    assert cli.main([*command, "--order", "2"]) == 0
    text = capsys.readouterr().out
    assert "q_bar_dot" in text
    compile(text, "generated", "exec")


@pytest.mark.parametrize(
    "name, signature",
    [
        ("Oven.heat", "heat__adjoint(x, rate, "),
        ("stove.heat", "heat__adjoint(x, rate, "),
        ("Oven.double", "double__adjoint(x, "),
    ],
)
def test_show_takes_methods_of_objects_and_of_classes(program, capsys, name, signature):
    assert cli.main(["show", f"{program}:{name}"]) == 0
    assert f"def {signature}" in capsys.readouterr().out


def test_a_method_of_an_object_that_cannot_be_made_is_answered_with_what_to_do(program, capsys):
    assert cli.main(["show", f"{program}:Stove.heat"]) == 2
    error = capsys.readouterr().err
    assert "Stove.heat is a method, and Stove() raised TypeError: " in error
    assert "show its method: FILE.py:OBJECT.heat" in error


def test_what_the_file_prints_goes_to_standard_error(program, capsys):
    assert cli.main(["show", f"{program}:Oven.heat"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("# sorix")
    assert captured.err == "the file is run\nan oven is made\n"


def test_a_refused_function_is_answered_with_its_line(program, capsys):
    assert cli.main(["show", f"{program}:counted"]) == 2
    error = capsys.readouterr().err
    assert "program.py:20:5: the global" in error
    assert "Instead: " in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["nowhere.py:f"], "there is no file 'nowhere.py'"),
        (["{program}"], "is not FILE.py:FUNCTION"),
        (["{program}:enrgy"], "the functions in it are: energy, count"),
        (["{program}:Oven.bake"], "defines no 'Oven.bake'"),
        (["{program}:VALUE"], "is not a function but a int"),
        (["{program}:energy", "--wrt", "p"], "'p', which is not an argument: q, stiffness"),
        (["{program}:energy", "--arg", "q=int", "--wrt", "q"], "neither a float nor an array"),
        (["{program}:energy", "--arg", "p=float"], "'p', which is not an argument"),
        (["{program}:energy", "--arg", "q"], "is not NAME=TYPE"),
        (["{program}:energy", "--arg", "q=float64(3)"], "is not a type"),
        (["{program}:energy", "--arg", "q=float46[n]"], "'float46' is not a dtype"),
        (["{program}:energy", "--arg", "q=complex64[n]"], "not a dtype of real numbers"),
        (["{program}:energy", "--arg", "q=float64[n+1]"], "'n+1' is not a dimension"),
        (["{program}:count", "--arg", "n=int"], "no argument is a float"),
        (["{program}:energy", "--order", "-1"], "it counts derivatives"),
        (["{program}:first", "--wrt", "b"], "b holds no floats that are read"),
    ],
)
def test_a_wrong_command_is_answered_with_a_sentence(program, capsys, arguments, sentence):
    arguments = [argument.format(program=program) for argument in arguments]
    assert cli.main(["show", *arguments]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


def test_a_file_that_fails_is_named(tmp_path, capsys):
    path = tmp_path / "broken.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    assert cli.main(["show", f"{path}:f"]) == 2
    assert "raised ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_a_wrong_option_exits_with_two(capsys):
    assert cli.main(["show"]) == 2
    assert "usage" in capsys.readouterr().err


def test_symbols_get_distinct_sizes_and_keep_them():
    sizes: dict[str, int] = {}
    x = cli.example_value("float64[n,3]", sizes)
    y = cli.example_value("float32[m, n]", sizes)
    assert x.shape == (4, 3)
    assert y.shape == (5, 4)
    assert y.dtype == np.float32


@pytest.mark.parametrize(
    "text, value",
    [("float", 0.5), ("float=2", 2.0), ("int=7", 7), ("bool=False", False), ("str=tanh", "tanh")],
)
def test_values_of_python_types(text, value):
    found = cli.example_value(text, {})
    assert found == value
    assert type(found) is type(value)


def test_arguments_left_out_are_their_defaults_or_floats():
    def f(x, scale=3, *rest, flag=None, **options):
        return x

    assert cli.example_arguments(f, []) == {"x": 0.5, "scale": 3, "flag": None}


def test_cache_info_counts_what_clear_deletes(program, tmp_path):
    directory = tmp_path / "cache"

    def sorix_command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "sorix", *arguments],
            env={**os.environ, "SORIX_CACHE_DIR": str(directory)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    sorix_command("show", f"{program}:energy")
    info = sorix_command("cache", "info")
    assert re.fullmatch(rf"directory  {directory}\nentries    1\nbytes      [1-9]\d*\n", info)
    assert sorix_command("cache", "clear") == "deleted 1 entry\n"
    assert "entries    0\n" in sorix_command("cache", "info")


def test_a_literal_may_hold_arrays():
    value = cli.example_value("{'w': 'float64[n]', 'steps': (1, 0.5)}", {})
    assert value["w"].shape == (4,) and value["steps"] == (1, 0.5)
