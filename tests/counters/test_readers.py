"""What the templates make of output: every number, nested classes, and lines they do not know."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from counters.outputs import CATALYST, IOS_12, IOS_15, IOS_XE, JUNOS, TC_CLASS, TC_QDISC
from support.corpus import shared_root

from translator.drivers.base import CountsTraffic
from translator.drivers.registry import driver, drivers
from translator.errors import ParseError
from translator.intents.counters import ClassCounters, Colour, CountersRead, DropReason, Shown, Unit

IOS = "show policy-map interface"
# Lines that stand in captured files and are no part of what the command prints.
NOT_OF_THE_COMMAND = (
    "#sh",
    "#show",
    "policy wred",
    "class prec",
    "class class-default",
    "bandwidth",
    "random-detect",
)


def read(platform: str, command: str, text: str) -> CountersRead:
    reader = driver(platform)
    assert isinstance(reader, CountsTraffic)
    return reader.read_counters(Shown(command, text))


def by_name(items: Iterable[ClassCounters]) -> dict[str, ClassCounters]:
    return {"/".join((*item.path, item.name)): item for item in items}


def drops(item: ClassCounters) -> dict[DropReason, int | None]:
    return {part.reason: part.packets for part in item.drops}


def test_eos_counts_transmit_queues():
    text = """\
