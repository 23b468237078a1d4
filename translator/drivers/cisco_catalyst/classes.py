"""Access lists, class-maps and the policy-map of one trust boundary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.base import refuse
from translator.drivers.cisco.acl import REMARK, write_entries
from translator.drivers.cisco.marks import dscp_word
from translator.drivers.cisco.naming import Namer
from translator.drivers.cisco_catalyst.lines import (
    ACCESS_LIST,
    CLASS,
    CLASS_MAP,
    MATCH_DSCP,
    MATCH_LIST,
    POLICY_MAP,
    SET_DSCP,
    TRUST_CLASS,
    written,
)
from translator.drivers.cisco_catalyst.tcam import TRUST_COST, entries_of
from translator.intents.lower import Block, class_blocks
from translator.intents.match import Match
from translator.intents.model import ClassifierRule, InterfaceIntents

__all__ = ["NAME_LENGTH", "Boundary", "RenderedClass", "boundary"]

_PLATFORM: Final = "cisco_catalyst"
NAME_LENGTH: Final = 40  # unverified for old releases, as on routers
_VALUES_PER_LINE: Final = 8
_REMARK_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class RenderedClass:
    """One class: its list (empty when it matches code points), its match and its action."""

    name: str
    entries: tuple[str, ...]
    match: str
    action: str

    @property
    def access_list(self) -> list[str]:
        """The lines of the list, header first; none where the class needs no list."""
        return [written(ACCESS_LIST, name=self.name), *self.entries] if self.entries else []

    @property
    def class_map(self) -> list[str]:
        """The lines of the class-map."""
        return [written(CLASS_MAP, name=self.name), self.match]


@dataclass(frozen=True, slots=True)
class Boundary:
    """The policy of one kind of port; `cost` counts the hardware entries it takes."""

    name: str
    classes: tuple[RenderedClass, ...]
    cost: int

    @property
    def policy_map(self) -> list[str]:
        """The lines of the policy-map."""
        lines = [written(POLICY_MAP, name=self.name)]
        for item in self.classes:
            lines += [written(CLASS, 1, name=item.name), item.action]
        return lines


def boundary(intents: InterfaceIntents, classes: Namer) -> Boundary:
    """Return the policy of a port that classifies, marks and resets.

    A policy zeroes what no class takes, so its last class takes all of IPv4 and trusts it.

    Its name is that of the role: the caller makes it unique.

    Raises:
        UnsupportedIntentError: a match that an IPv4 access list cannot hold.
    """
    rendered = [_classified(block, classes) for block in class_blocks(intents.classifier)]
    cost = sum(entries_of(rule.match) for rule in intents.classifier) + len(intents.reset)
    rendered += _reset(intents.reset, classes)
    rendered.append(_other(classes))
    return Boundary(f"QOS-{intents.role.value.upper()}", tuple(rendered), cost + TRUST_COST)


def _classified(block: Block, classes: Namer) -> RenderedClass:
    entries: list[str] = []
    comment = ""
    for rule in block.rules:
        if rule.comment and rule.comment != comment:
            comment = rule.comment
            entries.append(written(REMARK, 1, text=comment[:_REMARK_LENGTH].strip()))
        entries += _entries(rule)
    wanted = "QOS-" + block.name.upper().replace("_", "-")
    code_point = block.traffic_class.code_point
    action = (
        written(TRUST_CLASS, 2, field="dscp")
        if code_point is None
        else written(SET_DSCP, 2, value=dscp_word(code_point))
    )
    return _by_list(wanted, tuple(entries), action, classes)


def _by_list(wanted: str, entries: tuple[str, ...], action: str, classes: Namer) -> RenderedClass:
    name = classes.name(wanted, entries)
    return RenderedClass(name, entries, written(MATCH_LIST, 1, name=name), action)


def _entries(rule: ClassifierRule) -> list[str]:
    match = rule.match
    has_ports = bool(match.source_ports or match.destination_ports)
    if match.tos or match.fragment or (has_ports and not match.protocols):
        raise refuse(
            _PLATFORM,
            f"the match of rows {' '.join(rule.rows)}",
            "an access list holds whole code points, no fragments, and ports of TCP or UDP only",
            nearest="name the protocols of the row",
        )
    return [f" {line}" for line in write_entries(match, 4)]


def _reset(code_points: tuple[CodePoint, ...], classes: Namer) -> Iterator[RenderedClass]:
    """Yield the classes that take the plan's marks from strangers, eight values in each."""
    for start in range(0, len(code_points), _VALUES_PER_LINE):
        words = map(dscp_word, code_points[start : start + _VALUES_PER_LINE])
        match = written(MATCH_DSCP, 1, values="  ".join(words))  # printed with two blanks
        name = classes.name("QOS-RESET", match)
        yield RenderedClass(name, (), match, written(SET_DSCP, 2, value=dscp_word(0)))


def _other(classes: Namer) -> RenderedClass:
    entries = tuple(f" {line}" for line in write_entries(Match(version=4), 4))
    return _by_list("QOS-OTHER", entries, written(TRUST_CLASS, 2, field="dscp"), classes)
