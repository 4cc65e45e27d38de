"""What Python cannot do either: the exceptions of operations that values of such kinds lack.

Where the program handles the exception, or may not come to it, it is raised; where it is certain,
the program is refused with the same reason.
"""

from __future__ import annotations

import numpy as np

from sorix.compiler.frontend import absent, builtin_functions, exceptions, wording
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Array,
    Maybe,
    MethodOf,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import CompileError, UnsupportedTypeError


def not_possible(
    it: Interpreter,
    value: Value,
    message: str,
    reason: str,
    hint: str,
    cls: type[BaseException] = TypeError,
) -> CompileError:
    """Raise `cls`, or give the refusal; ``{}`` in `message` stands for the class of the value,
    ``{name}`` for the same without quotes."""
    found = class_of(it, it.whole(value))
    name = describe(value, it) if found is None else repr(found.__name__)
    refusal = UnsupportedTypeError(reason, hint)
    if exceptions.handled(it, cls) or it.outer_builders:
        said = message.replace("{}", name).replace("{name}", name.strip("'"))
        exceptions.raise_error(it, cls, (Static(said),))
    return refusal


def class_of(it: Interpreter, value: Value) -> type | None:
    """The class of a value, or None where only the run knows it."""
    try:
        return builtin_functions.class_of(it, value)
    except UnsupportedTypeError:
        return None


def method_of(it: Interpreter, owner: Value, name: str) -> Value:
    """A method of a built-in kind of value, which must have one of that name."""
    require_attribute(it, owner, name)
    cls = class_of(it, owner)
    if cls is not None and name == "__class__":
        return Static(cls)
    if all(callable(getattr(c, name, _lacking)) for c in (_NUMERIC if cls is None else (cls,))):
        return MethodOf(owner, name)
    raise not_followed(it, owner, name)


_NUMERIC = (float, np.float64, np.ndarray)
"""What a value may be whose class only the run knows, if it is numeric."""


def _lacking() -> None:
    """Stands for an attribute that a class has not: what it says is found out elsewhere."""


def not_followed(it: Interpreter, owner: Value, name: str) -> CompileError:
    """The refusal of an attribute that says how an object is kept, not what it computes."""
    return UnsupportedTypeError(
        f"the attribute {name!r} of {describe(owner, it)} is not followed",
        "keep what it says in a variable or an argument of your own",
    )


def require_attribute(it: Interpreter, owner: Value, name: str) -> None:
    """Refuse, or raise, where a built-in kind of value has no attribute of a name."""
    if lacks(it, owner, name):
        raise not_possible(
            it,
            owner,
            f"{{}} object has no attribute {name!r}",
            f"{describe(owner, it)} has no attribute {name!r}",
            "check the name, and what the value is",
            AttributeError,
        )


def lacks(it: Interpreter, owner: Value, name: str) -> bool:
    """Whether a number, an array or a container certainly has no such attribute."""
    if not isinstance(owner, Array | Var | Const | Sequence | Reference):
        return False
    found = class_of(it, owner)
    # Where branches differ, what is taken for a scalar of NumPy's may be a number of Python's.
    return found is not None and not any(hasattr(c, name) for c in (found, *_ALIKE.get(found, ())))


def has_no_length(it: Interpreter, value: Value) -> bool:
    """Whether a value is certainly a number, or an array without dimensions."""
    if isinstance(value, Maybe):
        value = value.value
    type_ = it.type_of(value) if it.is_numeric(value) else None
    return isinstance(type_, Num) and type_.rank == 0


def has_no_items(it: Interpreter, value: Value) -> bool:
    """Whether a value is certainly a number, or None, over which no loop runs."""
    return has_no_length(it, value) or (isinstance(value, Static) and value.value is None)


def after_star(it: Interpreter, value: Value, in_call: bool = False) -> Value:
    """What stands after a ``*``, over which a loop must run."""
    if isinstance(value, Maybe):
        return absent.required(it, value, TypeError, _said_after_star(type(None), in_call))
    if has_no_items(it, value):
        said = _said_after_star(class_of(it, value), in_call)
        reason = f"{describe(value, it)} is unpacked"
        refusal = UnsupportedTypeError(reason, "unpack a tuple, a list or an array")
        exceptions.may_fail(it, TypeError, said, refusal)
    return value


def _said_after_star(cls: type | None, in_call: bool) -> str:
    rest = f"after * must be an iterable, not {getattr(cls, '__name__', 'object')}"
    # Python names the function that is called.
    return wording.Approximate(f"argument {rest}") if in_call else f"Value {rest}"


def not_iterable(
    it: Interpreter, value: Value, message: str, reason: str, hint: str
) -> CompileError:
    """Raise TypeError where a value without items is a number or None, or give the refusal."""
    if has_no_items(it, value):
        return not_possible(it, value, message, reason, hint)
    return UnsupportedTypeError(reason, hint)


_ALIKE: dict[type, tuple[type, ...]] = {
    np.float64: (float,),
    np.float32: (float,),
    np.int64: (int,),
    np.bool_: (bool,),
}
