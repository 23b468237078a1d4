"""JUnit XML: a test suite per device, a test per class of a placement.

A test passes only for `compliant`. `different`, `missing` and `extra` are failures; `unknown` is an
error, since a skipped test looks like a good one. A finding that no class accounts for is a test
of its own; a mere note is told in the suite's output. So all tests pass exactly where the exit
code of `audit` is 0.

Source:
    The order and the required attributes are those of the schema for Ant's JUnit task
    (windyroad/JUnit-Schema), which also satisfies Jenkins' xUnit plugin (junit-10.xsd). There the
    time is required; it is left out when none was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Finding,
    Judgement,
    Placement,
    Severity,
)
from translator.audit.reports.heading import Heading
from translator.audit.reports.words import place, placement_name, spelled, told, unjudged

__all__ = ["write"]

_MAX_FINDINGS: Final = 3


@dataclass(frozen=True, slots=True)
class _Test:
    """One test; `judgement` decides how it ended, `text` says why."""

    name: str
    judgement: Judgement
    message: str = ""
    text: str = ""

    @property
    def element(self) -> str:
        """The element that tells how the test ended, "" where it passed."""
        if self.judgement is Judgement.COMPLIANT:
            return ""
        return "error" if self.judgement is Judgement.UNKNOWN else "failure"


def write(heading: Heading, devices: Iterable[DeviceAudit]) -> Iterator[str]:
    """Yield the report, one suite at a time."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    taken: dict[str, int] = {}
    for number, device in enumerate(devices):
        # Two files may hold the same host name; readers drop the second test of a name.
        name = _unique(spelled(device.device).strip() or "unnamed", taken)
        yield _suite(number, name, device, heading)
    yield "</testsuites>\n"


def _suite(number: int, name: str, device: DeviceAudit, heading: Heading) -> str:
    tests, rest = _tests(device)
    ended = [test.element for test in tests]
    attributes = {
        "name": name,
        "package": "qos-audit",
        "id": str(number),
        "hostname": name,
        **({"timestamp": heading.made.removesuffix("Z")} if heading.made else {}),
        "tests": str(len(tests)),
        "failures": str(ended.count("failure")),
        "errors": str(ended.count("error")),
        "skipped": "0",
        "time": "0",
    }
    lines = [f" <testsuite{_attributes(attributes)}>", "  <properties>"]
    for key, value in _properties(device, heading):
        lines.append(f"   <property{_attributes({'name': key, 'value': value})}/>")
    lines.append("  </properties>")
    taken: dict[str, int] = {}
    lines += (_element(test, name, taken) for test in tests)
    output = "\n".join((*(_finding_text(item) for item in rest), *device.notes))
    lines += (f"  <system-out>{_text(output)}</system-out>", "  <system-err></system-err>")
    return "\n".join((*lines, " </testsuite>\n"))


def _properties(device: DeviceAudit, heading: Heading) -> Iterator[tuple[str, str]]:
    yield "file", device.file
    yield "platform", device.platform
    yield "plan", device.plan or heading.plan
    yield "judgement", device.judgement
    if heading.version:
        yield "qos-translator", heading.version


def _tests(device: DeviceAudit) -> tuple[list[_Test], list[Finding]]:
    """The tests of a device, and the findings that only its output tells."""
    tests: list[_Test] = []
    accounted: set[int] = set()
    reason = unjudged(device)
    if reason:
        tests.append(_Test("configuration", Judgement.UNKNOWN, reason, reason))
    for placement in device.placements:
        for item in placement.classes:
            numbers = _concerning(device.findings, placement, item)
            accounted.update(numbers)
            findings = [device.findings[number] for number in numbers]
            tests.append(_class_test(placement, item, findings))
    left = [item for number, item in enumerate(device.findings) if number not in accounted]
    rest = []
    for finding in left:
        if finding.severity is Severity.NOTE:
            rest.append(finding)
        else:
            tests.append(_finding_test(finding))
    return tests, rest


def _finding_test(finding: Finding) -> _Test:
    judgement = finding.judgement
    if judgement in (None, Judgement.COMPLIANT):
        judgement = Judgement.DIFFERENT
    name = f"{place(finding)}: {finding.kind}"
    return _Test(name, judgement, finding.message, _finding_text(finding))


def _concerning(
    findings: Iterable[Finding], placement: Placement, item: ClassAudit
) -> tuple[int, ...]:
    """The numbers of the findings that explain a judgement on a class."""
    if item.judgement is Judgement.COMPLIANT:
        return ()
    return tuple(
        number
        for number, finding in enumerate(findings)
        if finding.direction in (placement.direction, Direction.BOTH)
        and (not finding.interfaces or {*finding.interfaces} & {*placement.interfaces})
        and (
            finding.traffic_class == item.name
            or (not finding.traffic_class and finding.judgement is item.judgement)
        )
    )


def _class_test(placement: Placement, item: ClassAudit, findings: list[Finding]) -> _Test:
    name = f"{placement_name(placement)}: {item.name}"
    if item.judgement is Judgement.COMPLIANT:
        return _Test(name, item.judgement)
    message = item.reason or (findings[0].message if findings else item.judgement)
    parts = [f"role {placement.role}, policy {placement.policy or 'none'}: {message}"]
    parts += (_finding_text(finding) for finding in findings[:_MAX_FINDINGS])
    if len(findings) > _MAX_FINDINGS:
        parts.append(f"and {len(findings) - _MAX_FINDINGS} more findings")
    return _Test(name, item.judgement, message, "\n\n".join(parts))


def _finding_text(finding: Finding) -> str:
    lines = [f"{finding.severity} {finding.kind}: {place(finding)}: {finding.message}"]
    lines += (f"  {label:<8} {text}" for label, text in told(finding))
    return "\n".join(lines)


def _element(test: _Test, suite: str, taken: dict[str, int]) -> str:
    name = _unique(spelled(test.name), taken)
    start = f"  <testcase{_attributes({'name': name, 'classname': suite, 'time': '0'})}"
    if not test.element:
        return f"{start}/>"
    told_as = _attributes({"message": test.message, "type": test.judgement})
    return (
        f"{start}>\n   <{test.element}{told_as}>{_text(test.text)}</{test.element}>\n  </testcase>"
    )


def _unique(name: str, taken: dict[str, int]) -> str:
    """The name, with a number where it was taken before; `taken` counts the uses of each."""
    number = taken.get(name, 0) + 1
    free = name if number == 1 else f"{name} ({number})"
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    taken[name] = number
    taken.setdefault(free, 1)
    return free


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {key}={quoteattr(spelled(value))}" for key, value in values.items())


def _text(text: str) -> str:
    # XML 1.0 has no form at all for most control characters, so they are spelled in words of ours.
    return escape(spelled(text, keep="\n\t"))
