"""From saved terminal output to commands and replies; hostile text is read to the end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from counters.outputs import IOS_15, TC_CLASS, TC_QDISC

from translator.counters.replies import replies_in, taken_at
from translator.counters.snapshot import counting, snapshot_of
from translator.drivers.registry import driver
from translator.errors import ParseError
from translator.intents.counters import Shown

IOS, LINUX = driver("cisco_ios"), driver("linux")


def test_a_session_with_prompts_is_taken_apart():
    text = (
        f"R1#terminal length 0\nR1#show clock\n*13:26:20.118 UTC Wed Dec 15 2021\n"
        f"R1#show policy-map interface Gi0/0\n{IOS_15}R1#show version\nCisco IOS Software\nR1#\n"
    )
    (reply,) = replies_in(text, counting(IOS), "r1.log")
    assert reply.command == "show policy-map interface Gi0/0"
    assert (reply.first_line, reply.text.strip()) == (5, IOS_15.strip())
    assert snapshot_of(IOS, [reply]).unread == ()
    assert snapshot_of(IOS, [reply]).classes[0].lines[0] == 9


@pytest.mark.parametrize(
    "prompt",
    ["# ", "$ ", "root@gw:~# ", "[root@gw ~]# ", "gw# ", "user@gw:/home/user$ sudo "],
)
def test_prompts_of_linux(prompt):
    text = (
        f"{prompt}tc -s class show dev eth1\n{TC_CLASS}\n"
        f"{prompt}tc -s qdisc show\n{TC_QDISC}\n{prompt}date\nSun Nov 29 09:03:23 UTC 2026\n"
    )
    replies = replies_in(text, counting(LINUX), "gw.log")
    assert [item.command.removeprefix("sudo ") for item in replies] == [
        "tc -s class show dev eth1",
        "tc -s qdisc show",
    ]
    assert snapshot_of(LINUX, replies).unread == ()


def test_frames_of_a_support_listing():
    text = (
        "------------------ show version ------------------\n\nCisco IOS\n\n"
        f"------------------ show policy-map interface ------------------\n\n{IOS_15}\n"
        "------------------ show clock ------------------\n\n"
    )
    (reply,) = replies_in(text, counting(IOS), "tech.txt")
    assert snapshot_of(IOS, [reply]).unread == ()


def test_a_reply_alone_is_known_by_its_lines_or_its_file():
    (reply,) = replies_in(IOS_15, counting(IOS), "saved.txt")
    assert reply.command == "show policy-map interface"
    (reply,) = replies_in(TC_CLASS, counting(LINUX), "dir/tc_-s_class_show_dev_eth1.txt")
    assert reply.command == "tc -s class show dev eth1"


def test_a_text_without_counters_names_the_commands():
    with pytest.raises(ParseError) as error:
        replies_in("hostname r1\n", counting(IOS), "r1.conf")
    assert str(error.value).startswith("r1.conf:1: holds no counters")
    assert "show policy-map interface NAME" in error.value.hint


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Time source is NTP, 13:26:20.118 UTC Wed Dec 15 2021", (2021, 12, 15, 13, 26, 20)),
        ("x\n*01:02:03.000 CET Mon Mar 1 1993\n", (1993, 3, 1, 1, 2, 3)),
        ("Sun Nov 29 09:03:23 UTC 2026", (2026, 11, 29, 9, 3, 23)),
        ("Current time: 2021-12-15 13:26:20 UTC", (2021, 12, 15, 13, 26, 20)),
        ("99:99:99 UTC Wed Dec 15 2021", None),
        ("5 minute offered rate 0 bps", None),
    ],
)
def test_the_clock_of_the_device(text, time):
    assert taken_at(text) == (None if time is None else datetime(*time, tzinfo=UTC))


def test_the_later_of_two_replies_counts():
    replies = [
        Shown("tc -s class show dev eth1", TC_CLASS),
        Shown("tc -s class show dev eth1", TC_CLASS.replace("20 pkt", "21 pkt")),
    ]
    classes = snapshot_of(LINUX, replies).classes
    assert [item.sent_packets for item in classes] == [21, 50]


HOSTILE = {
    "one long line": "a" * 300_000,
    "blanks": "      bandwidth remaining 1" + " " * 900 + "x\n",
    "prompts": "R1#" * 60 + "\n",
    "deep": "".join(" " * at + f"Class-map: c{at} (match-any)\n" for at in range(1, 400)),
    "colons": "12:" * 90 + "\n",
    "other text": "x\n" * 50_000,
}
# Prompts end a reply, and classes stand in no interface here.
SAYS_NOTHING = ("prompts", "deep")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("head", ["", "GigabitEthernet0/1\n  Service-policy output: P\n"])
def test_hostile_text_is_told_and_never_taken_for_counters(name, head):
    taken_at(HOSTILE[name])
    text = f"R1#show policy-map interface\n{head}{HOSTILE[name]}"
    replies = replies_in(text, counting(IOS), "x.txt")
    if not head and name not in SAYS_NOTHING:
        with pytest.raises(ParseError) as error:
            snapshot_of(IOS, replies)
        assert error.value.where is not None
        return
    found = snapshot_of(IOS, replies)
    assert all(item.seen is None for item in found.classes)
    assert found.unread or found.classes or name == "prompts"
