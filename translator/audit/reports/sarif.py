"""SARIF 2.1.0, as code scanning reads it: rules from the kinds of findings, results with lines.

Source:
    SARIF 2.1.0 with Errata 01 (OASIS). GitHub refuses a whole file for one result without a
    physical location, tells alerts apart by `primaryLocationLineHash`, rule and path, and shows
    no more than 5,000 results of a run.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from translator.audit.kinds import KINDS, Kind
from translator.audit.model import DeviceAudit, Finding, Severity
from translator.audit.reports.heading import Heading
from translator.audit.reports.jsontext import json_text
from translator.audit.reports.words import place, spelled, told, unjudged

__all__ = ["write"]

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_MAX_RELATED: Final = 20
_NOT_JUDGED: Final = Kind(
    "not-judged",
    Severity.ERROR,
    "nothing of the configuration was judged",
    "The file could not be read, or no interface of it has a role of the plan. This is no verdict.",
    "Correct what the message names, or give roles with `--interface` or an inventory.",
)
_RULES: Final = (*KINDS.values(), _NOT_JUDGED)
_INDEX: Final = {kind.id: index for index, kind in enumerate(_RULES)}


def write(heading: Heading, devices: Iterable[DeviceAudit]) -> Iterator[str]:
    """Yield the report, one device at a time, what concerns the whole run last."""
    driver = {
        "name": "qos-translator",
        **({"version": heading.version} if heading.version else {}),
        "rules": [_rule(kind) for kind in _RULES],
    }
    yield f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{{\n'
    yield f'"tool":{{"driver":{json_text(driver)}}},\n"results":['
    separator = "\n"
    failed = False
    for device in devices:
        failed = failed or bool(device.error)
        for result in _results(device, heading):
            yield separator + json_text(result)
            separator = ",\n"
    invocation = {
        "executionSuccessful": not failed,
        **({"endTimeUtc": heading.made} if heading.made else {}),
    }
    yield f'\n],\n"invocations":[{json_text(invocation)}],\n'
    yield f'"properties":{json_text({"plan": heading.plan})},\n'
    yield '"columnKind":"unicodeCodePoints"\n}]}\n'


def _rule(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "shortDescription": {"text": _message(kind.title)},
        "fullDescription": {"text": _message(kind.meaning)},
        "help": {
            "text": _message(f"{kind.meaning} {kind.cure}"),
            "markdown": f"{kind.meaning}\n\n**Cure:** {kind.cure}",
        },
        "defaultConfiguration": {"level": kind.severity},
        "properties": {"tags": ["qos"]},
    }


def _results(device: DeviceAudit, heading: Heading) -> Iterator[dict[str, Any]]:
    reason = unjudged(device)
    if reason:
        finding = Finding(_NOT_JUDGED.id, _NOT_JUDGED.severity, reason, hint=_NOT_JUDGED.cure)
        yield _result(device, finding, heading)
    for finding in device.findings:
        yield _result(device, finding, heading)


def _result(device: DeviceAudit, finding: Finding, heading: Heading) -> dict[str, Any]:
    identity = finding.identity(device.device)
    lines = _lines(finding)
    uri = _uri(device.file, heading.root)
    text = dict(finding.excerpt)
    known = {"ruleIndex": _INDEX[finding.kind]} if finding.kind in _INDEX else {}
    main = {"physicalLocation": _physical(uri, lines[0] if lines else 1, text)}
    return {
        "ruleId": finding.kind,
        **known,
        "level": finding.severity,
        "message": {"text": _message(_sentences(device, finding))},
        "locations": [{**main, "logicalLocations": _logical(device, finding)}],
        "relatedLocations": [
            {"id": number, "physicalLocation": _physical(uri, line, text)}
            for number, line in enumerate(lines[1 : _MAX_RELATED + 1], 1)
        ],
        "partialFingerprints": {"primaryLocationLineHash": identity, "qosFinding/v1": identity},
        "properties": _properties(device, finding),
    }


def _lines(finding: Finding) -> list[int]:
    """The deciding lines, those of the finding itself first."""
    lines = (*finding.lines, *(line for item in finding.evidence for line in item.lines))
    return [line for line in dict.fromkeys(lines) if line > 0]


def _sentences(device: DeviceAudit, finding: Finding) -> str:
    parts = [f"{device.device}: {place(finding)}: {finding.message.rstrip('.')}."]
    parts += (f"{label}: {text}" for label, text in told(finding) if label[:1].isalpha())
    return "\n".join(parts)


def _physical(uri: str, line: int, text: dict[int, str]) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": line}
    if line in text:
        region["snippet"] = {"text": text[line]}
    location = {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": location, "region": region}


def _logical(device: DeviceAudit, finding: Finding) -> list[dict[str, str]]:
    if not finding.interfaces:
        return [{"name": device.device, "fullyQualifiedName": device.device}]
    return [
        {"name": name, "fullyQualifiedName": f"{device.device} {name} {finding.direction}".strip()}
        for name in finding.interfaces
    ]


def _properties(device: DeviceAudit, finding: Finding) -> dict[str, Any]:
    return {
        "device": device.device,
        "platform": device.platform,
        "interfaces": finding.interfaces,
        "direction": finding.direction,
        "class": finding.traffic_class,
        "judgement": finding.judgement or "",
        "planRows": finding.rows,
        "evidence": [
            {
                "packets": item.box,
                "packet": item.packet,
                "way": item.way,
                "wanted": item.wanted,
                "found": item.found,
            }
            for item in finding.evidence
        ],
    }


def _uri(file: str, root: str) -> str:
    """The path below the root as a relative URI; a path elsewhere as a whole one."""
    path = file
    if root:
        path = posixpath.normpath(posixpath.join(root, file))
        path = path.removeprefix(f"{root.rstrip('/')}/")
    name = quote(path.encode("utf-8", "surrogateescape"))
    return f"file://{name}" if name.startswith("/") else name


def _message(text: str) -> str:
    """The text as a SARIF message: no placeholders (3.11.5) and no links (3.11.6)."""
    text = spelled(text, keep="\n\t").replace("{", "{{").replace("}", "}}")
    if "](" not in text:
        return text
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
