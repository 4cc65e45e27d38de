"""Random IR programs full of updates, views, lists, stacks, branches and loops.

`random_function(seed)` is a verified pure function of two vectors, a matrix, a float and an int;
`random_arguments(seed)` are arguments for it. All values stay finite.
"""

from __future__ import annotations

import operator
import random

import numpy as np

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    If,
    Pop,
    Push,
    Slc,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.types import BOOL, FLOAT, INT, ListOf, Num, Opaque, Type, constant
from sorix.support import (
    add_at,
    list_add_at,
    list_append,
    list_pop,
    list_set,
    scatter,
    store,
    unbroadcast,
)

N = 4
VECTOR = Num("float64", (constant(N),), "array")
MATRIX = Num("float64", (constant(N), constant(N)), "array")
INDICES = Num("int64", (constant(3),), "array")
ELEMENT = Num("float64", (), "scalar")
NUMBERS, VECTORS = ListOf(FLOAT), ListOf(VECTOR)
CARRIED = (VECTOR, VECTOR, MATRIX, FLOAT, NUMBERS, VECTORS)
HALF = Const(0.5)


def random_function(seed: int, size: int = 12) -> Function:
    return _Generator(random.Random(seed)).function(size)


def random_arguments(seed: int) -> list[object]:
    rng = np.random.default_rng(seed)
    return [*rng.normal(size=(2, N)), rng.normal(size=(N, N)), float(rng.normal()), 3]


