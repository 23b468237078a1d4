"""How IOS prints classes and their lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco.acl import write_entries
from translator.drivers.cisco.class_text import ClassForm
from translator.drivers.cisco.marks import dscp_word
from translator.drivers.cisco.pieces import Kind
from translator.drivers.cisco_ios import lines

__all__ = ["FORM"]

# Source: IOS command reference, match dscp: up to eight values in one line.
_VALUES_PER_LINE: Final = 8


def _class_map(name: str, text: str, matches: Sequence[str]) -> list[str]:
    # The device prints the description two blanks deep and the matches one.
    described = f"  {lines.DESCRIPTION.write(text=text)}"
    return [lines.CLASS_MAP.write(name=name), described, *(f" {line}" for line in matches)]


def _over_list(name: str) -> str:
    return lines.MATCH_ACCESS_GROUP.write(name=name)


def _over_code_points(points: Sequence[CodePoint]) -> list[str]:
    words = [dscp_word(point) for point in points]
    # IOS prints two blanks between values (and one at the end, which editors take away).
    return [
        lines.MATCH_DSCP.write(values="  ".join(words[start : start + _VALUES_PER_LINE]))
        for start in range(0, len(words), _VALUES_PER_LINE)
    ]


def _access_list(kind: Kind, name: str, entries: Iterable[str]) -> list[str]:
    head = lines.ACCESS_LIST if kind is Kind.ACCESS_LIST else lines.ACCESS_LIST_V6
    return [head.write(name=name), *(f" {line}" for line in entries)]


FORM: Final = ClassForm(_class_map, _over_list, _over_code_points, _access_list, write_entries)
