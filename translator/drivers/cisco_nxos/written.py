"""How NX-OS prints classes and their lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco.acl import write_entries
from translator.drivers.cisco.class_text import ClassForm
from translator.drivers.cisco.pieces import Kind
from translator.drivers.cisco_nxos import lines
from translator.intents.match import Match, Prefix

__all__ = ["FORM"]

_STEP: Final = 10
# Source: the port types of the NX-OS grammar of batfish have no such names.
_UNNAMED: Final = frozenset({"msrpc", "onep-plain", "onep-tls", "ripv6"})


def _class_map(name: str, text: str, matches: Sequence[str]) -> list[str]:
    body = (lines.DESCRIPTION.write(text=text), *matches)
    return [lines.CLASS_MAP.write(name=name), *(f"  {line}" for line in body)]


def _over_list(name: str) -> str:
    return lines.MATCH_ACCESS_GROUP.write(name=name)


def _over_code_points(points: Sequence[CodePoint]) -> list[str]:
    # Source: lists with commas and numbers, in configurations of Nexus 7000.
    return [lines.MATCH_DSCP.write(values=", ".join(str(int(point)) for point in points))]


def _access_list(kind: Kind, name: str, entries: Iterable[str]) -> list[str]:
    head = lines.ACCESS_LIST if kind is Kind.ACCESS_LIST else lines.ACCESS_LIST_V6
    numbered = (
        "  " + lines.ENTRY.write(number=_STEP * place, what=line)
        for place, line in enumerate(entries, 1)
    )
    return [head.write(name=name), *numbered]


def _entries(match: Match, version: int) -> Iterator[str]:
    return write_entries(match, version, address=_address, unnamed=_UNNAMED)


def _address(prefix: Prefix | None) -> str:
    """Return an address as NX-OS prints it: by its prefix, a single one too."""
    return "any" if prefix is None or prefix.prefixlen == 0 else str(prefix)


FORM: Final = ClassForm(_class_map, _over_list, _over_code_points, _access_list, _entries)
