"""Repairs of a router: faults of every kind, put into a configuration that is full of others'."""

from __future__ import annotations

import random

import pytest
from audit.repair.foreign_ios import BEFORE, BEHIND, around
from audit.repair.repair_checks import Bench, intents_for
from support.corpus import corpus_files

from translator.audit.repair import repair
from translator.drivers.registry import driver
from translator.errors import RefusedError, TranslatorError, UndecidedError

IOS = driver("cisco_ios")
INTENTS = intents_for("cisco_ios", "GigabitEthernet0/1=client", "Gi0/0=wan:10M")
RIGHT = around(IOS.render(INTENTS).config)
BARE = BEFORE + (
    "interface GigabitEthernet0/0\n ip address 192.0.2.2 255.255.255.252\n!\n"
    "interface GigabitEthernet0/1\n ip address 10.1.0.1 255.255.255.0\n!\n" + BEHIND
)


def put(old: str, new: str, text: str = RIGHT) -> str:
    """Return the right text with one fault; the fault must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


FAULTS = {
    "no policy at all": BARE,
    "defined but bound nowhere": put(
        " service-policy input QOS-IN-CLIENT\n",
        "",
        put(" service-policy output QOS-OUT-SHAPE-10M\n", "", RIGHT),
    ),
    "wrong direction": put("service-policy input QOS-IN", "service-policy output QOS-IN"),
    "port off by one": put("permit udp any range 20000 20039", "permit udp any range 20001 20040"),
    "udp forgotten": put(" permit udp any range 20040 20079 any\n", ""),
    "tcp for udp": put("permit udp any range 20040", "permit tcp any range 30040"),
    "wrong code point": put(
        "set dscp ef\n class QOS-CLIENT-VIDEO", "set dscp cs5\n class QOS-CLIENT-VIDEO"
    ),
    "no mark": put("  set dscp ef\n class QOS-CLIENT-VIDEO", " class QOS-CLIENT-VIDEO"),
    "swapped marks": put(
        "set dscp ef\n class QOS-CLIENT-VIDEO\n  set dscp af41",
        "set dscp af41\n class QOS-CLIENT-VIDEO\n  set dscp ef",
    ),
    "class missing": put(" class QOS-CLIENT-SIGNALLING\n  set dscp cs3\n", ""),
    "class behind another": put(
        " class QOS-CLIENT-SIG",
        " class QOS-RESET\n  set dscp default\n class QOS-CLIENT-SIG",
        put(" class QOS-RESET\n  set dscp default\n", ""),
    ),
    "a class too many": put(
        " class QOS-CLIENT-SIG", " class OFFICE-VOICE\n  set dscp cs1\n class QOS-CLIENT-SIG"
    ),
    "code point missing": put(" match dscp cs3\n", " match dscp cs4\n"),
    "reset incomplete": put("  cs3  af41\n match dscp af42  af43  ef", "  cs3\n match dscp af42"),
    "ipv6 forgotten": put(" match access-group name QOS-CLIENT-AUDIO-V6\n", ""),
    "queue share missing": put("  bandwidth percent 20\n  random-detect dscp-based\n", ""),
    "queue share too large": put("priority percent 10", "priority percent 33"),
    "shares exchanged": put(
        "bandwidth percent 20",
        "bandwidth percent 3",
        put("bandwidth percent 3\n class QOS-OUT-A", "bandwidth percent 20\n class QOS-OUT-A"),
    ),
    "shaper too slow": put("shape average 10000000", "shape average 8000000"),
    "shaper missing": put("  shape average 10000000\n", ""),
    "marks on the way out": put(
        "interface GigabitEthernet0/0\n",
        "interface GigabitEthernet0/0\n service-policy input OFFICE-IN\n",
    ),
    "default marks too": put(
        "  set dscp default\npolicy-map QOS-OUT",
        "  set dscp default\n class class-default\n  set dscp cs1\npolicy-map QOS-OUT",
    ),
}
GAPS = {
    "another's policy": put("input QOS-IN-CLIENT", "input OFFICE-IN"),
    "priority is bandwidth": put("priority percent 10", "bandwidth percent 10"),
    "queues without shaper": put("output QOS-OUT-SHAPE-10M", "output QOS-OUT"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_repaired_without_a_moment_between(fault):
    bench = Bench(IOS, FAULTS[fault], INTENTS)
    found = bench.repaired()
    assert found.needed
    bench.check(found)
    assert untouched(FAULTS[fault]) == untouched(found.text)


@pytest.mark.parametrize("fault", GAPS)
def test_what_needs_a_gap_is_refused_and_then_named(fault):
    bench = Bench(IOS, GAPS[fault], INTENTS)
    with pytest.raises(RefusedError, match="no order of commands is hitless: from line") as refused:
        bench.repaired()
    assert refused.value.exit_code == 5
    assert "--allow-gap" in refused.value.hint
    found = bench.repaired(allow_gap=True)
    bench.check(found, hitless=False)
    gap = found.gaps[0]
    assert found.commands[gap.first - 1].strip() == gap.opens
    assert found.commands[gap.last].strip() == gap.closes
    with pytest.raises(AssertionError):
        bench.check_steps(found)


def untouched(text: str) -> list[str]:
    """The lines that are nobody's but the office's."""
    head, _, rest = text.partition("\n!\nbanner")
    theirs = (line for line in rest.splitlines() if "OFFICE" in line or "NOT-A" in line)
    bound = ("service-policy", "class OFFICE")
    return [head, *sorted(line for line in theirs if not line.strip().startswith(bound))]


def test_the_right_text_needs_nothing():
    found = repair(IOS, RIGHT, INTENTS, snippet=True)
    assert (found.commands, found.rollback, found.text) == ((), (), RIGHT)


def test_small_faults_have_small_repairs():
    sizes = {fault: len(Bench(IOS, FAULTS[fault], INTENTS).repaired().commands) for fault in (
        "port off by one", "wrong code point", "queue share missing", "wrong direction"
    )}  # fmt: skip
    assert sizes == {
        "port off by one": 3,
        "wrong code point": 3,
        "queue share missing": 3,
        "wrong direction": 3,
    }


@pytest.mark.parametrize(
    "fault", ["port off by one", "swapped marks", "wrong direction", "shares exchanged"]
)
def test_no_line_can_be_left_out(fault):
    bench = Bench(IOS, FAULTS[fault], INTENTS)
    found = bench.repaired()
    for number, line in enumerate(found.commands):
        if not line.startswith(" ") or line.startswith(" class "):
            continue  # a header that others stand below
        fewer = found.commands[:number] + found.commands[number + 1 :]
        with pytest.raises((AssertionError, RefusedError)):
            bench.check_result(IOS.apply(bench.text, fewer))


def test_a_name_that_others_use_is_not_overwritten():
    other = (
        "class-map match-any QOS-CLIENT-AUDIO\n match dscp cs1\n"
        "policy-map QOS-IN-CLIENT\n class QOS-CLIENT-AUDIO\n  set dscp cs2\n!\n"
    )
    text = BARE.replace(
        "!\ninterface GigabitEthernet0/0", f"!\n{other}interface GigabitEthernet0/0"
    )
    text = text.replace(
        " service-policy output OFFICE-OUT\n", " service-policy output QOS-IN-CLIENT\n"
    )
    bench = Bench(IOS, text, INTENTS)
    found = bench.repaired()
    bench.check(found)
    assert "class-map match-any QOS-CLIENT-AUDIO-2" in found.commands
    assert "class-map match-any QOS-CLIENT-AUDIO\n match dscp cs1\n" in found.text
    assert "policy-map QOS-IN-CLIENT\n class QOS-CLIENT-AUDIO\n  set dscp cs2\n" in found.text


def test_a_policy_of_others_that_only_this_port_uses_is_changed_class_by_class():
    lone = (
        "policy-map OFFICE-LONE\n class OFFICE-NBAR\n   police cir 128000 bc 8000\n"
        "     conform-action transmit \n     exceed-action drop \n  set dscp cs5\n"
    )
    port = "interface GigabitEthernet0/1\n ip address"
    text = put(port, lone + port, put("input QOS-IN-CLIENT", "input OFFICE-LONE"))
    bench = Bench(IOS, text, INTENTS)
    found = bench.repaired()
    bench.check(found)
    assert "policy OFFICE-LONE keeps its name, and is changed where it is bound" in found.notes
    assert "class-map match-all OFFICE-NBAR\n match protocol rtp audio\n" in found.text
    assert not any("service-policy" in line for line in found.commands)


def test_a_policy_with_another_name_that_is_right_is_bound():
    text = FAULTS["defined but bound nowhere"].replace("QOS-IN-CLIENT", "OFFICE-PORTS")
    found = Bench(IOS, text, INTENTS).repaired()
    assert " service-policy input OFFICE-PORTS" in found.commands
    assert len(found.commands) == 4


def test_lines_that_were_not_understood_are_not_patched():
    text = put("  set dscp ef\n class QOS-CLIENT-V", "  set wonder 7\n class QOS-CLIENT-V")
    with pytest.raises(UndecidedError, match="set wonder 7") as refused:
        repair(IOS, text, INTENTS, snippet=True)
    assert refused.value.exit_code == 6


def test_a_text_that_may_be_cut_off_is_not_patched():
    text = FAULTS["port off by one"].removesuffix("end\n")
    with pytest.raises(UndecidedError, match="whole"):
        repair(IOS, text, INTENTS)
    assert repair(IOS, text, INTENTS, snippet=True).commands


def test_an_interface_that_is_not_there_is_an_error():
    text = BARE.replace("interface GigabitEthernet0/1\n", "interface GigabitEthernet0/7\n")
    with pytest.raises(RefusedError, match="no interface"):
        repair(IOS, text, INTENTS, snippet=True)


@pytest.mark.parametrize("opener", ["pvc 1/100", "service instance 10 ethernet"])
def test_a_policy_below_a_part_of_the_interface_is_not_taken_for_that_of_the_interface(opener):
    bound = " service-policy output QOS-OUT-SHAPE-10M\n"
    text = put(bound, f" {opener}\n {bound} !\n", FAULTS["shaper too slow"])
    with pytest.raises(RefusedError, match=f"below `{opener}`") as refused:
        repair(IOS, text, INTENTS, snippet=True, allow_gap=True)
    assert refused.value.hint.startswith("change it by hand")


def test_a_part_of_the_interface_does_not_hide_what_stands_behind_it():
    bound = " service-policy output QOS-OUT-SHAPE-10M\n"
    text = put(bound, f" service instance 10 ethernet\n  encapsulation dot1q 10\n !\n{bound}")
    assert not repair(IOS, text, INTENTS, snippet=True).needed


def test_ports_of_a_vlan_follow_the_policy_of_its_interface():
    ports = (
        "interface FastEthernet1/0\n switchport mode access\n switchport access vlan 10\n!\n"
        "interface Vlan10\n ip address 10.9.0.1 255.255.255.0\n!\n"
    )
    text = BARE.replace("interface GigabitEthernet0/1", f"{ports}interface GigabitEthernet0/1")
    found = repair(IOS, text, intents_for("cisco_ios", "Vlan10=client"), snippet=True)
    assert " service-policy input QOS-IN-CLIENT" in found.commands
    assert "FastEthernet1/0 follows: it has no QoS of its own" in found.notes


def test_windows_line_ends_stay():
    text = FAULTS["port off by one"].replace("\n", "\r\n")
    found = repair(IOS, text, INTENTS, snippet=True)
    assert found.text.count("\r\n") == found.text.count("\n")


def faulty(rng: random.Random) -> str:
    """Return the right text with one to three small changes of its own lines."""
    lines = RIGHT.splitlines()
    first = next(
        at for at, line in enumerate(lines) if line == "class-map match-any QOS-CLIENT-SIGNALLING"
    )
    own = [
        at
        for at, line in enumerate(lines)
        if at > 0 and line.startswith(" ") and _ours(lines, at) and at > 0 and first
    ]
    for at in rng.sample(own, rng.randint(1, 3)):
        lines[at] = rng.choice((_gone, _number, _word))(lines[at], rng)
    return "\n".join(line for line in lines if line) + "\n"


def _ours(lines: list[str], at: int) -> bool:
    head = next(line for line in reversed(lines[: at + 1]) if not line.startswith(" "))
    ours = "QOS-" in head or (head.startswith("interface") and "service-policy" in lines[at])
    return ours and "OFFICE" not in lines[at] and "NOT-A" not in lines[at]


def _gone(line: str, _rng: random.Random) -> str:
    return "" if not line.startswith(" class") else line


def _number(line: str, rng: random.Random) -> str:
    words = line.split(" ")
    numbers = [at for at, word in enumerate(words) if word.isdigit() and "plan" not in line]
    if numbers:
        at = rng.choice(numbers)
        words[at] = str(max(1, int(words[at]) + rng.choice((-1, 1))))
    return " ".join(words)


def _word(line: str, rng: random.Random) -> str:
    swaps = {"udp": "tcp", "ef": "cs5", "af41": "ef", "input": "output", "cs3": "af31"}
    words = [swaps.get(word, word) if rng.random() < 0.8 else word for word in line.split(" ")]
    return " ".join(words)


def test_random_faults_are_repaired_or_refused():
    rng = random.Random(20131)
    repaired = refused = 0
    for number in range(200):
        text = faulty(rng)
        bench = Bench(IOS, text, INTENTS)
        found = bench.outcome()
        if isinstance(found, TranslatorError):
            assert found.exit_code in (5, 6), (number, found)
            refused += 1
            continue
        after = IOS.apply(text, found.commands)
        bench.check_result(after)
        bench.check_others(IOS.parse(after))
        if number % 5 == 0:
            bench.check_rollback(after, found)
            bench.check_steps(found)
        repaired += 1
    assert repaired >= 150, (repaired, refused)


@pytest.mark.parametrize("path", corpus_files("cisco_ios"), ids=lambda path: path.name)
def test_real_configurations_are_repaired_or_refused_with_a_reason(path):
    raw = path.read_bytes().decode("latin-1")
    if raw.lstrip()[:1] in ("<", "{", "["):
        pytest.skip("no IOS text")
    names = [item.name for item in IOS.parse(raw).interfaces if "range" not in item.name]
    names = [name for name in names if name[0].isalpha() and " " not in name][:1]
    if not names:
        pytest.skip("the text has no interface that could be asked for")
    intents = intents_for("cisco_ios", f"{names[0]}=client")
    found = Bench(IOS, raw, intents).outcome(allow_gap=True)
    if isinstance(found, TranslatorError):
        assert found.exit_code in (2, 5, 6)
        return
    kept = set(raw.replace("\r", "").split("\n"))
    gone = kept - set(found.text.replace("\r", "").split("\n"))
    taken = {line.strip().removeprefix("no ") for line in found.commands if " no " in f" {line}"}
    for line in gone:  # nothing disappears that no command takes away or sets anew
        assert line.strip() in taken or " ".join(line.split()).split(" ")[0] in (
            "set",
            "class",
            "match",
        )
