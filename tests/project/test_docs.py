"""Generated pages are those of today, and the site builds without a warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.make.generated import DOCS, generated

ROOT = DOCS.parent
GENERATED = dict(generated())
# What a browser would fetch by itself.
LOADED = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)="([^"]+)"')


@pytest.mark.parametrize("name", GENERATED)
def test_generated_file_is_that_of_today(name):
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATED[name](), "run: make docs"


def test_nothing_generated_is_left_over():
    for folder, suffix in (("platforms", "md"), ("pictures", "svg")):
        there = {f"{folder}/{path.name}" for path in (DOCS / folder).glob(f"*.{suffix}")}
        assert there == {name for name in GENERATED if name.startswith(folder)}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The built site; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_in_the_navigation(site):
    built = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert pages <= built
    start = (site / "index.html").read_text(encoding="utf-8")
    for page in pages - {"index"}:
        assert f'href="{page}.html"' in start, f"{page} is in no menu: add it to mkdocs.yml"


def test_the_site_loads_nothing_from_a_network(site):
    for page in site.rglob("*.html"):
        for target in LOADED.findall(page.read_text(encoding="utf-8")):
            assert not re.match(r"(?:https?:)?//", target), f"{page.name} loads {target}"


def test_public_names_are_documented(site):
    text = (site / "api.html").read_text(encoding="utf-8")
    for name in ("render_proven", "load_plan", "Auditor", "semdiff"):
        assert f'id="translator.{name}"' in text
