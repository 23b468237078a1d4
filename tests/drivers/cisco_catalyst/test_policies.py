"""Input policies: classes, their one list, marking, trust, policers, and what takes the rest."""

from __future__ import annotations

import pytest
from drivers.cisco_catalyst.wanted import CATALYST

from translator.intents.device import DeviceQos
from translator.verify import Explanation, Packet, explain

PORT = "GigabitEthernet1/0/7"
VOICE = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 8"
VIDEO = "udp 10.1.1.10:20050 > 10.2.2.2:50000 dscp 8"
OTHER = "tcp 10.1.1.10:1024 > 10.2.2.2:80 dscp 8"

LISTS = """\
mls qos
ip access-list extended VOICE-LIST
 deny   udp host 10.1.1.99 any
 permit udp any range 20000 20039 any
ip access-list extended VIDEO-LIST
 permit udp any range 20040 20079 any
ip access-list extended ALL
 permit ip any any
class-map match-all VOICE
 match access-group name VOICE-LIST
class-map match-all VIDEO
 match access-group name VIDEO-LIST
class-map match-all ALL
 match access-group name ALL
class-map match-all MARKED
 match ip dscp cs1  ef
"""


def device(classes: str, port: str = "", head: str = "") -> DeviceQos:
    """A switch whose policy P has these classes and is attached to one port."""
    return CATALYST.parse(
        f"{head}{LISTS}policy-map P\n{classes}interface {PORT}\n{port} service-policy input P\n"
    )


def entering(classes: str, packet: str, port: str = "", head: str = "") -> Explanation:
    return explain(device(classes, port, head), Packet.of(packet), in_interface=PORT)


@pytest.mark.parametrize("line", ["set dscp ef", "set ip dscp ef", "set dscp 46"])
def test_a_class_writes_its_code_point(line: str) -> None:
    found = entering(f" class VOICE\n  {line}\n", VOICE)
    assert (found.verdict, found.dscp_out, found.class_name) == ("known", 46, "VOICE")
    assert {4, 18, 19} <= set(found.lines)


def test_what_no_class_takes_is_set_to_zero() -> None:
    found = entering(" class VOICE\n  set dscp ef\n", OTHER)
    assert (found.verdict, found.dscp_out, found.class_name) == ("known", 0, "class-default")


def test_a_class_without_an_action_sets_zero_too() -> None:
    assert entering(" class VOICE\n class VIDEO\n  set dscp af41\n", VOICE).dscp_out == 0


def test_a_class_that_trusts_keeps_the_code_point() -> None:
    found = entering(" class ALL\n  trust dscp\n", OTHER)
    assert (found.verdict, found.dscp_out) == ("known", 8)


def test_the_first_class_wins_and_class_default_is_always_last() -> None:
    classes = (
        " class class-default\n  set dscp cs2\n class ALL\n  trust\n class VOICE\n  set dscp ef\n"
    )
    assert entering(classes, VOICE).dscp_out == 8


def test_a_policy_written_in_two_pieces_is_one() -> None:
    classes = " class VOICE\n  set dscp ef\npolicy-map P\n class VIDEO\n  set dscp af41\n"
    assert [entering(classes, packet).dscp_out for packet in (VOICE, VIDEO)] == [46, 34]
    found = device(classes)
    assert any("written twice" in note for note in found.notes)
    policy = found.policy("P")
    assert policy is not None
    assert policy.lines == tuple(range(17, 23))


def test_a_class_that_is_opened_anew_keeps_its_place_and_the_last_line_counts() -> None:
    classes = " class VOICE\n  set dscp ef\n class ALL\n  trust\n class VOICE\n  set dscp cs5\n"
    assert entering(classes, VOICE).dscp_out == 40


@pytest.mark.parametrize(
    ("classes", "code_point"),
    [
        (" class VOICE\n  set dscp ef\n class VIDEO\n no class VOICE\n", 0),
        (" class VOICE\n  set dscp ef\n no class VOICE\n class VOICE\n  set dscp cs5\n", 40),
        (" class VOICE\n  no set dscp cs5\n  set dscp ef\n", 46),
        (" class VOICE\n  set dscp ef\n  no set ip dscp 46\n  trust\n", 8),
        (" class VOICE\n  trust dscp\n  no trust\n", 0),
        (" class VOICE\n  police 8000 8000\n  no police 8000 8000\n  set dscp ef\n", 46),
    ],
)
def test_what_is_taken_back_no_longer_acts(classes: str, code_point: int) -> None:
    found = entering(classes, VOICE)
    assert (found.verdict, found.dscp_out, found.policed_bps) == ("known", code_point, None)


