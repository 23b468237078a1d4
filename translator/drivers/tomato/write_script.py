"""Writes the block of the Firewall script that marks packets where they enter.

Each marking interface has a chain; its rules go (`-g`) to a chain per code point, so that the
first match decides. The jump stands in FORWARD, behind QOSO unless queues go by code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.line import Line
from translator.drivers.tomato.write_rules import plain
from translator.errors import UnsupportedIntentError
from translator.intents.lower import only_version
from translator.intents.match import Match
from translator.intents.model import ClassifierRule, InterfaceIntents
from translator.ports import ANY_PORT, PortRange

__all__ = ["BEGIN_BLOCK", "END_BLOCK", "INTERFACE_NAME", "SCRIPT_LENGTH", "written_script"]

BEGIN_BLOCK: Final = "# begin qos-translator"
END_BLOCK: Final = "# end qos-translator"
# Source: httpd/tomato.c of Tomato64: script_fire up to 8192 characters.
SCRIPT_LENGTH: Final = 8192
# What can be an interface in a script; the kernel takes 15 characters.
INTERFACE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")
_NAMES: Final = {6: "tcp", 17: "udp"}
_PROGRAMS: Final = {4: "iptables", 6: "ip6tables"}
_MODULE: Final = Line("modprobe {module:word} 2>/dev/null")
_NEW: Final = Line("{program:word} -t mangle -N {chain:word} 2>/dev/null")
_FLUSH: Final = Line("{program:word} -t mangle -F {chain:word}")
_SET: Final = Line("{program:word} -t mangle -A {chain:word} -j DSCP --set-dscp {value:int}")
_RULE: Final = Line("{program:word} -t mangle -A {chain:word} {match:rest} -g {target:word}")
_TRUST: Final = Line("{program:word} -t mangle -A {chain:word} {match:rest} -j RETURN")
_UNHOOK: Final = Line(
    "{program:word} -t mangle -D FORWARD -i {interface:word} -j {chain:word} 2>/dev/null"
)
_HOOK: Final = Line(
    "{program:word} -t mangle {verb:word} FORWARD -i {interface:word} -j {chain:word}"
)
_COMMENT: Final = Line("# plan: {text:rest}")
# Source: xt_* since Linux 2.6.16, ipt_* before; the one that is not there says so in silence.
_MODULES: Final = ("xt_DSCP", "xt_dscp", "ipt_DSCP", "ipt_dscp")


def written_script(
    platform: str, interfaces: Iterable[InterfaceIntents], *, before_classes: bool
) -> str:
    """Return the block, empty where nothing is marked.

    Args:
        before_classes: insert the jumps, so that the outbound classes see the new code points.

    Raises:
        UnsupportedIntentError: a match cannot be said to iptables, or the block is too long.
    """
    marking = [item for item in interfaces if item.marks]
    if not marking:
        return ""
    lines = [BEGIN_BLOCK, *(_MODULE.write(module=name) for name in _MODULES)]
    for version in _PROGRAMS:
        lines.extend(_set_chains(version, marking))
        for number, item in enumerate(marking, 1):
            lines.extend(_chain(platform, version, f"QOS_IN_{number}", item, before_classes))
    text = "\n".join((*lines, END_BLOCK))
    if len(text) > SCRIPT_LENGTH:
        raise UnsupportedIntentError(
            f"{platform}: the script needs {len(text)} characters, script_fire holds "
            f"{SCRIPT_LENGTH}",
            hint="bind fewer addresses, or leave rows out with the plan option exclude",
        )
    return text


def _set_chains(version: int, marking: list[InterfaceIntents]) -> Iterator[str]:
    points = {rule.traffic_class.code_point for item in marking for rule in item.classifier}
    if any(item.reset for item in marking):
        points.add(CodePoint(0))
    program = _PROGRAMS[version]
    for point in sorted(point for point in points if point is not None):
        chain = _set_chain(point)
        yield _NEW.write(program=program, chain=chain)
        yield _FLUSH.write(program=program, chain=chain)
        yield _SET.write(program=program, chain=chain, value=int(point))


def _set_chain(point: CodePoint) -> str:
    return f"QOS_SET_{int(point)}"


def _chain(
    platform: str, version: int, chain: str, intents: InterfaceIntents, before_classes: bool
) -> Iterator[str]:
    program = _PROGRAMS[version]
    yield _NEW.write(program=program, chain=chain)
    yield _FLUSH.write(program=program, chain=chain)
    for rule in intents.classifier:
        try:
            matches = list(_matches(rule.match, version))
        except ValueError as error:
            raise refuse(
                platform,
                f"rows {' '.join(rule.rows) or rule.comment}",
                str(error),
                nearest="leave these rows out with the plan option exclude",
            ) from None
        if matches:
            yield _COMMENT.write(text=plain(rule.comment or rule.traffic_class.name))
        yield from (_decide(program, chain, words, rule) for words in matches)
    for point in intents.reset:
        target = _set_chain(CodePoint(0))
        words = f"-m dscp --dscp {int(point)}"
        yield _RULE.write(program=program, chain=chain, match=words, target=target)
    name = {"program": program, "interface": intents.name, "chain": chain}
    yield _UNHOOK.write(**name)
    yield _HOOK.write(**name, verb="-I" if before_classes else "-A")


def _decide(program: str, chain: str, words: str, rule: ClassifierRule) -> str:
    point = rule.traffic_class.code_point
    if point is None:
        return _TRUST.write(program=program, chain=chain, match=words)
    return _RULE.write(program=program, chain=chain, match=words, target=_set_chain(point))


def _matches(match: Match, version: int) -> Iterator[str]:
    """Yield the match options of each rule that the match needs, for one IP version."""
    narrowed = only_version(match, version)
    if narrowed is None:
        return
    if match.tos or match.fragment:
        raise ValueError("the script matches neither the whole ToS byte nor fragments")
    ports = f"{_ports('sport', match.source_ports)}{_ports('dport', match.destination_ports)}"
    if ports and not (match.protocols and _NAMES.keys() >= set(match.protocols)):
        raise ValueError("ports can be asked of TCP and UDP only")
    for protocol, source, destination, point in product(
        match.protocols or (None,),
        narrowed.sources or (None,),
        narrowed.destinations or (None,),
        match.code_points or (None,),
    ):
        words = [] if protocol is None else [f"-p {_NAMES.get(protocol, protocol)}"]
        words.extend([] if source is None else [f"-s {source}"])
        words.extend([] if destination is None else [f"-d {destination}"])
        words.extend([ports.strip()] if ports else [])
        words.extend([] if point is None else [f"-m dscp --dscp {int(point)}"])
        yield " ".join(words) or "-p all"


def _ports(option: str, ranges: tuple[PortRange, ...]) -> str:
    if not ranges or ANY_PORT in ranges:
        return ""
    listed = ",".join(
        str(item.low) if item.low == item.high else f"{item.low}:{item.high}" for item in ranges
    )
    return f" --{option} {listed}" if len(ranges) == 1 else f" -m multiport --{option}s {listed}"
