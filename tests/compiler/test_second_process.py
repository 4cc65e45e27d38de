"""The cache between processes: what the first one wrote, the second finds and runs, or refuses.

A process is a script of its own that compiles the same function, through `sorix.compile` and
through `sorix.func.grad`, and prints the cache's counters and the results.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import json, os, sys, warnings
import numpy as np
import sorix

def energy(x):
    y = np.sin(x) * FACTOR
    return (y * y).sum()

def compiled():
    x = sorix.tensor(np.array([0.5, 1.0]), requires_grad=True)
    through = sorix.compile(fallback="error")(energy)
    (g,) = sorix.grad(through(x), x, create_graph=True)
    (h,) = sorix.grad(g.sum(), x)
    return [*g.tolist(), *h.tolist()]

def gradient():
    return sorix.func.grad(energy, fallback="error")(np.array([0.5, 1.0])).tolist()

if __name__ == "__main__":
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        numbers = [*compiled(), *gradient()]
    info = sorix.compile(energy).cache_info()
    print(json.dumps(dict(
        numbers=numbers, hits=info.hits, misses=info.misses, stores=info.stores,
        corrupt=info.corrupt, entries=info.entries, directory=info.directory,
        warnings=[str(w.message) for w in caught], injected=os.environ.get("INJECTED"),
    )))
"""


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A program, what its first process printed, and the directory it left behind.

    The library is copied beside the program: an edit of it makes another entry too.
    """
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(ROOT / "sorix", folder / "sorix")
    program = folder / "user_program.py"
    program.write_text(SCRIPT.replace("FACTOR", "2.0"))
    return program, run(program, folder / "store"), folder / "store"


@pytest.fixture
def program(first_run):
    return first_run[0]


@pytest.fixture
def first(first_run):
    return first_run[1]


@pytest.fixture
def store(first_run, tmp_path):
    """A copy of what the first process left, to be spoiled."""
    return Path(shutil.copytree(first_run[2], tmp_path / "store"))


def run(program: Path, store: Path | str, library: Path | None = None) -> dict:
    """What the program prints; the library stands beside it unless said otherwise."""
    result = subprocess.run(
        [sys.executable, str(program)],
        env={
            **os.environ,
            "SORIX_CACHE_DIR": str(store),
            "PYTHONPATH": str(library or program.parent),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def entries(store: Path) -> list[Path]:
    return sorted(p for p in store.iterdir() if p.suffix == ".sorix")


def test_the_second_process_compiles_nothing(program, first, store):
    second = run(program, store)
    assert first["hits"] == 0
    assert first["misses"] == first["stores"] == first["entries"] == len(entries(store)) > 2
    assert second["misses"] == second["stores"] == 0
    assert second["hits"] == first["misses"]
    assert second["numbers"] == first["numbers"]
    assert not first["warnings"] + second["warnings"]


def test_another_text_is_another_entry(program, first, store, tmp_path):
    other = tmp_path / "user_program.py"
    other.write_text(SCRIPT.replace("FACTOR", "3.0"))
    second = run(other, store, program.parent)
    assert second["hits"] == 0
    assert second["misses"] == first["misses"]
    assert second["numbers"][0] == pytest.approx(first["numbers"][0] * 9 / 4)


def test_an_edit_in_place_is_another_entry(program, first, store, tmp_path):
    """Also where the key's text is the same but for one number in the middle of a line."""
    edited = tmp_path / "edited.py"
    found = []
    for factor in ("2.0", "5.0"):
        edited.write_text(SCRIPT.replace("FACTOR", factor))
        found.append(run(edited, store, program.parent))
    assert found[1]["hits"] == 0
    assert found[1]["numbers"][0] == pytest.approx(first["numbers"][0] * 25 / 4)


def test_an_empty_variable_keeps_modules_in_memory(program):
    found = run(program, "")
    assert found["directory"] is None
    assert found["stores"] == found["misses"] > 2


def test_files_are_the_owners_alone(first_run):
    left = first_run[2]
    assert stat.S_IMODE(left.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in entries(left)} == {0o600}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"import os; os.environ['INJECTED'] = 'yes'\n" + data,
        lambda data: data.replace(b"sin", b"cos"),
    ],
    ids=["cut", "empty", "one bit", "code before", "other function"],
)
def test_a_damaged_entry_is_not_executed(program, first, store, spoil):
    for path in entries(store):
        path.write_bytes(spoil(path.read_bytes()))
    second = run(program, store)
    assert second["numbers"] == first["numbers"]
    assert second["injected"] is None
    assert second["corrupt"] == first["misses"]
    assert second["hits"] == 0
    assert run(program, store)["hits"] == first["misses"]  # And was mended.


def test_an_entry_under_another_name_is_not_executed(program, first, store):
    paths = entries(store)
    contents = [path.read_bytes() for path in paths]
    for path, data in zip(paths, contents[1:] + contents[:1]):
        path.write_bytes(data)
    second = run(program, store)
    assert (second["hits"], second["corrupt"]) == (0, first["misses"])
    assert second["numbers"] == first["numbers"]


posix = pytest.mark.skipif(os.name != "posix", reason="needs the modes and owners of files")
root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can give files away"
)


@posix
def test_an_entry_that_others_may_write_is_not_executed(program, first, store):
    for path in entries(store):
        path.chmod(0o666)
    second = run(program, store)
    assert (second["hits"], second["corrupt"]) == (0, first["misses"])
    assert second["numbers"] == first["numbers"]


@posix
def test_an_entry_that_is_a_link_is_not_executed(program, first, store, tmp_path):
    for path in entries(store):
        elsewhere = tmp_path / path.name
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
    second = run(program, store)
    assert second["hits"] == 0
    assert second["numbers"] == first["numbers"]


@root
def test_an_entry_of_another_user_is_not_executed(program, first, store):
    for path in entries(store):
        path.chmod(0o644)  # So that it can be read.
        os.chown(path, 12345, 12345)
    second = run(program, store)
    assert (second["hits"], second["corrupt"]) == (0, first["misses"])
    assert second["numbers"] == first["numbers"]


def in_memory_only(found: dict, first: dict, because: str) -> None:
    assert found["hits"] == 0
    assert found["numbers"] == first["numbers"]
    assert found["directory"] is None
    (warning,) = found["warnings"]
    assert because in warning
    assert "in memory only" in warning


@posix
def test_a_directory_that_others_may_write_is_not_used(program, first, store):
    store.chmod(0o777)
    in_memory_only(run(program, store), first, "others may write to it")


@root
def test_a_directory_of_another_user_is_not_used(program, first, store):
    os.chown(store, 12345, 12345)
    in_memory_only(run(program, store), first, "belongs to another user")


@posix
def test_a_directory_that_is_a_link_is_not_used(program, first, store, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(store)
    in_memory_only(run(program, link), first, "cannot be used")


def test_a_file_in_the_place_of_the_directory_is_no_error(program, first, store):
    other = store.parent / "file"
    other.write_text("")
    in_memory_only(run(program, other), first, "cannot be used")
