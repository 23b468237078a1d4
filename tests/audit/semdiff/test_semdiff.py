"""What changes for packets, whatever the texts look like; text diffs see less or more."""

from __future__ import annotations

import pytest
from audit.swaps import MARKING, QUEUING, swapped
from conformance.shapes import SHAPES, Accepted, interface_name, outcome
from support.corpus import corpus_files

from tests.support.values import replace
from translator.audit.semdiff import Question, SemDiff, Text, semdiff
from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.verify.compare import Verdict

AUDIO_CLASS = " class AUDIO\n  set dscp ef\n"
VIDEO_CLASS = " class VIDEO\n  set dscp af41\n"
SWAPPED = swapped(MARKING, AUDIO_CLASS, VIDEO_CLASS)
GOLD_CLASS = " class GOLD\n  bandwidth percent 30\n"
SILVER_CLASS = " class SILVER\n  bandwidth percent 10\n"
QUEUING_SWAPPED = swapped(QUEUING, GOLD_CLASS, SILVER_CLASS)


def text(config: str, platform: str = "cisco_ios") -> Text:
    found = driver(platform)
    return Text(found.parse(config), found.capabilities)


def diff(a: str, b: str, question: Question | None = None) -> SemDiff:
    return semdiff(text(a), text(b), replace(question or Question(), snippet=True))


def test_swapped_classes_change_the_packets_that_fit_both() -> None:
    found = diff(MARKING, SWAPPED)
    assert found.verdict is Verdict.DIFFERENT
    (change,) = found.changes
    assert change.place == "entering GigabitEthernet0/1"
    assert str(change.difference.box) == "IPv4 udp from any port 20020-20039 to any, no fragments"
    assert str(change.difference.packet) == "udp 0.0.0.0:20020 > 0.0.0.0:0 dscp 0"
    assert str(change.difference.wanted) == "set dscp ef, best-effort"
    assert str(change.difference.found) == "set dscp af41, best-effort"
    lines = MARKING.splitlines()
    quoted = [lines[number - 1].strip() for number in change.difference.wanted_origin.lines]
    assert "set dscp ef" in quoted
    assert "10 permit udp any range 20000 20039 any" in quoted


def test_swapped_queues_move_the_packets_that_fit_both() -> None:
    """Both classes are guaranteed a share: only whose share it is changes."""
    found = diff(QUEUING, QUEUING_SWAPPED)
    assert found.verdict is Verdict.DIFFERENT
    (move,) = found.moves
    assert str(move.boxes[0]) == "any protocol from any to any, dscp af42"
    assert (move.queue_a, move.queue_b) == ("GOLD", "SILVER")
    assert found.parameters == ()


DISJOINT = MARKING.replace("20020 20079", "20040 20079")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(DISJOINT.replace("AUDIO", "VOICE"), id="renamed classes and lists"),
        pytest.param(
            DISJOINT.replace(AUDIO_CLASS + VIDEO_CLASS, VIDEO_CLASS + AUDIO_CLASS),
            id="disjoint classes in another order",
        ),
        pytest.param(
            DISJOINT.replace(
                " 10 permit udp any range 20000 20039 any",
                " 10 permit udp any range 20000 20019 any\n"
                " 20 permit udp any range 20020 20039 any",
            ),
            id="split range",
        ),
        pytest.param(DISJOINT.replace("set dscp ef", "set dscp 46"), id="number for a name"),
        pytest.param(DISJOINT.replace(" 10 permit", " 170 permit"), id="sequence numbers"),
        pytest.param(DISJOINT.replace("policy-map MARK", "policy-map  MARK"), id="blanks"),
        pytest.param(
            DISJOINT.replace("MARK", "EDGE").replace("GigabitEthernet0/1", "Gi0/1"),
            id="renamed policy, short interface",
        ),
    ],
)
def test_what_only_looks_different_is_equal(after: str) -> None:
    assert after != DISJOINT
    found = diff(DISJOINT, after)
    assert found.verdict is Verdict.EQUAL, found
    assert found.changes == found.moves == found.parameters == ()


