"""What owners of such routers run into: each trap is a test, with rules in our own words."""

from __future__ import annotations

import pytest
from drivers.tomato.routers import AUDIO, FACTORY, LYNC, NAMES, VIDEO, dump, read, sent

from translator.drivers.tomato import Tomato, Tomato64, TomatoOld
from translator.drivers.tomato.dialect import FRESH, OLD, TOMATO64
from translator.intents.pipeline import Service

EIGHT_RANGES = ",".join(f"{20000 + 10 * at}:{20004 + 10 * at}" for at in range(8))


def test_the_factory_puts_audio_into_the_lowest_class():
    answer = sent(read(), AUDIO)
    assert answer.known
    assert (answer.class_name, answer.service) == ("Crawl", Service.SCAVENGER)
    assert answer.dscp_out == 0


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (AUDIO, "VOIP/Game"),
        (VIDEO, "Media"),
        ("udp 10.1.1.10:20080 > 10.2.2.2:50000", "Crawl"),
        ("tcp 10.1.1.10:20039 > 10.2.2.2:443", "VOIP/Game"),
        ("udp 10.1.1.10:40000 > 10.2.2.2:50000 dscp cs5", "VOIP/Game"),
        ("udp [2001:db8::1]:20000 > [2001:db8::2]:50000", "VOIP/Game"),
    ],
)
def test_rules_in_front_decide(packet, expected):
    answer = sent(read(f"{LYNC}>{FACTORY[FRESH]}"), packet)
    assert (answer.verdict, answer.class_name) == ("known", expected)


def test_appended_rules_change_nothing():
    device = read(f"{FACTORY[FRESH]}>{LYNC}")
    assert sent(device, AUDIO).class_name == "Crawl"
    assert sent(device, VIDEO).class_name == "Crawl"


def test_eight_ranges_in_a_rule_leave_the_router_without_its_firewall():
    device = read(f"0<<-1<s<{EIGHT_RANGES}<0<<<<1<too many>{FACTORY[FRESH]}")
    answer = sent(device, AUDIO)
    assert answer.verdict == "unknown"
    assert "16 port slots" in answer.reasons[0]
    seven = read(f"0<<-1<s<{EIGHT_RANGES.rpartition(',')[0]}<0<<<<1<fits>{FACTORY[FRESH]}")
    assert sent(seven, AUDIO).class_name == "VOIP/Game"


@pytest.mark.parametrize(
    "rule",
    [
        "0<<17<s<20000-20039<0<<<<1<a dash",
        "0<<17<s<<0<<<<1<no port",
        "0<<17<d<5:4,9<0<<<<1<descending in a list",
        "0<<17<d<70000<0<<<<1<no port number",
        "0<<300<a<<0<<<<1<no protocol",
        "3<home<17<a<<0<<<<1<no MAC",
    ],
)
def test_what_iptables_refuses_makes_all_unknown(rule):
    assert sent(read(f"{FACTORY[FRESH]}>{rule}"), AUDIO).verdict == "unknown"


def test_a_disabled_rule_does_no_harm():
    device = read(f"0<<-1<s<{EIGHT_RANGES}<0<<<<-1<off>{FACTORY[FRESH]}")
    assert sent(device, AUDIO).class_name == "Crawl"


def test_rules_of_another_dialect_are_skipped_with_a_note():
    device = read(f"0<<-1<s<20000:20039<<<<1<ten fields>{FACTORY[FRESH]}")
    assert sent(device, AUDIO).class_name == "Crawl"
    assert any("rule 1: 10 fields where this build wants 11" in note for note in device.notes)


@pytest.mark.parametrize(
    ("driver", "dialect"), [(Tomato(), FRESH), (Tomato64(), TOMATO64), (TomatoOld(), OLD)]
)
def test_each_build_reads_its_own_dialect(driver, dialect):
    device = driver.parse(dump(FACTORY[dialect], qos_obw="10000"))
    assert device.unread == ()
    assert sent(device, AUDIO).class_name == "Crawl"
    assert sent(device, "tcp 10.1.1.10:40000 > 10.2.2.2:443").class_name == "WWW"