class _Generator:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.scope: list[Var] = []
        self.stmts: list[Stmt] = []
        self.depth = 0

    def function(self, size: int) -> Function:
        params = tuple(
            Var(hint, type_)
            for hint, type_ in zip("xyAcn", (VECTOR, VECTOR, MATRIX, FLOAT, INT), strict=True)
        )
        self.scope = list(params)
        self.bind("l", list, type_=NUMBERS)
        self.bind("ls", list, type_=VECTORS)
        self.statements(size)
        results = [self.pick(t) for t in (VECTOR, VECTOR, MATRIX, FLOAT, NUMBERS, VECTORS)]
        return Function("f", params, Block(tuple(self.stmts), tuple(results)))

    # -- helpers

    def pick(self, type_: Type) -> Var:
        """A variable of this type, the recent ones more likely."""
        found = [var for var in self.scope if var.type == type_]
        return found[-1 - min(int(self.rng.expovariate(0.7)), len(found) - 1)]

    def bind(self, hint: str, fn: object, *args: Atom, type_: Type) -> Var:
        var = Var(hint, type_)
        self.stmts.append(Assign((var,), Call(fn, args)))  # type: ignore[arg-type]
        self.scope.append(var)
        return var

    def hint(self) -> str:
        return self.rng.choice(["t", "t", "a", "b", "x", "x_bar"])

    def any_array(self) -> Var:
        return self.pick(self.rng.choice([VECTOR, VECTOR, MATRIX]))

    def position(self) -> Atom:
        return Const(self.rng.randrange(N))

    def statements(self, size: int) -> None:
        for _ in range(size):
            kinds = [self.plain, self.view, self.write, self.write, self.total, self.on_list]
            if self.depth < 3:
                kinds += [self.branch, self.loop, self.recorded]
            self.rng.choice(kinds)()

    def inside(self, size: int, *extra: Var) -> tuple[list[Stmt], list[Var]]:
        """Statements of a nested block, and what is in scope at its end."""
        outer = self.stmts, self.scope
        self.stmts, self.scope = [], [*self.scope, *extra]
        self.depth += 1
        self.statements(self.rng.randrange(size))
        self.depth -= 1
        inner = self.stmts, self.scope
        self.stmts, self.scope = outer
        return inner

    # -- statements

    def plain(self) -> None:
        a = self.any_array()
        choice = self.rng.randrange(5)
        if choice == 0:
            self.bind(self.hint(), np.tanh, a, type_=a.type)
        elif choice == 1:
            self.bind(self.hint(), operator.mul, a, HALF, type_=a.type)
        elif choice == 2:
            t = self.bind("t", operator.add, a, self.pick(a.type), type_=a.type)
            self.bind(self.hint(), np.sin, t, type_=a.type)
        elif choice == 3:
            s = self.bind("t", np.sum, self.pick(VECTOR), type_=ELEMENT)
            self.bind("c", np.tanh, s, type_=ELEMENT)
            self.bind("c", float, self.scope[-1], type_=FLOAT)
        else:
            self.stmts.append(Assign((copy := Var(self.hint(), a.type),), a))
            self.scope.append(copy)

    def view(self) -> None:
        choice, matrix = self.rng.randrange(6), self.pick(MATRIX)
        if choice == 0:
            self.bind("row", operator.getitem, matrix, self.position(), type_=VECTOR)
        elif choice == 1:
            index = Tup((Slc(Const(None), Const(None), Const(None)), self.position()))
            self.bind("column", operator.getitem, matrix, index, type_=VECTOR)
        elif choice == 2:
            self.bind(self.hint(), np.transpose, matrix, type_=MATRIX)
        elif choice == 3:
            back = Slc(Const(None), Const(None), Const(-1))
            self.bind(self.hint(), operator.getitem, self.pick(VECTOR), back, type_=VECTOR)
        elif choice == 4:
            a, b = self.pick(VECTOR), self.pick(VECTOR)
            self.bind(self.hint(), unbroadcast, a, b, type_=VECTOR)
        else:
            self.bind("e", operator.getitem, self.pick(VECTOR), self.position(), type_=ELEMENT)

    def value(self, shape_of: Type) -> Atom:
        if self.rng.random() < 0.3:
            return HALF
        if shape_of == VECTOR:
            return self.pick(
                self.rng.choice([FLOAT, FLOAT, ELEMENT] if self.has(ELEMENT) else [FLOAT])
            )
        return self.pick(VECTOR)

    def has(self, type_: Type) -> bool:
        return any(var.type == type_ for var in self.scope)

    def write(self) -> None:
        a = self.any_array()
        fn = self.rng.choice([store, add_at])
        hint = a.hint if self.rng.random() < 0.7 else self.hint()
        if self.rng.random() < 0.2:
            index: Atom = Tup(tuple(Const(self.rng.randrange(N)) for _ in range(3)), is_list=True)
            fn = add_at
        elif self.rng.random() < 0.3:
            index = Slc(Const(1), Const(None), Const(None))
            if self.rng.random() < 0.5:
                part = self.bind(
                    "t",
                    operator.getitem,
                    a,
                    Slc(Const(None), Const(-1), Const(None)),
                    type_=Opaque(),
                )
                half = self.bind("t", operator.mul, part, HALF, type_=Opaque())
                given = self.rng.choice([part, half])
                self.bind(hint, store, a, index, given, type_=a.type)
                return
        else:
            index = self.position()
        value = self.value(a.type)
        if fn is add_at or self.rng.random() < 0.5:
            scaled = self.bind("t", operator.mul, value, HALF, type_=getattr(value, "type", FLOAT))
            value = scaled
        self.bind(hint, fn, a, index, value, type_=a.type)

    def total(self) -> None:
        a = self.any_array()
        b = self.pick(a.type)
        half = self.bind("t", operator.mul, b, Const(0.25), type_=a.type)
        fn = self.rng.choice([operator.add, operator.sub])
        self.bind(a.hint, fn, a, half, type_=a.type)
        if self.rng.random() < 0.3:
            index = self.position()
            made = self.bind("t", scatter, self.value(a.type), a, index, type_=a.type)
            self.bind(a.hint, operator.add, self.scope[-2], made, type_=a.type)
        self.bind(a.hint, operator.mul, self.scope[-1], HALF, type_=a.type)

    def on_list(self) -> None:
        of, value = self.rng.choice([(NUMBERS, FLOAT), (VECTORS, VECTOR)])
        items = self.bind(of.__str__()[:1], list_append, self.pick(of), self.pick(value), type_=of)
        choice = self.rng.randrange(5)
        if choice == 0:
            self.bind("l", list_set, items, Const(-1), self.pick(value), type_=of)
        elif choice == 1:
            half = self.bind("t", operator.mul, self.pick(value), HALF, type_=value)
            self.bind("l", list_add_at, items, Const(0), half, type_=of)
        elif choice == 2:
            rest, last = Var("l", of), Var("v", value)
            self.stmts.append(Assign((rest, last), Call(list_pop, (items,))))
            self.scope += [rest, last]
        elif choice == 3:
            self.bind("v", operator.getitem, items, Const(0), type_=value)

    def condition(self) -> Var:
        return self.bind("t", operator.gt, self.pick(FLOAT), Const(0.0), type_=BOOL)

    def branch(self) -> None:
        cond = self.condition()
        types = self.rng.sample(CARRIED, self.rng.randrange(1, 4))
        sides = []
        for _ in range(2):
            stmts, scope = self.inside(4)
            outer, self.scope = self.scope, scope
            sides.append(Block(tuple(stmts), tuple(self.pick(t) for t in types)))
            self.scope = outer
        outs = tuple(Var(self.hint(), t) for t in types)
        self.stmts.append(If(cond, sides[0], sides[1], outs))
        self.scope += outs

    def loop(self) -> None:
        types = self.rng.sample(CARRIED, self.rng.randrange(1, 5))
        inits = tuple(self.pick(t) for t in types)
        params = tuple(
            Var(init.hint if self.rng.random() < 0.7 else self.hint(), init.type) for init in inits
        )
        outs = tuple(Var(param.hint, param.type) for param in params)
        if self.rng.random() < 0.3:
            self.while_loop(types, inits, params, outs)
            return
        index = Var("i", INT)
        stmts, scope = self.inside(5, *params, index)
        outer, self.scope = self.scope, scope
        results: tuple[Atom, ...] = tuple(self.pick(t) for t in types)
        until = self.rng.random() < 0.3
        if until:
            saved, self.stmts = self.stmts, stmts
            broke = self.condition()
            self.stmts = saved
            results = (*results, broke)
        self.scope = outer
        body = Block(tuple(stmts), results)
        trips = Var("trips", INT) if self.rng.random() < 0.3 else None
        if until:
            flag = (Var("broke", BOOL), Var("broke", BOOL))
            params, outs, inits = (*params, flag[0]), (*outs, flag[1]), (*inits, Const(False))  # type: ignore[assignment]
        backwards = self.rng.random() < 0.3
        self.stmts.append(
            For(
                index,
                Const(0),
                self.pick(INT),
                Const(1),
                params,
                inits,
                body,
                outs,
                until,
                trips,
                backwards,
            )
        )
        self.scope += [out for out in outs if out.type != BOOL]
        if trips is not None:
            self.bind("c", operator.mul, trips, Const(0.125), type_=FLOAT)

    def while_loop(
        self,
        types: list[Type],
        inits: tuple[Atom, ...],
        params: tuple[Var, ...],
        outs: tuple[Var, ...],
    ) -> None:
        k, k_after = Var("k", INT), Var("k", INT)
        test_stmts, test_scope = self.inside(3, k, *params)
        going = Var("t", BOOL)
        test_stmts.append(Assign((going,), Call(operator.lt, (k, Const(2)))))
        outer, self.scope = self.scope, test_scope
        stmts, scope = self.inside(4)
        self.scope = scope
        more = Var("k", INT)
        stmts.append(Assign((more,), Call(operator.add, (k, Const(1)))))
        results = (more, *(self.pick(t) for t in types))
        self.scope = outer
        test, body = Block(tuple(test_stmts), (going,)), Block(tuple(stmts), results)
        self.stmts.append(While((k, *params), (Const(0), *inits), test, body, (k_after, *outs)))
        self.scope += outs

    def recorded(self) -> None:
        """A loop that pushes, and one that pops: what a reverse sweep looks like."""
        pushed, carried = self.rng.choice([VECTOR, FLOAT, MATRIX]), self.rng.choice(CARRIED)
        stack = self.bind("stack", list, type_=ListOf(pushed))
        self.scope.remove(stack)
        out = self._recording_loop(stack, pushed, carried)
        self.scope.append(out)
        self.statements(self.rng.randrange(2))
        self._replaying_loop(stack, pushed, carried)

    def _recording_loop(self, stack: Var, pushed: Type, carried: Type) -> Var:
        init = self.pick(carried)
        index, param, out = Var("i", INT), Var(init.hint, carried), Var(init.hint, carried)
        stmts, scope = self.inside(5, param, index)
        place = self.rng.randrange(len(stmts) + 1)
        known = [var for var in scope if var.type == pushed and _bound_before(var, stmts, place)]
        stmts.insert(place, Push(stack, self.rng.choice(known[-4:])))
        outer, self.scope = self.scope, scope
        body = Block(tuple(stmts), (self.pick(carried),))
        self.scope = outer
        self.stmts.append(For(index, Const(0), Const(3), Const(1), (param,), (init,), body, (out,)))
        return out

    def _replaying_loop(self, stack: Var, pushed: Type, carried: Type) -> None:
        init = self.pick(carried)
        index, param, out = Var("i", INT), Var(init.hint, carried), Var(init.hint, carried)
        popped = Var("v", pushed)
        stmts, scope = self.inside(5, param, index, popped)
        outer, self.scope = self.scope, scope
        body = Block((Pop(popped, stack), *stmts), (self.pick(carried),))
        self.scope = outer
        self.stmts.append(
            For(
                index, Const(0), Const(3), Const(1), (param,), (init,), body, (out,), backwards=True
            )
        )
        self.scope.append(out)


def _bound_before(var: Var, stmts: list[Stmt], place: int) -> bool:
    from sorix.compiler.ir.walk import defined

    return not any(var in defined(stmt) for stmt in stmts[place:])
