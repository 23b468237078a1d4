"""From an owner's settings to what the router does with a packet."""

from __future__ import annotations

from contextlib import suppress

import pytest
from drivers.tomato.routers import AUDIO, FACTORY, NAMES, dump, read, sent
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import corpus_files

from translator.drivers.tomato import Tomato, Tomato64, TomatoOld
from translator.drivers.tomato.dialect import FRESH
from translator.errors import ParseError
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service
from translator.verify.explain import explain
from translator.verify.packet import Packet

DRIVERS = [Tomato(), Tomato64(), TomatoOld()]
OTHER = "udp 10.1.1.10:40000 > 10.2.2.2:50000"


def test_qos_switched_off_treats_all_alike_and_says_what_it_would_do():
    device = read(qos_enable="0")
    answer = sent(device, AUDIO)
    assert (answer.verdict, answer.class_name) == ("known", None)
    assert any("switched off" in note for note in device.notes)
    alone = explain(device, Packet.of(AUDIO), policy="QOSO")
    assert (alone.verdict, alone.class_name) == ("known", "Crawl")
    assert explain(device, Packet.of(AUDIO)).class_name == "Crawl"


def test_services_follow_from_order_and_shares():
    queuing = read().interface("vlan2").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 10_000_000
    found = {item.name: (item.service, item.percent, item.rate_bps) for item in queuing.classes}
    assert found == {
        "Service": (Service.PRIORITY, 5.0, 500_000),
        "VOIP/Game": (Service.PRIORITY, 5.0, 500_000),
        "Remote": (Service.GUARANTEED, 5.0, 500_000),
        "WWW": (Service.GUARANTEED, 20.0, 2_000_000),
        "P2P/Bulk": (Service.BEST_EFFORT, 5.0, 500_000),
        "Crawl": (Service.SCAVENGER, 1.0, 100_000),
    }


def test_a_class_that_is_off_falls_into_the_default_class():
    rates = "5-100,0-0,5-30,5-100,20-100,5-70,5-70,5-70,5-30,0-5"
    assert sent(read(qos_orates=rates), AUDIO).class_name == "P2P/Bulk"
    assert sent(read(qos_orates=""), AUDIO).class_name == "unshaped"


@pytest.mark.parametrize(("value", "name"), [("2", "Media"), ("12", "Remote"), ("-4", "Remote")])
def test_the_default_class(value, name):
    assert sent(read("", qos_default=value), AUDIO).class_name == name


def test_icmp_goes_to_class_0_when_the_owner_wants_it():
    ping = "icmp 10.1.1.10 > 10.2.2.2"
    assert sent(read(), ping).class_name == "Service"
    assert sent(read(qos_icmp="0"), ping).class_name == "P2P/Bulk"
    assert sent(read(), "icmp6 2001:db8::1 > 2001:db8::2").class_name == "P2P/Bulk"


def test_small_tcp_packets_hang_on_what_no_header_shows():
    web = "tcp 10.1.1.10:40000 > 10.2.2.2:443"
    assert sent(read(), web).class_name == "WWW"
    device = read(qos_syn="1")
    assert sent(device, web).verdict == "unknown"
    asked = f'{web} with "TCP packet under 64 bytes, SYN"'
    assert sent(device, asked).class_name == "Service"


@pytest.mark.parametrize(
    ("rule", "packet", "hit"),
    [
        ("1<10.2.2.0/24<17<a<<0<<<<1<x", OTHER, True),
        ("1<10.2.3.0/24<17<a<<0<<<<1<x", OTHER, False),
        ("2<10.1.1.5-10.1.1.10<17<a<<0<<<<1<x", OTHER, True),
        ("2<10.1.1.11-10.1.1.20<17<a<<0<<<<1<x", OTHER, False),
        ("0<<-2<d<9<0<<<<1<x", OTHER, True),
        ("0<<-1<x<50000<0<<<<1<x", OTHER, True),
        ("0<<-1<x<40000,9<0<<<<1<x", OTHER, True),
        ("0<<-1<x<39999<0<<<<1<x", OTHER, False),
        ("0<<17<d<49999:<0<<<<1<x", OTHER, True),
        ("0<<17<d<9:5<0<<<<1<x", OTHER, False),
        ("0<<6<d<50000<0<<<<1<x", OTHER, False),
        ("0<<17<a<<0<skype<<<1<x", OTHER, False),
        ("0<<47<a<<0<<<<1<x", "gre 10.1.1.10 > 10.2.2.2", True),
        ("0<<0<a<<0<<<<1<x", "gre 10.1.1.10 > 10.2.2.2", True),
        ("1<10.2.0.2/255.255.253.255<17<a<<0<<<<1<x", OTHER, True),
        ("2<2001:db8::/32<-2<a<<0<<<<1<x", "udp [2001:db8::1]:5 > [2001:db8::2]:6", True),
    ],
)
def test_fields_of_a_rule(rule, packet, hit):
    answer = sent(read(f"{rule}>{FACTORY[FRESH]}"), packet)
    assert answer.known
    assert (answer.class_name == "VOIP/Game") is hit


