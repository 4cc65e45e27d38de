"""From IR to text: the only part of the compiler that knows how Python is printed.

The text is a function of the IR alone: the same bytes for the same input.
"""

from sorix.compiler.emit.module import emit

__all__ = ["emit"]
