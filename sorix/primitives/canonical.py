"""One form for every call of a primitive, so that a rule need not know NumPy's many spellings.

In canonical form the arguments that a rule takes positionally stand first, in order; options
follow by name, and those that are at their default are left out: ``np.sum(a=x, axis=None,
keepdims=True)`` is ``np.sum(x, keepdims=True)``. What a rule takes is read from its signature.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.einsum import subscripts
from sorix.primitives.table import Rule, rule_of

Call = tuple[tuple[Any, ...], dict[str, Any]]

# Signatures that NumPy itself states only from some version on.
_stated: dict[Any, Callable[..., Any]] = {
    np.concatenate: lambda arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind": 0,
    np.where: lambda condition, x=None, y=None, /: 0,
    np.dot: lambda a, b, out=None: 0,
    np.inner: lambda a, b, /: 0,
    np.vdot: lambda a, b, /: 0,
    np.array: lambda object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0: 0,
    np.asarray: lambda a, dtype=None, order=None, *, device=None, copy=None: 0,
    np.empty_like: lambda prototype, /, dtype=None, order="K", subok=True, shape=None: 0,
    np.zeros: lambda shape, dtype=None, order="C": 0,
    np.empty: lambda shape, dtype=None, order="C": 0,
}

# A second name for a parameter.
_synonyms = {
    (np.clip, "min"): "a_min",
    (np.clip, "max"): "a_max",
    (np.reshape, "newshape"): "shape",
}

# Options that change how a result is stored, never its values.
_storage = frozenset({"order", "subok", "device", "like", "copy", "casting", "kind", "stable"})

# The same names where they say more: which array is written.
_telling = {(np.nan_to_num, "copy")}

# Options whose other values depend on how an array happens to lie in memory, or have a definition.
_limited: dict[Any, dict[str, tuple[Any, ...]]] = {
    np.reshape: {"order": ("C", "F")},
    np.ravel: {"order": ("C", "F")},
    np.correlate: {"mode": ("full", "valid")},
    np.pad: {"mode": ("constant", "edge", "wrap", "reflect", "symmetric")},
}


@dataclass(frozen=True, slots=True)
class Form:
    """What the canonical form of one primitive's calls is read from."""

    names: tuple[str, ...]  # the parameters that may be given by position
    defaults: Mapping[str, Any]
    positional: tuple[str, ...]  # the parameters that are positional in canonical form
    options: Mapping[str, Any] | None  # the options with a rule; None where all are welcome
    variadic: bool
    limited: Mapping[str, tuple[Any, ...]]  # the options of which not every value has a rule


def canonical(
    fn: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static: Callable[[Any], Any] = lambda value: value,
) -> Call:
    """A call's arguments in canonical form.

    Parameters
    ----------
    fn
        The primitive.
    args, kwargs
        As the program gave them.
    static
        The Python value of an argument, where the caller wraps constants.

    Returns
    -------
    (args, options)

    Raises
    ------
    UnsupportedFunctionError
        Where an option is given that the primitive's rule does not take.
    TypeError
        Where the call does not fit the function's signature.

    Examples
    --------
    >>> import numpy as np
    >>> canonical(np.sum, (3.0, None), {"keepdims": True})
    ((3.0,), {'keepdims': True})
    """
    if fn is np.einsum and args and not isinstance(static(args[0]), str):
        args = with_subscripts(args)
    form = form_of(fn)
    if form is None or (not kwargs and (form.variadic or len(args) == len(form.positional))):
        if kwargs:
            return tuple(args), _ufunc_options(fn, kwargs, static)
        return tuple(args), {}
    if fn is np.where and len(args) == 1:
        return tuple(args), {}
    given = _bind(fn, form, args, kwargs)
    found = [given.pop(name, form.defaults.get(name, Parameter.empty)) for name in form.positional]
    if Parameter.empty in map(_as_default, found):
        missing = form.positional[[_as_default(v) for v in found].index(Parameter.empty)]
        raise TypeError(f"{name_of(fn)}() missing a required argument: '{missing}'")
    if form.variadic:
        found += args[len(form.positional) :]
    positional = tuple(None if v is np._NoValue else v for v in found)
    return positional, _options(fn, form, given, static)


