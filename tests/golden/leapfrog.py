# sorix 0.1.0 | written.py:164 leapfrog(q, p, k, dt, steps) | q: float, p: float, k: float, dt: float, steps: int | primal
def leapfrog(q, p, k, dt, steps):
    # written.py:165  for _ in range(steps):
    for _ in range(steps):
        # written.py:166  p = p + 0.5 * dt * force(q, k)
        t = 0.5 * dt
        t1 = -k
        p += t * (t1 * q ** 3)
        # written.py:167  q = q + dt * p
        q += dt * p
        # written.py:168  p = p + 0.5 * dt * force(q, k)
        p += t * (t1 * q ** 3)
    # written.py:169  return 0.5 * p**2 + 0.25 * k * q**4
    return 0.5 * p ** 2 + 0.25 * k * q ** 4


# sorix 0.1.0 | written.py:164 leapfrog(q, p, k, dt, steps) | q: float, p: float, k: float, dt: float, steps: int | adjoint w.r.t. q, p, k, dt
def leapfrog__adjoint(q, p, k, dt, steps, result_bar):
    q_stack = []
    t_stack = []
    p_stack = []
    t_stack1 = []
    # written.py:165  for _ in range(steps):
    for _ in range(steps):
        q_stack.append(q)
        # written.py:166  p = p + 0.5 * dt * force(q, k)
        t = 0.5 * dt
        t1 = -k
        t2 = q ** 3
        t_stack.append(t2)
        p += t * (t1 * t2)
        p_stack.append(p)
        # written.py:167  q = q + dt * p
        q += dt * p
        # written.py:168  p = p + 0.5 * dt * force(q, k)
        t2 = q ** 3
        t_stack1.append(t2)
        p += t * (t1 * t2)
    # written.py:169  return 0.5 * p**2 + 0.25 * k * q**4
    t = 0.25 * k
    t1 = q ** 4
    result = 0.5 * p ** 2 + t * t1
    # adjoint of written.py:169
    q_bar = result_bar * t * (4 * q ** 3)
    k_bar = 0.25 * result_bar * t1
    p_bar = result_bar * p
    # adjoint of written.py:165
    dt_bar = 0.0
    for _ in reversed(range(steps)):
        q = q_stack.pop()
        t = t_stack.pop()
        p = p_stack.pop()
        t1 = t_stack1.pop()
        # adjoint of written.py:168
        t2 = 0.5 * dt
        t_bar = p_bar * t2
        q1 = q + dt * p
        q_bar -= t_bar * k * (3 * q1 ** 2)
        # adjoint of written.py:167
        dt_bar += q_bar * p
        p_bar1 = p_bar + q_bar * dt
        # adjoint of written.py:166
        t_bar1 = p_bar1 * t2
        q_bar -= t_bar1 * k * (3 * q ** 2)
        k_bar -= t_bar * t1 + t_bar1 * t
        dt_bar -= 0.5 * (p_bar * (k * t1) + p_bar1 * (k * t))
        p_bar = p_bar1
    return result, q_bar, p_bar, k_bar, dt_bar
