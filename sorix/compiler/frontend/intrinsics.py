"""sorix's own functions met inside a program: grad(), tensors made, gradients of functions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    apart,
    array_making,
    arrays,
    calls,
    checkpointing,
    containers,
    expressions,
    independents,
    library_text,
    outlining,
)
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.gradients_taken import note_gradient
from sorix.compiler.frontend.inputs import ById, Demand, Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Bound,
    Checkpointed,
    Closure,
    GradientOf,
    Kwargs,
    Maybe,
    Partial,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num, is_one
from sorix.compiler.ir.walk import defined, with_origin
from sorix.errors import NotDifferentiableError, UnsupportedCallError, UnsupportedSyntaxError

Handler = Callable[[Interpreter, Static, list[Value], Kwargs], Value]
INTRINSICS: dict[str, Handler] = {}


def intrinsic(*names: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for name in names:
            INTRINSICS[name] = handler
        return handler

    return register


def bound(names: str, args: list[Value], kwargs: Kwargs) -> Kwargs:
    return {**dict(zip(names.split(), args, strict=False)), **kwargs}


# -- sorix.grad -----------------------------------------------------------------------------


@intrinsic("grad")
def _grad(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    names = "outputs inputs grad_outputs retain_graph create_graph allow_unused"
    given = bound(names, args, kwargs)
    outputs = _tensors(it, given["outputs"])
    inputs = _tensors(it, given["inputs"])
    seeds = given.get("grad_outputs", NONE)
    weights: list[Value] = [seeds]
    if isinstance(seeds, Static) and seeds.value is None:
        weights = [NONE] * len(outputs)
    elif not it.is_numeric(seeds):
        weights = list(containers.static_items(it, seeds) or ())
    create_graph = it.demand(given.get("create_graph", Const(False)), "create_graph")
    retain = it.demand(given.get("retain_graph", NONE), "retain_graph")
    unused = it.demand(given.get("allow_unused", Const(False)), "allow_unused")
    pairs: dict[Any, Any] = {}
    for output, weight in zip(outputs, weights, strict=True):
        atom = it.read(output)
        seed = _seed(it, output, atom, weight)
        if isinstance(atom, Var):
            pairs[atom] = seed if atom not in pairs else it.atom(operator.add, pairs[atom], seed)
    leaves = [_leaf(it, x) for x in inputs]
    note_gradient(it, pairs, leaves, bool(create_graph if retain is None else retain))
    return Sequence(
        tuple(
            _gradient(it, bar, leaf, bool(create_graph), bool(unused))
            for bar, leaf in zip(differentiate_here(it, pairs, leaves), leaves, strict=True)
        )
    )


def _tensors(it: Interpreter, value: Value) -> list[Tensor]:
    if isinstance(value, Maybe):
        value = value.value
    if isinstance(value, Tensor):
        return [value]
    items = containers.static_items(it, value)
    if items is None or not all(isinstance(v, Tensor) for v in items):
        raise UnsupportedCallError(
            f"sorix.grad() is given {describe(value, it)} instead of tensors",
            "give the tensors that the loss was computed from",
        )
    return list(items)


def _leaf(it: Interpreter, value: Tensor) -> Var:
    atom = it.read(value)
    if not value.requires_grad or not isinstance(atom, Var):
        raise NotDifferentiableError(
            "One of the differentiated Tensors does not require grad",
            "create it with requires_grad=True",
        )
    return atom


def _seed(it: Interpreter, output: Tensor, atom: Atom, weight: Value) -> Atom:
    if not (isinstance(weight, Static) and weight.value is None):
        return it.read(weight)
    type_ = it.type_of(output)
    if not output.requires_grad:
        raise NotDifferentiableError(
            "element 0 of tensors does not require grad and does not have a grad_fn",
            "compute it from tensors that require grad",
        )
    shape = type_.shape if isinstance(type_, Num) else None
    if shape is None or any(is_one(d) is not True for d in shape):
        raise NotDifferentiableError(
            "grad can be implicitly created only for scalar outputs",
            "pass grad_outputs=sorix.ones_like(u)",
        )
    return Const(1.0) if not shape else it.atom(np.ones_like, atom)


def _gradient(
    it: Interpreter, bar: Atom | None, leaf: Var, create_graph: bool, unused: bool
) -> Value:
    if bar is None:
        if unused:
            return NONE
        raise NotDifferentiableError(
            "One of the differentiated Tensors appears to not have been used in the graph",
            "Set allow_unused=True if this is the desired behavior.",
        )
    value = it.wrap(_typed_as(it, bar, leaf))
    if not create_graph:
        value = expressions.stopped(it, value)
    return Tensor(value, create_graph)


def _typed_as(it: Interpreter, bar: Atom, leaf: Var) -> Atom:
    """A cotangent in the dtype of what it belongs to."""
    given, wanted = getattr(bar, "type", None), leaf.type
    if not (isinstance(given, Num) and isinstance(wanted, Num) and wanted.dtype):
        return bar
    if given.dtype == wanted.dtype or wanted.kind == "python":
        return bar
    return it.atom(support.cast, bar, Const(np.dtype(wanted.dtype)))


def differentiate_here(
    it: Interpreter, outputs: dict[Var, Atom], wrt: list[Var]
) -> tuple[Atom | None, ...]:
    """Append the reverse sweep of what was emitted so far; the cotangents of `wrt`."""
    _unroll_around(it, wrt)
    chain = [*it.outer_builders, it.builder]
    stmts = [s for builder in chain for s in builder.stmts]
    found = it.adjoint_in_place(stmts, outputs, wrt)
    if list(found.forward) != stmts:
        if (
            len(chain) > 1
            and list(found.forward[: -len(it.builder.stmts) or None])
            != stmts[: -len(it.builder.stmts) or None]
        ):
            _replace_own(it, chain, stmts, list(found.forward))
        else:
            prefix = len(stmts) - len(it.builder.stmts)
            it.builder.stmts[:] = found.forward[prefix:]
    origin = it.builder.origin
    it.builder.stmts.extend(with_origin(stmt, origin) for stmt in found.reverse)
    for bar in found.cotangents:
        if isinstance(bar, Var):
            it.named_at[bar] = UNNAMED
    return found.cotangents


UNNAMED = 1_000_000
"""The depth of a name that any assignment may replace."""


def _unroll_around(it: Interpreter, wrt: list[Var]) -> None:
    """A loop whose body differentiates with respect to what stands before it is unrolled: the
    reverse sweep of an iteration reaches back into those before."""
    builders = [*it.outer_builders, it.builder]
    for key, depth in it.kept_loops:
        inside = {v for b in builders[depth + 1 :] for s in b.stmts for v in defined(s)}
        if any(var not in inside for var in wrt):
            if key is None or ("unroll", key) in it.inputs.demanded:
                raise UnsupportedSyntaxError(
                    "sorix.grad() in a loop differentiates what stands before it, and data decide"
                    " when the loop ends",
                    "loop over a range, or compute the derivative before the loop",
                )
            raise Demand(frozenset([("unroll", key)]))


def _replace_own(it: Interpreter, chain: list[Any], before: list[Any], after: list[Any]) -> None:
    """Only the innermost statements may have changed, while outer ones are being built."""
    outer = before[: len(before) - len(it.builder.stmts)]
    if after[: len(outer)] == outer:
        it.builder.stmts[:] = after[len(outer) :]
        return
    raise UnsupportedSyntaxError(
        "sorix.grad() inside a branch or loop differentiates a loop that stands before it",
        "compute the derivative before the branch",
    )


# -- modes ----------------------------------------------------------------------------------


@intrinsic("no_grad", "enable_grad")
def _mode(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(fn.value)


# -- recomputation --------------------------------------------------------------------------


@intrinsic("checkpoint")
def _checkpoint(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """``sorix.checkpoint(f)`` or ``sorix.checkpoint(range(n))`` met in the program."""
    given = bound("target", args, kwargs)
    target, segment = given["target"], given.get("segment", NONE)
    checkpointing.require_target(it, target, segment)
    return Checkpointed(target, checkpointing.segment_length(it, segment))


@intrinsic("checkpointed")
def _checkpointed(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """A call of a function that was made outside the program."""
    path = Path(("constant", ById(fn.value), fn.value.__name__)).attr("__wrapped__")
    function = it.inputs.lift(fn.value.__wrapped__, path)
    return call_checkpointed(it, Checkpointed(function), args, kwargs)


def call_checkpointed(
    it: Interpreter, fn: Checkpointed, args: list[Value], kwargs: Kwargs
) -> Value:
    """Call the function as a routine of its own, so that only what it reads is kept."""
    name = name_of(fn.target)
    return outlining.outlined(it, name, lambda: calls.call(it, fn.target, args, kwargs))


def name_of(function: Value) -> str:
    inner = function.fn if isinstance(function, Bound | Partial) else function
    name = getattr(inner.value if isinstance(inner, Static) else inner, "__name__", None)
    if name is None and isinstance(inner, Closure):
        name = inner.name
    return name if name is not None and name.isidentifier() else "part"


# -- creation -------------------------------------------------------------------------------


def _dtype(value: Value | None) -> Const:
    if value is None or (isinstance(value, Static) and value.value is None):
        return Const(np.dtype(wrappers().default_dtype()))
    assert isinstance(value, Static)
    return Const(np.dtype(value.value))


def _requires(it: Interpreter, kwargs: Kwargs) -> bool:
    return bool(it.demand(kwargs.pop("requires_grad", Const(False)), "requires_grad"))


@intrinsic("zeros", "ones", "empty")
def _filled(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    grad = _requires(it, kwargs)
    dtype = _dtype(kwargs.pop("dtype", None))
    shape = (
        containers.nested_atom(it, args[0])
        if len(args) == 1
        else Tup(tuple(it.read(a) for a in args))
    )
    maker = getattr(np, fn.value.__sorix_intrinsic__)
    return Tensor(it.new_array(it.builder.call(maker, shape, dtype=dtype), True), grad)


@intrinsic("full")
def _full(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    grad = _requires(it, kwargs)
    given = bound("size fill_value dtype", args, kwargs)
    shape, fill = containers.nested_atom(it, given["size"]), it.read(given["fill_value"])
    atom = it.builder.call(np.full, shape, fill, dtype=_dtype(given.get("dtype")))
    return Tensor(it.new_array(atom, True), grad)


@intrinsic("tensor", "as_tensor", "from_numpy")
def _tensor(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    grad = _requires(it, kwargs)
    given = bound("data dtype", args, kwargs)
    data, dtype = given["data"], given.get("dtype", NONE)
    if isinstance(data, Maybe):
        data = data.value

    if isinstance(data, Tensor) and fn.value.__sorix_intrinsic__ == "as_tensor":
        if isinstance(dtype, Static) and dtype.value is None:
            return data
        return Tensor(array_making.cast(it, data.value, _dtype(dtype)), data.requires_grad)
    if isinstance(data, Tensor):
        data = expressions.stopped(it, data.value)
    if isinstance(data, Array) and fn.value.__sorix_intrinsic__ != "tensor":
        arrays.share(it, data)  # On the tape, the tensor has the array's memory.
    explicit = not (isinstance(dtype, Static) and dtype.value is None)
    if isinstance(data, Array) and not explicit:
        return Tensor(array_making.copied(it, data, None), grad)
    value = it.new_array(it.builder.call(np.array, containers.nested_atom(it, data)), True)
    type_ = it.type_of(value)
    if explicit:
        return Tensor(array_making.cast(it, value, _dtype(dtype)), grad)
    if isinstance(type_, Num) and type_.is_float and not isinstance(data, Array):
        return Tensor(array_making.cast(it, value, _dtype(None)), grad)
    return Tensor(value, grad)


# -- gradients of functions -----------------------------------------------------------------


@intrinsic("func.make_grad", "func.make_value_and_grad")
def _make_gradient(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """``sorix.func.grad(f)`` met in the program."""
    given = bound("function argnums has_aux fallback", args, kwargs)
    positions = _fact(it, given.get("argnums", Const(0)))
    has_aux = bool(_fact(it, given.get("has_aux", Const(False))))
    has_value = fn.value.__sorix_intrinsic__.endswith("value_and_grad")
    return GradientOf(given["function"], positions, has_aux, has_value)


@intrinsic("func.grad")
def _func_grad(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """A call of a gradient that was made outside the program."""
    made = fn.value
    path = Path(("constant", ById(made), "gradient")).attr("function")
    function = it.inputs.lift(made.function, path)
    gradient = GradientOf(function, made.argnums, made.has_aux, made.has_value)
    return call_gradient(it, gradient, args, kwargs)


@intrinsic("read_as")
def _read_as(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """A transform that stands in the library's own Python: a Jacobian as its columns."""
    return calls.call(it, Static(fn.value.__sorix_read_as__), args, kwargs)


