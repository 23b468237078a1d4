"""Configurations as they stand in the field, most with one fault, against what a person expects.

The expectations are data beside the texts; a case that does not hold yet says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from support.yamlfile import load_yaml

from tests.support.values import replace
from translator.audit.audit import Auditor, Subject
from translator.audit.model import DeviceAudit, Finding
from translator.intents.compile import InterfaceSpec
from translator.intents.model import Role
from translator.plan.load import load_plan

FOLDER = Path(__file__).parent / "field_cases"
PLAN = load_plan("lync-2013")
SHIFTS = {"cisco_ios": "!\n", "cisco_catalyst": "!\n", "juniper_junos": "/* moved down */\n"}
"""A line of no meaning, to move a text down."""


@dataclass(frozen=True)
class Case:
    """One configuration and what is expected of its audit."""

    file: str
    platform: str
    why: str
    interfaces: dict[str, str] | None = None
    expect: dict[str, str | dict[str, str]] | None = None
    findings: dict[str, dict[str, list[str]]] | None = None
    absent: tuple[str, ...] = ()
    open: str = ""

    @property
    def text(self) -> str:
        return (FOLDER / self.file).read_text(encoding="utf-8")

    def subject(self) -> Subject:
        specs = None
        if self.interfaces is not None:
            specs = tuple(spec_of(name, role) for name, role in self.interfaces.items())
        return Subject("r1", self.file, self.text, self.platform, specs)


def spec_of(name: str, role: str) -> InterfaceSpec:
    word, _, rate = role.partition(":")
    return InterfaceSpec(name, Role(word), int(rate) if rate else None)


def all_cases() -> list[Case]:
    data = load_yaml(FOLDER / "cases.yaml")
    return [Case(**entry) for entry in data]


CASES = all_cases()


def marked(case: Case) -> object:
    marks = [pytest.mark.xfail(reason=case.open, strict=True)] if case.open else []
    return pytest.param(case, id=case.file.removesuffix(".conf"), marks=marks)


@cache
def audit_of(file: str) -> DeviceAudit:
    """The audit of a text by itself, with nothing remembered of others."""
    case = next(item for item in CASES if item.file == file)
    return Auditor(PLAN).audit(case.subject())


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_the_audit_says_what_a_person_expects(case: Case) -> None:
    audit = audit_of(case.file)
    assert wrong_judgements(case, audit) == []
    for id_, wanted in (case.findings or {}).items():
        there = [item for item in audit.findings if item.kind == id_]
        assert any(fits(item, wanted, case.text) for item in there), (id_, there)
    assert {item.kind for item in audit.findings} & set(case.absent) == set()


def wrong_judgements(case: Case, audit: DeviceAudit) -> list[str]:
    found = {
        f"{name} {placement.direction}": {item.name: item.judgement for item in placement.classes}
        for placement in audit.placements
        for name in placement.interfaces
    }
    wrong = []
    for place, wanted in (case.expect or {}).items():
        by_class = {"*": wanted} if isinstance(wanted, str) else wanted
        judged = found.get(place, {})
        wrong += [f"{place}: {name} is not judged" for name in {*by_class} - {"*", *judged}]
        for name, judgement in judged.items():
            allowed = by_class.get(name, by_class.get("*", judgement))
            if judgement not in allowed.split("|"):
                wrong.append(f"{place}: {name} is {judgement}, not {allowed}")
        if not judged:
            wrong.append(f"{place} is not judged")
    return wrong


def fits(item: Finding, wanted: dict[str, list[str]], text: str) -> bool:
    """Whether a finding is on the interfaces, and names lines, that are expected."""
    if sorted(wanted.get("interfaces", item.interfaces)) != sorted(item.interfaces):
        return False
    lines = text.splitlines()
    named = [lines[number - 1].strip() for number in item.lines]
    return all(part in named for part in wanted.get("lines", ()))


def test_a_text_is_judged_alike_alone_and_among_others() -> None:
    together = Auditor(PLAN)
    for case in CASES:
        assert together.audit(case.subject()) == audit_of(case.file), case.file


@pytest.mark.parametrize("lines", [1, 7])
def test_findings_move_with_the_text_though_texts_share_their_policies(lines: int) -> None:
    together = Auditor(PLAN)
    for case in CASES:
        if case.platform not in SHIFTS or "set-form" in case.file:
            continue
        subject = case.subject()
        together.audit(subject)
        moved = together.audit(replace(subject, text=SHIFTS[case.platform] * lines + subject.text))
        assert places(moved, lines) == places(audit_of(case.file), 0), case.file


def places(audit: DeviceAudit, down: int) -> list[object]:
    """The findings with the lines that they name, as if the text began that much higher."""
    return [
        (
            item.kind,
            item.interfaces,
            item.direction,
            item.traffic_class,
            [number - down for number in item.lines],
            [[number - down for number in part.lines] for part in item.evidence],
            [(number - down, text) for number, text in item.excerpt],
        )
        for item in audit.findings
    ]


def test_excerpts_are_lines_of_the_text() -> None:
    for case in CASES:
        lines = case.text.splitlines()
        for item in audit_of(case.file).findings:
            for number, text in item.excerpt:
                assert lines[number - 1].rstrip() == text.rstrip(), (case.file, item.kind)
