# sorix 0.1.0 | data_dicts.py:2 dict_update_and_items(x) | x: float | adjoint w.r.t. x
def dict_update_and_items__adjoint(x, total_bar):
    # data_dicts.py:4  d.update({"b": x**2}, c=3.0)
    value = x ** 2
    # data_dicts.py:5  d |= {"d": x * d["b"]}
    value1 = x * value
    # data_dicts.py:8  total += (i + len(key)) * value**2
    total = 0.0 + value + 2 * value ** 2 + 27.0
    total += 4 * value1 ** 2
    # adjoint of data_dicts.py:8
    value_bar = 8 * total_bar * value1
    value_bar1 = 4 * total_bar * value + total_bar
    # adjoint of data_dicts.py:5
    x_bar = value_bar * value
    value_bar = value_bar1 + value_bar * x
    # adjoint of data_dicts.py:4
    x_bar += value_bar * (2 * x)
    return total, x_bar
