# sorix 0.1.0 | generators.py:2 sum_of_a_generator(x) | x: float | adjoint w.r.t. x
def sum_of_a_generator__adjoint(x, result_bar):
    p_stack = []
    # generators.py:3  return sum(_powers(x, 4)) * sum(p * p for p in _powers(x, 3))
    #   generators.py:-12  for _ in range(n):
    total = 0
    p = 1.0
    for _ in range(4):
        p_stack.append(p)
        #   generators.py:-11  yield p
        total += p
        #   generators.py:-10  p = p * x
        p *= x
    p_stack1 = []
    #   generators.py:-12  for _ in range(n):
    total1 = 0
    p = 1.0
    for _ in range(3):
        p_stack1.append(p)
        #   generators.py:-11  yield p
        total1 += p * p
        #   generators.py:-10  p = p * x
        p *= x
    # generators.py:3  return sum(_powers(x, 4)) * sum(p * p for p in _powers(x, 3))
    result = total * total1
    # adjoint of generators.py:3
    total_bar = result_bar * total1
    total_bar1 = result_bar * total
    #   adjoint of generators.py:-12
    p_bar = 0.0
    x_bar = 0.0
    for _ in reversed(range(3)):
        p = p_stack1.pop()
        #   adjoint of generators.py:-10
        p_bar1 = p_bar * x
        x_bar += p_bar * p
        #   adjoint of generators.py:-11
        p_bar = p_bar1 + 2 * total_bar1 * p
    #   adjoint of generators.py:-12
    p_bar = 0.0
    for _ in reversed(range(4)):
        p = p_stack.pop()
        #   adjoint of generators.py:-10
        p_bar1 = p_bar * x
        x_bar += p_bar * p
        #   adjoint of generators.py:-11
        p_bar = p_bar1 + total_bar
    return result, x_bar
