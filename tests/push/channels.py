"""Stand-ins for the channel of a session, and what it says in packets of every length."""

from __future__ import annotations

from collections.abc import Callable

from translator.push.cli_channel import CliChannel

__all__ = ["Counting", "Terminal", "pieces"]


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


class Counting(CliChannel):
    """Counts how often it waited whether a prompt is the end of a reply."""

    waits = 0

    def _is_quiet(self) -> bool:
        self.waits += 1
        return not self._channel.recv_ready()


def pieces(text: str) -> list[list[str]]:
    """Return a text as packets: whole, in two at every place, and sign by sign."""
    return [[text], *([text[:at], text[at:]] for at in range(1, len(text))), list(text)]
