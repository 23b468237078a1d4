"""The report for programs: everything that an audit says, one device a line, and its reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import msgspec

from translator.audit.model import DeviceAudit, FleetAudit, Judgement
from translator.audit.reports.heading import Heading
from translator.audit.reports.jsontext import json_text
from translator.audit.summary import Summary
from translator.errors import UsageError, Where

__all__ = ["FORMAT", "SCHEMA_VERSION", "load_json", "write"]

FORMAT: Final = "qos-translator-audit"
SCHEMA_VERSION: Final = 1
"""Goes up when a field goes away or changes its meaning; fields may be added without."""


class _Document(msgspec.Struct):
    """What the reader needs of a report."""

    format: Literal["qos-translator-audit"]
    schema_version: int
    plan: str
    devices: tuple[DeviceAudit, ...]
    version: str = ""


def write(heading: Heading, devices: Iterable[DeviceAudit]) -> Iterator[str]:
    """Yield the report in pieces, the counts after the devices."""
    start = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "version": heading.version,
        "plan": heading.plan,
        "made": heading.made,
    }
    yield json_text(start).removesuffix("}") + ',"devices":['
    summary = Summary()
    separator = "\n"
    for device in devices:
        summary.add(device)
        yield separator + json_text(_device(device))
        separator = ",\n"
    yield f'\n],"summary":{json_text(_summary(summary))}}}\n'


def load_json(text: str, file: str = "<report>") -> FleetAudit:
    """Return the audit that a report holds; what was computed from it is not read.

    Raises:
        UsageError: the text is no such report, or one of another version of its form.
    """
    try:
        found = msgspec.json.decode(text, type=_Document)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise UsageError(
            f"is no JSON report of an audit: {error}",
            where=Where(file),
            hint="write one with `audit --format json`",
        ) from None
    if found.schema_version != SCHEMA_VERSION:
        raise UsageError(
            f"schema version {found.schema_version} is not {SCHEMA_VERSION}",
            where=Where(file),
            hint="read it with the program that wrote it, or write it anew",
        )
    return FleetAudit(found.plan, found.devices, found.version)


def _device(device: DeviceAudit) -> dict[str, Any]:
    """The device with what follows from it: ids of findings, judgements of placements."""
    plain: dict[str, Any] = msgspec.to_builtins(device)
    for placement, judged in zip(plain["placements"], device.placements, strict=True):
        placement["judgement"] = judged.judgement
    plain["findings"] = [
        {"id": finding.identity(device.device), **item}
        for item, finding in zip(plain["findings"], device.findings, strict=True)
    ]
    return {"judgement": device.judgement, **plain}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "devices": summary.devices,
        "failed": summary.errors,
        "judgements": {item: summary.judgements.get(item, 0) for item in Judgement},
        "findings": {
            kind: {"findings": count, "devices": summary.devices_with[kind]}
            for kind, count in sorted(summary.findings.items())
        },
    }
