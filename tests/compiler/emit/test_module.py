"""What a function reads like when it is printed, and that the names mean what they should."""

from __future__ import annotations

import itertools
import operator
import textwrap

import numpy as np
import pytest

from sorix.compiler.emit import emit
from sorix.compiler.emit.names import identifier
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Method,
    Origin,
    Slc,
    Tup,
    Update,
    Var,
    While,
    routine_of,
)
from sorix.compiler.ir.types import BOOL, FLOAT, INT, Dim, ListOf, Num, Opaque
from sorix.support import add_at, list_add_at, store
from tests.compiler.reading import read

VECTOR = Num("float64", (Dim("n"),), "array")
MATRIX = Num("float64", (Dim("n"), Dim("m")), "array")


def body(function: Function) -> str:
    """The lines of the function's body, comments left out."""
    lines = emit([function]).partition("def ")[2].splitlines()[1:]
    return textwrap.dedent("\n".join(x for x in lines if not x.lstrip().startswith("#")))


def run(function: Function, *args: object) -> object:
    namespace: dict[str, object] = {}
    exec(emit([function]), namespace)
    return namespace[function.name](*args)


# ------------------------------------------------------------------------ the whole module


def test_a_module_reads_like_hand_written_numpy():
    x, w, b = Var("x", MATRIX), Var("W0", MATRIX), Var("b0", VECTOR)
    t, u, h, t_bar, w_bar = (Var(n, MATRIX) for n in ("t", "t", "h", "t_bar", "W0_bar"))
    flipped, h_bar = Var("t", MATRIX), Var("h_bar", MATRIX)
    first, second = Origin("/home/me/train.py", 12), Origin("/home/me/train.py", 12, adjoint=True)
    stmts = (
        Assign((t,), Call(operator.matmul, (x, w)), first),
        Assign((u,), Call(operator.add, (t, b)), first),
        Assign((h,), Call(np.tanh, (u,)), first),
        Assign((t_bar,), Call(operator.mul, (h_bar, h)), second),
        Assign((flipped,), Call(np.transpose, (x,)), second),
        Assign((w_bar,), Call(operator.matmul, (flipped, t_bar)), second),
    )
    function = Function(
        "layer__adjoint", (x, w, b, h_bar), Block(stmts, (h, w_bar)), doc="A layer."
    )
    text = emit([function], "sorix | train.py:11", lambda origin: "h = np.tanh(x @ W0 + b0)")
    assert text == textwrap.dedent('''\
        # sorix | train.py:11
        import numpy as np


        def layer__adjoint(x, W0, b0, h_bar):
            """A layer."""
            # train.py:12  h = np.tanh(x @ W0 + b0)
            h = np.tanh(x @ W0 + b0)
            # adjoint of train.py:12
            W0_bar = x.T @ (h_bar * h)
            return h, W0_bar
        ''')


def test_imports_are_those_needed():
    function = read('def f(x: "n", a: float):\n    y = expand(a, x) * math.sin(a)\n    return y')
    assert emit([function]).startswith("import math\nfrom sorix.support import expand\n\n\ndef f")
    assert emit([read("def f(a: float):\n    return a")]) == "def f(a):\n    return a\n"


def test_functions_that_are_called_are_defined_too_under_names_of_their_own():
    inner = read("def f(a: float):\n    return a * 2.0")
    x, y = Var("x", FLOAT), Var("y", FLOAT)
    outer = Function("f", (x,), Block((Assign((y,), Call(routine_of(inner), (x,))),), (y,)))
    assert "def f(x):\n    y = f1(x)" in emit([outer])
    assert run(outer, 3.0) == 6.0


# ------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    "hint, name",
    [("lambda", "lambda_"), ("np", "np_"), ("max", "max_"), ("net.0.W", "net_0_W"), ("é", "_")],
)
def test_names_are_identifiers_that_shadow_nothing(hint, name):
    assert identifier(hint) == name


def test_a_variable_does_not_shadow_a_support_function_or_the_function_itself():
    function = read(
        'def f(x: "n", a: float):\n    expand = np.sin(x)\n    y = add_at(expand, 0, a)'
        "\n    add_at = y * 2.0\n    f = add_at * 2.0\n    return f, y"
    )
    text = emit([function])
    assert "add_at_ = " in text and "f_ = " in text and "expand = np.sin(x)" in text


