"""The engine: tables of others, exit status, what is unchanged, echoes, and hostile replies."""

from __future__ import annotations

import pytest

from translator.drivers.echo import Echo
from translator.drivers.registry import driver
from translator.drivers.replies import Form, Kind, Reply, ReplyTable
from translator.drivers.reply_reader import ReplyReader

IOS, LINUX = driver("cisco_ios"), driver("linux")
LONG = "ip access-list extended THE-LIST-OF-ALL-LISTS-WITH-A-NAME-THAT-DOES-NOT-FIT-ON-A-SCREEN"


def test_a_driver_of_others_states_its_own_table():
    table = ReplyTable(lead=r"ERR ", refused=(Form(Kind.LOCKED, (r"busy",)),), prompt=r"toy> ")
    reader = ReplyReader(table)
    found = reader.answer("set a", "toy> set a\nERR busy\ntoy> ").refusal
    assert found is not None
    assert (found.kind, found.known, found.unchanged) == (Kind.LOCKED, True, True)
    unknown = reader.answer("set a", "ERR 77").refusal
    assert unknown is not None
    assert (unknown.kind, unknown.known) == (Kind.OTHER, False)
    assert "not known" in str(unknown)
    assert reader.answer("set a", "fine").refusal is None


def test_the_exit_status_is_the_truth():
    said = "Error: Could not process rule: File exists\n"
    taken = LINUX.answer("nft -f x", Reply(said, 0))
    assert taken.refusal is None
    assert taken.notes == (said.strip(),)
    failed = LINUX.refusal("frob", Reply("", 1))
    assert failed is not None
    assert failed.message == "exit status 1: no message"


def test_what_a_refused_line_leaves_unchanged():
    line = IOS.refusal("match dscp zz", "% Invalid input detected at '^' marker.\n")
    batch = IOS.refusal("class-map A\nmatch dscp zz", "% Invalid input detected at '^' marker.\n")
    room = IOS.refusal("copy a flash:b", "%Error opening flash:b (No space left on device)\n")
    assert line is not None
    assert batch is not None
    assert room is not None
    assert (line.unchanged, batch.unchanged, room.unchanged) == (True, False, False)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"R1(config)#{LONG}\nR1(config-ext-nacl)#", Echo.SAME),
        (f"R1(config)#{LONG[:60]}\n{LONG[60:]}\n", Echo.SAME),
        (f"R1(config)#{LONG[:20]}\n*Mar  1 00:00:00: %SYS-5-CONFIG_I: x\n{LONG[20:]}\n", Echo.SAME),
        (f"R1(config)#{LONG[:70]}" + "\b" * 70 + f"${LONG[20:]}\x1b[K\n", Echo.SHORTENED),
        (f"R1(config)#${LONG[30:]}\n", Echo.SHORTENED),
        (f"R1(config)#{LONG[:50]}$\n", Echo.SHORTENED),
        (f"R1(config)#{LONG.replace('LISTS', 'LITS')}\n", Echo.DIFFERENT),
        (LONG.replace("access-list", "acess-list") + "\n", Echo.DIFFERENT),
        (f"R1(config)#${LONG[30:-3]}\n", Echo.DIFFERENT),
        ("R1(config)#exit\n", Echo.DIFFERENT),
        ("", Echo.ABSENT),
        ("% Incomplete command.\n", Echo.ABSENT),
    ],
)
def test_the_echo_is_compared_with_what_was_sent(reply, expected):
    assert IOS.answer(LONG, reply).echo is expected


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "%Foo bar baz is what it says here\n",
        "this line says not a thing of interest\n",
        "a\b",
        "\n",
        "R1#i\n*Mar  1 00:00:00.000: %LINK-3-UPDOWN: x\n",
        "x\r",
        "\x1b]0;",
        "--More-- ",
    ],
)
def test_five_megabytes_of_anything_are_read_to_the_end(piece):
    text = piece * (5_000_000 // len(piece)) + "\n% Incomplete command.\n"
    found = IOS.refusal("interface GigabitEthernet0/0", text)
    assert found is not None
    assert found.kind is Kind.INCOMPLETE


def test_erasing_a_long_line_again_and_again_is_read_to_the_end():
    text = "a" * 1_000_000 + "\x1b[K" * 300_000 + "\n% Incomplete command.\n"
    assert IOS.refusal("interface GigabitEthernet0/0", text) is not None
