"""How a Tomato router is changed: settings in memory, a restart of QoS, `nvram commit` at the end.

The folder, lock, timer and decision are those of any Linux router; what differs is what is
changed, and that a restart of the router brings back whatever was not committed.
"""

from __future__ import annotations

import re
from itertools import chain
from shlex import quote
from typing import Final

from translator.drivers.change import (
    Command,
    Identity,
    Obstacle,
    Procedure,
    Running,
    Upload,
    Work,
)
from translator.drivers.deviations import Part, Path
from translator.drivers.linux.change import LinuxProcedures
from translator.drivers.linux.places import Places, setting_path
from translator.drivers.linux.preflight import missing_programs, other_timers, room
from translator.drivers.templates import script
from translator.drivers.tomato.nvram import read_nvram
from translator.drivers.tomato.replies import TOMATO_REPLIES
from translator.drivers.tomato.whole import why_incomplete
from translator.errors import PreflightError

__all__ = ["TomatoProcedures"]

_FOLDER: Final = "/tmp/qos-translator"  # noqa: S108  # the router's disk is its memory
_PROGRAMS: Final = ("nvram", "service", "setsid", "readlink", "sed", "awk")
# What a change may touch; the restore script names the same.
_OURS: Final = re.compile(
    r"(?:wan\d?_)?qos_\w+|script_\w+|DSCP_fix_enable|atm_overhead|before_plan_\w+"
)
# How the scripts of ours put settings in; see `vendor_templates/tomato/apply.j2`.
_PUT: Final = re.compile(r"^(?:put|put_back) (\w+)|^nvram set [\"'](\w+)=", re.MULTILINE)


class TomatoProcedures(LinuxProcedures):
    """See `translator.drivers.change.Procedures`. Option: `folder`, in memory by default.

    What is read back are the settings; that the firmware's own restart makes rules and queues of
    them is what the driver's `parse` stands for. That every build has `setsid` is unverified:
    the preflight looks for it.
    """

    replies = TOMATO_REPLIES
    saves_running = True

    def places(self, work: Work) -> Places:
        """Return the places of a run; nothing is kept for the boot but the settings."""
        folder = setting_path(work, "folder", _FOLDER)
        return Places(folder, f"{folder}/runs/{work.run}", "")

    def lasting(self, text: str) -> str:
        """Return the settings that a change may touch, in order of their names.

        An empty one is as good as none: `nvram get` prints the same.
        """
        ours = _ours_in(_without_count(text))
        return "".join(f"{key}={ours[key]}\n" for key in sorted(ours) if ours[key])

    def paths(self, text: str) -> tuple[Path, ...]:
        """Return the settings that a change may touch, each line of a script by itself."""
        return tuple(
            (key, line)
            for key, value in _ours_in(_without_count(text)).items()
            for line in value.split("\n")
            if value
        )

    def part(self, work: Work) -> Part:
        """Return the settings that the candidate puts in."""
        return Part(whole=tuple((key,) for key in _touched(work)))

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell name, MAC address of the LAN, model and version."""
        del work
        found: list[str] = []
        for key in ("router_name", "lan_hwaddr", "t_model_name", "os_version"):
            reply = yield Command(f"nvram get {key} || true")
            found.append("" if reply.status else reply.text.strip())
        rules = yield Command("nvram get qos_orules")
        version = " ".join(word for word in found[2:] if word)
        return Identity(found[0], found[1], version, right_platform=rules.status == 0)

    def need_root(self, work: Work) -> Procedure[None]:
        """The firmware has no other user."""
        del work
        yield from ()

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at programs, room and timers; have the shell read the script."""
        at = self.places(work)
        found = yield from missing_programs(*_PROGRAMS)
        if found:
            return tuple(found)
        for look in (room, other_timers):
            found += yield from look(work, at)
        if found or work.only_looks:
            return tuple(found)
        yield from self.put(work, at.file("candidate.sh"), _candidate(work))
        reply = yield Command(f"sh -n {quote(at.file('candidate.sh'))}")
        if reply.status:
            found.append(
                Obstacle(
                    f"the router refuses the candidate: {reply.text.strip()}",
                    "nothing was changed; please report it, with the plan",
                )
            )
        return tuple(found)

    def running(self, work: Work) -> Procedure[Running]:
        """Read all settings; their list ends in a line that counts them."""
        reply = yield Command("nvram show 2>&1", 30.0)
        doubt = why_incomplete(reply.text) if reply.status == 0 else reply.text[:200]
        return Running(reply.text, f"{work.device}: {doubt}" if doubt else "")

    def snapshot(self, work: Work, running: Running) -> Procedure[None]:
        """Write the settings of before that the candidate touches into the run's folder."""
        at = self.places(work)
        touched = _touched(work)
        found = _ours_in(_without_count(running.text))
        ours = {key: value for key, value in found.items() if key in touched}
        lines = [f"nvram set {quote(f'{key}={value}')}" for key, value in ours.items()]
        for name, text in (
            ("touched", "".join(f"{key}\n" for key in touched)),
            ("settings.sh", "\n".join(["#!/bin/sh", *lines, ""])),
            ("restore.sh", script("tomato/restore.sh")),
        ):
            reply = yield Upload(at.file(name), text.encode())
            if reply.status:
                raise PreflightError(
                    f"{work.device}: the way back cannot be prepared: {reply.text.strip()}",
                    hint="make room in the router's memory, or give another folder",
                )

    def save(self, work: Work) -> Procedure[None]:
        """Write the settings into the flash."""
        yield from self.ordered(work, "nvram commit", 60.0)


def _candidate(work: Work) -> str:
    """Return the script that puts the settings in; a rollback is one by itself."""
    return dict(work.files).get("apply.sh", work.script)


def _touched(work: Work) -> tuple[str, ...]:
    """Return the settings that the candidate puts in, and those in which it keeps what was."""
    found = dict.fromkeys(filter(None, chain(*_PUT.findall(_candidate(work)))))
    return tuple(name for key in found for name in (key, f"before_plan_{key}"))


def _ours_in(text: str) -> dict[str, str]:
    found = read_nvram(text, "running").settings
    return {item.key: item.value for item in found if _OURS.fullmatch(item.key)}


def _without_count(text: str) -> str:
    """Return a list of settings without what `nvram show` says of it.

    Else it would be taken for a line of the last setting, where that is a script.
    """
    lines = text.rstrip("\n").split("\n")
    while lines and (not lines[-1].strip("-") or why_incomplete(lines[-1]) == ""):
        lines.pop()
    return "\n".join(lines) + "\n"
