"""Timings, side by side with those of other libraries: ``python -m benchmarks``."""