def test_versions_share_a_name_only_while_one_is_needed():
    function = read("""
def f(a: float):
    b = a + 1.0
    c = b
    b = b * 2.0
    d = b * c
    b = d * 2.0
    return b
""")
    assert body(function) == textwrap.dedent("""\
        b = a + 1.0
        c = b
        b *= 2.0
        d = b * c
        b = d * 2.0
        return b""")
    assert run(function, 1.0) == 16.0


def test_hints_that_end_in_a_digit_get_their_number_apart():
    w, v = Var("W0", FLOAT), Var("W0", FLOAT)
    function = Function("f", (w,), Block((Assign((v,), Call(operator.neg, (w,))),), (w, v)))
    assert body(function) == "W0_1 = -W0\nreturn W0, W0_1"


def test_carried_values_that_swap_are_assigned_at_once():
    a, b, p, q, u, v, i, n = (Var(name, FLOAT) for name in "abpquvin")
    loop = For(i, Const(0), n, Const(1), (p, q), (a, b), Block((), (q, p)), (u, v))
    function = Function("f", (a, b, n), Block((loop,), (u, v)))
    assert "p, q = q, p" in body(function)
    assert run(function, 1.0, 2.0, 3) == (2.0, 1.0)


def test_a_chain_of_carried_values_is_assigned_in_the_right_order():
    a, p, q, r, s, u, i = (Var(name, FLOAT) for name in "apqrsui")
    step = Block((Assign((s,), Call(operator.add, (p, Const(1.0)))),), (s, p, q))
    loop = For(i, Const(0), Const(2), Const(1), (p, q, r), (a, a, a), step, (Var("x"), Var("y"), u))
    assert run(Function("f", (a,), Block((loop,), (u,))), 5.0) == 5.0


def test_an_unassigned_name_that_is_handed_on_does_not_stop_the_run():
    c, x, u, v, w = (
        Var("c", BOOL),
        Var("x", FLOAT),
        Var("u", FLOAT),
        Var("v", FLOAT),
        Var("w", FLOAT),
    )
    first = If(c, Block((), (x,)), Block((), (UNDEFINED,)), (u,))
    second = If(c, Block((), (u,)), Block((), (u,)), (v,))
    third = If(
        c, Block((Assign((w,), Call(operator.add, (u, v))),), (w,)), Block((), (x,)), (Var("r"),)
    )
    function = Function("f", (c, x), Block((first, second, third), (third.outs[0],)))
    assert run(function, False, 3.0) == 3.0 and run(function, True, 3.0) == 6.0


# ------------------------------------------------------------------------ statements


def test_temporaries_are_printed_where_they_are_used():
    text = 'def f(x: "n", y: "n"):\n    z = np.sin(x) * (x + y) ** 2.0 / y.size\n    return z, z'
    assert body(read(text)).startswith("z = np.sin(x) * (x + y) ** 2.0 / y.size\n")


def test_a_read_is_not_moved_past_the_write_it_must_come_before():
    x, t, s, y = Var("x", VECTOR), Var("t", FLOAT), Var("x", VECTOR), Var("y", FLOAT)
    b = Var("x", VECTOR)
    stmts = (
        Assign((b,), Call(np.sin, (x,))),
        Assign((t,), Call(operator.getitem, (b, Const(0)))),
        Update(s, Call(store, (b, Const(0), Const(9.0)))),
        Assign((y,), Call(operator.mul, (t, Const(2.0)))),
    )
    function = Function("f", (x,), Block(stmts, (y, s)))
    y, s = run(function, np.zeros(2))
    assert y == 0.0 and s[0] == 9.0


def test_an_index_of_one_part_of_an_array_is_no_tuple():
    x, rest = Var("x", VECTOR), Slc(Const(1), Const(None), Const(None))
    names = Var("names", Opaque())
    stmts = [
        Assign((Var("y", VECTOR),), Call(operator.getitem, (x, Tup((rest,))))),
        Assign((Var("z", Opaque()),), Call(operator.getitem, (names, Tup((Const(1),))))),
    ]
    results = tuple(stmt.targets[0] for stmt in stmts)
    text = body(Function("f", (x, names), Block(tuple(stmts), results)))
    assert "x[1:]" in text and "names[1,]" in text


def test_long_expressions_are_cut():
    terms = " + ".join(f"np.sin(x * {k}.5)" for k in range(40))
    text = emit([read(f'def f(x: "n"):\n    z = {terms}\n    return z, z')])
    assert max(map(len, text.splitlines())) <= 100
    assert len(text.splitlines()) < 30