@pytest.mark.parametrize(
    "rule",
    [
        "1<router.example<17<a<<0<<<<1<host",
        "1<0.0.0.10/0.0.0.255<17<a<<0<<<<1<holes",
        "0<<17<d<sip<0<<<<1<service",
    ],
)
def test_what_is_not_read_makes_the_answer_unknown(rule):
    device = read(f"{rule}>{FACTORY[FRESH]}")
    assert sent(device, AUDIO).verdict == "unknown"
    assert [item.line for item in device.unread] == [10]
    assert 10 in device.qos_lines
    assert 10 not in device.understood


def test_rules_by_content_are_named_together():
    rule = "0<<17<a<<0<skype<<<1<x"
    device = read(f"{rule}>{rule}>{FACTORY[FRESH]}")
    (note,) = [note for note in device.notes if "recognised" in note]
    assert note.startswith("qos_orules, rules 1, 2: ")


def test_a_mac_address_is_a_fact_that_no_header_shows():
    device = read(f"3<00:11:22:33:44:55<17<a<<0<<<<1<phone>{FACTORY[FRESH]}")
    assert sent(device, AUDIO).verdict == "unknown"
    phone = f'{AUDIO} with "source MAC 00:11:22:33:44:55"'
    assert sent(device, phone).class_name == "VOIP/Game"


def test_an_unknown_setting_and_a_limiter_that_is_on_are_not_passed_over():
    for changed in ({"qos_surprise": "1"}, {"bwl_enable": "1", "bwl_rules": "x"}):
        device = read(**changed)
        assert device.unread
        assert sent(device, AUDIO).verdict == "unknown"
    assert read(bwl_enable="0", bwl_rules="x").unread == ()


def test_a_wan_without_a_name_is_any_interface_but_the_lan():
    text = dump().replace("wan_iface=vlan2\n", "")
    device = Tomato().parse(text)
    for name in ("wan", "vlan2", "ppp0"):
        assert sent(device, AUDIO, "br0", name).class_name == "Crawl"
    assert sent(device, AUDIO, "br1", "br0").class_name is None
    assert any("does not name the WAN" in note for note in device.notes)


def test_a_tunnel_is_the_wan_not_the_port_under_it():
    device = read(wan_iface="", wan_proto="pppoe", wan_ifname="vlan2")
    assert sent(device, AUDIO, "br0", "ppp0").class_name == "Crawl"
    assert sent(device, AUDIO, "br0", "vlan2").class_name is None


def test_a_second_wan_is_not_guessed():
    assert sent(read(wan2_iface="eth1"), AUDIO, "br0", "eth1").verdict == "unknown"


def test_inbound_classes_hang_on_the_connection():
    packet = "udp 10.2.2.2:50000 > 10.1.1.10:20001"
    assert sent(read(qos_irates="5-100,5-30"), packet, "vlan2", "br0").verdict == "unknown"
    assert sent(read(qos_irates="0-0,0-0"), packet, "vlan2", "br0").known


def test_without_classification_there_is_one_class():
    answer = sent(read(qos_classify="0"), AUDIO)
    assert (answer.class_name, answer.service) == ("Service", Service.BEST_EFFORT)


def test_cake_has_tins_of_its_own():
    marked = "udp 10.1.1.10:40000 > 10.2.2.2:50000 dscp ef"
    plain = sent(read(qos_mode="2", qos_cake_prio_mode="0"), marked)
    assert (plain.service, plain.dscp_out) == (Service.BEST_EFFORT, 46)
    assert sent(read(qos_mode="2", qos_cake_wash="1"), marked).dscp_out == 0
    assert sent(read(qos_mode="2", qos_cake_prio_mode="2"), marked).verdict == "unknown"


@given(st.lists(st.text(alphabet="qos_orule=<>0123456789ads-:,x\n script_fire", max_size=60)))
def test_no_dump_is_too_odd_to_read(lines):
    text = "qos_enable=1\n" + "\n".join(lines)
    for driver in DRIVERS:
        device = driver.parse(text)
        assert set(device.understood) <= set(device.qos_lines)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    with suppress(ParseError):
        assert isinstance(Tomato().parse(text), DeviceQos)


@pytest.mark.parametrize("path", corpus_files("tomato"), ids=lambda path: path.name)
@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.platform)
def test_real_files_are_read(driver, path):
    device = driver.parse(path.read_bytes().decode("utf-8"), file=path.name)
    left = set(device.qos_lines) - set(device.understood)
    assert left == {item.line for item in device.unread}


def test_the_real_factory_settings_put_audio_into_the_lowest_class():
    found = [path for path in corpus_files("tomato") if "shibby" in path.name]
    if not found:
        pytest.skip("the factory settings are not on this machine")
    text = found[0].read_text(encoding="utf-8").replace("qos_enable=0", "qos_enable=1")
    device = Tomato().parse(text)
    assert device.unread == ()
    answer = explain(device, Packet.of(AUDIO), out_interface="vlan2")
    assert (answer.class_name, answer.service) == ("Crawl", Service.SCAVENGER)
    queuing = device.interface("wan").queuing
    assert queuing is not None
    lowest = queuing.classes[-1]
    assert (lowest.name, lowest.percent, lowest.limit_percent) == ("Crawl", 1.0, 5.0)
    assert NAMES.split()[-1] == "Crawl"
