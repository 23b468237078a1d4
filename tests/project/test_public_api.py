"""The public interface is explicit, documented, importable, and costs nothing to import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import translator

ROOT = Path(__file__).resolve().parents[2]


def test_every_public_name_can_be_had():
    for name in translator.__all__:
        assert getattr(translator, name) is not None
        assert name in dir(translator)


def test_the_public_names_are_those_of_the_contributing_guide():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## Public interface", 1)[1].split("\n## ", 1)[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted(translator.__all__)


def test_the_example_of_the_contributing_guide_runs(capsys):
    (example,) = re.findall(
        r"^```python\n(.*?)^```$",
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    names: dict[str, Any] = {}
    exec(compile(example, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own example
    assert names["proof"].ok
    assert "20000 20039" in capsys.readouterr().out


def test_unknown_names_are_attribute_errors():
    assert not hasattr(translator, "no_such_name")


def test_importing_the_package_loads_no_part_of_it():
    code = "import sys, translator; print(*[n for n in sys.modules if n.startswith('translator.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == ""
