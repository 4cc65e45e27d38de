"""The guards of a specialisation as one Python function.

A call must find its specialisation in a few microseconds, so the guards and the fetching of the
inputs are compiled together: every object on the way to an input is fetched once, compared, and
used for the next step. The function is built as a syntax tree; names of the user's program appear
in it as attribute names and keys only, never as text.

    def match(arguments):
        try:
            v0 = arguments["model"]
            if type(v0) is not Net: return None
            v1 = v0.net
            ...
            return [v4, v7]
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            return None
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend.inputs import Guard, Input, Path
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.host import parse
from sorix.compiler.ir.types import Num

Match = Callable[[dict[str, Any]], list[Any] | None]


def compile_guards(guards: tuple[Guard, ...], inputs: tuple[Input, ...]) -> Match:
    """The function from the arguments of a call to the inputs' values, None where one misfits."""
    writer = _Writer()
    for guard in sorted(guards, key=lambda g: len(g.path.steps)):
        writer.guard(guard)
    values = [writer.input(item) for item in inputs]
    writer.body.append(ast.Return(ast.List([_name(v) for v in values], ast.Load())))
    return writer.function()


class _Writer:
    """Writes the statements, fetching each prefix of a path once."""

    def __init__(self) -> None:
        self.body: list[ast.stmt] = []
        self.constants: dict[str, Any] = {"ndarray": np.ndarray}
        self._fetched: dict[Any, str] = {}
        self._seen: set[Any] = set()

    def function(self) -> Match:
        tree = parse(
            "def match(arguments):\n"
            "    try:\n"
            "        pass\n"
            "    except (AttributeError, KeyError, IndexError, TypeError, ValueError):\n"
            "        return None\n"
        )
        tree.body[0].body[0].body = self.body  # type: ignore[attr-defined]
        namespace = dict(self.constants)
        exec(compile(ast.fix_missing_locations(tree), "<sorix guards>", "exec"), namespace)
        match: Match = namespace["match"]
        return match

    def constant(self, value: Any) -> ast.expr:
        """A value: written out where it is plain, else bound to a name of its own."""
        if value is None or type(value) in (bool, int, str):
            return ast.Constant(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return _name(name)

    def fetch(self, path: Path) -> str:
        """The variable that holds what stands at a path."""
        found = self._fetched.get(path)
        if found is None:
            value = self._step(path) if path.steps else self._root(path)
            name = f"v{len(self._fetched)}"
            self.body.append(ast.Assign([ast.Name(name, ast.Store())], value))
            found = self._fetched[path] = name
        return found

    def _step(self, path: Path) -> ast.expr:
        base = self.fetch(Path(path.root, path.steps[:-1]))
        kind, key = path.steps[-1]
        if kind == "attr":
            return ast.Attribute(_name(base), key, ast.Load())
        return ast.Subscript(_name(base), self.constant(key), ast.Load())

    def _root(self, path: Path) -> ast.expr:
        kind, owner, name = path.root
        if kind == "arg":
            return ast.Subscript(_name("arguments"), ast.Constant(name), ast.Load())
        if kind == "global":
            return ast.Subscript(self.constant(owner.value), ast.Constant(name), ast.Load())
        if kind == "cell":
            return ast.Attribute(self.constant(owner.value), "cell_contents", ast.Load())
        return self.constant(owner.value)

    def refuse_if(self, test: ast.expr) -> None:
        self.body.append(ast.If(test, [ast.Return(ast.Constant(None))], []))

    def guard(self, guard: Guard) -> None:
        """Write the comparison of one fact."""
        key = (guard.path, guard.kind, _identity(guard.expected))
        if key in self._seen:
            return
        self._seen.add(key)
        value = _name(self.fetch(guard.path))
        expected = guard.expected
        match guard.kind:
            case "is":
                self.refuse_if(_compare(value, ast.IsNot(), self.constant(expected)))
            case "equal":
                self._type(value, type(expected))
                self.refuse_if(_compare(value, ast.NotEq(), self.constant(expected)))
            case "type":
                self._type(value, expected)
            case "length":
                self.refuse_if(_compare(_call("len", value), ast.NotEq(), self.constant(expected)))
            case "keys":
                self.refuse_if(
                    _compare(_call("tuple", value), ast.NotEq(), self.constant(expected))
                )
            case "contents":
                same = ast.Call(self.constant(_holds), [value, self.constant(expected)], [])
                self.refuse_if(ast.UnaryOp(ast.Not(), same))
            case "grad":
                attribute = ast.Attribute(value, "requires_grad", ast.Load())
                self.refuse_if(_compare(attribute, ast.IsNot(), ast.Constant(expected)))
            case "lacks":
                fields = ast.Attribute(value, "__dict__", ast.Load())
                self.refuse_if(_compare(ast.Constant(expected), ast.In(), fields))
            case "has":
                name, present = expected
                found = ast.Call(_name("hasattr"), [value, ast.Constant(name)], [])
                self.refuse_if(_compare(found, ast.IsNot(), ast.Constant(present)))
            case "undefined":
                self.refuse_if(_compare(ast.Constant(expected), ast.In(), value))
            case "same":
                other = _name(self.fetch(expected))
                self.refuse_if(_compare(value, ast.IsNot(), other))
            case "apart":
                self._apart([self.fetch(path) for path in expected])

    def _apart(self, names: list[str]) -> None:
        distinct = ast.Set([_call("id", _name(name)) for name in names])
        count = ast.Constant(len(names))
        self.refuse_if(_compare(ast.Call(_name("len"), [distinct], []), ast.NotEq(), count))

    def _type(self, value: ast.expr, cls: type) -> None:
        self.refuse_if(_compare(_call("type", value), ast.IsNot(), self.constant(cls)))

    def input(self, item: Input) -> str:
        """Write the checks of one input: dtype, rank, and which of its dimensions are 0 or 1."""
        name = self.fetch(item.path)
        value: ast.expr = _name(name)
        if item.kind == "object":
            return name
        if item.kind == "list":
            self._type(value, list)
            floats = self.constant(_all_floats)
            self.refuse_if(ast.UnaryOp(ast.Not(), ast.Call(floats, [value], [])))
            return name
        type_ = item.var.type
        assert isinstance(type_, Num)
        if item.kind == "number":
            self._number(value, type_)
            return name
        if item.kind == "tensor":
            known = wrappers()
            accepts = ast.Call(_name("isinstance"), [value, self.constant(known.tensor_class)], [])
            self.refuse_if(ast.UnaryOp(ast.Not(), accepts))
            value = self._keep(ast.Attribute(value, known.data_field, ast.Load()))
        self._array(value, type_, dict(item.constant_dims))
        if item.in_order:
            layout = ast.Attribute(value, "flags", ast.Load())
            ordered = ast.Attribute(layout, "c_contiguous", ast.Load())
            self.refuse_if(ast.UnaryOp(ast.Not(), ordered))
        return name

    def _keep(self, value: ast.expr) -> ast.expr:
        name = f"a{len(self.body)}"
        self.body.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return _name(name)

    def _number(self, value: ast.expr, type_: Num) -> None:
        if type_.kind == "python":
            self._type(value, {"float64": float, "int64": int}[type_.dtype or "float64"])
        else:
            self._type(value, np.dtype(type_.dtype).type)

    def _array(self, value: ast.expr, type_: Num, constant: dict[int, int]) -> None:
        self._type(value, np.ndarray)
        dtype = ast.Attribute(value, "dtype", ast.Load())
        self.refuse_if(_compare(dtype, ast.NotEq(), self.constant(np.dtype(type_.dtype))))
        shape = self._keep(ast.Attribute(value, "shape", ast.Load()))
        rank = len(type_.shape or ())
        self.refuse_if(_compare(_call("len", shape), ast.NotEq(), ast.Constant(rank)))
        if not constant and rank:
            # The dimensions that are not constants are at least 2 (see `Dim`).
            for small in (1, 0):
                self.refuse_if(_compare(ast.Constant(small), ast.In(), shape))
            return
        for axis in range(rank):
            size = ast.Subscript(shape, ast.Constant(axis), ast.Load())
            operator = ast.NotEq() if axis in constant else ast.Lt()
            self.refuse_if(_compare(size, operator, ast.Constant(constant.get(axis, 2))))


def _identity(expected: Any) -> Any:
    """What tells two expectations apart."""
    return expected if isinstance(expected, str) else id(expected)


def _holds(value: Any, expected: np.ndarray) -> bool:
    return type(value) is np.ndarray and np.array_equal(value, expected)


def _all_floats(values: list[Any]) -> bool:
    return all(type(v) is float for v in values)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(function: str, value: ast.expr) -> ast.Call:
    return ast.Call(_name(function), [value], [])


def _compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.Compare:
    return ast.Compare(left, [operator], [right])
