"""One fault at a time: a copy of the package with one place changed, and the tests that must fail.

``PYTHONPATH=tests python -m mutants`` runs all of them in one process that forks for each, so that
the libraries are imported once; its last line is the result as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Mutant", "run", "survivors"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "kg"


@dataclass(frozen=True)
class Mutant:
    """`old` in `file` (below src/kg) becomes `new`; the tests `caught_by` must fail then.

    `old` stands in the file exactly once. `caught_by` names tests as pytest does, from tests/.
    """

    file: str
    old: str
    new: str
    caught_by: str

    @property
    def name(self) -> str:
        return f"{self.file}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    def write(self, folder: Path) -> None:
        """A package in `folder` that is ours but for the one place. Raises ValueError."""
        copy = folder / "kg"
        shutil.copytree(PACKAGE, copy, copy_function=os.symlink, ignore=_compiled)
        text = (PACKAGE / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.file} has {self.old!r} {text.count(self.old)} times")
        (copy / self.file).unlink()
        (copy / self.file).write_text(text.replace(self.old, self.new), encoding="utf-8")


def _compiled(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "__pycache__"]


def run(tests: Sequence[str], package: Path | None) -> tuple[bool, str]:
    """Whether the tests pass with the package in the folder `package` (None: ours), and the talk.

    In a process that is forked for it: no module of the package may be imported here.
    """
    assert not any(name == "kg" or name.startswith("kg.") for name in sys.modules)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        passed, talk = False, ""
        try:
            passed, talk = _tested(tests, package)
        except BaseException:
            talk = traceback.format_exc()
        finally:
            with os.fdopen(write, "w", encoding="utf-8") as pipe:
                json.dump([passed, talk[-4_000:]], pipe)
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    passed, talk = json.loads(told) if told else (False, "the process died")
    return bool(passed), str(talk)


def _tested(tests: Sequence[str], package: Path | None) -> tuple[bool, str]:
    import pytest

    if package is not None:
        sys.path.insert(0, str(package))
        os.environ["PYTHONPATH"] = os.pathsep.join([str(package), str(ROOT / "tests")])
    sys.dont_write_bytecode = True
    os.chdir(ROOT)
    talk = io.StringIO()
    options = ["--assert=plain", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
    if all(test.startswith("unit/test_guard.py") for test in tests):
        options.append("--noconftest")  # it needs no dataset, and half the time goes there
    with contextlib.redirect_stdout(talk), contextlib.redirect_stderr(talk):
        code = pytest.main([*options, *(f"tests/{test}" for test in tests)])
    if package is not None:
        import kg

        assert kg.__file__ is not None
        assert Path(kg.__file__).is_relative_to(package), "the tests ran on another package"
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code}: {talk.getvalue()}")
    return code == pytest.ExitCode.OK, talk.getvalue()


def survivors(mutants: Sequence[Mutant]) -> list[str]:
    """What is wrong: tests that fail without a fault, and faults that no test notices."""
    wrong = []
    named = sorted({mutant.caught_by for mutant in mutants})
    passed, talk = run(named, None)
    if not passed:
        return [f"without any fault: {talk}"]
    for mutant in mutants:
        with tempfile.TemporaryDirectory() as folder:
            mutant.write(Path(folder))
            passed, talk = run([mutant.caught_by], Path(folder))
        if passed:
            wrong.append(f"nobody noticed {mutant.name}")
        elif "FAILED" not in talk:
            wrong.append(f"{mutant.name} did not even run: {talk}")
    return wrong
