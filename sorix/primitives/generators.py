"""The functions that make generators of random numbers, and what those are made of."""

from __future__ import annotations

import numpy as np

GENERATOR_MAKERS = (np.random.default_rng, np.random.Generator, np.random.RandomState)
"""What returns a generator; without an argument, one that no other run has."""

SOURCE_MAKERS = (
    np.random.PCG64,
    np.random.MT19937,
    np.random.Philox,
    np.random.SFC64,
    np.random.SeedSequence,
)
"""What returns a source of bits or of seeds for a generator."""
