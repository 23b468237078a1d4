"""What is rendered: proven, within the router's limits, and as it was reviewed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from drivers.tomato.intents import HOME, intents
from drivers.tomato.routers import AUDIO, sent
from hypothesis import given
from hypothesis import strategies as st

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.tomato import Tomato, Tomato64, TomatoOld
from translator.drivers.tomato.dialect import FRESH, escape
from translator.drivers.tomato.write_rules import describe
from translator.errors import DriverError, UnsupportedIntentError
from translator.intents.match import Match, prefix_of
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
)
from translator.intents.pipeline import Service
from translator.ports import PortRange
from translator.verify.prove import prove

GOLDEN = Path(__file__).with_name("golden")
DRIVERS = [Tomato(), Tomato64(), TomatoOld()]
QUEUES = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10),
        QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 20),
        QueueIntent("default", Service.BEST_EFFORT, (), 25),
    ),
    10_000_000,
)
AUDIO_CLASS, VIDEO_CLASS = (
    TrafficClass("audio", CodePoint(46)),
    TrafficClass("video", CodePoint(34)),
)


def differences(driver, wanted, text):
    proof = prove(wanted, driver.parse(text), driver.capabilities)
    return [str(item) for item in (*proof.differences, *proof.scheduling)] + list(proof.reasons)


def line_of(rules, queuing=QUEUES, role=Role.INTERNET):
    classes = tuple(ClassifierRule(match, kind, ("R1",), "rule") for match, kind in rules)
    wan = InterfaceIntents("vlan2", role, queuing=queuing, egress_classifier=classes)
    return DeviceIntents("home", "own", (wan,))


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.platform)
@pytest.mark.parametrize(
    "specs",
    [
        HOME,
        HOME[1:],
        ("br0=client", "br1=phone"),
        ("br0=phone", "wan=internet:2M"),
        ("lan=client", "wan=internet:2M"),
    ],
)
def test_what_is_rendered_is_what_was_asked(driver, specs):
    wanted = intents(*specs)
    assert differences(driver, wanted, driver.render(wanted).config) == []


@pytest.mark.parametrize("driver", DRIVERS[:2], ids=lambda driver: driver.platform)
def test_queues_by_code_point_see_the_new_code_points(driver):
    wanted = intents("br0=client", "vlan2=wan:10M")
    text = driver.render(wanted).config
    assert differences(driver, wanted, text) == []
    late = text.replace("-I FORWARD", "-A FORWARD")
    assert differences(driver, wanted, late)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("s<20000:20039", "s<20000:20040"),
        ("--sport 20040:20079", "--sport 20041:20079"),
        ("--set-dscp 46", "--set-dscp 184"),
        ("--set-dscp 34", "--set-dscp 36"),
        ("<1<[qos] audio", "<-1<[qos] audio"),
        ("<1<[qos] audio", "<2<[qos] audio"),
        ("qos_enable=1", "qos_enable=0"),
        ("qos_icmp=0", "qos_icmp=1"),
        ("DSCP_fix_enable=0", "DSCP_fix_enable=1"),
        ("qos_default=8", "qos_default=1"),
        ("-i br0 -j QOS_IN_1\nip6tables", "-i br1 -j QOS_IN_1\nip6tables"),
        ("-m dscp --dscp 46 -g", "-m dscp --dscp 45 -g"),
    ],
)
def test_one_mistake_is_found(right, wrong):
    wanted = intents()
    text = Tomato().render(wanted).config
    assert right in text
    assert differences(Tomato(), wanted, text.replace(right, wrong, 1))


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.platform)
def test_texts_stay_as_reviewed(driver, request):
    rendered = driver.render(intents())
    parts = {
        "settings": rendered.config,
        "apply.sh": dict(rendered.files)["apply.sh"],
        "instructions": "\n".join(rendered.instructions) + "\n",
    }
    for name, text in parts.items():
        expected = GOLDEN / f"{driver.platform}.{name}"
        if request.config.getoption("--update-golden"):
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")


def test_the_script_to_paste_is_the_one_that_is_proven():
    rendered = Tomato().render(intents())
    assert dict(rendered.files)["script_fire.sh"] in rendered.config


def test_each_rule_is_explained_as_the_web_interface_asks_for_it():
    rule = "2<10.1.0.0/16<-1<s<20000:20039<0<<<40<1<[qos] audio"
    names = ("Service", "Audio", *[""] * 8)
    assert describe(FRESH, rule, names) == (
        "source 10.1.0.0/16, TCP/UDP, source port 20000-20039, DSCP 40: class Audio, "
        "description [qos] audio"
    )


def test_more_than_seven_ranges_become_more_rules():
    ranges = tuple(PortRange(1000 * at, 1000 * at + 5) for at in range(1, 17))
    wanted = line_of([(Match(protocols=(17,), source_ports=ranges), AUDIO_CLASS)])
    text = Tomato().render(wanted).config
    assert [rule.count(":") for rule in text.split("qos_orules=")[1].split(">")] == [7, 7, 2]
    assert differences(Tomato(), wanted, text) == []


@pytest.mark.parametrize(
    ("match", "why"),
    [
        (
            Match(sources=(prefix_of("10.1.0.0/16"),), destinations=(prefix_of("10.2.0.0/16"),)),
            "not both",
        ),
        (
            Match(
                protocols=(17,),
                source_ports=(PortRange(1, 2),),
                destination_ports=(PortRange(3, 4),),
            ),
            "not both",
        ),
        (Match(tos=((184, 255),)), "whole ToS byte"),
        (Match(version=6), "IPv4 and IPv6 alike"),
        (Match(source_ports=(PortRange(1, 2),)), "TCP and UDP only"),
    ],
)
def test_what_one_rule_cannot_hold_is_refused_with_the_rows(match, why):
    with pytest.raises(UnsupportedIntentError, match=why) as refused:
        Tomato().render(line_of([(match, AUDIO_CLASS)]))
    assert "R1" in str(refused.value)
    assert refused.value.hint


def test_an_old_build_refuses_code_points():
    with pytest.raises(UnsupportedIntentError, match="code point"):
        TomatoOld().render(intents("br0=client", "vlan2=wan:10M"))


@pytest.mark.parametrize("spec", ["vlan2=uplink:1G", "Gi0/1=client", "a-name-of-16-sig=client"])
def test_what_the_router_does_not_have_is_refused(spec):
    with pytest.raises(UnsupportedIntentError) as refused:
        Tomato().render(intents(spec))
    assert refused.value.hint


@pytest.mark.parametrize("rate_bps", [10_500, 9_000, 200_000_000_000])
def test_rates_that_do_not_fit_are_refused(rate_bps):
    with pytest.raises(UnsupportedIntentError, match="whole kbit/s"):
        Tomato().render(line_of([], replace(QUEUES, shaping_bps=rate_bps)))


@pytest.mark.parametrize(
    "services",
    [
        (Service.GUARANTEED, Service.GUARANTEED, Service.BEST_EFFORT),
        (Service.PRIORITY, Service.PRIORITY, Service.BEST_EFFORT),
        (Service.PRIORITY, Service.SCAVENGER, Service.BEST_EFFORT),
        (Service.PRIORITY, Service.GUARANTEED, Service.GUARANTEED),
    ],
)
def test_services_that_the_scheduler_does_not_give_are_refused(services):
    queues = tuple(
        replace(queue, service=service)
        for queue, service in zip(QUEUES.queues, services, strict=True)
    )
    with pytest.raises(UnsupportedIntentError, match=r"first class|default class") as refused:
        Tomato().render(line_of([], QueuingIntent(queues, 10_000_000)))
    assert "one priority queue" in refused.value.hint


def test_too_many_addresses_are_refused():
    sources = tuple(prefix_of(f"10.1.{at}.0/24") for at in range(200))
    with pytest.raises(UnsupportedIntentError, match="4096"):
        Tomato().render(line_of([(Match(sources=sources), AUDIO_CLASS)]))
    marks = ClassifierRule(Match(sources=sources), AUDIO_CLASS)
    lan = InterfaceIntents("br0", Role.CLIENT, classifier=(marks,))
    with pytest.raises(UnsupportedIntentError, match="8192"):
        Tomato().render(DeviceIntents("home", "own", (lan,)))


@pytest.mark.parametrize("comment", ["a>b<c|d%", "it's $(x) `y`", 'say "x"', "naïve\u2028"])
def test_odd_comments_stay_inside_their_field(comment):
    rule = ClassifierRule(Match(protocols=(17,)), AUDIO_CLASS, ("R1",), comment)
    wan = InterfaceIntents("vlan2", Role.INTERNET, queuing=QUEUES, egress_classifier=(rule,))
    text = Tomato().render(DeviceIntents("home", "own", (wan,))).config
    rules = text.split("qos_orules=")[1]
    assert rules.count("<") == 10
    assert ">" not in rules
    assert rules.isascii()
    assert sent(Tomato().parse(text), AUDIO).class_name == "Audio"


@pytest.mark.parametrize("name", ["r1\nreboot", "r1\r", "r1\u2028x"])
def test_a_name_with_a_line_end_is_refused(name):
    with pytest.raises(DriverError):
        Tomato().render(replace(intents(), device=name))


def test_a_field_never_breaks_out_of_its_rule():
    for value in ("a<b", "a>b", "a\nb"):
        with pytest.raises(DriverError):
            FRESH.write(desc=value)


@given(st.text())
def test_descriptions_survive_escaping(text):
    assert unquote(escape(text)) == text
    assert not set("<>|") & set(escape(text))


PORTS = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
SIDES = st.lists(PORTS, min_size=1, max_size=9).map(tuple)
MATCHES = st.one_of(
    st.builds(
        lambda protocols, ports: Match(protocols=protocols, source_ports=ports),
        st.sampled_from([(6,), (17,), (6, 17)]),
        SIDES,
    ),
    st.builds(
        lambda protocols, ports: Match(protocols=protocols, destination_ports=ports),
        st.sampled_from([(6,), (17,), (6, 17)]),
        SIDES,
    ),
    st.builds(
        lambda prefix, point: Match(sources=(prefix_of(prefix),), code_points=point),
        st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"]),
        st.sampled_from([(), (CodePoint(40),), (CodePoint(0), CodePoint(46))]),
    ),
    st.builds(lambda number: Match(protocols=(number,)), st.integers(1, 255)),
)
RULES = st.lists(st.tuples(MATCHES, st.sampled_from([AUDIO_CLASS, VIDEO_CLASS])), max_size=6)


@given(RULES)
def test_any_rules_come_back_as_they_were_meant(rules):
    wanted = line_of(rules)
    assert differences(Tomato(), wanted, Tomato().render(wanted).config) == []


@given(RULES)
def test_any_marking_comes_back_as_it_was_meant(rules):
    classes = tuple(ClassifierRule(match, kind) for match, kind in rules)
    reset = (CodePoint(46), CodePoint(34), CodePoint(10))
    lan = InterfaceIntents("br0", Role.CLIENT, classifier=classes, reset=reset)
    wanted = DeviceIntents("home", "own", (lan,))
    assert differences(Tomato(), wanted, Tomato().render(wanted).config) == []
