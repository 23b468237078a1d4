"""The Firewall script (`script_fire`): shell lines whose iptables commands change the mangle table.

The router runs the script after it has loaded its own rules, so what it appends stands behind
them and what it inserts stands before. Only straight commands are read; what stands under an
`if` or a loop, or holds a variable, is not, and makes what it may touch unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.drivers.linux.chains import unread_entry
from translator.drivers.linux.iptables import PROGRAMS, IptablesReader
from translator.drivers.linux.netfilter import Ruleset
from translator.drivers.linux.shell_syntax import squeezed
from translator.drivers.tomato.nvram import Setting

__all__ = ["TABLES", "bears_on_qos", "mark_unread", "other_scripts", "read_script"]

TABLES: Final = ("ip mangle", "ip6 mangle")
_SEPARATORS: Final = re.compile(r"(?<!\s)\s*+(;|&&|\|\|)\s*")
_SILENCE: Final = re.compile(r"(?<!\s)\s++(?:[12]?>>?\s*/dev/null|2>&1)")
_BEARS_ON_QOS: Final = re.compile(r"mangle|DSCP|CONNMARK|CLASSIFY|\bMARK\b|\bTOS\b|\btc\s")
_RUNS_A_SCRIPT: Final = re.compile(r"\s*(?:(?:sh|source|\.)\s+)?/(?!(?:usr/)?s?bin/)[\w./-]+")
_OPENS: Final = frozenset({"if", "for", "while", "until", "case", "{"})
_CLOSES: Final = frozenset({"fi", "done", "esac", "}"})
_HOLDS_SHELL: Final = re.compile(r"[$`*?(){}|<>&]")
# Commands that only bring matches and targets into the kernel, or say something.
_WITHOUT_BEARING: Final = frozenset({"modprobe", "insmod", "true", "sleep", "logger", "echo", ":"})
_AFTER_FAILURE: Final = frozenset({"-N", "-F", "-D", "-X"})


def bears_on_qos(line: str) -> bool:
    """Whether a line of shell may change marks, code points or classes."""
    return _BEARS_ON_QOS.search(line) is not None and not line.lstrip().startswith("#")


def other_scripts(script: Setting) -> tuple[int, ...]:
    """Return the lines that run another script, whose text is not in the settings."""
    return tuple(
        number for number, line in script.numbered_lines if _RUNS_A_SCRIPT.match(line) is not None
    )


def read_script(script: Setting, reader: IptablesReader) -> None:
    """Run the script's commands on the reader's chains, and note its lines."""
    depth = 0
    for number, text in _whole_lines(script.numbered_lines):
        line = squeezed(text.strip())
        words = [] if line.startswith("#") else line.replace(";", " ; ").split()
        opened = sum(word in _OPENS for word in words)
        conditional = depth > 0 or opened > 0
        depth = max(0, depth + opened - sum(word in _CLOSES for word in words))
        if not bears_on_qos(line):
            continue
        reader.lines.qos(number)
        if conditional:
            _unread(reader, number, line, "stands under a condition or in a loop")
        else:
            _commands(reader, number, line)


def _whole_lines(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join lines that end in a backslash; the number is that of the first."""
    first, joined = 0, ""
    for number, text in lines:
        first = first or number
        if text.endswith("\\"):
            joined += text[:-1] + " "
            continue
        yield first, joined + text
        first, joined = 0, ""
    if joined:
        yield first, joined


def _commands(reader: IptablesReader, number: int, line: str) -> None:
    parts = _SEPARATORS.split(_SILENCE.sub("", line))
    before = ";"
    for command, separator in zip(parts[::2], [*parts[1::2], ";"], strict=True):
        words = command.split()
        if words and words[0] not in _WITHOUT_BEARING:
            why = _why_not(words, command, before)
            if why:
                _unread(reader, number, line, why)
                return
            reader.command(number, command)
        before = separator
    reader.lines.understood(number)


def _why_not(words: list[str], command: str, before: str) -> str:
    """Return why a command cannot be read, empty where it can."""
    if words[0].rpartition("/")[2] not in PROGRAMS:
        return f"command {words[0]} is not known here"
    if _HOLDS_SHELL.search(command):
        return "holds a shell variable or expression"
    if before == "||" and _AFTER_FAILURE.isdisjoint(words):
        return "runs only when the command before it fails"
    if "mangle" not in words:
        return "is not about the mangle table"
    return ""


def _unread(reader: IptablesReader, number: int, line: str, reason: str) -> None:
    reader.lines.unread(number, line, reason)
    mark_unread(reader.ruleset, number, line)


def mark_unread(ruleset: Ruleset, number: int, line: str) -> None:
    """Say that a line may do anything to any forwarded packet."""
    entry = unread_entry(number, line)
    for version, table in zip((4, 6), TABLES, strict=True):
        ruleset.chain(table, "FORWARD", version).entries.append(entry)
