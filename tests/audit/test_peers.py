"""What other tools' diffs say of a text whose order alone changes, beside what semdiff says.

hier_config 3 and annet cannot be installed beside ciscoconfparse 1.9.52; they run in an environment
of their own that `make peers` makes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from audit.swaps import DENY, ENTRIES, MARKING, NUMBERED, PERMIT, QUEUING, swapped

from translator.audit.semdiff import SemDiff, Text, semdiff
from translator.drivers.registry import driver
from translator.verify.compare import Verdict

PEERS = Path(__file__).resolve().parents[2] / ".venv-peers"

AUDIO, VIDEO = " class AUDIO\n  set dscp ef\n", " class VIDEO\n  set dscp af41\n"
GOLD, SILVER = " class GOLD\n  bandwidth percent 30\n", " class SILVER\n  bandwidth percent 10\n"
MATCHES = " match dscp cs5\n", " match access-group name LIST-AUDIO\n"
TYPED = MARKING.replace("policy-map", "policy-map type qos")


@dataclass(frozen=True, slots=True)
class Case:
    """Two texts, the tools that see any difference, and the packet that shows it."""

    before: str
    after: str
    seen_by: frozenset[str] = frozenset()
    packet: str | None = None


_OVERLAP = "udp 0.0.0.0:20020 > 0.0.0.0:0 dscp 0"
_DENIED = "udp 0.0.0.0:20010 > 0.0.0.0:0 dscp 0"
ALL = frozenset({"ciscoconfparse", "hier_config", "annet"})
CASES = {
    "two-marking-classes": Case(MARKING, swapped(MARKING, AUDIO, VIDEO), packet=_OVERLAP),
    "two-queuing-classes": Case(
        QUEUING, swapped(QUEUING, GOLD, SILVER), packet="0 0.0.0.0 > 0.0.0.0 dscp 36"
    ),
    # annet's Cisco rules keep the order of classes for the `type qos` spelling of NX-OS alone.
    "two-classes-type-qos": Case(
        TYPED, swapped(TYPED, AUDIO, VIDEO), frozenset({"annet"}), _OVERLAP
    ),
    # hier_config numbers the entries of a list as it reads them.
    "two-entries": Case(
        ENTRIES, swapped(ENTRIES, DENY, PERMIT), frozenset({"hier_config"}), _DENIED
    ),
    "two-numbered-entries": Case(
        NUMBERED,
        NUMBERED.replace(f"10{DENY} 20{PERMIT}", f"10{PERMIT} 20{DENY}"),
        ALL,
        _DENIED,
    ),
    # Their numbers place them: the text alone changes.
    "numbered-entries-out-of-order": Case(
        NUMBERED,
        swapped(NUMBERED, f" 10{DENY}", f" 20{PERMIT}"),
        frozenset(),
    ),
    # Which line of a match-any class fits is no matter: nothing changes, and nobody says so.
    "two-match-lines": Case(ENTRIES, swapped(ENTRIES, *MATCHES)),
    "another-code-point": Case(
        MARKING,
        MARKING.replace("set dscp ef", "set dscp cs5"),
        ALL,
        "udp 0.0.0.0:20000 > 0.0.0.0:0 dscp 0",
    ),
}

_CISCOCONFPARSE = """
import json, sys
from pathlib import Path
from ciscoconfparse import CiscoConfParse, HDiff
before, after, answer = map(Path, sys.argv[1:])
said = {}
for path in before.iterdir():
    old, new = (x.read_text().splitlines() for x in (path, after / path.name))
    said[path.name] = [
        item["text"] for item in HDiff(old, new).all_output_dicts if item["diff_word"] != "keep"
    ] + CiscoConfParse(old).sync_diff(new, linespec="", uncfgspec="")
