"""Every command of the README and of docs/ runs as written and prints what the page shows.

`QOS_UPDATE_README=1` rewrites the shown output and the platform table; review the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from support.console import ROOT, rewritten, run, sessions

README = ROOT / "README.md"
PAGES = [
    page
    for page in (README, *sorted((ROOT / "docs").rglob("*.md")))
    if sessions(page.read_text(encoding="utf-8"))
]
UPDATE = bool(os.environ.get("QOS_UPDATE_README"))
TABLE = re.compile(r"(<!-- platforms -->\n)(.*?)(<!-- /platforms -->)", re.DOTALL)
pytestmark = pytest.mark.slow
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder that looks like the checkout to the commands, and that they may write into."""
    for name in ("inventories", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def test_there_are_commands():
    shown = [session for page in PAGES for session in sessions(page.read_text(encoding="utf-8"))]
    assert sum(len(session) for session in shown) >= 40


@pytest.mark.skipif(UPDATE, reason="the pages are being rewritten")
@each_page
def test_commands_print_what_is_shown(page, checkout):
    for session in sessions(page.read_text(encoding="utf-8")):
        for command, shown in session:
            assert run(command, checkout) == shown.rstrip("\n"), command


@pytest.mark.skipif(UPDATE, reason="the pages are being rewritten")
def test_platform_table_is_what_the_command_prints(checkout):
    table = TABLE.search(README.read_text(encoding="utf-8"))
    assert table is not None
    assert run("qos-translator platforms --format markdown", checkout) == table[2].strip()


@pytest.mark.skipif(not UPDATE, reason="set QOS_UPDATE_README=1 to rewrite the pages")
@each_page
def test_rewrite(page, checkout):
    text = rewritten(page.read_text(encoding="utf-8"), checkout)
    rows = run("qos-translator platforms --format markdown", checkout)
    text = TABLE.sub(lambda found: f"{found[1]}{rows}\n{found[3]}", text)
    page.write_text(text, encoding="utf-8")
