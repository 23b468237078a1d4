"""What the kernel counts, read through the parsers, is what was sent and captured."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lab.agreement import intents_for
from lab.netns import Lab
from lab.packets import Captured, Sent

from translator.counters.change import State
from translator.counters.examine import Examination, Question, examine
from translator.counters.snapshot import Snapshot, snapshot_of
from translator.drivers.linux import Linux
from translator.intents.compile import InterfaceSpec
from translator.intents.counters import Shown
from translator.intents.lower import lower
from translator.plan.load import load_plan

pytestmark = pytest.mark.netns

LINUX = Linux()
SHAPE = ("lan=client", "wan=wan:1G")
EF, AF41 = 46, 34
AUDIO = [Sent(4, "udp", 20000 + at % 40, 50000) for at in range(37)]
AUDIO_V6 = [Sent(6, "udp", 20005, 50000) for _ in range(11)]
VIDEO = [Sent(4, "udp", 20040, 50000) for _ in range(23)]
OTHER = [Sent(4, "udp", 33333, 50000, size=400) for _ in range(19)]
QUEUE_OF_EF = "table inet seen { chain out { type filter hook postrouting priority 300; \
oifname wan ip dscp ef counter; oifname wan ip6 dscp ef counter; }; }"


@pytest.fixture
def config(lab: Lab, tmp_path: Path) -> str:
    """Our configuration, running."""
    text = LINUX.render(lower(intents_for(*SHAPE), LINUX.capabilities)).config
    lab.apply(text, folder=tmp_path)
    return text


def counted(lab: Lab) -> Snapshot:
    """What the router has counted by now."""
    commands = LINUX.counter_commands(("wan",))
    return snapshot_of(LINUX, [Shown(item, lab.run(*item.split())) for item in commands])


def examined(config: str, before: Snapshot, after: Snapshot) -> Examination:
    specs = tuple(InterfaceSpec.of(text) for text in SHAPE)
    return examine(Question(LINUX, load_plan("lync-2013"), config, specs=specs), before, after)


def sent_by_class(found: Examination) -> dict[str, int]:
    """Packets of each leaf class between the two snapshots."""
    return {
        item.counted.name: item.counted.sent_packets or 0
        for item in found.difference.changes
        if item.counted.path == ("1:1",)
    }


def marks(arrived: list[Captured]) -> Counter[int]:
    return Counter(item.tos >> 2 for item in arrived if item.number is not None)


def kinds(found: Examination) -> dict[str, set[str]]:
    """Kinds of findings with the classes of the plan that they name."""
    result: dict[str, set[str]] = {}
    for item in found.findings:
        result.setdefault(item.kind, set()).add(item.traffic_class)
    return result


def test_classes_count_what_is_captured(lab: Lab, config: str) -> None:
    before = counted(lab)
    arrived = marks(lab.exchange([*AUDIO, *VIDEO, *AUDIO_V6, *OTHER]))
    found = examined(config, before, counted(lab))
    assert found.difference.after.unread == ()
    by_class = sent_by_class(found)
    assert (by_class["1:10"], by_class["1:20"], by_class["1:60"]) == (
        arrived[EF],
        arrived[AF41],
        arrived[0],
    )
    assert (arrived[EF], arrived[AF41], arrived[0]) == (48, 23, 19)
    assert sum(by_class.values()) == 90


def test_an_idle_class_is_told(lab: Lab, config: str) -> None:
    before = counted(lab)
    lab.exchange([*AUDIO, *OTHER])
    found = examined(config, before, counted(lab))
    assert kinds(found) == {"class-idle": {"video", "signalling", "app_sharing", "file_transfer"}}
    assert all(item.rows for item in found.findings if item.traffic_class == "video")
    assert found.exit_code == 1


def test_voice_that_nobody_marks_waits_with_the_rest(lab: Lab, config: str) -> None:
    lab.run("nft", "flush", "chain", "inet", "qos_translator", "from_lan")
    before = counted(lab)
    lab.exchange(AUDIO)
    found = examined(config, before, counted(lab))
    assert sent_by_class(found)["1:60"] == len(AUDIO)
    assert "audio" in kinds(found)["class-idle"]
    (message,) = [item.message for item in found.findings if item.traffic_class == "audio"]
    assert f"'1:60' saw {len(AUDIO)}" in message


def test_marked_voice_without_its_queue_is_told(lab: Lab, config: str) -> None:
    lab.run("nft", "flush", "chain", "inet", "qos_translator", "to_wan")
    lab.run("nft", "-f", "-", text=QUEUE_OF_EF)
    before = counted(lab)
    arrived = marks(lab.exchange([*AUDIO, *AUDIO_V6]))
    found = examined(config, before, counted(lab))
    (finding,) = [item for item in found.findings if item.kind == "default-holds-ef"]
    assert finding.message.startswith(f"{arrived[EF]} packets left wan marked ef, and 0 of them")
    assert finding.traffic_class == "audio"


def test_marked_voice_in_its_queue_is_fine(lab: Lab, config: str) -> None:
    lab.run("nft", "-f", "-", text=QUEUE_OF_EF)
    before = counted(lab)
    lab.exchange([*AUDIO, *AUDIO_V6])
    assert "default-holds-ef" not in kinds(examined(config, before, counted(lab)))


def test_lost_voice_is_told_with_its_number(lab: Lab, config: str) -> None:
    slow = "dev wan parent 1:1 classid 1:10 htb rate 8kbit ceil 8kbit burst 100 cburst 100"
    lab.run("tc", "class", "change", *slow.split())
    fifo = "dev wan parent 1:10 handle 10: pfifo limit 3"
    lab.run("tc", "qdisc", "replace", *fifo.split())
    lab.run("nft", "-f", "-", text=QUEUE_OF_EF)
    before = counted(lab)
    arrived = marks(lab.exchange(AUDIO, settle_s=1.0))
    found = examined(config, before, counted(lab))
    assert "default-holds-ef" not in kinds(found), "it was lost, not misplaced"
    (finding,) = [item for item in found.findings if item.kind == "drops-in-ef"]
    voice = next(c.counted for c in found.difference.changes if c.counted.name == "1:10")
    waiting = voice.queue_depth or 0
    assert finding.traffic_class == "audio"
    assert f"lost {voice.dropped} packets" in finding.message
    # A packet may leave the queue between the last capture and the last count.
    assert 0 <= len(AUDIO) - voice.dropped - arrived[EF] - waiting <= 1


def test_a_new_tree_counts_anew(lab: Lab, config: str, tmp_path: Path) -> None:
    lab.exchange(AUDIO)
    before = counted(lab)
    lab.apply(config, folder=tmp_path)
    lab.exchange(VIDEO)
    found = examined(config, before, counted(lab))
    assert "counters-cleared" in kinds(found)
    assert sent_by_class(found)["1:20"] == len(VIDEO)
    states = {c.state for c in found.difference.changes if c.counted.interface == "wan"}
    assert State.CLEARED in states
    assert states <= {State.CLEARED, State.NEW}


def test_iptables_counts_what_is_sent(lab: Lab) -> None:
    for options in (
        "-N QOSO",
        "-A POSTROUTING -o wan -j QOSO",
        "-A QOSO -p udp -m multiport --sports 20000:20039 -j DSCP --set-dscp-class ef",
        "-A QOSO -m dscp --dscp-class ef -j CLASSIFY --set-class 1:10",
    ):
        lab.run("iptables", "-t", "mangle", *options.split())
    command = "iptables -t mangle -L -v -x -n"
    before = LINUX.read_counters(Shown(command, lab.run(*command.split())))
    arrived = marks(lab.exchange([*AUDIO, *OTHER]))
    after = LINUX.read_counters(Shown(command, lab.run(*command.split())))
    assert after.unread == ()
    seen = {item.name: item.packets for item in after.classes}
    assert {item.packets for item in before.classes} == {0}
    assert [seen[name] for name in sorted(seen) if "QOSO" in name] == [len(AUDIO) + len(OTHER)]
    marking, classifying = (item for item in after.classes if item.path[-1] == "QOSO")
    assert (marking.packets, marking.sets) == (len(AUDIO), EF)
    assert (classifying.packets, classifying.code_points) == (arrived[EF], (EF,))
    assert classifying.into == "1:10"