@pytest.mark.parametrize(
    "line", ["  no set dscp cs5", "  no trust frob", "  no no set dscp ef", "  no priority"]
)
def test_taking_back_what_is_not_there_makes_the_class_unknown(line: str) -> None:
    found = device(f" class VOICE\n  set dscp ef\n{line}\n class VIDEO\n  set dscp af41\n")
    assert [item.text for item in found.unread] == [line.strip()]
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"
    assert explain(found, Packet.of(VIDEO), PORT).verdict == "known"


@pytest.mark.parametrize(
    "line",
    [" no class VIDEO", " no class voice", " no class class-default", "  no set dscp ef"],
)
def test_a_line_that_means_no_class_of_the_policy_makes_all_of_it_unknown(line: str) -> None:
    """Names of classes are case-sensitive, and an action stands in a class."""
    found = device(f" class VOICE\n  set dscp ef\n class ALL\n no class ALL\n{line}\n")
    assert line.strip() in [item.text for item in found.unread]
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"
    assert explain(found, Packet.of(OTHER), PORT).verdict == "unknown"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("mls qos aggregate-policer POOL 2000000 16000 exceed-action drop", "known"),
        ("mls qos aggregate-policer POOL 3000000 16000 exceed-action drop", "unknown"),
        ("no mls qos aggregate-policer POOL", "unknown"),
        ("no mls qos aggregate-policer OTHER", "known"),
    ],
)
def test_an_aggregate_policer_is_what_its_last_line_says(line: str, verdict: str) -> None:
    head = f"mls qos aggregate-policer POOL 2000000 16000 exceed-action drop\n{line}\n"
    classes = " class VOICE\n  police aggregate POOL\n class VIDEO\n  set dscp af41\n"
    assert entering(classes, VOICE, head=head).verdict == verdict
    assert entering(classes, VIDEO, head=head).verdict == "known"


def test_a_policy_that_is_removed_is_unknown_where_it_is_written_above() -> None:
    classes = " class VOICE\n  set dscp ef\n"
    assert entering(f"{classes}no policy-map P\n", VOICE).verdict == "unknown"
    assert entering(f"{classes}no policy-map Q\n", VOICE).verdict == "known"
    assert entering(classes, VOICE, head="no policy-map P\n").verdict == "known"


def test_a_list_that_is_removed_and_written_anew_has_its_new_entries_alone() -> None:
    entry = "ip access-list extended VOICE-LIST\n permit udp any range 20040 20079 any\n"
    classes = " class VOICE\n  set dscp ef\n"
    head = f"{LISTS}no ip access-list extended VOICE-LIST\n{entry}policy-map P\n{classes}"
    device = CATALYST.parse(f"{head}interface {PORT}\n service-policy input P\n")
    found = [explain(device, Packet.of(packet), PORT) for packet in (VOICE, VIDEO)]
    assert [(item.verdict, item.dscp_out) for item in found] == [("known", 0), ("known", 46)]


@pytest.mark.parametrize("line", ["no class-map VOICE", "no class-map match-all VOICE"])
def test_a_class_that_a_line_may_have_removed_is_unknown(line: str) -> None:
    classes = " class VIDEO\n  set dscp af41\n class VOICE\n  set dscp ef\n"
    found = device(f"{classes}{line}\n")
    assert [item.text for item in found.unread] == [line]
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"
    assert explain(found, Packet.of(VIDEO), PORT).verdict == "known"


def test_an_attached_policy_that_a_line_may_have_removed_is_unknown() -> None:
    text = f"{LISTS}policy-map P\n class VOICE\n  set dscp ef\ninterface {PORT}\n"
    found = CATALYST.parse(f"{text} service-policy input P\nno policy-map P\n")
    assert [item.text for item in found.unread] == ["no policy-map P"]
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"


def test_a_second_policer_makes_its_class_unknown() -> None:
    policers = "  police 64000 8000\n  police 64000 8000\n"
    assert entering(f" class VOICE\n{policers}", VOICE).policed_bps == 64_000
    assert entering(f" class VOICE\n{policers}  police 64000 9000\n", VOICE).verdict == "unknown"


def test_a_deny_entry_skips_the_list_not_the_policy() -> None:
    spared = "udp 10.1.1.99:20001 > 10.2.2.2:50000 dscp 8"
    assert entering(" class VOICE\n  set dscp ef\n class ALL\n  trust dscp\n", spared).dscp_out == 8


def test_several_code_points_on_one_line_are_alternatives() -> None:
    classes = " class MARKED\n  set dscp af11\n"
    assert entering(classes, OTHER).dscp_out == 10
    assert entering(classes, OTHER.replace("dscp 8", "dscp 46")).dscp_out == 10


def test_trusted_precedence_in_a_class() -> None:
    found = entering(" class ALL\n  trust ip-precedence\n", OTHER.replace("dscp 8", "dscp 46"))
    assert found.dscp_out == 40


