# sorix 0.1.0 | control_flow_loops.py:2 newton_square_root(a) | a: float | adjoint w.r.t. a
def newton_square_root__adjoint(a, x_bar):
    x_stack = []
    # control_flow_loops.py:4  while abs(x * x - a) > 1e-13:
    x = a
    trips = 0
    while abs(x * x - a) > 1e-13:
        x_stack.append(x)
        # control_flow_loops.py:5  x = 0.5 * (x + a / x)
        x = 0.5 * (x + a / x)
        trips += 1
    # adjoint of control_flow_loops.py:4
    a_bar = 0.0
    for _ in range(trips):
        x1 = x_stack.pop()
        # adjoint of control_flow_loops.py:5
        t_bar = 0.5 * x_bar
        t = t_bar / x1
        a_bar += t
        x_bar = t_bar - t * (a / x1)
    # adjoint of control_flow_loops.py:4
    a_bar += x_bar
    return x, a_bar
