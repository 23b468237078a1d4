"""What is remembered of other texts changes no audit: not a word, and not a line number."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping

import pytest

from benchmarks.generate import configuration
from translator.audit.audit import Auditor, Subject
from translator.audit.model import DeviceAudit
from translator.audit.numbering import Numbering
from translator.drivers.base import SharesStages
from translator.drivers.cisco.shared import Shared
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


# Put anywhere, these leave things open, in a class, a list, a policy or at an interface.
STRAY = (
    " match hypothetical",
    " 55 permit hypothetical udp any any",
    "  police hypothetical",
    " service-policy input QOS-OUT",
    " switchport voice vlan 7",
    "policy-map type hypothetical PM",
)


def damaged(seed: int) -> str:
    """A text with a few lines lost, moved or put in, among its policies and elsewhere."""
    choose = random.Random(f"2013/{seed}")
    lines = configuration(seed % 2).splitlines()
    for _ in range(choose.randrange(1, 9)):
        at = choose.choice((choose.randrange(150, 360), choose.randrange(len(lines))))
        line = lines.pop(at)
        lines.insert(*choose.choice(((at, choose.choice(STRAY)), (at // 2, line), (at, line[1:]))))
    return "\n".join(lines) + "\n"


def test_audits_do_not_hang_on_the_texts_before(monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = [Subject(f"r{seed}", "x.cfg", damaged(seed), "cisco_ios") for seed in range(40)]
    orders = subjects, list(reversed(subjects))
    found: list[list[DeviceAudit]] = []
    for order in orders:
        # As in another process, which has read nothing yet.
        monkeypatch.setattr("translator.drivers.cisco_ios.driver._SHARED", Shared())
        auditor = Auditor(load_plan("lync-2013"))
        found.append([auditor.audit(subject) for subject in order])
    for one, other in zip(found[0], reversed(found[1]), strict=True):
        assert one == other
    assert sum(bool(item.unread) for item in found[0]) > len(subjects) / 4


def test_sentences_and_lines_get_the_texts_own_numbers() -> None:
    own = Numbering({FIRST: 17, FIRST + 1: 4})
    assert own.lines((FIRST, FIRST + 1, 9)) == (4, 9, 17)
    assert own.words(f"line {FIRST + 1}, {FIRST}: shape average 1000000") == (
        "line 4, 17: shape average 1000000"
    )
