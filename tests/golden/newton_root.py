# sorix 0.1.0 | written.py:131 newton_root(a, tolerance) | a: float, tolerance: float | primal
def newton_root(a, tolerance):
    # written.py:133  while abs(x * x - a) > tolerance:
    x = a
    while abs(x * x - a) > tolerance:
        # written.py:134  x = 0.5 * (x + a / x)
        x = 0.5 * (x + a / x)
    return x


# sorix 0.1.0 | written.py:131 newton_root(a, tolerance) | a: float, tolerance: float | adjoint w.r.t. a, tolerance
def newton_root__adjoint(a, tolerance, x_bar):
    x_stack = []
    # written.py:133  while abs(x * x - a) > tolerance:
    x = a
    trips = 0
    while abs(x * x - a) > tolerance:
        x_stack.append(x)
        # written.py:134  x = 0.5 * (x + a / x)
        x = 0.5 * (x + a / x)
        trips += 1
    # adjoint of written.py:133
    a_bar = 0.0
    for _ in range(trips):
        x1 = x_stack.pop()
        # adjoint of written.py:134
        t_bar = 0.5 * x_bar
        t = t_bar / x1
        a_bar += t
        x_bar = t_bar - t * (a / x1)
    # adjoint of written.py:133
    a_bar += x_bar
    return x, a_bar, 0.0
