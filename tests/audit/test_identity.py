"""The id of a finding: the same as long as the fault is, whatever stands above it in the text."""

from __future__ import annotations

import pytest

from tests.support.values import replace
from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.model import Evidence, Finding, Severity
from translator.intents.compile import InterfaceSpec
from translator.plan.load import load_plan

TEXT = """\
hostname r1
ip access-list extended AUDIO
 permit udp any range 20000 20039 any
class-map match-all AUDIO
 match access-group name AUDIO
policy-map MARK
 class AUDIO
  set dscp ef
  frobnicate 7
interface GigabitEthernet0/1
 service-policy input MARK
"""


def ids(text: str) -> list[str]:
    specs = (InterfaceSpec.of("GigabitEthernet0/1=client"),)
    auditor = Auditor(load_plan("lync-2013"), Settings(snippet=True))
    found = auditor.audit(Subject("r1", "r1.conf", text, "cisco_ios", specs)).findings
    assert "treatment-unknown" in {item.kind for item in found}
    return [item.identity("r1") for item in found]


def test_lines_above_change_no_id():
    assert ids(TEXT) == ids("!\nip cef\n!\n" + TEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("line 12 was not understood: x 7", "line 14 was not understood: x 7"),
        ("lines 3-7, 12 are x", "lines 4-8, 13 are x"),
        ("it hangs on line 3 and 4", "it hangs on line 13 and 14"),
    ],
)
def test_numbers_of_lines_play_no_part(one, other):
    finding = Finding("k", Severity.NOTE, one)
    assert finding.identity("d") == replace(finding, message=other).identity("d")
    found = [
        replace(finding, evidence=(Evidence("box", "packet", "way", "keep", text),))
        for text in (one, other)
    ]
    assert found[0].identity("d") == found[1].identity("d")


def test_other_numbers_do():
    finding = Finding("k", Severity.NOTE, "share 12 %")
    assert finding.identity("d") != replace(finding, message="share 14 %").identity("d")
