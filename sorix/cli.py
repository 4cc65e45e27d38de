"""The command line: ``sorix show`` prints generated code, ``sorix cache`` looks after the cache.

``main`` returns the exit code: 0, or 2 with one sentence on standard error where the command
line, the file or the function is not what it should be.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import sorix
from sorix.compiler.frontend.callables import signature_of
from sorix.compiler.frontend.marks import mark
from sorix.errors import CompileError, SorixError
from sorix.runtime.compiled import MODES


class UsageError(Exception):
    """Something on the command line cannot be done; the message says what."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process unless given.

    Returns
    -------
    int
        The exit code.

    Examples
    --------
    >>> main(["show", "nowhere.py:f"])
    2
    """
    parser = _parser()
    try:
        args = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    if args.run is None:
        parser.print_help()
        return 0
    try:
        args.run(args)
    except (UsageError, SorixError) as error:
        print(f"sorix: error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sorix", description="Derivatives of Python and NumPy programs as generated Python."
    )
    parser.add_argument("--version", action="version", version=f"sorix {sorix.__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands")
    _add_show(commands.add_parser("show", help="print the code generated for a function"))
    cache = commands.add_parser("cache", help="look after the disk cache of generated modules")
    cache.set_defaults(run=lambda _: cache.print_help())
    actions = cache.add_subparsers(title="actions")
    info = actions.add_parser("info", help="print where the cache is and what it holds")
    info.set_defaults(run=_cache_info)
    clear = actions.add_parser("clear", help="delete all its entries")
    clear.set_defaults(run=_cache_clear)
    return parser


def _add_show(show: argparse.ArgumentParser) -> None:
    show.add_argument(
        "target",
        metavar="FILE.py:FUNCTION",
        help="the function to differentiate, or a method: FILE.py:Class.method of an object that "
        "Class() makes, FILE.py:object.method of one that the file made",
    )
    show.add_argument(
        "--order",
        type=int,
        default=1,
        metavar="N",
        help="how often (default: 1); 0 prints the primal code",
    )
    show.add_argument(
        "--mode",
        choices=MODES,
        default="reverse",
        help="that of the last derivative (default: reverse); forward prints what jvp runs, with "
        "--order 2 what hvp does",
    )
    show.add_argument(
        "--wrt", default="", metavar="NAMES", help="arguments to differentiate by, with commas"
    )
    show.add_argument(
        "--arg",
        action="append",
        default=[],
        metavar="NAME=TYPE",
        help="type of an argument: float64[n,3], float32[], float, int=5, bool=True, str=text, or "
        "a literal, in which texts may name arrays: {'w': 'float64[n]', 'steps': 3}; one that is "
        "not given is its default, or else a float",
    )
    show.set_defaults(run=_show)


def _show(args: argparse.Namespace) -> None:
    if args.order < 0:
        raise UsageError(f"--order is {args.order}; it counts derivatives, from 0")
    function = load_function(args.target)
    values = example_arguments(function, args.arg)
    names = list(values)
    wrt = [name.strip() for name in args.wrt.split(",") if name.strip()]
    unknown = [name for name in wrt if name not in values]
    if unknown:
        raise UsageError(f"--wrt names {unknown[0]!r}, which is not an argument: {_listed(names)}")
    floats = [name for name, value in values.items() if _is_float(value)]
    fixed = [name for name in wrt if name not in floats]
    if fixed:
        raise UsageError(
            f"--wrt names {fixed[0]!r}, which is neither a float nor an array of floats"
        )
    if args.order and not floats:
        raise UsageError("no argument is a float or an array of floats; give types with --arg")
    try:
        print(generated_source(function, values, wrt or None, args.order, args.mode), end="")
    except CompileError as error:
        given = {_split_type(text)[0] for text in args.arg}
        _blame_what_is_not_said(function, [name for name in values if name not in given], error)
        raise
    except ValueError as error:
        raise UsageError(str(error)) from error


def _blame_what_is_not_said(
    function: Callable[..., Any], names: list[str], error: CompileError
) -> None:
    """Say that arguments were taken for floats, where that may be why the function is refused."""
    parameters = signature_of(function).parameters
    taken = [name for name in names if parameters[name].default is inspect.Parameter.empty]
    if taken:
        raise UsageError(
            f"{error}\n{_listed(taken)} had no --arg, and so had to be a float: if it is an array,"
            f" say so, as in --arg '{taken[0]}=float64[n]'"
        ) from error


def generated_source(
    function: Callable[..., Any],
    values: dict[str, Any],
    wrt: Sequence[str] | None,
    order: int,
    mode: str = "reverse",
) -> str:
    """The text of the `order`-th derivative of `function`, specialised on these arguments.

    The function is compiled for them, and not run.
    """
    compiled = sorix.compile(mark(function, "__sorix_wrapped__") or function)
    parameters = signature_of(function).parameters
    named = {
        k: v for k, v in values.items() if parameters[k].kind is inspect.Parameter.KEYWORD_ONLY
    }
    compiled.prepare(*(v for k, v in values.items() if k not in named), **named)
    return compiled.grad_source(order, wrt, mode) if order else compiled.source


def load_function(target: str) -> Callable[..., Any]:
    """The function or method that ``FILE.py:NAME`` names; NAME may have dots.

    A method found on its class is that of the object that the class makes without arguments. The
    file is run as a module whose ``__name__`` is that of the file, so that what it does only as a
    script is left out.
    """
    path_text, colon, name = target.rpartition(":")
    if not colon or not name or not path_text:
        raise UsageError(f"{target!r} is not FILE.py:FUNCTION")
    found: Any = load_module(Path(path_text))
    for part in name.split("."):
        if not hasattr(found, part):
            names = [key for key, value in vars(found).items() if inspect.isfunction(value)]
            raise UsageError(
                f"{path_text} defines no {name!r}; the functions in it are: {_listed(names)}"
            )
        owner, found = found, getattr(found, part)
        if isinstance(owner, type) and inspect.isfunction(inspect.getattr_static(owner, part)):
            found = getattr(_made(owner, name), part)
    if not callable(found):
        raise UsageError(f"{name!r} in {path_text} is not a function but a {type(found).__name__}")
    return found  # type: ignore[no-any-return]


def _made(cls: type, name: str) -> Any:
    """An object of a class, whose method is to be shown."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return cls()
    except Exception as error:
        raise UsageError(
            f"{name} is a method, and {cls.__name__}() raised {type(error).__name__}: {error}\n"
            f"Make an object in the file, and show its method: FILE.py:OBJECT.{name.split('.')[-1]}"
        ) from error


