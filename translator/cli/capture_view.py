"""A check of captures, as text, as JSON and as a flat table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from translator.audit.reports.csv import cell
from translator.capture.model import (
    CaptureCheck,
    DeviceCheck,
    Direction,
    Mark,
    RuleCheck,
    WrongMark,
)
from translator.cli.options import CaptureFormat
from translator.cli.output import emit, emit_json, emit_table, note, visible
from translator.codepoint import CodePoint
from translator.plan.select import joined_refusals

__all__ = ["write_check"]

_HEADINGS: Final = ("rows", "class", "wanted", "packets", "right", "marks found", "payloads")
_COLUMNS: Final = (
    *("rows", "class", "direction", "wanted", "found", "priorities", "packets", "share", "right"),
)
_MOST_NAMED: Final = 6
_MOST_REASONS: Final = 20


def write_check(found: CaptureCheck, output: CaptureFormat, max_wrong: int) -> None:
    """Print a check; stderr is told which files were not read to their end, and why."""
    if output is CaptureFormat.JSON:
        emit_json(_capture_json(found, max_wrong))
    elif output is CaptureFormat.CSV:
        emit(_capture_csv(found))
    else:
        _show_capture(found)
    for item in found.files:
        if item.damage is not None:
            note(visible(f"error: {item.damage}", keep=""))
            note(visible(f"  hint: {item.damage.hint}", keep=""))


def _show_capture(found: CaptureCheck) -> None:
    """Print a table of rules, then wrong packets, then what was not looked at and why."""
    busy = [rule for rule in found.rules if rule.sent.packets or rule.sent.no_media]
    emit_table(_HEADINGS, (_sent(rule) for rule in busy), _title(found))
    answered = [rule for rule in found.rules if rule.returned.packets]
    if answered:
        emit_table(
            ("rows", "class", "packets", "marks found", "payloads"),
            (_returned(rule) for rule in answered),
            "Answers to them, which the rows say nothing of",
        )
    for line in _findings(found):
        emit(visible(line, keep=""))


def _title(found: CaptureCheck) -> str:
    names = ", ".join(visible(item.file, keep="") for item in found.files)
    return f"{_count(found.frames, 'frame')} of {names} against {visible(found.plan, keep='')}"


def _sent(rule: RuleCheck) -> tuple[object, ...]:
    sent = rule.sent
    fallback = f", {sent.tcp} by tcp" if sent.tcp and rule.carries_media else ""
    return (
        " ".join(rule.rows),
        rule.name,
        _point(rule.wanted),
        f"{sent.packets}{fallback}",
        _share(sent.right, sent.packets),
        _marks(sent.marks),
        _payloads(sent),
    )


def _returned(rule: RuleCheck) -> tuple[object, ...]:
    back = rule.returned
    return " ".join(rule.rows), rule.name, back.packets, _marks(back.marks), _payloads(back)


def _share(packets: int, of_all: int) -> str:
    """The share in percent, cut, so that 100 % means all; - where there are none."""
    if not of_all:
        return "-"
    tenths = packets * 1000 // of_all
    return f"{tenths // 10}.{tenths % 10} %"


def _marks(marks: Sequence[Mark]) -> str:
    total = sum(item.packets for item in marks)
    return _some(
        f"{_point(item.code_point)}{_priorities(item.priorities)} {item.packets}"
        + (f" = {_share(item.packets, total)}" if len(marks) > 1 else "")
        for item in marks
    )


def _payloads(direction: Direction) -> str:
    types = ", ".join(f"{number}: {packets}" for number, packets in direction.payload_types[:4])
    return _some(
        f"{name} {packets}" + (f" (type {types})" if name == "rtp" else "")
        for name, packets in direction.kinds
    )


def _some(words: Iterable[str]) -> str:
    listed = list(words)
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f", {more} more" if more > 0 else "")


def _point(point: CodePoint) -> str:
    return point.name if not point.name.isdigit() else f"dscp {point.name}"


def _priorities(priorities: tuple[int, ...]) -> str:
    return f" (802.1p {'/'.join(map(str, priorities))})" if priorities else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _findings(found: CaptureCheck) -> Iterator[str]:
    for rule in found.rules:
        if rule.wrong:
            packets = _count(rule.wrong_packets, "packet")
            yield f"wrong: {packets} of {' '.join(rule.rows)} ({rule.name}); the first:"
            yield from map(_wrong, rule.wrong)
    for rule in found.rules:
        if rule.sent.no_media:
            yield (
                f"no media: {_count(rule.sent.no_media, 'packet')} from the ports of "
                f"{' '.join(rule.rows)} ({rule.name}) are neither RTP nor what sets it up, and "
                "count neither as right nor as wrong"
            )
    if found.device is not None:
        yield from _device(found.device)
    if not found.checked_packets:
        yield "nothing checked: no packet falls under a row of the plan"
    yield from _rest(found)


def _wrong(mark: WrongMark) -> str:
    if mark.wanted:
        wanted = " or ".join(_point(point) for point in mark.wanted[:_MOST_NAMED])
        if len(mark.wanted) > _MOST_NAMED:
            wanted = f"one of {len(mark.wanted)} others"
    else:
        wanted = "to be dropped"
    lines = f", lines {', '.join(map(str, mark.lines[:_MOST_NAMED]))}" if mark.lines else ""
    return f"  {mark.place}: {mark.packet}{_priorities(mark.priorities)}, wanted {wanted}{lines}"


def _device(device: DeviceCheck) -> Iterator[str]:
    verdicts = ", ".join(f"{packets} {verdict}" for verdict, packets in device.packets)
    yield f"device {device.file}: {verdicts or 'no packet'}"
    yield from map(_wrong, device.wrong)
    if device.left_over is not None:
        yield f"  {_count(device.left_over, 'packet')} before the device did not come out here"
    for text in device.assumptions:
        yield f"  assumed: {text}"


def _rest(found: CaptureCheck) -> Iterator[str]:
    idle = [" ".join(r.rows) for r in found.rules if not r.sent.packets and not r.sent.no_media]
    if idle:
        yield f"no packet seen: rows {'; '.join(idle)}"
    if found.others:
        packets = _count(sum(item.packets for item in found.others), "packet")
        yield f"outside the plan: {packets}: {_marks(found.others)}"
    for item in found.unlooked[:_MOST_REASONS]:
        yield f"not looked into: {item.reason}: {_count(item.packets, 'frame')}, first {item.first}"
    more = found.unlooked[_MOST_REASONS:]
    if more:
        frames = _count(sum(item.packets for item in more), "frame")
        yield f"not looked into: {_count(len(more), 'other reason')}: {frames} (--format json)"
    for text in joined_refusals(found.refused):
        yield f"not checked: {text}"


def _capture_json(found: CaptureCheck, max_wrong: int) -> dict[str, Any]:
    """Return everything that was counted; code points are numbers."""
    return {
        "plan": found.plan,
        "exit_code": found.exit_code(max_wrong),
        "checked_packets": found.checked_packets,
        "wrong_packets": found.wrong_packets,
        "files": [
            {
                "file": item.file,
                "frames": item.frames,
                "damage": None if item.damage is None else str(item.damage),
            }
            for item in found.files
        ],
        "rules": [
            {
                "rows": rule.rows,
                "class": rule.name,
                "carries_media": rule.carries_media,
                "wanted": rule.wanted,
                "sent": _direction_json(rule.sent),
                "returned": _direction_json(rule.returned),
                "wrong_packets": rule.wrong_packets,
                "wrong": rule.wrong,
            }
            for rule in found.rules
        ],
        "outside_the_plan": _marks_json(found.others),
        "not_looked_into": found.unlooked,
        "not_checked": found.refused,
        "device": None if found.device is None else _device_json(found.device),
    }


def _direction_json(direction: Direction) -> dict[str, Any]:
    return {
        "packets": direction.packets,
        "right": direction.right,
        "share_right": _ratio(direction.right, direction.packets),
        "tcp": direction.tcp,
        "no_media": direction.no_media,
        "marks": _marks_json(direction.marks),
        "payloads": dict(direction.kinds),
        "rtp_payload_types": dict(direction.payload_types),
    }


def _marks_json(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    total = sum(item.packets for item in marks)
    return [
        {
            "code_point": item.code_point,
            "priorities": item.priorities,
            "packets": item.packets,
            "share": _ratio(item.packets, total),
        }
        for item in marks
    ]


def _ratio(packets: int, of_all: int) -> float | None:
    return round(packets / of_all, 6) if of_all else None


def _device_json(device: DeviceCheck) -> dict[str, Any]:
    return {
        "file": device.file,
        "packets": {str(verdict): packets for verdict, packets in device.packets},
        "wrong": device.wrong,
        "left_over": device.left_over,
        "assumptions": device.assumptions,
    }


def _capture_csv(found: CaptureCheck) -> str:
    """Return a line for each mark of each rule and direction, and of what is outside the plan."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for rule in found.rules:
        for direction, marks in (("sent", rule.sent.marks), ("returned", rule.returned.marks)):
            for mark, cells in _cells(marks):
                right = "yes" if mark.code_point == rule.wanted else "no"
                judged = (int(rule.wanted), right) if direction == "sent" else ("", "")
                head = cell(" ".join(rule.rows)), cell(rule.name), direction
                table.writerow((*head, judged[0], *cells, judged[1]))
    for _, cells in _cells(found.others):
        table.writerow(("", "", "outside the plan", "", *cells, ""))
    return text.getvalue()


def _cells(marks: Sequence[Mark]) -> Iterator[tuple[Mark, tuple[object, ...]]]:
    """Yield each mark with its code point, 802.1p values, packets and share of all."""
    total = sum(item.packets for item in marks)
    for mark in marks:
        priorities = " ".join(map(str, mark.priorities))  # 5/3 is a date to a spreadsheet
        share = _ratio(mark.packets, total)
        yield mark, (int(mark.code_point), priorities, mark.packets, share)
