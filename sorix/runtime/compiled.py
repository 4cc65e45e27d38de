"""`compile`: a function whose calls run generated code, and on the tape where it is refused.

A compiled call on tensors is one node of the tape: its forward sweep ran when the node was made,
its backward is the generated reverse sweep. Where the backward must itself be differentiated
(``create_graph``), the generated adjoint is called as a compiled program again, on the tensors.
"""

from __future__ import annotations

import functools
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any, overload

from sorix.compiler.cache import CacheInfo, default_cache
from sorix.compiler.dispatch import Dispatcher, Entry, name_of, shown
from sorix.compiler.frontend.wrappers import Wrappers, register_wrappers
from sorix.compiler.verification import verification_asked
from sorix.errors import CompileError, FallbackWarning, NotCompiledError
from sorix.runtime.dtypes import get_default_dtype
from sorix.runtime.explain import explain
from sorix.runtime.found import name_that_finds
from sorix.runtime.options import FALLBACKS, TRUTH, entrance, require_option
from sorix.runtime.plan import Plan, differentiable, tensor_seeds
from sorix.runtime.tensor import Tensor
from sorix.runtime.tracebacks import shorten

register_wrappers(Wrappers(Tensor, get_default_dtype, "_data"))

BACKENDS = ("numpy",)
MODES = ("reverse", "forward")


