"""Shapers that hold back less than a whole interface, in every command that compares queues."""

from __future__ import annotations

import pytest

from translator.audit.semdiff import Question, Text, semdiff
from translator.drivers.registry import driver
from translator.verify.compare import Verdict

QUEUES = """class-map match-any VOICE
 match dscp ef
class-map match-any VIDEO
 match dscp af41
policy-map QUEUES
 class VOICE
  priority percent 10
 class VIDEO
  bandwidth percent 20
{video} class class-default
  fair-queue
{default}policy-map LINE
 class class-default
  shape average 10000000
   service-policy QUEUES
interface GigabitEthernet0/0
 service-policy output LINE
end
"""
TRUNK = """mls qos
interface GigabitEthernet1/0/24
 srr-queue bandwidth share 10 20 30 40
{limit} mls qos trust dscp
end
"""


def queues(**shapers: str) -> str:
    return QUEUES.format(**{"video": "", "default": "", **shapers})


@pytest.mark.parametrize("place", ["video", "default"])
def test_a_shaper_inside_a_class_is_no_equality(place: str) -> None:
    reader = driver("cisco_ios")
    texts = (queues(), queues(**{place: "  shape average 256000\n"}))
    without, shaped = (Text(reader.parse(text), reader.capabilities) for text in texts)
    assert semdiff(shaped, shaped, Question(snippet=True)).verdict is Verdict.EQUAL
    found = semdiff(without, shaped, Question(snippet=True))
    assert found.verdict is Verdict.DIFFERENT
    assert [(item.what, item.in_a, item.in_b) for item in found.parameters] == [
        ("limit", "none", "256000 bit/s")
    ]


def test_a_limited_port_is_no_equality() -> None:
    reader = driver("cisco_catalyst")
    free, limited = (
        Text(reader.parse(TRUNK.format(limit=line)), reader.capabilities)
        for line in ("", " srr-queue bandwidth limit 10\n")
    )
    assert semdiff(limited, limited, Question(snippet=True)).verdict is Verdict.EQUAL
    assert [
        str(item.in_b) for item in semdiff(free, limited, Question(snippet=True)).parameters
    ] == ["10 % of the line"]
