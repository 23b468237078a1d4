"""A Tomato router on a plain kernel: from its settings to what its firmware would load.

Written from the documented behaviour of the firmware, without the driver's code, so that the two
can be held against each other. One thing is replaced: where the kernel has no `fw` classifier, a
small BPF program asks for the same bits of the packet's mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lab.netns import Lab

__all__ = ["CLASS_IDS", "TomatoRouter", "settings_of"]

# As class names these make `explain` speak in the kernel's class ids.
CLASS_IDS = " ".join(f"1:{index}0" for index in range(1, 11))
_FRONT = ("kind", "address", "protocol", "side", "ports")
_FIELDS = {
    "fresh": (*_FRONT, "ipp2p", "l7", "bytes", "dscp", "class", "name"),
    "64": (*_FRONT, "ndpi", "bytes", "dscp", "class", "name"),
    "old": (*_FRONT, "ipp2p", "l7", "bytes", "class", "name"),
}
# ld mark; and 15; equal to the class number: match, else no match.
_MARK_IS = "5,32 0 0 4294963220,84 0 0 15,21 0 1 {mark},6 0 0 4294967295,6 0 0 0"
_ETHERTYPES = {"ip": 0, "ipv6": 100}


def settings_of(dump: str) -> dict[str, str]:
    """The settings of a dump whose only value with several lines is the last, script_fire."""
    head, _, script = dump.partition("script_fire=")
    found = dict(line.split("=", 1) for line in head.splitlines())
    return {**found, "script_fire": script} if script else found


class TomatoRouter:
    """The firmware's part of one lab's router; its WAN is the interface `wan`."""

    def __init__(self, lab: Lab, settings: Mapping[str, str], build: str = "fresh") -> None:
        self._lab = lab
        self._settings = settings
        self._fields = _FIELDS[build]

    def start(self, folder: Path) -> str:
        """Load rules and scheduler, then run the Firewall script; return what iptables objected."""
        problems = ""
        for program in ("iptables-restore", "ip6tables-restore"):
            done = self._lab.attempt(program, text=self._mangle_table(program))
            problems += done.stderr
        if self._settings.get("qos_enable") == "1":
            for command in self._scheduler():
                self._lab.run("sh", "-c", command)
        self._lab.apply(self._settings.get("script_fire", "") + "\n", folder=folder)
        return problems

    def _rules(self) -> Iterator[dict[str, str]]:
        for text in self._settings.get("qos_orules", "").split(">"):
            values = text.split("<")
            if len(values) >= len(self._fields):
                rule = dict(zip(self._fields, values, strict=False))
                if 0 <= int(rule["class"] or 0) <= 9 and not rule.get("l7"):
                    yield rule

    def _default(self) -> int:
        value = int(self._settings.get("qos_default") or 0)
        return value if 0 <= value <= 9 else 3

    def _mangle_table(self, program: str) -> str:
        lines = ["*mangle"]
        if self._settings.get("DSCP_fix_enable") == "1":
            lines.append("-A PREROUTING -i wan -j DSCP --set-dscp 0")
        if self._settings.get("qos_enable") == "1":
            lines += [
                ":QOSO - [0:0]",
                "-A QOSO -m connmark --mark 0/0xff000 -m connmark ! --mark 0/0xf -j RETURN",
                *self._classifier(program),
                f"-A QOSO -j CONNMARK --set-mark {self._default() + 1:#x}/0xff00f",
                "-A QOSO -j RETURN",
                "-A FORWARD -o wan -j QOSO",
                "-A OUTPUT -o wan -j QOSO",
                "-A POSTROUTING -o wan -j CONNMARK --restore-mark --mask 0xf",
            ]
        return "\n".join([*lines, "COMMIT", ""])

    def _classifier(self, program: str) -> Iterator[str]:
        for rule in self._rules():
            if (":" in rule["address"]) != (program == "ip6tables-restore") and rule["address"]:
                continue
            mark = int(rule["class"]) + 1
            for match in _matches(rule):
                yield f"-A QOSO {match} -j CONNMARK --set-mark {mark:#x}/0xff00f"
                yield f"-A QOSO {match} -j RETURN"

    def _scheduler(self) -> Iterator[str]:
        whole = int(self._settings.get("wan_qos_obw") or self._settings["qos_obw"])
        used = {0, self._default(), *(int(rule["class"]) for rule in self._rules())}
        default = (self._default() + 1) * 10
        yield f"tc qdisc add dev wan root handle 1: htb default {default} r2q 10"
        yield f"tc class add dev wan parent 1: classid 1:1 htb rate {whole}kbit ceil {whole}kbit"
        for index, pair in enumerate(self._settings["qos_orates"].split(",")[:10]):
            rate, _, ceiling = pair.partition("-")
            if index not in used or int(rate) < 1:
                continue
            yield from _leaf(index, _kbit(whole, rate), _kbit(whole, ceiling))


def _leaf(index: int, rate: str, ceiling: str) -> Iterator[str]:
    number = (index + 1) * 10
    yield (
        f"tc class add dev wan parent 1:1 classid 1:{number} htb rate {rate} ceil {ceiling} "
        f"prio {index + 1} quantum 1500"
    )
    yield f"tc qdisc add dev wan parent 1:{number} handle {number}: pfifo limit 1000"
    program = _MARK_IS.format(mark=index + 1)
    for protocol, later in _ETHERTYPES.items():
        yield (
            f"tc filter add dev wan parent 1: prio {number + later} protocol {protocol} "
            f"bpf bytecode '{program}' flowid 1:{number}"
        )


def _kbit(whole: int, percent: str) -> str:
    return f"{max(2, whole * int(percent) // 100)}kbit"


def _matches(rule: Mapping[str, str]) -> Iterator[str]:
    common = {"1": f"-d {rule['address']}", "2": f"-s {rule['address']}"}.get(rule["kind"], "")
    if rule.get("dscp"):
        common += f" -m dscp --dscp {min(63, _strtoul(rule['dscp']))}"
    protocol = int(rule["protocol"])
    if protocol == -2:
        yield common
    elif protocol not in (-1, 6, 17):
        yield f"-p {protocol} {common}"
    else:
        for name in {6: ("tcp",), 17: ("udp",), -1: ("udp", "tcp")}[protocol]:
            yield f"-p {name} {_ports(rule)} {common}"


def _ports(rule: Mapping[str, str]) -> str:
    side, ports = rule["side"], rule["ports"]
    if side == "a":
        return ""
    if side == "x":
        return f"-m multiport --ports {ports}"
    return f"-m multiport --{side}ports {ports}" if "," in ports else f"--{side}port {ports}"


def _strtoul(text: str) -> int:
    found = re.match(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*", text)
    if found is None:
        return 0
    word = found[0]
    return int(word, 16 if word[:2] in ("0x", "0X") else 8 if word[0] == "0" else 10)
