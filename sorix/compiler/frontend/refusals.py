"""What is refused by syntax alone: the reason, and what to write instead."""

REFUSALS: dict[str, tuple[str, str]] = {
    "Try": (
        "try/except is not differentiated: where an exception occurs cannot be recorded",
        "test the condition before (if np.all(np.isfinite(x)): ...), or call a helper outside",
    ),
    "TryStar": ("except* is not differentiated", "handle the exception outside the function"),
    "AsyncFunctionDef": ("async functions are not differentiated", "write an ordinary function"),
    "Yield": (
        "yield is differentiated only in a generator that a loop consumes",
        "return a list, or loop over the generator directly",
    ),
    "YieldFrom": ("yield from is not differentiated", "loop and yield each item"),
    "Match": ("this match statement is not differentiated", "write if/elif"),
    "With": ("this context manager is not differentiated", "use it outside the function"),
}
"""By the name of the syntax node."""
