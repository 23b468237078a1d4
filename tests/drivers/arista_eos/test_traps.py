"""Where EOS differs from what its text looks like to somebody who knows IOS."""

from __future__ import annotations

import pytest
from drivers.arista_eos.texts import AUDIO, EOS, SWITCH, parsed, put, seen

OTHER = "udp 10.1.1.10:40000 > 10.2.2.2:50000 dscp 0"


def out(text: str, packet: str = AUDIO, **places: str | None) -> tuple[str, int | None, str | None]:
    """Verdict, code point and service."""
    found = seen(text, packet, **places)
    dscp = None if found.dscp_out is None else int(found.dscp_out)
    return found.verdict, dscp, None if found.service is None else found.service.value


def test_the_switch_itself_is_understood():
    device = parsed(SWITCH)
    assert (device.unread, device.incomplete) == ((), "")
    assert device.qos_lines == device.understood
    assert out(SWITCH) == ("known", 46, "priority")
    assert out(SWITCH, OTHER) == ("known", 0, "guaranteed")


def test_what_a_list_denies_is_disregarded():
    """To somebody who knows IOS port 20001 is carved out of the class."""
    denying = put("   10 permit", "   5 deny udp any eq 20001 any\n   10 permit")
    assert out(denying) == ("known", 46, "priority")
    assert "denies" in " ".join(parsed(denying).notes)
    last = put(
        "any range 20000 20039 any\n", "any range 20000 20039 any\n   4294967295 deny ip any any\n"
    )
    assert out(last) == ("known", 46, "priority")
    only = put("10 permit udp", "10 deny udp")
    assert out(only)[0] == "unknown"


def test_a_second_match_replaces_the_first_or_not():
    two = put("access-group AUDIO\n", "access-group AUDIO\n   match vlan 10\n")
    assert out(two)[0] == out(two, OTHER)[0] == "unknown"
    none = put("   match ip access-group AUDIO\n", "")
    assert out(none)[0] == "unknown"


@pytest.mark.parametrize("word", ["type qos ", "type quality-of-service ", ""])
def test_releases_spell_policies_in_their_ways(word: str):
    text = put("policy-map type quality-of-service ", f"policy-map {word}")
    text = put("service-policy type qos input", "service-policy input", text)
    text = put("class-map type qos match-any", "class-map match-any", text)
    assert out(text) == ("known", 46, "priority")


def test_policies_of_other_types_are_none_of_qos():
    text = put("interface Ethernet1\n", "interface Ethernet1\n   service-policy type pbr input R\n")
    text = put(
        "policy-map type quality",
        "policy-map type pbr IN\n   10 class X\n!\npolicy-map type quality",
        text,
    )
    assert out(text) == ("known", 46, "priority")
    assert len(parsed(text).qos_lines) == len(parsed(SWITCH).qos_lines)


DEFAULT = "   !\n   class class-default\n      set {}\n"


def test_class_default_need_not_take_ip():
    """The manual says that it does not; what it is told to do is then a question."""
    told = put(
        "      set traffic-class 5\n", "      set traffic-class 5\n" + DEFAULT.format("dscp 0")
    )
    assert out(told) == ("known", 46, "priority")
    marked = OTHER.replace("dscp 0", "dscp af41")
    assert out(told, marked, leave=None)[0] == "unknown"
    silent = put(
        "      set traffic-class 5\n", "      set traffic-class 5\n   class class-default\n"
    )
    assert out(silent, marked, leave=None)[:2] == ("known", 34)


def test_a_mark_without_a_class_waits_where_the_old_mark_did():
    text = put("      set traffic-class 5\n", "")
    assert out(text) == ("known", 46, "guaranteed")


def test_lists_of_both_ip_versions_have_names_of_their_own():
    text = put("!\nclass-map", "!\nipv6 access-list AUDIO\n   10 permit tcp any any\n!\nclass-map")
    assert out(text) == ("known", 46, "priority")
    six = put("match ip access-group", "match ipv6 access-group")
    assert out(six)[0] == "unknown", "there is no such list"


