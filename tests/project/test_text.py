"""What may not stand in any file of the project, and what each file must be."""

from __future__ import annotations

import re
import subprocess
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


def project_files() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not SKIPPED & set(path.relative_to(ROOT).parts)
        and not any(part.endswith("_cache") for part in path.parts)
        and path.suffix in SUFFIXES
    )


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in project_files()
        if what not in ALLOWED.get(str(path.relative_to(ROOT)), ())
        and (match := FORBIDDEN[what].search(path.read_text(encoding="utf-8", errors="replace")))
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