def with_subscripts(args: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments of ``np.einsum(a, [0, 1], b, [1, 2])`` as those of ``("ab,bc", a, b)``."""
    count = len(args) // 2
    labels = [*args[1 : 2 * count : 2], *args[2 * count :]]
    return subscripts(labels, count), *args[: 2 * count : 2]


def parameter_of(fn: Callable[..., Any], name: str) -> str:
    """The parameter that is meant by a name, which may be a second name of it."""
    return _synonyms.get((fn, name), name)


_forms: dict[Any, tuple[Rule | None, Form | None]] = {}


def form_of(fn: Callable[..., Any]) -> Form | None:
    """The form of a primitive's calls; None where all its arguments are positional."""
    rule = rule_of(fn)
    found = _forms.get(fn)
    if found is None or found[0] is not rule:
        found = _forms[fn] = rule, _read_form(fn, rule)
    return found[1]


def _read_form(fn: Callable[..., Any], rule: Rule | None) -> Form | None:
    # A ufunc of another library has no __module__.
    module = getattr(fn, "__module__", None)
    closed = module in ("_operator", "math", "builtins") and fn is not math.isclose
    if isinstance(fn, np.ufunc | type) or closed:
        return None
    try:
        own = signature(_stated.get(fn, fn))
    except (TypeError, ValueError):
        return None
    parameters = own.parameters.values()
    by_position = [p for p in parameters if p.kind <= Parameter.POSITIONAL_OR_KEYWORD]
    positional, options = _rule_form(rule) if rule is not None else (None, None)
    if positional is None:
        positional = sum(p.default is Parameter.empty for p in by_position)
    names = tuple(p.name for p in by_position)
    return Form(
        names=names,
        defaults={p.name: p.default for p in parameters if p.default is not Parameter.empty},
        positional=names[:positional],
        options=options,
        variadic=_is_variadic(own),
        limited=_limited.get(fn, {}),
    )


def _is_variadic(own: Signature) -> bool:
    return any(p.kind is Parameter.VAR_POSITIONAL for p in own.parameters.values())


def _rule_form(rule: Rule) -> tuple[int | None, dict[str, Any] | None]:
    """How many arguments a rule takes by position, and its options with their defaults."""
    if rule.derive is None:
        return None, None
    leading = 1 if rule.kind == "elementwise" else 2
    parameters = list(signature(rule.derive).parameters.values())[leading:]
    named = [p for p in parameters if p.kind is not Parameter.VAR_POSITIONAL]
    required = [p for p in named if p.default is Parameter.empty]
    return len(required), {p.name: p.default for p in named if p.default is not Parameter.empty}


def _bind(
    fn: Callable[..., Any], form: Form, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """The given arguments by name."""
    if len(args) > len(form.names) and not form.variadic:
        raise TypeError(f"{name_of(fn)}() takes at most {len(form.names)} positional arguments")
    given = dict(zip(form.names, args, strict=False))
    for name, value in kwargs.items():
        name = parameter_of(fn, name)
        if name in given:
            raise TypeError(f"{name_of(fn)}() got multiple values for argument '{name}'")
        given[name] = value
    return given


def _options(
    fn: Callable[..., Any], form: Form, given: dict[str, Any], static: Callable[[Any], Any]
) -> dict[str, Any]:
    options = {}
    for name, value in given.items():
        known = static(value)
        if _is(known, form.defaults.get(name, Parameter.empty)) or known is np._NoValue:
            continue
        if form.options is None:
            options[name] = value
        elif name in form.options:
            if known not in form.limited.get(name, (known,)):
                raise UnsupportedFunctionError(
                    f"{name_of(fn)} with {name}={known!r} depends on how the array lies in memory."
                    f" Hint: give one of {form.limited[name]}."
                )
            if not _is(known, form.options[name]):
                options[name] = value
        elif name not in _storage or (fn, name) in _telling:
            raise UnsupportedFunctionError(f"{name_of(fn)} has no rule for its option {name}=")
    return options


def _ufunc_options(
    fn: Callable[..., Any], kwargs: Mapping[str, Any], static: Callable[[Any], Any]
) -> dict[str, Any]:
    """A function whose arguments are all positional takes no option but one at its default."""
    defaults = {"out": None, "where": True, "casting": "same_kind", "order": "K", "dtype": None}
    for name, value in kwargs.items():
        known = static(value)
        said = name in _storage and (fn, name) not in _telling
        if not said and not _is(known, defaults.get(name, Parameter.empty)):
            raise UnsupportedFunctionError(f"{name_of(fn)} has no rule for its option {name}=")
    return {}


def _is(value: Any, default: Any) -> bool:
    """Whether an option is at its default; never compares arrays."""
    if value is default:
        return True
    plain = (bool, int, float, str, tuple)
    return type(value) is type(default) and isinstance(value, plain) and bool(value == default)


def _as_default(value: Any) -> Any:
    return value if value is Parameter.empty else None


def name_of(fn: Callable[..., Any]) -> str:
    """How a program writes the primitive: ``np.sum``, ``np.linalg.norm``, ``math.sin``."""
    name = getattr(fn, "__name__", repr(fn))
    if isinstance(fn, np.ufunc):
        return f"np.{name}" if getattr(np, name, None) is fn else str(name)
    module = (getattr(fn, "__module__", None) or "").lstrip("_")
    if module in ("builtins", "main__") or not module:
        return name
    return f"{module.replace('numpy', 'np', 1)}.{name}" if "numpy" in module else f"{module}.{name}"
