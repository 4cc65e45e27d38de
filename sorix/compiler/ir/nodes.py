"""The intermediate representation: pure, structured, in single-assignment form.

Every variable is bound once, by one statement or as a parameter of a function, a loop or a
branch merge; arrays are values. A write ``a[i] = v`` of the user's program is here the pure
call ``a2 = store(a1, i, v)``, and only the last pass of the optimiser (``plan_updates``) turns
it back into a write in place, where nothing else can see the difference. So differentiation
never meets mutation, aliasing, ``break`` or early ``return``.

Statements
    ``Assign``   x, ... = fn(atoms)        or x = atom
    ``If``       x, ... = then-results if cond else orelse-results
    ``For``      a counted loop over range(start, stop, step) with carried variables
    ``While``    the same with a condition evaluated before each iteration
    ``Push``     append to a stack of recorded values    ``Pop``   take the last back
    ``Effect``   a call for its effect only (print, an assertion)
    ``Raise``    an exception of the user's
    ``Update``   x[i] = v in place; ``plan_updates`` writes it, nothing before it may
Calls
    ``Call``     of a primitive, which is the Python function object itself, of a ``Method``, or
                 of a ``Routine``: another function of the IR, which may call itself
Atoms
    ``Var``, ``Const``, ``Tup`` (a tuple or list display of atoms), ``Slc`` (a slice)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sorix.compiler.ir.types import Opaque, Type, type_of
from sorix.errors import InternalCompilerError


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: a line of the user's, and in which sweep.

    Of a line in a function that was inlined, `call` is where it was called.
    """

    file: str
    line: int
    adjoint: bool = False
    note: str = ""
    call: Origin | None = None

    @property
    def way(self) -> tuple[Origin, ...]:
        """The calls that lead here, the outermost first, and the line itself."""
        if self.call is None:
            return (self,)
        return (*replace(self.call, adjoint=self.adjoint).way, self)

    @property
    def root(self) -> Origin:
        """The line of the function differentiated that leads here."""
        return self.way[0]


TEMPORARY = "t"
"""The hint of a variable that nothing is named after."""
IN_SEGMENTS = "in segments"
"""The note of a loop each of whose steps is many of the loop that was written."""


@dataclass(frozen=True, slots=True, eq=False)
class Var:
    """A variable; its identity is the object's. `hint` is the name it would like to have."""

    hint: str
    type: Type = field(default_factory=Opaque)

    def __repr__(self) -> str:
        return f"{self.hint}:{self.type}"


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A value that prints as Python: a number, string, None, Ellipsis, dtype or NumPy function."""

    value: Any

    @property
    def type(self) -> Type:
        return type_of(self.value)

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class _Undefined:
    """The value of a name that a branch leaves unassigned; prints as no assignment at all."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Const(_Undefined())


