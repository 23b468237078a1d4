"""The prompt is found without an echo, whatever a login prints before it and between."""

from __future__ import annotations

import pytest

from translator.errors import UnreachableError
from translator.push.cli_prompt import prompt_of


class Terminal:
    """Stands in for a channel: greets, and answers the n-th empty line."""

    def __init__(self, *answers: str) -> None:
        self.waiting = [answers[0].encode()]
        self.answers = list(answers[1:])

    def sendall(self, _: bytes) -> None:
        self.waiting.append((self.answers.pop(0) if self.answers else "").encode())

    def settimeout(self, _: float) -> None:
        pass

    def recv(self, _: int) -> bytes:
        if not self.waiting:
            raise TimeoutError
        return self.waiting.pop(0) or b" "


LOG = "\r\n*Mar  1 00:00:01.000: %SYS-5-X: y\r\n"


@pytest.mark.parametrize(
    ("answers", "prompt"),
    [
        (("Welcome\r\nR1#", "\r\nR1#", "\r\nR1#"), "R1"),
        ((f"R1>{LOG}", f"\r\n{LOG}R1>", "\r\nR1>"), "R1"),
        (("R1#", f"\r\nR1#{LOG}", "\r\nR1#", f"{LOG}R1#"), "R1"),
        (("{master}\r\nadmin@mx> ", "\r\n[edit]\r\nadmin@mx> ", "\r\nadmin@mx> "), "admin@mx"),
        (("\x1b[1mR1\x1b[0m#", "\r\n\x1b[1mR1#\x1b[0m", "\r\n\x1b[1mR1#\x1b[0m"), "R1"),
    ],
)
def test_it_is_what_two_empty_lines_are_answered_with(answers: tuple[str, ...], prompt: str):
    assert prompt_of(Terminal(*answers), "r1", 5.0) == prompt


@pytest.mark.parametrize(
    "answers", [("",), ("Username: ", "Username: "), ("a#", "\r\na#", "\r\nb#", "\r\nc#", "\r\nd#")]
)
def test_what_does_not_stay_is_none(answers: tuple[str, ...]):
    with pytest.raises(UnreachableError, match="no prompt that stays the same"):
        prompt_of(Terminal(*answers), "r1", 0.1)