Port      TxQ    Counter/pkts   Counter/bytes   Drop/pkts   Drop/bytes
-------   ----   ------------   -------------   ---------   ----------
Et1/1     UC5             812          120000           3          600
Et1/1     MC0              10            1000           0            0
Po3       4                 7             700           1          100
Et2       VOQ something of another family
"""
    found = read("arista_eos", "show interfaces counters queue detail", text)
    classes = {(item.interface, item.name): item for item in found.classes}
    assert set(classes) == {
        ("Ethernet1/1", "queue-5"),
        ("Ethernet1/1", "multicast-queue-0"),
        ("Port-Channel3", "queue-4"),
    }
    voice = classes["Ethernet1/1", "queue-5"]
    assert (voice.packets, voice.bytes, voice.dropped, voice.lines[1]) == (812, 120000, 3, 3)
    assert [item.line for item in found.unread] == [6]
    with pytest.raises(ParseError, match="no answer"):
        read("arista_eos", "show interfaces Et1 counters queue detail", "% Invalid input\n")


def test_ios_12_counts_below_each_match():
    found = read("cisco_ios", IOS, IOS_12)
    assert found.unread == ()
    voice, rest = found.classes
    assert (voice.interface, voice.direction, voice.path) == ("Serial0/0", "out", ("WAN-EDGE",))
    assert (voice.packets, voice.bytes, voice.sent_packets) == (4201, 268864, 4100)
    assert [(item.text, item.packets) for item in voice.matched] == [
        ("Match: ip dscp ef (46)", 4200),
        ("Match: access-group name VOICE-PORTS", 1),
    ]
    assert voice.priority
    assert (voice.code_points, voice.sets, voice.offered_bps) == ((46,), 46, 31000)
    assert voice.dropped == 17
    assert rest.bytes == 5400000000
    assert drops(rest) == {DropReason.TOTAL: 3}, "NA is no number"
    assert not any(item.unread for item in found.classes)


def test_ios_15_nests_policies():
    found = read("cisco_ios", IOS, IOS_15)
    classes = by_name(found.classes)
    inner = "SHAPE-10M/class-default/QUEUES/"
    assert set(classes) == {
        "SHAPE-10M/class-default",
        *(inner + name for name in ("priority level 1", "AUDIO", "VIDEO", "class-default")),
    }
    assert classes[inner + "priority level 1"].unit is Unit.QUEUE
    audio, rest = classes[inner + "AUDIO"], classes[inner + "class-default"]
    assert (audio.limit_bps, audio.priority, drops(audio)) == (1000000, True, {DropReason.RATE: 0})
    assert [(item.code_point, item.packets, item.dropped) for item in rest.marks] == [
        (0, 2980, 11),
        (46, 9, 0),
    ]
    assert rest.dropped == 11
    assert classes["SHAPE-10M/class-default"].queue_depth == 2


def test_ios_xe_counts_packets_alone():
    voice, rest = read("cisco_ios", IOS, IOS_XE).classes
    assert (voice.direction, voice.packets, voice.bytes, voice.sets) == ("in", 77, None, 46)
    assert [(item.colour, item.packets, item.action) for item in voice.policed] == [
        (Colour.CONFORM, 70, "transmit"),
        (Colour.EXCEED, 7, "drop"),
    ]
    assert voice.dropped == 7
    assert rest.policed[1].action == "set-dscp-transmit dscp table remark"
    assert (voice.unread, rest.unread) == ((), ())


def test_a_line_that_is_not_known_spoils_its_class_alone():
    text = IOS_12.replace("        Strict Priority\n", "        Strict Priority of a new kind\n")
    voice, rest = read("cisco_ios", IOS, text).classes
    assert [(item.line, item.text.strip()) for item in voice.unread] == [
        (15, "Strict Priority of a new kind")
    ]
    assert voice.seen is None
    assert rest.seen == 900


def test_a_class_that_was_cut_off_is_unknown():
    cut = IOS_15[: IOS_15.index("          3000 packets")]
    last = read("cisco_ios", IOS, cut).classes[-1]
    assert (last.name, last.seen) == ("class-default", None)
    assert "no line tells" in last.unread[0].reason


def test_catalyst_counts_code_points_and_queues():
    found = read("cisco_catalyst", "show mls qos interface Gi1/0/2 statistics", CATALYST)
    assert found.unread == ()
    classes = {(item.direction, item.name): item for item in found.classes}
    out = classes["out", "code points"]
    assert {item.code_point: item.packets for item in out.marks if item.packets} == {0: 800, 46: 60}
    assert len(out.marks) == 64
    assert classes["in", "code points"].packets == 15236
    voice, rest = classes["out", "queue-1"], classes["out", "queue-4"]
    assert (voice.packets, voice.dropped, voice.bits) == (61, 0, 32)
    assert (rest.packets, rest.dropped) == (800, 4)
    assert [item.packets for item in classes["in", "policer"].policed] == [8, 1]


@pytest.mark.parametrize("cut", [" 45 - 49", "  output queues dropped"])
def test_a_cut_catalyst_table_is_told(cut):
    text = CATALYST[: CATALYST.rindex(cut)]
    found = read("cisco_catalyst", "show mls qos interface statistics", text)
    assert found.unread or any(item.unread for item in found.classes)


def test_junos_queues_with_and_without_rates():
    found = read("juniper_junos", "show interfaces queue ge-0/0/1", JUNOS)
    assert (found.unread, found.interfaces) == ((), ("ge-0/0/1",))
    rest, audio, control = found.classes
    assert (rest.name, rest.path, rest.direction) == ("best-effort", ("queue 0",), "out")
    assert (rest.packets, rest.sent_packets, rest.bytes) == (5000, 4990, 5000000000)
    assert drops(rest) == {DropReason.TAIL: 4, DropReason.RANDOM: 6, DropReason.RATE: 0}
    assert (rest.dropped, rest.queue_depth, rest.offered_bps) == (10, 1500, 80000)
    assert (audio.seen, audio.dropped) == (320, 2)
    assert control.name == "network-control, more"
    assert not any(item.unread for item in found.classes)


def test_junos_ports_with_the_default_scheduler_alone():
    text = """\
Physical interface: ge-0/0/1, Index: 305
Maximum usable queues: 8, Queues in use: 8
Exclude aggregate overhead bytes: disabled
Logical interface aggregate statistics: disabled
  Scheduler map: <default>, Index: 2
  Congestion-notification: Disabled

  Logical interface: ge-0/0/1.0, Index: 338
