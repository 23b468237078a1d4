"""The way back of a Linux router: rules as the kernel lists them, queues as the script that made
them. tc can neither save a tree nor load one, so the last kept script is the only way to have the
queues of before again.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import Final

from translator.drivers.change import Command, Procedure, Upload, Work
from translator.drivers.linux.places import Places
from translator.drivers.templates import script
from translator.errors import PreflightError

__all__ = ["queue_removal", "take_snapshot"]

_TABLE: Final = re.compile(r"^[ \t]*(?:add )?table (\w+ [\w.-]+)[ \t]*(?:\{.*)?$", re.MULTILINE)


def queue_removal(work: Work) -> str:
    """Return the script that takes away the queues that a change builds."""
    lines = [line for line in work.removal.splitlines() if line.startswith("tc ")]
    return "\n".join(["#!/bin/sh", *lines, ""])


def take_snapshot(work: Work, at: Places) -> Procedure[None]:
    """Write the way back into the run's folder, and have nft check that it can be loaded.

    Raises:
        PreflightError: it cannot.
    """
    tables = sorted(set(_TABLE.findall(work.script)))
    before = quote(at.file("ruleset.before"))
    steps = (
        f"nft -s list ruleset > {before}",
        # Counters go back to what they were.
        f"{{ echo 'flush ruleset'; nft list ruleset; }} > {quote(at.file('ruleset.nft'))}",
        f": > {quote(at.file('tables.nft'))}",
        *(_save_table(at, table) for table in tables),
        f"if [ -e {quote(at.kept_script)} ]; then "
        f"cp {quote(at.kept_script)} {quote(at.file('previous.sh'))}; fi",
    )
    yield from _ordered(work, " && ".join(f"{{ {step}; }}" for step in steps))
    for name, content in (
        ("queues.sh", queue_removal(work)),
        ("restore.sh", script("linux/restore.sh")),
    ):
        reply = yield Upload(at.file(name), content.encode())
        if reply.status:
            raise _no_way_back(work, reply.text)
    yield from _ordered(work, f"nft -c -f {quote(at.file('tables.nft'))}")


def _save_table(at: Places, table: str) -> str:
    """Return the command that adds one table to the file that restores those of the change."""
    file = quote(at.file("tables.nft"))
    return (
        f"printf 'table {table}\\ndelete table {table}\\n' >> {file}; "
        f"nft list table {table} >> {file} 2>/dev/null || true"
    )


def _ordered(work: Work, text: str) -> Procedure[None]:
    reply = yield Command(text)
    if reply.status:
        raise _no_way_back(work, reply.text)


def _no_way_back(work: Work, why: str) -> PreflightError:
    return PreflightError(
        f"{work.device}: the way back cannot be prepared: {why.strip()[:200]}",
        hint="check the room on the router's disk; nothing was changed",
    )