def test_one_port_more_is_one_port() -> None:
    (change,) = diff(DISJOINT, DISJOINT.replace("20000 20039", "19999 20039")).changes
    assert change.difference.packet.source_port == 19999
    assert "port 19999 " in str(change.difference.box)


def test_shares_shapers_and_early_drop_are_compared() -> None:
    shaped = QUEUING.replace(
        "interface",
        "policy-map SHAPE\n class class-default\n  shape average 10000000\n"
        "  service-policy OUT\n!\ninterface",
    ).replace("output OUT", "output SHAPE")
    found = diff(shaped, shaped.replace("10000000", "20000000"))
    assert [(item.what, item.in_a, item.in_b) for item in found.parameters] == [
        ("shaping rate", "10000000 bit/s", "20000000 bit/s")
    ]
    found = diff(QUEUING, QUEUING.replace("percent 10", "percent 12"))
    assert found.verdict is Verdict.DIFFERENT
    assert [(item.queue, item.in_a, item.in_b) for item in found.parameters] == [
        ("SILVER", "10 %", "12 %")
    ]
    found = diff(QUEUING, QUEUING.replace("  fair-queue", "  random-detect"))
    assert [item.what for item in found.parameters] == ["congestion avoidance"]


def test_a_policy_taken_away_is_named_with_its_packets() -> None:
    bare = MARKING.replace(" service-policy input MARK\n", "")
    found = diff(MARKING, bare)
    assert found.verdict is Verdict.DIFFERENT
    assert found.only_a == ("GigabitEthernet0/1",)
    assert all(change.place == "entering GigabitEthernet0/1" for change in found.changes)


def test_another_direction_is_a_difference() -> None:
    found = diff(MARKING, MARKING.replace("service-policy input", "service-policy output"))
    places = {change.place for change in found.changes}
    assert places == {"entering GigabitEthernet0/1", "leaving GigabitEthernet0/1"}


def test_in_and_out_narrow_the_ways() -> None:
    two = MARKING + QUEUING
    changed = SWAPPED + QUEUING
    assert diff(two, changed).verdict is Verdict.DIFFERENT
    assert diff(two, changed, Question(enter="Gi0/1")).verdict is Verdict.DIFFERENT
    assert diff(two, changed, Question(enter="Gi0/9")).verdict is Verdict.EQUAL
    leaving = Question(enter="Gi0/9", leave="Gi0/0")
    assert diff(two, MARKING + QUEUING_SWAPPED, leaving).verdict is Verdict.DIFFERENT


def _unbound(config: str) -> str:
    return "".join(line for line in config.splitlines(True) if "service-policy" not in line)


def test_snippets_are_compared_policy_by_policy() -> None:
    found = diff(_unbound(MARKING), _unbound(SWAPPED))
    assert found.verdict is Verdict.DIFFERENT
    assert [change.place for change in found.changes] == ["policy MARK"]
    found = diff(_unbound(QUEUING), _unbound(QUEUING_SWAPPED))
    assert [str(move.way) for move in found.moves] == ["policy OUT"]


def test_policies_can_be_named() -> None:
    other = MARKING.replace("MARK", "EDGE")
    assert diff(MARKING, other, Question(policies={"MARK": "EDGE"})).verdict is Verdict.EQUAL
    with pytest.raises(UsageError, match="A has no policy 'EDGE'"):
        diff(MARKING, other, Question(policies={"EDGE": "MARK"}))
    with pytest.raises(UsageError, match="no policy of the one is called like"):
        diff(_unbound(MARKING), _unbound(other))


def test_a_line_that_one_text_alone_has_and_nobody_reads_makes_it_unknown() -> None:
    odd = DISJOINT.replace(AUDIO_CLASS, AUDIO_CLASS + "  frobnicate 7\n")
    found = diff(DISJOINT, odd)
    assert found.verdict is Verdict.UNKNOWN
    assert any("frobnicate 7" in reason for reason in found.reasons)


def test_a_line_that_both_texts_have_is_the_same_wherever_it_stands() -> None:
    odd = DISJOINT.replace(AUDIO_CLASS, AUDIO_CLASS + "  frobnicate 7\n")
    found = diff(odd, "hostname r1\n" + odd)
    assert found.verdict is Verdict.EQUAL, found
    assert any("the same in both" in sentence for sentence in found.notes)


