"""Special functions against values known to more digits than they have."""

import numpy as np
import pytest

from sorix.support import polygamma

# By mpmath, with 40 digits.
KNOWN = [
    (0, 0.3, -3.502524222200133),
    (0, 1e-05, -100000.57719921567),
    (0, 13.999, 2.6028440472236904),
    (0, 100.0, 4.600161852738087),
    (0, -9.7, 0.04028686852183078),
    (1, 2.7, 0.4472120689183236),
    (1, -0.5, 8.934802200544679),
    (2, 0.3, -75.27253658872604),
    (3, 20.0, 0.0002693742213396389),
    (4, -3.2, 74935.4834120547),
]


@pytest.mark.parametrize("order, x, value", KNOWN)
def test_polygamma_is_exact_but_for_rounding(order, x, value):
    assert polygamma(x, order=order) == pytest.approx(value, rel=2e-13)
    assert polygamma(np.array([x, 1.0]), order=order)[0] == polygamma(x, order=order)


def test_polygamma_keeps_single_precision():
    assert polygamma(np.ones(2, np.float32)).dtype == np.float32
