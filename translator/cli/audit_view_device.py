"""One device of an audit: how it was read, what was judged, each fault with packets and lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.model import (
    DeviceAudit,
    Finding,
    Judgement,
    Placement,
    RepairText,
)
from translator.audit.reports.words import place, placement_name, told, unjudged
from translator.cli.audit_view_lines import (
    FAINT,
    STRONG,
    STYLES,
    WORST_FIRST,
    Line,
    Page,
)
from translator.cli.counted import counted

__all__ = ["device_lines", "verdict_lines"]

_NAMES: Final = 6
_UNREAD: Final = 5
_EXCERPT: Final = 10
_COMMANDS: Final = 40


def device_lines(page: Page, device: DeviceAudit, findings: int) -> Iterator[Line]:
    """Yield what is told of a device, with at most that many of its findings."""
    where = ", ".join(filter(None, (device.platform, page.name(device.file))))
    head = f"{page.name(device.device)}: {device.judgement}  ({where})"
    yield from page.text(head, 0, STYLES[device.judgement])
    reason = unjudged(device)
    if reason:
        yield from page.text(reason, 2, STYLES[Judgement.UNKNOWN])
    if device.detected:
        yield from page.text(f"platform inferred: {device.detected}", 2)
    yield from _unread(page, device)
    yield from _roles(page, device)
    for placement in device.placements:
        yield from _placement(page, placement)
    shown = device.findings if page.everything else device.findings[:findings]
    hints: set[str] = set()
    for finding in shown:
        yield Line()
        yield from _finding(page, finding, finding.identity(device.device))
        if finding.hint and finding.hint not in hints:  # findings of a kind mostly share theirs
            yield from page.text(f"{'hint':<8} {finding.hint}", 4, hanging=9)
            hints.add(finding.hint)
    if len(device.findings) > len(shown):
        more = counted(len(device.findings) - len(shown), "more finding")
        yield Line()
        yield from page.text(f"{more}: --all shows them", 2, FAINT)
    if device.repair is not None:
        yield Line()
        yield from _repair(page, device.repair)


def verdict_lines(page: Page, device: DeviceAudit) -> Iterator[Line]:
    """Yield the verdicts alone: of the device and each placement, and which findings there are."""
    yield from page.text(f"{device.judgement}", 0, STYLES[device.judgement])
    reason = unjudged(device)
    if reason:
        yield from page.text(reason, 2, STYLES[Judgement.UNKNOWN])
    for placement in device.placements:
        yield from _placement(page, placement)
    for finding in device.findings:
        yield from _finding_head(page, finding, finding.identity(device.device))


def _unread(page: Page, device: DeviceAudit) -> Iterator[Line]:
    if not device.unread:
        return
    share = f"{device.understood:,} of {counted(device.qos_lines, 'QoS line')} understood"
    yield from page.text(f"{share}; not these:", 2)
    shown = device.unread if page.everything else device.unread[:_UNREAD]
    for number, text, why in shown:
        yield from page.text(f"{number:>6}: {text.strip()}  ({why})", 2, hanging=8)
    if len(device.unread) > len(shown):
        yield from page.text(f"and {counted(len(device.unread) - len(shown), 'more line')}", 4)


def _roles(page: Page, device: DeviceAudit) -> Iterator[Line]:
    for given in device.roles:
        how = f"inferred: {given.inferred}" if given.inferred else "as given"
        yield from page.text(f"role {given.role} ({how}): {page.some(given.interfaces, _NAMES)}", 2)
    alone: dict[str, list[str]] = {}
    for name, reason in device.left_alone:
        alone.setdefault(reason, []).append(name)
    for reason, names in alone.items():
        yield from page.text(f"no role ({reason}): {page.some(names, _NAMES)}", 2, FAINT)


def _placement(page: Page, placement: Placement) -> Iterator[Line]:
    """One line where all classes are compliant, else one per judgement and reason."""
    head = f"{placement_name(placement)} as {placement.role}, "
    head += f"policy {placement.policy}" if placement.policy else "no policy"
    style = STYLES[placement.judgement]
    if placement.judgement is Judgement.COMPLIANT:
        classes = counted(len(placement.classes), "class", "classes")
        yield from page.text(f"{head}: {classes}, all compliant", 2, style)
        return
    yield from page.text(f"{head}:", 2, style)
    alike: dict[tuple[Judgement, str], list[str]] = {}
    for item in placement.classes:
        reason = item.reason.removeprefix(f"{item.name}: ")
        alike.setdefault((item.judgement, reason), []).append(item.name)
    for (judgement, reason), names in sorted(
        alike.items(), key=lambda item: WORST_FIRST.index(item[0][0])
    ):
        text = f"{judgement:<9}  {', '.join(names)}" + (f": {reason}" if reason else "")
        yield from page.text(text, 4, STYLES[judgement], hanging=11)


def _finding(page: Page, finding: Finding, identity: str) -> Iterator[Line]:
    yield from _finding_head(page, finding, identity)
    yield from page.text(finding.message, 4, hanging=0)
    lines = [item for item in told(finding) if item[0] != "hint"]
    excerpt = [item for item in lines if item[0][-1:].isdigit()]
    kept = excerpt if page.everything else _kept(excerpt)
    for label, text in lines:
        if not label[-1:].isdigit():
            yield from page.text(f"{label:<8} {text}", 4, hanging=9)
        elif (label, text) in kept:
            start = f"    {label[0]}{label[1:]:>6}: "
            yield page.literal(start, text, STRONG if label[0] == ">" else "")
    if len(excerpt) > len(kept):
        yield from page.text(f"and {counted(len(excerpt) - len(kept), 'more line')}", 4, FAINT)


def _finding_head(page: Page, finding: Finding, identity: str) -> Iterator[Line]:
    head = f"{finding.severity}: {finding.kind}: {place(finding)}  [{identity}]"
    yield from page.text(head, 2, STYLES[finding.severity])


def _kept(excerpt: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of many lines those that decide rather than their neighbours."""
    if len(excerpt) <= _EXCERPT:
        return excerpt
    return sorted(excerpt, key=lambda item: item[0][0] != ">")[:_EXCERPT]


def _repair(page: Page, repair: RepairText) -> Iterator[Line]:
    if repair.refused:
        yield from page.text(f"no repair: {repair.refused}", 2, STYLES[Judgement.UNKNOWN])
    if repair.commands:
        back = f"taken back by {counted(len(repair.rollback), 'line')}"
        yield from page.text(f"repair, in this order, {back}:", 2, STRONG)
        shown = repair.commands if page.everything else repair.commands[:_COMMANDS]
        for command in shown:
            yield page.command(command, 4)
        if len(repair.commands) > len(shown):
            more = counted(len(repair.commands) - len(shown), "more line")
            yield from page.text(f"and {more}: --all shows them", 4, FAINT)
    for sentence in repair.notes:
        yield from page.text(sentence, 4)