def test_trusted_cos_in_a_class_hangs_on_the_frame() -> None:
    assert entering(" class ALL\n  trust cos\n", OTHER).verdict == "unknown"


@pytest.mark.parametrize(
    ("police", "rate_bps"),
    [
        ("police 128000 8000 exceed-action drop", 128_000),
        ("police 320000 9000 exceed-action policed-dscp-transmit", 320_000),
        ("police 96000 8000", 96_000),
        ("police aggregate POOL", 2_000_000),
    ],
)
def test_a_policer_is_part_of_the_treatment(police: str, rate_bps: int) -> None:
    head = "mls qos aggregate-policer POOL 2000000 16000 exceed-action drop\n"
    found = entering(f" class VOICE\n  set dscp ef\n  {police}\n", VOICE, head=head)
    assert (found.verdict, found.dscp_out, found.policed_bps) == ("known", 46, rate_bps)


@pytest.mark.parametrize(
    "line",
    [
        "police cir percent 10",
        "police aggregate NOWHERE",
        "set precedence 5",
        "set cos 5",
        "bandwidth percent 10",
        "priority",
        "trust dscp",
    ],
)
def test_an_action_that_is_not_read_makes_its_class_unknown(line: str) -> None:
    classes = f" class VOICE\n  set dscp ef\n  {line}\n class VIDEO\n  set dscp af41\n"
    found = device(classes)
    assert [item.text for item in found.unread] == [line]
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"
    assert explain(found, Packet.of(VIDEO), PORT).verdict == "known"


@pytest.mark.parametrize("line", ["mls qos trust dscp", "mls qos trust device cisco-phone"])
def test_trust_beside_a_policy_is_ambiguous(line: str) -> None:
    """The one entered last holds on a switch, and a configuration does not show which."""
    found = entering(" class VOICE\n  set dscp ef\n", VOICE, port=f" {line}\n")
    assert found.verdict == "unknown"
    assert any("trust and an input policy" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("line", "verdict", "code_point"),
    [
        ("no service-policy input P", "known", 0),
        ("service-policy input P", "known", 46),
        ("no service-policy input Q", "unknown", 46),
        ("no service-policy input", "unknown", 46),
        ("service-policy input Q", "unknown", 46),
    ],
)
def test_a_policy_is_taken_away_by_its_name(line: str, verdict: str, code_point: int) -> None:
    head = f"{LISTS}policy-map P\n class VOICE\n  set dscp ef\n"
    text = f"{head}interface {PORT}\n service-policy input P\n {line}\n"
    found = explain(CATALYST.parse(text), Packet.of(VOICE), PORT)
    assert (found.verdict, found.dscp_out) == (verdict, code_point)


def test_an_output_policy_is_no_line_of_these_switches() -> None:
    text = f"{LISTS}policy-map P\n class VOICE\ninterface {PORT}\n service-policy output P\n"
    found = CATALYST.parse(text)
    assert [item.text for item in found.unread] == ["service-policy output P"]


def test_fragments_are_not_matched_and_their_fate_is_not_known() -> None:
    found = entering(" class VOICE\n  set dscp ef\n", "udp 10.1.1.1 > 10.2.2.2 dscp 0 fragment")
    assert found.verdict == "unknown"


def test_what_a_policy_does_with_ipv6_is_not_known() -> None:
    packet = "udp [2001:db8::1]:20001 > [2001:db8::2]:50000 dscp 46"
    assert entering(" class MARKED\n  set dscp af11\n", packet).verdict == "unknown"


@pytest.mark.parametrize(
    "missing", ["class-map match-all VOICE\n match access-group name GONE\n", ""]
)
def test_a_missing_definition_makes_the_class_unknown(missing: str) -> None:
    text = f"mls qos\n{missing}policy-map P\n class VOICE\n  set dscp ef\n"
    found = explain(CATALYST.parse(text), Packet.of(VOICE), policy="P")
    assert found.verdict == "unknown"


def test_a_policy_that_is_not_in_the_text_makes_its_port_unknown() -> None:
    found = CATALYST.parse(f"mls qos\ninterface {PORT}\n service-policy input GONE\n")
    assert explain(found, Packet.of(VOICE), PORT).verdict == "unknown"


def test_two_match_lines_are_worth_a_note() -> None:
    text = "class-map match-all TWO\n match ip dscp ef\n match access-group 101\n"
    assert any("more than one match line" in note for note in CATALYST.parse(text).notes)


def test_a_policy_says_where_it_is_bound() -> None:
    policy = device(" class VOICE\n  set dscp ef\n").policy("P")
    assert policy is not None
    assert policy.bound == ((PORT, "in"),)
