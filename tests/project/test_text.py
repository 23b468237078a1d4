"""What may not stand in any file of the project, and what each file must be."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".git", ".venv", ".venv-peers", "build", "dist", "__pycache__", ".hypothesis"}
SUFFIXES = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".j2", ".textfsm", ".sh", ""}
# Spelled in parts, so that this file passes its own test.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|home/\w+|root)/|\.\./" + "shared"),
    "a package index": re.compile(
        r"(?:--(?:extra-)?index-url|--find-" + r"links|pypi\.org/simple)"
    ),
    "a note to self": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b"),
}
ALLOWED = {"tests/support/corpus.py": {"a path of one machine"}}


@cache
def project_texts() -> dict[str, str]:
    """The text of each file, by its path; what is skipped is not walked through."""
    found = {}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in SKIPPED and name[-6:] != "_cache"]
        for path in (Path(folder, name) for name in names if name not in SKIPPED):
            if path.is_file() and path.suffix in SUFFIXES:
                text = path.read_text(encoding="utf-8", errors="replace")
                found[str(path.relative_to(ROOT))] = text
    return dict(sorted(found.items()))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    found = [
        f"{path}: {match[0]!r}"
        for path, text in project_texts().items()
        if what not in ALLOWED.get(path, ()) and (match := FORBIDDEN[what].search(text))
    ]
    assert found == []


def test_no_inventory_holds_a_secret():
    secret = re.compile(r"(?i)password|secret|token|passphrase|private")
    for path in sorted((ROOT / "inventories").rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".yml"):
            assert not secret.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-peers.txt"])
def test_constraints_pin_versions_and_nothing_else(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert [
        line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)
    ] == []


def test_continuous_integration_script_is_valid_shell():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_licence_is_the_full_text():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text
    assert len(text) > 30_000