@intrinsic("func.call_unnoticed")
def _call_unnoticed(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    return library_text.call_unnoticed(it, args[0], args[1:])


@intrinsic("func.require_array")
def _require_array(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    return library_text.require_array(it, *args)


def _fact(it: Interpreter, value: Value) -> Any:
    if isinstance(value, Sequence):
        return tuple(_fact(it, v) for v in value.items)
    return it.demand(value, "an option of grad()")


def call_gradient(
    it: Interpreter, gradient_of: GradientOf, args: list[Value], kwargs: Kwargs
) -> Value:
    """Call the function on copies of the arguments, and differentiate the call."""
    function, argnums = gradient_of.function, gradient_of.argnums
    has_aux, has_value = gradient_of.has_aux, gradient_of.has_value
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    if not all(-len(args) <= p < len(args) for p in positions):
        raise UnsupportedCallError(
            f"argnums={argnums} names an argument that is not given by position",
            "pass the arguments that are differentiated by position",
        )
    positions = tuple(p % len(args) for p in positions)
    inner = list(args)
    leaves: dict[int, list[Var]] = {}
    for position in positions:
        found: list[Var] = []
        inner[position] = independents.independent(it, args[position], found)
        if isinstance(args[position], Static) and not found:
            raise NotDifferentiableError(
                f"the gradient with respect to {describe(args[position], it)} is asked for: only"
                " floats have one",
                "pass a float or an array of floats, or name another argument in argnums",
            )
        leaves[position] = found
    value = apart.called_apart(it, function, inner, kwargs)
    aux: Value = NONE
    if has_aux:
        value, aux = containers.static_items(it, value) or (value, NONE)
    value = apart.number_of(it, value, "grad()")
    apart.require_scalar(it, value, "grad()")
    output = it.read(value)
    wrt = [v for p in positions for v in leaves[p]]
    pairs = {output: Const(1.0)} if isinstance(output, Var) else {}
    bars = iter(differentiate_here(it, pairs, wrt)) if pairs else iter([None] * len(wrt))
    sources = iter(wrt)
    parts = [independents.rebuilt(it, args[p], bars, sources) for p in positions]
    gradient = parts[0] if isinstance(argnums, int) else Sequence(tuple(parts))
    result: Value = gradient
    if has_value:
        result = Sequence((Sequence((value, aux)) if has_aux else value, gradient))
    elif has_aux:
        result = Sequence((gradient, aux))
    return result
