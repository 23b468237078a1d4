"""Typing at a prompt: the reply is what stands between the echo and the next prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from translator.drivers.change import Command, TypedAnswer
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.errors import ConnectionLostError, DeadlineError, DriverError
from translator.push.cli_channel import CliChannel


class Terminal:
    """Stands in for a channel: each line that is typed is answered with pieces of text."""

    def __init__(self, answer: Callable[[str], list[str]]) -> None:
        self.answer = answer
        self.waiting: list[bytes] = []
        self.typed: list[str] = []

    def sendall(self, data: bytes) -> None:
        self.typed.append(data.decode())
        self.waiting += [piece.encode() for piece in self.answer(data.decode().rstrip("\n"))]

    def recv_ready(self) -> bool:
        return bool(self.waiting)

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds

    def recv(self, _: int) -> bytes:
        if not self.waiting:
            raise TimeoutError
        return self.waiting.pop(0)


def told(answer: Callable[[str], list[str]], command: Command, prompt: str = "R1") -> str:
    return CliChannel(Terminal(answer), prompt, "r1").command(command).text


def test_echo_and_prompt_are_no_part_of_the_reply():
    def answer(line: str) -> list[str]:
        return [f"{line}\r\n", "line one\r\nR1 is", " fine#\r\n", "R1(config-pmap-c)#"]

    channel = CliChannel(Terminal(answer), "R1", "r1")
    reply = channel.command(Command("show it"))
    assert (reply.text, reply.prompt, reply.status) == (
        "line one\nR1 is fine#", "R1(config-pmap-c)#", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("R1", "R1#"), ("R1", "R1(config)#"), ("R1", "R1>"), ("user@mx", "user@mx> "),
        ("user@mx", "[edit class-of-service]\r\nuser@mx# "),
        ("a-very-long-host-name", "a-very-long-host-na(config-if)#"),
        ("RP/0/RSP0/CPU0:xr", "RP/0/RSP0/CPU0:xr(config)#"),
    ],
)  # fmt: skip
def test_prompts_of_all_modes_end_a_reply(prompt: str, shown: str):
    text = told(lambda line: [f"{line}\r\nfine\r\n{shown}"], Command("x"), prompt)
    assert text.split("\n")[0] == "fine"


def test_a_prompt_in_the_middle_of_a_listing_does_not_end_it():
    def answer(line: str) -> list[str]:
        return [f"{line}\r\nbanner\r\nR1#", "\r\nmore\r\nR1#"]

    assert told(answer, Command("x")) == "banner\nR1#\nmore"


def test_log_lines_may_stand_before_the_echo():
    text = told(
        lambda line: [f"\r\n%SYS-5-CONFIG_I: x\r\nR1#{line}\r\nok\r\nR1#"], Command("show x")
    )
    assert text == "ok"


def test_an_echo_with_a_message_of_the_log_inside_is_left_for_the_table():
    text = told(
        lambda line: ["class-map\r\n%SYS-5-X: y\r\nR1#", " match-any A\r\nR1#"],
        Command("class-map match-any A"),
    )
    assert "%SYS-5-X: y" in text
    assert CISCO_REPLIES.answer("class-map match-any A", text).refusal is None


def test_questions_are_answered_once_each():
    answers = {"reload": ["reload\r\nProceed? [confirm]"], "": ["\r\nSave? [yes/no]:"]}

    def answer(line: str) -> list[str]:
        return answers.get(line, [f"{line}\r\ndone\r\nR1#"])

    terminal = Terminal(answer)
    command = Command(
        "reload", answers=(TypedAnswer(r"\[confirm\]", ""), TypedAnswer(r"\[yes/no\]", "no"))
    )
    CliChannel(terminal, "R1", "r1").command(command)
    assert terminal.typed == ["reload\n", "\n", "no\n"]


def test_what_is_lost_is_not_called_a_timeout():
    terminal = Terminal(lambda line: [f"{line}\r\nhalf", ""])
    terminal.waiting = []
    with pytest.raises(ConnectionLostError):
        CliChannel(terminal, "R1", "r1").command(Command("x"))


def test_an_echo_with_lost_characters_is_no_success():
    with pytest.raises(DeadlineError, match="echo"):
        told(lambda line: [f"{line[:-2]}\r\nR1#"], Command("class-map match-any VOICE"))


def test_a_device_that_does_not_come_back_ends_at_the_deadline():
    with pytest.raises(DeadlineError):
        told(lambda line: [f"{line}\r\n"] * 1000, Command("x", timeout_s=0.0))


@pytest.mark.parametrize(
    "text", ["a\nb", "a\rb", "a\x03", "a\u2028b", "a\x85b", "a\x0bb", "\x1b[A"]
)
def test_a_command_is_one_line(text: str):
    with pytest.raises(DriverError, match="control"):
        Command(text)
