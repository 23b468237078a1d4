"""What is remembered of other texts changes no audit: not a word, and not a line number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from benchmarks.generate import configuration
from translator.audit.audit import Auditor, Subject
from translator.audit.model import DeviceAudit
from translator.audit.numbering import Numbering
from translator.drivers.base import SharesStages
from translator.drivers.registry import driver
from translator.intents.device import SHARED_NUMBERS, DeviceQos
from translator.plan import load_plan

FIRST = SHARED_NUMBERS
TEXTS = {f"r{index}": configuration(index) for index in (0, 1, 9)}
# Lines that are not understood, and a list that is missing, on other lines in each text.
TEXTS["odd"] = TEXTS["r0"].replace("  priority percent", "  prioritize percent", 1)
TEXTS["odd2"] = "!\n!\n" + TEXTS["r1"].replace("  priority percent", "  prioritize percent", 1)
# What a class matches hangs on two such lines, and on a binding that no device takes.
HANGING = re.sub(
    r"(?<=\n permit )udp(?= any range 200\d\d)", "hypothetical udp", TEXTS["r0"], count=2
)
TEXTS["hang"] = HANGING
TEXTS["hang2"] = "!\n" + HANGING.replace("service-policy output", "service-policy input")
TEXTS["lost"] = TEXTS["r1"].replace("ip access-list extended QOS-", "ip access-list extended NO-")
TEXTS["cut"] = TEXTS["r1"][:40_000]


def audits(auditors: Iterator[Auditor]) -> dict[str, DeviceAudit]:
    return {
        name: auditor.audit(Subject(name, f"{name}.cfg", text, "cisco_ios"))
        for (name, text), auditor in zip(TEXTS.items(), auditors, strict=False)
    }


def fresh_auditors() -> Iterator[Auditor]:
    while True:
        yield Auditor(load_plan("lync-2013"))


def one_auditor() -> Iterator[Auditor]:
    auditor = Auditor(load_plan("lync-2013"))
    while True:
        yield auditor


def test_audits_are_the_same_with_and_without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    ios = driver("cisco_ios")
    assert isinstance(ios, SharesStages)
    remembering = audits(one_auditor())

    def unshared(
        self: object, text: str, *, file: str = "<config>"
    ) -> tuple[DeviceQos, Mapping[int, int]]:
        return ios.parse(text, file=file), {}

    monkeypatch.setattr(type(ios), "parse_shared", unshared)
    forgetful = audits(fresh_auditors())
    for name in TEXTS:
        assert remembering[name] == forgetful[name]
        assert re.search(r"\b1\d{15}\b", repr(remembering[name])) is None
    assert any(item.findings for item in forgetful.values())
    assert forgetful["odd"].unread


def test_sentences_and_lines_get_the_texts_own_numbers() -> None:
    own = Numbering({FIRST: 17, FIRST + 1: 4})
    assert own.lines((FIRST, FIRST + 1, 9)) == (4, 9, 17)
    assert own.words(f"line {FIRST + 1}, {FIRST}: shape average 1000000") == (
        "line 4, 17: shape average 1000000"
    )
