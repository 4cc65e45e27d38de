"""``support.zeros_like()`` of a list, as generated code calls it: a list, which may be written."""

from __future__ import annotations

from sorix.compiler.frontend import containers, numpy_calls
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.numpy_calls import special
from sorix.compiler.frontend.values import Kwargs, ListContent, Value
from sorix.support import zeros_like


@special(zeros_like)
def _zeros_like(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    content = containers.content_of(it, args[0])
    if kwargs or not isinstance(content, ListContent) or content.cls is not list:
        return numpy_calls.call_by_rule(it, zeros_like, args, kwargs)
    items = [it.hold(_zeros_like(it, [item], {})) for item in content.items]
    return containers.new_list(it, [it.release(item) for item in items])
