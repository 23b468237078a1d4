"""Commands at a prompt: typed one at a time, read until the prompt comes back.

Netmiko has opened the session, found the prompt and turned paging off; reading is ours, because
its own `send_command` cannot tell a lost connection from a slow device.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from translator.drivers.capture import cleaned
from translator.drivers.change import Command
from translator.drivers.replies import Reply
from translator.errors import ConnectionLostError, DeadlineError

if TYPE_CHECKING:
    from paramiko import Channel

__all__ = ["CliChannel"]

_PIECE: Final = 1 << 16
_KEPT: Final = 4096
_PROMPT_LENGTH: Final = 16
"""IOS shortens long host names in the prompts of its modes. Source: netmiko, cisco_base."""
_BLANKS: Final = re.compile(r"\s+")


class CliChannel:
    """Carries out commands on the channel of an interactive session.

    Args:
        prompt: the prompt without the mark at its end, as found after login.
        settle_s: a prompt counts when nothing follows it for this long: text may hold what looks
            like one.
    """

    def __init__(self, channel: Channel, prompt: str, device: str, settle_s: float = 0.03) -> None:
        self._settle_s = settle_s
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
            if found is not None and _was_echoed(request.text, shown) and self._is_quiet():
                body = shown[: len(shown) - len(found[0])]
                return Reply(_without_echo(request.text, body), None, b"", found[1])
            # As it came, for a pager's mark; and cleaned, for a question in colour.
            new = text[asked_at:]
            last = {each.rsplit("\n", 1)[-1] for each in (new, cleaned(new))}
            for answer in request.answers:
                if any(re.search(answer.question, each) for each in last):
                    asked_at = len(text)
                    self._channel.sendall((answer.reply + "\n" * answer.line_end).encode())
                    break

    def _forget_unasked(self) -> None:
        """Drop what came without being asked for: log lines, a second prompt."""
        while self._channel.recv_ready():
            if not self._channel.recv(_PIECE):
                raise self._lost()

    def _read(self, ends: float) -> str:
        rest = ends - time.monotonic()
        if rest <= 0:
            raise self._late()
        self._channel.settimeout(rest)
        try:
            piece = self._channel.recv(_PIECE)
        except TimeoutError:
            raise self._late() from None
        if not piece:
            raise self._lost()
        return piece.decode("utf-8", "replace")

    def _is_quiet(self) -> bool:
        time.sleep(self._settle_s)
        return not self._channel.recv_ready()

    def _late(self) -> DeadlineError:
        return DeadlineError(
            f"{self._device} did not echo what was typed and come back to its prompt in time",
            hint="what it did meanwhile is read back before anything else",
        )

    def _lost(self) -> ConnectionLostError:
        return ConnectionLostError(
            f"{self._device} closed the session",
            hint="its timer brings back what was not confirmed",
        )


def _was_echoed(typed: str, shown: str) -> bool:
    """Whether the signs that were typed came back in their order, whatever stands between.

    A prompt before that belongs to something else: a message of the log brings one with it.
    """
    signs = iter(shown)
    return all(sign in signs for sign in _BLANKS.sub("", typed))


def _without_echo(typed: str, body: str) -> str:
    """Return the output; all that came where it is not clear what of it is the echo.

    Long lines are echoed in pieces, so blanks do not count; log lines may stand before it.
    """
    wanted = _BLANKS.sub("", typed)
    lines = body.lstrip("\n").split("\n")
    echo = ""
    for number, line in enumerate(lines):
        echo += _BLANKS.sub("", line)
        if echo.endswith(wanted):
            return "\n".join(lines[number + 1 :])
    return body