def test_a_certain_difference_beside_an_unread_line_is_certain() -> None:
    odd = SWAPPED.replace(VIDEO_CLASS, VIDEO_CLASS + "  frobnicate 7\n")
    other = DISJOINT.replace("set dscp ef", "set dscp cs5")
    found = diff(other, odd)
    assert found.verdict is Verdict.DIFFERENT
    assert all(change.difference.certain for change in found.changes)


def _rendered(platform: str, shape: str) -> Text:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    return text(case.rendered.config, platform)


def _mapping(a: str, b: str, shape: str) -> dict[str, str]:
    letters = [spec.partition("=")[0] for spec in SHAPES[shape]]
    return {interface_name(a, letter): interface_name(b, letter) for letter in letters}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("other", ["juniper_junos", "linux"])
def test_one_plan_on_two_platforms_is_equal(other: str, shape: str) -> None:
    question = Question(mapping=_mapping("cisco_ios", other, shape), snippet=True)
    found = semdiff(_rendered("cisco_ios", shape), _rendered(other, shape), question)
    # HTB shapes to the rate of the line, which the other text does not state.
    assert {item.what for item in found.parameters} <= {"shaping rate"}
    assert found.changes == found.moves == ()
    if other == "juniper_junos":
        assert found.verdict is Verdict.EQUAL, found
        assert any("fragments are left out" in sentence for sentence in found.notes)


def test_what_a_platform_does_by_itself_is_said_not_counted() -> None:
    question = Question(mapping=_mapping("cisco_ios", "juniper_junos", "branch"), snippet=True)
    found = semdiff(
        _rendered("cisco_ios", "branch"), _rendered("juniper_junos", "branch"), question
    )
    assert any("keep each platform's own default" in sentence for sentence in found.notes)


def test_interfaces_of_two_platforms_need_a_map() -> None:
    with pytest.raises(UsageError, match="no interface of the one text has a counterpart"):
        semdiff(_rendered("cisco_ios", "branch"), _rendered("juniper_junos", "branch"))


def test_an_interface_without_a_counterpart_is_a_difference() -> None:
    mapping = dict([*_mapping("cisco_ios", "juniper_junos", "branch").items()][:1])
    found = semdiff(
        _rendered("cisco_ios", "branch"),
        _rendered("juniper_junos", "branch"),
        Question(mapping=mapping, snippet=True),
    )
    assert found.verdict is Verdict.DIFFERENT
    assert found.only_a == ("GigabitEthernet0/1",)
    assert "ge-0/0/1.0" in found.only_b


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst", "juniper_junos"])
def test_a_real_text_is_equal_to_itself_a_line_lower(platform: str) -> None:
    """Whatever is not understood in it is the same on both sides."""
    paths = corpus_files(platform)
    if not paths:
        pytest.skip(f"no corpus for {platform} on this machine")
    for path in paths:
        config = path.read_bytes().decode("utf-8", "replace")
        before, after = text(config, platform), text("\n" + config, platform)
        if not (before.names or before.device.policies):
            continue
        found = semdiff(before, after, Question(snippet=True))
        assert found.verdict is Verdict.EQUAL, (path.name, found.reasons, found.parameters)


def test_a_text_that_may_be_cut_off_is_equal_only_as_a_snippet() -> None:
    whole = "version 15.2\nhostname r1\n" + MARKING
    cut = text(whole.removesuffix("end\n"))
    assert cut.device.incomplete
    assert semdiff(text(whole), text(whole)).verdict is Verdict.EQUAL
    found = semdiff(text(whole), cut)
    assert found.verdict is Verdict.UNKNOWN
    assert found.reasons == (f"B may be cut off: {cut.device.incomplete}",)
    found = semdiff(text(whole), cut, Question(snippet=True))
    assert found.verdict is Verdict.EQUAL
    assert found.notes == (f"B may be cut off: {cut.device.incomplete}",)
    changed = text(whole.replace("set dscp ef", "set dscp cs5").removesuffix("end\n"))
    assert semdiff(cut, changed).verdict is Verdict.DIFFERENT