def test_deep_expressions_are_cut():
    x = Var("x", VECTOR)
    chain = [x, *(Var("t", VECTOR) for _ in range(2000))]
    stmts = [Assign((b,), Call(np.sin, (a,))) for a, b in itertools.pairwise(chain)]
    text = emit([Function("f", (x,), Block(tuple(stmts), (chain[-1],)))])
    assert text.count("np.sin") == 2000
    assert max(line.count("(") for line in text.splitlines()) < 10


def test_indexing_is_written_with_slices():
    text = body(
        read('def f(A: "n, m", i: int):\n    x = A[i, 1:-1]\n    y = A[:, None]\n    return x, y')
    )
    assert text == "x = A[i, 1:-1]\ny = A[:, None]\nreturn x, y"


def test_loops_and_branches_are_written_plainly():
    text = body(
        read("""
def f(x: "n", a: float, n: int):
    for i in reversed(range(1, n)):
        if a > 0.0:
            a = a * 2.0
    while a < 100.0:
        a = a + x[0]
    return a
""")
    )
    assert text == textwrap.dedent("""\
        for i in reversed(range(1, n)):
            if a > 0.0:
                a *= 2.0
        while a < 100.0:
            a += x[0]
        return a""")


def test_a_branch_that_only_the_other_side_changes_is_inverted():
    x, c, y, out = Var("x", FLOAT), Var("c", BOOL), Var("x", FLOAT), Var("x", FLOAT)
    orelse = Block((Assign((y,), Call(operator.neg, (x,))),), (y,))
    function = Function("f", (x, c), Block((If(c, Block((), (x,)), orelse, (out,)),), (out,)))
    assert body(function) == "if not c:\n    x = -x\nreturn x"


def test_chains_of_branches_are_written_with_elif():
    text = body(
        read("""
def f(a: float):
    if a > 2.0:
        a = 2.0
    else:
        if a > 1.0:
            a = 1.0
        else:
            a = 0.0
    return a
""")
    )
    assert "elif a > 1.0:" in text


def test_a_loop_that_is_left_early_breaks_at_its_end():
    a, p, q, n = (Var(name, FLOAT) for name in "aaan")
    stop, b, done, trips = Var("t", BOOL), Var("broke", BOOL), Var("broke", BOOL), Var("trips", INT)
    step = (
        Assign((q,), Call(operator.mul, (p, Const(2.0)))),
        Assign((stop,), Call(operator.gt, (q, Const(20.0)))),
    )
    loop = For(
        Var("i", INT), Const(0), n, Const(1), (p, b), (a, Const(False)), Block(step, (q, stop)),
        (Var("a", FLOAT), done), until=True, trips=trips,
    )  # fmt: skip
    function = Function("f", (a, n), Block((loop,), (loop.outs[0], trips, done)))
    assert body(function).splitlines()[-3:] == [
        "    if broke:",
        "        break",
        "return a, trips, broke",
    ]
    assert run(function, 3.0, 10) == (24.0, 3, True)
    assert run(function, 3.0, 2) == (12.0, 2, False)


def test_a_while_loop_whose_condition_takes_statements_breaks_in_the_middle():
    x, p, out, t, c = (
        Var("x", FLOAT),
        Var("x", FLOAT),
        Var("x", FLOAT),
        Var("y", FLOAT),
        Var("c", BOOL),
    )
    test = Block(
        (
            Assign((t,), Call(operator.mul, (p, p))),
            Assign((c,), Call(operator.lt, (t, Const(50.0)))),
        ),
        (c,),
    )
    more = Var("x", FLOAT)
    step = Block((Assign((more,), Call(operator.add, (p, t))),), (more,))
    function = Function("f", (x,), Block((While((p,), (x,), test, step, (out,)),), (out,)))
    assert "while True:" in body(function) and "if not c:\n        break" in body(function)
    assert run(function, 2.0) == 42.0


def test_updates_are_written_in_place():
    x, i, v, w = (
        Var("x", VECTOR),
        Var("i", INT),
        Var("v", FLOAT),
        Var("w", Num("int64", (Dim("k"),), "array")),
    )
    a, b, c, d = (Var("y", VECTOR) for _ in range(4))
    rows = Slc(Const(None), Const(2), Const(None))
    stmts = (
        Assign((a,), Call(np.sin, (x,))),
        Update(b, Call(store, (a, rows, v))),
        Update(c, Call(add_at, (b, Tup((i,)), v))),
        Update(d, Call(add_at, (c, w, v))),
        Update(last := Var("y", VECTOR), Call(operator.add, (d, x))),
    )
    assert body(Function("f", (x, i, v, w), Block(stmts, (last,)))) == textwrap.dedent("""\
        y = np.sin(x)
        y[:2] = v
        y[i,] += v
        np.add.at(y, w, v)
        y += x
        return y""")