@pytest.mark.parametrize(
    "line",
    ["traffic-policy input P", "service-profile GONE", "qos map dscp to traffic-class mine",
     "qos trust everything", "service-policy type qos input GONE", "profile GONE"],
)  # fmt: skip
def test_what_is_not_understood_is_unknown(line: str):
    text = put(
        "interface Ethernet1\n   service-policy type qos input IN\n",
        f"interface Ethernet1\n   {line}\n",
    )
    assert out(text)[0] == "unknown"


def test_a_global_line_that_is_not_understood_makes_every_port_unknown():
    text = put("qos map dscp 46 to traffic-class 5\n", "qos map dscp 46 to whatever 5\n")
    assert out(text)[0] == "unknown"
    assert [item.text for item in parsed(text).unread] == ["qos map dscp 46 to whatever 5"]


def test_a_line_that_is_not_known_in_a_class_is_unclear():
    text = put("      set dscp ef\n", "      set dscp ef\n      set nexthop 10.0.0.1\n")
    assert out(text)[0] == "unknown"
    assert out(text, OTHER) == ("known", 0, "guaranteed")


@pytest.mark.parametrize("line", ["", "   default qos trust\n", "   qos trust cos\n"])
def test_without_trust_in_the_code_point_the_queue_is_not_known(line: str):
    text = put("input IN\n   qos trust dscp\n", f"input IN\n{line}")
    assert out(text) == ("known", 46, "priority"), "the policy says it"
    verdict, dscp, _ = out(text, OTHER)
    assert (verdict, dscp) == ("unknown", 0) or line.startswith("   qos")
    assert out(text, OTHER, leave=None)[:2] == ("known", 0)


def test_an_untrusted_port_has_a_class_of_its_own():
    text = put("input IN\n   qos trust dscp\n", "input IN\n   no qos trust\n")
    ef = OTHER.replace("dscp 0", "dscp ef")
    assert out(text, ef) == ("known", 46, "guaranteed")
    two = put("   no qos trust\n", "   no qos trust\n   qos dscp 46\n", text)
    assert out(two, ef)[0] == "unknown", "its CoS and its DSCP disagree"


def test_rewriting_follows_the_traffic_class():
    on = put(
        "qos map dscp 46", "qos rewrite dscp\nqos map traffic-class 1 to dscp 8\nqos map dscp 46"
    )
    assert out(on, OTHER) == ("known", 8, "guaranteed")
    assert out(on, leave=None)[:2] == ("known", 46), "it is done where packets leave"
    assert out(on)[0] == "unknown", "whether a mark of a policy is rewritten is not known"
    assert out(on, OTHER.replace("dscp 0", "dscp ef"))[0] == "unknown", "class 5 has no line"
    off = put("qos rewrite dscp", "no qos rewrite dscp", on)
    assert out(off, OTHER) == ("known", 0, "guaranteed")


def test_a_strict_queue_below_a_round_robin_one_is_not_known():
    text = put("   tx-queue 5\n", "   tx-queue 6\n      no priority\n   !\n   tx-queue 5\n")
    assert out(text)[0] == "unknown"


def test_what_equals_a_default_is_not_printed():
    """Code point 46 has class 5 by default, and a queue is strict unless it is told otherwise."""
    hidden = put("qos map dscp 46 to traffic-class 5\n!\n", "")
    assert out(hidden) == out(SWITCH)
    told = put("      shape rate 20 percent", "      priority strict\n      shape rate 20 percent")
    assert out(told) == out(SWITCH)


