"""Commands at a prompt: typed one at a time, read until the prompt comes back.

Netmiko has opened the session, found the prompt and turned paging off; reading is ours, because
its own `send_command` cannot tell a lost connection from a slow device.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from translator.drivers.capture import cleaned
from translator.drivers.change import Command, Reply
from translator.errors import ConnectionLostError, DeadlineError

if TYPE_CHECKING:
    from paramiko import Channel

__all__ = ["CliChannel"]

_PIECE: Final = 1 << 16
_SETTLE_S: Final = 0.03
"""A prompt counts when nothing follows it for this long: text may hold what looks like one."""
_KEPT: Final = 4096
_PROMPT_LENGTH: Final = 16
"""IOS shortens long host names in the prompts of its modes. Source: netmiko, cisco_base."""
_BLANKS: Final = re.compile(r"\s+")


class CliChannel:
    """Carries out commands on the channel of an interactive session.

    Args:
        prompt: the prompt without the mark at its end, as found after login.
    """

    def __init__(self, channel: Channel, prompt: str, device: str) -> None:
        self._channel = channel
        self._device = device
        base = re.escape(prompt[:_PROMPT_LENGTH])
        self._prompt = re.compile(rf"(?:^|\n)({base}[^\s]{{0,80}}(?:\([^()\n]*\))?\S*[#>$%]) ?\Z")

    def command(self, request: Command) -> Reply:
        """Type one line and return what stands between its echo and the next prompt."""
        ends = time.monotonic() + request.timeout_s
        self._forget_unasked()
        self._channel.sendall((request.text + "\n").encode())
        text = ""
        asked_at = 0
        while True:
            text += self._read(ends)
            shown = cleaned(text)
            found = self._prompt.search(shown[-_KEPT:])
            if found is not None and self._is_quiet():
                body = shown[: len(shown) - len(found[0])]
                return Reply(self._without_echo(body, request), None, b"", found[1])
            last = text[asked_at:].rsplit("\n", 1)[-1]
            for answer in request.answers:
                if re.search(answer.question, last):
                    asked_at = len(text)
                    self._channel.sendall((answer.reply + "\n").encode())
                    break

    def _forget_unasked(self) -> None:
        """Drop what came without being asked for: log lines, a second prompt."""
        while self._channel.recv_ready():
            if not self._channel.recv(_PIECE):
                raise self._lost()

    def _read(self, ends: float) -> str:
        rest = ends - time.monotonic()
        if rest <= 0:
            raise DeadlineError(
                f"{self._device} did not come back to its prompt in time",
                hint="what it did meanwhile is read back before anything else",
            )
        self._channel.settimeout(rest)
        piece = self._channel.recv(_PIECE)
        if not piece:
            raise self._lost()
        return piece.decode("utf-8", "replace")

    def _is_quiet(self) -> bool:
        time.sleep(_SETTLE_S)
        return not self._channel.recv_ready()

    def _without_echo(self, body: str, request: Command) -> str:
        """Return the output; the echo must be what was typed, or characters were lost.

        Long lines are echoed in pieces, so blanks do not count; log lines may stand before it.
        """
        typed = _BLANKS.sub("", request.text)
        lines = body.lstrip("\n").split("\n")
        echo = ""
        for number, line in enumerate(lines):
            echo += _BLANKS.sub("", line)
            if echo.endswith(typed):
                return "\n".join(lines[number + 1 :])
        raise DeadlineError(
            f"{self._device} did not echo what was typed: {request.text[:60]!r}",
            hint="the line may have been cut; what arrived is read back before anything else",
        )

    def _lost(self) -> ConnectionLostError:
        return ConnectionLostError(
            f"{self._device} closed the session",
            hint="its timer brings back what was not confirmed",
        )
