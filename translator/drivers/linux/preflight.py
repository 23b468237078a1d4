"""What would stop a change of a Linux router, or its way back, found before anything changes."""

from __future__ import annotations

from collections.abc import Generator
from shlex import quote
from typing import Final, TypeAlias

from translator.drivers.change import Command, Obstacle, Procedure, Request, Upload, Work
from translator.drivers.linux.places import Places
from translator.drivers.linux.snapshot import queue_removal
from translator.drivers.replies import Reply

__all__ = ["Found", "missing_programs", "obstacles", "other_timers", "room"]

_PROGRAMS: Final = ("nft", "tc", "setsid", "cmp", "sort", "readlink", "mktemp")
_ROOM_KB: Final = 1024
"""Besides the files of the run, some of which the router writes itself."""
# Disciplines that the kernel puts there by itself. Source: tc(8), net.core.default_qdisc.
_DEFAULTS: Final = frozenset({"noqueue", "pfifo_fast", "fq_codel", "fq", "mq", "pfifo", "cake"})
Found: TypeAlias = Generator[Request, Reply, list[Obstacle]]


def obstacles(work: Work, at: Places) -> Procedure[tuple[Obstacle, ...]]:
    """Return all obstacles; puts the candidate into the run's folder and changes nothing else."""
    found = yield from missing_programs(*_PROGRAMS)
    if found:
        return tuple(found)
    for look in (room, _devices, other_timers, _legacy_rules, _queues, _boot, _candidate):
        found += yield from look(work, at)
    return tuple(found)


def missing_programs(*needed: str) -> Found:
    """Return an obstacle when the router lacks a program."""
    names = " ".join(needed)
    reply = yield Command(
        f"for name in {names}; do command -v $name >/dev/null || echo $name; done"
    )
    missing = reply.text.split()
    if not missing:
        return []
    return [
        Obstacle(f"the router has no {', '.join(missing)}", f"install {', '.join(missing)} there")
    ]


def room(work: Work, at: Places) -> Found:
    """Make the run's folder; return an obstacle when there is too little room for its files."""
    if work.only_looks:
        reply = yield Command(
            f'at={quote(at.runs)}; while [ ! -d "$at" ]; do at=${{at%/*}}; at=${{at:-/}}; done; '
            'df -Pk "$at"'
        )
    else:
        made = yield Command(f"umask 077 && mkdir -p {quote(at.run)}")
        if made.status:
            why = made.text.strip()
            return [Obstacle(f"{at.run} cannot be made: {why}", "give another folder")]
        reply = yield Command(f"df -Pk {quote(at.run)}")
    free_kb = int(reply.text.splitlines()[-1].split()[3]) if reply.status == 0 else 0
    needs_kb = _ROOM_KB + 4 * len(work.script) // 1024
    if free_kb >= needs_kb:
        return []
    return [
        Obstacle(
            f"{at.folder} has {free_kb} KiB free, {needs_kb} are needed",
            "make room there, or give another folder",
        )
    ]


def _devices(work: Work, at: Places) -> Found:
    del at
    if not work.interfaces:
        return []
    paths = " ".join(quote(f"/sys/class/net/{name}") for name in work.interfaces)
    reply = yield Command(f'for path in {paths}; do test -e "$path" && echo "${{path##*/}}"; done')
    there = reply.text.split("\n")
    return [
        Obstacle(f"there is no interface {name}", "correct it in the inventory")
        for name in work.interfaces
        if name not in there
    ]


def other_timers(work: Work, at: Places) -> Found:
    """A timer of another run that is not decided would change the router under our hands."""
    reply = yield Command(
        f'for run in {quote(at.runs)}/*; do if [ -L "$run/timer" ] && [ ! -L "$run/decision" ]; '
        'then echo "${run##*/}"; fi; done'
    )
    return [
        Obstacle(
            f"the timer of run {run} is not decided",
            f"finish it with `resume {run}`, or wait; if nobody knows the run, remove "
            f"{at.runs}/{run}",
        )
        for run in reply.text.split()
        if run != work.run
    ]


def _legacy_rules(work: Work, at: Places) -> Found:
    """Rules of iptables-legacy are in the kernel, and nft does not list them."""
    del work, at
    reply = yield Command(
        "cat /proc/net/ip_tables_names /proc/net/ip6_tables_names 2>/dev/null || true"
    )
    if "mangle" not in reply.text.split():
        return []
    return [
        Obstacle(
            "rules of iptables-legacy stand in the mangle table, which nft does not show",
            "move them to iptables-nft, or take them away with `iptables-legacy -t mangle -F` and "
            "`rmmod iptable_mangle`",
        )
    ]


def _queues(work: Work, at: Places) -> Found:
    """Queues can only be brought back if it is known what made them."""
    found: list[Obstacle] = []
    for name in _queued(work):
        shown = yield Command(f"tc qdisc show dev {quote(name)}")
        kinds = [line.split()[1] for line in shown.text.splitlines() if line.startswith("qdisc ")]
        foreign = [kind for kind in kinds if kind not in _DEFAULTS]
        if foreign and not (yield from _kept(at, name)):
            found.append(
                Obstacle(
                    f"{name} has queues ({', '.join(dict.fromkeys(foreign))}) that no kept script "
                    "made, so they could not be brought back",
                    f"take them away first: tc qdisc del dev {name} root; or run {at.kept_script}",
                )
            )
    return found


def _kept(at: Places, name: str) -> Generator[Request, Reply, bool]:
    """Whether the queues of an interface are those that the kept script made."""
    now = yield Command(f"tc class show dev {quote(name)}")
    kept = yield Command(f"cat {quote(at.kept_state)} 2>/dev/null || true")
    head = f"tc class show dev {name}\n"
    at_that_time = kept.text.partition(head)[2].partition("\ntc filter show dev ")[0]
    return bool(at_that_time) and now.text.strip() == at_that_time.strip()


def _queued(work: Work) -> list[str]:
    """Return the interfaces on which the change builds queues."""
    words = (line.split() for line in queue_removal(work).splitlines())
    return [item[item.index("dev") + 1] for item in words if "dev" in item]


def _boot(work: Work, at: Places) -> Found:
    # A folder that was named is that of the units, whoever runs them.
    looked_for = [at.units] if "units" in work.options else [at.units, "/run/systemd/system"]
    reply = yield Command(" && ".join(f"test -d {quote(path)}" for path in looked_for))
    if not at.units or reply.status == 0:
        return []
    return [
        Obstacle(
            f"the router has no {' or no '.join(looked_for)}, so nothing would bring the "
            "configuration back at its next start",
            f"have its start scripts run `sh {at.kept_script}`, then set boot: manual",
        )
    ]


def _candidate(work: Work, at: Places) -> Found:
    """Have the router's own checkers look at the script and its rules."""
    if work.only_looks:
        return []
    files = {"candidate.sh": work.script, **{f"check-{name}": text for name, text in work.files}}
    for name, text in files.items():
        reply = yield Upload(at.file(name), text.encode())
        if reply.status:
            return [
                Obstacle(f"{at.file(name)} cannot be written: {reply.text.strip()}", "make room")
            ]
    checks = [f"sh -n {quote(at.file('candidate.sh'))}"]
    checks += [f"nft -c -f {quote(at.file(name))}" for name in files if name.endswith(".nft")]
    found: list[Obstacle] = []
    for check in checks:
        reply = yield Command(check, 60.0)
        if reply.status:
            why = reply.text.strip().splitlines()
            found.append(
                Obstacle(
                    f"the router refuses the candidate: {why[0] if why else check}",
                    "nothing was changed; please report it, with the plan",
                )
            )
    return found