def test_shares_are_those_of_the_line_where_strict_queues_are_held():
    (queuing,) = (x.queuing for x in parsed(SWITCH).interfaces if x.name == "Ethernet2")
    assert queuing is not None
    by_name = {item.name: item for item in queuing.classes}
    assert by_name["queue-5"].limit_percent == 20
    assert (by_name["queue-0"].percent, by_name["queue-1"].percent) == (None, None)
    assert by_name["queue-0"].remaining_percent == 37.5, "queues 2 to 4, 6 and 7 are not held"
    mapped = put(
        "46 to traffic-class 5",
        "46 to traffic-class 5\nqos map dscp 16-45 47-63 to traffic-class 0",
    )
    (held,) = (x.queuing for x in parsed(mapped).interfaces if x.name == "Ethernet2")
    assert held is not None
    assert [item.percent for item in held.classes if item.name != "queue-5"] == [50, 30]


PROFILE = "qos profile P\n   qos trust dscp\n   service-policy type qos input IN\n!\n"


def test_a_profile_says_what_its_port_does_not():
    text = put("interface Ethernet1\n   service-policy type qos input IN\n   qos trust dscp\n",
               PROFILE + "interface Ethernet1\n   service-profile P\n")  # fmt: skip
    assert out(text) == ("known", 46, "priority")
    own = put("policy-map type", "policy-map type quality-of-service OWN\n!\npolicy-map type")
    own = put("interface Ethernet1\n   service-policy type qos input IN\n",
              PROFILE + "interface Ethernet1\n   service-policy type qos input OWN\n"
              "   service-profile P\n", own)  # fmt: skip
    assert out(own, leave=None)[:2] == ("known", 0), "the policy of the port is used"
    both = put("   service-profile P\n", "   service-profile P\n   qos trust cos\n", text)
    assert out(both)[0] == "unknown"


def test_a_list_of_ports_is_each_of_them():
    text = put("interface Ethernet1\n", "interface Ethernet7-9,1\n")
    assert [item.name for item in parsed(text).interfaces][:4] == [
        "Ethernet7", "Ethernet8", "Ethernet9", "Ethernet1",
    ]  # fmt: skip
    assert out(text) == ("known", 46, "priority")
    for odd in ("Ethernet1-x", "Ethernet1-10:3"):
        either = put("interface Ethernet1\n", f"interface {odd}\n")
        assert out(either, enter="Ethernet2")[0] == "unknown", "it may be any port"


def test_queues_for_unicast_alone_leave_multicast_open():
    text = SWITCH.replace("tx-queue", "uc-tx-queue")
    assert out(text) == ("known", 46, "priority")
    assert out(text, AUDIO.replace("10.2.2.2", "239.1.1.1"))[0] == "unknown"


def test_a_banner_is_no_configuration():
    text = put("hostname sw-1\n", "hostname sw-1\n!\nbanner login\nqos rewrite dscp\n!\nend\nEOF\n")
    assert out(text) == ("known", 46, "priority")
    assert parsed(text).incomplete == ""
    assert parsed(put("EOF\n", "", text)).incomplete == "the banner begun in line 6 does not end"


SCRIPT = "{0}#!/bin/bash\n{0}FastCli -p15 <<X\n{0}interface Ethernet2\n{0}qos trust cos\n{0}X\n"


@pytest.mark.parametrize("margin", ["", "      "])
@pytest.mark.parametrize("opening", ["event-handler H\n   action bash\n", "   comment\n"])
def test_a_script_is_no_configuration(margin: str, opening: str):
    text = put("interface Ethernet3\n", f"interface Ethernet3\n{opening}"
               f"{SCRIPT.format(margin)}   EOF\n   delay 1\n")  # fmt: skip
    assert parsed(text).interfaces == parsed(SWITCH).interfaces
    assert parsed(text).incomplete == ""
    assert EOS.apply(text, ()) == text
    assert "does not end" in parsed(put("   EOF\n", "", text)).incomplete


