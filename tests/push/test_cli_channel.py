"""Typing at a prompt: the reply is what stands between the echo and the next prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from push.channels import Counting, Terminal, pieces

from translator.drivers.change import Command, TypedAnswer
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.echo import Echo
from translator.errors import ConnectionLostError, DeadlineError, DriverError
from translator.push.cli_channel import CliChannel


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


LINE = Command("class VOICE", changes=True, line=1)
NEXT = Command("priority percent 10", changes=True, line=2)
TAKEN = "class VOICE\r\nR1(config-pmap-c)#"
REFUSED = "class VOICE\r\n        ^\r\n% Invalid input detected at '^' marker.\r\n\r\nR1(config)#"
LOGGED = "class VOICE\r\n*Mar  1 00:00:01.000: %SYS-5-CONFIG_I: x\r\nR1(config-pmap-c)#"


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("R1", TAKEN),
        ("R1", "class VOICE\r\r\nR1(config-pmap-c)#"),
        ("RP/0/RSP0/CPU0:x", "class VOICE\r\nRP/0/RSP0/CPU0:xr(config-pmap)#"),
        ("a-very-long-host", "class VOICE\r\na-very-long-host-nam(config-pmap-c)#"),
        ("user@mx", "class VOICE\r\n\r\n[edit]\r\nuser@mx# "),
        ("user@mx", "class VOICE\r\n\r\n{master:0}[edit class-of-service]\r\nuser@mx# "),
    ],
)
def test_a_silent_line_of_a_change_is_taken_at_once(prompt: str, shown: str):
    for packets in pieces(shown):
        channel = Counting(Terminal(lambda _, sent=packets: sent), prompt, "r1")
        reply = channel.command(LINE)
        assert (reply.text, reply.prompt) == ("", shown.rpartition("\n")[2].rstrip())
        assert channel.waits == (packets[-1] == " ")  # without its blank it is another prompt


@pytest.mark.parametrize(("behind", "early"), [(" ", 0), ("", 1)])
def test_prompts_with_a_blank_behind_them_are_taken_at_once_with_it(behind: str, early: int):
    entered = Command("configure terminal", changes=True)
    for packets in pieces(f"class VOICE\r\nn9k(config-pmap-c-qos)#{behind}"):
        sent = {entered.text: [f"{entered.text}\r\nn9k(config)# "], LINE.text: packets}
        channel = Counting(Terminal(sent.__getitem__), "n9k", "r1")
        channel.command(entered)
        waited = channel.waits
        assert channel.command(LINE).prompt == "n9k(config-pmap-c-qos)#"
        assert channel.waits - waited == early or packets[-1] == " "


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (Command("class VOICE"), TAKEN),
        (LINE, REFUSED),
        (LINE, LOGGED),
        (LINE, "class VOICE\r\nR1#"),
        (LINE, "class VOICE\r\nR1(config-pmap-c)# "),
        (LINE, "class VOICE\r\nR12(config-pmap-c)#"),
        (LINE, "class VOICE\r\nR1(config-pmap-c)\x1b[0m#"),
        (LINE, "class  VOICE\r\nR1(config-pmap-c)#"),
        (LINE, f"\r\n%SYS-5-CONFIG_I: x\r\nR1(config)#{TAKEN}"),
    ],
)
def test_anything_else_is_waited_for(command: Command, shown: str):
    for packets in pieces(shown):
        channel = Counting(Terminal(lambda _, sent=packets: sent), "R1", "r1")
        channel.command(command)
        assert channel.waits > 0


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (Command("class VOICE"), "class VOICE\r\n[edit]\r\nuser@mx# "),
        (LINE, "class VOICE\r\nsyntax error.\r\n\r\n[edit]\r\nuser@mx# "),
        (LINE, "class VOICE\r\n[edit]\r\n  'x'\r\n    warning: y\r\n[edit]\r\nuser@mx# "),
        (LINE, "class VOICE\r\n# commit confirmed will be rolled back\r\n[edit]\r\nuser@mx# "),
        (LINE, "class VOICE\r\n[edit]\r\n\x1b[muser@mx# "),
        (LINE, "class VOICE\r\nuser@mx# "),
        (LINE, "class VOICE\r\n[edit]\r\nuser@mx> "),
        (LINE, "class VOICE\r\n[edit]\r\nuser@mx#"),
    ],
)
def test_anything_else_of_junos_is_waited_for(command: Command, shown: str):
    for packets in pieces(shown):
        channel = Counting(Terminal(lambda _, sent=packets: sent), "user@mx", "r1")
        channel.command(command)
        assert channel.waits > 0


def test_what_came_behind_the_prompt_already_is_waited_for():
    channel = Counting(Terminal(lambda _: [TAKEN, "\r\nmore\r\nR1(config)#"]), "R1", "r1")
    assert channel.command(LINE).text == "R1(config-pmap-c)#\nmore"


def test_a_refusal_is_seen_however_it_is_cut():
    for packets in pieces(REFUSED):
        text = told(lambda _, sent=packets: sent, LINE)
        refusal = CISCO_REPLIES.answer(LINE.text, text).refusal
        assert refusal is not None
        assert refusal.message == "% Invalid input detected at '^' marker."


def test_a_message_of_the_log_right_behind_the_echo_is_no_refusal():
    for packets in pieces(LOGGED):
        answer = CISCO_REPLIES.answer(LINE.text, told(lambda _, sent=packets: sent, LINE))
        assert answer.refusal is None


def after_a_silent_line(late: str, *, early: bool, then: Command = NEXT) -> str:
    """Return the reply to what is typed after a silent line that something came behind.

    Args:
        early: it has come before the next line is typed; else before that line's echo.
    """
    answers = {
        LINE.text: [TAKEN],
        NEXT.text: [f"{NEXT.text}\r\n", "R1(config-pmap-c)#"],
        "end": ["end\r\nR1#"],
    }
    terminal = Terminal(lambda line: answers[line])
    channel = CliChannel(terminal, "R1", "r1")
    channel.command(LINE)
    if early:
        terminal.waiting.append(late.encode())
    else:
        answers[then.text] = [late, *answers[then.text]]
    return channel.command(then).text


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    "message", ["% Invalid input detected at '^' marker.", "%QM-4-TCAM_LOW: x"]
)
def test_a_refusal_behind_a_prompt_that_was_none_stops_at_the_next_line(message: str, early: bool):
    text = after_a_silent_line(f"\r\n{message}\r\nR1(config)#", early=early)
    refusal = CISCO_REPLIES.answer(NEXT.text, text).refusal
    assert refusal is not None
    assert refusal.message == message


@pytest.mark.parametrize("early", [True, False])
def test_a_message_of_the_log_behind_a_silent_line_does_not_stop_the_change(early: bool):
    late = "\r\n*Mar  1 00:00:01.000: %SYS-5-CONFIG_I: x\r\nR1(config-pmap-c)#"
    answer = CISCO_REPLIES.answer(NEXT.text, after_a_silent_line(late, early=early))
    assert answer.refusal is None
    assert answer.echo is not Echo.DIFFERENT


@pytest.mark.parametrize("early", [True, False])
def test_a_refusal_behind_the_last_line_is_part_of_the_reply_to_end(early: bool):
    late = "\r\n%QM-4-TCAM_LOW: x\r\nR1(config)#"
    text = after_a_silent_line(late, early=early, then=Command("end"))
    assert CISCO_REPLIES.answer("end", text).refusal is not None


def test_what_came_unasked_is_no_part_of_a_listing():
    terminal = Terminal(lambda line: [TAKEN if line == LINE.text else f"{line}\r\nok\r\nR1#"])
    channel = CliChannel(terminal, "R1", "r1")
    for command in (LINE, Command("end")):
        channel.command(command)
    terminal.waiting.append(b"\r\n%SYS-5-CONFIG_I: x\r\nR1#")
    assert channel.command(Command("show it")).text == "ok"


def test_a_silent_line_with_lost_characters_is_no_success():
    with pytest.raises(DeadlineError, match="echo"):
        told(lambda _: ["class VICE\r\nR1(config-pmap-c)#"], LINE)


LOOK = Command("show it")
SHOWN = "show it\r\nline one\r\nof R1#7 is fine\r\n\r\nR1#"


def after_a_look(
    answers: dict[str, list[str]], late: str = "", *, text: str = SHOWN
) -> tuple[Counting, Terminal]:
    """Return a session that has waited for its prompt once, and has looked once since."""
    terminal = Terminal(
        lambda line: {"first": ["first\r\nR1#"], "show it": [text], **answers}[line]
    )
    channel = Counting(terminal, "R1", "r1")
    assert channel.command(Command("first")).text == ""
    assert channel.waits == 1
    assert channel.command(LOOK).text == "line one\nof R1#7 is fine\n"
    assert channel.waits == 1
    if late:
        terminal.waiting.append(late.encode())
    return channel, terminal


def test_an_output_behind_its_exact_echo_is_taken_at_once_and_is_the_same():
    for packets in pieces(SHOWN):
        after_a_look({"show it": packets})
        slow = told(lambda _, sent=packets: sent, LOOK)
        assert slow == "line one\nof R1#7 is fine\n"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (Command("show it", changes=True), SHOWN),
        (LOOK, SHOWN.replace("of R1#7", "R1#7")),
        (LOOK, f"\r\n{SHOWN}"),
        (LOOK, SHOWN.replace("show it", "show\r\n it")),
        (LOOK, SHOWN.removesuffix("R1#") + "R1(config)#"),
        (LOOK, SHOWN.removesuffix("R1#") + "\x1b[mR1#"),
    ],
)
def test_any_other_output_is_waited_for(command: Command, shown: str):
    channel, terminal = after_a_look({})
    terminal.answer = lambda _: [shown]
    channel.command(command)
    assert channel.waits == 2


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.push.cli_channel._CUT_S", 0.01)


@pytest.mark.usefixtures("soon")
def test_a_listing_that_is_cut_inside_a_line_ends_with_an_empty_line_not_the_deadline():
    cut = "show it\r\nline one\r\ninterface GigabR1#"
    channel, terminal = after_a_look({"": ["\r\nR1#"]})
    terminal.answer = lambda line: ["\r\nR1#"] if not line else [cut]
    assert channel.command(LOOK).text == "line one\ninterface GigabR1#"
    assert terminal.typed[-2:] == ["show it\n", "\n"]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (Command("show it", changes=True), "show it\r\nDelete x? R1#"),
        (LOOK, "show it\r\nDelete x? [confirm]"),
        (LOOK, "show it\r\nBuilding configuration...\r\n"),
        (LOOK, "show it\r\nof R7#"),
    ],
)
def test_nothing_is_typed_where_a_device_may_ask_or_work(command: Command, shown: str):
    channel, terminal = after_a_look({})
    terminal.answer = lambda _: [shown]
    with pytest.raises(DeadlineError):
        channel.command(command)
    assert terminal.typed[-1] == "show it\n"


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("rest", ["\r\nthe rest\r\nR1#", "half a line\r\nR1#", "\r\nx\r\n"])
def test_a_listing_that_went_on_behind_a_prompt_ends_the_session(rest: str, early: bool):
    following = ["next\r\nok\r\nR1#"]
    channel, _ = after_a_look(
        {"next": following if early else [rest, *following]}, rest if early else ""
    )
    with pytest.raises(ConnectionLostError, match="went on with its answer to `show it`"):
        channel.command(Command("next"))


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize(
    "log",
    [
        "\r\n*Mar  1 00:00:01.000: %SYS-5-CONFIG_I: x\r\nR1#",
        "\r\nMar  2 09:00:07  R1 mgd[4711]: UI_X: 'bob'\r\n",
        "\r\n000123: %LINK-3-UPDOWN: x\r\n\r\nR1#",
    ],
)
def test_a_message_of_the_log_behind_an_output_does_not_end_it(log: str, early: bool):
    following = ["next\r\nok\r\nR1#"]
    channel, _ = after_a_look(
        {"next": following if early else [log, *following]}, log if early else ""
    )
    assert channel.command(Command("next")).text == "ok"


@pytest.mark.parametrize(
    "text", ["a\nb", "a\rb", "a\x03", "a\u2028b", "a\x85b", "a\x0bb", "\x1b[A"]
)
def test_a_command_is_one_line(text: str):
    with pytest.raises(DriverError, match="control"):
        Command(text)
