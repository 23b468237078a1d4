"""Access lists, class-maps and the policy-map of one trust boundary.

A class-map holds one list, and a list one IP version, so that each class of the plan is two here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.arista_eos.layout import PLATFORM, Layout
from translator.drivers.arista_eos.lines import (
    ACCESS_LIST,
    CLASS,
    CLASS_MAP,
    MATCH_LIST,
    POLICY_MAP,
    REMARK,
    SET_CLASS,
    SET_DSCP,
    written,
)
from translator.drivers.arista_eos.marks import code_point_word
from translator.drivers.base import refuse
from translator.drivers.cisco.acl import write_entries
from translator.drivers.cisco.naming import Namer
from translator.drivers.cisco.ports import PORT_NAMES
from translator.intents.lower import Block, class_blocks, only_version
from translator.intents.match import Match, Prefix
from translator.intents.model import ClassifierRule, InterfaceIntents, TrafficClass

__all__ = ["NAME_LENGTH", "Boundary", "RenderedClass", "boundary"]

NAME_LENGTH: Final = 40  # 100 are said to be allowed, which is unverified
_FAMILIES: Final = {4: "ip", 6: "ipv6"}
_STEP: Final = 10
_REMARK_LENGTH: Final = 100
_DF: Final = CodePoint(0)


@dataclass(frozen=True, slots=True)
class RenderedClass:
    """One class of one IP version: its list, and what is done with what the list permits."""

    name: str
    family: str
    entries: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def access_list(self) -> list[str]:
        """The lines of the list, header first."""
        return [written(ACCESS_LIST, family=self.family, name=self.name), *self.entries]

    @property
    def class_map(self) -> list[str]:
        """The lines of the class-map."""
        match = written(MATCH_LIST, 1, family=self.family, name=self.name)
        return [written(CLASS_MAP, name=self.name), match]


@dataclass(frozen=True, slots=True)
class Boundary:
    """The policy of one kind of port."""

    name: str
    classes: tuple[RenderedClass, ...]

    @property
    def policy_map(self) -> list[str]:
        """The lines of the policy-map, with a `!` between classes as the switch prints it."""
        lines = [written(POLICY_MAP, name=self.name)]
        for number, item in enumerate(self.classes):
            lines += ["   !"] if number else []
            lines += [written(CLASS, 1, name=item.name), *item.actions]
        return lines


def boundary(intents: InterfaceIntents, layout: Layout, classes: Namer) -> Boundary:
    """Return the policy of a port that classifies, marks and resets.

    Its name is that of the role: the caller makes it unique.

    Raises:
        UnsupportedIntentError: a match that an access list cannot hold.
    """
    rendered: list[RenderedClass] = []
    for block in class_blocks(intents.classifier):
        rendered += _classified(block, layout, classes)
    if intents.reset:
        rule = ClassifierRule(Match(code_points=intents.reset), TrafficClass("reset", _DF))
        rendered += _versions("QOS-RESET", (rule,), _marks(_DF, layout), classes)
    return Boundary(f"QOS-{intents.role.value.upper()}", tuple(rendered))


def _classified(block: Block, layout: Layout, classes: Namer) -> Iterator[RenderedClass]:
    wanted = "QOS-" + block.name.upper().replace("_", "-")
    code_point = block.traffic_class.code_point
    actions = () if code_point is None else _marks(code_point, layout)
    return _versions(wanted, block.rules, actions, classes)


def _marks(code_point: CodePoint, layout: Layout) -> tuple[str, ...]:
    """Write the mark and the class that belongs to it: the queue would follow the old mark else."""
    return (
        written(SET_DSCP, 2, value=code_point_word(code_point)),
        written(SET_CLASS, 2, number=layout.of(code_point)),
    )


def _versions(
    wanted: str, rules: Iterable[ClassifierRule], actions: tuple[str, ...], classes: Namer
) -> Iterator[RenderedClass]:
    """Yield the class for IPv4 and that for IPv6, those that can match."""
    kept = tuple(rules)
    for version, family in _FAMILIES.items():
        entries = tuple(_numbered(_entries(kept, version)))
        if entries:
            tail = "-V6" if version == 6 else ""
            name = wanted[: NAME_LENGTH - len(tail)] + tail
            yield RenderedClass(classes.name(name, family, entries), family, entries, actions)


def _numbered(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        yield f"   {_STEP * number} {line}"


def _entries(rules: tuple[ClassifierRule, ...], version: int) -> Iterator[str]:
    comment = ""
    for rule in rules:
        match = only_version(rule.match, version)
        if match is None:
            continue
        _check(match, rule)
        if rule.comment and rule.comment != comment:
            comment = rule.comment
            yield written(REMARK, text=comment[:_REMARK_LENGTH].strip())
        # Which names EOS prints for some ports is unverified: it reads numbers.
        yield from write_entries(match, version, address=_address, unnamed=PORT_NAMES)


def _check(match: Match, rule: ClassifierRule) -> None:
    has_ports = bool(match.source_ports or match.destination_ports)
    if match.tos or match.fragment or (has_ports and not match.protocols):
        raise refuse(
            PLATFORM,
            f"the match of rows {' '.join(rule.rows)}",
            "an access list holds whole code points, no fragments, and ports of TCP or UDP only",
            nearest="name the protocols of the row",
        )


def _address(network: Prefix | None) -> str:
    """Return a prefix as EOS writes it: no masks, and IPv6 in small letters."""
    if network is None or network.prefixlen == 0:
        return "any"
    if network.prefixlen == network.max_prefixlen:
        return f"host {network.network_address}"
    return str(network)
