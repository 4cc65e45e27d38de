"""What is refused by syntax alone: the reason, and what to write instead."""

_YIELD = (
    "yield is differentiated only in a generator that a loop consumes",
    "return a list, or loop over the generator directly",
)

REFUSALS: dict[str, tuple[str, str]] = {
    "TryStar": (
        "except* is not differentiated: it handles groups of exceptions",
        "write except, and raise exceptions one by one",
    ),
    "AsyncFunctionDef": (
        "async functions are not differentiated: what they compute depends on when they run",
        "write an ordinary function, await what it needs before, and pass it the result",
    ),
    "Yield": _YIELD,
    "YieldFrom": _YIELD,
    "With": (
        "this context manager is not differentiated: what entering it does cannot be read",
        "enter it outside the function, or write a class with __enter__ and __exit__ in Python",
    ),
}
"""By the name of the syntax node."""