@dataclass(frozen=True, slots=True, eq=False)
class Tup:
    """A tuple (or list, where `is_list`) of atoms, written out in place."""

    items: tuple[Atom, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Slc:
    """A slice written out in place; a part left out is ``Const(None)``."""

    start: Atom
    stop: Atom
    step: Atom


Atom = Var | Const | Tup | Slc


@dataclass(frozen=True, slots=True)
class Method:
    """As a call's function: the method `name` of its first argument, an opaque object."""

    name: str


class Routine:
    """As a call's function: a function of the IR, by a handle that may stand in its own body.

    What a call needs to know is told when the handle is made: `params`, whose hints and types
    are those of the function's own, and the types of the `results`. The function is given by
    `define`, once. Of a routine that `runs_again` derivatives keep the arguments alone
    (`sorix.checkpoint`). Where it is `pure` or not by how it was made, that counts: a gradient
    raises only what the function itself raised before. By `into` it may write into some of its
    arguments, and returns them: pairs of a parameter and a result, by position.
    """

    __slots__ = (
        "__weakref__", "_function", "into", "name", "params", "pure", "results", "runs_again",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        params: tuple[Var, ...],
        results: tuple[Type, ...],
        runs_again: bool = False,
        pure: bool | None = None,
        into: tuple[tuple[int, int], ...] = (),
    ) -> None:
        self.name, self.params, self.results = name, params, results
        self.runs_again, self.pure, self.into = runs_again, pure, into
        self._function: Function | None = None

    def define(self, function: Function) -> Routine:
        """Say what the routine does."""
        if self._function is not None:
            raise InternalCompilerError(f"the routine {self.name} is defined twice")
        self._function = function
        return self

    def renewed(self, more: tuple[Var, ...] = ()) -> Routine:
        """Another handle, for the function after a change; with `more` parameters."""
        params = (*self.params, *more)
        return Routine(self.name, params, self.results, self.runs_again, self.pure, self.into)

    @property
    def function(self) -> Function:
        """What the routine does."""
        if self._function is None:
            raise InternalCompilerError(f"the routine {self.name} is used before it is defined")
        return self._function

    @property
    def is_defined(self) -> bool:
        """Whether the function is known yet."""
        return self._function is not None

    def __repr__(self) -> str:
        return f"<routine {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call of a primitive (the Python function object itself), a method or a routine."""

    fn: Callable[..., object] | Method | Routine
    args: tuple[Atom, ...]
    kwargs: tuple[tuple[str, Atom], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """Bind `targets`; several where the call returns a tuple (or list) of that length."""

    targets: tuple[Var, ...]
    value: Call | Atom
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Statements, then the atoms they leave to whoever contains the block."""

    stmts: tuple[Stmt, ...]
    results: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """A branch merge. A branch that ends in ``Raise`` has ``UNDEFINED`` results."""

    cond: Atom
    then: Block
    orelse: Block
    outs: tuple[Var, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """A counted loop.

    ``params`` are bound to ``inits`` before the first iteration and to ``body.results`` after
    each; ``outs`` are their values after the last. With ``until``, the last carried variable is
    a bool, and the loop is left after the iteration that makes it true (``break``). ``trips``,
    where not None, is bound to the number of iterations made. With ``backwards``, the indices
    come in reverse order: ``reversed(range(start, stop, step))``.
    """

    index: Var
    start: Atom
    stop: Atom
    step: Atom
    params: tuple[Var, ...]
    inits: tuple[Atom, ...]
    body: Block
    outs: tuple[Var, ...]
    until: bool = False
    trips: Var | None = None
    backwards: bool = False
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """A loop with a condition: ``test`` is evaluated on the params before each iteration.

    Its one result is the condition. Variables bound in ``test`` are visible in ``body``.
    """

    params: tuple[Var, ...]
    inits: tuple[Atom, ...]
    test: Block
    body: Block
    outs: tuple[Var, ...]
    trips: Var | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """``stack.append(value)``. Stacks are made by ``Assign((stack,), Call(list, ()))``."""

    stack: Var
    value: Atom
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pop:
    """``target = stack.pop()``."""

    target: Var
    stack: Var
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """A call made for its effect; `pure` calls never stand here."""

    call: Call
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    """``raise kind(*args)``; ends its block. A class of the program's own is a variable."""

    kind: Const | Var
    args: tuple[Atom, ...]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """``call`` (a store, an accumulation, an append) carried out in place on its first argument.

    Written by ``plan_updates`` only; ``target`` from then on names the changed buffer, which is
    printed under the same name as the first argument. ``value``, where not None, is bound to
    what the call returns beside it (``list_pop``).
    """

    target: Var
    call: Call
    origin: Origin | None = None
    value: Var | None = None


Stmt = Assign | If | For | While | Push | Pop | Effect | Raise | Update


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A whole function. ``body.results`` are what it returns (a tuple unless exactly one).

    ``own`` are the parameters that are its own to write into: nobody reads them afterwards.
    """

    name: str
    params: tuple[Var, ...]
    body: Block
    origin: Origin | None = None
    doc: str = ""
    own: tuple[Var, ...] = ()


def routine_of(function: Function, runs_again: bool = False) -> Routine:
    """A handle for a function that is known already."""
    results = tuple(getattr(atom, "type", Opaque()) for atom in function.body.results)
    return Routine(function.name, function.params, results, runs_again).define(function)
