"""A few seconds of the fuzzer, and that it would see a fault; `make fuzz` is the whole of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest
from robust import fuzz

from translator.drivers.registry import driver, driver_names

# `make fuzz` holds the readers to their time; a test on a busy machine cannot.
TIMED = bool(os.environ.get("QOS_TIMED"))


def test_damaged_configurations_are_read_or_refused():
    assert fuzz.run(seed=20250106, inputs=1500, timed=TIMED) == []


def test_a_seed_gives_the_same_inputs_again():
    first, again, other = (list(islice(fuzz.Generator(seed).inputs(), 200)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert {platform for platform, _ in first} == set(driver_names())
    assert len({data for _, data in first}) > 190


def test_a_crash_and_a_slow_reader_are_seen(monkeypatch, tmp_path):
    reader = type(driver("cisco_ios"))
    monkeypatch.setattr(reader, "parse", lambda *_, **__: 1 // 0)
    (fault, *_) = fuzz.run(seed=1, inputs=40, keep=tmp_path)
    assert "ZeroDivisionError" in fault
    assert list(tmp_path.iterdir())
    monkeypatch.undo()

    def slow(text: str) -> str:
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        return text

    monkeypatch.setattr(fuzz, "cleaned", slow)
    with pytest.raises(AssertionError, match="took"):
        fuzz.check("linux", b"table inet t {\n}\n")


def test_it_runs_as_a_script(tmp_path):
    script = Path(fuzz.__file__)
    done = subprocess.run(
        [sys.executable, str(script), "--inputs", "30", "--seed", "3"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "30 inputs of seed 3: 0 faults" in done.stdout


LARGE = {
    "bare headers": "interface\n",
    "interfaces": "interface GigabitEthernet0/1\n",
    "classes": "class-map A\n",
    "policies": "policy-map P\n class C\n",
    "permits": "permit udp any any\n",
    "words": "match ",
    "braces": "{",
    "closed braces": "{}\n",
    "statements": "a b;\n",
    "set lines": "set firewall filter F term T then accept\n",
    "deep set lines": "set " + "a " * 80 + "\n",
    "comments": "/* a */\n",
    "open comments": "/*",
    "quotes": '"',
    "rules": "-A FORWARD -j X\n",
    "chains": "table inet t {\n",
    "commands": "tc qdisc add dev eth0 root htb\n",
    "semicolons": ";",
    "dollars": "$(",
    "ifs": "if true; then\n",
    "settings": "qos_orules=0<<-1<s<9<<<<<1<x\n",
    "script": "script_fire=a\n",
    "returns": "\r",
    "escapes": "\x1b[",
    "moves": "\x1b[9D",
    "backspaces": "a\b",
    "pagers": "--More-- ",
    "frames": "---- show run ----\n",
    "blank lines": "\n",
    "blanks": " ",
    "prompts": "r1#\n",
    "banners": "banner motd ^C\n",
}


# One line that is very long, or nested very deep: beginning, what is repeated, and end.
LONG = {
    "words of tc": ("tc qdisc add dev eth0 root htb\n", "tc ", "\n"),
    "a name in arithmetic": ("tc qdisc add dev eth0 root htb\nx=$((", "a", "))\n"),
    "blanks in a script": ("script_fire=tc qdisc add dev eth0 root htb", " ", "x\n"),
    "blanks at the end of a line": ("hostname r\nmls qos", " ", "x\nend\n"),
    "blanks in a case": ("case a in x", " ", "x\n}"),
    "blanks behind a command of Tomato": ("script_fire=iptables -t mangle -A FORWARD ", " ", "x"),
    "here documents in here documents": ("", "0<<a\n", ""),
    "lists in a set line": ("set firewall filter F term T from ", "[ ", "x"),
    "lists that multiply": ("set firewall ", "[ a b ] ", "\n"),
    "lists that multiply in braces": ("firewall { ", "[ a b ] ", ";}"),
    "words of one statement": ("apply-groups ", "9 ", "x\n}"),
    "functions": ("tc qdisc\n", "f(){ a;}\n", ""),
    "braces of nft": ("table inet t { ", "{ ", "}"),
    "a list of ports": ("table ip t { chain c { udp sport { ", "1-2,", "} } }"),
    "an access list's range": ("ip access-list extended A\n permit udp any range ", "1 ", "x"),
    "code points": ("class-map match-any A\n match dscp ", "ef ", "x"),
    "signs of an option": ("firewall { family inet { filter F { term T { from { ", "a ", ";"),
}


PLATFORMS = ("cisco_ios", "cisco_catalyst", "arista_eos", "juniper_junos", "linux", "tomato")


@pytest.mark.parametrize("name", LONG)
def test_one_long_line_is_read_or_refused(name):
    start, part, end = LONG[name]
    data = (start + part * (100_000 // len(part)) + end).encode()
    for platform in PLATFORMS:
        fuzz.check(platform, data, timed=TIMED)


# The same with a number or a sign of its own in each part: nothing is remembered of another.
NUMBERED = {
    "banners that do not end": "banner motd {sign}\n",
    "banners of aaa": "aaa authentication banner {sign}\n",
    "macros that do not end": "macro name m{number}\n",
    "interfaces": "interface Gi0/{number}\n",
    "ports of EOS": "interface Ethernet{number}\n   qos trust dscp\n   tx-queue 1\n",
    "ranges of EOS": "interface Ethernet{number}-4096\n   service-policy type qos input P\n",
    "classes of EOS": "class-map type qos match-any C{number}\n   match ip access-group A\n",
    "profiles of EOS": "qos profile P{number}\n   tx-queue 1\n      shape rate 1\n",
    "interfaces that trust": "interface Gi0/{number}\n mls qos trust cos\n",
    "ranges of interfaces": "interface range Gi{number}/1 - 4096\n mls qos trust cos\n",
    "lists of interfaces": "match input-interface Gi0/{number} - 9{number}\n",
    "subinterfaces": "interface Gi0/1.{number}\n service-policy input P{number}\n",
    "classes": "class-map match-any C{number}\n match class-map C1{number}\n",
    "policies": "policy-map P{number}\n class C\n  service-policy P1{number}\n",
    "entries": "access-list 101 permit udp any any eq {number}\n",
    "units": "set interfaces ge-0/0/0 unit {number} family inet filter input F\n",
    "terms": "set firewall family inet filter F term T{number} then accept\n",
    "words of a filter": "set firewall family inet filter F x{number} y\n",
    "groups": "set groups G{number} firewall filter F\nset apply-groups G{number}\n",
    "chains": "add chain inet t c{number}\n",
    "jumps": "-A FORWARD -m mark --mark {number} -j C{number}\n",
    "devices": "tc qdisc add dev eth{number} root handle 1: htb\n",
    "classes of tc": "tc class add dev eth0 parent 1: classid 1:{number} htb rate 1mbit\n",
    "settings": "qos_{number}=x\n",
}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_quarter_megabyte_of_parts_that_differ_is_read_or_refused(name):
    parts = (NUMBERED[name].format(number=at, sign=chr(0x4E00 + at)) for at in range(20_000))
    data = "".join(parts).encode()[:250_000].decode(errors="ignore").encode()
    for platform in PLATFORMS:
        fuzz.check(platform, data, timed=TIMED)


# What stands at the beginning, and what is repeated below it, one line or two for each number.
_LIST = "class-map match-any C\n match access-group name A\nip access-list extended A\n"
BELOW = {
    "interface": ("cisco_ios", "interface range Gi0/1 - 24\n"),
    "interfaces": ("cisco_catalyst", "interface range Gi0/1 - 4096\n"),
    "list": ("cisco_ios", _LIST),
    "class": ("cisco_ios", "class-map match-any C\n"),
    "policy": ("cisco_catalyst", "policy-map P\n class C\n"),
    "chain": ("linux", "table inet t {\n chain c {\n  type filter hook forward priority 0;\n"),
    "table": ("linux", "*mangle\n:FORWARD ACCEPT [0:0]\n"),
    "discipline": ("linux", "tc qdisc add dev eth0 root handle 1: htb\n"),
    "filter": ("juniper_junos", "firewall { family inet { filter F {\n"),
    "aliases": ("juniper_junos", "class-of-service { code-point-aliases { dscp {\n"),
    "script": ("tomato", "script_fire=\n"),
}
REPEATED = (
    " shape x\n",
    " 1     \n",
    " a b c \n",
    "mace x y\n",
    " mls qos trust cos\n",
    "counter accept;",
    "fq_codel\n",
    "-A FORWARD -j X\n",
    "mangle a\n",
    "alias-name;\n",
)


@pytest.mark.parametrize("part", REPEATED, ids=str.strip)
@pytest.mark.parametrize("name", BELOW)
def test_an_eighth_of_a_megabyte_below_a_beginning_is_read_or_refused(name, part):
    platform, beginning = BELOW[name]
    fuzz.check(platform, (beginning + part * (125_000 // len(part))).encode(), timed=TIMED)


TIMES = range(30)
IN_EACH_OTHER = {
    "classes": (
        "cisco_ios",
        "".join(
            f"class-map match-any C{at}\n"
            f" match class-map C{at + 1}\n match not class-map C{at + 1}\n"
            for at in TIMES
        ),
    ),
    "policies": (
        "cisco_ios",
        "".join(
            f"policy-map P{at}\n"
            + "".join(f" class A{item}\n  service-policy P{at + 1}\n" for item in TIMES)
            for at in TIMES
        ),
    ),
    "object-groups": (
        "cisco_ios",
        "".join(
            f"object-group network O{at}\n group-object O{at + 1}\n group-object O{at + 1}\n"
            for at in TIMES
        )
        + "object-group network O30\n host 10.0.0.1\n"
        "ip access-list extended A\n permit udp object-group O0 any\n"
        "class-map match-any C\n match access-group name A\n",
    ),
    "definitions": (
        "linux",
        "define a0 = { 1, 2 }\n"
        + "".join(f"define a{at + 1} = {{ $a{at}, $a{at} }}\n" for at in TIMES)
        + "add chain inet t c { type filter hook forward priority 0; }\n"
        "add rule inet t c udp sport $a30 accept\n",
    ),
    "variables": (
        "linux",
        "#!/bin/sh\nA0=mangle\n"
        + "".join(f'A{at + 1}="$A{at} $A{at}"\n' for at in TIMES)
        + "iptables -t $A30 -A FORWARD -j ACCEPT\n",
    ),
    "filters of tc": (
        "linux",
        "tc qdisc add dev eth0 root handle 1: htb\n"
        + "".join(
            f"tc class add dev eth0 parent 1:{at or ''} classid 1:{at + 1} htb rate 1mbit\n"
            + f"tc filter add dev eth0 parent 1:{at or ''} protocol ip u32 match ip sport 1 0xffff "
            f"flowid 1:{at + 1}\n" * 30
            for at in range(9)
        ),
    ),
    "members of ranges": (
        "juniper_junos",
        "".join(
            f"set interfaces interface-range R{at} member-range ge-0/0/0 to ge-0/0/999\n"
            f"set interfaces interface-range R{at} unit 0 family inet filter input F\n"
            for at in range(1000)
        ),
    ),
    "patterns": (
        "juniper_junos",
        "".join(
            f"set class-of-service interfaces ge-{at}* unit * scheduler-map M\n"
            f"set class-of-service interfaces xe-{at} unit 0 scheduler-map M\n"
            for at in range(2000)
        ),
    ),
    "configuration groups": (
        "juniper_junos",
        "".join(f"set groups G interfaces <ge-*{at}*> unit 0 description x\n" for at in range(2000))
        + "set apply-groups G\n"
        + "".join(f"set interfaces ge-0/0/{at} unit 0 family inet\n" for at in range(2000)),
    ),
}


@pytest.mark.parametrize("name", IN_EACH_OTHER)
def test_what_stands_for_much_more_than_is_written_is_read_or_refused(name):
    """Anything that is multiplied out takes minutes, or all memory."""
    platform, text = IN_EACH_OTHER[name]
    fuzz.check(platform, text.encode(), timed=TIMED)


@pytest.mark.parametrize("name", ["classes", "policies", "patterns"])
def test_what_is_too_much_to_be_read_is_not_said_to_be_understood(name):
    platform, text = IN_EACH_OTHER[name]
    device = driver(platform).parse(text, file="device.cfg")
    assert device.unread or any("than are followed" in item for item in device.notes)


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("cisco_ios", "interface Gi0/1\nmace\n\n"),
        ("cisco_catalyst", "interface Gi0/1\nmac\n  x\n\n"),
        ("juniper_junos", "class-of-service { code-point-aliases { dscp { ways; } } }"),
        ("linux", "table ip f {\n chain c {\n  handle 4\n }\n}\n"),
        ("linux", "define x =\ntable ip f {\n chain c {\n  $x\n }\n}\n"),
    ],
)
def test_what_once_was_a_traceback_is_read(platform, text):
    fuzz.check(platform, text.encode(), timed=False)


@pytest.mark.parametrize("name", LARGE)
def test_a_quarter_megabyte_of_the_same_is_read_or_refused(name):
    """Anything quadratic takes minutes, or many times what `make fuzz` allows."""
    data = (LARGE[name] * (250_000 // len(LARGE[name]))).encode()
    for platform in PLATFORMS:
        fuzz.check(platform, data, timed=TIMED)
