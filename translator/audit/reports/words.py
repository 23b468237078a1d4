"""How reports spell what they tell: places, line numbers, findings, text that others wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from translator.audit.model import DeviceAudit, Evidence, Finding, Placement

__all__ = [
    "place",
    "placement_name",
    "ranges",
    "several",
    "shortened",
    "spelled",
    "told",
    "unjudged",
]

_NAMED: Final = 3
_TOLD: Final = 4


def spelled(text: str, *, keep: str = "") -> str:
    """Return the text with each character that does not print written as `\\x1b` or `\\u2028`."""
    if text.isprintable():
        return text
    odd = {char for char in {*text} if not char.isprintable()}.difference(keep)
    return text.translate({ord(char): _code(char) for char in odd}) if odd else text


def _code(char: str) -> str:
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def shortened(text: str, longest: int) -> str:
    """Return the text, its middle replaced by how much was left out where it is longer."""
    if len(text) <= longest:
        return text
    left_out = f" ... {len(text) - longest} more characters ... "
    end = max(0, longest - len(left_out))
    return f"{text[: end - end // 3]}{left_out}{text[len(text) - end // 3 :]}"


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers as ranges: `3-7, 12`."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in found)


def several(names: Sequence[str], limit: int = _NAMED) -> str:
    """Return the first names and how many more there are."""
    more = len(names) - limit
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:limit])} and {more} more"


def placement_name(placement: Placement) -> str:
    """Return `Gi0/1 in`, the name of one direction of interfaces that are alike."""
    return f"{several(placement.interfaces)} {placement.direction}".rstrip()


def place(finding: Finding) -> str:
    """Return where a finding holds, as `Gi0/1 in, class voice`."""
    words = f"{several(finding.interfaces) or 'the device'} {finding.direction}".rstrip()
    return f"{words}, class {finding.traffic_class}" if finding.traffic_class else words


def unjudged(device: DeviceAudit) -> str:
    """Return why nothing of a configuration was judged, "" where something was."""
    if device.error:
        return device.error
    return "" if device.placements else "no interface was judged: none has a role of the plan"


def told(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what a finding shows, as (label, text): packets, one of them, treatments, lines.

    Sets of packets that meet the same fate share one telling of it. The label of a line of
    configuration is its number, after `>` where the line decides.
    """
    fates: dict[tuple[str, str, str], list[Evidence]] = {}
    for item in finding.evidence[:_TOLD]:
        fates.setdefault((item.way, item.wanted, item.found), []).append(item)
    for number, (fate, items) in enumerate(fates.items()):
        yield from (("packets", item.box) for item in items)
        example = () if number else (("such as", items[0].packet),)
        shown = (*example, *zip(("way", "wanted", "found"), fate, strict=True))
        yield from ((label, text) for label, text in shown if text)
    if len(finding.evidence) > _TOLD:
        yield "packets", f"and {len(finding.evidence) - _TOLD} more sets of them"
    rows = dict.fromkeys((*finding.rows, *(row for item in finding.evidence for row in item.rows)))
    if rows:
        yield "plan", ", ".join(rows)
    deciding = {*finding.lines, *(line for item in finding.evidence for line in item.lines)}
    if deciding and not finding.excerpt:
        yield "lines", ranges(deciding)
    for line, text in finding.excerpt:
        yield f"{'>' if line in deciding else ' '}{line}", text
    if finding.hint:
        yield "hint", finding.hint
