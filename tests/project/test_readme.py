"""Every command of the README and of docs/ runs as written and prints what is shown there.

`QOS_UPDATE_README=1` rewrites the shown output and the platform table; review the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = (README, ROOT / "docs" / "plan-import.md")
UPDATE = bool(os.environ.get("QOS_UPDATE_README"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"(<!-- platforms -->\n)(.*?)(<!-- /platforms -->)", re.DOTALL)
# Commands of make install, build and test everything, this test included: asked what they would do.
MAKE = re.compile(r"^(?:sudo )?make ")


def sessions(page: Path) -> list[list[tuple[str, str]]]:
    """The commands of each console block with the output shown under them."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        found.append([tuple(part.partition("\n")[::2]) for part in parts])
    return found


def run(command: str, folder: Path) -> str:
    """What a terminal shows for the command: stdout and stderr."""
    if MAKE.match(command):
        command = re.sub(r"^(?:sudo )?make ", f"make -C {ROOT} -n ", command)
        subprocess.run(["sh", "-c", command], check=True, capture_output=True)
        return ""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).rstrip("\n")


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder that looks like the checkout to the commands, and that they may write into."""
    (tmp_path / "inventories").symlink_to(ROOT / "inventories")
    return tmp_path


def test_there_are_commands():
    assert sum(len(session) for session in sessions(README)) >= 8


@pytest.mark.skipif(UPDATE, reason="the README is being rewritten")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_is_shown(page, checkout):
    for session in sessions(page):
        for command, shown in session:
            assert run(command, checkout) == shown.rstrip("\n"), command


@pytest.mark.skipif(UPDATE, reason="the README is being rewritten")
def test_platform_table_is_what_the_command_prints(checkout):
    table = TABLE.search(README.read_text(encoding="utf-8"))
    assert table is not None
    assert run("qos-translator platforms --format markdown", checkout) == table[2].strip()


@pytest.mark.skipif(not UPDATE, reason="set QOS_UPDATE_README=1 to rewrite the README")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_rewrite(page, checkout):
    parts = []
    for session in sessions(page):
        shown = [f"$ {command}\n{run(command, checkout)}".rstrip("\n") for command, _ in session]
        parts.append("```console\n" + "\n".join(shown) + "\n```")
    replacements = iter(parts)
    text = BLOCK.sub(lambda _: next(replacements), page.read_text(encoding="utf-8"))
    rows = run("qos-translator platforms --format markdown", checkout)
    text = TABLE.sub(lambda found: f"{found[1]}{rows}\n{found[3]}", text)
    page.write_text(text, encoding="utf-8")