Object                  Name                   Type                    Index
Classifier              ipprec-compatibility   ip                         13

"""
    other = text.replace("ge-0/0/1", "ge-0/0/2").replace("<default>", "QOS")
    found = read("juniper_junos", "show class-of-service interface", text + other)
    assert (found.interfaces, found.unqueued) == (("ge-0/0/1", "ge-0/0/2"), ("ge-0/0/1",))
    assert found.unread == ()


def test_tc_classes_stand_in_each_other():
    found = read("linux", "tc -s class show dev eth1", TC_CLASS)
    assert found.unread == ()
    assert [(c.name, c.path, c.sent_packets, c.dropped) for c in found.classes] == [
        ("1:10", ("1:1",), 20, 2),
        ("1:1", (), 50, 0),
    ]


def test_tc_disciplines_and_the_tins_of_cake():
    found = read("linux", "tc -s qdisc show", TC_QDISC)
    assert found.unread == ()
    assert found.interfaces == ("eth1", "eth2")
    classes = {item.name: item for item in found.classes}
    assert classes["direct"].sent_packets == 6
    assert classes["cake voice"].packets == 3
    assert (classes["cake"].packets, classes["cake"].dropped) == (7, 1)
    assert not any(item.unread for item in found.classes)


def test_rounded_numbers_of_iptables_are_not_taken():
    rule = "   12K   800K RETURN     0    --  *      *       0.0.0.0/0            0.0.0.0/0\n"
    text = "Chain QOSO (1 references)\n" + rule + rule.replace("   12K   800K", "12000 800000")
    found = read("linux", "iptables -L -v -x", text)
    assert [item.packets for item in found.classes] == [12000]
    assert [item.line for item in found.unread] == [2]


def test_the_interface_of_tc_has_to_be_known():
    with pytest.raises(ParseError, match="nothing names the interface"):
        read("linux", "tc -s class show", TC_CLASS)


@pytest.mark.parametrize("command", ["show version", "show policy-map", ""])
def test_another_command_is_refused_with_those_that_are_read(command):
    with pytest.raises(ParseError) as error:
        read("cisco_ios", command, IOS_12)
    assert "show policy-map interface NAME" in error.value.hint


def test_an_answer_to_another_command_is_refused_at_its_line():
    with pytest.raises(ParseError, match=r"^<reply>:1: this is no answer"):
        read("cisco_ios", IOS, "Cisco IOS Software, C2900\nROM: System Bootstrap\n")


@pytest.mark.parametrize("reader", drivers(), ids=lambda item: item.platform)
def test_every_driver_knows_its_own_commands_again(reader):
    assert isinstance(reader, CountsTraffic)
    for commands in (reader.counter_commands(), reader.counter_commands(("eth0", "eth1"))):
        assert commands
        assert all(reader.shows_counters(command) for command in commands)


def captured() -> list[str]:
    root = shared_root()
    folder = None if root is None else root / "corpus" / "show" / "cisco_ios"
    names = ("pmi-*", "pm-type*", "*-verify*", "field-pe*")
    return sorted(str(path) for name in names for path in folder.glob(name)) if folder else [""]


@pytest.mark.parametrize("file", captured())
def test_captured_output_is_understood(file):
    if not file:
        pytest.skip("no captured output on this machine (set QOS_SHARED)")
    with open(file, encoding="utf-8") as stream:
        found = read("cisco_ios", IOS, stream.read())
    assert found.classes
    unread = [*found.unread, *(line for item in found.classes for line in item.unread)]
    strange = [x.text for x in unread if not any(w in x.text for w in NOT_OF_THE_COMMAND)]
    assert strange == []


def test_texts_are_read_in_threads():
    texts = [IOS_12, IOS_15, IOS_XE] * 8
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: read("cisco_ios", IOS, text), texts))
    assert found == [read("cisco_ios", IOS, text) for text in texts]
