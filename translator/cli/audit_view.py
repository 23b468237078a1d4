"""Audits for people: the fleet first, then the worst devices, then what holds for many of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Final

from translator.audit.codec import Packed
from translator.audit.kinds import KINDS
from translator.audit.model import DeviceAudit, Judgement
from translator.audit.reports.heading import Heading
from translator.audit.summary import Summary
from translator.cli.audit_view_device import device_lines
from translator.cli.audit_view_lines import (
    FAINT,
    STRONG,
    STYLES,
    WORST_FIRST,
    Line,
    Page,
)
from translator.cli.counted import counted

__all__ = ["audit_lines", "show_audit"]

_PIPE_WIDTH: Final = 80
_NARROWEST, _WIDEST = 40, 140
_DEVICES: Final = 10
_FINDINGS: Final = 5
_FINDINGS_OF_ONE: Final = 40
_NAMES: Final = 4
_SENTENCES: Final = 20
_ERRORS: Final = 5
_FAILED: Final = "failed"


def show_audit(heading: Heading, devices: Iterable[DeviceAudit], *, everything: bool) -> None:
    """Print a run; of a large one the worst devices and counts, unless `everything` is asked for.

    Colour only where a terminal is written to and NO_COLOR is not set.
    """
    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else _PIPE_WIDTH
    page = Page(min(max(width, _NARROWEST), _WIDEST), everything)
    lines = audit_lines(heading, devices, page)
    if not on_terminal or os.environ.get("NO_COLOR"):
        for line in lines:
            sys.stdout.write(line.text + "\n")
        return
    from rich.console import Console  # heavy: 44 ms
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(Text(line.text, line.style), soft_wrap=True)


def audit_lines(heading: Heading, devices: Iterable[DeviceAudit], page: Page) -> Iterator[Line]:
    """Yield the view; no line holds what a terminal would obey, only commands exceed the page.

    The devices are read once, and of a large fleet no more than a few are held as they are.
    """
    seen = _Seen()
    shown: Iterable[DeviceAudit]
    if page.everything:
        shelves = {judgement: Packed() for judgement in WORST_FIRST}
        for device in seen.following(devices):
            shelves[device.judgement].add(device)
        shown = (device for judgement in WORST_FIRST for device in shelves[judgement])
    else:
        worst = nsmallest(_DEVICES, enumerate(seen.following(devices)), key=_rank)
        shown = [device for _, device in worst]
    count = seen.summary.devices
    yield from _summary(page, heading, seen)
    for device in shown:
        yield Line()
        yield from device_lines(page, device, _FINDINGS_OF_ONE if count == 1 else _FINDINGS)
    if count > _DEVICES and not page.everything:
        more = counted(count - _DEVICES, "more device")
        yield Line()
        yield from page.text(f"{more}: --all shows them", 0, FAINT)
    yield from _sentences(page, seen)


def _rank(numbered: tuple[int, DeviceAudit]) -> tuple[int, int, int]:
    number, device = numbered
    return WORST_FIRST.index(device.judgement), -len(device.findings), number


class _Seen:
    """What is told of all devices together, gathered while they go by."""

    def __init__(self) -> None:
        self.summary = Summary()
        self.names: dict[str, list[str]] = {}
        self.errors: dict[str, list[str]] = {}
        self.sentences: dict[tuple[str, str], list[str]] = {}

    def following(self, devices: Iterable[DeviceAudit]) -> Iterator[DeviceAudit]:
        """Yield the devices, taking note of each."""
        for device in devices:
            self.summary.add(device)
            judgement = _FAILED if device.error else device.judgement
            self.names.setdefault(judgement, []).append(device.device)
            if device.error:
                reason = device.error.removeprefix(f"{device.file}: ")
                self.errors.setdefault(reason, []).append(device.device)
            for sentence in device.assumptions:
                self.sentences.setdefault(("assumed", sentence), []).append(device.device)
            for sentence in device.notes:
                self.sentences.setdefault(("note", sentence), []).append(device.device)
            yield device


def _summary(page: Page, heading: Heading, seen: _Seen) -> Iterator[Line]:
    summary = seen.summary
    text = f"{counted(summary.devices, 'configuration')} against {heading.plan}"
    yield from page.text(text, 0, STRONG)
    if summary.devices <= 1:
        return
    styles = [(_FAILED, STYLES[Judgement.UNKNOWN]), *((item, STYLES[item]) for item in WORST_FIRST)]
    for judgement, style in styles:
        names = seen.names.get(judgement)
        if names:
            text = f"{judgement:<9} {len(names):>6,}  {page.some(names, _NAMES)}"
            yield from page.text(text, 2, style, hanging=18)
    yield from _errors(page, seen)
    if summary.findings:
        yield Line()
        yield from page.text("devices  findings  kind", 2, STRONG)
    for id_, count in sorted(
        summary.findings.items(), key=lambda item: (-summary.devices_with[item[0]], item[0])
    ):
        style = STYLES[KINDS[id_].severity] if id_ in KINDS else ""
        text = f"{summary.devices_with[id_]:>7,}  {count:>8,}  {id_}"
        yield from page.text(text, 2, style, hanging=19)


def _errors(page: Page, seen: _Seen) -> Iterator[Line]:
    """Yield why files could not be audited, what concerns most of them first."""
    found = sorted(seen.errors.items(), key=lambda item: -len(item[1]))
    shown = found if page.everything else found[:_ERRORS]
    if shown:
        yield Line()
    for reason, names in shown:
        yield from page.text(f"not audited: {page.some(names, _NAMES)}: {reason}", 2)
    if len(found) > len(shown):
        yield from page.text(f"and {counted(len(found) - len(shown), 'more reason')}", 2, FAINT)


def _sentences(page: Page, seen: _Seen) -> Iterator[Line]:
    """Yield assumptions and notes, each once, with the devices that it concerns if not all."""
    found = sorted(seen.sentences.items(), key=lambda item: (item[0][0], -len(item[1])))
    shown = found if page.everything else found[:_SENTENCES]
    if shown:
        yield Line()
    for (kind, sentence), names in shown:
        concerned = "" if len(names) == seen.summary.devices else f"  ({page.some(names, _NAMES)})"
        yield from page.text(f"{kind}: {sentence}{concerned}", 0, FAINT)
    if len(found) > len(shown):
        more = counted(len(found) - len(shown), "more note")
        yield from page.text(f"{more}: --all shows them", 0, FAINT)
