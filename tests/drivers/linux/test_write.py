"""What is rendered: the reviewed script, its proof, and that a mistake in it is found."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from drivers.linux.asking import LINUX, intents_for
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.errors import TranslatorError, UnsupportedIntentError
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
SHAPES = {
    "branch": ("eth0=client", "eth1=wan:10M"),
    "small-office": ("eth0=client", "ppp0=internet:2M"),
    "voice": ("br0.20=phone", "eth1=uplink:1G"),
}


def problem_of(wanted: DeviceIntents, text: str) -> str:
    return prove(wanted, LINUX.parse(text), LINUX.capabilities).problem


@pytest.mark.parametrize("shape", SHAPES)
def test_the_script_is_as_reviewed(shape: str, request: pytest.FixtureRequest) -> None:
    rendered = LINUX.render(intents_for(SHAPES[shape]))
    for kind, text in (("apply", rendered.config), ("remove", rendered.removal)):
        path = GOLDEN / f"{shape}.{kind}.sh"
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_script_is_proven_fragments_included(shape: str) -> None:
    wanted = intents_for(SHAPES[shape])
    proof = prove(wanted, LINUX.parse(LINUX.render(wanted).config), LINUX.capabilities)
    assert proof.ok, proof.problem
    assert proof.packets_note.startswith("all packets")


@pytest.mark.parametrize("shape", SHAPES)
def test_busybox_reads_the_script(shape: str, tmp_path: Path) -> None:
    if shutil.which("busybox") is None:
        pytest.skip("busybox is not installed")
    rendered = LINUX.render(intents_for(SHAPES[shape]))
    for text in (rendered.config, rendered.removal):
        path = tmp_path / "script.sh"
        path.write_text(text, encoding="utf-8")
        subprocess.run(["busybox", "ash", "-n", str(path)], check=True)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("20000-20039", "20000-20038"),
        ("20040-20079", "20041-20079"),
        ("ip dscp set ef", "ip dscp set cs5"),
        ("ip6 dscp set af41", "ip6 dscp set af42"),
        ("goto mark_df", "goto mark_ef"),
        ("meta priority set 1:10", "meta priority set 1:20"),
        ("priority set 1:20", "priority set 2:20"),
        ('iifname "eth0"', 'iifname "eth2"'),
        ("hook postrouting", "hook prerouting"),
        ("{ tcp, udp } th sport 20000", "udp th sport 20000"),
        ("goto mark_ef", "jump mark_ef"),
        ("htb default 0x60", "htb default 0x10"),
        ("rate 1000kbit", "rate 100kbit"),
        ("rate 10000kbit burst", "rate 9000kbit burst"),
        ("htb prio 0", "htb prio 1"),
    ],
)
def test_a_mistake_in_the_script_is_found(right: str, wrong: str) -> None:
    wanted = intents_for(SHAPES["branch"])
    text = LINUX.render(wanted).config
    assert right in text
    changed = text.replace(right, wrong)
    assert problem_of(wanted, changed) != ""


@pytest.mark.parametrize("name", ["eth0;reboot", "e" * 16, "eth 0", "eth0\n", "", "-j", "$(x)"])
def test_a_hostile_interface_name_is_refused(name: str) -> None:
    wanted = intents_for(SHAPES["branch"])
    with pytest.raises(TranslatorError):
        LINUX.render(_renamed(wanted, name))


def _renamed(wanted: DeviceIntents, name: str) -> DeviceIntents:
    first = replace(wanted.interfaces[0], name=name)
    return replace(wanted, interfaces=(first, *wanted.interfaces[1:]))


def test_a_hostile_comment_stays_a_comment() -> None:
    wanted = intents_for(SHAPES["branch"])
    first = wanted.interfaces[0]
    odd = replace(first.classifier[0], rows=('x" drop; reboot `id` $(id)',))
    changed = replace(wanted, interfaces=(replace(first, classifier=(odd,)), wanted.interfaces[1]))
    text = LINUX.render(changed).config
    assert "`" not in text
    assert "$(id)" not in text
    assert problem_of(changed, text) == ""


def test_queues_without_any_rate_are_refused() -> None:
    wanted = intents_for(SHAPES["branch"])
    queued = wanted.interfaces[1]
    assert queued.queuing is not None
    bare = replace(queued, link_bps=None, queuing=replace(queued.queuing, shaping_bps=None))
    with pytest.raises(UnsupportedIntentError, match="rate") as refusal:
        LINUX.render(replace(wanted, interfaces=(bare,)))
    assert "eth1=" in refusal.value.hint


def test_a_default_queue_that_is_guaranteed_is_refused() -> None:
    wanted = intents_for(SHAPES["branch"])
    queued = wanted.interfaces[1]
    assert queued.queuing is not None
    *others, default = queued.queuing.queues
    queues = (*others, replace(default, service=Service.GUARANTEED))
    sure = replace(queued, queuing=replace(queued.queuing, queues=queues))
    with pytest.raises(UnsupportedIntentError, match="a guaranteed default queue on eth1"):
        LINUX.render(replace(wanted, interfaces=(sure,)))


ports = st.integers(0, 65535)
ranges = st.tuples(ports, ports).map(lambda two: PortRange(min(two), max(two)))
some_ranges = st.lists(ranges, max_size=3).map(tuple)
prefixes = st.lists(
    st.sampled_from(["10.0.0.0/8", "10.1.2.0/24", "10.1.2.3/32", "2001:db8::/32", "::1/128"]),
    max_size=2,
    unique=True,
).map(lambda texts: tuple(prefix_of(text) for text in texts))
points = st.integers(0, 63).map(CodePoint)
matches = st.builds(
    Match,
    version=st.sampled_from([None, None, 4, 6]),
    protocols=st.sampled_from([(), (6,), (17,), (6, 17), (1, 58), (47,)]),
    sources=prefixes,
    destinations=prefixes,
    source_ports=some_ranges,
    destination_ports=some_ranges,
    code_points=st.lists(points, max_size=2, unique=True).map(tuple),
)
classes = st.builds(TrafficClass, st.sampled_from(["audio", "video"]), st.none() | points)
rules = st.lists(st.builds(ClassifierRule, matches, classes), max_size=6).map(tuple)
QUEUES = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10),
        QueueIntent("video", Service.GUARANTEED, (CodePoint(34), CodePoint(36)), 30, True),
        QueueIntent("default", Service.BEST_EFFORT, (), 50),
    ),
    shaping_bps=10_000_000,
)


@settings(max_examples=60)
@given(rules, rules, st.lists(points, max_size=3, unique=True).map(tuple))
def test_any_intents_survive_the_round_trip(
    entering: tuple[ClassifierRule, ...],
    leaving: tuple[ClassifierRule, ...],
    reset: tuple[CodePoint, ...],
) -> None:
    wanted = DeviceIntents(
        "r1",
        "random",
        (
            InterfaceIntents("lan", Role.CLIENT, entering, reset),
            InterfaceIntents("wan", Role.WAN, queuing=QUEUES, link_bps=10_000_000),
            InterfaceIntents("ppp0", Role.INTERNET, queuing=QUEUES, egress_classifier=leaving),
        ),
    )
    found = LINUX.parse(LINUX.render(wanted).config)
    assert found.unread == ()
    assert prove(wanted, found, LINUX.capabilities).problem == ""
