"""Commands at a prompt: typed one at a time, read until the prompt comes back.

Netmiko has opened the session, found the prompt and turned paging off; reading is ours, because
its own `send_command` cannot tell a lost connection from a slow device.

A prompt counts as the end of a reply when nothing follows it for a while, for text may hold what
looks like one. Two kinds of reply are taken at once, both only where the exact echo comes first and
nothing is there behind the prompt.

What only looks: an output whose last line is a prompt that this session has waited for once, sign
by sign, and that stands nowhere else in it.

- A listing may pause behind a line that is such a prompt, in a banner say. What comes then stands
  in front of the echo of the next command, with the true prompt behind it. There it is found, and
  the session is given up: nobody knows any more which answer belongs to what.
- A message of the log may stand there too, and is known by its form.

A line of a change: line ends, the exact host name with a mode of configuration, or the place in the
hierarchy above it, and no more. A change has many lines, and all but a few are answered by nothing.

- A message of the log cannot be mistaken for that: it would have to come right behind the echo and
  be equal to the prompt, sign by sign.
- If one is, then the true reply comes late: behind the prompt, or before the next echo. Nothing of
  that is dropped: it is part of the reply to the next line, or to the `end` behind the last one.
  There the table of replies finds a refusal, or an echo that is not exact, and the change stops.
- A line that is refused is never silent: IOS prints `% Invalid input` before the prompt, Junos
  `syntax error` or the like before the place in the hierarchy.
- The whole is read back and proven before it is confirmed.
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
_CUT_S: Final = 2.0
_KEPT: Final = 4096
_PROMPT_LENGTH: Final = 16
"""IOS shortens long host names in the prompts of its modes. Source: netmiko, cisco_base."""
_END_OF_LINE: Final = re.compile(r"\r*\n")
# Source: Cisco, System Message Logging; Junos, standard format of messages: `process[pid]: NAME:`.
_LOG: Final = re.compile(r"%[A-Z][\w-]*-\d-\w+:|^(?:<\d+>)?[A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]{8,}")
# What Junos shows above its prompt: the state of the routing engine, the place in the hierarchy.
# Source: Junos CLI User Guide.
_ENGINE: Final = r"(?:\{[\w:.-]{1,40}\})?"
_PLACE: Final = r"\[edit[^\]\r\n]*\]"
_ABOVE_PROMPT: Final = re.compile(rf"{_ENGINE}(?:{_PLACE})?|# .*")
_BLANKS: Final = re.compile(r"\s+")
_REST_OF_NAME: Final = r"[\w.:/-]{0,64}"
"""Netmiko keeps no more of a long host name than comes in the prompts of all modes."""


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
        name = base + _REST_OF_NAME * (len(prompt) >= _PROMPT_LENGTH)
        above = rf"(?:{_ENGINE}(?:\r*\n)?{_PLACE}\r*\n)"
        self._silence = re.compile(
            rf"\r*\n[\r\n]*(?:({name}\(config[^()\s]*\)#)( ?)|{above}({name}#) )"
        )
        self._keeps = False  # the line before was taken at once, so nothing may be dropped
        self._waited_for: set[str] = set()
        self._behind_mark = ""  # NX-OS puts a blank behind its prompts, IOS and EOS do not
        self._hurried = ""  # the command before, if its output was taken at once

    def command(self, request: Command) -> Reply:
        """Type one line and return what stands between its echo and the next prompt."""
        ends = time.monotonic() + request.timeout_s
        unasked = self._unasked()
        hurried, self._hurried = self._hurried, ""
        keeps = self._keeps
        self._keeps = keeps and request.line > 0
        before = unasked if keeps else ""
        self._channel.sendall((request.text + "\n").encode())
        text = ""
        asked_at = 0
        probed = False
        while True:
            if not probed and self._is_cut(request, text) and not self._comes_within(_CUT_S):
                self._channel.sendall(b"\n")
                probed = True
            text += self._read(ends)
            prompt = "" if before else self._after_silence(request, text)
            if prompt:
                self._keeps = True
                return Reply(prompt=prompt)
            whole = None if unasked or keeps else self._after_output(request, text)
            if whole is not None:
                self._hurried = request.text
                return whole
            if not _is_amid(text):
                shown = cleaned(text)
                found = self._prompt.match(shown, max(0, shown.rfind("\n")))
                if found is not None and _was_echoed(request.text, shown) and self._is_quiet():
                    self._refuse_late(hurried, request.text, cleaned(unasked + text))
                    self._waited_for.add(found[1])
                    self._behind_mark = " " if text.endswith(" ") else ""
                    body = cleaned(before + text).removesuffix(found[0])
                    if keeps and not body.startswith(request.text):
                        return Reply(body, prompt=found[1])
                    return Reply(_without_echo(request.text, body), prompt=found[1])
            if request.answers and self._answered(request, text[asked_at:]):
                asked_at = len(text)

    def _answered(self, request: Command, new: str) -> bool:
        """Answer the question that new text ends with, if it is one that was expected."""
        # As it came, for a pager's mark; and cleaned, for a question in colour.
        last = {each.rsplit("\n", 1)[-1] for each in (new, cleaned(new))}
        for answer in request.answers:
            if any(re.search(answer.question, each) for each in last):
                self._channel.sendall((answer.reply + "\n" * answer.line_end).encode())
                return True
        return False

    def _is_cut(self, request: Command, text: str) -> bool:
        """Whether an output has broken off inside a line, with a prompt of this session behind.

        No prompt counts there. But only a device that waits for a command answers an empty line
        with it; whether the output is whole is for those to say who know its last line.
        """
        if request.changes or request.line or not text.endswith(("#", ">", "# ", "> ")):
            return False
        last = cleaned(text[-_KEPT:]).rpartition("\n")[2].removesuffix(" ")
        return any(last.endswith(each) and last != each for each in self._waited_for)

    def _comes_within(self, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while not self._channel.recv_ready() and time.monotonic() < ends:
            time.sleep(self._settle_s)
        return self._channel.recv_ready()

    def _after_silence(self, request: Command, text: str) -> str:
        """Return the prompt where a line of a change was echoed exactly and answered by nothing."""
        if request.line == 0 or not text.startswith(request.text):
            return ""
        found = self._silence.fullmatch(text, len(request.text))
        if found is None or self._channel.recv_ready():
            return ""
        if found[1] and found[2] != self._behind_mark:
            return ""
        return str(found[1] or found[3])

    def _after_output(self, request: Command, text: str) -> Reply | None:
        """Return the reply where nothing but an output stands between echo and a known prompt."""
        if request.changes or request.line or not text.startswith(request.text):
            return None
        head = _END_OF_LINE.match(text, len(request.text))
        if head is None:
            return None
        start = text.rfind("\n") + 1
        prompt = text[start:].removesuffix(" ")
        if prompt not in self._waited_for or text.find(f"\n{prompt}") + 1 != start:
            return None
        if self._channel.recv_ready():
            return None
        return Reply(cleaned(text[head.end() : start]).removesuffix("\n"), prompt=prompt)

    def _refuse_late(self, hurried: str, typed: str, shown: str) -> None:
        """Refuse to go on where the output before was not at its end when it was taken.

        Raises:
            ConnectionLostError: it was not.
        """
        if not hurried:
            return
        # An empty line has no echo; nothing but prompts answers it.
        front, echo, _ = shown.partition(typed) if typed else (shown, "", "")
        lines = [line.strip() for line in front.split("\n")] if echo or not typed else []
        late = [line for line in lines if not (_is_log(line) or _ABOVE_PROMPT.fullmatch(line))]
        if any(self._prompt.search(line) is None for line in late):
            raise ConnectionLostError(
                f"{self._device} went on with its answer to `{hurried}` behind what looked like "
                "the end of it",
                hint="try again; if it stays so, see whether a banner holds the device's prompt",
            )

    def _unasked(self) -> str:
        """Return what came without being asked for: log lines, a second prompt."""
        pieces = []
        while self._channel.recv_ready():
            piece = self._channel.recv(_PIECE)
            if not piece:
                raise self._lost()
            pieces.append(piece.decode("utf-8", "replace"))
        return "".join(pieces)

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


def _is_amid(text: str) -> bool:
    """Whether a text ends within a line or behind one, as no prompt does, cleaned or not."""
    return text.endswith("\n") or ("\x1b" not in text and text[-1:].isalnum())


def _is_log(line: str) -> bool:
    """Whether a line is a message of the log: facility, severity and name behind a time."""
    return _LOG.search(line) is not None


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
