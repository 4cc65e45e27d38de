"""Programs the compiler refuses, each with the class of its error; the tape may still take them."""

import numpy as np

from sorix.errors import (
    AliasingError,
    NotDifferentiableError,
    StructureError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)
from tests.corpus.registry import program


@program(args=(np.array([0.6, 0.2]),), refused=UnsupportedCallError)
def a_function_without_a_rule(x):
    return np.sum(np.i0(x))


@program(args=(0.6,), refused=UnsupportedCallError)
def exec_of_text(x):
    scope = {"x": x}
    exec("y = x * 2", scope)
    return scope["y"]


@program(args=(0.6,), refused=UnsupportedCallError)
def eval_of_text(x):
    return eval("x * 2", {"x": x})


_CALLS = 0


@program(args=(0.6,), refused=UnsupportedSyntaxError)
def global_is_assigned(x):
    global _CALLS
    _CALLS = _CALLS + 1
    return x**2


@program(args=(np.array([0.2, 0.6]),), refused=StructureError)
def branches_of_different_structure(x):
    if x[0] > 0:
        y = (x[0], x[1])
    else:
        y = x * 2
    return y[0] * 2


class _Settings:
    def __init__(self):
        self.last = 0.0


@program(args=(0.6, _Settings()), refused=UnsupportedSyntaxError)
def field_of_the_callers_object_is_assigned(x, settings):
    settings.last = x
    return x**2



@program(args=(np.array([1, 2, 3]),), refused=NotDifferentiableError)
def integers_have_no_derivative(n):
    return np.sum(n * 2.0)


@program(args=(0.6, np.array([0.6, 0.2], dtype=object)), refused=UnsupportedTypeError)
def object_arrays(x, a):
    return x * a[0] * a[1]


@program(args=(np.array([0.6, 0.2]),), refused=UnsupportedTypeError)
def complex_intermediates(x):
    return np.abs(x[0] + 1j * x[1])


@program(args=(np.array([0.4, 0.9]),), refused=UnsupportedTypeError)
def array_of_objects(x):
    pair = np.array([x[0], x[1]], dtype=object)
    return pair[0] * pair[1]


@program(args=(np.array([0.4, 0.9]),), refused=UnsupportedTypeError)
def array_turned_into_objects(x):
    boxed = x.astype(object)
    return np.sum(boxed * boxed)


@program(args=(0.4, 0.9))
def class_of_what_and_leaves(x, y):
    chosen = y > 0.5 and x
    return x * 2 if isinstance(chosen, float) else x * 3


@program(args=(0.3,), refused=StructureError)
def list_in_a_list_that_a_branch_changes(x):
    inner = [0, x]
    outer = [inner]
    if x > 0.5:
        inner[0] = "a"
    return x if outer[0][0] == "a" else 2 * x
