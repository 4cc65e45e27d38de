# sorix 0.1.0 | control_flow_loops.py:2 series_until_small(x) | x: float | adjoint w.r.t. x
def series_until_small__adjoint(x, total_bar):
    t_stack = []
    t_stack1 = []
    # control_flow_loops.py:6  while True:
    term = x
    total = 0.0
    n = 1
    trips = 0
    while True:
        trips += 1
        # control_flow_loops.py:7  total += term
        total += term
        # control_flow_loops.py:8  term = -term * x * x / ((n + 1) * (n + 2))
        t = -term
        t_stack.append(t)
        n1 = n + 2
        t1 = (n + 1) * n1
        t_stack1.append(t1)
        term = t * x * x / t1
        n = n1
        # control_flow_loops.py:10  if abs(term) < 1e-18:
        if abs(term) < 1e-18:
            break
    # adjoint of control_flow_loops.py:6
    term_bar = 0.0
    x_bar = 0.0
    for _ in range(trips):
        t = t_stack.pop()
        t1 = t_stack1.pop()
        # adjoint of control_flow_loops.py:8
        t_bar = term_bar / t1
        t_bar1 = t_bar * x
        x_bar += t_bar * (t * x)
        x_bar += t_bar1 * t
        # adjoint of control_flow_loops.py:7
        term_bar = total_bar - t_bar1 * x
    # adjoint of control_flow_loops.py:6
    x_bar += term_bar
    return total, x_bar