def load_module(path: Path) -> Any:
    """Run a file as a module and return it; what it prints goes to standard error."""
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r}")
    # A file may be called like a module that is loaded; that one must stay what it is.
    name = path.stem if path.stem not in sys.modules else f"_shown_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{str(path)!r} is not a Python file; its name has to end in .py")
    module = importlib.util.module_from_spec(spec)
    # As for a script, what lies beside the file can be imported from it.
    sys.path.insert(0, str(path.resolve().parent))
    sys.modules[name] = module
    try:
        with contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise UsageError(f"running {path} raised {type(error).__name__}: {error}") from error
    return module


def example_arguments(function: Callable[..., Any], types: Sequence[str]) -> dict[str, Any]:
    """A value for each argument of `function`: as its type says, its default, or a float."""
    given = dict(_split_type(text) for text in types)
    parameters = signature_of(function).parameters
    values: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for name, parameter in parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name in given:
            values[name] = example_value(given.pop(name), sizes)
        elif parameter.default is parameter.empty:
            values[name] = 0.5
        else:
            values[name] = parameter.default
    if given:
        raise UsageError(
            f"--arg names {next(iter(given))!r}, which is not an argument: "
            f"{_listed(list(parameters))}"
        )
    return values


def _split_type(text: str) -> tuple[str, str]:
    name, equals, type_text = text.partition("=")
    if not equals:
        raise UsageError(f"--arg {text!r} is not NAME=TYPE, such as x=float64[n,3]")
    return name.strip(), type_text.strip()