def test_an_array_in_a_list_is_replaced_not_written_into():
    items, v = Var("items", ListOf(VECTOR)), Var("v", VECTOR)
    own, more = Var("l", ListOf(VECTOR)), Var("l", ListOf(VECTOR))
    stmts = (
        Assign((own,), Call(list, (items,))),
        Update(more, Call(list_add_at, (own, Const(0), v))),
    )
    function = Function("f", (items, v), Block(stmts, (more,)))
    first = np.ones(2)
    assert run(function, [first], np.ones(2))[0].tolist() == [2.0, 2.0]
    assert first.tolist() == [1.0, 1.0]


def test_objects_are_called_by_their_methods():
    model, x, y = Var("model", Opaque()), Var("x", VECTOR), Var("y", Opaque())
    stmts = (
        Assign((y,), Call(Method("__call__"), (model, x))),
        Effect(Call(Method("append"), (model, y))),
        Effect(Call(print, (Const("done"),))),
    )
    text = body(Function("f", (model, x), Block(stmts, (y,))))
    assert text == "y = model(x)\nmodel.append(y)\nprint('done')\nreturn y"


def test_values_nobody_reads_get_no_name():
    x, u, s, v = Var("x", MATRIX), Var("u", MATRIX), Var("s", VECTOR), Var("v", MATRIX)
    stmts = (Assign((u, s, v), Call(np.linalg.svd, (x,))),)
    assert body(Function("f", (x,), Block(stmts, (s,)))) == "_, s, _ = np.linalg.svd(x)\nreturn s"


# ------------------------------------------------------------------------ comments


def test_an_origin_is_named_where_it_changes_and_only_there():
    text = emit(
        [read('def f(x: "n"):\n    y = np.sin(x)\n    z = y\n    z = y * y\n    return z, y')]
    )
    assert text.count("# user.py:") == 3


def test_pushes_and_pops_need_no_origin():
    function = read("""
def f(x: "n", n: int):
    s = []
    for i in range(n):
        s.append(x)
        x = x * 2.0
    y = s.pop()
    return y
""")
    comments = [line.strip() for line in emit([function]).splitlines() if "#" in line]
    assert comments == ["# user.py:3", "# user.py:5"]


def test_a_source_line_with_a_line_break_stays_one_comment():
    function = read("def f(a: float):\n    b = a * 2.0\n    return b, b")
    text = emit([function], "", lambda origin: "b = (a\n * 2.0)")
    assert "# user.py:2  b = (a  * 2.0)" in text
    compile(text, "generated.py", "exec")


# ------------------------------------------------------------------------ at its place of use


def test_the_bound_of_a_reverse_loop_stands_in_its_range():
    x, stop, i, out = Var("x", INT), Var("stop", INT), Var("i", INT), Var("y", INT)
    here = Origin("f.py", 1, adjoint=True)
    param, total = Var("y", INT), Var("y", INT)
    body = Block((Assign((total,), Call(operator.add, (param, i))),), (total,))
    stmts = (
        Assign((stop,), Call(operator.sub, (x, Const(1))), here),
        For(i, Const(0), stop, Const(1), (param,), (Const(0),), body, (out,), origin=here),
    )
    assert "for i in range(x - 1):" in body_of(stmts, (x,), out)


def test_a_negated_flag_is_written_wherever_it_is_asked():
    flag, going = Var("returned", BOOL), Var("going", BOOL)
    x, first, second = (Var(name, FLOAT) for name in "xyz")
    branches = [
        If(going, Block((), (Const(value),)), Block((), (x,)), (out,))
        for value, out in ((1.0, first), (2.0, second))
    ]
    negated = Assign((going,), Call(operator.not_, (flag,)))
    total = Var("w", FLOAT)
    added = Assign((total,), Call(operator.add, (first, second)))
    text = body_of((negated, *branches, added), (x, flag), total)
    assert text.count("if not returned:") == 2
    assert "going" not in text


def body_of(stmts, params, result):
    return body(Function("f", params, Block(tuple(stmts), (result,))))
