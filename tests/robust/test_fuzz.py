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


@pytest.mark.parametrize("name", LONG)
def test_one_long_line_is_read_or_refused(name):
    start, part, end = LONG[name]
    data = (start + part * (100_000 // len(part)) + end).encode()
    for platform in ("cisco_ios", "cisco_catalyst", "juniper_junos", "linux", "tomato"):
        fuzz.check(platform, data, timed=TIMED)


@pytest.mark.parametrize("name", LARGE)
def test_a_quarter_megabyte_of_the_same_is_read_or_refused(name):
    """Anything quadratic takes minutes, or many times what `make fuzz` allows."""
    data = (LARGE[name] * (250_000 // len(LARGE[name]))).encode()
    for platform in ("cisco_ios", "cisco_catalyst", "juniper_junos", "linux", "tomato"):
        fuzz.check(platform, data, timed=TIMED)