answer.write_text(json.dumps(said))
"""
_HIER_CONFIG = """
import json, sys
from pathlib import Path
from hier_config import Platform, WorkflowRemediation, get_hconfig
before, after, answer = map(Path, sys.argv[1:])
said = {}
for path in before.iterdir():
    old, new = (
        get_hconfig(Platform.CISCO_IOS, x.read_text()) for x in (path, after / path.name)
    )
    said[path.name] = [
        *old.unified_diff(new),
        *WorkflowRemediation(old, new).remediation_config.dump_simple(),
    ]
answer.write_text(json.dumps(said))
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with the texts of all cases, before and after."""
    home = tmp_path_factory.mktemp("peers")
    before, after = home / "before", home / "after"
    for folder in (before, after):
        folder.mkdir()
    for name, case in CASES.items():
        (before / name).write_text(case.before, encoding="utf-8")
        (after / name).write_text(case.after, encoding="utf-8")
    return before, after


@pytest.fixture(scope="module")
def peers() -> Path:
    """The folder of the other environment's programs; it may be missing, but not in CI."""
    programs = PEERS / "bin"
    if not (PEERS / ".ready").exists():
        if os.environ.get("CI"):
            pytest.fail(f"{PEERS.name} is missing: make peers")
        pytest.skip(f"{PEERS.name} is missing: make peers")
    return programs


@pytest.fixture(scope="module")
def said(folders: tuple[Path, Path], peers: Path) -> dict[str, dict[str, list[str]]]:
    """What each tool's diff and patch say of each case; nothing where they see no difference."""
    python = str(peers / "python")
    return {
        "ciscoconfparse": _answer_of(sys.executable, _CISCOCONFPARSE, folders),
        "hier_config": _answer_of(python, _HIER_CONFIG, folders),
        "annet": _annet(peers, folders),
    }


def _answer_of(python: str, script: str, folders: tuple[Path, Path]) -> dict[str, list[str]]:
    """Run a script; its answer is a file, as a thread of one library writes to stdout."""
    answer = folders[0].parent / "answer"
    command = [python, "-W", "ignore", "-c", script, *map(str, folders), str(answer)]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    found: dict[str, list[str]] = json.loads(answer.read_text("utf-8"))
    return found


def _annet(programs: Path, folders: tuple[Path, Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in CASES}
    for command in (["file-diff", "--no-color"], ["file-patch"]):
        done = subprocess.run(
            [str(programs / "annet"), *command, "--hw", "Cisco", *map(str, folders)],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        for name, line in _labelled(done.stdout):
            found[name].append(line)
    return found


def _labelled(output: str) -> Iterator[tuple[str, str]]:
    """Yield each line with the name of the file above it."""
    name = ""
    for line in output.splitlines():
        if label := re.fullmatch(r"# -+ (\S+) -+", line):
            name = label[1]
        else:
            yield name, line


def _ours(case: Case) -> SemDiff:
    reader = driver("cisco_ios")
    before, after = (Text(reader.parse(x), reader.capabilities) for x in (case.before, case.after))
    return semdiff(before, after)


@pytest.mark.parametrize("name", CASES)
def test_other_tools_see_what_their_rules_know_and_semdiff_what_packets_meet(
    name: str, said: dict[str, dict[str, list[str]]]
) -> None:
    case = CASES[name]
    assert {tool for tool, answers in said.items() if answers[name]} == case.seen_by
    found = _ours(case)
    if case.packet is None:
        assert not found.changes
        assert not found.moves
    else:
        assert found.verdict is Verdict.DIFFERENT
        packets = {str(x.difference.packet) for x in found.changes}
        packets |= {str(x.packet) for x in found.moves}
        assert case.packet in packets


def test_where_they_see_a_difference_they_name_the_lines(
    said: dict[str, dict[str, list[str]]],
) -> None:
    for tool in ALL:
        assert any("set dscp cs5" in line for line in said[tool]["another-code-point"]), tool
    assert "  no 10 deny udp any range 20010 20019 any" in said["hier_config"]["two-entries"]
    assert ">   class VIDEO" in said["annet"]["two-classes-type-qos"]
