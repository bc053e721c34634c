"""What the project promises about itself: its commands, its top level, the size of its modules."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"pyproject.toml", "README.md", "richsync", "tests", "sample_data", "Makefile"}
LONGEST = 320
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run it as from a shell, not as a part of the `make` that may run these tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=60
    )


def output(*command: str | Path) -> str:
    ended = run(*command)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def commands(text: str) -> set[str]:
    """The `make X` of a text, as code: not of a sentence that makes sure of something."""
    return {name for code in CODE.findall(text) for name in re.findall(r"\bmake ([a-z]+)", code)}


def helped() -> set[str]:
    return {line.split()[1] for line in output("make", "help").splitlines()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run `make demo`, then make sure", {"demo"}),
        ("```sh\nmake test   # and\nmake lint VENV=x\n```", {"test", "lint"}),
        ("no code, make nothing", set()),
    ],
)
def test_commands_are_read_from_code_only(text: str, expected: set[str]) -> None:
    assert commands(text) == expected


def test_help_is_the_default_and_lists_the_commands() -> None:
    assert output("make") == output("make", "help")
    assert {"help", "demo", "test", "lint", "fmt", "bench", "soak", "clean"} == helped()


def test_readme_and_help_name_the_same_commands() -> None:
    assert commands((ROOT / "README.md").read_text(encoding="utf-8")) == helped()


def test_an_old_python_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    ended = run("make", "test", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert ended.returncode == 2
    assert "needs Python 3.11 or newer" in ended.stderr
    assert not (tmp_path / "venv").exists()


def test_the_ci_script_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    output("bash", "-n", script)


def test_top_level_holds_only_what_belongs_there() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a clone")
    tracked = {path.partition("/")[0] for path in output("git", "ls-files").splitlines()}
    if not tracked:
        pytest.skip("nothing is committed yet")
    assert {name for name in tracked if not name.startswith(".")} <= ALLOWED


def test_modules_fit_a_sitting() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "richsync").rglob("*.py")
    }
    assert lengths
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_both_ways_to_start_agree() -> None:
    script = Path(sys.executable).parent / "richsync"
    assert output(script, "--version") == output(sys.executable, "-m", "richsync", "--version") != ""


def test_a_check_loads_neither_what_sends_nor_what_few_need() -> None:
    loaded = "import sys; from richsync.cli.app import application; application('validate')"
    shown = output(sys.executable, "-c", f"{loaded}; import richsync.cli.validating; print(*sys.modules)")
    assert {"httpx", "cryptography", "richsync.client", "richsync.ledger"}.isdisjoint(shown.split())
    assert {"rich.console", "regex", "pydantic", "charset_normalizer", "email"}.isdisjoint(shown.split())