def test_an_old_build_takes_the_code_point_field_for_the_class():
    device = TomatoOld().parse(dump(f"0<<17<s<20000:20039<0<<<5<1<x>{FACTORY[OLD]}"))
    assert sent(device, AUDIO).class_name == "Mail"
    assert any("more fields" in note for note in device.notes)


def test_rules_of_an_old_build_are_not_guessed_on_tomato64():
    rule = FACTORY[OLD].replace("<53<<", "<53<0<", 1)
    device = Tomato64().parse(dump(rule))
    assert [item.reason for item in device.unread] == [
        "nDPI name '0' is a number: written for another build"
    ]
    assert sent(device, "udp 10.1.1.10:40000 > 10.2.2.2:53").verdict == "unknown"


def test_the_first_packet_of_a_connection_decides_and_the_reader_is_told():
    assert any("first packet of a connection" in note for note in read().notes)


def ruled(bcount: str) -> tuple[str, str | None]:
    """Verdict and class of audio behind a rule for this many KB of its connection."""
    answer = sent(read(f"0<<17<s<20000:20039<0<<{bcount}<<1<some>{FACTORY[FRESH]}"), AUDIO)
    return answer.verdict, answer.class_name


@pytest.mark.parametrize("bcount", ["0:10", ":10", "10:", "10:512"])
def test_a_rule_for_some_bytes_of_a_connection_may_take_a_packet_or_not(bcount):
    assert ruled(bcount) == ("unknown", None)


@pytest.mark.parametrize("bcount", ["", ":", "0:", "10"])
def test_a_rule_without_a_number_of_bytes_takes_all(bcount):
    assert ruled(bcount) == ("known", "VOIP/Game")


def test_rules_for_the_two_parts_of_a_connection_take_all_of_it():
    both = "".join(f"0<<17<s<20000:20039<0<<{part}<<1<part>" for part in ("0:10", "10:"))
    answer = sent(read(both + FACTORY[FRESH]), AUDIO)
    assert (answer.verdict, answer.class_name) == ("known", "VOIP/Game")
    apart = both.replace("10:<<1", "10:<<4")
    assert sent(read(apart + FACTORY[FRESH]), AUDIO).verdict == "unknown"
    late = f'{AUDIO} with "past the first 10 KB of its connection"'
    assert sent(read(apart + FACTORY[FRESH]), late).class_name == "WWW"


def test_dscp_fix_takes_the_marks_of_what_comes_from_the_internet():
    packet = "udp 10.2.2.2:50000 > 10.1.1.10:20001 dscp ef"
    kept = sent(read(DSCP_fix_enable="0"), packet, "vlan2", "br0")
    wiped = sent(read(DSCP_fix_enable="1"), packet, "vlan2", "br0")
    assert (kept.dscp_out, wiped.dscp_out) == (46, 0)
    assert sent(read(DSCP_fix_enable="1"), AUDIO).dscp_out == 0
    out = "udp 10.1.1.10:40000 > 10.2.2.2:50000 dscp ef"
    assert sent(read(DSCP_fix_enable="1"), out).dscp_out == 46


def test_only_what_leaves_by_the_wan_is_classified():
    answer = sent(read(), AUDIO, "br0", "br1")
    assert (answer.class_name, answer.service) == (None, Service.BEST_EFFORT)


def test_a_blank_in_a_class_name_shifts_all_names_behind_it():
    device = read(qos_classnames=NAMES.replace("VOIP/Game", "VOIP Game"))
    assert sent(device, AUDIO).class_name == "P2P/Bulk"


@pytest.mark.parametrize(
    ("written", "caught", "noted"),
    [
        ("46", 46, False),
        ("0x2e", 46, False),
        ("ef", 0, True),
        ("010", 8, True),
        ("99", 63, True),
        ("0", 0, False),
        ("-1", 63, True),
    ],
)
def test_code_points_are_read_as_the_router_reads_them(written, caught, noted):
    device = read(f"0<<-2<a<<0<<<{written}<1<x>{FACTORY[FRESH]}")
    answers = {
        point: sent(device, f"udp 10.1.1.10:40000 > 10.2.2.2:50000 dscp {point}").class_name
        for point in range(64)
    }
    assert [point for point, name in answers.items() if name == "VOIP/Game"] == [caught]
    assert any("is read as" in note for note in device.notes) is noted
