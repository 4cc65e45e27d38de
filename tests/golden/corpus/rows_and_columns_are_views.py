# sorix 0.1.0 | views.py:2 rows_and_columns_are_views(a) | a: float64[n, m] | adjoint w.r.t. a
def rows_and_columns_are_views__adjoint(a, result_bar):
    # views.py:3  m = a.copy()
    m = a.copy()
    # views.py:5  row *= 2
    m[0] = m[0] * 2
    # views.py:6  col += row[0]
    m[:, 1] += m[0, 0]
    # views.py:7  row[1] = col[1] * 3
    m[0, 1] = m[:, 1][1] * 3
    # views.py:8  return np.sum(m**2)
    result = (m ** 2).sum()
    # adjoint of views.py:8
    m_bar = 2 * result_bar * m
    # adjoint of views.py:7
    t_bar = m_bar[0, 1]
    m_bar[0, 1] = 0.0
    m_bar[1, 1] += 3 * t_bar
    # adjoint of views.py:6
    m_bar[0, 0] += m_bar[:, 1].sum()
    # adjoint of views.py:5
    m_bar[0] = 2 * m_bar[0]
    return result, m_bar
