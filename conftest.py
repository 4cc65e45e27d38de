"""Tests keep generated modules in a directory of their own, never in the user's cache."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

VARIABLE = "SORIX_CACHE_DIR"


def pytest_configure(config: pytest.Config) -> None:
    # The workers of pytest-xdist share the directory of the process that started them.
    if not hasattr(config, "workerinput"):
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="sorix-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[VARIABLE], ignore_errors=True)
