"""Mutants that once survived, or once were doubted, each by the words that say why it matters."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, outcome
from mutation.edits import mutant_of
from mutation.outcome import Meaning, Outcome
from mutation.rendered import Original

from translator.audit.semdiff import Question, Text, semdiff
from translator.drivers.registry import driver
from translator.verify.compare import Verdict


def judged(platform: str, shape: str, old: str, new: str) -> Outcome:
    """Return what becomes of a rendered text with some words, which it must have, replaced."""
    original = Original(platform, shape)
    assert old in original.text
    lines = original.text.replace(old, new, 1).splitlines()
    return original.outcome_of(mutant_of("by hand", lines, {}, must_matter=True))


def test_a_junos_filter_on_entry_does_not_queue_what_leaves():
    """Nobody named another interface; packets that leave came from one all the same."""
    found = judged(
        "juniper_junos", "small-office", "output QOS-INTERNET-OUT;", "input QOS-INTERNET-OUT;"
    )
    assert (found.meaning, found.verdict, found.fault) == (Meaning.DIFFERENT, "different", "")


@pytest.mark.parametrize("shape", ["access", "everything"])
def test_the_share_of_a_queue_that_no_client_fills_is_looked_at(shape):
    """Clients send no application sharing; packets that turn back at the uplink may be it."""
    case = outcome("juniper_junos", shape)
    assert isinstance(case, Accepted)
    start = case.rendered.config.index("        QOS-APP-SHARING {\n            transmit-rate")
    old = case.rendered.config[start:].partition(";")[0]
    found = judged("juniper_junos", shape, old, old.replace("percent 10", "percent 5"))
    assert (found.meaning, found.verdict, found.fault) == (Meaning.QUEUES, "different", "")


def test_packets_in_the_queue_of_another_class_are_told():
    """Both queues are guaranteed a share, but that of signalling is too small for video."""
    old = 'ip6 dscp { af41, af42, af43 } meta priority set 1:20 comment "video"'
    found = judged("linux", "transit", old, old.replace("1:20", "1:30"))
    assert (found.meaning, found.verdict, found.fault) == (Meaning.QUEUES, "different", "")


def test_two_classes_in_one_queue_need_the_share_of_both():
    case = outcome("linux", "transit")
    assert isinstance(case, Accepted)
    original = Original("linux", "transit")
    text = original.text.replace("meta priority set 1:30", "meta priority set 1:20")
    found = original.outcome_of(mutant_of("by hand", text.splitlines(), {}, must_matter=True))
    assert (found.verdict, found.fault) == ("different", "")
    for rate in ("200000kbit", "10000kbit"):
        text = text.replace(f"prio 1 rate {rate}", f"prio 1 rate {int(rate[:-4]) * 5 // 4}kbit")
    audit = original.audit(text)
    assert str(audit.judgement) == "compliant", [item.message for item in audit.findings]


def test_texts_without_interfaces_that_are_not_understood_are_not_called_equal():
    """Each rule may change a packet on any way; that nobody knows which is no equality."""
    reader = driver("linux")
    sides = []
    for point in ("af23", "af31"):
        chain = "type filter hook forward priority mangle; policy accept;"
        rule = f"ip dscp set {point} moonphase full"
        text = f"table inet t {{\n\tchain c {{\n\t\t{chain}\n\t\t{rule}\n\t}}\n}}\n"
        sides.append(Text(reader.parse(text), reader.capabilities))
    assert semdiff(*sides, Question(snippet=True)).verdict is not Verdict.EQUAL


def test_a_queue_that_only_packets_of_others_wait_in_is_compared():
    """One port is all that the text speaks of: nobody there has voice for the strict queue."""
    reader = driver("cisco_catalyst")
    port = "interface GigabitEthernet1/0/1\n srr-queue bandwidth share 10 20 17 53\n"
    strict, without = (
        Text(reader.parse(f"mls qos\n!\n{port}{line} mls qos trust dscp\n!\n"), reader.capabilities)
        for line in (" priority-queue out\n", "")
    )
    assert semdiff(strict, strict, Question(snippet=True)).verdict is Verdict.EQUAL
    found = semdiff(strict, without, Question(snippet=True))
    assert found.verdict is Verdict.DIFFERENT
    assert {item.what for item in found.parameters} & {"service", "share"}


def test_the_cap_of_a_queue_that_is_not_strict_is_compared():
    """Its share stays the same: what changes is how much more it may take."""
    case = outcome("juniper_junos", "branch")
    assert isinstance(case, Accepted)
    old = "transmit-rate percent 20;"
    capped = [
        case.rendered.config.replace(old, f"{old}\n            shaping-rate percent {cap};")
        for cap in (30, 40)
    ]
    one, other = (Text(case.driver.parse(text), case.driver.capabilities) for text in capped)
    assert semdiff(one, one, Question(snippet=True)).verdict is Verdict.EQUAL
    assert {item.what for item in semdiff(one, other, Question(snippet=True)).parameters} == {
        "limit"
    }
