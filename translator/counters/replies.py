"""From saved terminal output to (command, reply) pairs.

One file may hold several commands, with prompts as a terminal shows them or below the frames of a
`show tech-support`; or one reply alone, which then has to show by itself what it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final, NamedTuple

from translator.drivers.base import CountsTraffic
from translator.errors import ParseError, Where
from translator.intents.counters import Shown

__all__ = ["replies_in", "taken_at"]

_LONGEST_COMMAND: Final = 300
# `R1#show ...`, `user@mx> show ...`, `root@router:~# tc ...`, `$ tc ...`, `[root@host ~]# ...`.
_PROMPT: Final = re.compile(r"((?:[\[(]?[\w.@:~/()-]++(?: [~\w/]++)?[\])]?)? ?[#>$%]) *(\S.*)")
_FRAME: Final = re.compile(r"-{4,} *((?:show|sh|display) .*?) *-{4,}\s*", re.IGNORECASE)
_BARE: Final = frozenset("#>$%")
_COMMAND_WORDS: Final = frozenset(
    ["show", "sh", "tc", "nft", "iptables", "ip6tables", "ip", "cat", "sudo", "date", "uptime"]
)
# Source: `show clock` and `terminal exec prompt timestamp` of IOS; date(1); Junos' `show system
# uptime`. The zone is left out: both snapshots come from the same device.
_TIMES: Final = (
    (
        re.compile(r"\b(\d\d:\d\d:\d\d)(?:\.\d+)? \S+ \w{3} (\w{3} +\d+ \d{4})\b", re.ASCII),
        "%H:%M:%S %b %d %Y",
    ),
    (
        re.compile(r"\b\w{3} (\w{3} +\d+) (\d\d:\d\d:\d\d) \S+ (\d{4})\b", re.ASCII),
        "%b %d %H:%M:%S %Y",
    ),
    (
        re.compile(r"\bCurrent time: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\b", re.ASCII),
        "%Y-%m-%d %H:%M:%S",
    ),
)


class _Boundary(NamedTuple):
    """A line after which a reply begins; `at` is its index."""

    at: int
    command: str


def replies_in(text: str, driver: CountsTraffic, file: str) -> tuple[Shown, ...]:
    """Return the replies to commands that show counters, in the order of the text.

    Args:
        text: cleaned of what terminals leave.
        file: its name; a name such as `tc -s class show dev wan.txt` says the command, where the
            text does not (blanks may be `_`).

    Raises:
        ParseError: no command whose counters are known is in the text.
    """
    lines = text.split("\n")
    boundaries = list(_boundaries(lines, driver))
    if not boundaries:
        command = _named(file, driver) or driver.command_behind(text)
        if command is None:
            raise ParseError(
                "holds no counters that are known here",
                where=Where(file, 1),
                hint="save with its command one of: "
                + "; ".join(driver.counter_commands(("NAME",))),
            )
        return (Shown(command, text, file),)
    ends = [*(item.at for item in boundaries[1:]), len(lines)]
    found = [
        Shown(item.command, "\n".join(lines[item.at + 1 : end]), file, item.at + 2)
        for item, end in zip(boundaries, ends, strict=True)
        if driver.shows_counters(item.command)
    ]
    return tuple(found)


def taken_at(text: str) -> datetime | None:
    """Return when a text was taken, by the device's own clock, as far as it shows that."""
    for line in text.split("\n"):
        if ":" not in line or len(line) > _LONGEST_COMMAND:
            continue
        for pattern, form in _TIMES:
            found = pattern.search(line)
            if found is not None:
                try:
                    return datetime.strptime(" ".join(found.groups()), form).replace(tzinfo=UTC)
                except ValueError:
                    continue
    return None


def _named(file: str, driver: CountsTraffic) -> str | None:
    path = PurePath(file)
    # An interface may end in a dot and a number: only what is known to be no part of it goes.
    name = path.stem if path.suffix in (".txt", ".log", ".out") else path.name
    command = name.replace("_", " ")
    return command if driver.shows_counters(command) else None


def _boundaries(lines: list[str], driver: CountsTraffic) -> Iterator[_Boundary]:
    """Yield where replies begin: at a known command, and at any other with the same prompt."""
    prompts = {
        found[1]
        for found in map(_prompted, lines)
        if found is not None and driver.shows_counters(found[2])
    }
    for at, line in enumerate(lines):
        if len(line) > _LONGEST_COMMAND:
            continue
        frame = _FRAME.fullmatch(line)
        prompted = _prompted(line)
        if frame is not None:
            yield _Boundary(at, frame[1])
        elif prompted is not None and prompted[1] in prompts and _is_command(prompted):
            yield _Boundary(at, prompted[2].strip())
        elif line.rstrip() in prompts and line.strip() not in _BARE:
            yield _Boundary(at, "")
        elif driver.shows_counters(line):
            yield _Boundary(at, line.strip())


def _is_command(prompted: re.Match[str]) -> bool:
    """A bare sign may begin a comment too: what stands behind it has to look like a command."""
    return prompted[1] not in _BARE or prompted[2].split()[0] in _COMMAND_WORDS


def _prompted(line: str) -> re.Match[str] | None:
    """Return the parts of a line that may be a prompt with a command behind it."""
    if len(line) > _LONGEST_COMMAND or _BARE.isdisjoint(line):
        return None
    return _PROMPT.match(line)