def test_a_class_that_is_entered_again_is_edited():
    again = put("      set traffic-class 5\n", "      set traffic-class 5\n   class class-default\n"
                "      set dscp af11\n   class AUDIO\n      set dscp af41\n")  # fmt: skip
    assert out(again) == ("known", 34, "priority")
    once = put("      set traffic-class 5\n", "      set traffic-class 5\n"
               "policy-map type quality-of-service IN\n   class AUDIO\n"
               "      set dscp af41\n")  # fmt: skip
    assert out(once) == ("known", 34, "priority")
    limited = put("      set dscp ef\n", "      police rate 10 mbps burst-size 200 kbytes\n"
                  "   class AUDIO\n      police rate 20 mbps burst-size 200 kbytes\n")  # fmt: skip
    assert seen(limited).policed_bps == 20_000_000


LIST = "ip access-list AUDIO\n   10 permit tcp any any\n"
CLASS = "class-map type qos match-any AUDIO\n   match dscp 46\n"
POLICY = "policy-map type quality-of-service IN\n   class AUDIO\n      set dscp af41\n"


@pytest.mark.parametrize(
    "line",
    [
        "no policy-map type quality-of-service IN",
        "default policy-map IN",
        "no class-map type qos match-any AUDIO",
        "no ip access-list AUDIO",
        "no interface Ethernet1",
        "default interface Ethernet1-$",
        "interface Ethernet1\n   no service-policy type qos input OTHER",
    ],
)
@pytest.mark.parametrize("behind", ["", LIST, CLASS, POLICY])
def test_what_was_removed_while_it_was_used_is_unknown(line: str, behind: str):
    text = put("!\nend\n", f"{line}\n{behind}!\nend\n")
    found = seen(text, leave=None)
    removed = text.splitlines().index(line.rsplit("\n", maxsplit=1)[-1]) + 1
    assert (found.verdict, removed in found.lines) == ("unknown", True)
    assert removed in [item.line for item in parsed(text).unread]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (f"{POLICY}no policy-map IN\n", "", 46),
        (f"{LIST}no ip access-list AUDIO\n", "", 46),
        (f"{CLASS}default class-map type qos match-any AUDIO\n", "", 46),
        ("no interface Ethernet1\nno policy-map IN\n", "", 46),
        ("", "no policy-map type copp IN\n", 46),
        ("", "default interface Ethernet1\n", 0),
        ("", "default int et1,3\n", 0),
        ("", "interface et1\n   no service-policy type qos input\n", 0),
    ],
)
def test_what_was_removed_before_it_was_used_is_gone(above: str, below: str, expected: int):
    text = put("ip access-list AUDIO\n", f"{above}ip access-list AUDIO\n")
    found = seen(put("!\nend\n", f"{below}!\nend\n", text), leave=None)
    assert (found.verdict, found.dscp_out) == ("known", expected)


def test_text_that_lost_its_indentation_is_read_as_far_as_it_says():
    flat = "\n".join(line.strip() for line in SWITCH.splitlines())
    assert out(flat)[0] == "unknown", "whether the rate is the port's or a queue's is not told"
    assert out(put("shape rate 20 percent\n", "", flat)) == ("known", 46, "priority")
    assert out(put("shape rate 20 percent\n", "", flat), OTHER) == ("known", 0, "guaranteed")


def test_ports_tell_what_is_behind_them():
    text = """\
interface Ethernet1
   description office; desk 7
   speed forced 1000full
   switchport access vlan 10
   switchport mode trunk phone
!
interface Ethernet2
   no switchport
   channel-group 3 mode active
   shutdown
   !
   tx-queue 1
      no shutdown
!
interface Vlan10
   ip address 10.0.0.1/24
"""
    desk, line, vlan = EOS.ports(text)
    assert (desk.line_bps, desk.voice_vlan) == (10**9, True)
    assert (line.mode.value, line.bundle, line.qos_at, line.shutdown) == (
        "routed", "Port-Channel3", "Port-Channel3", True,
    )  # fmt: skip
    assert vlan.virtual