class CompiledFunction:
    """A function and the code generated for it; made by `compile`.

    Attributes
    ----------
    source : str
        The generated text of the function itself, as of the last call.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        backend: str = "numpy",
        fallback: str = "tape",
        verify: bool = False,
    ) -> None:
        _require_options(backend, fallback, verify)
        functools.update_wrapper(self, function)
        self.__sorix_wrapped__ = function
        self._dispatcher = Dispatcher(function)
        self._fallback = fallback
        self.__sorix_verify__ = verify
        self._verify = verify or verification_asked()
        self._last: Entry | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        arguments = self._dispatcher.bind(args, kwargs)
        try:
            try:
                entry, values = self._dispatcher.find(arguments)
                plan = entry.plans.get("call")
                if plan is None:
                    plan = entry.plans["call"] = Plan(
                        entry, name_of(self.__sorix_wrapped__), self._verify
                    )
                self._last = entry
                if plan.unverified:
                    plan.verify(self._dispatcher.function, arguments, values)
                return plan.run(values)
            except CompileError as error:
                refusal = error
            # Out here, what the program raises on the tape is not shown as raised by the refusal.
            return self._refuse(refusal, args, kwargs)
        except Exception as error:
            shorten(error)
            raise

    def __repr__(self) -> str:
        return f"<sorix.compile of {shown(self.__sorix_wrapped__)}>"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """By name, as functions are pickled and copied; by the function where that has the name."""
        function = self.__sorix_wrapped__
        parts = (function, "numpy", self._fallback, self._verify)
        return name_that_finds(self) or (CompiledFunction, parts)

    def _refuse(self, error: CompileError, args: Any, kwargs: Any) -> Any:
        if self._fallback == "error":
            raise error
        if not getattr(self, "_warned", False):
            self._warned = True
            warnings.warn(
                f"{name_of(self.__sorix_wrapped__)}() runs on the eager tape: {error}",
                FallbackWarning,
                stacklevel=3,
            )
        return self.__sorix_wrapped__(*args, **kwargs)

    # inspection

    @property
    def source(self) -> str:
        """The generated text of the function itself, for the arguments of the last call."""
        return self._entry().program.primal.text

    @entrance
    def prepare(self, *args: Any, **kwargs: Any) -> None:
        """Compile for such arguments without running the function, so that it can be inspected."""
        self._last, _ = self._dispatcher.find(self._dispatcher.bind(args, kwargs))

    @entrance
    def grad_source(
        self, order: int = 1, wrt: Sequence[str] | None = None, mode: str = "reverse"
    ) -> str:
        """The generated text of the derivative of the given order, as of the last call.

        Parameters
        ----------
        order : int
            1 for the adjoint, 2 for the adjoint of the adjoint, and so on.
        wrt : sequence of str, optional
            The names of the arguments to differentiate by; by default the tensors that require
            grad, or where there are none, all floats and arrays of floats.
        mode : {"reverse", "forward"}
            That of the last derivative: with ``"forward"``, order 1 is the tangent, as `jvp` runs
            it, and order 2 the tangent of the adjoint, as `hvp` does.

        Returns
        -------
        str
            Python source.

        Raises
        ------
        ValueError
            If a name in `wrt` is none of an argument of which floats are read, or the mode is
            neither.
        """
        _require(order >= 1, "order must be at least 1")
        require_option("mode", mode, MODES)
        entry = self._entry()
        for name in wrt or ():
            _require(name in self._dispatcher.bind.names, self._no_argument(name))
            unread = f"the argument {name} holds no floats that are read"
            _require(bool(differentiable(entry, [name])), unread)
        program = entry.program
        seeds: tuple[bool, ...] | None = tensor_seeds(entry)
        positions = differentiable(entry, wrt)
        for _ in range(order - 1):
            program, seeds = program.gradient(positions, seeds), None
        if mode == "forward":
            return program.tangent(positions).text
        return program.joint(positions, seeds).text

    def _no_argument(self, name: str) -> str:
        names = ", ".join(self._dispatcher.bind.names) or "none"
        return f"{name!r} is no argument of {name_of(self.__sorix_wrapped__)}(): there is {names}"

    def explain(self) -> str:
        """What was specialised, inlined and recorded for the last call, or why it was refused."""
        if self._last is None and self._dispatcher.refusals:
            error = self._dispatcher.refusals[0][1]
            return f"runs on the eager tape: {error}"
        entry = self._entry()
        return explain(entry, differentiable(entry), tensor_seeds(entry))

    def cache_info(self) -> CacheInfo:
        """How often this process found generated modules or made them, and what lies on disk."""
        return default_cache().info()

    def _entry(self) -> Entry:
        if self._last is None and self._dispatcher.refusals:
            raise NotCompiledError.refused(self._dispatcher.refusals[0][1])
        if self._last is None:
            raise NotCompiledError(
                f"{name_of(self.__sorix_wrapped__)}() has not been compiled yet",
                "call it once with the arguments it is to be compiled for",
            )
        return self._last


def _require_options(backend: Any, fallback: Any, verify: Any) -> None:
    require_option("backend", backend, BACKENDS)
    require_option("fallback", fallback, FALLBACKS)
    require_option("verify", verify, TRUTH)


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ValueError(sentence)


@overload
def compile(
    function: Callable[..., Any],
    /,
    *,
    backend: str = "numpy",
    fallback: str = "tape",
    verify: bool = False,
) -> CompiledFunction: ...
@overload
def compile(
    *, backend: str = "numpy", fallback: str = "tape", verify: bool = False
) -> Callable[[Callable[..., Any]], CompiledFunction]: ...


@entrance
def compile(
    function: Callable[..., Any] | None = None,
    /,
    *,
    backend: str = "numpy",
    fallback: str = "tape",
    verify: bool = False,
) -> Any:
    """Compile a function: its calls, and their derivatives, run generated NumPy code.

    Parameters
    ----------
    function : callable
        A function of arrays, tensors, modules and Python values.
    backend : {"numpy"}
        What the generated code runs on.
    fallback : {"tape", "error"}
        What happens where the compiler refuses the function: the call runs on the eager tape,
        with one warning, or the refusal is raised.
    verify : bool
        Whether newly generated code is checked once, at its first call, against `function`
        itself: the value, and the derivative along a random direction against differences;
        `VerificationError` if they disagree. The environment variable ``SORIX_VERIFY=1`` asks
        for it everywhere.

    Returns
    -------
    CompiledFunction
        Called as `function`. On tensors, a call is one node of the tape.

    Raises
    ------
    ValueError
        If an option has a value that it cannot have.

    Examples
    --------
    >>> import sorix
    >>> @sorix.compile
    ... def energy(x):
    ...     return (x * x).sum()
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> energy(x).backward()
    >>> x.grad
    tensor([2., 4.])
    """
    if function is None:
        _require_options(backend, fallback, verify)
        return lambda inner: CompiledFunction(inner, backend, fallback, verify)
    return CompiledFunction(function, backend, fallback, verify)