_ARRAY = re.compile(r"(?P<dtype>\w+)\[(?P<shape>[^\]]*)\]")
_SCALARS: dict[str, Callable[[str], Any]] = {
    "float": float,
    "int": int,
    "bool": lambda text: {"True": True, "False": False}[text],
    "str": str,
}
_DEFAULTS = {"float": "0.5", "int": "3", "bool": "True", "str": ""}


def example_value(text: str, sizes: dict[str, int]) -> Any:
    """A value of the type that `text` names; `sizes` remembers the symbols of shapes.

    Examples
    --------
    >>> example_value("float32[n,3]", {}).shape
    (4, 3)
    >>> example_value("int=7", {}), example_value("(1.0, 2)", {})
    (7, (1.0, 2))
    >>> example_value("{'weights': 'float64[2]'}", {})
    {'weights': array([0.1, 0.9])}
    """
    array = _ARRAY.fullmatch(text)
    if array:
        shape = tuple(_size(part, sizes) for part in array["shape"].split(",") if part.strip())
        return _example_array(array["dtype"], shape)
    kind, _, value = text.partition("=")
    try:
        return _SCALARS[kind](value or _DEFAULTS[kind])
    except (KeyError, ValueError):
        return _literal(text, sizes)


def _literal(text: str, sizes: dict[str, int]) -> Any:
    try:
        return _with_arrays(ast.literal_eval(text), sizes)
    except (ValueError, SyntaxError):
        raise UsageError(
            f"{text!r} is not a type: write float64[n,3] for an array, or float, int=5, bool=True, "
            "str=text, or a Python literal such as (1.0, 2), [0.5, 'float64[n]'], {'k': 3}"
        ) from None


def _with_arrays(value: Any, sizes: dict[str, int]) -> Any:
    """A literal with arrays in the place of the texts that name their types."""
    if isinstance(value, str) and _ARRAY.fullmatch(value):
        return example_value(value, sizes)
    if isinstance(value, tuple | list):
        return type(value)(_with_arrays(item, sizes) for item in value)
    if isinstance(value, dict):
        return {key: _with_arrays(item, sizes) for key, item in value.items()}
    return value


def _size(text: str, sizes: dict[str, int]) -> int:
    """A dimension as a number; each new symbol gets a small size of its own, from 4 up."""
    text = text.strip()
    if text.isdigit():
        return int(text)
    if not text.isidentifier():
        raise UsageError(f"{text!r} is not a dimension: write a number or a name")
    return sizes.setdefault(text, 4 + len(sizes))


def _example_array(dtype_name: str, shape: tuple[int, ...]) -> np.ndarray:
    try:
        dtype = np.dtype(dtype_name)
    except TypeError:
        raise UsageError(f"{dtype_name!r} is not a dtype of NumPy") from None
    if dtype.kind not in "fiub":
        raise UsageError(f"{dtype_name!r} is not a dtype of real numbers")
    count = int(np.prod(shape))
    if dtype.kind == "f":
        return np.linspace(0.1, 0.9, count).reshape(shape).astype(dtype)
    return np.ones(shape, dtype)


def _is_float(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_is_float, value))
    if isinstance(value, dict):
        return any(map(_is_float, value.values()))
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"


def _cache_info(args: argparse.Namespace) -> None:
    info = sorix.cache.info()
    print(f"directory  {info.directory or 'none that is safe: entries stay in memory'}")
    print(f"entries    {info.entries}")
    print(f"bytes      {info.bytes}")


def _cache_clear(args: argparse.Namespace) -> None:
    count = sorix.cache.clear()
    print(f"deleted {count} {'entry' if count == 1 else 'entries'}")
